//! Passes over many contracts: what one costs, where it goes on after the process has died, and who is told of one that fails.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;
use fastrand::Rng;
use jiff::Timestamp;
use oneflow_client::{ContractId, OneflowClient, contracts::ListContracts};
use secrecy::SecretString;
use smartsync_core::{Engine, Mapping, MemoryLedger, SyncKeys};
use smartsync_sandbox::{CandidateSeed, ContractSeed, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Limiter, Request, Response, Transport, TransportError, http::StatusCode};
use teamtailor_client::TeamtailorClient;
use tokio::sync::watch;

use super::{
    Fixed, KEY, NOTICE, in_simulated_time, mapping,
    time::{SimulatedTime, Wire},
};
use crate::{
    server::{
        alerts::{Alert, Alerts},
        current::Current,
        look_recorder::LookRecorder,
        meters::Meters,
        sweep::{ALIVE, LAST_FULL_SWEEP, Listing, Sweep},
        worker::Worker,
    },
    store::{
        Ended, Ending, Handler, Journal as _, KeepLooks, LAST_SWEEP, Look, MemoryJournal, MemoryWork,
        NextLook, Occasion, Tenant, Trigger, Turn, Work as _, WorkLimits,
    },
};

/// An account with so many contracts. Every hundredth is of a candidate.
fn account(contracts: usize) -> (Sandbox, Vec<ContractId>) {
    let sandbox = Sandbox::new(SandboxSettings::new().oneflow_limit(100_000).teamtailor_limit(100_000));
    let contracts = (0..contracts)
        .map(|number| {
            let email = format!("person{number}@example.com");
            if number % 100 == 0 {
                sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).unwrap();
            }
            let seed = ContractSeed::new(sandbox.seeded().template, "Employment");
            let seed = seed.counterparty("A Candidate", &email).published();
            ContractId::new(sandbox.add_contract(seed).unwrap())
        })
        .collect();
    sandbox.advance(Duration::from_secs(600));
    (sandbox, contracts)
}

/// The journal of a host that has looked at all of them.
async fn all_seen(sandbox: &Sandbox, work: &MemoryWork) -> MemoryJournal {
    let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
    let oneflow = oneflow(sandbox, sandbox.oneflow_transport());
    let mut list = oneflow.contracts().list(ListContracts::new().limit(100)).items();
    while let Some(contract) = list.next().await {
        let contract = contract.unwrap();
        let occasion = Occasion::new(contract.id, Trigger::Notification, sandbox.now());
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.drifts, look.last_change) = (Some(false), contract.last_change());
        journal.record(&look).await.unwrap();
    }
    journal.set_watermark(LAST_FULL_SWEEP, Some(&sandbox.now().to_string())).await.unwrap();
    journal
}

/// Somebody fills in every n-th of them.
fn change(sandbox: &Sandbox, contracts: &[ContractId], every: usize) -> BTreeSet<ContractId> {
    let changed: BTreeSet<_> = contracts.iter().copied().step_by(every).collect();
    for contract in &changed {
        sandbox.fill_data_field(contract.get(), NOTICE, "3 months").unwrap();
    }
    sandbox.clear_request_log();
    changed
}

fn oneflow(sandbox: &Sandbox, transport: impl Transport + 'static) -> OneflowClient {
    OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(transport)
        .limiter(Limiter::none())
        .build()
        .unwrap()
}

fn sweep(oneflow: OneflowClient, work: &MemoryWork, journal: &MemoryJournal, time: &SimulatedTime) -> Sweep {
    Sweep {
        listing: Current::new(Listing::new(oneflow, Mapping::default())),
        tenant: Tenant::default(),
        work: Arc::new(work.clone()),
        journal: Arc::new(journal.clone()),
        interval: Some(Duration::from_secs(1800)),
        alerts: Alerts::default(),
        clock: Arc::new(time.clone()),
        sleep: Arc::new(time.clone()),
    }
}

fn due(work: &MemoryWork) -> BTreeSet<ContractId> {
    work.waiting().into_iter().map(|item| item.contract().unwrap()).collect()
}

