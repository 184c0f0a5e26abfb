//! [`Intake`] and [`Work`] in memory, for tests: a commit can fail, or be lost at the next crash.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Clock;
use smartsync_transport::Sleep;
use teamtailor_client::CandidateId;
use tokio::sync::{Notify, watch};

use super::{
    claim::{Claim, Due},
    claims::{self, Claims},
    inbox::{furthest, instant, later},
    intake::{Accepted, MAX_UNDER_ID},
    item::{Item, Subject},
    journal::{DueContract, Parked, Status, Trigger},
    lane::{Lane, MAX_COUNTED},
    setback::REST_AFTER_FAILURE,
    store_error::StoreError,
    work::{Ending, Handler, Intake, Work, WorkLimits},
};

/// What has to be looked at, in memory. Clones are one process at one store; [`beside`](Self::beside) is another.
#[derive(Clone)]
pub struct MemoryWork {
    shared: Arc<Shared>,
    process: u32,
    clock: Arc<dyn Clock>,
    sleep: Arc<dyn Sleep>,
}

#[derive(Default)]
struct Shared {
    content: Mutex<Kept>,
    wake: Notify,
}

/// What is there, and what will be there after a crash.
#[derive(Default)]
struct Kept {
    now: Content,
    /// If that is something else.
    durable: Option<Content>,
    /// So many of the next commits fail.
    failing: u32,
    /// So many of the next commits are acknowledged, and gone after a crash.
    losing: u32,
    /// So many other processes have come.
    processes: u32,
    /// So many claims were made.
    claims: i64,
}

/// Whose claim it is, and of what.
#[derive(Clone, Copy)]
struct Held {
    process: u32,
    generation: i64,
    fence: i64,
}

#[derive(Clone, Default)]
struct Content {
    /// What came under each callback id of a tenant.
    seen: BTreeMap<(String, String), BTreeSet<Item>>,
    waiting: BTreeMap<Item, Row>,
    parked: BTreeMap<Item, Parked>,
    candidates: BTreeMap<Item, CandidateId>,
    last_notification: Option<i64>,
}

#[derive(Clone, Default)]
struct Row {
    trigger: Option<Trigger>,
    generation: i64,
    claimed: Option<Held>,
    run_at: i64,
    retry_at: Option<i64>,
    not_before: i64,
    attempts: u32,
    faults: u32,
    outage: Option<&'static str>,
    lane: Lane,
}

impl Row {
    fn is_held_by(&self, process: u32) -> bool {
        self.claimed.is_some_and(|held| held.process == process)
    }
}

impl Kept {
    fn durable(&self) -> &Content {
        self.durable.as_ref().unwrap_or(&self.now)
    }
}

impl MemoryWork {
    /// An empty store.
    #[must_use]
    pub fn new(clock: impl Clock + 'static, sleep: impl Sleep + 'static) -> Self {
        Self { shared: Arc::default(), process: 0, clock: Arc::new(clock), sleep: Arc::new(sleep) }
    }

    /// The same store, as another process has it open.
    #[must_use]
    pub fn beside(&self) -> Self {
        let mut kept = self.lock();
        kept.processes += 1;
        Self { process: kept.processes, ..self.clone() }
    }

    /// The claims of this process lapse, as they do when its connection is gone: others may have them, and it does not know.
    pub fn lose_claims(&self) {
        let mut kept = self.lock();
        let Kept { now, durable, .. } = &mut *kept;
        for content in [Some(now), durable.as_mut()].into_iter().flatten() {
            let rows = content.waiting.values_mut();
            rows.filter(|row| row.is_held_by(self.process)).for_each(|row| row.claimed = None);
        }
        self.shared.wake.notify_one();
    }

    /// Whether it has not lapsed.
    #[cfg(test)]
    pub(crate) fn holds(&self, claim: &Claim) -> bool {
        self.lock().now.claimed(claim).is_some()
    }

    /// The next commits fail and change nothing.
    pub fn fail_commits(&self, count: u32) {
        self.lock().failing = count;
    }

    /// The next commits are acknowledged all the same, and gone at the next [`crash`](Self::crash), unless one after them is kept.
    pub fn lose_commits(&self, count: u32) {
        self.lock().losing = count;
    }

