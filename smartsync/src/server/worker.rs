//! Looks at the contracts that are due: plan, apply, and say how it went.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{Clock, Engine, EngineError, Outcome, Report, engine::SystemClock};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::{
    engine::{RequestCount, engine_source::EngineSource},
    server::{
        alerts::{Alert, Alerts},
        backoff::Backoff,
        blame::{Cause, Errand, Trouble},
        current::Current,
        follow_up::{self, Failed, FollowUp},
        look_recorder::LookRecorder,
        meters::Meters,
        outages::{Fault, Outages},
        running_looks::RunningLooks,
        things_to_do::ThingsToDo,
        without_candidate::WithoutCandidate,
    },
    store::{
        Ended, Ending, Handler, Item, Look, NextLook, OTHER_ACCOUNT, Occasion, Setback, Subject, Tenant, Turn,
    },
};

/// No look takes longer, whatever the services do; waits for their rate limits are not counted.
const LOOK_TIMEOUT: Duration = Duration::from_secs(300);

/// What waits for room within the limit of changes, as it is stored.
const LIMIT_REACHED: &str = "limit-of-changes";

/// Where the limit of changes is said to be reached again, if it is reached again by then.
const LIMIT_SLACK: Duration = Duration::from_secs(60);

/// Looks at contracts, and says what becomes of them.
pub(crate) struct Worker {
    engines: Arc<dyn Engines>,
    backoff: Backoff,
    clock: Arc<dyn Clock>,
    jitter: Jitter,
    observer: Option<Observer>,
    memory: Mutex<Memory>,
    looks: RunningLooks,
    recorder: LookRecorder,
    meters: Meters,
    alerts: Alerts,
}

/// Where the engine of a look comes from.
#[async_trait]
pub(crate) trait Engines: Send + Sync {
    /// The engine that counts now.
    async fn engine(&self) -> Result<Arc<Engine>, EngineError>;
}

#[async_trait]
impl Engines for Current<EngineSource> {
    async fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        self.get().engine().await
    }
}

/// Draws a number from 0 to 1.
pub(crate) type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

/// Is shown every report.
pub(crate) type Observer = Arc<dyn Fn(&Report) + Send + Sync>;

/// What is known of the looks so far.
#[derive(Debug, Default)]
struct Memory {
    outages: Outages,
    things_to_do: ThingsToDo,
    without_candidate: WithoutCandidate,
    /// When the latest look began.
    begun: Option<Instant>,
    /// So long is the limit of changes known to be reached.
    limit_reached: Option<Instant>,
}

impl Worker {
    pub(crate) fn new(engines: Arc<dyn Engines>, recorder: LookRecorder, meters: Meters) -> Self {
        Self {
            engines,
            backoff: Backoff::default(),
            clock: Arc::new(SystemClock),
            jitter: Arc::new(fastrand::f64),
            observer: None,
            memory: Mutex::default(),
            looks: RunningLooks::default(),
            recorder,
            meters,
            alerts: Alerts::default(),
        }
    }

    pub(crate) fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// The same with another clock and another draw than the machine's.
    #[cfg(all(test, feature = "test-util"))]
    pub(crate) fn deterministic(self, clock: Arc<dyn Clock>, jitter: Jitter) -> Self {
        Self { clock, jitter, ..self }
    }

    pub(crate) fn observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    pub(crate) fn alerts(mut self, alerts: Alerts) -> Self {
        self.alerts = alerts;
        self
    }

    /// Its looks that are under way are among these.
    pub(crate) fn looks_among(self, looks: RunningLooks) -> Self {
        Self { looks, ..self }
    }

    /// Says what was counted and is not said yet.
    pub(crate) fn log_rest(&self) {
        self.memory().without_candidate.log_now(Instant::now());
    }

    async fn look(&self, contract: ContractId) -> Result<Report, EngineError> {
        let engine = self.engines.engine().await?;
        // Before anything is read: of another account, even what is not there would say something wrong.
        engine.check_accounts().await?;
        let report = engine.sync(contract).await?;
        if let Some(observer) = &self.observer {
            observer(&report);
        }
        Ok(report)
    }

    /// Tells how a look went, and notes what was done for the contract. `None`: the look did not end in time. Returns the errands that
    /// others wait for and may be tried again, too.
    fn note(
        &self,
        contract: ContractId,
        result: Option<&Result<Report, EngineError>>,
        took: Duration,
    ) -> (FollowUp, Vec<Errand>) {
        let Some(result) = result else { return (FollowUp::without_end(), Vec::new()) };
        let (follow_up, mut served) = (FollowUp::of(result), follow_up::served(result));
        if let FollowUp::Failed(Failed { trouble: Some(trouble), .. }) = &follow_up {
            served.retain(|errand| *errand != trouble.errand);
        }
        let (now, mut memory) = (Instant::now(), self.memory());
        if follow_up == FollowUp::WithoutCandidate {
            tracing::debug!(%contract, outcome = "no candidate", "look finished");
            memory.without_candidate.count(now);
            memory.without_candidate.log(now, false);
        } else if let Ok(report) = result {
            log_report(report, took);
        }
        (follow_up, memory.outages.done(contract, &served, now))
    }

