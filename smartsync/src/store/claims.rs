//! Hands out what is due, from any store that can claim: so many at once, the tenants in turn, and of each in the order of the times.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::pending,
    mem,
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync_transport::{CauseChain, Sleep, Wait};
use tokio::{
    sync::watch,
    task::{self, JoinSet},
    time::Instant,
};

use super::{
    claim::{Claim, Due},
    item::Item,
    paces::Paces,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
    work::{Ended, Ending, Handler, WorkLimits},
};

/// How long to wait when the store itself fails.
const STORE_RETRY_DELAY: Duration = Duration::from_secs(1);

/// After so many looks in a row, what nobody needs any more is dropped though there is more to look at.
const LOOKS_BETWEEN_DROPS: u32 = 50;

/// So long at least until it is seen again what another tenant has, while as many looks are under way as are allowed.
const FULL_POLL_INTERVAL: Duration = Duration::from_secs(1);
/// So many are put back at a time: then whoever waits for the end of a look, or has this stop, has a turn.
const PUT_BACK_AT_ONCE: u32 = 20;

/// How often to see whether another process left something behind, should [`Claims::changed`] not tell.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(60);

/// A store whose items one process claims, one by one. [`run`] makes [`Work`](super::Work) of it.
#[async_trait]
pub(crate) trait Claims: fmt::Debug + Send + Sync {
    /// Of the first tenant, by its turn, of which one is due: claims the item that is due longest, of those that are not looked at last and whose
    /// candidate no other claim is about. What is looked at after other things of its tenant is so of that tenant only. Tenants that are left out
    /// have no part in it, nor in the time that is returned.
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError>;

    /// In the same order, claims one that is looked at last, since it came under a callback id that had named others before.
    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError>;

    /// Ends a claim. One that has lapsed has nothing to say any more.
    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError>;

    /// Gives a claim back without a look, not to be looked at before `wait` is over, unless a person asks for it or it becomes known.
    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError>;

    /// An outage of a tenant may be over: what of it waits because of that is due, except where a service asked to wait.
    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError>;

    /// Gives back all claims of this process but those on `running`, to be claimed again after `wait`.
    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError>;

    /// Whether something that this process has claimed beside its looks has lapsed, and is to be given back.
    fn has_lapsed(&self) -> bool {
        false
    }

    /// Drops some of what nobody needs any more. Called when nothing is due, and now and then while something is.
    async fn forget_old(&self) -> Result<(), StoreError>;

    /// Resolves when something was noted or given back since the last call, by this process or, within two seconds, by another. May do so without a cause.
    async fn changed(&self);

    /// The time by which the items are due.
    fn now(&self) -> Timestamp;
}

/// What there is to do.
enum Next {
    Look {
        claim: Claim,
        is_copy: bool,
    },
    /// Nothing but to ask again: more may have to be put back.
    Again,
    Idle(Duration),
}

