//! A ledger for tests and short-lived programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use crate::{Creation, Ledger, LedgerEntry, LedgerError, RequestId};

/// A ledger in memory. It forgets everything when it is dropped, so a host needs another.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    entries: BTreeMap<ContractId, LedgerEntry>,
    creations: BTreeMap<RequestId, Creation>,
    forgotten: BTreeSet<CandidateId>,
}

impl MemoryLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The entry of a contract, if there is one.
    #[must_use]
    pub fn entry(&self, contract: ContractId) -> Option<LedgerEntry> {
        self.lock().entries.get(&contract).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Ledger for MemoryLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        Ok(self.entry(contract).unwrap_or_default())
    }

    async fn save(&self, contract: ContractId, entry: &LedgerEntry) -> Result<(), LedgerError> {
        let mut content = self.lock();
        if !entry.candidate.as_ref().is_some_and(|candidate| content.forgotten.contains(candidate)) {
            content.entries.insert(contract, entry.clone());
        }
        Ok(())
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        Ok(self.lock().creations.get(request).cloned())
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        let mut content = self.lock();
        if !content.forgotten.contains(creation.candidate()) {
            content.creations.insert(request.clone(), creation.clone());
        }
        Ok(())
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let content = self.lock();
        let of_candidate =
            content.entries.iter().filter(|(_, entry)| entry.candidate.as_ref() == Some(candidate));
        Ok(of_candidate.map(|(contract, _)| *contract).collect())
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        let mut content = self.lock();
        content.entries.retain(|_, entry| entry.candidate.as_ref() != Some(candidate));
        content.creations.retain(|_, creation| creation.candidate() != candidate);
        content.forgotten.insert(candidate.clone());
        Ok(())
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        Ok(self.lock().forgotten.contains(candidate))
    }
}
