//! [`MemoryWork`], [`MemoryJournal`] and a shared budget in memory on a bench.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{Clock as _, Ledger as _, LedgerEntry, MemoryLedger};
use smartsync_transport::{SharedBudget, test_util::MemoryBudget};
use teamtailor_client::CandidateId;

use super::{
    budget_conformance::BudgetBench,
    journal::{Journal, MemoryJournal},
    journal_conformance::JournalBench,
    memory_work::MemoryWork,
    test_time::TestTime,
    work_conformance::{OpenedWork, WorkBench},
};

/// The bench of [`MemoryWork`], [`MemoryJournal`] and [`MemoryBudget`], as an example of one.
#[derive(Debug)]
pub struct MemoryBench {
    time: TestTime,
    store: Mutex<Store>,
    budget: Mutex<MemoryBudget>,
}

/// What was opened last.
#[derive(Clone, Debug)]
struct Store {
    work: MemoryWork,
    ledger: Arc<MemoryLedger>,
    journal: MemoryJournal,
}

impl Store {
    fn new(time: &TestTime) -> Self {
        let (work, ledger) = (MemoryWork::new(time.clone(), time.clone()), Arc::new(MemoryLedger::new()));
        Self { journal: MemoryJournal::new(work.clone(), Arc::clone(&ledger) as _), work, ledger }
    }

    fn crash(&self) -> Self {
        let work = self.work.crash();
        Self { journal: self.journal.crash(work.clone()), work, ledger: Arc::clone(&self.ledger) }
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
        Self { store: Mutex::new(Store::new(&time)), budget: Mutex::new(new_budget(&time)), time }
    }

    /// The journal of the store that was opened last, for a test that has it fail.
    #[must_use]
    pub fn memory_journal(&self) -> MemoryJournal {
        self.store().journal.clone()
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

fn new_budget(time: &TestTime) -> MemoryBudget {
    let time = time.clone();
    MemoryBudget::new(move || Duration::try_from(time.now().as_duration()).unwrap_or_default())
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

    async fn is_of(&self, contract: ContractId, candidate: CandidateId) {
        let store = self.store();
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(candidate.clone());
        store.ledger.put(contract, entry);
        store.work.is_of(contract, candidate);
    }

    fn fail_next_commit(&self) -> bool {
        self.store().work.fail_commits(1);
        true
    }
}

#[async_trait]
impl JournalBench for MemoryBench {
    async fn journal(&self) -> Arc<dyn Journal> {
        Arc::new(self.memory_journal())
    }

    async fn forget(&self, candidate: CandidateId) {
        let ledger = Arc::clone(&self.store().ledger);
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

#[async_trait]
impl BudgetBench for MemoryBench {
    async fn open(&self) -> Arc<dyn SharedBudget> {
        *self.budget.lock().unwrap_or_else(PoisonError::into_inner) = new_budget(&self.time);
        BudgetBench::again(self).await
    }

    async fn again(&self) -> Arc<dyn SharedBudget> {
        Arc::new(self.budget.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }
}