/// Hands out what is due until `stop` turns true, or whoever could have it do so is gone. Looks that have begun are finished.
pub(crate) async fn run(
    claims: Arc<dyn Claims>,
    handler: Arc<dyn Handler>,
    limits: WorkLimits,
    sleep: Arc<dyn Sleep>,
    mut stop: watch::Receiver<bool>,
) {
    let mut looks = Looks {
        claims,
        handler,
        concurrency: limits.concurrency.max(1),
        turns: TenantTurns::default(),
        // There may be no other.
        tenants: [Tenant::default()].into(),
        running: JoinSet::new(),
        items: Vec::new(),
        since_drop: 0,
        not_noted: Vec::new(),
        next_try: Duration::ZERO,
    };
    let mut paces = Paces::new(limits);
    let time = Time { sleep: &*sleep, begun: Instant::now() };
    let (mut is_lost, mut is_stopping) = (false, false);
    loop {
        is_stopping |= *stop.borrow();
        if is_stopping && looks.items.is_empty() {
            // A last try. What is not noted now is looked at again by the next start.
            looks.note_ends().await.ok();
            return;
        }
        let (mut pause, mut since, mut is_again) = (None, time.now(), false);
        if !is_stopping {
            match looks.next(&mut paces, &time, is_lost).await {
                Ok(next) => {
                    if is_lost {
                        tracing::warn!("the worker is running again");
                    }
                    is_lost = false;
                    // While it was claimed: a store on another machine takes its time.
                    let is_told_to_stop = *stop.borrow() || stop.has_changed().is_err();
                    match next {
                        Next::Look { claim, .. } if is_told_to_stop => {
                            if let Err(error) = looks.claims.put_back(claim, Duration::ZERO).await {
                                is_lost = store_failed(&error, is_lost);
                            }
                            is_stopping = true;
                            continue;
                        }
                        Next::Look { claim, is_copy } => {
                            paces.of(&claim.item.tenant).begins(&claim, is_copy, time.now());
                            looks.begin(claim);
                            continue;
                        }
                        Next::Again => is_again = true,
                        Next::Idle(wait) => pause = Some(wait),
                    }
                }
                Err(error) => {
                    is_lost = store_failed(&error, is_lost);
                    (pause, since) = (Some(STORE_RETRY_DELAY), time.now());
                }
            }
        }
        // What was asked for when there was nothing to do counts from then on, however long that took.
        let end = since + pause.unwrap_or(IDLE_POLL_INTERVAL);
        let left = end.saturating_sub(time.now());
        let claims = Arc::clone(&looks.claims);
        tokio::select! {
            biased;
            changed = stop.changed(), if !is_stopping => is_stopping = changed.is_err(),
            Some(ended) = looks.end(), if !looks.items.is_empty() => match ended {
                Ok(()) => {}
                Err(error) => is_lost = store_failed(&error, is_lost),
            },
            () = task::yield_now(), if is_again => {}
            () = claims.changed(), if pause.is_some() && !is_lost => {}
            () = sleep.sleep(Wait { at_least: left, at_most: left }), if pause.is_some() => {}
            // Once the sleep has begun: time that passed before that is not slept through.
            () = time.is_over(end), if pause.is_some() && !left.is_zero() => {}
        }
    }
}

/// The time of a sleep, or its own for a sleep without a clock: no limit is lifted where nobody measures.
struct Time<'a> {
    sleep: &'a dyn Sleep,
    begun: Instant,
}

impl Time<'_> {
    fn now(&self) -> Duration {
        self.sleep.now().unwrap_or_else(|| self.begun.elapsed())
    }

    /// Resolves if it is so late now, and never otherwise.
    async fn is_over(&self, end: Duration) {
        if self.now() < end {
            pending::<()>().await;
        }
    }
}

/// Said once, however long it lasts.
fn store_failed(error: &StoreError, was_lost: bool) -> bool {
    if !was_lost {
        tracing::error!(error = %CauseChain(error), "the database failed");
    }
    true
}

/// The looks that are under way.
struct Looks {
    claims: Arc<dyn Claims>,
    handler: Arc<dyn Handler>,
    /// So many at once.
    concurrency: usize,
    turns: TenantTurns,
    /// Those of which the handler is asked before every turn whether to pause.
    tenants: BTreeSet<Tenant>,
    running: JoinSet<Result<(), Box<NotNoted>>>,
    items: Vec<(task::Id, Item)>,
    /// So many have begun since what nobody needs any more was dropped.
    since_drop: u32,
    /// What became of those that have ended and still count as claimed.
    not_noted: Vec<(Claim, Ended)>,
    /// When it is tried again to note that.
    next_try: Duration,
}

/// The end of a look that the store did not take.
struct NotNoted {
    end: (Claim, Ended),
    error: StoreError,
}

