//! Takes notifications in: each is noted once, and its contract is looked at.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::{
    inbox::{ITEM, Inbox, instant},
    item::Item,
    journal::Trigger,
    known::{becomes_known, is_known},
    lane::{Lane, MAX_COUNTED},
    overview::{KEPT_HOURS, hour},
    store_error::StoreError,
};

/// How long a callback id is remembered. Oneflow gives up on a notification within two hours.
pub(super) const CALLBACK_RETENTION: Duration = Duration::from_secs(40 * 24 * 3600);

/// So many contracts are noted under one callback id. Whoever has seen one notification can name any number of them, and each is a row; beyond
/// it, a genuine one is left to the sweep.
pub(super) const MAX_UNDER_ID: u32 = 1000;

/// So many are forgotten at once: whatever else is to be written waits meanwhile, notifications included.
pub(super) const MAX_FORGOTTEN: u32 = 100;

/// So often at a time.
pub(super) const FORGOTTEN_ROUNDS: u32 = 10;

/// What a row of `inbox` is known by.
const COLUMNS: &str = "tenant, callback_id, kind, id";

/// Those of whom there is a row, found by as many steps as there are tenants.
const TENANTS: &str = "WITH RECURSIVE of (tenant) AS (
    SELECT min(tenant) FROM inbox
    UNION ALL SELECT (SELECT min(tenant) FROM inbox WHERE tenant > of.tenant) FROM of WHERE of.tenant IS NOT NULL
) SELECT tenant FROM of WHERE tenant IS NOT NULL";

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// The contract will be looked at.
    New,
    /// The notification was accepted before: Oneflow repeats one until it is answered with 200.
    Duplicate,
    /// Another contract came under the same callback id before, so that at most one of them is what Oneflow sent. All are looked
    /// at.
    SameId {
        /// So many contracts have come under the id, five or more being five.
        contracts: u32,
        /// Whether it is looked at after everything else.
        is_last: bool,
    },
}

impl Accepted {
    pub(super) fn under_id(contracts: u32, lane: Lane) -> Self {
        if contracts == 1 { Self::New } else { Self::SameId { contracts, is_last: lane == Lane::Copies } }
    }
}

/// Whether as many contracts came under the callback id as are noted, and this is none of them.
fn is_full(tx: &Connection, callback_id: &str, Item { tenant, subject }: &Item) -> rusqlite::Result<bool> {
    tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE tenant = ?1 AND callback_id = ?2 LIMIT 1 OFFSET ?5)
             AND NOT EXISTS (SELECT 1 FROM inbox WHERE tenant = ?1 AND callback_id = ?2 AND kind = ?3 AND id = ?4)",
    )?
    .query_row(params![tenant, callback_id, subject.kind(), subject, MAX_UNDER_ID - 1], |row| row.get(0))
}

/// The candidate of the contract `?3` of the tenant `?1`, as far as it is known.
pub(super) const CANDIDATE: &str = "iif(?2 = 'contract',
    (SELECT entry ->> '$.candidate' FROM ledger WHERE tenant = ?1 AND contract_id = ?3), NULL)";

/// Drops some of what was counted in hours that nobody looks at any more. Returns how many rows that were.
fn drop_old_tallies(tx: &Connection, now: i64) -> rusqlite::Result<usize> {
    let before = hour(instant(now)) - i64::from(KEPT_HOURS);
    tx.prepare_cached(
        "DELETE FROM tallies WHERE (tenant, hour, what) IN (
             SELECT tenant, hour, what FROM tallies INDEXED BY tallies_by_age WHERE hour < ?1 LIMIT ?2)",
    )?
    .execute(params![before, MAX_FORGOTTEN])
}

/// Notes that these have to be looked at, though no notification names them.
pub(super) fn enqueue(tx: &Connection, items: &[Item], trigger: Trigger, now: i64) -> rusqlite::Result<()> {
    let lane = if trigger == Trigger::Sweep { Lane::Swept } else { Lane::Asked };
    let mut add = tx.prepare_cached(&format!(
        "INSERT INTO waiting (tenant, kind, id, candidate_id, cause, generation, run_at, lane, is_known)
         VALUES (?1, ?2, ?3, {CANDIDATE}, ?4, 1, ?5, ?6, 1)
         ON CONFLICT DO UPDATE SET cause = iif(claimed_generation = generation, excluded.cause, cause),
             generation = generation + (claimed_generation IS NOT NULL), lane = min(lane, excluded.lane)"
    ))?;
    let mut bring_forward = tx.prepare_cached(&format!(
        "UPDATE waiting SET cause = ?4, attempts = 0, faults = 0, retry_at = NULL, lane = 0,
             run_at = min(coalesce(put_back_from, run_at), max(not_before, ?5)), put_back_from = NULL
         WHERE {ITEM}"
    ))?;
    for item @ Item { tenant, subject } in items {
        let (kind, cause) = (subject.kind(), trigger.as_str());
        becomes_known(tx, item)?;
        add.execute(params![tenant, kind, subject, cause, now, lane])?;
        if trigger == Trigger::ByHand {
            bring_forward.execute(params![tenant, kind, subject, cause, now])?;
        }
    }
    Ok(())
}

