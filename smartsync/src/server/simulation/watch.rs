//! Watches the looks: of one item and of one candidate there is one at a time, not too soon, not too often, none of a process that is gone,
//! and one after each notification. A look whose claim has lapsed may go on, since its process does not know; what must not be is that it sends
//! a write once another look has the lease of the contract.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Clock as _;
use tokio::{task_local, time::Instant};

use super::time::SimulatedTime;
use crate::store::{Ended, Ending, Handler, Item, Look, Occasion, Tenant, Trigger, Turn};

/// So many looks at one item in a minute may notifications bring.
const PER_MINUTE: usize = 6;

const MINUTE: Duration = Duration::from_secs(60);

task_local! {
    /// Which look a request is of.
    static LOOK: u64;
}

/// What was seen. Clones are one.
#[derive(Clone)]
pub(super) struct Watch(Arc<Mutex<Seen>>, SimulatedTime);

/// Which look it was: of two at one contract, one began later.
type Begun = (ContractId, Trigger, Timestamp);

#[derive(Default)]
struct Seen {
    /// What each process has claimed and not begun to look at, and whether that has lapsed.
    claimed: BTreeMap<(u32, Item), VecDeque<bool>>,
    /// So many looks have begun.
    begun: u64,
    running: BTreeMap<u64, Running>,
    /// The look that has the lease of a contract, or had it last, where processes have leases.
    leases: Option<BTreeMap<ContractId, u64>>,
    /// Whose contract it is, where the host knows that from the beginning.
    candidates: BTreeMap<Item, String>,
    /// When the looks of this process began that notifications have brought.
    brought: BTreeMap<(u32, Item), Vec<Instant>>,
    asked: BTreeMap<Item, Asked>,
    /// The looks, in the order of their beginnings, and whether the journal has to have them: what was cut off it may have.
    looks: Vec<(Begun, bool)>,
    /// Those at which the journal has failed.
    excused: Vec<Begun>,
    /// Those whose claim had lapsed, so that later looks may have come before them.
    lapsed: Vec<Begun>,
    /// When each notification was noted, and those that were acknowledged.
    noted: BTreeMap<(Item, String), Instant>,
    accepted: BTreeSet<(Item, String)>,
    /// When the last look began that came to its end.
    last: BTreeMap<Item, Instant>,
    faults: Vec<String>,
}

/// A look that is under way.
struct Running {
    item: Item,
    process: u32,
    begun: Begun,
    /// Whether its claim has lapsed.
    is_lapsed: bool,
}

/// How long a service asked to leave an item alone.
struct Asked {
    /// By the clock of the store, in milliseconds.
    until: i64,
    process: u32,
    /// Whether that is in the store.
    is_kept: bool,
}

impl Watch {
    pub(super) fn new(time: SimulatedTime) -> Self {
        Self(Arc::default(), time)
    }

    /// From now on, whoever writes has to have the lease.
    pub(super) fn asks_for_leases(&self) {
        self.seen().leases = Some(BTreeMap::new());
    }

    /// A process has this item.
    pub(super) fn claimed(&self, item: &Item, process: u32) {
        self.seen().claimed.entry((process, item.clone())).or_default().push_back(false);
    }

    /// It has not begun to look at what it has claimed last of this item, and will not.
    pub(super) fn puts_back(&self, item: &Item, process: u32) {
        self.seen().claimed.entry((process, item.clone())).or_default().pop_back();
    }

    /// What a process has claimed has lapsed, and it does not know.
    pub(super) fn lapses(&self, process: u32) {
        let mut seen = self.seen();
        let Seen { claimed, running, lapsed, .. } = &mut *seen;
        let claimed = claimed.iter_mut().filter(|((of, _), _)| *of == process);
        claimed.flat_map(|(_, lapsed)| lapsed).for_each(|lapsed| *lapsed = true);
        for look in running.values_mut().filter(|look| look.process == process) {
            look.is_lapsed = true;
            lapsed.push(look.begun);
        }
        seen.asked.retain(|_, asked| asked.is_kept || asked.process != process);
    }

    /// The look that asks has the lease with this name.
    pub(super) fn takes_lease(&self, name: &str) {
        let contract = name.strip_prefix("contract:").and_then(|number| number.parse().ok());
        if let (Some(number), Ok(look), Some(leases)) =
            (contract, LOOK.try_with(|look| *look), &mut self.seen().leases)
        {
            leases.insert(ContractId::new(number), look);
        }
    }

    /// The look that asks sends something that is no reading.
    pub(super) fn writes(&self, what: &str) {
        let mut seen = self.seen();
        let look = LOOK.try_with(|look| *look).ok().and_then(|look| Some((look, seen.running.get(&look)?)));
        let (Some((look, Running { item, .. })), Some(leases)) = (look, &seen.leases) else { return };
        if item.contract().and_then(|contract| leases.get(&contract)) != Some(&look) {
            let fault = format!("{what} by a look at {item} while another has its lease");
            seen.faults.push(fault);
        }
    }

    /// From now on, contracts of this candidate are looked at one after the other.
    pub(super) fn is_of(&self, item: Item, candidate: &str) {
        self.seen().candidates.insert(item, candidate.to_owned());
    }

