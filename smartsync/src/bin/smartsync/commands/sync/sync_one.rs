//! A look at one contract, under a claim that is always given back.

use std::{
    io::{self, Write as _},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use oneflow_client::ContractId;
use smartsync::{Inbox, Store, engine::LimitWaits, store::Claim};
use smartsync_core::{Engine, Report, engine::SharedReads};
use tokio::time::{Instant, sleep};
use tracing::Instrument as _;

use crate::{failure::Failure, signals::Stop};

/// How long to wait for a server that looks at the same contract.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// How often to ask whether it has finished.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// No look takes longer, apart from waits for a rate limit: as long as one of the server.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// How often a claim is renewed. It lapses after five minutes.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// So long may a look go on that is writing when the process is asked to stop: the end of a write that is broken off is not known.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// What became of a look.
pub(super) enum Synced {
    Report(Report),
    /// The process was asked to stop before anything was written.
    NotBegun,
    /// The process was asked to stop, and some of what was to be written may have been.
    BrokenOff,
}

/// Looks at contracts, one after the other.
pub(super) struct Syncer {
    inbox: Inbox,
    engine: Arc<Engine>,
    waits: LimitWaits,
    stop: Stop,
    reads: SharedReads,
    attach_again: bool,
}

impl Syncer {
    pub(super) fn new(
        store: Store,
        engine: Arc<Engine>,
        waits: LimitWaits,
        stop: Stop,
        reads: SharedReads,
        attach_again: bool,
    ) -> Self {
        Self { inbox: Inbox::new(store), engine, waits, stop, reads, attach_again }
    }

    pub(super) async fn sync(&self, contract: ContractId) -> Result<Synced, Failure> {
        let Some(mut claim) = claim(&self.inbox, contract, &self.stop).await? else {
            return Ok(Synced::NotBegun);
        };
        let looked = self.look_until_stopped(&mut claim).await;
        // What is left over is for the server, if a notification waits; a command does not retry behind one's back.
        let has_ended = |report: &Report| report.is_complete() || report.is_without_candidate();
        if matches!(&looked, Ok(Synced::Report(report)) if has_ended(report)) {
            self.inbox.done(claim).await?;
        } else {
            self.inbox.release(claim).await?;
        }
        looked
    }

    async fn look_until_stopped(&self, claim: &mut Claim) -> Result<Synced, Failure> {
        let is_writing = AtomicBool::new(false);
        let contract = claim.contract();
        let look = Box::pin(self.look(contract, &is_writing));
        let look = look.instrument(tracing::info_span!("look", %contract));
        let mut look = pin!(self.waits.timeout(LOOK_TIMEOUT, look));
        let mut stop = self.stop.clone();
        let mut cut_off = pin!(async {
            stop.asked().await;
            if is_writing.load(Relaxed) {
                let line = format!("finishing contract {contract}; a second signal stops immediately");
                writeln!(io::stderr(), "{line}").ok();
            }
            let end = Instant::now() + SHUTDOWN_GRACE;
            // While it reads, or waits for a limit, nothing is under way that would have to be awaited.
            while is_writing.load(Relaxed) && self.waits.now().is_none() && Instant::now() < end {
                sleep(POLL_INTERVAL / 10).await;
            }
        });
        loop {
            tokio::select! {
                biased;
                looked = &mut look => {
                    let late = || Err(Failure::new("the look took too long", "try again later"));
                    return looked.unwrap_or_else(late).map(Synced::Report);
                }
                () = &mut cut_off => {
                    return Ok(if is_writing.load(Relaxed) { Synced::BrokenOff } else { Synced::NotBegun });
                }
                () = sleep(RENEWAL_INTERVAL) => {
                    // A database that does not answer now may do so before the claim lapses.
                    if let Ok(false) = self.inbox.renew(claim).await {
                        return Err(taken());
                    }
                }
            }
        }
    }

    async fn look(&self, contract: ContractId, is_writing: &AtomicBool) -> Result<Report, Failure> {
        if self.attach_again {
            self.engine.attach_again(contract).await?;
        }
        let plan = self.engine.plan_with_shared_reads(contract, &self.reads).await?;
        Failure::if_gone(&plan)?;
        is_writing.store(true, Relaxed);
        Ok(self.engine.apply(plan).await)
    }
}

/// Claims a contract, once a server that looks at it has finished. `None`: the process was asked to stop.
pub(in crate::commands) async fn claim(
    inbox: &Inbox,
    contract: ContractId,
    stop: &Stop,
) -> Result<Option<Claim>, Failure> {
    let end = Instant::now() + CLAIM_TIMEOUT;
    while stop.signal().is_none() {
        if let Some(claim) = inbox.claim(contract).await? {
            return Ok(Some(claim));
        }
        if Instant::now() > end {
            return Err(taken());
        }
        sleep(POLL_INTERVAL).await;
    }
    Ok(None)
}

fn taken() -> Failure {
    Failure::new(
        "another process is working on it",
        "try again in five minutes: by then the other look has finished, unless it is waiting for a service's rate \
         limit, and the claim of a killed command has expired",
    )
}
