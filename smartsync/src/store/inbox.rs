//! What has to be looked at: items with a notification that nobody has acted on yet.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Value};
use smartsync_transport::{LONGEST_HINT, Sleep, TokioSleep, Wait};
use teamtailor_client::CandidateId;
use tokio::sync::{Notify, watch};

use super::{
    claim::{Claim, Due},
    claims::{self, Claims},
    database::Store,
    intake::{Accepted, CANDIDATE},
    item::{Item, Subject},
    journal::{Parked, ParkedFilter, Trigger, parked},
    lane::{LANES, Lane},
    ledger::CONTRACTS_OF_CANDIDATE,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
    work::{Ending, Handler, Intake, Work, WorkLimits},
};

/// No contract waits longer after a look that failed, whatever a service asks for and however often it has failed.
pub(crate) const LONGEST_WAIT: Duration = LONGEST_HINT;

/// How long a claim of another process than the server holds if that process dies.
const CLAIM_LEASE: Duration = Duration::from_secs(5 * 60);

/// A clock is put right by less than this without anyone noticing.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How often to see whether a process beside the server has written to the database: SQLite tells nobody.
const WRITTEN_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// [`Intake`] and [`Work`] in the [`Store`].
///
/// There is one row per item. A notification for an item that waits is absorbed; one for an item that is
/// being looked at causes exactly one more look. Clones share one wake-up.
#[derive(Clone, Debug)]
pub struct Inbox {
    pub(crate) store: Store,
    pub(crate) wake: Arc<Notify>,
    sleep: Arc<dyn Sleep>,
    /// The version of the database that was seen last.
    seen: Arc<AtomicI64>,
}

