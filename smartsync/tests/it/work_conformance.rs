//! The SQLite store and the one in memory keep every rule that any store of the host has to keep.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store,
    store::{
        Item, Journal, JournalBench, Look, MemoryBench, NextLook, Occasion, OpenedWork, ServerLock,
        SqliteJournal, Tenant, TestTime, Trigger, WorkBench, journal_conformance, work_conformance,
    },
};
use smartsync_core::{
    Clock as _, Ledger as _, LedgerEntry,
    ledger::{CardEntry, LedgerChange},
};
use teamtailor_client::CandidateId;
use tempfile::TempDir;

struct SqliteBench {
    time: TestTime,
    opened: Mutex<Opened>,
}

/// The store of a process that is the server.
struct Opened {
    folder: TempDir,
    store: Store,
    lock: Option<ServerLock>,
}

impl Opened {
    fn new(time: &TestTime) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder, time);
        Self { lock: Some(store.lock_server().unwrap()), store, folder }
    }

    fn inbox(&self, time: &TestTime) -> Inbox {
        Inbox::new(self.store.clone()).sleep(time.clone())
    }
}

fn open(folder: &TempDir, time: &TestTime) -> Store {
    Store::open(&folder.path().join("state.db")).unwrap().clock(time.clone())
}

impl SqliteBench {
    fn new() -> Self {
        let time = TestTime::new();
        Self { opened: Mutex::new(Opened::new(&time)), time }
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap()
    }

    fn store(&self) -> Store {
        self.opened().store.clone()
    }
}

fn work(inbox: Inbox) -> OpenedWork {
    OpenedWork { intake: Arc::new(inbox.clone()), work: Arc::new(inbox) }
}

#[async_trait]
impl WorkBench for SqliteBench {
    async fn open(&self) -> OpenedWork {
        let mut opened = self.opened();
        *opened = Opened::new(&self.time);
        work(opened.inbox(&self.time))
    }

    async fn reopen(&self) -> OpenedWork {
        let inbox = {
            let mut opened = self.opened();
            opened.lock = None;
            opened.store = open(&opened.folder, &self.time);
            opened.lock = Some(opened.store.lock_server().unwrap());
            opened.inbox(&self.time)
        };
        inbox.resume().await.unwrap();
        work(inbox)
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    async fn is_of(&self, item: Item, candidate: CandidateId) {
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(candidate.clone());
        let contract = item.contract().unwrap();
        let change = LedgerChange::set(contract, candidate, entry, CardEntry::default());
        SqliteLedger::new(self.store()).for_tenant(&item.tenant).update(&change).await.unwrap();
    }

    async fn is_read(&self, contract: ContractId) -> bool {
        let occasion = Occasion::new(contract, Trigger::Notification, self.time.now());
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.state, look.drifts, look.error) = (Some("pending".to_owned()), Some(false), None);
        SqliteJournal::new(self.store()).record(&look).await.unwrap();
        true
    }
}

#[async_trait]
impl JournalBench for SqliteBench {
    async fn journal_of(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        Arc::new(SqliteJournal::new(self.store()).for_tenant(tenant))
    }

    async fn forget(&self, tenant: &Tenant, candidate: CandidateId) {
        SqliteLedger::new(self.store()).for_tenant(tenant).bury(&candidate).await.unwrap();
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }
}

#[tokio::test]
async fn the_store_keeps_every_rule() {
    work_conformance(&SqliteBench::new()).await.unwrap();
}

#[tokio::test]
async fn the_store_in_memory_keeps_every_rule() {
    work_conformance(&MemoryBench::new()).await.unwrap();
}

#[tokio::test]
async fn the_journal_keeps_every_rule() {
    journal_conformance(&SqliteBench::new()).await.unwrap();
}

#[tokio::test]
async fn the_journal_in_memory_keeps_every_rule() {
    journal_conformance(&MemoryBench::new()).await.unwrap();
}