    /// The store as the next process finds it: without what was lost, and without claims.
    #[must_use]
    pub fn crash(&self) -> Self {
        let mut content = self.lock().durable().clone();
        let now = self.now();
        for row in content.waiting.values_mut() {
            row.claimed = None;
            row.run_at = row.run_at.min(row.not_before.max(now));
        }
        let kept = Kept { now: content, ..Kept::default() };
        let shared = Shared { content: Mutex::new(kept), wake: Notify::new() };
        Self { shared: Arc::new(shared), ..self.clone() }
    }

    /// Makes it known about whose card an item is.
    pub fn is_of(&self, item: impl Into<Item>, candidate: CandidateId) {
        let item = item.into();
        let mut kept = self.lock();
        let Kept { now, durable, .. } = &mut *kept;
        for content in [Some(now), durable.as_mut()].into_iter().flatten() {
            content.candidates.insert(item.clone(), candidate.clone());
        }
    }

    /// What waits or is being looked at.
    #[must_use]
    pub fn waiting(&self) -> Vec<Item> {
        self.lock().now.waiting.keys().cloned().collect()
    }

    /// What was given up.
    #[must_use]
    pub fn parked(&self) -> Vec<Parked> {
        self.lock().now.parked.values().cloned().collect()
    }

    /// Has these not be parked any more, and be looked at from this time on, if there is one. Returns those that were parked.
    pub(super) fn take_parked(
        &self,
        contracts: &[ContractId],
        retry_at: Option<Timestamp>,
    ) -> Result<Vec<ContractId>, StoreError> {
        self.commit_and_wake(|content| {
            let is_parked = |contract: &&ContractId| content.parked.remove(&Item::from(**contract)).is_some();
            let taken: Vec<ContractId> = contracts.iter().filter(is_parked).copied().collect();
            if let Some(at) = retry_at {
                let items = taken.iter().copied().map(Item::from);
                content.enqueue(items, Trigger::ByHand, at.as_millisecond());
            }
            taken
        })
    }

    /// How much waits and runs, what waits longest, and when the last notification came.
    pub(super) fn status(&self) -> Status {
        let kept = self.lock();
        let rows = &kept.now.waiting;
        let waiting = rows.iter().filter(|(_, row)| row.claimed.is_none());
        let due = |(item, row): (&Item, &Row)| {
            let Subject::Contract(contract) = item.subject;
            DueContract::new(contract, instant(row.run_at))
        };
        let in_turn = waiting.clone().filter(|(_, row)| row.lane != Lane::Copies);
        let oldest = in_turn.min_by_key(|(item, row)| (row.run_at, *item)).map(due);
        let asked = waiting.clone().filter(|(_, row)| row.lane == Lane::Asked);
        let oldest_asked = asked.min_by_key(|(item, row)| (row.run_at, *item)).map(due);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Status {
            // For all that is known.
            is_served: true,
            waiting: count(waiting.count()),
            oldest_waiting: oldest,
            oldest_asked,
            running: count(rows.values().filter(|row| row.claimed.is_some()).count()),
            parked: count(kept.now.parked.len()),
            last_notification: kept.now.last_notification.map(instant),
            ..Status::default()
        }
    }