impl Inbox {
    /// The inbox of `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        // None has this version: what was written before the first one was seen may not have been looked at.
        let seen = Arc::new(AtomicI64::new(i64::MIN));
        Self { store, wake: Arc::new(Notify::new()), sleep: Arc::new(TokioSleep), seen }
    }

    /// The same, with another way to wait between looks. The paces are kept by its clock, or by that of the runtime if it has none.
    #[must_use]
    pub fn sleep(self, sleep: impl Sleep + 'static) -> Self {
        Self { sleep: Arc::new(sleep), ..self }
    }

    /// Claims the item that is due longest: of those that are not looked at last, and whose candidate no other claim is about. Of several tenants,
    /// it takes what is due of the first by name; [`Work::run`] serves them in turn.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_due(&self) -> Result<Due, StoreError> {
        Claims::claim_due(self, &TenantTurns::default()).await
    }

    /// Claims one that is looked at last, since it came under a callback id that had named others before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_last(&self) -> Result<Option<Claim>, StoreError> {
        Claims::claim_last(self, &TenantTurns::default()).await
    }

    /// Claims one item, whether or not a notification waits, for a process beside the server. `None`: someone
    /// else looks at it, or at another of its candidate, at this moment. What a server claimed that has died is free.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim(&self, item: impl Into<Item>) -> Result<Option<Claim>, StoreError> {
        let (store, item) = (self.store.clone(), item.into());
        self.store
            .transaction(move |tx| {
                // Within the transaction: a server that starts now has its lock before it can claim anything.
                let is_served = store.may_be_served();
                let now = store.now();
                let until = later(now, CLAIM_LEASE);
                let Item { tenant, subject } = &item;
                let is_busy = tx.prepare_cached(&candidate_is_busy())?.query_row(
                    params![tenant, subject.kind(), subject, now, longest_lease(now), is_served],
                    |row| row.get(0),
                )?;
                if is_busy {
                    return Ok(None);
                }
                let created = tx.execute(
                    &format!(
                        "INSERT INTO waiting (tenant, kind, id, candidate_id, cause, generation, run_at, is_known)
                         VALUES (?1, ?2, ?3, {CANDIDATE}, ?4, 1, ?5, 1) ON CONFLICT DO NOTHING"
                    ),
                    params![tenant, subject.kind(), subject, Trigger::ByHand.as_str(), now],
                )? > 0;
                let mut claim = tx.prepare_cached(&format!(
                    "UPDATE waiting SET claimed_generation = generation, claimed_until = ?4,
                         candidate_id = coalesce({CANDIDATE}, candidate_id), lane = 0, is_known = 1,
                         run_at = coalesce(put_back_from, run_at), put_back_from = NULL
                     WHERE {ITEM} AND (claimed_generation IS NULL OR claimed_until <= ?5 OR claimed_until > ?6
                         OR claimed_until IS NULL AND NOT ?7)
                     RETURNING {CLAIM_COLUMNS}"
                ))?;
                let mut rows = claim.query(params![
                    tenant,
                    subject.kind(),
                    subject,
                    until,
                    now,
                    longest_lease(now),
                    is_served
                ])?;
                let Some(row) = rows.next()? else { return Ok(None) };
                let claim = Claim::of_row(row, now)?;
                Ok(claim.map(|claim| Claim { mark: Some(until), created, ..claim }))
            })
            .await
    }

    /// Holds a claim of [`claim`](Self::claim) for as long again as it held at first. False: it has lapsed, and is another's or nobody's.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn renew(&self, claim: &mut Claim) -> Result<bool, StoreError> {
        let (item, generation, until) = (claim.item.clone(), claim.generation, claim.mark);
        let renewed = later(self.store.now(), CLAIM_LEASE);
        let is_held = self
            .store
            .transaction(move |tx| {
                let count = tx.execute(
                    &format!("UPDATE waiting SET claimed_until = ?6 WHERE {CLAIMED}"),
                    params![item.tenant, item.subject.kind(), item.subject, generation, until, renewed],
                )?;
                Ok(count > 0)
            })
            .await?;
        if is_held {
            claim.mark = Some(renewed);
        }
        Ok(is_held)
    }

    /// The look succeeded. If a notification arrived during it, the item is looked at once more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn done(&self, claim: Claim) -> Result<(), StoreError> {
        self.finish(claim, |tx, Claim { item, .. }| {
            let of_item = params![item.tenant, item.subject.kind(), item.subject];
            tx.execute(&format!("DELETE FROM parked WHERE {ITEM}"), of_item).map(drop)
        })
        .await
    }

    /// The look failed for good: a person has to see to it. A later notification is looked at all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn park(&self, claim: Claim, reason: String) -> Result<(), StoreError> {
        let now = self.store.now();
        self.finish(claim, move |tx, Claim { item, attempts, is_known, .. }| {
            tx.execute(
                "INSERT OR REPLACE INTO parked (tenant, kind, id, parked_at, attempts, reason, is_known)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    item.tenant,
                    item.subject.kind(),
                    item.subject,
                    now,
                    attempts.saturating_add(1),
                    reason,
                    is_known
                ],
            )
            .map(drop)
        })
        .await
    }

    /// Gives a claim back without a look.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn release(&self, claim: Claim) -> Result<(), StoreError> {
        if claim.created {
            return self.finish(claim, |_, _| Ok(())).await;
        }
        self.store
            .transaction(move |tx| {
                let Claim { item, generation, mark: until, .. } = claim;
                tx.execute(
                    &format!(
                        "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL WHERE {CLAIMED}"
                    ),
                    params![item.tenant, item.subject.kind(), item.subject, generation, until],
                )
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// What waits or is being looked at, in the order of its time.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<Item>, StoreError> {
        self.store
            .transaction(|tx| {
                let mut statement = tx.prepare("SELECT tenant, kind, id FROM waiting ORDER BY run_at, id")?;
                let rows = statement.query_map([], item)?;
                // Leaves out what a newer version works on.
                rows.filter_map(Result::transpose).collect()
            })
            .await
    }

    /// The contracts of a tenant's candidate that are being looked at: by a server that runs, or by a command.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn looks_at(
        &self,
        tenant: &Tenant,
        candidate: &CandidateId,
    ) -> Result<BTreeSet<ContractId>, StoreError> {
        let (tenant, candidate, is_served) = (tenant.clone(), candidate.clone(), self.store.may_be_served());
        let now = self.store.now();
        self.store
            .transaction(move |tx| {
                let mut statement = tx.prepare(&format!(
                    "SELECT id FROM waiting WHERE claimed_generation IS NOT NULL AND tenant = ?1
                         AND (claimed_until IS NULL AND ?3 OR claimed_until > ?4 AND claimed_until <= ?5)
                         AND kind = 'contract' AND id IN ({CONTRACTS_OF_CANDIDATE})"
                ))?;
                let row = |row: &Row<'_>| row.get(0).map(ContractId::new);
                statement
                    .query_map(params![tenant, candidate.as_str(), is_served, now, longest_lease(now)], row)?
                    .collect()
            })
            .await
    }

    /// What was given up of the nameless tenant, in the order of the ids. Of others, their [`Journal`](super::Journal) tells.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        self.store.transaction(|tx| parked(tx, &Tenant::default(), &ParkedFilter::All)).await
    }

    /// Whether a notification could be noted: writes a page of the database as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        self.store
            .transaction(|tx| {
                let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
                tx.pragma_update(None, "user_version", version)
            })
            .await
    }

    /// Resolves when something was noted or given back since the last call; and when the database was written to, which a command beside
    /// the server may have done, within a second of that.
    pub async fn changed(&self) {
        loop {
            tokio::select! {
                biased;
                () = self.wake.notified() => return,
                is_written = self.is_written() => if is_written { return },
            }
        }
    }

    /// After a while, whether the database was written to since this was asked last. One that cannot be read counts as written to: the next
    /// claim tells why.
    async fn is_written(&self) -> bool {
        self.sleep.sleep(Wait { at_least: WRITTEN_POLL_INTERVAL, at_most: WRITTEN_POLL_INTERVAL }).await;
        // Noted before anything is claimed: what is written after that has another version.
        self.store
            .version()
            .await
            .map_or(true, |version| self.seen.swap(version, Ordering::Relaxed) != version)
    }

    /// Ends a claim. The row goes, unless a notification arrived in the meantime: then it is due at once.
    async fn finish<F>(&self, claim: Claim, also: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Connection, &Claim) -> rusqlite::Result<()> + Send + 'static,
    {
        let now = self.store.now();
        self.store
            .transaction(move |tx| {
                let Claim { item, generation, mark: until, .. } = &claim;
                let deleted = tx
                    .prepare_cached(&format!("DELETE FROM waiting WHERE {CLAIMED} AND generation = ?4"))?
                    .execute(params![item.tenant, item.subject.kind(), item.subject, generation, until])?;
                let again = tx
                    .prepare_cached(&format!(
                        "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL, attempts = 0, faults = 0,
                             run_at = ?6, retry_at = NULL, not_before = 0, put_back_from = NULL, outage = NULL,
                             last_error = NULL
                         WHERE {CLAIMED}"
                    ))?
                    .execute(params![item.tenant, item.subject.kind(), item.subject, generation, until, now])?;
                // A lapsed claim has nothing to say any more.
                if deleted + again > 0 { also(tx, &claim) } else { Ok(()) }
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }
}

#[async_trait]
impl Intake for Inbox {
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError> {
        Self::accept(self, callback_id, item).await
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        Self::is_ready(self).await
    }
}

#[async_trait]
impl Work for Inbox {
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, stop: watch::Receiver<bool>) {
        claims::run(Arc::new(self.clone()), handler, limits, Arc::clone(&self.sleep), stop).await;
    }

    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        Self::enqueue(self, items, trigger).await
    }
}

