//! Passes over many contracts: what one costs, where it goes on after the process has died, and who is told of one that fails.

mod of_two_servers;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
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
        duty::Duty,
        look_recorder::LookRecorder,
        meters::Meters,
        sweep::{ALIVE, LAST_FULL_SWEEP, Listing, Sweep, Told},
        worker::Worker,
    },
    store::{
        Action, Ended, Ending, Handler, Journal as _, KeepLooks, LAST_SWEEP, Look, MemoryJournal, MemoryWork,
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

/// A host with such an account, and what it remembers.
struct Rig {
    sandbox: Sandbox,
    contracts: Vec<ContractId>,
    time: SimulatedTime,
    work: MemoryWork,
    journal: MemoryJournal,
}

impl Rig {
    /// One that has looked at nothing.
    fn new(contracts: usize) -> Self {
        let (sandbox, contracts) = account(contracts);
        Self::of(sandbox, contracts)
    }

    fn of(sandbox: Sandbox, contracts: Vec<ContractId>) -> Self {
        let time = SimulatedTime::of(&sandbox);
        let work = MemoryWork::new(time.clone(), time.clone());
        let journal = MemoryJournal::new(work.clone(), Arc::new(MemoryLedger::new()));
        Self { sandbox, contracts, time, work, journal }
    }

    /// One that has looked at all of them.
    async fn all_seen(self) -> Self {
        let oneflow = oneflow(&self.sandbox, self.sandbox.oneflow_transport());
        let mut list = oneflow.contracts().list(ListContracts::new().limit(100)).items();
        while let Some(contract) = list.next().await {
            let contract = contract.unwrap();
            self.look(contract.id, contract.last_change()).await;
        }
        self.last_full_sweep(self.sandbox.now()).await;
        self
    }

    /// A look that finds nothing to do.
    async fn look(&self, contract: ContractId, last_change: Option<Timestamp>) {
        let occasion = Occasion::new(contract, Trigger::Notification, self.sandbox.now());
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.drifts, look.last_change) = (Some(false), last_change);
        self.journal.record(&look).await.unwrap();
    }

    async fn last_full_sweep(&self, at: Timestamp) {
        self.journal.set_watermark(LAST_FULL_SWEEP, Some(&at.to_string())).await.unwrap();
    }

    /// Somebody fills in every n-th of them.
    fn change(&self, every: usize) -> BTreeSet<ContractId> {
        let changed: BTreeSet<_> = self.contracts.iter().copied().step_by(every).collect();
        for contract in &changed {
            self.sandbox.fill_data_field(contract.get(), NOTICE, "3 months").unwrap();
        }
        self.sandbox.clear_request_log();
        changed
    }

    fn sweep(&self) -> Sweep {
        self.sweep_over(self.sandbox.oneflow_transport())
    }

    fn sweep_over(&self, way: impl Transport + 'static) -> Sweep {
        Sweep {
            listing: Current::new(Listing::new(oneflow(&self.sandbox, way), Mapping::default())),
            lease: Duty::default(),
            tenant: Tenant::default(),
            work: Arc::new(self.work.clone()),
            journal: Arc::new(self.journal.clone()),
            interval: Some(Duration::from_secs(1800)),
            alerts: Alerts::default(),
            clock: Arc::new(self.time.clone()),
            sleep: Arc::new(self.time.clone()),
        }
    }

    /// A sweep that finds each page of the list changed so.
    fn sweep_with_entries<F>(&self, change: F) -> Sweep
    where
        F: Fn(&mut Vec<serde_json::Value>) + Send + Sync + 'static,
    {
        self.sweep_over(WithEntries { inner: self.sandbox.oneflow_transport(), change })
    }

    fn due(&self) -> BTreeSet<ContractId> {
        self.work.waiting().into_iter().map(|item| item.contract().unwrap()).collect()
    }

    /// Looks at everything that is due. Returns how many looks that were, and what they asked for.
    async fn look_at_all(&self) -> (usize, usize) {
        let Self { sandbox, time, work, journal, .. } = self;
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

    /// Gives a contract up, as the host does after its last try.
    async fn park(&self, contract: ContractId) {
        let handler = Arc::new(Parks(self.journal.clone(), self.sandbox.now()));
        self.work.enqueue(vec![contract.into()], Trigger::ByHand).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let run = tokio::spawn({
            let work = self.work.clone();
            async move { work.run(handler, WorkLimits::default(), stopping).await }
        });
        while self.work.parked().iter().all(|parked| parked.contract != contract) {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
        run.await.unwrap();
    }
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

#[test]
fn a_pass_over_ten_thousand_contracts_costs_its_pages_and_the_looks_at_what_has_changed() {
    in_simulated_time(async {
        let rig = Rig::new(10_000).all_seen().await;
        let changed = rig.change(100);
        // What they need if a person names them.
        let fork = Rig::of(rig.sandbox.fork(), Vec::new());
        let named = changed.iter().map(|contract| (*contract).into()).collect();
        fork.work.enqueue(named, Trigger::ByHand).await.unwrap();
        let (looks, needed) = fork.look_at_all().await;
        assert!(looks == 100 && needed > 300, "{looks} looks, {needed} requests");
        let sweep = rig.sweep();
        sweep.pass().await.unwrap();
        assert_eq!(rig.due(), changed);
        // A hundred pages, and what they overlap by.
        assert_eq!(rig.sandbox.request_log().len(), 101, "its pages, and nothing else");
        assert_eq!(rig.look_at_all().await, (100, needed));
        let has_notice =
            |card: &String| rig.sandbox.candidate_card(card).unwrap().get(NOTICE) == Some("3 months");
        assert_eq!(rig.sandbox.candidates().iter().filter(|card| has_notice(card)).count(), 100);
        sweep.pass().await.unwrap();
        assert_eq!(rig.due(), BTreeSet::new(), "what was looked at has not changed since");
    });
}

/// What a person has to see to, or has said to leave alone, is theirs until it changes: neither the pass for changes, whose last look read
/// nothing, nor the daily one over all tries it again.
#[test]
fn a_pass_leaves_alone_what_is_parked_or_was_dropped_until_it_changes() {
    in_simulated_time(async {
        let rig = Rig::new(4).all_seen().await;
        let sandbox = &rig.sandbox;
        let [parked, dropped, unknown, other] = rig.contracts[..] else { panic!("{:?}", rig.contracts) };
        // Three that were filled in, and that no look has read since.
        for contract in [parked, dropped, other] {
            sandbox.fill_data_field(contract.get(), NOTICE, "1 month").unwrap();
        }
        sandbox.advance(Duration::from_secs(3 * 60 * 60));
        for contract in [parked, dropped, unknown] {
            rig.park(contract).await;
        }
        sandbox.advance(Duration::from_secs(60));
        assert_eq!(rig.journal.drop_parked(&[dropped], sandbox.now()).await.unwrap(), [dropped]);
        sandbox.advance(Duration::from_secs(600));
        let sweep = rig.sweep();
        sweep.pass().await.unwrap();
        assert_eq!(rig.due(), BTreeSet::from([other]));
        let pass_over_all = async || {
            rig.last_full_sweep(sandbox.now() - Duration::from_secs(25 * 60 * 60)).await;
            sweep.pass().await.unwrap();
        };
        pass_over_all().await;
        assert_eq!(rig.due(), BTreeSet::from([other]), "nor does a pass over all");

        // A notification that was repeated has it looked at, in vain, a person links it, and the row of the drop gets old.
        let occasion = Occasion::new(dropped, Trigger::Notification, sandbox.now());
        rig.journal.record(&Look::without_end(occasion, NextLook::Left)).await.unwrap();
        let linked = Look::by_hand(Action::Linked, dropped, sandbox.now(), None);
        rig.journal.record(&linked).await.unwrap();
        pass_over_all().await;
        assert_eq!(rig.due(), BTreeSet::from([other]), "it has not changed");
        sandbox.advance(Duration::from_secs(91 * 24 * 60 * 60));
        rig.journal.drop_older(sandbox.now(), u32::MAX).await.unwrap();
        pass_over_all().await;
        assert_eq!(rig.due(), BTreeSet::from([other]), "nor after so long");

        for contract in [parked, dropped, unknown] {
            sandbox.fill_data_field(contract.get(), NOTICE, "3 months").unwrap();
        }
        sweep.pass().await.unwrap();
        assert_eq!(rig.due(), rig.contracts.iter().copied().collect());
    });
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
            let mut rig = Rig::of(sandbox, contracts.clone()).all_seen().await;
            let changed = rig.change(rng.usize(1..100));
            let mut deaths = 0;
            loop {
                let way = rig.sandbox.oneflow_transport();
                let wire = Wire::new(way, rig.time.clone(), rng.u64(..), &Arc::default());
                let run = rig.sweep_over(wire).run();
                // Ten pages take some four seconds.
                let life = Duration::from_millis(rng.u64(1..2_500));
                tokio::time::timeout(life, run).await.unwrap_err();
                rig.work = rig.work.crash();
                rig.journal = rig.journal.crash(rig.work.clone());
                if rig.journal.watermark(LAST_SWEEP).await.unwrap().is_some() {
                    break;
                }
                deaths += 1;
                assert!(deaths < 30, "seed {seed}: no pass came to its end");
            }
            all_deaths += deaths;
            assert_eq!(rig.due(), changed, "seed {seed}");
            let pages = rig.sandbox.request_log().len();
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

/// Has the list have other entries than the account has contracts.
struct WithEntries<T, F> {
    inner: T,
    change: F,
}

impl<T, F> std::fmt::Debug for WithEntries<T, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithEntries")
    }
}

#[async_trait]
impl<T: Transport, F: Fn(&mut Vec<serde_json::Value>) + Send + Sync> Transport for WithEntries<T, F> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let page = self.inner.execute(request).await?;
        let mut list: serde_json::Value = serde_json::from_slice(page.body().as_bytes()).unwrap();
        (self.change)(list["data"].as_array_mut().unwrap());
        Ok(page.map(|_| Body::from(list.to_string())))
    }
}

