//! One seed from its beginning to its end.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
};

use oneflow_client::{OneflowClient, contracts::PublishMessage};
use smartsync_core::{ChangeLimit, ContractRequest, Engine, EngineError, SyncKeys};
use smartsync_sandbox::Origin;
use smartsync_transport::{Limiter, RetryPolicy};
use teamtailor_client::TeamtailorClient;

use super::{
    counts::Counts,
    judge::{Ending, Rule, Violation},
    shaky_ledger::ShakyLedger,
    stage::Stage,
    task::{Purpose, Task},
    trouble::Trouble,
    wait::Time,
    wire::Wire,
};

/// Contracts of one run.
const MAX_CONTRACTS: usize = 3;
/// Clean looks at each contract until nothing may be left to do.
const MAX_ROUNDS: usize = 6;

/// What came of one seed.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verdict {
    /// What must not have happened.
    pub violations: Vec<Violation>,
    /// What happened, and how often.
    pub counts: Counts,
}

/// Runs one seed. With `is_traced`, every step is printed as it happens.
#[must_use]
pub fn run(seed: u64, is_traced: bool) -> Verdict {
    let stage = Stage::new(seed, is_traced);
    let ran = catch_unwind(AssertUnwindSafe(|| match Run::new(&stage) {
        Ok(mut run) => {
            run.disturb();
            run.calm_down();
            None
        }
        Err(message) => Some(message),
    }));
    let mut stage = stage.lock();
    match ran {
        Ok(None) => {}
        Ok(Some(message)) => stage.judge.accuse(Rule::Panic, message),
        Err(_) => stage.judge.accuse(Rule::Panic, "see stderr".to_owned()),
    }
    let mut counts = std::mem::take(&mut stage.counts);
    counts.add_all(&stage.judge.counts);
    for violation in &stage.judge.violations {
        stage.trace(|| format!("VIOLATION {violation}"));
    }
    Verdict { violations: std::mem::take(&mut stage.judge.violations), counts }
}

/// A look or a creation that is being polled.
struct Active {
    task: usize,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

/// One seed under way.
struct Run {
    stage: Arc<Stage>,
    engine: Arc<Engine>,
    active: Vec<Active>,
    /// The creations so far: their request ids, candidates, and whether they are to be sent at once.
    creations: Vec<(String, usize, bool)>,
    ending: Ending,
}

impl Run {
    fn new(stage: &Arc<Stage>) -> Result<Self, String> {
        let engine = Arc::new(engine(stage)?);
        Ok(Self {
            stage: Arc::clone(stage),
            engine,
            active: Vec::new(),
            creations: Vec::new(),
            ending: Ending::new(),
        })
    }

    fn draw(&self, below: u8) -> u8 {
        self.stage.lock().rng.u8(..below)
    }

    /// Everything goes wrong.
    fn disturb(&mut self) {
        self.new_contract();
        self.blink();
        let count = 5 + self.draw(8);
        for _ in 0..count {
            match self.draw(100) {
                0..45 => self.story(),
                45..57 => self.stage.lock().somebody(),
                57..70 => self.look_anywhere(false),
                70..76 => self.look_anywhere(true),
                76..81 => self.open_gates(),
                81..88 => self.new_contract(),
                88..91 => self.repeat_creation(),
                _ => {
                    let mut stage = self.stage.lock();
                    let seconds =
                        if stage.rng.bool() { stage.rng.u64(1..=60) } else { stage.rng.u64(1..=7200) };
                    stage.advance(seconds * 1_000);
                    stage.trace(|| format!("{seconds} s pass"));
                    stage.pass_step();
                }
            }
            self.blink();
        }
        self.open_gates();
    }

    /// A little time goes by, or none.
    fn blink(&self) {
        let mut stage = self.stage.lock();
        let milliseconds = stage.rng.u64(..4) * 1_700;
        stage.advance(milliseconds);
    }

