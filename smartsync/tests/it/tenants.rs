//! Several tenants share one database, and nothing of one is seen, changed or held up by another.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use rusqlite::{Connection, types::Value as Cell};
use serde_json::json;
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store,
    store::{
        Ended, Ending, Handler, Intake, Item, Journal as _, KeepBases, Look, NextLook, Occasion, Setback,
        SqliteJournal, SqliteState, State, Subject, Tenant, Trigger, Turn, WorkLimits,
    },
};
use smartsync_core::{
    CandidateId, Ledger, LedgerEntry,
    ledger::{CardEntry, Creation, LedgerChange, ledger_conformance},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

#[cfg(unix)]
#[cfg(feature = "postgres")]
use smartsync::store::PostgresState;

use crate::support::Kept;

fn tenant(name: &str) -> Tenant {
    name.parse().unwrap()
}

fn item(tenant: &Tenant, contract: i64) -> Item {
    Item::of(tenant.clone(), Subject::Contract(ContractId::new(contract)))
}

/// Every row of the database that is of a tenant.
fn rows(database: &Path, tenant: &Tenant) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let tables = "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name = 'tenant' ORDER BY m.name";
    let mut tables = connection.prepare(tables).unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut all = Vec::new();
    for table in tables {
        let mut of_tenant = connection.prepare(&format!("SELECT * FROM {table} WHERE tenant = ?1")).unwrap();
        let columns = of_tenant.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let cells: rusqlite::Result<Vec<Cell>> = (0..columns).map(|column| row.get(column)).collect();
            cells.map(|cells| format!("{table} {cells:?}"))
        };
        all.extend(of_tenant.query_map([tenant.as_str()], row).unwrap().map(Result::unwrap));
    }
    all
}

/// A row in every table, of candidate 4711 and contracts 1 to 3.
async fn fill(store: &Store, tenant: &Tenant) {
    let candidate = CandidateId::from("4711");
    let ledger = SqliteLedger::new(store.clone()).for_tenant(tenant);
    let journal = SqliteJournal::new(store.clone()).for_tenant(tenant);
    let inbox = Inbox::new(store.clone());
    for contract in 1..=3 {
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(candidate.clone());
        let change = LedgerChange::set(contract.into(), candidate.clone(), entry, CardEntry::default());
        ledger.update(&change).await.unwrap();
        let created = Creation::Created { candidate: candidate.clone(), contract: contract.into() };
        ledger.save_creation(&format!("hire-{contract}").parse().unwrap(), &created).await.unwrap();
        inbox.accept(&format!("call {contract}"), item(tenant, contract)).await.unwrap();
        let occasion = Occasion::new(contract.into(), Trigger::Sweep, jiff::Timestamp::now());
        journal.record(&Look::without_end(occasion, NextLook::None)).await.unwrap();
    }
    let claim = inbox.claim(item(tenant, 3)).await.unwrap().unwrap();
    inbox.park(claim, "a reason".to_owned()).await.unwrap();
    ledger.forget(&"gone".into()).await.unwrap();
    journal.set_watermark("page", Some("17")).await.unwrap();
}

#[tokio::test]
async fn the_ledger_of_a_tenant_keeps_every_rule_beside_another_that_has_the_same_ids() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let (north, nameless) = (tenant("north"), Tenant::default());
    let store = Store::open(&database).unwrap();
    fill(&store, &nameless).await;
    let before = rows(&database, &nameless);
    let open = async || {
        Arc::new(SqliteLedger::new(Store::open(&database).unwrap()).for_tenant(&north)) as Arc<dyn Ledger>
    };
    ledger_conformance(open).await.unwrap();
    assert_eq!(rows(&database, &nameless), before);
    assert!(!rows(&database, &north).is_empty());
}

