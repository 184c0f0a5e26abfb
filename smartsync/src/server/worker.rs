//! Looks at the contracts of the inbox, one at a time.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{EngineError, Outcome, Report};
use smartsync_transport::CauseChain;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{self, Instant},
};
use tracing::Instrument as _;

use crate::{
    engine::{LimitWaits, RequestCount, engine_source::EngineSource},
    server::{
        backoff::Backoff,
        blame::{Errand, Trouble},
        follow_up::{self, Failed, FollowUp},
        look_recorder::LookRecorder,
        outages::{Fault, Outages},
        things_to_do::ThingsToDo,
        without_candidate::WithoutCandidate,
    },
    store::{Claim, Due, Inbox, Look, NextLook, Occasion, Setback, StoreError, accounts},
};

/// No look takes longer, whatever the services do; waits for their rate limits are not counted.
const LOOK_TIMEOUT: Duration = Duration::from_secs(300);

/// What waits for room within the limit of changes, as it is stored.
const LIMIT_REACHED: &str = "limit-of-changes";

/// How long to wait when the database itself fails.
const STORE_RETRY_DELAY: Duration = Duration::from_secs(1);

/// How often to see whether another process left something behind.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(60);

/// No more than one look in this time at what is looked at last: whoever has seen one notification can name any number of contracts
/// with it, and must not use up what Oneflow lets us ask.
const LAST_TURN_INTERVAL: Duration = Duration::from_secs(1);

/// Looks at the contracts of an [`Inbox`]: plan, apply, and note how it went.
pub(crate) struct Worker {
    inbox: Inbox,
    source: EngineSource,
    backoff: Backoff,
    observer: Option<Observer>,
    memory: Mutex<Memory>,
    waits: LimitWaits,
    recorder: LookRecorder,
}

/// Is shown every report.
pub(crate) type Observer = Arc<dyn Fn(&Report) + Send + Sync>;

/// What is known of the looks so far.
#[derive(Debug, Default)]
struct Memory {
    outages: Outages,
    things_to_do: ThingsToDo,
    without_candidate: WithoutCandidate,
    /// When the latest look was at what is looked at last.
    last: Option<Instant>,
    /// So long is the limit of changes known to be reached.
    limit_reached: Option<Instant>,
}

/// What a turn of the worker was.
#[derive(Debug)]
enum Turn {
    Looked,
    Idle(Duration),
}

/// What becomes of a contract after a look.
#[derive(Debug)]
enum ClaimEnd {
    Done,
    Again(Setback),
    /// There is room within the limit of changes after this time.
    NoRoom {
        reason: String,
        wait: Duration,
    },
    Park {
        reason: String,
    },
}

impl ClaimEnd {
    /// What comes next, as the journal has it.
    fn next_look(&self) -> NextLook {
        let after = |wait: Duration| Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX);
        match self {
            Self::Done => NextLook::None,
            Self::Again(setback) => NextLook::At(after(setback.wait)),
            Self::NoRoom { wait, .. } => NextLook::WithRoom(after(*wait)),
            Self::Park { .. } => NextLook::Parked,
        }
    }
}

impl Worker {
    pub(crate) fn new(inbox: Inbox, source: EngineSource, recorder: LookRecorder) -> Self {
        Self {
            inbox,
            source,
            backoff: Backoff::default(),
            observer: None,
            memory: Mutex::default(),
            waits: LimitWaits::new(),
            recorder,
        }
    }

    pub(crate) fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    pub(crate) fn observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Shows when a look waits for the rate limit of a service.
    pub(crate) fn waits(&self) -> LimitWaits {
        self.waits.clone()
    }

