//! A server that is killed at random moments, again and again, under load.

use std::{env, ops::RangeInclusive, sync::Arc, time::Duration};

use oneflow_client::ContractId;
use smartsync::{
    SqliteLedger, Store,
    store::{Journal as _, SqliteJournal},
};
use smartsync_core::{Ledger as _, ledger::DocumentRecord};
use smartsync_sandbox::{Fault, HttpSandbox, SandboxSettings};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Gate, Home, Witness, get, notice, notification, post_lenient, sent_contract, until};

/// So many servers are killed, unless `SMARTSYNC_KILLS` says another number.
const KILLS: usize = 5;

/// So many contracts change between two kills: about as many as Teamtailor's limit lets a server through with, in a burst.
const LOAD: usize = 5;

/// How long each request takes, in milliseconds, so that a kill often meets one between its effect and its answer.
const LATENCY: u64 = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_random_moments_under_load_loses_nothing_doubles_nothing_and_looks_once_at_a_time()
{
    let kills = env::var("SMARTSYNC_KILLS").ok().map(|text| text.parse().unwrap());
    let story = Story::begin().await;
    let contracts: Vec<_> =
        (0..kills.unwrap_or(KILLS) * LOAD).map(|number| sent_contract(&story.services, number)).collect();
    story.services.sandbox().advance(Duration::from_secs(600));

    let mut server = story.home.serve().await;
    let (at, url) = watch::channel(server.url.clone());
    let ready = Arc::new(Semaphore::new(0));
    let mut changes = JoinSet::new();
    for &(_, contract) in &contracts {
        let (services, ready, url) = (Arc::clone(&story.services), Arc::clone(&ready), url.clone());
        changes.spawn(async move {
            ready.acquire().await.unwrap().forget();
            let sandbox = services.sandbox();
            sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
            tell(&url, "filled in", contract).await;
            pause(0..=300).await;
            sandbox.sign_all(contract).unwrap();
            tell(&url, "signed", contract).await;
        });
    }
    let mut resumed = Vec::new();
    for _ in 0..kills.unwrap_or(KILLS) {
        ready.add_permits(LOAD);
        pause(0..=1_500).await;
        server.process.kill().await.unwrap();
        let (has_work, connections) = (story.has_work(), story.witness.connections());
        server = story.home.serve().await;
        let listens = Instant::now();
        at.send_replace(server.url.clone());
        if has_work {
            until("what was cut off is taken up", async || story.resumed(connections).is_some()).await;
            resumed.push(story.resumed(connections).unwrap().saturating_duration_since(listens));
        }
    }
    changes.join_all().await;

    let settled = async {
        for &(ref candidate, contract) in &contracts {
            while !story.ends_well(candidate, contract).await {
                sleep(Duration::from_millis(20)).await;
            }
        }
    };
    // What is left is worked off within Teamtailor's limit: under it, a second is enough for one or two contracts.
    let limit = Duration::from_secs(60) + Duration::from_secs(1) * u32::try_from(contracts.len()).unwrap();
    if timeout(limit, settled).await.is_err() {
        panic!("not every card has its value and its document, nor is a person asked: {:?}", story.waiting());
    }
    server.process.kill().await.unwrap();

    let overlaps = story.witness.overlaps();
    assert!(overlaps.is_empty(), "contracts that were read twice at once: {overlaps:?}");
    assert!((2..=4).contains(&story.witness.most_at_once()), "{}", story.witness.most_at_once());
    let (mut looks, mut doubts) = (0, 0);
    for &(ref candidate, contract) in &contracts {
        assert!(story.ends_well(candidate, contract).await, "contract {contract}");
        looks += story.looks_one_after_another(contract).await;
        doubts += usize::from(story.uploads(candidate) == 0);
    }
    // Each card has its value, and a document or none: so none of them was written or uploaded twice.
    let values =
        story.effects(&["create_custom_field_value", "update_custom_field_value", "update_candidate"]);
    assert_eq!(values, contracts.len(), "values that were written");
    assert_eq!(story.effects(&["create_upload"]), contracts.len() - doubts, "documents that were uploaded");
    resumed.sort();
    let longest = resumed.last().copied().unwrap_or_default();
    eprintln!(
        "{} kills, {} notifications, {looks} looks that ended, {} contracts at once at most, {doubts} uploads left to a person; \
         resumed {} times, after {:?} in the middle and {longest:?} at most",
        kills.unwrap_or(KILLS),
        contracts.len() * 2,
        story.witness.most_at_once(),
        resumed.len(),
        resumed.get(resumed.len() / 2).copied().unwrap_or_default(),
    );
    // Where nobody asked for a number, the machine may do much else at the same time.
    let limit = Duration::from_secs(if kills.is_some() { 1 } else { 10 });
    assert!(longest < limit, "{longest:?}");
}