    pub(super) fn around(
        &self,
        handler: impl Handler + 'static,
        process: u32,
        story: &Arc<Mutex<Vec<String>>>,
    ) -> Arc<dyn Handler> {
        Arc::new(Watched { handler, process, watch: self.clone(), story: Arc::clone(story) })
    }

    /// The process is gone, and its looks with it.
    pub(super) fn forget(&self, process: u32) {
        let mut seen = self.seen();
        seen.running.retain(|_, look| look.process != process);
        // How often it has looked was in its memory.
        seen.brought.retain(|(of, _), _| *of != process);
        seen.asked.retain(|_, asked| asked.is_kept || asked.process != process);
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
    pub(super) fn kept(&self, item: &Item, ending: &Ending, process: u32) {
        let now = self.1.now();
        self.seen().asks(item, ending, now, (process, true));
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
        let (mut looks, lapsed) = {
            let seen = self.seen();
            (seen.looks.clone(), seen.lapsed.clone())
        };
        let (mut faults, mut last) = (Vec::new(), BTreeMap::new());
        for row in rows {
            let row = begun(&row.occasion);
            // One that was cut off may have begun at the same time as the next.
            match looks.iter().rposition(|(look, _)| *look == row) {
                Some(place) => drop(looks.remove(place)),
                None => {
                    faults.push(format!("the journal has {row:?}, which is no look, or for the second time"));
                }
            }
            if !lapsed.contains(&row) && last.insert(row.0, row.2).is_some_and(|before| before > row.2) {
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
    /// Returns which look it is.
    fn begins(&mut self, turn: &Turn, at: Timestamp, process: u32) -> u64 {
        let (item, now) = (&turn.item, Instant::now());
        let begun = (item.contract().unwrap(), turn.trigger, at);
        let is_lapsed =
            self.claimed.get_mut(&(process, item.clone())).and_then(VecDeque::pop_front).unwrap_or_default();
        let look = Running { item: item.clone(), process, begun, is_lapsed };
        self.looks.push((begun, false));
        let others = self.running.values().filter(|look| !look.is_lapsed).map(|look| look.item.clone());
        let others: BTreeSet<Item> = others.collect();
        self.begun += 1;
        self.running.insert(self.begun, look);
        if is_lapsed {
            self.lapsed.push(begun);
            return self.begun;
        }
        if others.contains(item) {
            self.faults.push(format!("two looks at {item} at one time"));
        }
        let candidate = self.candidates.get(item);
        let is_beside = |other: &Item| other != item && self.candidates.get(other) == candidate;
        if candidate.is_some()
            && let Some(other) = others.iter().find(|other| is_beside(other))
        {
            self.faults.push(format!("looks at {item} and {other} of one candidate at one time"));
        }
        if let Some(Asked { until, .. }) = self.asked.remove(item)
            && at.as_millisecond() < until
        {
            let early = until - at.as_millisecond();
            self.faults.push(format!("a look at {item} {early} ms before the time that a service asked for"));
        }
        if turn.trigger == Trigger::Notification {
            let brought = self.brought.entry((process, item.clone())).or_default();
            brought.retain(|at| now - *at < MINUTE);
            brought.push(now);
            if brought.len() > PER_MINUTE {
                self.faults.push(format!("{} looks at {item} in a minute", brought.len()));
            }
        }
        self.begun
    }

    /// `began`: when.
    fn ends(&mut self, look: u64, ending: &Ending, began: Instant, now: Timestamp) {
        let Some(Running { item, process, begun: look, is_lapsed }) = self.running.remove(&look) else {
            return self.faults.push("a look outlived its process".to_owned());
        };
        let has_to_be = !self.excused.contains(&look);
        if let Some(seen) = self.looks.iter_mut().rfind(|(other, _)| *other == look) {
            seen.1 = has_to_be;
        }
        // Of one whose claim has lapsed, the store takes no end.
        if !is_lapsed {
            self.last.insert(item.clone(), began);
            self.asks(&item, ending, now, (process, false));
        }
    }

    fn asks(&mut self, item: &Item, ending: &Ending, now: Timestamp, (process, is_kept): (u32, bool)) {
        if let Ending::Again(setback) | Ending::AgainWithAll(setback) = ending {
            let until = (now + setback.asked).as_millisecond();
            self.asked.insert(item.clone(), Asked { until, process, is_kept });
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
    process: u32,
    watch: Watch,
    story: Arc<Mutex<Vec<String>>>,
}

impl<H> Watched<H> {
    fn tell(&self, Turn { item, trigger, .. }: &Turn, look: u64, what: fmt::Arguments<'_>) {
        let (now, process) = (self.watch.1.now(), self.process);
        let line = format!("{now} look {look} of process {process} at {item} by {trigger}{what}");
        self.story.lock().unwrap().push(line);
    }
}

#[async_trait]
impl<H: Handler> Handler for Watched<H> {
    async fn handle(&self, turn: Turn) -> Ended {
        let at = self.watch.1.now();
        let (look, began) = (self.watch.seen().begins(&turn, at, self.process), Instant::now());
        self.tell(&turn, look, format_args!(" begins"));
        let ended = LOOK.scope(look, self.handler.handle(turn.clone())).await;
        let now = self.watch.1.now();
        self.watch.seen().ends(look, &ended.ending, began, now);
        self.tell(&turn, look, format_args!(": {:?}", ended.ending));
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
