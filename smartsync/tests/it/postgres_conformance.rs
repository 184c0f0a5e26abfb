//! The store in PostgreSQL keeps every rule that any store of the host has to keep, by its own clock's time and by that of a test.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync::{
    ContractId,
    store::{
        BudgetBench, Item, Journal, JournalBench, Look, NextLook, Occasion, OpenedWork, PostgresJournal,
        PostgresLeases, PostgresLedger, PostgresState, PostgresStore, PostgresWork, State as _, Tenant,
        TestTime, Trigger, WorkBench, budget_conformance, journal_conformance, work_conformance,
    },
};
use smartsync_core::{
    Clock as _, Ledger, LedgerEntry,
    engine::leases_conformance,
    ledger::{CardEntry, LedgerChange, ledger_conformance},
};
use smartsync_transport::SharedBudget;
use teamtailor_client::CandidateId;
use tokio::sync::Mutex;

use crate::support::{Database, PostgresServer};

struct PostgresBench {
    time: TestTime,
    opened: Mutex<Option<(Database, PostgresStore)>>,
}

impl PostgresBench {
    fn new() -> Self {
        Self { time: TestTime::new(), opened: Mutex::new(None) }
    }

    async fn store(&self) -> PostgresStore {
        self.opened.lock().await.as_ref().unwrap().1.clone()
    }

    fn work(&self, store: &PostgresStore) -> OpenedWork {
        let work = Arc::new(PostgresWork::new(store.clone()).sleep(self.time.clone()));
        OpenedWork { intake: Arc::clone(&work) as _, work }
    }
}

/// Has a commit fail that changes what waits or what came in, when the sequence says so: it counts whether or not the commit does.
const FAILS_ONCE: &str = "
    CREATE SEQUENCE smartsync.commits START 2;
    CREATE FUNCTION smartsync.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('smartsync.commits') = 1 THEN RAISE 'a commit that was to fail'; END IF;
            RETURN NULL;
        END $$;
    CREATE CONSTRAINT TRIGGER fail_once AFTER INSERT OR UPDATE OR DELETE ON smartsync.waiting
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION smartsync.fail_once();
    CREATE CONSTRAINT TRIGGER fail_once AFTER INSERT OR UPDATE OR DELETE ON smartsync.inbox
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION smartsync.fail_once();
";

async fn open(database: &Database, time: &TestTime) -> PostgresStore {
    PostgresStore::open(&database.address, Some(&database.password)).await.unwrap().clock(time.clone())
}

#[async_trait]
impl WorkBench for PostgresBench {
    async fn open(&self) -> OpenedWork {
        let database = PostgresServer::shared().database().await;
        let store = open(&database, &self.time).await;
        database.connect().await.batch_execute(FAILS_ONCE).await.unwrap();
        let work = self.work(&store);
        *self.opened.lock().await = Some((database, store));
        work
    }

    async fn reopen(&self) -> OpenedWork {
        let mut opened = self.opened.lock().await;
        let (database, store) = opened.take().unwrap();
        drop(store);
        let store = open(&database, &self.time).await;
        PostgresWork::new(store.clone()).resume().await.unwrap();
        let work = self.work(&store);
        *opened = Some((database, store));
        work
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    /// A wake-up and a statement or two.
    fn moment(&self) -> Duration {
        Duration::from_millis(150)
    }

    async fn is_of(&self, item: Item, candidate: CandidateId) {
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(candidate.clone());
        let change = LedgerChange::set(item.contract().unwrap(), candidate, entry, CardEntry::default());
        PostgresLedger::new(self.store().await).for_tenant(&item.tenant).update(&change).await.unwrap();
    }

    async fn is_read(&self, contract: ContractId) -> bool {
        let occasion = Occasion::new(contract, Trigger::Notification, self.time.now());
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.state, look.drifts, look.error) = (Some("pending".to_owned()), Some(false), None);
        PostgresJournal::new(self.store().await).record(&look).await.unwrap();
        true
    }

    fn fail_next_commit(&self) -> bool {
        let opened = self.opened.try_lock().unwrap();
        let database = PostgresServer::shared().database_again(&opened.as_ref().unwrap().0);
        // Asked within a runtime that must not wait.
        let set = async move {
            let client = database.connect().await;
            client.batch_execute("SELECT setval('smartsync.commits', 1, false)").await.unwrap();
        };
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        thread::spawn(move || runtime().block_on(set)).join().unwrap();
        true
    }
}

#[async_trait]
impl JournalBench for PostgresBench {
    async fn journal_of(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        Arc::new(PostgresJournal::new(self.store().await).for_tenant(tenant))
    }

    async fn forget(&self, tenant: &Tenant, candidate: CandidateId) {
        PostgresLedger::new(self.store().await).for_tenant(tenant).bury(&candidate).await.unwrap();
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }
}

/// Budgets in one database, each of a credential of its own.
struct PostgresBudgets {
    time: TestTime,
    database: Database,
    credentials: AtomicU32,
}

impl PostgresBudgets {
    /// A process has connections of its own.
    async fn budget(&self, credential: u32) -> Arc<dyn SharedBudget> {
        let store = open(&self.database, &self.time).await;
        PostgresState::new(store).shared_budget(&credential.to_string()).unwrap()
    }
}

#[async_trait]
impl BudgetBench for PostgresBudgets {
    async fn open(&self) -> Arc<dyn SharedBudget> {
        self.budget(self.credentials.fetch_add(1, Ordering::Relaxed) + 1).await
    }

    async fn again(&self) -> Arc<dyn SharedBudget> {
        self.budget(self.credentials.load(Ordering::Relaxed)).await
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rate_limit_in_postgresql_keeps_every_rule() {
    let (time, database) = (TestTime::new(), PostgresServer::shared().database().await);
    budget_conformance(&PostgresBudgets { time, database, credentials: AtomicU32::new(0) }).await.unwrap();
}

#[tokio::test]
async fn a_client_that_is_given_a_rate_limit_again_goes_on_with_it_and_another_credential_has_another() {
    let database = PostgresServer::shared().database().await;
    let state = PostgresState::new(open(&database, &TestTime::new()).await);
    let budget = |name| state.shared_budget(name).unwrap();
    assert!(Arc::ptr_eq(&budget("one"), &budget("one")));
    assert!(!Arc::ptr_eq(&budget("one"), &budget("another")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_work_in_postgresql_keeps_every_rule() {
    work_conformance(&PostgresBench::new()).await.unwrap();
}

#[tokio::test]
async fn the_journal_in_postgresql_keeps_every_rule() {
    journal_conformance(&PostgresBench::new()).await.unwrap();
}

#[tokio::test]
async fn the_ledger_in_postgresql_keeps_every_rule() {
    let database = PostgresServer::shared().database().await;
    ledger_conformance(async || {
        let store = PostgresStore::open(&database.address, Some(&database.password)).await.unwrap();
        Arc::new(PostgresLedger::new(store)) as Arc<dyn Ledger>
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_leases_in_postgresql_keep_every_rule() {
    let database = PostgresServer::shared().database().await;
    let store = PostgresStore::open(&database.address, Some(&database.password)).await.unwrap();
    leases_conformance(&PostgresLeases::new(store)).await.unwrap();
}
