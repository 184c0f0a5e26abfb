//! A ledger for tests and short-lived programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::{
    Ledger, LedgerError, card_entry::CardEntry, entry::Creation, entry::LedgerEntry,
    ledger_change::LedgerChange, overwrites::Overwrites, overwrites::Updated, request_id::RequestId,
};

/// A ledger in memory. It forgets everything when it is dropped, so a host needs another.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    entries: BTreeMap<ContractId, LedgerEntry>,
    cards: BTreeMap<CandidateId, CardEntry>,
    creations: BTreeMap<RequestId, Creation>,
    forgotten: BTreeSet<CandidateId>,
    overwrites: Overwrites,
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

    /// What is stored of a candidate's card, if anything is.
    #[must_use]
    pub fn card(&self, candidate: &CandidateId) -> Option<CardEntry> {
        self.lock().cards.get(candidate).cloned()
    }

    /// Stores an entry as it is, in place of what was known of the contract.
    pub fn put(&self, contract: ContractId, entry: LedgerEntry) {
        self.lock().entries.insert(contract, entry);
    }

    /// Stores the entry of a card as it is, in place of what was known of it.
    pub fn put_card(&self, candidate: CandidateId, card: CardEntry) {
        self.lock().cards.insert(candidate, card);
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

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        Ok(self.card(candidate).unwrap_or_default())
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        Ok(self.lock().overwrites.clone())
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let mut guard = self.lock();
        let content = &mut *guard;
        if content.forgotten.contains(change.candidate()) {
            return Ok(Updated::Done);
        }
        let entry = content.entries.entry(change.contract()).or_default();
        let card = content.cards.entry(change.candidate().clone()).or_default();
        Ok(change.apply(entry, card, &mut content.overwrites))
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
        content.cards.remove(candidate);
        content.creations.retain(|_, creation| creation.candidate() != candidate);
        content.forgotten.insert(candidate.clone());
        Ok(())
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        Ok(self.lock().forgotten.contains(candidate))
    }
}
