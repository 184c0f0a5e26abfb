//! A store at work, whose looks the check ends one by one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{OpenedWork, WorkBench, WorkFault, WorkRule, holds, item};
use crate::store::{
    intake::Accepted,
    item::Item,
    setback::Setback,
    store_error::StoreError,
    tenant::Tenant,
    work::{Ended, Ending, Handler, Turn, WorkLimits},
};

/// Longer than any store takes to hand out what is due, or to note the end of a look, on a machine that does much else.
pub(in crate::store) const AT_ONCE: Duration = Duration::from_secs(60);

/// What the handler gives away: the turns, and what becomes of them.
struct Desk {
    turns: mpsc::UnboundedSender<Look>,
    /// Whoever waits until the end of a look is noted.
    waiting: Mutex<BTreeMap<Item, oneshot::Sender<()>>>,
    pauses: Arc<Mutex<BTreeMap<Tenant, Duration>>>,
    put_back: Arc<Mutex<Vec<Item>>>,
    /// How often nothing was due, and how often when the last look began.
    rests: watch::Sender<(u64, u64)>,
}

/// A look that has begun. Dropped, it never ends.
pub(in crate::store) struct Look {
    pub(in crate::store) turn: Turn,
    /// `None`: it breaks off.
    ended: oneshot::Sender<Option<Ended>>,
    noted: oneshot::Receiver<()>,
}

impl Look {
    pub(in crate::store) async fn end(self, ending: Ending) {
        self.ends(ending.into()).await;
    }

    /// Whether its end was noted, or that was tried.
    pub(in crate::store) async fn ends(self, ended: Ended) -> bool {
        self.finish(Some(ended)).await
    }

    pub(in crate::store) async fn break_off(self) {
        self.finish(None).await;
    }

    pub(in crate::store) async fn fail(self, wait: Duration) {
        self.end(Ending::Again(Setback::new("a failure", wait))).await;
    }

    /// Returns once the store has taken the end, or failed to.
    async fn finish(self, ended: Option<Ended>) -> bool {
        // Whoever waited for it may be gone: a crash.
        self.ended.send(ended).ok();
        matches!(timeout(AT_ONCE, self.noted).await, Ok(Ok(())))
    }
}

#[async_trait]
impl Handler for Desk {
    async fn handle(&self, turn: Turn) -> Ended {
        let (ended, end) = oneshot::channel();
        let (is_noted, noted) = oneshot::channel();
        self.rests.send_modify(|(rests, before)| *before = *rests);
        let waiting = &self.waiting;
        waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(turn.item.clone(), is_noted);
        self.turns.send(Look { turn, ended, noted }).ok();
        match end.await {
            Ok(Some(ended)) => ended,
            Ok(None) => panic!("a look that was to break off"),
            Err(_) => std::future::pending().await,
        }
    }

    async fn broken_off(&self, _: Turn) -> Ended {
        Ending::Again(Setback::new("broken off", Duration::from_secs(100))).into()
    }

    fn put_back(&self, item: &Item) {
        self.put_back.lock().unwrap_or_else(PoisonError::into_inner).push(item.clone());
    }

    fn noted(&self, item: &Item, _: Option<&StoreError>) {
        let waits = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(item);
        // It may wait no longer.
        waits.and_then(|waits| waits.send(()).ok());
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).copied()
    }

    async fn idle(&self) -> Duration {
        self.rests.send_modify(|(rests, _)| *rests += 1);
        Duration::from_secs(60)
    }
}

/// A store at work.
pub(in crate::store) struct AtWork {
    pub(in crate::store) store: OpenedWork,
    pub(in crate::store) turns: mpsc::UnboundedReceiver<Look>,
    pub(in crate::store) pauses: Arc<Mutex<BTreeMap<Tenant, Duration>>>,
    put_back: Arc<Mutex<Vec<Item>>>,
    rests: watch::Receiver<(u64, u64)>,
    pub(in crate::store) stop: watch::Sender<bool>,
    pub(in crate::store) run: JoinHandle<()>,
    moment: Duration,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.run.abort();
    }
}