    /// A participant edits, a look goes wrong, a recruiter reacts, and there is another look.
    fn story(&mut self) {
        let contract = if self.draw(6) == 0 {
            self.stage.lock().turn_the_tables()
        } else {
            self.stage.lock().participants_fill()
        };
        self.blink();
        let is_free = |contract: &i64| !self.is_busy(*contract);
        let Some(contract) = contract.filter(is_free) else { return self.look_anywhere(false) };
        let is_held = self.draw(8) == 0;
        self.start_look(contract, is_held, false);
        self.drive();
        if self.draw(3) > 0 {
            self.blink();
            self.stage.lock().recruiter_reacts();
        }
        if self.draw(3) == 0 {
            self.stage.lock().somebody();
        }
        self.blink();
        match self.draw(3) {
            0 if !self.is_busy(contract) => {
                self.start_look(contract, false, false);
                self.drive();
            }
            1 => self.look_anywhere(false),
            _ => {}
        }
    }

    fn contracts(&self) -> Vec<i64> {
        self.stage.lock().judge.contracts.keys().copied().collect()
    }

    fn look_anywhere(&mut self, is_held: bool) {
        let free: Vec<i64> = self.contracts().into_iter().filter(|id| !self.is_busy(*id)).collect();
        if free.is_empty() {
            return;
        }
        let (first, is_beside) = {
            let mut stage = self.stage.lock();
            (stage.rng.usize(..free.len()), stage.rng.u8(..8) == 0)
        };
        self.start_look(free[first], is_held, is_beside);
        if is_beside && free.len() > 1 {
            self.start_look(free[(first + 1) % free.len()], false, true);
        }
        self.drive();
    }

    fn is_busy(&self, contract: i64) -> bool {
        let stage = self.stage.lock();
        self.active
            .iter()
            .any(|active| stage.judge.witnesses[active.task].purpose == Purpose::Look { contract })
    }

    fn start_look(&mut self, contract: i64, is_held: bool, is_beside: bool) {
        let task = {
            let mut stage = self.stage.lock();
            let troubles = Trouble::draw(&mut stage.rng);
            let is_calm = troubles.is_empty() && !is_held && !is_beside && self.active.is_empty();
            stage.counts.add("task", if is_held { "look applied late" } else { "look" });
            stage.begin(Purpose::Look { contract }, Task::new(troubles, is_held), is_calm)
        };
        let work = look(Arc::clone(&self.stage), Arc::clone(&self.engine), task, contract);
        self.active.push(Active { task, work: Box::pin(work) });
    }

    /// The plans that were made some time ago are applied.
    fn open_gates(&mut self) {
        for active in &self.active {
            self.stage.lock().tasks[active.task].is_held = false;
        }
        self.drive();
    }

    fn new_contract(&mut self) {
        if self.contracts().len() >= MAX_CONTRACTS {
            return;
        }
        let candidate = {
            let mut stage = self.stage.lock();
            let count = stage.scenario.candidates;
            stage.rng.usize(..count)
        };
        if self.draw(5) < 2 {
            return self.stage.lock().add_contract(candidate);
        }
        let request = format!("hire-{}", self.creations.len());
        let is_sent = self.draw(4) > 0;
        self.creations.push((request, candidate, is_sent));
        self.create(self.creations.len() - 1);
    }

    fn repeat_creation(&mut self) {
        let count = self.creations.len();
        if count > 0 {
            let number = self.stage.lock().rng.usize(..count);
            self.create(number);
        }
    }

    /// Makes a contract; now and then a look at it runs beside.
    fn create(&mut self, number: usize) {
        let troubles = Trouble::draw(&mut self.stage.lock().rng);
        self.start_creation(number, troubles);
        let is_beside = self.draw(3) == 0;
        if !is_beside {
            return self.drive();
        }
        let before = self.contracts();
        let mut has_look = false;
        loop {
            if !self.turn(true) {
                break;
            }
            let new = self.contracts().into_iter().find(|id| !before.contains(id));
            if let Some(new) = new.filter(|_| !has_look)
                && self.draw(3) == 0
            {
                has_look = true;
                let mut stage = self.stage.lock();
                // A person may send the draft sooner than the host does, and a participant may be quick.
                if stage.sandbox.publish(new).is_ok() {
                    stage.judge.next_step();
                    stage.reread_contract(new);
                    stage.trace(|| format!("a person sends {new}"));
                    stage.advance(2_000);
                    stage.participants_fill();
                }
                drop(stage);
                self.start_look(new, false, true);
            }
        }
    }