#[test]
fn a_pass_misses_nothing_of_a_list_from_which_contracts_are_deleted_meanwhile() {
    for deleted_at_once in [1, 2, 7] {
        in_simulated_time(async {
            let rig = Rig::new(350).all_seen().await;
            let changed = rig.change(1);
            // After each page, some of those that it has shown, the last among them: until ten pages are read, which is enough.
            let (world, pages) = (rig.sandbox.clone(), AtomicU16::new(0));
            let sweep = rig.sweep_with_entries(move |contracts| {
                if pages.fetch_add(1, Relaxed) < 10 {
                    for contract in contracts.iter().rev().take(deleted_at_once) {
                        world.delete_contract(contract["id"].as_i64().unwrap()).unwrap();
                    }
                }
            });
            let passed = sweep.pass().await.unwrap();
            assert_eq!(rig.due(), changed, "{deleted_at_once}");
            assert!(passed.pages < 20, "{passed:?}");
        });
    }
}

/// Two pages show the last entry of the first, and each pass shows it again.
#[test]
fn an_entry_of_the_list_that_cannot_be_read_is_counted_once_and_told_of_once_until_it_is_another() {
    in_simulated_time(async {
        let rig = Rig::new(150);
        // By the contract of the entry, what it says in place of one.
        let broken = Arc::new(Mutex::new(BTreeMap::new()));
        let sweep = rig.sweep_with_entries({
            let broken = Arc::clone(&broken);
            move |entries| {
                let broken = broken.lock().unwrap();
                for entry in entries {
                    let by: Option<&serde_json::Value> = broken.get(&entry["id"].as_i64().unwrap());
                    if let Some(by) = by {
                        *entry = by.clone();
                    }
                }
            }
        });
        // The newest come first.
        let [last_of_page, other] = [rig.contracts[50].get(), rig.contracts[7].get()];
        let without_id = serde_json::json!({ "id": null, "state": "pending" });
        let nothing = serde_json::json!("no contract");
        let mut told = Told::default();
        for (row, (entries, count, is_news)) in [
            (vec![], 0, false),
            (vec![(last_of_page, nothing.clone())], 1, true),
            (vec![(last_of_page, nothing.clone())], 1, false),
            (vec![(last_of_page, nothing.clone()), (other, without_id.clone())], 2, true),
            (vec![(other, without_id.clone())], 1, false),
            (vec![(last_of_page, nothing)], 1, true),
            (vec![], 0, false),
            (vec![(other, without_id.clone())], 1, true),
        ]
        .into_iter()
        .enumerate()
        {
            *broken.lock().unwrap() = entries.into_iter().collect();
            let passed = sweep.pass().await.unwrap();
            assert_eq!((passed.unreadable.len(), passed.has_news(&mut told)), (count, is_news), "row {row}");
        }
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
            let rig = Rig::new(350);
            let passed = rig.sweep_with_entries(change).pass().await.unwrap();
            assert!(pages.contains(&passed.pages), "{}", passed.pages);
            assert_eq!(rig.due().len(), rig.contracts.len() - missed);
        });
    }
}

/// A pass that takes long does not look like an absence afterwards.
#[test]
fn the_server_is_known_to_be_there_during_a_pass() {
    in_simulated_time(async {
        let rig = Rig::new(1);
        let sweep = rig.sweep_over(Silent);
        tokio::time::timeout(Duration::from_secs(2 * 60 * 60), sweep.run()).await.unwrap_err();
        rig.time.catch_up();
        let alive: Timestamp = rig.journal.watermark(ALIVE).await.unwrap().unwrap().parse().unwrap();
        let ago = rig.sandbox.now().duration_since(alive).unsigned_abs();
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
        let rig = Rig::new(1);
        let is_closed = Arc::new(AtomicBool::new(true));
        let status = Arc::new(AtomicU16::new(0));
        let inner = rig.sandbox.oneflow_transport();
        let way = Way { inner, is_closed: Arc::clone(&is_closed), status: Arc::clone(&status) };
        let (alerts, mut raised) = Alerts::for_test();
        let sweep = tokio::spawn(Sweep { alerts, ..rig.sweep_over(way) }.run());
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
        assert!(!rig.due().is_empty());
        sweep.abort();
    });
}