impl Looks {
    /// What to do now. `is_lost`: the end of a look could not be noted, so that its item may still count as claimed.
    async fn next(&mut self, paces: &mut Paces, time: &Time<'_>, is_lost: bool) -> Result<Next, StoreError> {
        let is_due = !self.not_noted.is_empty() || self.claims.has_lapsed();
        if is_lost || is_due && time.now() >= self.next_try {
            self.next_try = time.now() + STORE_RETRY_DELAY;
            // Before anything is given back: otherwise the look would be repeated at once, however long a service asked to wait. An end that the
            // store does not take while it takes others stops nothing else.
            let noted = self.note_ends().await;
            let ours = self
                .items
                .iter()
                .map(|(_, item)| item)
                .chain(self.not_noted.iter().map(|(claim, _)| &claim.item));
            self.claims.give_back(ours.cloned().collect(), STORE_RETRY_DELAY).await?;
            if let Err(error) = noted {
                store_failed(&error, is_lost);
            }
        }
        if self.since_drop >= LOOKS_BETWEEN_DROPS {
            self.forget_old().await?;
        }
        let (mut pauses, is_full) = (self.pauses(), self.items.len() >= self.concurrency);
        let mut turns = self.turns.without(pauses.keys());
        if is_full {
            // The slots are taken. A tenant that has none may begin a look all the same: it does not wait for those of others.
            turns = turns.without(self.items.iter().map(|(_, item)| &item.tenant));
        }
        for _ in 0..PUT_BACK_AT_ONCE {
            let (claim, is_copy, due, resting) = match self.claims.claim_due(&turns).await? {
                Due::Now(claim) => (Some(claim), false, None, BTreeMap::new()),
                // Nor is any of what is looked at last beyond the limit.
                Due::Later(due) if is_full => {
                    let wait = self.until(due).max(FULL_POLL_INTERVAL);
                    return Ok(Next::Idle(wait.min(shortest(&pauses))));
                }
                Due::Later(due) => {
                    let resting = paces.resting(time.now());
                    let claim = self.claims.claim_last(&turns.without(resting.keys())).await?;
                    (claim, true, due, resting)
                }
            };
            let Some(claim) = claim else {
                let paused = resting.into_values().min().unwrap_or_default();
                return self.idle(due, paused, shortest(&pauses)).await;
            };
            let tenant = &claim.item.tenant;
            if self.tenants.insert(tenant.clone())
                && let Some(pause) = self.handler.pause(tenant)
            {
                pauses.insert(tenant.clone(), pause);
                turns = turns.without([tenant]);
                self.claims.put_back(claim, Duration::ZERO).await?;
                continue;
            }
            match paces.of(tenant).wait(&claim, time.now()) {
                None => return Ok(Next::Look { claim, is_copy }),
                Some(wait) => {
                    self.handler.put_back(&claim.item);
                    self.claims.put_back(claim, wait).await?;
                }
            }
        }
        Ok(Next::Again)
    }

    /// Nothing is due before `due`, what is looked at last waits for `paused`, and tenants that pause do so for `pause`.
    async fn idle(
        &mut self,
        due: Option<Timestamp>,
        paused: Duration,
        pause: Duration,
    ) -> Result<Next, StoreError> {
        self.forget_old().await?;
        // What is due and was not claimed is looked at last, or waits for the end of another look at the same candidate.
        let wait = self.until(due).max(paused);
        // A burst is over when its last look is.
        let idle = if self.items.is_empty() { self.handler.idle().await } else { IDLE_POLL_INTERVAL };
        Ok(Next::Idle(wait.min(idle).min(pause).min(IDLE_POLL_INTERVAL)))
    }

    /// How long that is; where nothing waits, until it is seen whether another process left something behind.
    fn until(&self, due: Option<Timestamp>) -> Duration {
        due.map_or(IDLE_POLL_INTERVAL, |due| {
            due.duration_since(self.claims.now()).try_into().unwrap_or_default()
        })
    }

    /// The tenants of which nothing is to be handed out, and for how long.
    fn pauses(&self) -> BTreeMap<Tenant, Duration> {
        let pause = |tenant: &Tenant| Some((tenant.clone(), self.handler.pause(tenant)?));
        self.tenants.iter().filter_map(pause).collect()
    }

    async fn forget_old(&mut self) -> Result<(), StoreError> {
        self.since_drop = 0;
        self.claims.forget_old().await
    }

    /// Tries once to note each end that was not taken. The first error of those that still are not.
    async fn note_ends(&mut self) -> Result<(), StoreError> {
        let mut result = Ok(());
        for (claim, ended) in mem::take(&mut self.not_noted) {
            let noted = note(&*self.claims, claim.clone(), ended.clone()).await;
            self.handler.noted(&claim.item, noted.as_ref().err());
            if let Err(error) = noted {
                self.not_noted.push((claim, ended));
                result = result.and(Err(error));
            }
        }
        result
    }

    fn begin(&mut self, claim: Claim) {
        self.since_drop += 1;
        self.turns.serve(&claim.item.tenant);
        let item = claim.item.clone();
        let look = look(Arc::clone(&self.claims), Arc::clone(&self.handler), claim);
        let id = self.running.spawn(look).id();
        self.items.push((id, item));
    }