#[tokio::test]
async fn the_witness_sees_two_reads_of_one_contract_at_once_and_no_others() {
    let oneflow = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&oneflow).await;
    let gate = Gate::before(&oneflow.uri()).await;
    let witness = Witness::before(&gate.origin).await;
    let mut reads = JoinSet::new();
    let mut read = |contract: u64| {
        let url = format!("{}/v1/contracts/{contract}", witness.origin);
        reads.spawn(async move { get(&url).await });
    };
    read(1);
    read(2);
    until("two are being read", async || witness.most_at_once() == 2).await;
    assert!(witness.overlaps().is_empty(), "of two contracts");
    read(1);
    until("one of them twice", async || witness.overlaps() == [1]).await;
    gate.open();
    assert_eq!(reads.join_all().await, [200; 3]);
    assert_eq!(get(&format!("{}/v1/contracts/2", witness.origin)).await, 200);
    assert_eq!((witness.overlaps(), witness.most_at_once()), (vec![1], 2), "one after the other");
}

/// The services and an installation, with somebody between them who watches.
struct Story {
    services: Arc<HttpSandbox>,
    witness: Witness,
    home: Home,
}

impl Story {
    async fn begin() -> Self {
        let settings = SandboxSettings::new().teamtailor_limit(1_000_000).oneflow_limit(1_000_000);
        let services = HttpSandbox::start(settings.logged_requests(1_000_000)).await.unwrap();
        services.sandbox().add_fault(Fault::latency(Duration::from_millis(LATENCY))).unwrap();
        let witness = Witness::before(services.oneflow_url().as_str()).await;
        let home = Home::new(&format!("{}/v1", witness.origin), services.teamtailor_url().as_str())
            .with_contracts_of_others(&services);
        Self { services: Arc::new(services), witness, home }
    }

    /// Whether there is something that the next server has to look at.
    fn has_work(&self) -> bool {
        let sql = "SELECT count(*) FROM waiting WHERE not_before <= unixepoch() * 1000";
        self.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() > 0
    }

    /// What waits, and why.
    fn waiting(&self) -> Vec<(i64, Option<String>)> {
        let database = self.database();
        let mut statement = database.prepare("SELECT id, last_error FROM waiting").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    /// When the first contract was read over a connection after so many.
    fn resumed(&self, connections: usize) -> Option<Instant> {
        self.witness.first_read_after(connections)
    }

    /// Value and document are on the card. A kill between the note of an upload and its request leaves one of which nobody knows
    /// whether it took effect: that waits for a person, and is never doubled.
    async fn ends_well(&self, candidate: &str, contract: i64) -> bool {
        let ledger = SqliteLedger::new(Store::open(&self.home.database()).unwrap());
        let document = ledger.load(ContractId::new(contract)).await.unwrap().document;
        notice(&self.services, candidate).as_deref() == Some("3 months")
            && match self.uploads(candidate) {
                0 => document == Some(DocumentRecord::Intended) && self.waits_for_a_person(contract),
                1 => matches!(document, Some(DocumentRecord::Uploaded { .. })),
                more => panic!("{more} documents of contract {contract}"),
            }
    }

    fn uploads(&self, candidate: &str) -> usize {
        self.services.sandbox().candidate_card(candidate).unwrap().uploads.len()
    }

    /// Whether the contract is looked at again because of its document.
    fn waits_for_a_person(&self, contract: i64) -> bool {
        let sql = "SELECT last_error FROM waiting WHERE id = ?1";
        let reason: Option<String> =
            self.database().query_row(sql, [contract], |row| row.get(0)).ok().flatten();
        reason.is_some_and(|reason| reason.contains("document: upload-unknown"))
    }

    /// How often one of these was asked for with success.
    fn effects(&self, operations: &[&str]) -> usize {
        let log = self.services.sandbox().request_log();
        log.iter().filter(|one| operations.contains(&one.operation) && one.status.is_success()).count()
    }

    /// How many looks at the contract came to their end, each after the one before.
    async fn looks_one_after_another(&self, contract: i64) -> usize {
        let journal = SqliteJournal::new(Store::open(&self.home.database()).unwrap());
        let looks = journal.looks(ContractId::new(contract), 1_000).await.unwrap();
        for (later, earlier) in looks.iter().zip(looks.iter().skip(1)) {
            // Times are kept to the millisecond.
            let end =
                earlier.occasion.at + earlier.occasion.duration.saturating_sub(Duration::from_millis(2));
            assert!(end <= later.occasion.at, "contract {contract}: {earlier:?} {later:?}");
        }
        looks.len()
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.home.database()).unwrap()
    }
}

/// As Oneflow does: sent again until it is answered with 200.
async fn tell(url: &watch::Receiver<String>, what: &str, contract: i64) {
    let body = notification(&format!("{contract} {what}"), ContractId::new(contract));
    loop {
        let at = url.borrow().clone();
        if post_lenient(&at, body.clone()).await == Some(200) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn pause(milliseconds: RangeInclusive<u64>) {
    sleep(Duration::from_millis(fastrand::u64(milliseconds))).await;
}