    fn start_creation(&mut self, number: usize, troubles: Vec<Trouble>) {
        let (request, candidate, is_sent) = self.creations[number].clone();
        let (task, contract_request) = {
            let mut stage = self.stage.lock();
            stage.counts.add("task", "creation");
            let is_calm = troubles.is_empty();
            let purpose = Purpose::Creation { request: request.clone(), candidate };
            let task = stage.begin(purpose, Task::new(troubles, false), is_calm);
            // It is made of letters, digits and a hyphen.
            let Ok(id) = request.parse() else { return };
            let workspace = stage.sandbox.seeded().workspace;
            let card = stage.judge.cards[candidate].id.as_str().into();
            let made = ContractRequest::new(id, card, stage.template.into(), workspace.into());
            (
                task,
                if is_sent {
                    made.publish(PublishMessage::new("Your contract", "Please sign."))
                } else {
                    made
                },
            )
        };
        let work = create(Arc::clone(&self.stage), Arc::clone(&self.engine), task, contract_request);
        self.active.push(Active { task, work: Box::pin(work) });
    }

    /// Polls what is under way until nothing is left but plans that are held.
    fn drive(&mut self) {
        while self.turn(false) {}
    }

    /// Polls one task once. Returns whether there was one.
    fn turn(&mut self, takes_turns: bool) -> bool {
        let position = {
            let mut stage = self.stage.lock();
            let ready: Vec<usize> = (0..self.active.len())
                .filter(|at| !stage.tasks[self.active[*at].task].waits_at_gate())
                .collect();
            if ready.is_empty() {
                return false;
            }
            stage.takes_turns = takes_turns || ready.len() > 1;
            // One task gets ahead of the other for a while, so that both meet in the middle of something.
            let is_going_on = ready.iter().copied().find(|at| self.active[*at].task == stage.current);
            let goes_on = stage.rng.u8(..4) > 0;
            let position =
                is_going_on.filter(|_| goes_on).unwrap_or_else(|| ready[stage.rng.usize(..ready.len())]);
            stage.current = self.active[position].task;
            position
        };
        let active = &mut self.active[position];
        let is_ready = active.work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        let task = active.task;
        let has_crashed = self.stage.lock().tasks[task].is_crashed;
        if is_ready || has_crashed {
            self.active.remove(position);
        }
        if has_crashed {
            self.stage.lock().judge.ended(task);
            // The process that comes after it knows nothing but what is in the ledger.
            if self.draw(4) == 0
                && let Ok(engine) = engine(&self.stage)
            {
                self.engine = Arc::new(engine);
            }
        }
        true
    }

    /// The faults stop: everything has to find its place.
    fn calm_down(&mut self) {
        {
            let mut stage = self.stage.lock();
            stage.trace(|| "== the faults stop".to_owned());
            stage.land_all();
            stage.advance(120_000);
        }
        for number in 0..self.creations.len() {
            self.start_creation(number, Vec::new());
            self.drive();
        }
        let mut is_quiet = false;
        for round in 0..MAX_ROUNDS {
            self.stage.lock().advance(90_000);
            is_quiet = true;
            for contract in self.contracts() {
                let writes = self.clean_look(contract);
                is_quiet &= writes == 0;
                if round == 0 && writes > 0 && self.clean_look(contract) > 0 {
                    let what = format!("a second look at {contract} writes");
                    self.stage.lock().judge.accuse(Rule::NotQuiet, what);
                }
            }
            if is_quiet {
                break;
            }
        }
        let mut stage = self.stage.lock();
        if !is_quiet {
            stage.judge.accuse(Rule::NotQuiet, format!("the {MAX_ROUNDS}th round of looks writes"));
        }
        stage.judge.close(&self.ending);
    }