    /// Takes a claim for the one that holds, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn take_for_held(&self, claim: &mut Claim) {
        let kept = self.lock();
        let held = kept.now.waiting.get(&claim.item).and_then(|row| row.claimed);
        claim.fence = held.map_or(claim.fence, |held| held.fence);
    }

    /// Counts a failure as the item's own, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn count_fault(&self, item: &Item) {
        let mut kept = self.lock();
        if let Some(row) = kept.now.waiting.get_mut(item) {
            row.faults += 1;
        }
    }

    /// Knows no pass from what somebody waits for, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn in_one_lane(&self) {
        self.lock().now.waiting.values_mut().for_each(|row| row.lane = Lane::Asked);
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.shared.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits a change.
    fn commit<T>(&self, change: impl FnOnce(&mut Content) -> T) -> Result<T, StoreError> {
        let mut kept = self.lock();
        if kept.failing > 0 {
            kept.failing -= 1;
            return Err(StoreError::other("a commit that was to fail"));
        }
        if kept.losing == 0 {
            kept.durable = None;
        } else {
            kept.losing -= 1;
            kept.durable = Some(kept.durable().clone());
        }
        Ok(change(&mut kept.now))
    }

    /// The same, where it may have made something due.
    fn commit_and_wake<T>(&self, change: impl FnOnce(&mut Content) -> T) -> Result<T, StoreError> {
        let changed = self.commit(change)?;
        self.shared.wake.notify_one();
        Ok(changed)
    }

    fn claim(&self, lane: Lane) -> Result<Option<Claim>, StoreError> {
        let (now, process) = (self.now(), self.process);
        let fence = {
            let mut kept = self.lock();
            kept.claims += 1;
            kept.claims
        };
        self.commit(|content| {
            let (item, _) = content
                .waiting
                .iter()
                .filter(|(item, row)| {
                    row.lane == lane
                        && row.run_at <= now
                        && row.claimed.is_none()
                        && content.is_candidate_free(item)
                })
                .min_by_key(|(item, row)| (row.run_at, *item))?;
            let item = item.clone();
            let is_known = lane == Lane::Swept || content.is_known(&item);
            let row = content.waiting.get_mut(&item)?;
            row.claimed = Some(Held { process, generation: row.generation, fence });
            Some(Claim {
                item,
                trigger: row.trigger.unwrap_or(Trigger::Notification),
                generation: row.generation,
                until: None,
                fence,
                attempts: row.attempts,
                faults: row.faults,
                early_of: row.retry_at.filter(|at| *at > now && *at <= furthest(now)),
                is_known,
                created: false,
            })
        })
    }

    fn retry(&self, claim: &Claim, setback: &super::Setback, now: i64) -> Result<(), StoreError> {
        self.commit_and_wake(|content| {
            let Some(row) = content.claimed(claim) else { return };
            let not_before = later(now, setback.wait.min(REST_AFTER_FAILURE).max(setback.asked));
            let retry_at = claim.early_of.unwrap_or_else(|| later(now, setback.wait)).max(not_before);
            let (is_counted, is_own) = (claim.early_of.is_none(), setback.outage.is_none());
            let attempts = claim.attempts.saturating_add(is_counted.into());
            // What came during the look is the reason for the next one.
            let is_asked_for = row.generation > claim.generation;
            *row = Row {
                trigger: if is_asked_for { row.trigger } else { Some(Trigger::Retry(attempts)) },
                generation: row.generation,
                claimed: None,
                run_at: if is_asked_for { not_before } else { retry_at },
                retry_at: Some(retry_at),
                not_before,
                attempts,
                faults: claim.faults.saturating_add((is_counted && is_own).into()),
                outage: setback.outage,
                lane: row.lane,
            };
        })
    }

    fn finish(
        &self,
        claim: &Claim,
        also: impl FnOnce(&mut BTreeMap<Item, Parked>, &Claim),
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.commit_and_wake(|content| {
            let Some(row) = content.claimed(claim) else { return };
            if row.generation == claim.generation {
                content.waiting.remove(&claim.item);
            } else {
                *row = Row {
                    trigger: row.trigger,
                    generation: row.generation,
                    run_at: now,
                    lane: row.lane,
                    ..Row::default()
                };
            }
            also(&mut content.parked, claim);
        })
    }
}

impl Content {
    /// The row of an item, while this claim of it holds.
    fn claimed(&mut self, claim: &Claim) -> Option<&mut Row> {
        self.waiting
            .get_mut(&claim.item)
            .filter(|row| row.claimed.is_some_and(|held| held.fence == claim.fence))
    }

    fn enqueue(&mut self, items: impl IntoIterator<Item = Item>, trigger: Trigger, now: i64) {
        let lane = if trigger == Trigger::Sweep { Lane::Swept } else { Lane::Asked };
        for item in items {
            let row = self.waiting.entry(item).or_insert_with(|| Row {
                trigger: Some(trigger),
                generation: 1,
                run_at: now,
                lane,
                ..Row::default()
            });
            if row.claimed.is_some_and(|held| held.generation == row.generation) {
                row.trigger = Some(trigger);
            }
            row.generation += i64::from(row.claimed.is_some());
            row.lane = row.lane.min(lane);
            if trigger == Trigger::ByHand {
                row.trigger = Some(trigger);
                (row.attempts, row.faults, row.retry_at, row.lane) = (0, 0, None, Lane::Asked);
                row.run_at = row.run_at.min(row.not_before.max(now));
            }
        }
    }

    /// Whether the ledger has it.
    fn is_known(&self, item: &Item) -> bool {
        self.candidates.contains_key(item)
    }

    fn is_candidate_free(&self, item: &Item) -> bool {
        let Some(candidate) = self.candidates.get(item) else { return true };
        !self.waiting.iter().any(|(other, row)| {
            row.claimed.is_some()
                && other != item
                && other.tenant == item.tenant
                && self.candidates.get(other) == Some(candidate)
        })
    }
}