#[async_trait]
impl Claims for Inbox {
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
        let (store, turns) = (self.store.clone(), turns.clone());
        self.store
            .transaction(move |tx| {
                let (now, tenants) = (store.now(), turns.in_turn(tenants(tx)?));
                for tenant in &tenants {
                    put_clock_right(tx, tenant, now)?;
                    for lane in [Lane::Asked, Lane::Swept] {
                        if let Some(claim) = claim_one(tx, tenant, now, lane)? {
                            return Ok(Due::Now(claim));
                        }
                    }
                }
                next_time(tx, &tenants, now).map(Due::Later)
            })
            .await
    }

    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
        let (store, turns) = (self.store.clone(), turns.clone());
        self.store
            .transaction(move |tx| {
                let now = store.now();
                for tenant in turns.in_turn(tenants(tx)?) {
                    if let Some(claim) = claim_one(tx, &tenant, now, Lane::Copies)? {
                        return Ok(Some(claim));
                    }
                }
                Ok(None)
            })
            .await
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        match ending {
            Ending::Done => self.done(claim).await,
            Ending::Again(setback) => self.retry(claim, setback).await,
            Ending::AgainWithAll(setback) => {
                if let Some(outage) = setback.outage {
                    self.postpone(&claim.item.tenant, outage, setback.wait).await?;
                }
                self.retry(claim, setback).await
            }
            Ending::Park { reason } => self.park(claim, reason).await,
        }
    }

    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        Self::put_back(self, claim, wait).await
    }

    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        Self::is_over(self, tenant, outage).await
    }

    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        Self::give_back(self, running, wait).await
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        Self::forget_old(self).await
    }

    async fn changed(&self) {
        Self::changed(self).await;
    }

    fn now(&self) -> Timestamp {
        instant(self.store.now())
    }
}

