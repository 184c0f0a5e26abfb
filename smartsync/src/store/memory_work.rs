//! [`Intake`] and [`Work`] in memory, for tests: a commit can fail, or be lost at the next crash.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{
        Arc, MutexGuard,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
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
    kept::{Kept, Now},
    lane::{Lane, MAX_COUNTED},
    setback::REST_AFTER_FAILURE,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
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
    kept: Kept<Content>,
    wake: Notify,
    /// So many other processes have come.
    processes: AtomicU32,
    /// So many claims were made.
    claims: AtomicI64,
}

/// Whose claim it is, and of what.
#[derive(Clone, Copy)]
struct Held {
    process: u32,
    generation: i64,
    /// Which of all claims it is.
    number: i64,
}

#[derive(Clone, Default)]
struct Content {
    /// What came under each callback id of a tenant.
    seen: BTreeMap<(Tenant, String), BTreeSet<Item>>,
    waiting: BTreeMap<Item, Row>,
    parked: BTreeMap<Item, Parked>,
    /// Those of the parked of which more than a notification spoke.
    known_parked: BTreeSet<Item>,
    /// Of the items that the ledger has.
    candidates: BTreeMap<Item, CandidateId>,
    /// What a look has read.
    read: BTreeSet<Item>,
    last_notification: BTreeMap<Tenant, i64>,
}

#[derive(Clone, Default)]
struct Row {
    trigger: Option<Trigger>,
    generation: i64,
    claimed: Option<Held>,
    run_at: i64,
    retry_at: Option<i64>,
    not_before: i64,
    /// When it was due, if it was put back.
    put_back_from: Option<i64>,
    attempts: u32,
    faults: u32,
    outage: Option<&'static str>,
    lane: Lane,
    is_known: bool,
}

/// What a fault changes.
#[cfg(test)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoiled {
    Unknown,
    UnknownParked,
    AmongCopies,
    DueAtOnce,
    PutBackForGood,
    Until(i64),
}

impl Row {
    fn is_held_by(&self, process: u32) -> bool {
        self.claimed.is_some_and(|held| held.process == process)
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
        let process = self.shared.processes.fetch_add(1, Ordering::Relaxed) + 1;
        Self { process, ..self.clone() }
    }

    /// The claims of this process lapse, as they do when its connection is gone: others may have them, and it does not know.
    pub fn lose_claims(&self) {
        self.shared.kept.put_right(|content| {
            let rows = content.waiting.values_mut();
            rows.filter(|row| row.is_held_by(self.process)).for_each(|row| row.claimed = None);
        });
        self.shared.wake.notify_one();
    }

    /// Whether it has not lapsed.
    #[cfg(test)]
    pub(crate) fn holds(&self, claim: &Claim) -> bool {
        self.lock().now.claimed(claim).is_some()
    }

    /// The next commits fail and change nothing.
    pub fn fail_commits(&self, count: u32) {
        self.shared.kept.fail_commits(count);
    }

    /// The next commits are acknowledged all the same, and gone at the next [`crash`](Self::crash), unless one after them is kept.
    pub fn lose_commits(&self, count: u32) {
        self.shared.kept.lose_commits(count);
    }

    /// The store as the next process finds it: without what was lost, and without claims.
    #[must_use]
    pub fn crash(&self) -> Self {
        let kept = self.shared.kept.crash();
        let now = self.now();
        for row in kept.lock().now.waiting.values_mut() {
            row.claimed = None;
            row.run_at = row.run_at.min(row.not_before.max(now));
            row.put_back_from = None;
        }
        let count = |count: &AtomicU32| AtomicU32::new(count.load(Ordering::Relaxed));
        let Shared { processes, claims, .. } = &*self.shared;
        let claims = AtomicI64::new(claims.load(Ordering::Relaxed));
        let shared = Shared { kept, wake: Notify::new(), processes: count(processes), claims };
        Self { shared: Arc::new(shared), ..self.clone() }
    }

    /// Makes it known about whose card an item is, as the ledger does.
    pub fn is_of(&self, item: impl Into<Item>, candidate: CandidateId) {
        let item = item.into();
        self.learn(|content| {
            content.candidates.insert(item.clone(), candidate.clone());
            content.becomes_known(&item);
        });
    }

    /// Notes whether the last look at an item that the journal has kept has read it.
    pub(super) fn is_read(&self, item: &Item, is_read: bool) {
        self.learn(|content| {
            if is_read {
                content.read.insert(item.clone());
                content.becomes_known(item);
            } else {
                content.read.remove(item);
            }
        });
    }

    /// What others keep is there at once, and after a crash.
    fn learn(&self, learn: impl Fn(&mut Content)) {
        self.shared.kept.put_right(learn);
    }

    /// What waits or is being looked at, of all tenants.
    #[must_use]
    pub fn waiting(&self) -> Vec<Item> {
        self.lock().now.waiting.keys().cloned().collect()
    }

    /// What was given up of the nameless tenant.
    #[must_use]
    pub fn parked(&self) -> Vec<Parked> {
        self.parked_of(&Tenant::default())
    }

