//! A person says whose contract it is, because the link was lost or leads to the wrong candidate.

use oneflow_client::{ContractId, Error, contracts::GetContract};
use teamtailor_client::CandidateId;

use super::{engine_error::EngineError, find_candidate::CandidateFinder, read_candidate::read_candidate};
use crate::{
    contract::ContractSnapshot,
    ledger::{LedgerChange, LedgerError},
    link,
};

/// A contract that was linked by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkedByHand {
    /// The contract.
    pub contract: ContractId,
    /// Whose it is from now on.
    pub candidate: CandidateId,
    /// Whose it was before, by the ledger or by its own link; `None` if that was not known.
    pub before: Option<CandidateId>,
}

/// Why a contract was not linked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The contract already belongs to another candidate, and the call did not ask to reassign it.
    #[error(
        "contract {contract} already belongs to candidate {candidate}, according to the ledger or to its own link"
    )]
    OfAnother {
        /// The contract.
        contract: ContractId,
        /// Whose it is.
        candidate: CandidateId,
    },
    /// There is no such contract, or the Oneflow user has no access to it.
    #[error("contract {0} does not exist, or the Oneflow user has no access to it")]
    NoContract(ContractId),
    /// There is no such candidate, or the API key has no access to it.
    #[error("candidate {0} does not exist, or the API key has no access to it")]
    NoCandidate(CandidateId),
    /// The candidate was forgotten.
    #[error("candidate {0} was forgotten: nothing more is written for this candidate")]
    Forgotten(CandidateId),
    /// A service could not be read, or the ledger failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<Error> for LinkError {
    fn from(error: Error) -> Self {
        Self::Engine(error.into())
    }
}

impl From<LedgerError> for LinkError {
    fn from(error: LedgerError) -> Self {
        Self::Engine(error.into())
    }
}

impl CandidateFinder<'_> {
    /// Records that the contract is the candidate's, whatever its own link says.
    pub(crate) async fn link_by_hand(
        &self,
        contract: ContractId,
        candidate: &CandidateId,
        take_over: bool,
    ) -> Result<LinkedByHand, LinkError> {
        if self.ledger.is_forgotten(candidate).await? {
            return Err(LinkError::Forgotten(candidate.clone()));
        }
        let answer = self.oneflow.send_opt(&GetContract::new(contract)).await?;
        let answer = answer.ok_or(LinkError::NoContract(contract))?;
        if read_candidate(self.teamtailor, candidate).await?.is_none() {
            return Err(LinkError::NoCandidate(candidate.clone()));
        }
        let entry = self.ledger.load(contract).await?;
        let snapshot = ContractSnapshot::read(&answer);
        let before = link::known_candidate(&snapshot, &entry, &self.mapping.sync, self.keys);
        if let Some(other) = before.clone().filter(|before| before != candidate && !take_over) {
            return Err(LinkError::OfAnother { contract, candidate: other });
        }
        let change = LedgerChange::new(contract, candidate.clone()).bind_by_hand();
        self.ledger.update(&change).await?;
        Ok(LinkedByHand { contract, candidate: candidate.clone(), before })
    }
}