/// The row of an item.
pub(super) const ITEM: &str = "tenant = ?1 AND kind = ?2 AND id = ?3";

/// The row of an item, while a claim of it holds.
pub(super) const CLAIMED: &str =
    "tenant = ?1 AND kind = ?2 AND id = ?3 AND claimed_generation = ?4 AND claimed_until IS ?5";

const CLAIM_COLUMNS: &str = "tenant, kind, id, cause, generation, attempts, faults, retry_at, is_known";

/// Items whose candidate no other claim is about, at the time `?1`, where no lease ends after `?2`: two looks at one card could each
/// take what the other writes for a recruiter's edit.
const CANDIDATE_IS_FREE: &str = "(candidate_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM waiting AS busy INDEXED BY waiting_claimed
    WHERE busy.claimed_generation IS NOT NULL AND busy.candidate_id = it.candidate_id
        AND busy.tenant = it.tenant AND (busy.kind <> it.kind OR busy.id <> it.id)
        AND (busy.claimed_until IS NULL OR busy.claimed_until > ?1 AND busy.claimed_until <= ?2)))";

/// Whether another claim is about the candidate of an item, at the time `?4`, where no lease ends after `?5`. `?6`: whether a server runs,
/// whose claims have no lease.
fn candidate_is_busy() -> String {
    format!(
        "SELECT EXISTS (SELECT 1 FROM waiting AS busy INDEXED BY waiting_claimed
             WHERE busy.claimed_generation IS NOT NULL AND busy.tenant = ?1 AND (busy.kind <> ?2 OR busy.id <> ?3)
                 AND busy.candidate_id = coalesce({CANDIDATE}, (SELECT candidate_id FROM waiting WHERE {ITEM}))
                 AND (busy.claimed_until IS NULL AND ?6 OR busy.claimed_until > ?4 AND busy.claimed_until <= ?5))"
    )
}

pub(super) fn item(row: &Row<'_>) -> rusqlite::Result<Option<Item>> {
    let (kind, id): (String, Value) = (row.get("kind")?, row.get("id")?);
    let Some(subject) = Subject::of_row(&kind, &id) else { return Ok(None) };
    Ok(Some(Item::of(row.get("tenant")?, subject)))
}

// Every row of a tenant is found by the primary key as well, which SQLite takes for good enough. So the index is named: a claim must not read
// all that waits.

/// The tenants of which something waits, found by as many steps as there are.
const TENANTS: &str = "WITH RECURSIVE of (tenant) AS (
    SELECT min(tenant) FROM waiting
    UNION ALL SELECT (SELECT min(tenant) FROM waiting WHERE tenant > of.tenant) FROM of WHERE of.tenant IS NOT NULL
) SELECT tenant FROM of WHERE tenant IS NOT NULL";

