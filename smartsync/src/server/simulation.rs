//! The whole host under a seed: from the notification to the card, with notifications that are lost, doubled and out of order, faults of both
//! services and of the store before and after the effect, and a process that dies at any await of its store or between two requests. One seed,
//! one story. The same with two processes over one store, which lose what they have claimed while they live: see [`two`].
//!
//! `SIMULATION=10000 cargo test -p smartsync --all-features --lib simulation` runs that many seeds, `SIMULATION_SEED=7` one of them with its story.

#![cfg(feature = "test-util")]

mod away;
mod fate;
mod passes;
mod shaky;
mod time;
mod two;
mod watch;

use std::{
    collections::BTreeMap,
    future::poll_fn,
    ops::Range,
    sync::{Arc, Mutex},
    task::Poll,
    thread,
    time::Duration,
};

use async_trait::async_trait;
use fastrand::Rng;
use oneflow_client::{
    ContractId, OneflowClient,
    webhook::{Verifier, test_notification},
};
use secrecy::SecretString;
use smartsync_core::{
    Engine, EngineError, LedgerEntry, Mapping, MemoryLedger, Reason, SyncKeys,
    ledger::{DocumentRecord, Ledger as _},
};
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, Notification, Origin, Sandbox, SandboxSettings, WireFault, WireFaults,
};
use smartsync_transport::Limiter;
use teamtailor_client::TeamtailorClient;
use tokio::{runtime::Builder, task::JoinHandle, time as tokio_time};

use self::{
    fate::Fate,
    shaky::Shaky,
    time::{ProcessTime, SimulatedTime, Wire},
    watch::Watch,
};
use super::{
    alerts::Alerts,
    current::Current,
    duty::Duty,
    look_recorder::LookRecorder,
    meters::Meters,
    receiver::Receiver,
    sweep::{Listing, Sweep},
    worker::{Engines, Worker},
};
use crate::store::{
    Journal as _, KeepLooks, MemoryJournal, MemoryLeases, MemoryWork, Tenant, Work as _, WorkLimits,
};

const SIGN_KEY: &str = "the sign key of the simulation, which is long enough";
const KEY: &str = "6b65792d6f662d7468652d73696d756c6174696f6e2d33322d62797465732121";
const NOTICE: &str = "oneflow-notice";

/// A part of each text that somebody has typed: notice periods, names, addresses.
const TYPED: [&str; 3] = ["months", "Candidate\"", "@example.com"];

/// So long does a sender of notifications wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// So many seeds in a run of all tests.
const SEEDS: u64 = 2000;

/// What happens to both services. A crash is the process's.
const FAULTS: [WireFault; 8] = [
    WireFault::NoConnection,
    WireFault::LostRequest,
    WireFault::LostAnswer,
    WireFault::Truncated,
    WireFault::Garbage,
    WireFault::Status(503),
    WireFault::StatusAfter(502),
    WireFault::Throttled(20),
];

struct Fixed(Arc<Engine>);

#[async_trait]
impl Engines for Fixed {
    async fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        Ok(Arc::clone(&self.0))
    }
}

/// A process of the host.
struct Process {
    task: JoinHandle<()>,
    fate: Fate,
    /// The store as it has it open.
    work: MemoryWork,
    /// Has its claims lapse when it stands still.
    lapses: Option<JoinHandle<()>>,
}