/// Looks at everything that is due. Returns how many looks that were, and what they asked for.
async fn look_at_all(
    sandbox: &Sandbox,
    work: &MemoryWork,
    journal: &MemoryJournal,
    time: &SimulatedTime,
) -> (usize, usize) {
    sandbox.clear_request_log();
    let before = journal.all().len();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let oneflow = oneflow(sandbox, sandbox.oneflow_transport());
    let keys = SyncKeys::new("simulation", [SecretString::from(KEY)]).unwrap();
    let ledger = Arc::new(MemoryLedger::new());
    let engine = Engine::builder(oneflow, teamtailor, mapping(sandbox), ledger, keys);
    let engine = Fixed(Arc::new(engine.clock(time.clone()).build().unwrap()));
    let recorder = LookRecorder::new(Arc::new(journal.clone()), KeepLooks::default());
    let worker = Worker::new(Arc::new(engine), recorder, Meters::default())
        .deterministic(Arc::new(time.clone()), Arc::new(|| 0.5));
    let (stop, stopping) = watch::channel(false);
    let run = tokio::spawn({
        let work = work.clone();
        async move { work.run(Arc::new(worker), WorkLimits::default(), stopping).await }
    });
    while !work.waiting().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stop.send_replace(true);
    run.await.unwrap();
    (journal.all().len() - before, sandbox.request_log().len())
}

#[test]
fn a_pass_over_ten_thousand_contracts_costs_its_pages_and_the_looks_at_what_has_changed() {
    in_simulated_time(async {
        let (sandbox, contracts) = account(10_000);
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let journal = all_seen(&sandbox, &work).await;
        let changed = change(&sandbox, &contracts, 100);
        // What they need if a person names them.
        let (fork, by_name) = (sandbox.fork(), MemoryWork::new(time.clone(), time.clone()));
        let of_fork = SimulatedTime::of(&fork);
        by_name
            .enqueue(changed.iter().map(|contract| (*contract).into()).collect(), Trigger::ByHand)
            .await
            .unwrap();
        let journal_of_fork = MemoryJournal::new(by_name.clone(), Arc::new(MemoryLedger::new()));
        let (looks, needed) = look_at_all(&fork, &by_name, &journal_of_fork, &of_fork).await;
        assert!(looks == 100 && needed > 300, "{looks} looks, {needed} requests");
        let sweep = sweep(oneflow(&sandbox, sandbox.oneflow_transport()), &work, &journal, &time);
        sweep.pass().await.unwrap();
        assert_eq!(due(&work), changed);
        // A hundred pages, and what they overlap by.
        assert_eq!(sandbox.request_log().len(), 101, "its pages, and nothing else");
        assert_eq!(look_at_all(&sandbox, &work, &journal, &time).await, (100, needed));
        let written = sandbox
            .candidates()
            .into_iter()
            .filter(|candidate| sandbox.candidate_card(candidate).unwrap().get(NOTICE) == Some("3 months"));
        assert_eq!(written.count(), 100);
        sweep.pass().await.unwrap();
        assert_eq!(due(&work), BTreeSet::new(), "what was looked at has not changed since");
    });
}

/// What a person has to see to, or has said to leave alone, is theirs until it changes: neither the pass for changes, whose last look read
/// nothing, nor the daily one over all tries it again.
#[test]
fn a_pass_leaves_alone_what_is_parked_or_was_dropped_until_it_changes() {
    in_simulated_time(async {
        let (sandbox, contracts) = account(4);
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let journal = all_seen(&sandbox, &work).await;
        let [parked, dropped, unknown, other] = contracts[..] else { panic!("{contracts:?}") };
        // Three that were filled in, and that no look has read since.
        for contract in [parked, dropped, other] {
            sandbox.fill_data_field(contract.get(), NOTICE, "1 month").unwrap();
        }
        sandbox.advance(Duration::from_secs(3 * 60 * 60));
        for contract in [parked, dropped, unknown] {
            park(&work, &journal, contract, sandbox.now()).await;
        }
        sandbox.advance(Duration::from_secs(60));
        assert_eq!(journal.drop_parked(&[dropped], sandbox.now()).await.unwrap(), [dropped]);
        sandbox.advance(Duration::from_secs(600));
        sandbox.clear_request_log();
        let sweep = sweep(oneflow(&sandbox, sandbox.oneflow_transport()), &work, &journal, &time);
        sweep.pass().await.unwrap();
        assert_eq!(due(&work), BTreeSet::from([other]));
        let a_day_ago = sandbox.now() - Duration::from_secs(25 * 60 * 60);
        journal.set_watermark(LAST_FULL_SWEEP, Some(&a_day_ago.to_string())).await.unwrap();
        sweep.pass().await.unwrap();
        assert_eq!(due(&work), BTreeSet::from([other]), "nor does a pass over all");

        for contract in [parked, dropped, unknown] {
            sandbox.fill_data_field(contract.get(), NOTICE, "3 months").unwrap();
        }
        sweep.pass().await.unwrap();
        assert_eq!(due(&work), contracts.into_iter().collect());
    });
}