    /// Works until `stop` turns true. A look that has begun is finished.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let worker = Arc::new(self);
        let mut is_lost = false;
        while !*stop.borrow() {
            // A task of its own: whatever breaks off in it ends this turn, and not the server.
            let mut turn = JoinSet::new();
            turn.spawn(Arc::clone(&worker).turn(is_lost));
            let pause = match turn.join_next().await {
                Some(Ok(Ok(turn))) => {
                    if is_lost {
                        tracing::warn!("the worker is running again");
                    }
                    is_lost = false;
                    match turn {
                        Turn::Looked => continue,
                        Turn::Idle(pause) => pause,
                    }
                }
                // Said once, however long it lasts.
                Some(Ok(Err(_))) | Some(Err(_)) | None if is_lost => STORE_RETRY_DELAY,
                Some(Ok(Err(error))) => {
                    tracing::error!(error = %CauseChain(&error), "the database failed");
                    is_lost = true;
                    STORE_RETRY_DELAY
                }
                Some(Err(_)) | None => {
                    tracing::error!("a bug in this program interrupted the worker");
                    is_lost = true;
                    STORE_RETRY_DELAY
                }
            };
            tokio::select! {
                () = worker.inbox.changed() => {}
                () = time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        worker.memory().without_candidate.log_now(Instant::now());
    }

    /// One look, or how long there is nothing to do. `is_lost`: the end of the look before could not be noted, so that
    /// its contract still counts as claimed.
    async fn turn(self: Arc<Self>, is_lost: bool) -> Result<Turn, StoreError> {
        if is_lost {
            self.inbox.give_back(STORE_RETRY_DELAY).await?;
        }
        let due = match self.inbox.claim_due().await? {
            Due::Now(claim) => {
                self.work(claim).await?;
                return Ok(Turn::Looked);
            }
            Due::Later(due) => due,
        };
        let paused = self.pause_of_last();
        if paused.is_zero()
            && let Some(claim) = self.inbox.claim_last().await?
        {
            self.memory().last = Some(Instant::now());
            self.work(claim).await?;
            return Ok(Turn::Looked);
        }
        self.inbox.forget_old().await?;
        self.recorder.drop_old(Timestamp::now()).await;
        let wait = due.map(|due| due.duration_since(Timestamp::now()).try_into().unwrap_or_default());
        // What is due and was not claimed is looked at last.
        let wait = wait.map_or(IDLE_POLL_INTERVAL, |wait: Duration| wait.max(paused)).min(IDLE_POLL_INTERVAL);
        let now = Instant::now();
        let mut memory = self.memory();
        memory.without_candidate.log(now, true);
        Ok(Turn::Idle(memory.without_candidate.wait(now).unwrap_or(wait).min(wait)))
    }

    /// How long nothing that is looked at last is looked at.
    fn pause_of_last(&self) -> Duration {
        self.memory().last.map(|last| LAST_TURN_INTERVAL.saturating_sub(last.elapsed())).unwrap_or_default()
    }

    async fn work(self: &Arc<Self>, claim: Claim) -> Result<(), StoreError> {
        let contract = claim.contract();
        let (attempts, faults) = (claim.attempts().saturating_add(1), claim.faults_with_this());
        let occasion = Occasion::new(contract, claim.trigger(), Timestamp::now());
        let (begun, requests) = (Instant::now(), RequestCount::new());
        let worker = Arc::clone(self);
        let count = requests.clone();
        // A task of its own: a fault in one contract does not end the work on the others.
        let mut task = JoinSet::new();
        task.spawn(async move {
            let look = worker.look(contract).instrument(tracing::info_span!("look", %contract));
            let look = count.watch(Box::pin(look));
            let result = worker.waits.clone().timeout(LOOK_TIMEOUT, look).await;
            let (follow_up, released) = worker.note(contract, result.as_ref());
            let report = result.as_ref().and_then(|result| result.as_ref().ok());
            (worker.claim_end(contract, attempts, faults, follow_up, report), released, Some(result))
        });
        let (claim_end, released, result) = match task.join_next().await {
            Some(Ok(ended)) => ended,
            Some(Err(_)) | None => {
                (self.claim_end(contract, attempts, faults, FollowUp::broken_off(), None), Vec::new(), None)
            }
        };
        let (occasion, next) = (occasion.cost(begun.elapsed(), requests.get()), claim_end.next_look());
        let look = match result {
            Some(Some(result)) => Look::of(occasion, &result, next),
            Some(None) => Look::without_end(occasion, next),
            None => Look::interrupted(occasion, follow_up::BROKEN_OFF, next),
        };
        // At once, so that they share a commit.
        let (ended, ()) = tokio::join!(self.end(claim, claim_end), self.recorder.record(&look));
        ended?;
        for errand in released {
            self.inbox.is_over(errand.key()).await?;
        }
        for errand in self.memory().outages.over() {
            tracing::warn!("the outage while {errand} is over");
        }
        Ok(())
    }

    async fn end(&self, claim: Claim, claim_end: ClaimEnd) -> Result<(), StoreError> {
        match claim_end {
            ClaimEnd::Done => self.inbox.done(claim).await,
            ClaimEnd::Again(setback) => self.inbox.retry(claim, setback).await,
            ClaimEnd::NoRoom { reason, wait } => {
                // Those that wait already would find no room either: one look is enough to know.
                self.inbox.postpone(LIMIT_REACHED, wait).await?;
                self.inbox.retry(claim, Setback::new(reason, wait).outage(Some(LIMIT_REACHED))).await
            }
            ClaimEnd::Park { reason } => self.inbox.park(claim, reason).await,
        }
    }

    async fn look(&self, contract: ContractId) -> Result<Report, EngineError> {
        let engine = self.source.engine().await?;
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
            log_report(report);
        }
        (follow_up, memory.outages.done(contract, &served, now))
    }

