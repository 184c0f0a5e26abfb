//! What has to be looked at, by all processes together: items with a notification that nobody has acted on yet.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync_transport::{CauseChain, Sleep, TokioSleep};
use tokio::{
    runtime::Handle,
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::{postgres_store::PostgresStore, session::Session};
use crate::store::{
    claim::{Claim, Due},
    claims::{self, Claims},
    inbox::{instant, later},
    intake::Accepted,
    item::Item,
    journal::Trigger,
    lane::Lane,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
    work::{Ending, Handler, Intake, Work, WorkLimits},
};

/// How often to look by itself: what another process has noted is told, and a message can be missed.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How often what nobody needs any more is dropped, at most.
const DROP_INTERVAL: Duration = Duration::from_secs(10);

/// Waits between tries to reach a database that is gone: twice as long each time, and a part of that by chance, so that not all come at once.
const RECONNECT: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(3)];

/// [`Intake`] and [`Work`] in a [`PostgresStore`].
///
/// There is one row per item, whichever process it came to and whichever looks at it. A process has what it claimed for as long as it is connected:
/// when it dies, the others have it within a second. Clones share one wake-up.
#[derive(Clone, Debug)]
pub struct PostgresWork {
    pub(super) store: PostgresStore,
    sleep: Arc<dyn Sleep>,
}

impl PostgresWork {
    /// What has to be looked at in `store`.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { store, sleep: Arc::new(TokioSleep) }
    }

    /// The same, with another way to wait between looks. The paces are kept by its clock, or by that of the runtime if it has none.
    #[must_use]
    pub fn sleep(self, sleep: impl Sleep + 'static) -> Self {
        Self { sleep: Arc::new(sleep), ..self }
    }

    /// Makes everything that waits due, except where a service asked to wait: whoever starts a server has put something right.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn resume(&self) -> Result<(), StoreError> {
        Ok(self.store.resume().await?)
    }
}

#[async_trait]
impl Intake for PostgresWork {
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError> {
        let accepted = self.store.accept(callback_id, &item).await?.ok_or(StoreError::TooManyUnderOneId)?;
        self.store.wake().wake();
        Ok(accepted)
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        Ok(self.store.write_nothing_new().await?)
    }
}

#[async_trait]
impl Work for PostgresWork {
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, mut stop: watch::Receiver<bool>) {
        let mut wait = RECONNECT[0];
        let mut is_lost = false;
        while !*stop.borrow() {
            let session = match self.store.serve().await {
                Ok(session) => EndsOnDrop { store: self.store.clone(), session },
                Err(error) => {
                    if !is_lost {
                        tracing::error!(error = %CauseChain(&error), "the database failed");
                    }
                    is_lost = true;
                    let jittered = wait.mul_f64(0.5 + fastrand::f64() / 2.0);
                    wait = (wait * 2).min(RECONNECT[1]);
                    tokio::select! {
                        biased;
                        changed = stop.changed() => if changed.is_err() { return },
                        () = sleep(jittered) => {}
                    }
                    continue;
                }
            };
            if is_lost {
                tracing::warn!("the worker is running again");
            }
            wait = RECONNECT[0];
            let claims = Arc::new(SessionClaims::new(self.store.clone(), Arc::clone(&session.session)));
            let looks =
                claims::run(claims, Arc::clone(&handler), limits, Arc::clone(&self.sleep), stop.clone());
            tokio::select! {
                biased;
                // What is under way is cut off, as by a crash: others may look at it by now.
                () = session.session.lost() => is_lost = true,
                () = looks => return,
            }
        }
    }

    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        self.store.enqueue(items, trigger).await?;
        self.store.wake().wake();
        Ok(())
    }
}

/// The session of a server: whoever drops it gives back what the worker has claimed. The session ends, but not before what is claimed by hand in it:
/// a decision on the page that has begun is not broken off by the end of the work.
struct EndsOnDrop {
    store: PostgresStore,
    session: Arc<Session>,
}

impl Drop for EndsOnDrop {
    fn drop(&mut self) {
        let (store, session) = (self.store.clone(), Arc::clone(&self.session));
        let runtime =
            Handle::try_current().ok().filter(|_| !session.is_lost() && !session.by_hand.is_empty());
        let Some(runtime) = runtime else { return session.end() };
        runtime.spawn(async move {
            if let Err(error) = store.give_back(&session, &[], Duration::ZERO).await {
                tracing::warn!(error = %CauseChain(&error), "what the worker had claimed is free only when the last decision has ended");
            }
            session.by_hand.all_let_go().await;
            session.end();
        });
    }
}

/// What a session claims.
#[derive(Debug)]
struct SessionClaims {
    store: PostgresStore,
    session: Arc<Session>,
    /// The time of the store when it was asked last.
    time: Mutex<(i64, Instant)>,
    dropped: Mutex<Option<Instant>>,
}

impl SessionClaims {
    fn new(store: PostgresStore, session: Arc<Session>) -> Self {
        let time = Mutex::new((0, Instant::now()));
        Self { store, session, time, dropped: Mutex::default() }
    }

    /// Whether it is long enough ago that something was dropped.
    fn may_drop(&self) -> bool {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let may = dropped.is_none_or(|last| last.elapsed() >= DROP_INTERVAL);
        if may {
            *dropped = Some(Instant::now());
        }
        may
    }
}

#[async_trait]
impl Claims for SessionClaims {
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
        let lanes = [Lane::Asked, Lane::Swept];
        if let Some(claim) = self.store.claim_one(&self.session, turns, &lanes).await? {
            return Ok(Due::Now(claim));
        }
        let (now, next) = self.store.next_time(&self.session, turns).await?;
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = (now, Instant::now());
        Ok(Due::Later(next.map(instant)))
    }

    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
        Ok(self.store.claim_one(&self.session, turns, &[Lane::Copies]).await?)
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        self.store.end(self.session.id, claim, ending).await
    }

    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        Ok(self.store.put_back(&self.session, &claim, wait).await?)
    }

    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        self.store.is_over(tenant, outage).await?;
        self.store.wake().wake();
        Ok(())
    }

    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        Ok(self.store.give_back(&self.session, &running, wait).await?)
    }

    fn has_lapsed(&self) -> bool {
        self.session.by_hand.has_lapsed()
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        if self.may_drop() { Ok(self.store.forget_old().await?) } else { Ok(()) }
    }

    async fn changed(&self) {
        // Nobody is told of what the end of another process's look sets free for this one alone, nor of what is noted while a message is lost.
        timeout(POLL_INTERVAL, self.store.wake().due.notified()).await.ok();
    }

    fn now(&self) -> Timestamp {
        let (asked, at) = *self.time.lock().unwrap_or_else(PoisonError::into_inner);
        instant(self.store.given_time().unwrap_or_else(|| later(asked, at.elapsed())))
    }
}
