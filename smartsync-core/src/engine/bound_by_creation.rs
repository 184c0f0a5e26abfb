//! Whether we created a contract for the candidate that it is bound to.

use super::{engine_error::EngineError, find_candidate::CandidateFinder};
use crate::{
    contract::ContractSnapshot,
    ledger::{Creation, LedgerEntry},
    link::{self},
};

impl CandidateFinder<'_> {
    /// Whether the ledger has a record that we created this contract for the candidate it is bound to.
    ///
    /// An earlier version did not record how a contract was bound, and the token in the contract may be signed with a retired key. The
    /// token then proves nothing; it only names the creation to look up.
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
