//! All that a run shares: both services, the judge beside them, and what is going on.

use std::{
    fmt,
    future::poll_fn,
    io::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use fastrand::Rng;
use http::Method;
use smartsync_core::MemoryLedger;
use smartsync_sandbox::{CandidateCard, ContractSeed, Origin, Sandbox, SandboxSettings, TemplateSeed};
use smartsync_transport::{Request, Response};

use super::{
    counts::Counts,
    judge::{Card, Judge, Paper, Rule, Seen, Sent},
    scenario::{GUARDIAN, Scenario, email},
    task::{Purpose, Task},
    trouble::{Event, Fault},
};

/// All that a run shares.
pub(super) struct Stage(Mutex<Inner>);

pub(super) struct Inner {
    pub(super) sandbox: Sandbox,
    pub(super) scenario: Arc<Scenario>,
    pub(super) rng: Rng,
    pub(super) judge: Judge,
    pub(super) tasks: Vec<Task>,
    /// The task that is being polled.
    pub(super) current: usize,
    /// Whether several tasks take turns.
    pub(super) takes_turns: bool,
    /// Requests that take effect later than they seemed to have failed.
    late: Vec<Late>,
    /// What the cards showed last.
    shown: Vec<CandidateCard>,
    pub(super) ledger: Arc<MemoryLedger>,
    pub(super) counts: Counts,
    /// The candidate's field that was written or edited last: people look at what has just changed.
    pub(super) hot: Option<(usize, usize)>,
    pub(super) template_type: i64,
    pub(super) template: i64,
    is_traced: bool,
}

struct Late {
    origin: Origin,
    request: Request,
    sent: Sent,
    /// After so many more requests or deeds.
    in_steps: usize,
}

/// What a task gets along with an answer.
pub(super) enum Receipt {
    Contract(i64, Seen),
    Card(usize, Seen, bool),
    /// A write was accepted; what it has changed came after this step.
    Accepted(u64),
    Nothing,
}

impl Stage {
    pub(super) fn new(seed: u64, is_traced: bool) -> Arc<Self> {
        let mut rng = Rng::with_seed(seed);
        let scenario = Arc::new(Scenario::draw(&mut rng));
        let settings = SandboxSettings::new()
            .unseeded()
            // The run itself says how much time passes, also that none does.
            .action_time(Duration::ZERO)
            .null_clears(true)
            .oneflow_limit(u32::MAX)
            .teamtailor_limit(u32::MAX);
        let sandbox = Sandbox::new(settings);
        let kind = sandbox.add_template_type(scenario.template_type());
        // The template type was made just now.
        let template = sandbox.add_template(TemplateSeed::new("Employment", Some(kind))).unwrap_or_default();
        for field in scenario.fields.iter().filter_map(|field| field.custom_field()) {
            sandbox.add_custom_field(field);
        }
        sandbox.add_custom_field(smartsync_sandbox::CustomFieldSeed::new(
            super::scenario::UNMAPPED,
            smartsync_sandbox::CustomFieldKind::Text,
        ));
        let mut judge = Judge::new(Arc::clone(&scenario));
        let mut shown = Vec::new();
        for number in 0..scenario.candidates {
            let (seed, held) = scenario.candidate(number, &mut rng);
            let id = sandbox.add_candidate(seed).unwrap_or_default();
            shown.extend(sandbox.candidate_card(&id));
            judge.cards.push(Card::new(id, held));
        }
        let inner = Inner {
            sandbox,
            scenario,
            rng,
            judge,
            tasks: Vec::new(),
            current: 0,
            takes_turns: false,
            late: Vec::new(),
            shown,
            ledger: Arc::new(MemoryLedger::new()),
            counts: Counts::default(),
            hot: None,
            template_type: kind,
            template,
            is_traced,
        };
        Arc::new(Self(Mutex::new(inner)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets other tasks go on, if there are any.
    pub(super) async fn pause(&self) {
        let mut has_paused = !self.lock().takes_turns;
        poll_fn(|_| if std::mem::replace(&mut has_paused, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
    }

    /// Waits until the task may apply its plan.
    pub(super) async fn gate(&self, task: usize) {
        poll_fn(|_| {
            let task = &mut self.lock().tasks[task];
            task.is_at_gate = true;
            if task.is_held { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}

impl Inner {
    pub(super) fn trace(&self, line: impl FnOnce() -> String) {
        if self.is_traced {
            // A closed pipe is the reader's choice.
            let time = self.sandbox.now().strftime("%H:%M:%S");
            let _ = writeln!(std::io::stdout(), "{time} [{}] {}", self.judge.step, line());
        }
    }

    pub(super) fn milliseconds(&self) -> i64 {
        self.sandbox.now().as_millisecond()
    }

    pub(super) fn advance(&mut self, milliseconds: u64) {
        self.sandbox.advance(Duration::from_millis(milliseconds));
    }

    pub(super) fn task(&mut self) -> &mut Task {
        &mut self.tasks[self.current]
    }

    fn name_of_task(&self) -> String {
        match &self.judge.witnesses[self.current].purpose {
            Purpose::Look { contract } => format!("look at {contract}"),
            Purpose::Creation { request, .. } => format!("creation {request}"),
        }
    }

    /// A task begins. Returns its number.
    pub(super) fn begin(&mut self, purpose: Purpose, task: Task, is_calm: bool) -> usize {
        self.trace(|| format!("-- {purpose:?} begins"));
        self.tasks.push(task);
        self.judge.call(purpose, is_calm)
    }

    /// Somebody makes a contract in Oneflow's own app.
    pub(super) fn add_contract(&mut self, candidate: usize) {
        let mut seed =
            ContractSeed::new(self.template, "Employment: Ann").counterparty("Ann Sample", email(candidate));
        if self.rng.bool() {
            seed = seed.counterparty(GUARDIAN, "guardian@example.com");
        }
        for field in &self.scenario.fields.clone() {
            if self.rng.u8(..3) > 0 {
                let value = field.kind.pool()[self.rng.usize(..4)];
                seed = seed.value(&field.key, field.kind.spelled(value, &mut self.rng));
            }
        }
        let is_sent = self.rng.u8(..4) > 0;
        if is_sent {
            seed = seed.published();
        }
        if let Ok(id) = self.sandbox.add_contract(seed) {
            self.judge.next_step();
            self.know_contract(id, candidate);
            self.judge.note_shared();
            self.counts.add("deed", "contract by others");
            self.trace(|| {
                format!(
                    "somebody makes contract {id} of candidate {candidate}: {:?}",
                    self.judge.contracts[&id].values
                )
            });
            if !is_sent && self.rng.bool() {
                // Somebody of the own company fills it in before it is sent: not what it was made with, and no participant's edit.
                self.advance(120_000);
                for _ in 0..self.rng.usize(1..=3) {
                    self.fill(id);
                }
            }
        }
    }

    fn know_contract(&mut self, id: i64, candidate: usize) {
        if let Some(card) = self.sandbox.contract_card(id) {
            let second = self.sandbox.now().as_second();
            let paper = Paper::new(&self.scenario, candidate, &card, second);
            self.judge.contracts.insert(id, paper);
        }
    }

    /// The judge reads a contract anew.
    pub(super) fn reread_contract(&mut self, id: i64) {
        let (card, second) = (self.sandbox.contract_card(id), self.sandbox.now().as_second());
        if let Some(paper) = self.judge.contracts.get_mut(&id) {
            paper.read(&self.scenario, card.as_ref(), second, self.judge.step);
        }
        self.judge.note_shared();
    }

    /// The judge's copy of a card was changed by a recruiter.
    pub(super) fn reshow(&mut self, candidate: usize) {
        if let Some(card) = self.sandbox.candidate_card(&self.judge.cards[candidate].id) {
            self.shown[candidate] = card;
        }
    }

    // --- requests ---

    /// A request of the current task goes out: what goes wrong with it.
    pub(super) fn arrive(&mut self, request: &Request) -> (Option<Fault>, usize) {
        self.pass_step();
        let is_write = *request.method() != Method::GET;
        let events = self.task().at_request(is_write);
        if self.task().is_endless() {
            let name = self.name_of_task();
            self.judge.accuse(Rule::Endless, name);
            return (Some(Fault::CrashBefore), 0);
        }
        let (fault, after) = self.happen(&events);
        let fault = if self.task().is_cut_off && fault.is_none() { Some(Fault::LostBefore) } else { fault };
        if is_write {
            let task = self.current;
            self.judge.may_begin(task);
            if fault.is_some_and(Fault::leaves_unknown) {
                self.judge.stays_unknown(task);
            }
        }
        if let Some(fault) = fault {
            self.counts.add(if is_write { "fault at a write" } else { "fault at a read" }, fault.name());
            self.trace(|| {
                format!("   {} {} {}: {}", self.name_of_task(), request.method(), request.uri(), fault.name())
            });
        } else {
            self.trace(|| format!("   {} {} {}", self.name_of_task(), request.method(), request.uri()));
        }
        (fault, after)
    }

    /// What happens now; returns the fault, and how much people do afterwards.
    pub(super) fn happen(&mut self, events: &[Event]) -> (Option<Fault>, usize) {
        let (mut fault, mut after) = (None, 0);
        for event in events {
            match *event {
                Event::Fault(met) => fault = fault.or(Some(met)),
                Event::Outage(met) => {
                    fault = fault.or(Some(met));
                    self.task().is_cut_off = true;
                }
                Event::PeopleBefore(count) => self.meanwhile(count),
                Event::PeopleAfter(count) => after += count,
            }
        }
        (fault, after)
    }

    /// When the current task sends something now.
    pub(super) fn sent(&self) -> Sent {
        Sent { task: self.current, at: self.milliseconds(), step: self.judge.step, is_late: false }
    }

    /// A request takes effect.
    pub(super) fn exchange(&mut self, origin: Origin, request: Request, sent: Sent) -> (Response, Receipt) {
        let (is_read, path) = (*request.method() == Method::GET, request.uri().path().to_owned());
        let query = request.uri().query().unwrap_or_default().to_owned();
        let since = self.judge.step;
        let response = self.sandbox.handle(origin, request);
        let is_success = response.status().is_success();
        let receipt = match (is_read, is_success) {
            (true, true) => self.read(origin, &path, &query),
            (false, true) => {
                self.observe(sent, origin, &path);
                Receipt::Accepted(since)
            }
            (_, false) => {
                self.trace(|| format!("   answered {}", response.status()));
                Receipt::Nothing
            }
        };
        (response, receipt)
    }

    /// An answer has come.
    pub(super) fn deliver(&mut self, receipt: Receipt) {
        let task = self.current;
        match receipt {
            Receipt::Contract(contract, seen) => self.judge.has_read_contract(task, contract, seen),
            Receipt::Card(candidate, seen, is_whole) => {
                self.judge.has_read_card(task, candidate, seen, is_whole);
            }
            Receipt::Accepted(since) => self.judge.answered(task, since),
            Receipt::Nothing => {}
        }
    }

    fn read(&self, origin: Origin, path: &str, query: &str) -> Receipt {
        let now = self.milliseconds();
        let last = path.rsplit('/').next().unwrap_or_default();
        if origin == Origin::Oneflow && path.starts_with("/v1/contracts/") {
            let id = last.parse().unwrap_or_default();
            return self
                .judge
                .contract_now(id, now)
                .map_or(Receipt::Nothing, |seen| Receipt::Contract(id, seen));
        }
        let candidate = match path {
            // A search by address: a guardian's finds nobody.
            "/v1/candidates" => (0..self.scenario.candidates)
                .find(|number| query.contains(&email(*number).replace('@', "%40"))),
            _ if origin == Origin::Teamtailor && path.starts_with("/v1/candidates/") => {
                self.judge.cards.iter().position(|card| card.id == last)
            }
            _ => None,
        };
        candidate.map_or(Receipt::Nothing, |candidate| {
            // Without the values, it is the candidate alone.
            let is_whole = query.contains("custom-field-values");
            Receipt::Card(candidate, self.judge.card_now(candidate, now), is_whole)
        })
    }

    /// The judge sees what a request has changed.
    fn observe(&mut self, sent: Sent, origin: Origin, path: &str) {
        if origin == Origin::Oneflow {
            return self.observe_contracts(sent, path);
        }
        for candidate in 0..self.shown.len() {
            let Some(now) = self.sandbox.candidate_card(&self.shown[candidate].id) else { continue };
            if now == self.shown[candidate] {
                continue;
            }
            let before = std::mem::replace(&mut self.shown[candidate], now.clone());
            for _ in before.uploads.len()..now.uploads.len() {
                self.trace(|| format!("   a document of {} arrives", self.name_of_task()));
                self.judge.document_put(sent, candidate);
            }
            for (field, rules) in self.scenario.fields.clone().iter().enumerate() {
                let value = rules.kind.normal(now.get(&rules.card).unwrap_or_default());
                if value != self.judge.cards[candidate].fields[field].value {
                    self.trace(|| {
                        format!(
                            "   {} is now {value:?}{}",
                            rules.card,
                            if sent.is_late { ", late" } else { "" }
                        )
                    });
                    self.hot = Some((candidate, field));
                    self.judge.engine_put(sent, candidate, field, value);
                }
            }
            self.check_unmapped(candidate, &before, &now);
        }
        if !sent.is_late {
            self.judge.found_equal(sent.task);
        }
    }

    fn check_unmapped(&mut self, candidate: usize, before: &CandidateCard, now: &CandidateCard) {
        let is_mapped = |name: &str| self.scenario.fields.iter().any(|field| field.card == name);
        let names =
            [before, now].into_iter().flat_map(|card| card.fields.keys().chain(card.custom_fields.keys()));
        let changed = names.filter(|name| !is_mapped(name)).find(|name| before.get(name) != now.get(name));
        if let Some(name) = changed {
            let what = format!("{name} of candidate {candidate}");
            self.judge.accuse(Rule::OutsideTheFence, what);
        }
    }

    fn observe_contracts(&mut self, sent: Sent, path: &str) {
        if path == "/v1/contracts/create" {
            let purpose = self.judge.witnesses[sent.task].purpose.clone();
            let new = self.sandbox.contracts().into_iter().find(|id| !self.judge.contracts.contains_key(id));
            if let (Some(id), Purpose::Creation { request, candidate }) = (new, purpose) {
                self.know_contract(id, candidate);
                self.judge.contract_made(sent.task, &request, id, sent.is_late);
                self.trace(|| format!("   contract {id} is made: {:?}", self.judge.contracts[&id].values));
            }
        } else {
            let known: Vec<i64> = self.judge.contracts.keys().copied().collect();
            known.into_iter().for_each(|id| self.reread_contract(id));
        }
    }

    // --- late effects ---

    /// The request takes effect at some time to come.
    pub(super) fn delay(&mut self, origin: Origin, request: Request) {
        let sent = Sent { is_late: true, ..self.sent() };
        let in_steps = self.rng.usize(1..=12);
        self.late.push(Late { origin, request, sent, in_steps });
    }

    /// Something has happened: what is late comes nearer.
    pub(super) fn pass_step(&mut self) {
        let (due, late): (Vec<_>, Vec<_>) = std::mem::take(&mut self.late)
            .into_iter()
            .map(|late| Late { in_steps: late.in_steps.saturating_sub(1), ..late })
            .partition(|late| late.in_steps == 0);
        self.late = late;
        due.into_iter().for_each(|late| self.land(late));
    }

    /// Everything that is late takes effect.
    pub(super) fn land_all(&mut self) {
        std::mem::take(&mut self.late).into_iter().for_each(|late| self.land(late));
    }

    fn land(&mut self, late: Late) {
        self.trace(|| format!("late: {} {}", late.request.method(), late.request.uri()));
        self.exchange(late.origin, late.request, late.sent);
    }

    // --- the end of a task ---

    /// The process of the current task dies.
    pub(super) fn crash(&mut self) {
        self.trace(|| format!("   {} dies", self.name_of_task()));
        let task = self.current;
        self.judge.stays_unknown(task);
        self.task().is_crashed = true;
    }
}