    /// What becomes of the contract, and whether that is said.
    fn ending(
        &self,
        contract: ContractId,
        turn: &Turn,
        follow_up: FollowUp,
        report: Option<&Report>,
    ) -> Ending {
        let failed = match follow_up {
            FollowUp::Failed(failed) => failed,
            FollowUp::NoRoom { reason, wait } => {
                self.is_settled(contract, report);
                return self.without_room(contract, reason, wait);
            }
            FollowUp::Done | FollowUp::WithoutCandidate => {
                self.is_settled(contract, report);
                return Ending::Done;
            }
        };
        let Failed { reason, hint, trouble, is_thing_to_do } = failed;
        let fault = trouble.map_or(Fault::Own { is_news: false }, |trouble| {
            self.memory().outages.failed(contract, trouble, turn.is_known, Instant::now())
        });
        let is_own = matches!(fault, Fault::Own { .. });
        if is_own && trouble == Some(Trouble::NO_CONTRACT) {
            tracing::info!(%contract, reason, "look finished: Oneflow shows other contracts, so this one was deleted, or the Oneflow user has no access to it");
            self.is_settled(contract, report);
            return Ending::Done;
        }
        // In an outage, what there is to do is the same for all.
        if is_own && let Some(report) = report {
            self.memory().things_to_do.log(report);
        }
        if is_own && self.backoff.is_used_up(turn.faults_with_this) {
            return self.park(contract, reason);
        }
        let wait = self.backoff.wait(turn.attempts.saturating_add(1), hint, (self.jitter)());
        let errand = trouble.map(|trouble| trouble.errand).filter(|_| !is_own);
        if let (Fault::OfAll { begins: Some(_) }, Some(errand)) = (fault, errand) {
            self.meters.outage(errand.key(), true);
            if trouble.is_some_and(|trouble| trouble.cause == Cause::Unauthorized) {
                self.alerts.raise(Alert::credentials(errand.key()));
            }
        }
        let is_out = errand.is_some_and(|errand| self.memory().outages.is_out(errand));
        match (fault, errand) {
            (Fault::OfAll { begins: Some(_) }, _) if trouble == Some(Trouble::OTHER_ACCOUNT) => {
                tracing::error!(
                    reason,
                    next = OTHER_ACCOUNT,
                    "nothing is synced until someone fixes this and restarts the server: notifications are still \
                 accepted, and their contracts wait"
                );
            }
            (Fault::OfAll { begins: Some(extent) }, Some(errand)) => tracing::error!(
                reason,
                "outage while {errand}{extent}: no contract is parked because of it; each is retried within half an \
                 hour, and all of them once it is over"
            ),
            // The first of the contract's own failures that nothing else tells of.
            (Fault::Own { is_news: true }, _) if !is_thing_to_do => {
                tracing::warn!(%contract, reason, seconds = wait.as_secs(), "look failed, will be retried");
            }
            // It is told once, and not of every contract.
            _ if is_out => {
                tracing::debug!(%contract, reason, seconds = wait.as_secs(), "look failed, will be retried");
            }
            _ => tracing::info!(%contract, reason, seconds = wait.as_secs(), "look failed, will be retried"),
        }
        let setback = Setback::new(reason, wait).asked(hint.unwrap_or_default());
        Ending::Again(setback.outage(errand.map(Errand::key)))
    }

    /// Another look at the contract would end the same way.
    fn is_settled(&self, contract: ContractId, report: Option<&Report>) {
        let mut memory = self.memory();
        memory.outages.forget(contract);
        if let Some(report) = report {
            memory.things_to_do.log(report);
        }
    }

    /// Says once, while it lasts, that nothing more may be overwritten.
    fn without_room(&self, contract: ContractId, reason: String, wait: Duration) -> Ending {
        let now = Instant::now();
        let was_reached = self.memory().limit_reached.replace(now + wait + LIMIT_SLACK);
        if was_reached.is_some_and(|until| now <= until) {
            tracing::debug!(%contract, reason, seconds = wait.as_secs(), "look finished, limit still reached");
        } else {
            self.alerts.raise(Alert::limit(contract));
            tracing::error!(
                %contract,
                reason,
                seconds = wait.as_secs(),
                next = "check the pending changes with `smartsync plan --all`; if they are right, raise `[limits] changes`, or run `smartsync sync --all --max-changes N` once",
                "the hourly limit on overwritten and cleared values has been reached: further changes wait, and are \
                 retried automatically once the limit allows it"
            );
        }
        // Those that wait already would find no room either: one look is enough to know.
        Ending::AgainWithAll(Setback::new(reason, wait).outage(Some(LIMIT_REACHED)))
    }

