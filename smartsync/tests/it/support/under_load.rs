//! Services and an installation under load, and what must hold of every contract in the end.

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use oneflow_client::ContractId;
use smartsync::store::{KeepBases, SqliteState, State, Tenant};
use smartsync_core::ledger::DocumentRecord;
use smartsync_sandbox::{Fault, HttpSandbox, SandboxSettings};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::{Home, Witness, notice, notification, post_lenient};

/// How long each request takes, in milliseconds, so that a kill often meets one between its effect and its answer.
const LATENCY: u64 = 15;

/// Where the installation keeps what it knows.
pub(crate) enum Kept {
    InSqlite,
    #[cfg(unix)]
    #[cfg(feature = "postgres")]
    InPostgres(super::Database, Arc<dyn State>),
}

/// The services and an installation, with somebody between them who watches.
pub(crate) struct Story {
    pub(crate) services: Arc<HttpSandbox>,
    pub(crate) witness: Witness,
    pub(crate) home: Home,
    pub(crate) kept: Kept,
}

impl Story {
    /// One that keeps what it knows in SQLite.
    pub(crate) async fn begin() -> Self {
        let (services, witness, home) = installation().await;
        Self { services, witness, home, kept: Kept::InSqlite }
    }

    /// The same in PostgreSQL.
    #[cfg(unix)]
    #[cfg(feature = "postgres")]
    pub(crate) async fn begin_in(database: super::Database) -> Self {
        let (services, witness, home) = installation().await;
        home.keep_in(&database);
        let state = smartsync::store::PostgresState::open(&database.address, Some(&database.password));
        let state = Arc::new(state.await.unwrap());
        Self { services, witness, home, kept: Kept::InPostgres(database, state) }
    }

    /// What it keeps. That in SQLite is opened for each question, so that nobody has the file open when a server dies.
    fn state(&self) -> Arc<dyn State> {
        match &self.kept {
            Kept::InSqlite => Arc::new(SqliteState::open(&self.home.database()).unwrap()),
            #[cfg(unix)]
            #[cfg(feature = "postgres")]
            Kept::InPostgres(_, state) => Arc::clone(state),
        }
    }

    /// Whether there is something that the next server has to look at.
    pub(crate) async fn has_work(&self) -> bool {
        !self.waiting(Some("not_before <= {now}")).await.is_empty()
    }

