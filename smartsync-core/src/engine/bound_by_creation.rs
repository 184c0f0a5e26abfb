//! Whether a contract was made here for the candidate whom it is bound to.

use super::{engine_error::EngineError, find_candidate::CandidateFinder};
use crate::{
    contract::ContractSnapshot,
    ledger::{Creation, LedgerEntry},
    link::{self},
};

impl CandidateFinder<'_> {
    /// Whether the ledger knows the very creation that made this contract for the candidate whom it has bound. An earlier version has
    /// not noted by what it bound, and the token in the contract may be signed with a key that counts no more: its text then only
    /// says which creation to ask for.
    pub(crate) async fn was_made_for_bound(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<bool, EngineError> {
        let Some(bound) = &entry.candidate else { return Ok(false) };
        if link::proof(contract, entry, bound, self.keys).is_some() {
            return Ok(false);
        }
        let made = Creation::Created { candidate: bound.clone(), contract: contract.id };
        for request in link::claimed_creations(contract, &self.mapping.sync) {
            if self.ledger.load_creation(&request).await?.as_ref() == Some(&made) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