#[async_trait]
impl Intake for MemoryWork {
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError> {
        let now = self.now();
        let accepted = self.commit_and_wake(|content| {
            let is_known = content.is_known(&item);
            let seen = content.seen.entry((item.tenant.clone(), callback_id.to_owned())).or_default();
            if seen.contains(&item) {
                return Some(Accepted::Duplicate);
            }
            if seen.len() >= usize::try_from(MAX_UNDER_ID).unwrap_or(usize::MAX) {
                return None;
            }
            seen.insert(item.clone());
            let contracts = u32::try_from(seen.len()).unwrap_or(u32::MAX).min(MAX_COUNTED);
            let lane = Lane::under_id(contracts, is_known);
            let row =
                content.waiting.entry(item).or_insert_with(|| Row { run_at: now, lane, ..Row::default() });
            content.last_notification = Some(now);
            row.generation += 1;
            row.trigger = Some(Trigger::Notification);
            row.lane = row.lane.min(lane);
            row.run_at = row.run_at.min(row.not_before.max(now));
            Some(Accepted::under_id(contracts, lane))
        })?;
        accepted.ok_or(StoreError::TooManyUnderOneId)
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        self.commit(|_| ())
    }
}

#[async_trait]
impl Work for MemoryWork {
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, stop: watch::Receiver<bool>) {
        claims::run(Arc::new(self.clone()), handler, limits, Arc::clone(&self.sleep), stop).await;
    }

    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        let now = self.now();
        self.commit_and_wake(|content| content.enqueue(items, trigger, now))
    }
}

#[async_trait]
impl Claims for MemoryWork {
    async fn claim_due(&self) -> Result<Due, StoreError> {
        for lane in [Lane::Asked, Lane::Swept] {
            if let Some(claim) = self.claim(lane)? {
                return Ok(Due::Now(claim));
            }
        }
        let kept = self.lock();
        let free = kept
            .now
            .waiting
            .iter()
            .filter(|(item, row)| row.claimed.is_none() && kept.now.is_candidate_free(item));
        Ok(Due::Later(free.map(|(_, row)| instant(row.run_at)).min()))
    }

    async fn claim_last(&self) -> Result<Option<Claim>, StoreError> {
        self.claim(Lane::Copies)
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        let now = self.now();
        match ending {
            Ending::Done => self.finish(&claim, |parked, claim| {
                parked.remove(&claim.item);
            }),
            Ending::Park { reason } => self.finish(&claim, |parked, Claim { item, attempts, .. }| {
                let at = instant(now);
                let attempts = attempts.saturating_add(1);
                let Subject::Contract(contract) = item.subject;
                parked.insert(item.clone(), Parked::new(contract, at, attempts, reason));
            }),
            Ending::Again(setback) => self.retry(&claim, &setback, now),
            Ending::AgainWithAll(setback) => {
                let until = later(now, setback.wait);
                self.commit_and_wake(|content| {
                    for row in content.waiting.values_mut().filter(|row| {
                        row.outage == setback.outage
                            && row.outage.is_some()
                            && row.claimed.is_none()
                            && row.retry_at == Some(row.run_at)
                            && row.run_at < until
                    }) {
                        (row.run_at, row.retry_at) = (until, Some(until));
                    }
                })?;
                self.retry(&claim, &setback, now)
            }
        }
    }

    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        let until = later(self.now(), wait);
        self.commit_and_wake(|content| {
            if let Some(row) = content.claimed(&claim) {
                (row.claimed, row.run_at, row.not_before) = (None, until, until);
            }
        })
    }

    async fn is_over(&self, outage: &'static str) -> Result<(), StoreError> {
        let now = self.now();
        self.commit_and_wake(|content| {
            for row in content.waiting.values_mut().filter(|row| row.outage == Some(outage)) {
                row.run_at = row.run_at.min(row.not_before.max(now));
            }
        })
    }

    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        let (until, process) = (later(self.now(), wait), self.process);
        self.commit_and_wake(|content| {
            for (item, row) in &mut content.waiting {
                if row.is_held_by(process) && !running.contains(item) {
                    (row.claimed, row.run_at) = (None, row.run_at.max(until));
                }
            }
        })
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn changed(&self) {
        self.shared.wake.notified().await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl fmt::Debug for MemoryWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryWork").finish_non_exhaustive()
    }
}