    /// What comes next, as the journal has it.
    fn next_look(&self, ending: &Ending) -> NextLook {
        let after = |setback: &Setback| self.clock.now().checked_add(setback.wait).unwrap_or(Timestamp::MAX);
        match ending {
            Ending::Done => NextLook::None,
            Ending::Again(setback) => NextLook::At(after(setback)),
            Ending::AgainWithAll(setback) => NextLook::WithRoom(after(setback)),
            Ending::Park { .. } => NextLook::Parked,
        }
    }

    async fn record(&self, look: &Look) {
        if look.next == NextLook::Parked {
            self.alerts.raise(Alert::parked(look));
        }
        self.recorder.record(look).await;
    }

    fn log_what_is_over(&self) {
        for errand in self.memory().outages.over() {
            self.meters.outage(errand.key(), false);
            tracing::warn!("the outage while {errand} is over");
        }
    }

    fn park(&self, contract: ContractId, reason: String) -> Ending {
        tracing::error!(
            %contract,
            reason,
            "parked: someone has to fix the cause, then run `smartsync parked retry {contract}`"
        );
        self.memory().outages.forget(contract);
        Ending::Park { reason }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Handler for Worker {
    async fn handle(&self, turn: Turn) -> Ended {
        let Subject::Contract(contract) = turn.item.subject;
        let begun = Instant::now();
        self.memory().begun = Some(begun);
        let (running, requests) = (self.looks.begin(), RequestCount::new());
        // Its time and what it takes are counted from one moment, or looks that came one after the other would seem to have met.
        let occasion = Occasion::new(contract, turn.trigger, self.clock.now());
        let occasion = occasion.begun_after(self.recorder.last_number().await);
        let look = self.look(contract).instrument(tracing::info_span!("look", %contract));
        let look = requests.watch(Box::pin(look));
        let result = running.waits().timeout(LOOK_TIMEOUT, look).await;
        let took = begun.elapsed();
        let (follow_up, released) = self.note(contract, result.as_ref(), took);
        let report = result.as_ref().and_then(|result| result.as_ref().ok());
        let ending = self.ending(contract, &turn, follow_up, report);
        self.log_what_is_over();
        self.meters.looked(turn.trigger, &ending, took, report);
        let (occasion, next) = (occasion.cost(took, requests.get()), self.next_look(&ending));
        let look = match &result {
            Some(result) => Look::of(occasion, result, next),
            None => Look::without_end(occasion, next),
        };
        self.record(&look).await;
        Ended { ending, over: released.into_iter().map(Errand::key).collect() }
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        let Subject::Contract(contract) = turn.item.subject;
        let ending = self.ending(contract, &turn, FollowUp::broken_off(), None);
        let occasion = Occasion::new(contract, turn.trigger, self.clock.now());
        let next = self.next_look(&ending);
        self.record(&Look::interrupted(occasion, follow_up::BROKEN_OFF, next)).await;
        ending.into()
    }

    fn put_back(&self, _: &Item) {
        self.meters.put_back();
    }

    /// While nobody is served, one look in the shortest wait of the backoff is enough to see when that ends.
    fn pause(&self, _: &Tenant) -> Option<Duration> {
        let memory = self.memory();
        let begun = memory.begun.filter(|_| memory.outages.stops_every_look())?;
        let left = self.backoff.base.saturating_sub(begun.elapsed());
        (!left.is_zero()).then_some(left)
    }

    async fn idle(&self) -> Duration {
        self.recorder.drop_when_idle(self.clock.now()).await;
        let (now, mut memory) = (Instant::now(), self.memory());
        memory.without_candidate.log(now, true);
        memory.without_candidate.wait(now).unwrap_or(Duration::MAX)
    }
}

/// Says what a look did.
fn log_report(report: &Report, took: Duration) {
    tracing::info!(
        contract = %report.contract,
        written = report.count(|outcome| outcome == Outcome::Written),
        held = report.count(|outcome| matches!(outcome, Outcome::Held(_))),
        failed = report.count(|outcome| matches!(outcome, Outcome::Failed(_))),
        document = report.document.as_str(),
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "look finished"
    );
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("backoff", &self.backoff).finish_non_exhaustive()
    }
}
