//! A look at one contract, under a claim that is always given back.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use oneflow_client::ContractId;
use smartsync::{
    engine::{LimitWaits, RequestCount},
    server::SHUTDOWN_GRACE,
    store::{
        Action, ByHand, Claim, Ending, Item, Journal, Look, NextLook, Occasion, State, Subject, Tenant,
        Trigger,
    },
    words::commands::sync as words,
};
use smartsync_core::{Engine, EngineError, Report, engine::SharedReads, jiff::Timestamp};
use tokio::time::{Instant, sleep};
use tracing::Instrument as _;

use crate::{commands::by_hand, failure::Failure, signals::Stop, told::tell_progress};

/// How long to wait for a server that looks at the same contract.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// How often to ask whether a look that is writing has finished, when the process is asked to stop.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// No look takes longer, apart from waits for a rate limit: as long as one of the server.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// What became of a look.
pub(super) enum Synced {
    Report(Report),
    /// The process was asked to stop before anything was written.
    NotBegun,
    /// The process was asked to stop, and some of what was to be written may have been.
    BrokenOff,
}

/// How a look under a claim ended.
enum Looked {
    /// `None`: not in time.
    Ended(Option<Result<Report, EngineError>>),
    NotBegun,
    BrokenOff,
    /// The claim has lapsed.
    Taken,
}

impl Looked {
    /// The look for the journal; one that did not begin is none.
    fn to_note(&self, occasion: Occasion, next: NextLook) -> Option<Look> {
        match self {
            Self::Ended(Some(result)) => Some(Look::of(occasion, result, next)),
            Self::Ended(None) => Some(Look::without_end(occasion, next)),
            Self::BrokenOff => Some(Look::interrupted(occasion, words::STOPPED_LOOK, next)),
            Self::Taken => Some(Look::interrupted(occasion, words::LAPSED_LOOK, next)),
            Self::NotBegun => None,
        }
    }
}

/// Looks at contracts, one after the other.
pub(super) struct Syncer {
    claims: Arc<dyn ByHand>,
    journal: Arc<dyn Journal>,
    tenant: Tenant,
    engine: Arc<Engine>,
    waits: LimitWaits,
    stop: Stop,
    reads: SharedReads,
    attach_again: bool,
}

impl Syncer {
    pub(super) fn new(
        state: &dyn State,
        tenant: &Tenant,
        engine: Arc<Engine>,
        waits: LimitWaits,
        stop: Stop,
        reads: SharedReads,
        attach_again: bool,
    ) -> Self {
        let (claims, journal, tenant) = (state.by_hand(), state.journal(tenant), tenant.clone());
        Self { claims, journal, tenant, engine, waits, stop, reads, attach_again }
    }

    pub(super) async fn sync(&self, contract: ContractId) -> Result<Synced, Failure> {
        let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
        let Some(mut claim) = claim(&self.claims, &item, &self.stop).await? else {
            return Ok(Synced::NotBegun);
        };
        let (begun, requests) = (Instant::now(), RequestCount::new());
        let occasion = Occasion::new(contract, Trigger::ByHand, Timestamp::now());
        let occasion = occasion.begun_after(self.journal.last_number().await.ok());
        // Whether an upload was withdrawn, on the word of a person who has seen that it did not arrive.
        let is_withdrawn = AtomicBool::new(false);
        let looked = requests.watch(self.look_until_stopped(&mut claim, &is_withdrawn)).await;
        // What is left over is for the server, if a notification waits; a command does not retry behind one's back.
        let has_ended = |report: &Report| report.is_complete() || report.is_without_candidate();
        let has_ended = matches!(&looked, Looked::Ended(Some(Ok(report))) if has_ended(report));
        let occasion = occasion.cost(begun.elapsed(), requests.get());
        let next = if has_ended { NextLook::None } else { NextLook::Left };
        let end = async {
            if has_ended {
                self.claims.end(claim, Ending::Done).await
            } else {
                self.claims.release(claim).await
            }
        };
        let record = async {
            if let Some(mut look) = looked.to_note(occasion, next) {
                look.action = is_withdrawn.load(Relaxed).then_some(Action::AttachAgain);
                by_hand::record(&*self.journal, &look).await;
            }
        };
        let (ended, ()) = tokio::join!(end, record);
        ended?;
        match looked {
            Looked::Ended(Some(Ok(report))) => {
                Failure::if_gone(report.document)?;
                Ok(Synced::Report(report))
            }
            Looked::Ended(Some(Err(error))) => Err(error.into()),
            Looked::Ended(None) => Err(Failure::new(words::TOO_LONG, words::TOO_LONG_NEXT)),
            Looked::NotBegun => Ok(Synced::NotBegun),
            Looked::BrokenOff => Ok(Synced::BrokenOff),
            Looked::Taken => Err(taken()),
        }
    }

    async fn look_until_stopped(&self, claim: &mut Claim, is_withdrawn: &AtomicBool) -> Looked {
        let is_writing = AtomicBool::new(false);
        let contract = claim.contract();
        let look = Box::pin(self.look(contract, &is_writing, is_withdrawn));
        let look = look.instrument(tracing::info_span!("look", %contract));
        let mut look = pin!(self.waits.timeout(LOOK_TIMEOUT, look));
        let mut stop = self.stop.clone();
        let mut cut_off = pin!(async {
            stop.asked().await;
            if is_writing.load(Relaxed) {
                tell_progress(&words::finishing(contract));
            }
            let end = Instant::now() + SHUTDOWN_GRACE;
            // While it reads, or waits for a limit, nothing is under way that would have to be awaited.
            while is_writing.load(Relaxed) && self.waits.now().is_none() && Instant::now() < end {
                sleep(POLL_INTERVAL).await;
            }
        });
        let looked = async {
            tokio::select! {
                biased;
                looked = &mut look => Looked::Ended(looked),
                () = &mut cut_off => {
                    if is_writing.load(Relaxed) { Looked::BrokenOff } else { Looked::NotBegun }
                }
            }
        };
        self.claims.while_claimed(claim, looked).await.unwrap_or(Looked::Taken)
    }

    async fn look(
        &self,
        contract: ContractId,
        is_writing: &AtomicBool,
        is_withdrawn: &AtomicBool,
    ) -> Result<Report, EngineError> {
        if self.attach_again {
            is_withdrawn.store(self.engine.attach_again(contract).await?, Relaxed);
        }
        let plan = self.engine.plan_with_shared_reads(contract, &self.reads).await?;
        is_writing.store(true, Relaxed);
        Ok(self.engine.apply(plan).await)
    }
}

/// Claims a contract, once a server that looks at it, or at another of its candidate, has finished. `None`: the process was asked to stop.
pub(in crate::commands) async fn claim(
    claims: &Arc<dyn ByHand>,
    item: &Item,
    stop: &Stop,
) -> Result<Option<Claim>, Failure> {
    let claimed = claims.claim_once_free(item, CLAIM_TIMEOUT, stop.clone().resolved()).await?;
    if claimed.is_none() && stop.signal().is_none() {
        return Err(taken());
    }
    Ok(claimed)
}

fn taken() -> Failure {
    Failure::new(words::TAKEN, words::TAKEN_NEXT)
}