    /// Waits for the end of a look.
    async fn end(&mut self) -> Option<Result<(), StoreError>> {
        let (id, ended) = match self.running.join_next_with_id().await? {
            Ok((id, Ok(()))) => (id, Ok(())),
            Ok((id, Err(not_noted))) => {
                self.not_noted.push(not_noted.end);
                (id, Err(not_noted.error))
            }
            // Aborted: what breaks off in a handler is caught below.
            Err(error) => (error.id(), Err(StoreError::Closed)),
        };
        let place = self.items.iter().position(|(look, _)| *look == id);
        if let Some(place) = place {
            let (_, item) = self.items.remove(place);
            self.handler.noted(&item, ended.as_ref().err());
        }
        Some(ended)
    }
}

/// When the first of those that pause may be asked again.
fn shortest(pauses: &BTreeMap<Tenant, Duration>) -> Duration {
    pauses.values().min().copied().unwrap_or(IDLE_POLL_INTERVAL)
}

async fn look(claims: Arc<dyn Claims>, handler: Arc<dyn Handler>, claim: Claim) -> Result<(), Box<NotNoted>> {
    let turn = claim.turn();
    // A task of its own: whatever breaks off in it ends this look, and no other.
    let mut task = JoinSet::new();
    task.spawn({
        let (handler, turn) = (Arc::clone(&handler), turn.clone());
        async move { handler.handle(turn).await }
    });
    let ended = match task.join_next().await {
        Some(Ok(ended)) => ended,
        Some(Err(_)) | None => handler.broken_off(turn).await,
    };
    note(&*claims, claim.clone(), ended.clone())
        .await
        .map_err(|error| Box::new(NotNoted { end: (claim, ended), error }))
}

