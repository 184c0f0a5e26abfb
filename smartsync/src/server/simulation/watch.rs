//! Watches the looks: of one item and of one candidate there is one at a time, not too soon, not too often, none of a process that is gone,
//! and one after each notification.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Clock as _;
use tokio::time::Instant;

use super::time::SimulatedTime;
use crate::store::{Ended, Ending, Handler, Item, Look, Occasion, Tenant, Trigger, Turn};

/// So many looks at one item in a minute may notifications bring.
const PER_MINUTE: usize = 6;

const MINUTE: Duration = Duration::from_secs(60);

/// What was seen. Clones are one.
#[derive(Clone)]
pub(super) struct Watch(Arc<Mutex<Seen>>, SimulatedTime);

/// Which look it was: of two at one contract, one began later.
type Begun = (ContractId, Trigger, Timestamp);

#[derive(Default)]
struct Seen {
    /// So many processes are gone.
    gone: u32,
    running: BTreeSet<Item>,
    /// Whose contract it is, where the host knows that from the beginning.
    candidates: BTreeMap<Item, String>,
    /// When the looks of this process began that notifications have brought.
    brought: BTreeMap<Item, Vec<Instant>>,
    /// Until when a service asked to leave it alone, by the clock of the store in milliseconds, and whether that is kept.
    asked: BTreeMap<Item, (i64, bool)>,
    /// The looks, in the order of their beginnings, and whether the journal has to have them: what was cut off it may have.
    looks: Vec<(Begun, bool)>,
    /// Those at which the journal has failed.
    excused: Vec<Begun>,
    /// When each notification was noted, and those that were acknowledged.
    noted: BTreeMap<(Item, String), Instant>,
    accepted: BTreeSet<(Item, String)>,
    /// When the last look began that came to its end.
    last: BTreeMap<Item, Instant>,
    faults: Vec<String>,
}

impl Watch {
    pub(super) fn new(time: SimulatedTime) -> Self {
        Self(Arc::default(), time)
    }

    /// From now on, contracts of this candidate are looked at one after the other.
    pub(super) fn is_of(&self, item: Item, candidate: &str) {
        self.seen().candidates.insert(item, candidate.to_owned());
    }

    pub(super) fn around(
        &self,
        handler: impl Handler + 'static,
        story: &Arc<Mutex<Vec<String>>>,
    ) -> Arc<dyn Handler> {
        Arc::new(Watched { handler, watch: self.clone(), story: Arc::clone(story) })
    }

    /// The process is gone, and its looks with it.
    pub(super) fn forget(&self) {
        let mut seen = self.seen();
        seen.gone += 1;
        seen.running.clear();
        // How often it has looked was in its memory.
        seen.brought.clear();
        seen.asked.retain(|_, (_, is_kept)| *is_kept);
    }

    pub(super) fn faults(&self) -> Vec<String> {
        self.seen().faults.clone()
    }

    /// A notification is in the store.
    pub(super) fn noted(&self, callback_id: &str, item: &Item) {
        self.seen().noted.entry((item.clone(), callback_id.to_owned())).or_insert_with(Instant::now);
    }

    /// A notification was acknowledged.
    pub(super) fn accepted(&self, callback_id: &str, item: &Item) {
        self.seen().accepted.insert((item.clone(), callback_id.to_owned()));
    }

    /// The end of a look is in the store: how long a service asked to wait counts from now on.
    pub(super) fn kept(&self, item: &Item, ending: &Ending) {
        let now = self.1.now();
        self.seen().asks(item, ending, now, true);
    }

    /// The journal has failed at this look.
    pub(super) fn may_lack(&self, occasion: &Occasion) {
        self.seen().excused.push(begun(occasion));
    }

    /// The notifications after which no look began that came to its end.
    pub(super) fn without_look(&self) -> Vec<String> {
        let seen = self.seen();
        let lost = seen.accepted.iter().filter(|notification| {
            let noted = seen.noted.get(*notification);
            noted.is_none_or(|noted| seen.last.get(&notification.0).is_none_or(|last| last < noted))
        });
        lost.map(|(item, id)| format!("{id} for {item} was acknowledged, and no look came after it"))
            .collect()
    }