#[tokio::test]
async fn who_is_erased_in_one_tenant_is_erased_in_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let store = Store::open(&database).unwrap();
    let tenants = [Tenant::default(), tenant("north"), tenant("south")];
    for tenant in &tenants {
        fill(&store, tenant).await;
    }
    let candidate = CandidateId::from("4711");
    let before = tenants.each_ref().map(|tenant| rows(&database, tenant));
    let ledgers = tenants.each_ref().map(|tenant| SqliteLedger::new(store.clone()).for_tenant(tenant));
    let erased = ledgers[1].erase(&candidate).await.unwrap();
    let numbers = (erased.contracts, erased.creations, erased.notifications, erased.waiting);
    assert_eq!((numbers, erased.parked, erased.looks), ((3, 3, 3, 2), 1, 3));
    for other in [0, 2] {
        assert_eq!(rows(&database, &tenants[other]), before[other]);
        assert!(!ledgers[other].is_forgotten(&candidate).await.unwrap());
        assert_eq!(ledgers[other].contracts_of(&candidate).await.unwrap(), [1, 2, 3]);
    }
    let mut left = rows(&database, &tenants[1]);
    // How much was done in an hour is about nobody.
    left.retain(|row| !row.starts_with("tallies "));
    assert_eq!(
        left,
        [
            r#"forgotten [Text("north"), Text("4711")]"#,
            r#"forgotten [Text("north"), Text("gone")]"#,
            r#"watermarks [Text("north"), Text("page"), Text("17")]"#,
        ]
    );
    assert!(ledgers[1].knows(&candidate).await.unwrap());
    assert!(!ledgers[1].knows(&"4712".into()).await.unwrap());
    // A look at the same ids of another tenant is none at the candidate's.
    let inbox = Inbox::new(store);
    let _claim = inbox.claim(item(&tenants[2], 1)).await.unwrap().unwrap();
    assert!(inbox.looks_at(&tenants[1], &candidate).await.unwrap().is_empty());
    assert_eq!(inbox.looks_at(&tenants[2], &candidate).await.unwrap(), [ContractId::new(1)].into());
}

#[tokio::test]
async fn what_one_tenant_overwrites_and_how_long_it_keeps_digests_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let store = Store::open(&database).unwrap();
    let (north, south) = (tenant("north"), tenant("south"));
    let connection = Connection::open(&database).unwrap();
    connection.execute("INSERT INTO overwrites VALUES ('north', unixepoch() / 60, 49)", []).unwrap();
    let ledgers = [&north, &south].map(|tenant| SqliteLedger::new(store.clone()).for_tenant(tenant));
    let counted =
        async |ledger: &SqliteLedger| ledger.load_overwrites().await.unwrap().minutes.values().sum::<u32>();
    assert_eq!((counted(&ledgers[0]).await, counted(&ledgers[1]).await), (49, 0));

    let entry = |candidate: &str| -> LedgerEntry {
        serde_json::from_value(
            json!({ "candidate": candidate, "bases": { "oneflow-city": "v1:0a1b2c3d:00ff" } }),
        )
        .unwrap()
    };
    let put = async |ledger: &SqliteLedger, contract: i64| {
        let change = LedgerChange::set(contract.into(), "4711".into(), entry("4711"), CardEntry::default());
        ledger.update(&change).await.unwrap();
    };
    for ledger in &ledgers {
        put(ledger, 1).await;
    }
    connection.execute("UPDATE ledger SET changed_at = changed_at - 40 * 86400", []).unwrap();
    let keep = KeepBases::try_from("30d".to_owned()).unwrap();
    put(&ledgers[1].clone().keep_bases(keep), 2).await;
    let is_retired = async |ledger: &SqliteLedger| ledger.load(1.into()).await.unwrap().is_retired;
    assert_eq!((is_retired(&ledgers[0]).await, is_retired(&ledgers[1]).await), (false, true));
    assert!(rows(&database, &north).iter().any(|row| row.starts_with("cards")), "nor is a card dropped");
}

/// Notes when a look began, and takes so long for it; for ever at a tenant that is slow.
#[derive(Default)]
struct Clerk {
    begun: Mutex<Vec<(Item, Instant)>>,
    takes: Duration,
    slow: Option<Tenant>,
}

impl Clerk {
    fn begun(&self, tenant: &Tenant) -> Vec<Instant> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.iter().filter(|(item, _)| item.tenant == *tenant).map(|(_, at)| *at).collect()
    }
}

