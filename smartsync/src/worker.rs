//! Looks at the contracts of the inbox, one at a time.

use std::{fmt, sync::Arc, time::Duration};

use oneflow_client::ContractId;
use smartsync_core::{DocumentOutcome, Engine, EngineError, Next, Outcome, Reason, Report};
use smartsync_transport::CauseChain;
use tokio::{sync::watch, task::JoinSet, time};
use tracing::Instrument as _;

use crate::{Backoff, Claim, Due, Inbox, LimitWaits, StoreError};

/// No look takes longer, whatever the services do; waits for their rate limits are not counted.
const LOOK: Duration = Duration::from_secs(300);

/// How long to wait when the database itself fails.
const DISK: Duration = Duration::from_secs(1);

/// How often to see whether another process left something behind.
const ROUND: Duration = Duration::from_secs(60);

/// Looks at the contracts of an [`Inbox`]: plan, apply, and note how it went.
pub(crate) struct Worker {
    inbox: Inbox,
    engine: Arc<Engine>,
    backoff: Backoff,
    observer: Option<Observer>,
    waits: LimitWaits,
}

/// Is shown every report.
pub(crate) type Observer = Arc<dyn Fn(&Report) + Send + Sync>;

/// What a turn of the worker was.
#[derive(Debug)]
enum Turn {
    Looked,
    Idle(Duration),
}

/// How a look went.
#[derive(Debug)]
enum Look {
    Done,
    Again { hint: Option<Duration>, reason: String },
    Never { reason: String },
}

impl Worker {
    pub(crate) fn new(inbox: Inbox, engine: Engine) -> Self {
        Self {
            inbox,
            engine: Arc::new(engine),
            backoff: Backoff::default(),
            observer: None,
            waits: LimitWaits::new(),
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
        let mut is_lost = false;
        while !*stop.borrow() {
            let pause = match self.turn(is_lost).await {
                Ok(Turn::Looked) => {
                    is_lost = false;
                    continue;
                }
                Ok(Turn::Idle(pause)) => {
                    is_lost = false;
                    pause
                }
                Err(error) => {
                    tracing::error!(error = %CauseChain(&error), "the database failed");
                    is_lost = true;
                    DISK
                }
            };
            tokio::select! {
                () = self.inbox.changed() => {}
                () = time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// One look, or how long there is nothing to do. `is_lost`: the end of the look before could not be noted, so that
    /// its contract still counts as claimed.
    async fn turn(&self, is_lost: bool) -> Result<Turn, StoreError> {
        if is_lost {
            self.inbox.resume().await?;
        }
        match self.inbox.claim_due().await? {
            Due::Now(claim) => {
                self.work(claim).await?;
                Ok(Turn::Looked)
            }
            Due::Later(due) => {
                self.inbox.forget_old().await?;
                let wait =
                    due.map(|due| Duration::try_from(due - jiff::Timestamp::now()).unwrap_or_default());
                Ok(Turn::Idle(wait.unwrap_or(ROUND).min(ROUND)))
            }
        }
    }

    async fn work(&self, claim: Claim) -> Result<(), StoreError> {
        let contract = claim.contract();
        let (engine, observer) = (Arc::clone(&self.engine), self.observer.clone());
        // A task of its own: a fault in one contract does not end the work on the others.
        let mut task = JoinSet::new();
        let look = async move {
            let report = engine.apply(engine.plan(contract).await?).await;
            if let Some(observer) = observer {
                observer(&report);
            }
            Ok(report)
        };
        let look = Box::pin(look.instrument(tracing::info_span!("look", %contract)));
        let waits = self.waits.clone();
        task.spawn(async move { waits.timeout(LOOK, look).await });
        let look = match task.join_next().await {
            Some(Ok(Some(result))) => Look::of(contract, result),
            Some(Ok(None)) => Look::Again { hint: None, reason: "the look took too long".to_owned() },
            Some(Err(_)) | None => {
                Look::Again { hint: None, reason: "a fault in this program broke the look off".to_owned() }
            }
        };
        match look {
            Look::Done => self.inbox.done(claim).await,
            Look::Again { hint, reason } => {
                match self.backoff.wait(claim.attempts() + 1, hint, fastrand::f64()) {
                    Some(wait) => {
                        tracing::warn!(%contract, reason, seconds = wait.as_secs(), "looked, and will look again");
                        self.inbox.retry(claim, wait, reason).await
                    }
                    None => self.park(claim, reason).await,
                }
            }
            Look::Never { reason } => self.park(claim, reason).await,
        }
    }

    async fn park(&self, claim: Claim, reason: String) -> Result<(), StoreError> {
        tracing::error!(contract = %claim.contract(), reason, "parked: a person has to see to it");
        self.inbox.park(claim, reason).await
    }
}

impl Look {
    fn of(contract: ContractId, result: Result<Report, EngineError>) -> Self {
        match result {
            Ok(report) => Self::of_report(contract, &report),
            Err(error) => {
                let (hint, reason) = (error.retry_after(), CauseChain(&error).to_string());
                if error.is_retryable() || is_refused(&error) {
                    Self::Again { hint, reason }
                } else {
                    Self::Never { reason }
                }
            }
        }
    }

    fn of_report(contract: ContractId, report: &Report) -> Self {
        tracing::info!(
            %contract,
            written = report.count(|outcome| outcome == Outcome::Written),
            held = report.count(|outcome| matches!(outcome, Outcome::Held(_))),
            failed = report.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            document = report.document.as_str(),
            "looked"
        );
        match report.next {
            Next::Done => Self::Done,
            Next::Retry(retry) => Self::Again { hint: retry.after, reason: unsettled(report) },
            Next::Park(Reason::NotAuthorized) => Self::Again { hint: None, reason: unsettled(report) },
            Next::Park(reason) => Self::Never { reason: format!("{}: {}", reason.code(), reason.sentence()) },
        }
    }
}

/// A refused credential is put right by a person, and then every contract goes on by itself.
fn is_refused(error: &EngineError) -> bool {
    matches!(error, EngineError::Service(error) if error.is_unauthorized())
}

/// The codes of what is not settled: `oneflow-salary: unavailable`, `oneflow-city: answer-unreadable (value)`.
fn unsettled(report: &Report) -> String {
    let fields = report.outcomes.iter().filter(|field| !field.outcome.is_settled());
    let fields = fields.filter_map(|field| {
        let member = field.member.map(|member| format!(" ({member})")).unwrap_or_default();
        Some(format!("{}: {}{member}", field.data_field, field.outcome.reason()?.code()))
    });
    let document = match report.document {
        DocumentOutcome::Later(reason) | DocumentOutcome::Failed(reason) => {
            Some(format!("document: {}", reason.code()))
        }
        DocumentOutcome::NotDue(_) | DocumentOutcome::AlreadyThere | DocumentOutcome::Attached | _ => None,
    };
    fields.chain(document).collect::<Vec<_>>().join(", ")
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("inbox", &self.inbox)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}