fn tenants(tx: &Connection) -> rusqlite::Result<Vec<Tenant>> {
    tx.prepare_cached(TENANTS)?.query_map([], |row| row.get(0))?.collect()
}

/// No wait is that long, and what was not looked at yet has none, unless a service asked for it or it was put back: it was noted by a clock that has
/// been set back since.
fn put_clock_right(tx: &Connection, tenant: &Tenant, now: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE waiting INDEXED BY waiting_by_turn SET run_at = ?1, not_before = 0, retry_at = NULL, put_back_from = NULL
         WHERE tenant = ?4 AND lane IN {LANES} AND run_at > ?3
             AND (run_at > ?2 OR retry_at IS NULL AND put_back_from IS NULL AND run_at > not_before)"
    ))?
    .execute(params![now, furthest(now), later(now, CLOCK_SLACK), tenant])
    .map(drop)
}

/// Claims for the server what is due longest of a tenant in a lane.
fn claim_one(tx: &Connection, tenant: &Tenant, now: i64, lane: Lane) -> rusqlite::Result<Option<Claim>> {
    let mut due = tx.prepare_cached(&format!(
        "SELECT {CLAIM_COLUMNS} FROM waiting AS it INDEXED BY waiting_by_turn
         WHERE tenant = ?4 AND lane = ?3 AND run_at <= ?1 AND kind = 'contract'
             AND (claimed_generation IS NULL OR claimed_until <= ?1 OR claimed_until > ?2) AND {CANDIDATE_IS_FREE}
         ORDER BY run_at, id LIMIT 1"
    ))?;
    let mut rows = due.query(params![now, longest_lease(now), lane, tenant])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Some(claim) = Claim::of_row(row, now)? else { return Ok(None) };
    let Item { tenant, subject } = &claim.item;
    tx.prepare_cached(&format!(
        "UPDATE waiting SET claimed_generation = generation, claimed_until = NULL WHERE {ITEM}"
    ))?
    .execute(params![tenant, subject.kind(), subject])?;
    Ok(Some(claim))
}

/// When the next one of these tenants is due that the end of no other look sets free.
fn next_time(tx: &Connection, tenants: &[Tenant], now: i64) -> rusqlite::Result<Option<Timestamp>> {
    let mut next = tx.prepare_cached(&format!(
        "SELECT run_at FROM waiting AS it INDEXED BY waiting_by_turn
         WHERE tenant = ?3 AND lane = ?4 AND kind = 'contract'
             AND (claimed_generation IS NULL OR claimed_until > ?2) AND {CANDIDATE_IS_FREE}
         ORDER BY run_at LIMIT 1"
    ))?;
    let mut lapsed = tx.prepare_cached(
        "SELECT min(max(run_at, claimed_until)) FROM waiting INDEXED BY waiting_claimed
         WHERE tenant = ?2 AND claimed_generation IS NOT NULL AND claimed_until <= ?1",
    )?;
    let lease = longest_lease(now);
    let mut first: Option<i64> = None;
    for tenant in tenants {
        for lane in Lane::ALL {
            let time = next.query_row(params![now, lease, tenant, lane], |row| row.get(0)).optional()?;
            first = first.into_iter().chain(time).min();
        }
        let time: Option<i64> = lapsed.query_row(params![lease, tenant], |row| row.get(0))?;
        first = first.into_iter().chain(time).min();
    }
    Ok(first.map(instant))
}

pub(crate) fn later(from: i64, wait: Duration) -> i64 {
    from.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// Nothing that was noted by this clock is due later.
pub(super) fn furthest(now: i64) -> i64 {
    later(now, LONGEST_WAIT + CLOCK_SLACK)
}

/// No claim that was noted by this clock holds longer.
pub(crate) fn longest_lease(now: i64) -> i64 {
    later(now, CLAIM_LEASE + CLOCK_SLACK)
}

/// Of milliseconds since 1970, as the tables keep them.
pub(crate) fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