    /// What was given up of a tenant.
    pub(super) fn parked_of(&self, tenant: &Tenant) -> Vec<Parked> {
        let kept = self.lock();
        let of_tenant = kept.now.parked.iter().filter(|(item, _)| item.tenant == *tenant);
        of_tenant.map(|(_, parked)| parked.clone()).collect()
    }

    /// Has these of a tenant not be parked any more, and be looked at from this time on, if there is one. Returns those that were parked.
    pub(super) fn take_parked(
        &self,
        tenant: &Tenant,
        contracts: &[ContractId],
        retry_at: Option<Timestamp>,
    ) -> Result<Vec<ContractId>, StoreError> {
        let item = |contract: &ContractId| Item::of(tenant.clone(), Subject::Contract(*contract));
        self.commit_and_wake(|content| {
            let is_parked = |contract: &&ContractId| content.take_parked(&item(contract)).is_some();
            let taken: Vec<ContractId> = contracts.iter().filter(is_parked).copied().collect();
            if let Some(at) = retry_at {
                let items = taken.iter().map(item);
                content.enqueue(items, Trigger::ByHand, at.as_millisecond());
            }
            taken
        })
    }

    /// How much of a tenant waits and runs, what waits longest, and when the last notification came.
    pub(super) fn status(&self, tenant: &Tenant) -> Status {
        let kept = self.lock();
        let rows = kept.now.waiting.iter().filter(|(item, _)| item.tenant == *tenant);
        let parked = kept.now.parked.keys().filter(|item| item.tenant == *tenant);
        let waiting = rows.clone().filter(|(_, row)| row.claimed.is_none());
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
            running: count(rows.filter(|(_, row)| row.claimed.is_some()).count()),
            parked: count(parked.count()),
            last_notification: kept.now.last_notification.get(tenant).copied().map(instant),
            ..Status::default()
        }
    }

    /// Those of which something waits.
    fn tenants(&self) -> BTreeSet<Tenant> {
        self.lock().now.waiting.keys().map(|item| item.tenant.clone()).collect()
    }

    /// Takes a claim for the one that holds, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn take_for_held(&self, claim: &mut Claim) {
        let kept = self.lock();
        let held = kept.now.waiting.get(&claim.item).and_then(|row| row.claimed);
        claim.mark = held.map_or(claim.mark, |held| Some(held.number));
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

    /// Changes what it keeps of an item that waits, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn spoil(&self, item: &Item, spoil: Spoiled) {
        let now = self.now();
        let mut kept = self.lock();
        if spoil == Spoiled::UnknownParked {
            kept.now.known_parked.remove(item);
        }
        let Some(row) = kept.now.waiting.get_mut(item) else { return };
        match spoil {
            Spoiled::Unknown => row.is_known = false,
            Spoiled::UnknownParked => {}
            Spoiled::AmongCopies => row.lane = Lane::Copies,
            Spoiled::DueAtOnce => row.run_at = now,
            Spoiled::PutBackForGood => row.put_back_from = Some(row.run_at),
            Spoiled::Until(run_at) => row.run_at = run_at,
        }
    }

    /// What waits, what is a copy, and what was put back until when, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn rows(&self) -> Vec<(Item, bool, Option<i64>)> {
        let kept = self.lock();
        let row = |(item, row): (&Item, &Row)| {
            (item.clone(), row.lane == Lane::Copies, row.put_back_from.map(|_| row.run_at))
        };
        kept.now.waiting.iter().map(row).collect()
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn lock(&self) -> MutexGuard<'_, Now<Content>> {
        self.shared.kept.lock()
    }

    /// Commits a change.
    fn commit<T>(&self, change: impl FnOnce(&mut Content) -> T) -> Result<T, StoreError> {
        self.shared.kept.commit(change)
    }

    /// The same, where it may have made something due.
    fn commit_and_wake<T>(&self, change: impl FnOnce(&mut Content) -> T) -> Result<T, StoreError> {
        let changed = self.commit(change)?;
        self.shared.wake.notify_one();
        Ok(changed)
    }

    fn claim(&self, tenant: &Tenant, lane: Lane) -> Result<Option<Claim>, StoreError> {
        let (now, process) = (self.now(), self.process);
        let number = self.shared.claims.fetch_add(1, Ordering::Relaxed) + 1;
        self.commit(|content| {
            let (item, _) = content
                .waiting
                .iter()
                .filter(|(item, row)| {
                    item.tenant == *tenant
                        && row.lane == lane
                        && row.run_at <= now
                        && row.claimed.is_none()
                        && content.is_candidate_free(item)
                })
                .min_by_key(|(item, row)| (row.run_at, *item))?;
            let item = item.clone();
            let row = content.waiting.get_mut(&item)?;
            row.claimed = Some(Held { process, generation: row.generation, number });
            Some(Claim {
                item,
                trigger: row.trigger.unwrap_or(Trigger::Notification),
                generation: row.generation,
                mark: Some(number),
                attempts: row.attempts,
                faults: row.faults,
                early_of: row.retry_at.filter(|at| *at > now && *at <= furthest(now)),
                is_known: row.is_known,
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
                put_back_from: None,
                attempts,
                faults: claim.faults.saturating_add((is_counted && is_own).into()),
                outage: setback.outage,
                lane: row.lane,
                is_known: row.is_known,
            };
        })
    }

    fn finish(&self, claim: &Claim, also: impl FnOnce(&mut Content, &Claim)) -> Result<(), StoreError> {
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
                    is_known: row.is_known,
                    ..Row::default()
                };
            }
            also(content, claim);
        })
    }
}