/// A world and the host in it.
struct Simulation {
    rng: Rng,
    time: SimulatedTime,
    sandbox: Sandbox,
    mapping: Mapping,
    ledger: Arc<MemoryLedger>,
    journal: MemoryJournal,
    work: MemoryWork,
    watch: Watch,
    /// The processes that live or are as good as dead, each in its place.
    processes: Vec<Option<Process>>,
    /// So many have begun.
    begun: u32,
    /// Where several processes share the store.
    leases: Option<MemoryLeases>,
    has_faults: bool,
    /// Whether the host sweeps; if not, no notification is lost for good.
    sweeps: bool,
    /// Whether somebody sends what they have seen of notifications.
    is_replayed: bool,
    /// The contracts of each candidate, in the order in which they were sent.
    candidates: BTreeMap<String, Vec<i64>>,
    /// What a participant has filled in last.
    filled: BTreeMap<i64, String>,
    /// In the order of their signatures.
    signed: Vec<i64>,
    /// Under way to the host.
    late: Vec<Notification>,
    /// So many notifications were made up from what others have seen.
    seen_by_others: u32,
    story: Arc<Mutex<Vec<String>>>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let sandbox = Sandbox::new(SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000));
        let time = SimulatedTime::of(&sandbox);
        let mapping = mapping(&sandbox);
        let story = Arc::default();
        let watch = Watch::new(time.clone());
        let (work, ledger) = (MemoryWork::new(time.clone(), time.clone()), Arc::new(MemoryLedger::new()));
        let mut simulation = Self {
            sweeps: rng.bool(),
            is_replayed: rng.u8(..4) == 0,
            time,
            mapping,
            journal: MemoryJournal::new(work.clone(), Arc::clone(&ledger) as _),
            ledger,
            work,
            watch,
            processes: vec![None],
            begun: 0,
            leases: None,
            has_faults: true,
            candidates: BTreeMap::new(),
            filled: BTreeMap::new(),
            signed: Vec::new(),
            late: Vec::new(),
            seen_by_others: 0,
            story,
            sandbox,
            rng,
        };
        simulation.register_webhook();
        for number in 0..simulation.rng.usize(1..4) {
            let email = format!("candidate{number}@example.com");
            let seed = CandidateSeed::new(&email).name("A", "Candidate");
            let candidate = simulation.sandbox.add_candidate(seed).unwrap();
            let contracts = if simulation.rng.u8(..3) == 0 { 2 } else { 1 };
            let contracts = (0..contracts).map(|_| simulation.add_contract(&email)).collect();
            simulation.candidates.insert(candidate, contracts);
        }
        simulation.link_those_of_one_candidate();
        simulation
    }

    fn add_contract(&self, email: &str) -> i64 {
        let seed = ContractSeed::new(self.sandbox.seeded().template, "Employment");
        self.sandbox.add_contract(seed.counterparty("A Candidate", email).published()).unwrap()
    }

    /// What has more than one contract has its first looks behind it: both are known to be of the candidate, and filled in.
    fn link_those_of_one_candidate(&mut self) {
        for (candidate, contracts) in self.candidates.iter().filter(|(_, contracts)| contracts.len() > 1) {
            for contract in contracts.iter().copied() {
                let mut entry = LedgerEntry::default();
                entry.candidate = Some(candidate.as_str().into());
                self.ledger.put(ContractId::new(contract), entry);
                self.work.is_of(ContractId::new(contract), candidate.as_str().into());
                self.watch.is_of(ContractId::new(contract).into(), candidate);
                let value = format!("{contract} months");
                self.sandbox.fill_data_field(contract, NOTICE, &value).unwrap();
                self.filled.insert(contract, value);
            }
        }
    }

    fn contracts(&self) -> Vec<i64> {
        self.candidates.values().flatten().copied().collect()
    }

    fn register_webhook(&self) {
        let body =
            serde_json::json!({ "callback_url": "https://hooks.example.com/oneflow", "sign_key": SIGN_KEY });
        let request = smartsync_transport::http::Request::post("https://api.oneflow.com/v1/webhooks")
            .header("x-oneflow-api-token", self.sandbox.oneflow_token())
            .header("x-oneflow-user-email", self.sandbox.user_email())
            .header("content-type", "application/json")
            .body(smartsync_transport::Body::from(body.to_string()))
            .unwrap();
        assert!(self.sandbox.handle(Origin::Oneflow, request).status().is_success());
    }

    fn tell(&self, what: &str) {
        self.story.lock().unwrap().push(format!("{} {what}", self.sandbox.now()));
    }

    /// All processes begin.
    fn start_all(&mut self) {
        (0..self.processes.len()).for_each(|place| self.start(place));
    }

    /// A process begins. What one that is alone had not kept before is gone.
    fn start(&mut self, place: usize) {
        self.begun += 1;
        let mut fate = Fate::new(self.begun, self.rng.u64(..), self.has_faults);
        let work = if self.leases.is_none() {
            self.work = self.work.crash();
            self.journal = self.journal.crash(self.work.clone());
            self.work.clone()
        } else {
            if self.has_faults {
                fate = fate.may_stand_still();
            }
            self.work.beside()
        };
        let kept = work.clone();
        let (work, journal) =
            (Arc::new(self.shaky(work, &fate)), Arc::new(self.shaky(self.journal.clone(), &fate)));
        let time = ProcessTime { time: self.time.clone(), fate: fate.clone() };
        let faults = if self.has_faults {
            WireFaults::seeded(self.rng.u64(..), 12, FAULTS).sleep(self.time.clone())
        } else {
            WireFaults::none()
        };
        let wire =
            Wire::new(faults.on(self.sandbox.transport()), self.time.clone(), self.rng.u64(..), &self.story)
                .of(&fate, &self.watch);
        let oneflow = OneflowClient::builder()
            .api_token(self.sandbox.oneflow_token())
            .user_email(self.sandbox.user_email())
            .transport(wire.clone())
            .sleep(time.clone())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let teamtailor = TeamtailorClient::builder()
            .api_key(self.sandbox.teamtailor_key())
            .transport(wire)
            .sleep(time.clone())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let keys = SyncKeys::new("simulation", [SecretString::from(KEY)]).unwrap();
        let ledger = Arc::new(self.shaky(Arc::clone(&self.ledger), &fate));
        let mut engine = Engine::builder(oneflow.clone(), teamtailor, self.mapping.clone(), ledger, keys)
            .clock(self.time.clone());
        if let Some(leases) = &self.leases {
            engine = engine.leases(self.shaky(leases.clone(), &fate));
        }
        let engine = engine.build().unwrap();
        let recorder = LookRecorder::new(Arc::clone(&journal) as _, KeepLooks::default());
        let jitter = Mutex::new(self.rng.fork());
        let jitter = Arc::new(move || jitter.lock().unwrap().f64());
        let worker = Worker::new(Arc::new(Fixed(Arc::new(engine))), recorder, Meters::default())
            .deterministic(Arc::new(self.time.clone()), jitter);
        let handler = self.watch.around(worker, fate.process(), &self.story);
        let leases = self.leases.clone().map(|leases| Arc::new(self.shaky(leases, &fate)) as _);
        let sweep = Sweep {
            lease: Duty::sweep(leases),
            listing: Current::new(Listing::new(oneflow, self.mapping.clone())),
            tenant: Tenant::default(),
            work: Arc::clone(&work) as _,
            journal,
            interval: self.sweeps.then_some(Duration::from_secs(1800)),
            alerts: Alerts::default(),
            clock: Arc::new(self.time.clone()),
            sleep: Arc::new(time),
        };
        let (never, stop) = tokio::sync::watch::channel(false);
        let process = async move {
            let _never = never;
            tokio::select! {
                biased;
                () = work.run(handler, WorkLimits::default().concurrency(2), stop) => {}
                () = sweep.run() => {}
            }
        };
        let task = tokio::spawn(process);
        let lapses = self.leases.is_some().then(|| self.lapses_while_it_stands_still(&kept, &fate));
        self.tell(&format!("process {} begins", fate.process()));
        self.processes[place] = Some(Process { task, fate, work: kept, lapses });
    }

    fn shaky<T>(&self, inner: T, fate: &Fate) -> Shaky<T> {
        Shaky { inner, fate: fate.clone(), watch: self.watch.clone(), time: self.time.clone() }
    }

    async fn crash_all(&mut self) {
        for place in 0..self.processes.len() {
            self.crash(place).await;
        }
    }

    async fn crash(&mut self, place: usize) {
        let Some(Process { task, fate, work, lapses }) = self.processes[place].take() else { return };
        self.tell(&format!("process {} dies", fate.process()));
        for task in lapses.into_iter().chain([task]) {
            task.abort();
            task.await.ok();
        }
        work.lose_claims();
        self.watch.forget(fate.process());
    }

    /// The processes that are not as good as dead.
    fn living(&self) -> impl Iterator<Item = &Process> {
        self.processes.iter().flatten().filter(|process| !process.fate.is_dead())
    }

    /// Some time passes, or a part of it, if a process dies meanwhile.
    async fn pass(&self, time: Duration) {
        let mut deaths: Vec<_> = self.living().map(|process| Box::pin(process.fate.death())).collect();
        let death = poll_fn(|context| {
            let is_dead = deaths.iter_mut().any(|death| death.as_mut().poll(context).is_ready());
            if is_dead { Poll::Ready(()) } else { Poll::Pending }
        });
        tokio_time::timeout(time, death).await.ok();
        self.time.catch_up();
    }

    /// Oneflow sends what is due. Some arrives late, twice, or never; nothing arrives where no process is.
    async fn deliver(&mut self) {
        let mut due = self.sandbox.due_notifications();
        self.rng.shuffle(&mut due);
        for notification in due {
            let id = notification.callback_id().to_owned();
            match self.rng.u8(..10) {
                0 if self.sweeps && self.has_faults => {
                    self.sandbox.acknowledge(&id, 200);
                    self.tell(&format!("{id} is lost on its way"));
                }
                1 | 2 if self.has_faults => {
                    self.sandbox.acknowledge(&id, 504);
                    self.late.push(notification);
                }
                _ => {
                    let status = self.receive(&notification).await;
                    self.sandbox.acknowledge(&id, status);
                    if self.rng.u8(..5) == 0 {
                        self.late.push(notification);
                    }
                }
            }
        }
        self.rng.shuffle(&mut self.late);
        for _ in 0..self.rng.usize(..3) {
            if let Some(notification) = self.late.pop() {
                self.receive(&notification).await;
            }
        }
    }

    async fn receive(&mut self, notification: &Notification) -> u16 {
        let (callback_id, contract) = (notification.callback_id(), notification.contract());
        let status = self.accept(callback_id, contract, &notification.body()).await;
        self.tell(&format!(
            "{} for {} is answered {status}",
            notification.callback_id(),
            notification.contract()
        ));
        status
    }

    /// What the host answers.
    async fn accept(&mut self, callback_id: &str, contract: i64, body: &[u8]) -> u16 {
        let living = self.living().count();
        let which = if living > 1 { self.rng.usize(..living) } else { 0 };
        let Some(Process { fate, work, .. }) = self.living().nth(which) else { return 503 };
        let verifier = Current::new(Verifier::new([SecretString::from(SIGN_KEY)]).unwrap());
        let receiver = Receiver::new(verifier, Arc::new(self.shaky(work.clone(), fate)), Meters::default());
        let status = tokio::select! {
            biased;
            (status, _) = receiver.accept(body, None, None) => status.as_u16(),
            () = fate.death() => 503,
            // Whoever asks waits no longer.
            () = tokio_time::sleep(PATIENCE) => 504,
        };
        if status == 200 {
            self.watch.accepted(callback_id, &ContractId::new(contract).into());
        }
        status
    }

    /// Something happens in one of the services, or to the process.
    async fn event(&mut self) {
        let contracts = self.contracts();
        let contract = contracts[self.rng.usize(..contracts.len())];
        match self.rng.u8(..10) {
            0..4 if !self.signed.contains(&contract) => {
                let value = format!("{} months", self.rng.u8(1..100));
                if self.sandbox.fill_data_field(contract, NOTICE, &value).is_ok() {
                    self.tell(&format!("in contract {contract} somebody fills in {value}"));
                    self.filled.insert(contract, value);
                }
            }
            4 if self.sandbox.sign_all(contract).is_ok() => {
                self.tell(&format!("contract {contract} is signed"));
                self.signed.push(contract);
            }
            5 if self.is_replayed => self.replays(contract).await,
            6 | 7 => {
                let places = self.processes.len();
                let place = if places > 1 { self.rng.usize(..places) } else { 0 };
                self.crash_and_start(place).await;
            }
            8 if self.leases.is_some() => self.loses_its_connection(),
            _ => {}
        }
    }

    async fn crash_and_start(&mut self, place: usize) {
        self.crash(place).await;
        // Oneflow repeats a notification for 1 h 47 min.
        let away = if self.sweeps { self.rng.u64(1..4 * 3600) } else { self.rng.u64(1..1800) };
        self.pass(Duration::from_secs(away)).await;
        self.start(place);
    }

    /// Somebody who has seen notifications sends them for a contract of their choice: the signature does not cover which.
    async fn replays(&mut self, contract: i64) {
        self.tell(&format!("somebody sends old notifications for contract {contract}"));
        for _ in 0..self.rng.usize(1..30) {
            self.seen_by_others += 1;
            let callback_id = format!("seen-{}", self.seen_by_others);
            let body = test_notification(&callback_id, contract, &["data_field:update"], &SIGN_KEY.into());
            self.accept(&callback_id, contract, body.as_bytes()).await;
            let wait = Duration::from_millis(self.rng.u64(1..4_000));
            self.pass(wait).await;
        }
    }

    async fn run(&mut self) {
        self.pass(Duration::from_secs(600)).await;
        self.start_all();
        for _ in 0..self.rng.usize(5..40) {
            self.event().await;
            self.deliver().await;
            let wait = Duration::from_millis(self.rng.u64(1..120_000));
            self.pass(wait).await;
            for place in 0..self.processes.len() {
                if self.processes[place].as_ref().is_some_and(|process| process.fate.is_dead()) {
                    self.crash_and_start(place).await;
                }
            }
        }
        // All is well from here on: what is due is done within hours.
        self.crash_all().await;
        self.has_faults = false;
        self.start_all();
        for _ in 0..12 {
            self.deliver().await;
            self.pass(Duration::from_secs(1800)).await;
        }
        self.crash_all().await;
    }

    /// What is not as it has to be.
    async fn faults(&self) -> Vec<String> {
        let mut faults = self.watch.faults();
        faults.extend(self.watch.without_look());
        faults.extend(self.faults_of_journal());
        for (candidate, contracts) in &self.candidates {
            let card = self.sandbox.candidate_card(candidate).unwrap();
            let first = self.first_of(contracts);
            let (on_card, filled) = (card.get(NOTICE), self.filled.get(&first).map(String::as_str));
            if on_card != filled {
                faults.push(format!(
                    "contract {first} of {contracts:?} has {filled:?}, and the card {on_card:?}"
                ));
            }
            let is_signed = |contract: &&i64| self.signed.contains(contract);
            let (documents, expected) = (card.uploads.len(), contracts.iter().filter(is_signed).count());
            // Nobody knows whether the upload whose answer was lost has arrived: a person is asked, and none is made a second time.
            let mut open = 0;
            for contract in contracts {
                open += usize::from(self.is_open(ContractId::new(*contract)).await);
            }
            if documents > expected || documents + open < expected {
                faults.push(format!("{contracts:?} have {documents} documents, not {expected}"));
            }
        }
        let parked = self.work.parked().into_iter().map(|parked| parked.contract.into());
        for item in self.work.waiting().into_iter().chain(parked) {
            if !self.is_open(item.contract().unwrap()).await {
                faults.push(format!("{item} waits or is parked"));
            }
        }
        faults
    }

    /// The contract to which the card listens: the one that was signed last, or else sent last.
    fn first_of(&self, contracts: &[i64]) -> i64 {
        let signed = self.signed.iter().rev().find(|contract| contracts.contains(contract));
        *signed.or(contracts.last()).unwrap()
    }

    /// Whether a person has to find out what became of an upload.
    async fn is_open(&self, contract: ContractId) -> bool {
        let standing = self.journal.standing(contract).await.unwrap();
        let unknown = Reason::UploadUnknown.code();
        // The journal may have failed at the look that has parked it.
        let parked = self.work.parked().into_iter().find(|parked| parked.contract == contract);
        // Its last look may have failed at something else.
        let is_begun = self.ledger.load(contract).await.unwrap().document == Some(DocumentRecord::Intended);
        if parked.is_some_and(|parked| is_begun || parked.reason.contains(unknown)) {
            return true;
        }
        standing.is_some_and(|standing| standing.reasons.iter().any(|reason| reason == unknown))
    }

    /// The rows are those of the looks, and none has a text that somebody has typed.
    fn faults_of_journal(&self) -> Vec<String> {
        let rows = self.journal.all();
        let mut faults = self.watch.faults_of(&rows);
        for row in &rows {
            let text = format!("{row:?} {}", serde_json::to_string(row).unwrap());
            if TYPED.iter().any(|typed| text.contains(typed)) {
                faults.push(format!("the journal has a value: {text}"));
            }
        }
        faults
    }
}