impl AtWork {
    pub(in crate::store) async fn open(bench: &dyn WorkBench, concurrency: usize) -> Self {
        Self::start(bench, bench.open().await, concurrency)
    }

    pub(in crate::store) fn start(bench: &dyn WorkBench, store: OpenedWork, concurrency: usize) -> Self {
        Self::within(bench, store, WorkLimits::default().concurrency(concurrency))
    }

    pub(in crate::store) fn within(bench: &dyn WorkBench, store: OpenedWork, limits: WorkLimits) -> Self {
        let (turns, begun) = mpsc::unbounded_channel();
        let pauses = Arc::new(Mutex::new(BTreeMap::new()));
        let put_back = Arc::new(Mutex::new(Vec::new()));
        let rests = watch::Sender::new((0, 0));
        let rested = rests.subscribe();
        let handler = Arc::new(Desk {
            turns,
            waiting: Mutex::new(BTreeMap::new()),
            pauses: Arc::clone(&pauses),
            put_back: Arc::clone(&put_back),
            rests,
        });
        let (stop, stopped) = watch::channel(false);
        let work = Arc::clone(&store.work);
        let run = tokio::spawn(async move { work.run(handler, limits, stopped).await });
        Self { store, turns: begun, pauses, put_back, rests: rested, stop, run, moment: bench.moment() }
    }

    pub(in crate::store) async fn accept(
        &self,
        callback_id: &str,
        number: i64,
    ) -> Result<Accepted, WorkFault> {
        Ok(self.store.intake.accept(callback_id, item(number)).await?)
    }

    /// The look that begins now.
    pub(in crate::store) async fn next(&mut self, rule: WorkRule) -> Result<Look, WorkFault> {
        timeout(AT_ONCE, self.turns.recv()).await.ok().flatten().ok_or_else(|| rule.into())
    }

    /// The same, at this item of the nameless tenant.
    pub(in crate::store) async fn next_at(&mut self, number: i64, rule: WorkRule) -> Result<Look, WorkFault> {
        self.next_item(&item(number), rule).await
    }

    /// The same, at this item.
    pub(in crate::store) async fn next_item(
        &mut self,
        item: &Item,
        rule: WorkRule,
    ) -> Result<Look, WorkFault> {
        let look = self.next(rule).await?;
        holds(look.turn.item == *item, rule)?;
        Ok(look)
    }

    /// Returns once nothing is due: what the store is claiming just then, it has asked for before.
    pub(in crate::store) async fn rest(&mut self) {
        timeout(AT_ONCE, self.rests.wait_for(|(rests, before)| rests > before)).await.ok();
    }

    /// Has nothing of a tenant be handed out for so long, or lets it be.
    pub(in crate::store) fn pause(&self, tenant: Tenant, pause: Option<Duration>) {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        match pause {
            Some(pause) => pauses.insert(tenant, pause),
            None => pauses.remove(&tenant),
        };
    }

    /// These of the nameless tenant are put back, or were.
    pub(in crate::store) async fn are_put_back(
        &self,
        numbers: &[i64],
        rule: WorkRule,
    ) -> Result<(), WorkFault> {
        let items: Vec<Item> = numbers.iter().copied().map(item).collect();
        self.items_are_put_back(&items, rule).await
    }

    /// The same of any tenant.
    pub(in crate::store) async fn items_are_put_back(
        &self,
        items: &[Item],
        rule: WorkRule,
    ) -> Result<(), WorkFault> {
        let is_put_back =
            |item: &Item| self.put_back.lock().unwrap_or_else(PoisonError::into_inner).contains(item);
        let are_put_back = async {
            while !items.iter().all(is_put_back) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        holds(timeout(AT_ONCE, are_put_back).await.is_ok(), rule)
    }

    /// No look begins.
    pub(in crate::store) async fn none(&mut self, rule: WorkRule) -> Result<(), WorkFault> {
        holds(timeout(self.moment, self.turns.recv()).await.is_err(), rule)
    }
}
