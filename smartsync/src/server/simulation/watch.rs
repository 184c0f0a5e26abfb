//! Watches the looks: of one item there is one at a time, not too soon, not too often, none of a process that is gone,
//! and one after each notification.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use tokio::time::Instant;

use crate::store::{Ended, Ending, Handler, Item, Trigger, Turn};

/// So many looks at one item in a minute may notifications bring.
const PER_MINUTE: usize = 6;

const MINUTE: Duration = Duration::from_secs(60);

/// What was seen. Clones are one.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    /// So many processes are gone.
    gone: u32,
    running: BTreeSet<Item>,
    /// When the looks of this process began that notifications have brought.
    brought: BTreeMap<Item, Vec<Instant>>,
    /// When a service asked for how long to leave it alone, and until when that is.
    asked: BTreeMap<Item, (Instant, Instant)>,
    /// The looks that have ended, in the order of their ends.
    ended: Vec<(ContractId, Trigger)>,
    /// When each notification was acknowledged for the first time.
    accepted: BTreeMap<(Item, String), Instant>,
    /// When the last look began that came to its end.
    last: BTreeMap<Item, Instant>,
    faults: Vec<String>,
}

impl Watch {
    pub(super) fn around(
        &self,
        handler: impl Handler + 'static,
        story: &Arc<Mutex<Vec<String>>>,
    ) -> Arc<dyn Handler> {
        Arc::new(Watched { handler, watch: self.clone(), story: Arc::clone(story) })
    }

    /// The process is gone, and its looks with it.
    pub(super) fn forget(&self) {
        let (mut seen, now) = (self.seen(), Instant::now());
        seen.gone += 1;
        seen.running.clear();
        // How often it has looked was in its memory.
        seen.brought.clear();
        // What ended at this moment was not yet kept.
        seen.asked.retain(|_, (at, _)| *at < now);
    }

    pub(super) fn faults(&self) -> Vec<String> {
        self.seen().faults.clone()
    }

    /// A notification was acknowledged.
    pub(super) fn accepted(&self, callback_id: &str, item: &Item) {
        let key = (item.clone(), callback_id.to_owned());
        self.seen().accepted.entry(key).or_insert_with(Instant::now);
    }

    /// The notifications after which no look began that came to its end.
    pub(super) fn without_look(&self) -> Vec<String> {
        let seen = self.seen();
        let lost =
            seen.accepted.iter().filter(|((item, _), at)| seen.last.get(item).is_none_or(|last| last < at));
        lost.map(|((item, id), _)| format!("{id} for {item} was acknowledged, and no look came after it"))
            .collect()
    }

    /// The looks that have ended, in the order of their ends.
    pub(super) fn ended(&self) -> Vec<(ContractId, Trigger)> {
        self.seen().ended.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }
}

impl Seen {
    fn begins(&mut self, turn: &Turn) {
        let (item, now) = (&turn.item, Instant::now());
        if !self.running.insert(item.clone()) {
            self.faults.push(format!("two looks at {item} at one time"));
        }
        if let Some((_, until)) = self.asked.remove(item)
            && now < until
        {
            let early = until - now;
            self.faults.push(format!("a look at {item} {early:?} before the time that a service asked for"));
        }
        if turn.trigger == Trigger::Notification {
            let brought = self.brought.entry(item.clone()).or_default();
            brought.retain(|at| now - *at < MINUTE);
            brought.push(now);
            if brought.len() > PER_MINUTE {
                self.faults.push(format!("{} looks at {item} in a minute", brought.len()));
            }
        }
    }

    /// `begun`: when it began, and how many processes were gone then.
    fn ends(&mut self, turn: &Turn, ending: &Ending, begun: (Instant, u32)) {
        let (item, (at, of)) = (&turn.item, begun);
        self.last.insert(item.clone(), at);
        if of != self.gone {
            self.faults.push(format!("a look at {item} outlived its process"));
        }
        self.ended.push((item.contract().unwrap(), turn.trigger));
        self.running.remove(item);
        if let Ending::Again(setback) | Ending::AgainWithAll(setback) = ending {
            let now = Instant::now();
            self.asked.insert(item.clone(), (now, now + setback.asked));
        }
    }
}

struct Watched<H> {
    handler: H,
    watch: Watch,
    story: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl<H: Handler> Handler for Watched<H> {
    async fn handle(&self, turn: Turn) -> Ended {
        let begun = {
            let mut seen = self.watch.seen();
            seen.begins(&turn);
            (Instant::now(), seen.gone)
        };
        let ended = self.handler.handle(turn.clone()).await;
        self.watch.seen().ends(&turn, &ended.ending, begun);
        let Turn { item, trigger, .. } = turn;
        self.story.lock().unwrap().push(format!("a look at {item} by {trigger}: {:?}", ended.ending));
        ended
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.watch.seen().faults.push(format!("a look at {} broke off", turn.item));
        self.handler.broken_off(turn).await
    }

    fn pause(&self) -> Option<Duration> {
        self.handler.pause()
    }

    async fn idle(&self) -> Duration {
        self.handler.idle().await
    }

    fn put_back(&self, item: &Item) {
        self.handler.put_back(item);
    }
}