/// The convention, for contracts that are found by the address that they were sent to.
fn mapping(sandbox: &Sandbox) -> Mapping {
    let mapping = format!(
        r#"{{ "sync": {{ "link": ["ledger", "participant_custom_id", "email"], "template_types": [{}],
            "document": {{ "by_email": true }} }} }}"#,
        sandbox.seeded().template_type
    );
    crate::config::ConfigFile::from_json(&with_sections(&mapping)).unwrap().config().unwrap().mapping
}

/// A whole configuration around `[sync]`.
fn with_sections(mapping: &str) -> String {
    let mut config: serde_json::Value = serde_json::from_str(mapping).unwrap();
    config["oneflow"] = serde_json::json!({ "token": { "env": "NONE" }, "user_email": "a@example.com" });
    config["teamtailor"] = serde_json::json!({ "token": { "env": "NONE" } });
    config.to_string()
}

/// Runs something in a time of its own, which passes when everything waits.
fn in_simulated_time<T>(story: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(story)
}

/// Runs what begins with a seed; returns its faults and its story.
fn run(begin: fn(u64) -> Simulation, seed: u64) -> (Vec<String>, Vec<String>) {
    in_simulated_time(async {
        let mut simulation = begin(seed);
        simulation.run().await;
        let story = simulation.story.lock().unwrap().clone();
        (simulation.faults().await, story)
    })
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn seeds() -> Range<u64> {
    match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATION").unwrap_or(SEEDS),
    }
}

#[test]
fn whatever_happens_the_cards_are_as_the_contracts_say_in_the_end() {
    all_are_well(Simulation::new);
}

fn all_are_well(begin: fn(u64) -> Simulation) {
    // A runtime for each seed, so that the threads share nothing.
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for first in 0..threads {
            let seeds = seeds().skip(first).step_by(threads);
            scope.spawn(move || seeds.for_each(|seed| is_well(begin, seed)));
        }
    });
}

fn is_well(begin: fn(u64) -> Simulation, seed: u64) {
    let (faults, story) = run(begin, seed);
    assert!(faults.is_empty(), "seed {seed}: {faults:#?}\n{}", story.join("\n"));
}

#[test]
fn one_seed_is_one_story() {
    for begin in [Simulation::new, Simulation::of_two] {
        for seed in 0..5 {
            let ((_, first), (_, second)) = (run(begin, seed), run(begin, seed));
            assert!(first.len() > 20, "{first:#?}");
            assert_eq!(first, second, "seed {seed}");
        }
    }
}