    /// What becomes of the contract, and whether that is said.
    fn claim_end(
        &self,
        contract: ContractId,
        attempts: u32,
        faults: u32,
        follow_up: FollowUp,
        report: Option<&Report>,
    ) -> ClaimEnd {
        let failed = match follow_up {
            FollowUp::Failed(failed) => failed,
            FollowUp::NoRoom { reason, wait } => {
                self.is_settled(contract, report);
                return self.without_room(contract, reason, wait);
            }
            FollowUp::Done | FollowUp::WithoutCandidate => {
                self.is_settled(contract, report);
                return ClaimEnd::Done;
            }
        };
        let Failed { reason, hint, trouble, is_thing_to_do } = failed;
        let fault = trouble.map_or(Fault::Own { is_news: false }, |trouble| {
            self.memory().outages.failed(contract, trouble, Instant::now())
        });
        let is_own = matches!(fault, Fault::Own { .. });
        if is_own && trouble == Some(Trouble::NO_CONTRACT) {
            tracing::info!(%contract, reason, "look finished: Oneflow shows other contracts, so this one was deleted, or the Oneflow user has no access to it");
            self.is_settled(contract, report);
            return ClaimEnd::Done;
        }
        // In an outage, what there is to do is the same for all.
        if is_own && let Some(report) = report {
            self.memory().things_to_do.log(report);
        }
        if is_own && self.backoff.is_used_up(faults) {
            return self.park(contract, reason);
        }
        let wait = self.backoff.wait(attempts, hint, fastrand::f64());
        let errand = trouble.map(|trouble| trouble.errand).filter(|_| !is_own);
        let is_out = errand.is_some_and(|errand| self.memory().outages.is_out(errand));
        match (fault, errand) {
            (Fault::OfAll { begins: Some(_) }, _) if trouble == Some(Trouble::OTHER_ACCOUNT) => {
                tracing::error!(
                    reason,
                    next = accounts::OTHER_ACCOUNT,
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
        ClaimEnd::Again(setback.outage(errand.map(Errand::key)))
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
    fn without_room(&self, contract: ContractId, reason: String, wait: Duration) -> ClaimEnd {
        let now = Instant::now();
        let was_reached = self.memory().limit_reached.replace(now + wait + IDLE_POLL_INTERVAL);
        if was_reached.is_some_and(|until| now <= until) {
            tracing::debug!(%contract, reason, seconds = wait.as_secs(), "look finished, limit still reached");
        } else {
            tracing::error!(
                %contract,
                reason,
                seconds = wait.as_secs(),
                next = "check the pending changes with `smartsync plan --all`; if they are right, raise `[limits] changes`, or run `smartsync sync --all --max-changes N` once",
                "the hourly limit on overwritten and cleared values has been reached: further changes wait, and are \
                 retried automatically once the limit allows it"
            );
        }
        ClaimEnd::NoRoom { reason, wait }
    }

    fn park(&self, contract: ContractId, reason: String) -> ClaimEnd {
        tracing::error!(
            %contract,
            reason,
            "parked: someone has to fix the cause, then run `smartsync parked retry {contract}`"
        );
        self.memory().outages.forget(contract);
        ClaimEnd::Park { reason }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what a look did.
fn log_report(report: &Report) {
    tracing::info!(
        contract = %report.contract,
        written = report.count(|outcome| outcome == Outcome::Written),
        held = report.count(|outcome| matches!(outcome, Outcome::Held(_))),
        failed = report.count(|outcome| matches!(outcome, Outcome::Failed(_))),
        document = report.document.as_str(), "look finished"
    );
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("inbox", &self.inbox)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}