impl Content {
    /// The row of an item, while this claim of it holds.
    fn claimed(&mut self, claim: &Claim) -> Option<&mut Row> {
        self.waiting
            .get_mut(&claim.item)
            .filter(|row| row.claimed.is_some_and(|held| Some(held.number) == claim.mark))
    }

    /// What of a tenant waits or is being looked at.
    fn of_tenant(&mut self, tenant: &Tenant) -> impl Iterator<Item = &mut Row> {
        self.waiting.iter_mut().filter(move |(item, _)| item.tenant == *tenant).map(|(_, row)| row)
    }

    fn enqueue(&mut self, items: impl IntoIterator<Item = Item>, trigger: Trigger, now: i64) {
        let lane = if trigger == Trigger::Sweep { Lane::Swept } else { Lane::Asked };
        for item in items {
            self.becomes_known(&item);
            let row = self.waiting.entry(item).or_insert_with(|| Row {
                trigger: Some(trigger),
                generation: 1,
                run_at: now,
                lane,
                is_known: true,
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
                let run_at = row.put_back_from.take().unwrap_or(row.run_at);
                row.run_at = run_at.min(row.not_before.max(now));
            }
        }
    }

    /// Whether a person, a pass over all, the ledger or a look that has read it has named the item.
    fn is_known(&self, item: &Item) -> bool {
        self.waiting.get(item).is_some_and(|row| row.is_known)
            || self.known_parked.contains(item)
            || self.candidates.contains_key(item)
            || self.read.contains(item)
    }

    /// Notes that more than a notification speaks of the item, if it waits.
    fn becomes_known(&mut self, item: &Item) {
        let Some(row) = self.waiting.get_mut(item).filter(|row| !row.is_known) else { return };
        (row.is_known, row.lane) = (true, row.lane.min(Lane::Swept));
        row.run_at = row.put_back_from.take().unwrap_or(row.run_at);
    }

    fn park(&mut self, parked: Parked, Claim { item, is_known, .. }: &Claim) {
        self.take_parked(item);
        self.parked.insert(item.clone(), parked);
        if *is_known {
            self.known_parked.insert(item.clone());
        }
    }

    fn take_parked(&mut self, item: &Item) -> Option<Parked> {
        self.known_parked.remove(item);
        self.parked.remove(item)
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
            content.last_notification.insert(item.tenant.clone(), now);
            let contracts = u32::try_from(seen.len()).unwrap_or(u32::MAX).min(MAX_COUNTED);
            let lane = Lane::under_id(contracts, is_known);
            let row =
                content.waiting.entry(item).or_insert_with(|| Row { run_at: now, lane, ..Row::default() });
            row.is_known |= is_known;
            row.generation += 1;
            row.trigger = Some(Trigger::Notification);
            row.lane = row.lane.min(lane);
            if row.put_back_from.is_none() {
                row.run_at = row.run_at.min(row.not_before.max(now));
            }
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
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
        let tenants = turns.in_turn(self.tenants());
        for tenant in &tenants {
            for lane in [Lane::Asked, Lane::Swept] {
                if let Some(claim) = self.claim(tenant, lane)? {
                    return Ok(Due::Now(claim));
                }
            }
        }
        let kept = self.lock();
        let free = kept.now.waiting.iter().filter(|(item, row)| {
            tenants.contains(&item.tenant) && row.claimed.is_none() && kept.now.is_candidate_free(item)
        });
        Ok(Due::Later(free.map(|(_, row)| instant(row.run_at)).min()))
    }

    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
        for tenant in turns.in_turn(self.tenants()) {
            if let Some(claim) = self.claim(&tenant, Lane::Copies)? {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        let now = self.now();
        match ending {
            Ending::Done => self.finish(&claim, |content, claim| {
                content.take_parked(&claim.item);
            }),
            Ending::Park { reason } => self.finish(&claim, |content, claim| {
                let Subject::Contract(contract) = claim.item.subject;
                let attempts = claim.attempts.saturating_add(1);
                content.park(Parked::new(contract, instant(now), attempts, reason), claim);
            }),
            Ending::Again(setback) => self.retry(&claim, &setback, now),
            Ending::AgainWithAll(setback) => {
                let until = later(now, setback.wait);
                self.commit_and_wake(|content| {
                    for row in content.of_tenant(&claim.item.tenant).filter(|row| {
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
                row.put_back_from = row.put_back_from.or(Some(row.run_at));
                (row.claimed, row.run_at) = (None, until);
            }
        })
    }

    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        let now = self.now();
        self.commit_and_wake(|content| {
            let waits_for_it = |row: &&mut Row| row.outage == Some(outage) && row.put_back_from.is_none();
            for row in content.of_tenant(tenant).filter(waits_for_it) {
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