/// Notes how a look has ended. A second time, it changes nothing.
async fn note(claims: &dyn Claims, claim: Claim, Ended { ending, over }: Ended) -> Result<(), StoreError> {
    let tenant = claim.item.tenant.clone();
    claims.end(claim, ending).await?;
    for outage in over {
        claims.is_over(&tenant, outage).await?;
    }
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "test-util")]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    };

    use smartsync_core::Clock;
    use tokio::{
        sync::Semaphore,
        time::{sleep, timeout},
    };

    use super::*;
    use crate::store::{
        Intake as _, MemoryBench, MemoryWork, OpenedWork, TestTime, Turn, Work as _, WorkRule,
        work_conformance::at_work::AtWork,
    };

    /// The time of the runtime. As a sleep, it has no clock.
    #[derive(Clone, Debug)]
    struct Clockless(Instant);

    impl Clock for Clockless {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH + self.0.elapsed()
        }
    }

    #[async_trait]
    impl Sleep for Clockless {
        async fn sleep(&self, wait: Wait) {
            sleep(wait.at_least).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_without_a_clock_lifts_no_limit() {
        let time = Clockless(Instant::now());
        let work = MemoryWork::new(time.clone(), time);
        for number in 1..=6 {
            work.is_of(oneflow_client::ContractId::new(number), number.to_string().into());
        }
        let (intake, work) = (Arc::new(work.clone()), Arc::new(work));
        let mut at_work = AtWork::start(&MemoryBench::new(), OpenedWork { intake, work }, 1);
        for look in 0..6 {
            at_work.accept(&look.to_string(), 1).await.unwrap();
            at_work.next_at(1, WorkRule::HandsOut).await.unwrap().end(Ending::Done).await;
        }
        at_work.accept("one more", 1).await.unwrap();
        at_work.none(WorkRule::KeepsThePace).await.unwrap();
        sleep(Duration::from_secs(50)).await;
        at_work.next_at(1, WorkRule::KeepsThePace).await.unwrap().end(Ending::Done).await;

        for number in 2..=6 {
            at_work.accept("copied", number).await.unwrap();
        }
        for number in 2..=5 {
            at_work.next_at(number, WorkRule::HandsOut).await.unwrap().end(Ending::Done).await;
        }
        at_work.none(WorkRule::AlteredCopiesComeLast).await.unwrap();
        at_work.next_at(6, WorkRule::AlteredCopiesComeLast).await.unwrap().end(Ending::Done).await;
    }

    /// A sleep before which much time passes, each time that it is begun: the machine is busy.
    #[derive(Clone, Debug)]
    struct Late(TestTime);

    #[async_trait]
    impl Sleep for Late {
        async fn sleep(&self, wait: Wait) {
            self.0.pass(Duration::from_secs(11));
            self.0.sleep(wait).await;
        }

        fn now(&self) -> Option<Duration> {
            Sleep::now(&self.0)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_passes_between_a_claim_and_the_sleep_after_it_is_not_slept_through() {
        let time = TestTime::new();
        let work = MemoryWork::new(time.clone(), Late(time));
        let (intake, work) = (Arc::new(work.clone()), Arc::new(work));
        let mut at_work = AtWork::start(&MemoryBench::new(), OpenedWork { intake, work }, 1);
        at_work.accept("one", 1).await.unwrap();
        for rule in [WorkRule::HandsOut, WorkRule::Waits] {
            at_work.next_at(1, rule).await.unwrap().fail(Duration::from_secs(10)).await;
        }
    }

    /// A store with a trouble of its own.
    #[derive(Debug)]
    struct Troubled(MemoryWork, Trouble);

    #[derive(Debug)]
    enum Trouble {
        /// It never takes the end of this item.
        Refuses(Item),
        /// It is told to stop while it claims.
        StopsAtClaim(watch::Sender<bool>),
    }

    #[async_trait]
    impl Claims for Troubled {
        async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
            let due = self.0.claim_due(turns).await;
            if let Trouble::StopsAtClaim(stop) = &self.1 {
                stop.send_replace(true);
            }
            due
        }

        async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
            self.0.claim_last(turns).await
        }

        async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
            if matches!(&self.1, Trouble::Refuses(item) if *item == claim.item) {
                return Err(StoreError::other("a row that cannot be written"));
            }
            self.0.end(claim, ending).await
        }

        async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
            self.0.put_back(claim, wait).await
        }

        async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
            self.0.is_over(tenant, outage).await
        }

        async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
            self.0.give_back(running, wait).await
        }

        async fn forget_old(&self) -> Result<(), StoreError> {
            self.0.forget_old().await
        }

        async fn changed(&self) {
            self.0.changed().await;
        }

        fn now(&self) -> Timestamp {
            Claims::now(&self.0)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_end_that_is_never_taken_stops_no_other_item_and_is_not_looked_at_again() {
        let time = TestTime::new();
        let work = MemoryWork::new(time.clone(), time.clone());
        let items = [1, 2, 3].map(|number| Item::from(oneflow_client::ContractId::new(number)));
        for item in &items {
            work.accept(&item.to_string(), item.clone()).await.unwrap();
        }
        let gate = Arc::new(Semaphore::new(0));
        let (stop, stopping) = watch::channel(false);
        let claims = Arc::new(Troubled(work.clone(), Trouble::Refuses(items[0].clone())));
        let limits = WorkLimits::default().concurrency(1);
        let held = Arc::new(Held(Arc::clone(&gate)));
        let looks = task::spawn(run(claims, held, limits, Arc::new(time), stopping));
        gate.add_permits(4);
        sleep(Duration::from_secs(60)).await;
        assert_eq!(work.waiting(), [items[0].clone()], "the others were looked at");
        assert_eq!(gate.available_permits(), 1, "each once");
        stop.send_replace(true);
        timeout(Duration::from_secs(1), looks).await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn told_to_stop_while_it_finds_nothing_to_claim_it_ends_at_once() {
        let time = TestTime::new();
        let (stop, stopping) = watch::channel(false);
        let work = MemoryWork::new(time.clone(), time.clone());
        let claims = Arc::new(Troubled(work, Trouble::StopsAtClaim(stop)));
        let run =
            run(claims, Arc::new(Impatient::default()), WorkLimits::default(), Arc::new(time), stopping);
        timeout(Duration::from_secs(1), run).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_claimed_while_it_was_told_to_stop_is_given_back_without_a_look() {
        let time = TestTime::new();
        let work = MemoryWork::new(time.clone(), time.clone());
        let item = Item::from(oneflow_client::ContractId::new(1));
        work.accept("one", item.clone()).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let claims = Arc::new(Troubled(work.clone(), Trouble::StopsAtClaim(stop)));
        let looks = Arc::new(Impatient::default());
        let run = run(claims, Arc::clone(&looks) as _, WorkLimits::default(), Arc::new(time), stopping);
        timeout(Duration::from_secs(1), run).await.unwrap();
        assert!(looks.before_looks.lock().unwrap().is_empty(), "no look has begun");
        assert_eq!(work.waiting(), std::slice::from_ref(&item));
        let mut next = AtWork::start(
            &MemoryBench::new(),
            OpenedWork { intake: Arc::new(work.clone()), work: Arc::new(work) },
            1,
        );
        let look = next.next(WorkRule::FinishesAtTheStop).await.unwrap();
        assert_eq!(
            (look.turn.item.clone(), look.turn.attempts),
            (item, 0),
            "it is due at once, and was not tried"
        );
    }

    /// A look that ends when it is let.
    struct Held(Arc<Semaphore>);

    #[async_trait]
    impl Handler for Held {
        async fn handle(&self, _: Turn) -> Ended {
            self.0.acquire().await.unwrap().forget();
            Ending::Done.into()
        }

        async fn broken_off(&self, _: Turn) -> Ended {
            Ending::Done.into()
        }

        async fn idle(&self) -> Duration {
            IDLE_POLL_INTERVAL
        }
    }

    /// Counts what is put back, and says how much that was before its looks; the first of them has it stop.
    #[derive(Default)]
    struct Impatient {
        put_back: AtomicUsize,
        before_looks: Mutex<Vec<usize>>,
        stop: watch::Sender<bool>,
    }

    #[async_trait]
    impl Handler for Impatient {
        async fn handle(&self, _: Turn) -> Ended {
            self.before_looks.lock().unwrap().push(self.put_back.load(Relaxed));
            self.stop.send_replace(true);
            Ending::Done.into()
        }

        async fn broken_off(&self, _: Turn) -> Ended {
            Ending::Done.into()
        }

        fn put_back(&self, _: &Item) {
            self.put_back.fetch_add(1, Relaxed);
        }

        async fn idle(&self) -> Duration {
            IDLE_POLL_INTERVAL
        }
    }

    #[tokio::test(start_paused = true)]
    async fn however_much_is_to_be_put_back_looks_go_on_meanwhile_and_it_can_be_stopped() {
        let time = TestTime::new();
        let work = MemoryWork::new(time.clone(), time);
        for number in 0..1000 {
            let item = Item::from(oneflow_client::ContractId::new(number));
            work.accept(&number.to_string(), item).await.unwrap();
        }
        let impatient = Arc::new(Impatient::default());
        let limits = WorkLimits { unknown_per_minute: 1, ..WorkLimits::default() };
        let run = work.run(Arc::clone(&impatient) as _, limits, impatient.stop.subscribe());
        timeout(Duration::from_secs(1), run).await.unwrap();
        let before_looks = impatient.before_looks.lock().unwrap().clone();
        let at_once = usize::try_from(PUT_BACK_AT_ONCE).unwrap();
        assert!(before_looks.len() == 1 && before_looks[0] <= at_once, "{before_looks:?}");
        let put_back = impatient.put_back.load(Relaxed);
        assert!((1..=3 * at_once).contains(&put_back), "{put_back}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_put_back_by_the_thousand_is_put_back_once_each_and_nothing_sleeps_in_between() {
        let time = TestTime::new();
        let work = MemoryWork::new(time.clone(), time);
        for number in 0..1000 {
            let item = Item::from(oneflow_client::ContractId::new(number));
            work.accept(&number.to_string(), item).await.unwrap();
        }
        let counting = Arc::new(Impatient::default());
        let (_stop, stopping) = watch::channel(false);
        let limits = WorkLimits { unknown_per_minute: 1, ..WorkLimits::default() };
        let run = task::spawn({
            let (work, counting) = (work.clone(), Arc::clone(&counting));
            async move { work.run(counting, limits, stopping).await }
        });
        // Paused time passes only when nothing has anything to do.
        sleep(Duration::from_millis(1)).await;
        assert_eq!(counting.put_back.load(Relaxed), 999);
        run.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_could_stop_it_is_gone_so_it_finishes_what_has_begun_and_ends() {
        let (time, gate) = (TestTime::new(), Arc::new(Semaphore::new(0)));
        let work = MemoryWork::new(time.clone(), time);
        let (stop, stopping) = watch::channel(false);
        work.accept("one", Item::from(oneflow_client::ContractId::new(1))).await.unwrap();
        let run = task::spawn({
            let (work, held) = (work.clone(), Arc::new(Held(Arc::clone(&gate))));
            async move { work.run(held, WorkLimits::default(), stopping).await }
        });
        sleep(Duration::from_secs(1)).await;
        drop(stop);
        sleep(Duration::from_secs(1)).await;
        assert!(!run.is_finished(), "a look has begun");
        gate.add_permits(1);
        timeout(Duration::from_secs(1), run).await.unwrap().unwrap();
        assert!(work.waiting().is_empty(), "and its end was noted");
    }
}