    /// What waits, and why. `where_`: only that, with the time in milliseconds in the place of `{now}`.
    pub(crate) async fn waiting(&self, where_: Option<&str>) -> Vec<(i64, Option<String>)> {
        let sql = |now: &str| {
            let where_ = where_.unwrap_or("true").replace("{now}", now);
            format!("SELECT id, last_error FROM waiting WHERE {where_}")
        };
        match &self.kept {
            Kept::InSqlite => {
                let database = rusqlite::Connection::open(self.home.database()).unwrap();
                let mut statement = database.prepare(&sql("unixepoch() * 1000")).unwrap();
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
                rows.collect::<rusqlite::Result<_>>().unwrap()
            }
            #[cfg(unix)]
            #[cfg(feature = "postgres")]
            Kept::InPostgres(database, _) => {
                let client = database.connect().await;
                client.batch_execute("SET search_path = smartsync").await.unwrap();
                let rows = client.query(&sql("extract(epoch FROM now()) * 1000"), &[]).await.unwrap();
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
        }
    }

    /// When the first contract was read over a connection after so many.
    pub(crate) fn resumed(&self, connections: usize) -> Option<Instant> {
        self.witness.first_read_after(connections)
    }

    /// Value and document are on the card. A kill between the note of an upload and its request leaves one of which nobody knows
    /// whether it took effect: that waits for a person, and is never doubled.
    pub(crate) async fn ends_well(&self, candidate: &str, contract: i64) -> bool {
        let ledger = self.state().ledger(&Tenant::default(), KeepBases::default(), None);
        let document = ledger.load(ContractId::new(contract)).await.unwrap().document;
        notice(&self.services, candidate).as_deref() == Some("3 months")
            && match self.uploads(candidate) {
                0 => document == Some(DocumentRecord::Intended) && self.waits_for_a_person(contract).await,
                1 => matches!(document, Some(DocumentRecord::Uploaded { .. })),
                more => panic!("{more} documents of contract {contract}"),
            }
    }

    /// Waits until all of them have ended well.
    pub(crate) async fn settles(&self, contracts: &[(String, i64)]) {
        let settled = async {
            for (candidate, contract) in contracts {
                while !self.ends_well(candidate, *contract).await {
                    sleep(Duration::from_millis(20)).await;
                }
            }
        };
        // What is left is worked off within Teamtailor's limit: under it, a second is enough for one or two contracts.
        let limit =
            Duration::from_secs(60) + Duration::from_secs(1) * u32::try_from(contracts.len()).unwrap();
        if timeout(limit, settled).await.is_err() {
            panic!(
                "not every card has its value and its document, nor is a person asked: {:?}",
                self.waiting(None).await
            );
        }
    }

    pub(crate) fn uploads(&self, candidate: &str) -> usize {
        self.services.sandbox().candidate_card(candidate).unwrap().uploads.len()
    }

    /// Whether the contract is looked at again because of its document.
    async fn waits_for_a_person(&self, contract: i64) -> bool {
        let waiting = self.waiting(Some(&format!("id = {contract}"))).await;
        waiting.iter().any(|(_, reason)| {
            reason.as_deref().is_some_and(|reason| reason.contains("document: upload-unknown"))
        })
    }

    /// How often one of these was asked for with success.
    pub(crate) fn effects(&self, operations: &[&str]) -> usize {
        let log = self.services.sandbox().request_log();
        log.iter().filter(|one| operations.contains(&one.operation) && one.status.is_success()).count()
    }

    /// How many looks at the contract came to their end, each after the one before.
    pub(crate) async fn looks_one_after_another(&self, contract: i64) -> usize {
        let journal = self.state().journal(&Tenant::default());
        let looks = journal.looks(ContractId::new(contract), 1_000).await.unwrap();
        for (later, earlier) in looks.iter().zip(looks.iter().skip(1)) {
            // Times are kept to the millisecond.
            let end =
                earlier.occasion.at + earlier.occasion.duration.saturating_sub(Duration::from_millis(2));
            assert!(end <= later.occasion.at, "contract {contract}: {earlier:?} {later:?}");
        }
        looks.len()
    }

    /// How many looks came to their end, and in how many contracts a person is asked about the document. Each card has its value, and a document or
    /// none: so none of them was written or uploaded twice.
    pub(crate) async fn nothing_is_doubled(&self, contracts: &[(String, i64)]) -> (usize, usize) {
        let (mut looks, mut doubts) = (0, 0);
        for (candidate, contract) in contracts {
            assert!(self.ends_well(candidate, *contract).await, "contract {contract}");
            looks += self.looks_one_after_another(*contract).await;
            doubts += usize::from(self.uploads(candidate) == 0);
        }
        let values =
            self.effects(&["create_custom_field_value", "update_custom_field_value", "update_candidate"]);
        assert_eq!(values, contracts.len(), "values that were written");
        assert_eq!(
            self.effects(&["create_upload"]),
            contracts.len() - doubts,
            "documents that were uploaded"
        );
        (looks, doubts)
    }
}

async fn installation() -> (Arc<HttpSandbox>, Witness, Home) {
    let settings = SandboxSettings::new().teamtailor_limit(1_000_000).oneflow_limit(1_000_000);
    let services = HttpSandbox::start(settings.logged_requests(1_000_000)).await.unwrap();
    services.sandbox().add_fault(Fault::latency(Duration::from_millis(LATENCY))).unwrap();
    let witness = Witness::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", witness.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    (Arc::new(services), witness, home)
}

/// As Oneflow does: sent again until it is answered with 200.
pub(crate) async fn tell(url: &watch::Receiver<String>, what: &str, contract: i64) {
    let body = notification(&format!("{contract} {what}"), ContractId::new(contract));
    loop {
        let at = url.borrow().clone();
        if post_lenient(&at, body.clone()).await == Some(200) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) async fn pause(milliseconds: RangeInclusive<u64>) {
    sleep(Duration::from_millis(fastrand::u64(milliseconds))).await;
}