impl Inbox {
    /// What [`Intake::accept`](super::Intake::accept) does.
    ///
    /// # Errors
    ///
    /// [`StoreError`], [`StoreError::Busy`] and [`StoreError::TooManyUnderOneId`] among them: the notification was **not** noted.
    pub async fn accept(&self, callback_id: &str, item: impl Into<Item>) -> Result<Accepted, StoreError> {
        let (callback_id, item, now) = (callback_id.to_owned(), item.into(), self.store.now());
        let accepted = self
            .store
            .transaction_if_free(move |tx| {
                let Item { tenant, subject } = &item;
                if is_full(tx, &callback_id, &item)? {
                    return Ok(None);
                }
                let new = tx
                    .prepare_cached(
                        "INSERT INTO inbox (tenant, callback_id, kind, id, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![tenant, callback_id, subject.kind(), subject, now])?;
                if new == 0 {
                    return Ok(Some(Accepted::Duplicate));
                }
                let contracts: u32 = tx
                    .prepare_cached(
                        "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE tenant = ?1 AND callback_id = ?2 LIMIT ?3)",
                    )?
                    .query_row(params![tenant, callback_id, MAX_COUNTED], |row| row.get(0))?;
                let is_known = is_known(tx, &item)?;
                let lane = Lane::under_id(contracts, is_known);
                tx.prepare_cached(&format!(
                    "INSERT INTO waiting (tenant, kind, id, candidate_id, cause, generation, run_at, lane, is_known)
                     VALUES (?1, ?2, ?3, {CANDIDATE}, ?4, 1, ?5, ?6, ?7)
                     ON CONFLICT DO UPDATE SET generation = generation + 1, cause = excluded.cause,
                         candidate_id = coalesce(excluded.candidate_id, candidate_id),
                         lane = min(lane, excluded.lane), is_known = max(is_known, excluded.is_known),
                         run_at = iif(put_back_from IS NULL, min(run_at, max(not_before, excluded.run_at)), run_at)"
                ))?
                .execute(params![
                    tenant,
                    subject.kind(),
                    subject,
                    Trigger::Notification.as_str(),
                    now,
                    lane,
                    is_known,
                ])?;
                Ok(Some(Accepted::under_id(contracts, lane)))
            })
            .await?
            .ok_or(StoreError::TooManyUnderOneId)?;
        self.wake.notify_one();
        Ok(accepted)
    }

    /// What [`Work::enqueue`](super::Work::enqueue) does. What is looked at now is looked at once more. What a person asks for is due at once
    /// with all its tries, though not before the time that a service asked for; otherwise, what waits already waits on, except that what only notifications spoke of is known from now on
    /// ([`Turn::is_known`](super::Turn::is_known)). What a sweep has found is looked at when nothing else is due.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        let now = self.store.now();
        self.store.transaction(move |tx| enqueue(tx, &items, trigger, now)).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Forgets callback ids that Oneflow cannot repeat any more, and what was counted more than 35 days ago, at most a thousand of each: those of a flood are
    /// forgotten bit by bit, and what comes meanwhile does not wait for that.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn forget_old(&self) -> Result<(), StoreError> {
        let now = self.store.now();
        let before = now.saturating_sub(i64::try_from(CALLBACK_RETENTION.as_millis()).unwrap_or(i64::MAX));
        for _ in 0..FORGOTTEN_ROUNDS {
            let changed = self
                .store
                .transaction(move |tx| {
                    // Noted by a clock that was set back since: else they would be kept as long again as it was ahead.
                    let put_right = tx
                        .prepare_cached(&format!(
                            "UPDATE inbox SET received_at = ?1 WHERE ({COLUMNS}) IN
                                 (SELECT {COLUMNS} FROM inbox WHERE tenant IN ({TENANTS}) AND received_at > ?1 LIMIT ?2)"
                        ))?
                        .execute(params![now, MAX_FORGOTTEN])?;
                    let forgotten = tx
                        .prepare_cached(&format!(
                            "DELETE FROM inbox WHERE ({COLUMNS}) IN
                                 (SELECT {COLUMNS} FROM inbox WHERE tenant IN ({TENANTS}) AND received_at < ?1 LIMIT ?2)"
                        ))?
                        .execute(params![before, MAX_FORGOTTEN])?;
                    let counted = drop_old_tallies(tx, now)?;
                    Ok(u32::try_from(put_right.max(forgotten).max(counted)).unwrap_or(u32::MAX))
                })
                .await?;
            if changed < MAX_FORGOTTEN {
                break;
            }
        }
        Ok(())
    }
}
