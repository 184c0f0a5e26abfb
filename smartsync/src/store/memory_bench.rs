//! [`MemoryWork`] and [`MemoryJournal`] on a bench.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{Clock as _, Ledger as _, LedgerEntry, MemoryLedger};
use teamtailor_client::CandidateId;

use super::{
    item::{Item, Subject},
    journal::{Journal, Look, MemoryJournal, NextLook, Occasion, Trigger},
    journal_conformance::JournalBench,
    memory_work::MemoryWork,
    tenant::Tenant,
    test_time::TestTime,
    work_conformance::{OpenedWork, WorkBench},
};

/// The bench of [`MemoryWork`] and [`MemoryJournal`], as an example of one.
#[derive(Debug)]
pub struct MemoryBench {
    time: TestTime,
    store: Mutex<Store>,
}

/// What was opened last.
#[derive(Clone, Debug)]
struct Store {
    work: MemoryWork,
    ledgers: Ledgers,
    journal: MemoryJournal,
}

/// One for each tenant.
#[derive(Clone, Debug, Default)]
struct Ledgers(Arc<Mutex<BTreeMap<Tenant, Arc<MemoryLedger>>>>);

impl Ledgers {
    fn of(&self, tenant: &Tenant) -> Arc<MemoryLedger> {
        let mut ledgers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(ledgers.entry(tenant.clone()).or_default())
    }
}

impl Store {
    fn new(time: &TestTime) -> Self {
        let (work, ledgers) = (MemoryWork::new(time.clone(), time.clone()), Ledgers::default());
        Self { journal: MemoryJournal::new(work.clone(), ledgers.of(&Tenant::default())), work, ledgers }
    }

    fn crash(&self) -> Self {
        let work = self.work.crash();
        Self { journal: self.journal.crash(work.clone()), work, ledgers: self.ledgers.clone() }
    }

    fn opened(&self) -> OpenedWork {
        OpenedWork { intake: Arc::new(self.work.clone()), work: Arc::new(self.work.clone()) }
    }
}

impl MemoryBench {
    /// One with an empty store.
    #[must_use]
    pub fn new() -> Self {
        let time = TestTime::new();
        Self { store: Mutex::new(Store::new(&time)), time }
    }

    /// The journal of the store that was opened last and of the nameless tenant, for a test that has it fail.
    #[must_use]
    pub fn memory_journal(&self) -> MemoryJournal {
        self.store().journal.clone()
    }

    /// The same of a tenant.
    pub(super) fn memory_journal_of(&self, tenant: &Tenant) -> MemoryJournal {
        let store = self.store();
        store.journal.for_tenant(tenant, store.ledgers.of(tenant))
    }

    /// The work of the store that was opened last.
    #[cfg(test)]
    pub(super) fn work(&self) -> MemoryWork {
        self.store().work.clone()
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryBench {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl WorkBench for MemoryBench {
    async fn open(&self) -> OpenedWork {
        let mut store = self.store();
        *store = Store::new(&self.time);
        store.opened()
    }

    async fn reopen(&self) -> OpenedWork {
        let mut store = self.store();
        *store = store.crash();
        store.opened()
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    async fn is_of(&self, item: Item, candidate: CandidateId) {
        let store = self.store();
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(candidate.clone());
        let Subject::Contract(contract) = item.subject;
        store.ledgers.of(&item.tenant).put(contract, entry);
        store.work.is_of(item, candidate);
    }

    async fn is_read(&self, contract: ContractId) -> bool {
        let occasion = Occasion::new(contract, Trigger::Notification, self.time.now());
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.state, look.drifts, look.error) = (Some("pending".to_owned()), Some(false), None);
        self.memory_journal().record(&look).await.is_ok()
    }

    fn fail_next_commit(&self) -> bool {
        self.store().work.fail_commits(1);
        true
    }
}

#[async_trait]
impl JournalBench for MemoryBench {
    async fn journal_of(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        Arc::new(self.memory_journal_of(tenant))
    }

    async fn forget(&self, tenant: &Tenant, candidate: CandidateId) {
        let ledger = self.store().ledgers.of(tenant);
        // A ledger in memory does not fail.
        ledger.forget(&candidate).await.ok();
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    fn fail_next_record(&self) -> bool {
        self.store().journal.fail_commits(1);
        true
    }
}