/// Gives a contract up, as the host does after its last try.
async fn park(work: &MemoryWork, journal: &MemoryJournal, contract: ContractId, at: Timestamp) {
    let handler = Arc::new(Parks(journal.clone(), at));
    work.enqueue(vec![contract.into()], Trigger::ByHand).await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let run = tokio::spawn({
        let work = work.clone();
        async move { work.run(handler, WorkLimits::default(), stopping).await }
    });
    while work.parked().iter().all(|parked| parked.contract != contract) {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    run.await.unwrap();
}

/// Gives up what it is handed, since a look at it fails as a whole.
struct Parks(MemoryJournal, Timestamp);

#[async_trait]
impl Handler for Parks {
    async fn handle(&self, turn: Turn) -> Ended {
        let occasion = Occasion::new(turn.item.contract().unwrap(), turn.trigger, self.1);
        self.0.record(&Look::without_end(occasion, NextLook::Parked)).await.unwrap();
        Ending::Park { reason: "no answer".to_owned() }.into()
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.handle(turn).await
    }

    async fn idle(&self) -> Duration {
        Duration::MAX
    }
}

/// After each death the page before is read again, and the one that was under way.
#[test]
fn a_pass_that_dies_at_any_moment_goes_on_where_it_was_and_misses_nothing() {
    in_simulated_time(async {
        let ((account, contracts), mut all_deaths) = (account(1_000), 0);
        for seed in 0..20 {
            let (sandbox, mut rng) = (account.fork(), Rng::with_seed(seed));
            let time = SimulatedTime::of(&sandbox);
            let mut work = MemoryWork::new(time.clone(), time.clone());
            let mut journal = all_seen(&sandbox, &work).await;
            let changed = change(&sandbox, &contracts, rng.usize(1..100));
            let mut deaths = 0;
            loop {
                let wire = Wire::new(sandbox.oneflow_transport(), time.clone(), rng.u64(..), &Arc::default());
                let run = sweep(oneflow(&sandbox, wire), &work, &journal, &time).run();
                // Ten pages take some four seconds.
                let life = Duration::from_millis(rng.u64(1..2_500));
                tokio::time::timeout(life, run).await.unwrap_err();
                work = work.crash();
                journal = journal.crash(work.clone());
                if journal.watermark(LAST_SWEEP).await.unwrap().is_some() {
                    break;
                }
                deaths += 1;
                assert!(deaths < 30, "seed {seed}: no pass came to its end");
            }
            all_deaths += deaths;
            assert_eq!(due(&work), changed, "seed {seed}");
            let pages = sandbox.request_log().len();
            assert!((11..=11 + 2 * deaths).contains(&pages), "seed {seed}: {pages} pages, {deaths} deaths");
        }
        assert!(all_deaths > 20, "{all_deaths}");
    });
}

/// A way that can be closed, and answers with a status then, if there is one.
#[derive(Debug)]
struct Way<T> {
    inner: T,
    is_closed: Arc<AtomicBool>,
    status: Arc<AtomicU16>,
}

#[async_trait]
impl<T: Transport> Transport for Way<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if self.is_closed.load(Relaxed) {
            let Ok(status) = StatusCode::from_u16(self.status.load(Relaxed)) else {
                return Err(TransportError::timeout("closed"));
            };
            let mut refused = Response::new(Body::empty());
            *refused.status_mut() = status;
            return Ok(refused);
        }
        self.inner.execute(request).await
    }
}

/// Between two pages something happens.
struct Between<T, F> {
    inner: T,
    happens: F,
}

impl<T, F> std::fmt::Debug for Between<T, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Between")
    }
}

#[async_trait]
impl<T: Transport, F: Fn(Response) -> Response + Send + Sync> Transport for Between<T, F> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        Ok((self.happens)(self.inner.execute(request).await?))
    }
}

#[test]
fn a_pass_misses_nothing_of_a_list_from_which_contracts_are_deleted_meanwhile() {
    for deleted_at_once in [1, 2, 7] {
        in_simulated_time(async {
            let (sandbox, contracts) = account(350);
            let time = SimulatedTime::of(&sandbox);
            let work = MemoryWork::new(time.clone(), time.clone());
            let journal = all_seen(&sandbox, &work).await;
            let changed = change(&sandbox, &contracts, 1);
            // After each page, some of those that it has shown, the last among them: until ten pages are read, which is enough.
            let (world, pages) = (sandbox.clone(), AtomicU16::new(0));
            let happens = move |page: Response| {
                if pages.fetch_add(1, Relaxed) < 10 {
                    let list: serde_json::Value = serde_json::from_slice(page.body().as_bytes()).unwrap();
                    for contract in list["data"].as_array().unwrap().iter().rev().take(deleted_at_once) {
                        world.delete_contract(contract["id"].as_i64().unwrap()).unwrap();
                    }
                }
                page
            };
            let way = Between { inner: sandbox.oneflow_transport(), happens };
            let passed = sweep(oneflow(&sandbox, way), &work, &journal, &time).pass().await.unwrap();
            assert_eq!(due(&work), changed, "{deleted_at_once}");
            assert!(passed.pages < 20, "{passed:?}");
        });
    }
}