    /// What is wrong with the rows: each look has at most one, and one if it came to its end; those of one contract are in their order.
    pub(super) fn faults_of(&self, rows: &[Look]) -> Vec<String> {
        let (mut looks, mut faults, mut last) = (self.seen().looks.clone(), Vec::new(), BTreeMap::new());
        for row in rows {
            let row = begun(&row.occasion);
            // One that was cut off may have begun at the same time as the next.
            match looks.iter().rposition(|(look, _)| *look == row) {
                Some(place) => drop(looks.remove(place)),
                None => {
                    faults.push(format!("the journal has {row:?}, which is no look, or for the second time"));
                }
            }
            if last.insert(row.0, row.2).is_some_and(|before| before > row.2) {
                faults.push(format!("the journal has {row:?} behind a later one"));
            }
        }
        let lacks = looks.iter().filter(|(_, has_to_be)| *has_to_be);
        faults.extend(lacks.map(|(look, _)| format!("the journal lacks {look:?}")));
        faults
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }
}

fn begun(occasion: &Occasion) -> Begun {
    (occasion.contract, occasion.trigger, occasion.at)
}

impl Seen {
    fn begins(&mut self, turn: &Turn, at: Timestamp) {
        let (item, now) = (&turn.item, Instant::now());
        if !self.running.insert(item.clone()) {
            self.faults.push(format!("two looks at {item} at one time"));
        }
        let candidate = self.candidates.get(item);
        let is_beside = |other: &Item| other != item && self.candidates.get(other) == candidate;
        if candidate.is_some()
            && let Some(other) = self.running.iter().find(|other| is_beside(other))
        {
            self.faults.push(format!("looks at {item} and {other} of one candidate at one time"));
        }
        self.looks.push(((item.contract().unwrap(), turn.trigger, at), false));
        if let Some((until, _)) = self.asked.remove(item)
            && at.as_millisecond() < until
        {
            let early = until - at.as_millisecond();
            self.faults.push(format!("a look at {item} {early} ms before the time that a service asked for"));
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
    fn ends(
        &mut self,
        turn: &Turn,
        ending: &Ending,
        began: (Instant, u32),
        (at, now): (Timestamp, Timestamp),
    ) {
        let (item, look) = (&turn.item, (turn.item.contract().unwrap(), turn.trigger, at));
        self.last.insert(item.clone(), began.0);
        let has_to_be = !self.excused.contains(&look);
        if let Some(seen) = self.looks.iter_mut().rfind(|(other, _)| *other == look) {
            seen.1 = has_to_be;
        }
        if began.1 != self.gone {
            self.faults.push(format!("a look at {item} outlived its process"));
        }
        self.running.remove(item);
        self.asks(item, ending, now, false);
    }

    fn asks(&mut self, item: &Item, ending: &Ending, now: Timestamp, is_kept: bool) {
        if let Ending::Again(setback) | Ending::AgainWithAll(setback) = ending {
            self.asked.insert(item.clone(), ((now + setback.asked).as_millisecond(), is_kept));
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
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
        let at = self.watch.1.now();
        let began = {
            let mut seen = self.watch.seen();
            seen.begins(&turn, at);
            (Instant::now(), seen.gone)
        };
        let ended = self.handler.handle(turn.clone()).await;
        let now = self.watch.1.now();
        self.watch.seen().ends(&turn, &ended.ending, began, (at, now));
        let Turn { item, trigger, .. } = turn;
        self.story.lock().unwrap().push(format!("a look at {item} by {trigger}: {:?}", ended.ending));
        ended
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.watch.seen().faults.push(format!("a look at {} broke off", turn.item));
        self.handler.broken_off(turn).await
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        self.handler.pause(tenant)
    }

    async fn idle(&self) -> Duration {
        self.handler.idle().await
    }

    fn put_back(&self, item: &Item) {
        self.handler.put_back(item);
    }
}