#[async_trait]
impl Handler for Clerk {
    async fn handle(&self, turn: Turn) -> Ended {
        let is_slow = self.slow.as_ref() == Some(&turn.item.tenant);
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).push((turn.item, Instant::now()));
        if is_slow {
            std::future::pending::<()>().await;
        }
        sleep(self.takes).await;
        Ending::Done.into()
    }

    async fn broken_off(&self, _: Turn) -> Ended {
        Ending::Again(Setback::new("broken off", Duration::from_secs(1))).into()
    }

    async fn idle(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// How long after its notification the look at a contract of the tenant began.
async fn delay(intake: &dyn Intake, clerk: &Clerk, tenant: &Tenant, contract: i64) -> Duration {
    let before = clerk.begun(tenant).len();
    intake.accept(&format!("call {contract}"), item(tenant, contract)).await.unwrap();
    let accepted = Instant::now();
    let begun = async {
        loop {
            if let Some(at) = clerk.begun(tenant).get(before) {
                return *at;
            }
            sleep(Duration::from_millis(1)).await;
        }
    };
    let begun = timeout(Duration::from_secs(30), begun).await.expect("it is looked at");
    begun.saturating_duration_since(accepted)
}

/// The issue asks for less than 5 s; it is some milliseconds. Half a second leaves room for a machine that does something else.
const SOON: Duration = Duration::from_millis(500);

/// The same with a database server, which has to be asked and answers when the machine lets it.
#[cfg(unix)]
#[cfg(feature = "postgres")]
const SOON_BY_A_SERVER: Duration = Duration::from_secs(2);

async fn behind(clerk: Clerk, trigger: Trigger, kept: &Kept) {
    let folder = tempfile::tempdir().unwrap();
    let (state, soon) = match kept {
        Kept::InSqlite => {
            let state = SqliteState::open(&folder.path().join("state.db")).unwrap();
            (Arc::new(state) as Arc<dyn State>, SOON)
        }
        #[cfg(unix)]
        #[cfg(feature = "postgres")]
        Kept::InPostgres(database) => {
            let state = PostgresState::open(&database.address, Some(&database.password)).await.unwrap();
            (Arc::new(state) as _, SOON_BY_A_SERVER)
        }
    };
    let (intake, work) = (state.intake(), state.work());
    let (north, south) = (tenant("north"), tenant("south"));
    let backlog = (0..10_000).map(|contract| item(&north, contract)).collect();
    work.enqueue(backlog, trigger).await.unwrap();
    let (clerk, (stop, stopped)) = (Arc::new(clerk), watch::channel(false));
    let work = tokio::spawn({
        let clerk = Arc::clone(&clerk);
        async move { work.run(clerk, WorkLimits::default(), stopped).await }
    });
    timeout(Duration::from_secs(30), async {
        while clerk.begun(&north).len() < WorkLimits::default().concurrency {
            sleep(Duration::from_millis(1)).await;
        }
    })
    .await
    .expect("the backlog is worked on");
    let mut longest = Duration::ZERO;
    for contract in 1..=10 {
        longest = longest.max(delay(&*intake, &clerk, &south, contract).await);
    }
    writeln!(io::stderr(), "{trigger:?}: the longest delay beside a backlog of 10,000: {longest:?}").ok();
    assert!(longest < soon, "{longest:?}");
    let status = state.journal(&north).status(jiff::Timestamp::now()).await.unwrap();
    assert!(status.waiting > 5_000, "there was a backlog all the time: {}", status.waiting);
    if clerk.slow.is_some() {
        assert_eq!(clerk.begun(&north).len(), WorkLimits::default().concurrency);
        work.abort();
    } else {
        stop.send_replace(true);
        work.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_of_10_000_of_one_tenant_delays_no_notification_of_another() {
    for trigger in [Trigger::Sweep, Trigger::ByHand] {
        for kept in Kept::in_each().await {
            behind(Clerk { takes: Duration::from_millis(50), ..Clerk::default() }, trigger, &kept).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_of_one_tenant_that_never_end_delay_no_notification_of_another() {
    for kept in Kept::in_each().await {
        behind(Clerk { slow: Some(tenant("north")), ..Clerk::default() }, Trigger::ByHand, &kept).await;
    }
}