#[test]
fn an_entry_of_the_list_that_cannot_be_read_is_counted() {
    in_simulated_time(async {
        let (sandbox, contracts) = account(3);
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
        let happens = |page: Response| {
            let mut list: serde_json::Value = serde_json::from_slice(page.body().as_bytes()).unwrap();
            list["data"][1] = "no contract".into();
            page.map(|_| Body::from(list.to_string()))
        };
        let way = Between { inner: sandbox.oneflow_transport(), happens };
        let passed = sweep(oneflow(&sandbox, way), &work, &journal, &time).pass().await.unwrap();
        assert_eq!((passed.unreadable, due(&work).len()), (1, contracts.len() - 1));
    });
}

/// Each page begins with the last contract of the one before, by which it is known that none was passed over.
#[test]
fn a_pass_comes_to_its_end_though_no_page_shows_the_last_contract_of_the_one_before() {
    type Change = fn(&mut Vec<serde_json::Value>);
    let unreadable: Change = |contracts| *contracts.last_mut().unwrap() = "no contract".into();
    let twice: Change = |contracts| contracts[0] = contracts[1].clone();
    for (change, pages, missed) in [(unreadable, 4..=4, 1), (twice, 5..=30, 1)] {
        in_simulated_time(async {
            let (sandbox, contracts) = account(350);
            let time = SimulatedTime::of(&sandbox);
            let work = MemoryWork::new(time.clone(), time.clone());
            let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
            let happens = move |page: Response| {
                let mut list: serde_json::Value = serde_json::from_slice(page.body().as_bytes()).unwrap();
                change(list["data"].as_array_mut().unwrap());
                page.map(|_| Body::from(list.to_string()))
            };
            let way = Between { inner: sandbox.oneflow_transport(), happens };
            let passed = sweep(oneflow(&sandbox, way), &work, &journal, &time).pass().await.unwrap();
            assert!(pages.contains(&passed.pages), "{}", passed.pages);
            assert_eq!(due(&work).len(), contracts.len() - missed);
        });
    }
}

/// A pass that takes long does not look like an absence afterwards.
#[test]
fn the_server_is_known_to_be_there_during_a_pass() {
    in_simulated_time(async {
        let (sandbox, _) = account(1);
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
        let sweep = sweep(oneflow(&sandbox, Silent), &work, &journal, &time);
        tokio::time::timeout(Duration::from_secs(2 * 60 * 60), sweep.run()).await.unwrap_err();
        time.catch_up();
        let alive: Timestamp = journal.watermark(ALIVE).await.unwrap().unwrap().parse().unwrap();
        let ago = sandbox.now().duration_since(alive).unsigned_abs();
        assert!(ago <= Duration::from_secs(60), "{ago:?}");
    });
}

/// Never answers.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Transport for Silent {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        std::future::pending().await
    }
}

#[test]
fn passes_that_fail_are_told_of_once_until_one_is_finished() {
    in_simulated_time(async {
        let (sandbox, _) = account(1);
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let is_closed = Arc::new(AtomicBool::new(true));
        let status = Arc::new(AtomicU16::new(0));
        let inner = sandbox.oneflow_transport();
        let way = Way { inner, is_closed: Arc::clone(&is_closed), status: Arc::clone(&status) };
        let (alerts, mut raised) = Alerts::for_test();
        let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
        let sweep = sweep(oneflow(&sandbox, way), &work, &journal, &time);
        let sweep = tokio::spawn(Sweep { alerts, ..sweep }.run());
        let (failed, refused) = (Alert::sweep, || Alert::credentials("read-contract"));
        for (closed, answer, told) in [
            (true, 0, vec![failed()]),
            (true, 0, vec![]),
            (true, 401, vec![refused()]),
            (true, 0, vec![]),
            (false, 0, vec![]),
            (true, 401, vec![refused()]),
            (true, 401, vec![]),
            (true, 0, vec![failed()]),
            (false, 0, vec![]),
        ] {
            status.store(answer, Relaxed);
            is_closed.store(closed, Relaxed);
            tokio::time::sleep(Duration::from_secs(2 * 60 * 60)).await;
            let mut alerts = Vec::new();
            while let Ok(alert) = raised.try_recv() {
                alerts.push(alert);
            }
            assert_eq!(alerts, told, "{closed} {answer}");
        }
        assert!(!due(&work).is_empty());
        sweep.abort();
    });
}