    /// A look in which nothing goes wrong. Returns how much it writes.
    fn clean_look(&mut self, contract: i64) -> usize {
        let task = self.stage.lock().begin(Purpose::Look { contract }, Task::new(Vec::new(), false), true);
        let (stage, engine) = (Arc::clone(&self.stage), Arc::clone(&self.engine));
        let (sender, receiver) = std::sync::mpsc::channel();
        let work = async move {
            if let Some(report) = look_with_report(&stage, &engine, task, contract).await {
                // The receiver waits below.
                let _ = sender.send(report);
            }
        };
        self.active.push(Active { task, work: Box::pin(work) });
        self.drive();
        match receiver.try_recv() {
            Ok(report) => {
                self.ending.insert(contract, report);
            }
            Err(_) => {
                self.ending.remove(&contract);
            }
        }
        self.stage.lock().tasks[task].writes()
    }
}

async fn look(stage: Arc<Stage>, engine: Arc<Engine>, task: usize, contract: i64) {
    look_with_report(&stage, &engine, task, contract).await;
}

async fn look_with_report(
    stage: &Stage,
    engine: &Engine,
    task: usize,
    contract: i64,
) -> Option<smartsync_core::Report> {
    let plan = match engine.plan(contract.into()).await {
        Ok(plan) => plan,
        Err(error) => {
            let mut stage = stage.lock();
            stage.counts.add("look", "without a plan");
            stage.trace(|| format!("   no plan for {contract}: {error}"));
            stage.tasks[task].is_held = false;
            stage.judge.ended(task);
            return None;
        }
    };
    stage.lock().judge.planned(task, &plan);
    stage.gate(task).await;
    let report = engine.apply(plan).await;
    let mut stage = stage.lock();
    stage.trace(|| {
        let outcomes = report.outcomes.iter().map(|field| {
            let reason = field.reason().map(|reason| format!(" {}", reason.code())).unwrap_or_default();
            format!("{} {}{reason}", field.data_field, field.outcome.as_str())
        });
        format!(
            "   report of {contract}: {}; document {}; {:?}",
            outcomes.collect::<Vec<_>>().join(", "),
            report.document.as_str(),
            report.next
        )
    });
    stage.counts.add("look", "with a report");
    stage.judge.reported(task, &report);
    Some(report)
}

async fn create(stage: Arc<Stage>, engine: Arc<Engine>, task: usize, request: ContractRequest) {
    let made = match engine.plan_contract(&request).await {
        Ok(plan) => engine.create(plan).await,
        Err(error) => Err(error),
    };
    let mut stage = stage.lock();
    stage.trace(|| match &made {
        Ok(made) => format!("   {:?} has made {}", request.request_id, made.contract),
        Err(error) => format!("   {:?}: {error}", request.request_id),
    });
    let name = match made {
        Ok(made) if made.is_adopted => "adopted",
        Ok(_) => "made",
        Err(EngineError::CreationUnknown) => "unknown",
        Err(EngineError::Preflight(_)) => "preflight",
        Err(EngineError::CreatedAndGone { .. }) => "made and gone",
        Err(EngineError::NotPublished { .. }) => "not sent",
        Err(_) => "failed",
    };
    stage.counts.add("creation", name);
    stage.judge.ended(task);
}

fn engine(stage: &Arc<Stage>) -> Result<Engine, String> {
    let (scenario, template_type, sandbox, ledger) = {
        let stage = stage.lock();
        let ledger = Arc::clone(&stage.ledger);
        (Arc::clone(&stage.scenario), stage.template_type, stage.sandbox.clone(), ledger)
    };
    let wire = |origin| Wire { stage: Arc::clone(stage), origin };
    let mut oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(wire(Origin::Oneflow));
    let mut teamtailor =
        TeamtailorClient::builder().api_key(sandbox.teamtailor_key()).transport(wire(Origin::Teamtailor));
    if scenario.retries {
        oneflow = oneflow.sleep(Time(Arc::clone(stage)));
        teamtailor = teamtailor.sleep(Time(Arc::clone(stage)));
    } else {
        oneflow = oneflow.retry(RetryPolicy::none()).limiter(Limiter::none());
        teamtailor = teamtailor.retry(RetryPolicy::none()).limiter(Limiter::none());
    }
    let ledger = Arc::new(ShakyLedger { stage: Arc::clone(stage), inner: ledger });
    let keys = SyncKeys::new("acme", ["the/first/key/of/the/tenant/acme/0000000000".into()])
        .map_err(|error| error.to_string())?;
    Engine::builder(
        oneflow.build().map_err(|error| error.to_string())?,
        teamtailor.build().map_err(|error| error.to_string())?,
        scenario.mapping(template_type).map_err(|error| error.to_string())?,
        ledger,
        keys,
    )
    .clock(Time(Arc::clone(stage)))
    // The judge knows of no limit.
    .change_limit(ChangeLimit::none())
    .build()
    .map_err(|error| error.to_string())
}
