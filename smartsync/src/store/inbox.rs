//! What has to be looked at: contracts with a notification that nobody has acted on yet.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use smartsync_transport::LONGEST_HINT;
use teamtailor_client::CandidateId;
use tokio::sync::Notify;

use crate::store::{
    database::Store,
    journal::{Parked, ParkedFilter, Trigger, parked},
    ledger::CONTRACTS_OF_CANDIDATE,
    store_error::StoreError,
};

/// No contract waits longer after a look that failed, whatever a service asks for and however often it has failed.
pub(crate) const LONGEST_WAIT: Duration = LONGEST_HINT;

/// How long a claim of another process than the server holds if that process dies.
const CLAIM_LEASE: Duration = Duration::from_secs(5 * 60);

/// A clock is put right by less than this without anyone noticing.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// The contracts that have to be looked at.
///
/// There is one row per contract. A notification for a contract that waits is absorbed; one for a contract that is
/// being looked at causes exactly one more look. Clones share one wake-up.
#[derive(Clone, Debug)]
pub struct Inbox {
    pub(crate) store: Store,
    pub(crate) wake: Arc<Notify>,
}

/// A contract that this process may look at, and no one else.
#[derive(Debug)]
pub struct Claim {
    pub(crate) contract: ContractId,
    pub(crate) generation: i64,
    pub(crate) until: Option<i64>,
    pub(crate) attempts: u32,
    /// Those of the attempts that failed by the contract's own fault.
    pub(crate) faults: u32,
    /// When the contract would have been looked at, if it is looked at before.
    pub(crate) early_of: Option<i64>,
    /// Why it waits, if no notification brought it.
    cause: Option<Trigger>,
    created: bool,
}

impl Claim {
    /// The contract.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        self.contract
    }

    /// How many looks at it have failed in a row.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Why a look under this claim begins.
    pub(crate) fn trigger(&self) -> Trigger {
        if self.attempts > 0 && self.early_of.is_none() {
            return Trigger::Retry(self.attempts);
        }
        self.cause.unwrap_or(Trigger::Notification)
    }

    /// How many of them will have failed by the contract's own fault, if this one does as well.
    pub(crate) fn faults_with_this(&self) -> u32 {
        self.faults.saturating_add(self.early_of.is_none().into())
    }

    /// Of a row with `generation`, `attempts`, `faults`, `retry_at` and `cause`, at this time.
    fn of_row(contract: ContractId, row: &Row<'_>, now: i64) -> rusqlite::Result<Self> {
        let retry_at: Option<i64> = row.get("retry_at")?;
        let cause: Option<String> = row.get("cause")?;
        Ok(Self {
            contract,
            generation: row.get("generation")?,
            until: None,
            attempts: row.get("attempts")?,
            faults: row.get("faults")?,
            early_of: retry_at.filter(|at| *at > now && *at <= furthest(now)),
            cause: cause.map(|cause| Trigger::of_row(&cause, None)),
            created: false,
        })
    }
}

/// Whether a contract is due.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a worker handles both")]
pub enum Due {
    /// This one, and it is claimed.
    Now(Claim),
    /// None yet. The time is when the next one is, if one waits.
    Later(Option<Timestamp>),
}

impl Inbox {
    /// The inbox of `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, wake: Arc::new(Notify::new()) }
    }

    /// Claims the contract that is due longest, those aside that are looked at last.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_due(&self) -> Result<Due, StoreError> {
        self.store
            .transaction(|tx| {
                let now = now();
                // No wait is that long, and what was not looked at yet has none: it was noted by a clock that has been set back since.
                tx.prepare_cached(
                    "UPDATE waiting SET run_at = ?1, not_before = 0, retry_at = NULL
                     WHERE is_last IN (0, 1) AND run_at > ?3 AND (run_at > ?2 OR retry_at IS NULL)",
                )?
                .execute([now, furthest(now), later(now, CLOCK_SLACK)])?;
                match claim_one(tx, now, false)? {
                    Some(claim) => Ok(Due::Now(claim)),
                    None => next_time(tx, now).map(Due::Later),
                }
            })
            .await
    }

    /// Claims one that is looked at last, since it came under a callback id that had named others before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_last(&self) -> Result<Option<Claim>, StoreError> {
        self.store.transaction(|tx| claim_one(tx, now(), true)).await
    }

    /// Claims one contract, whether or not a notification waits, for a process beside the server. `None`: someone
    /// else looks at it at this moment. What a server claimed that has died is free.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim(&self, contract: ContractId) -> Result<Option<Claim>, StoreError> {
        let store = self.store.clone();
        self.store
            .transaction(move |tx| {
                // Within the transaction: a server that starts now has its lock before it can claim anything.
                let is_served = store.may_be_served();
                let now = now();
                let until = later(now, CLAIM_LEASE);
                let created = tx.execute(
                    "INSERT INTO waiting (contract_id, generation, run_at) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING",
                    params![contract.get(), now],
                )? > 0;
                tx.query_row(
                    "UPDATE waiting SET claimed_generation = generation, claimed_until = ?2
                     WHERE contract_id = ?1 AND (claimed_generation IS NULL OR claimed_until <= ?3 OR claimed_until > ?4
                         OR claimed_until IS NULL AND NOT ?5)
                     RETURNING generation, attempts, faults, retry_at, cause",
                    params![contract.get(), until, now, longest_lease(now), is_served],
                    |row| {
                        let claim = Claim::of_row(contract, row, now)?;
                        Ok(Claim { until: Some(until), created, ..claim })
                    },
                )
                .optional()
            })
            .await
    }

    /// Holds a claim of [`claim`](Self::claim) for as long again as it held at first. False: it has lapsed, and is another's or nobody's.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn renew(&self, claim: &mut Claim) -> Result<bool, StoreError> {
        let (contract, generation, until) = (claim.contract, claim.generation, claim.until);
        let renewed = later(now(), CLAIM_LEASE);
        let is_held = self
            .store
            .transaction(move |tx| {
                let count = tx.execute(
                    "UPDATE waiting SET claimed_until = ?4
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until = ?3",
                    params![contract.get(), generation, until, renewed],
                )?;
                Ok(count > 0)
            })
            .await?;
        if is_held {
            claim.until = Some(renewed);
        }
        Ok(is_held)
    }

    /// The look succeeded. If a notification arrived during it, the contract is looked at once more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn done(&self, claim: Claim) -> Result<(), StoreError> {
        self.finish(claim, |tx, claim| {
            tx.execute("DELETE FROM parked WHERE contract_id = ?1", [claim.contract.get()])?;
            Ok(())
        })
        .await
    }

    /// The look failed for good: a person has to see to it. A later notification is looked at all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn park(&self, claim: Claim, reason: String) -> Result<(), StoreError> {
        self.finish(claim, move |tx, claim| {
            tx.execute(
                "INSERT OR REPLACE INTO parked (contract_id, parked_at, attempts, reason) VALUES (?1, ?2, ?3, ?4)",
                params![claim.contract.get(), now(), claim.attempts.saturating_add(1), reason],
            )?;
            Ok(())
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
                tx.execute(
                    "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until IS ?3",
                    params![claim.contract.get(), claim.generation, claim.until],
                )
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Contracts that wait or are being looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<ContractId>, StoreError> {
        self.store
            .transaction(|tx| {
                let mut statement =
                    tx.prepare("SELECT contract_id FROM waiting ORDER BY run_at, contract_id")?;
                let rows = statement.query_map([], |row| row.get(0).map(ContractId::new))?;
                rows.collect()
            })
            .await
    }

    /// The candidate's contracts that are being looked at: by a server that runs, or by a command.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn looks_at(&self, candidate: &CandidateId) -> Result<BTreeSet<ContractId>, StoreError> {
        let (candidate, is_served) = (candidate.clone(), self.store.may_be_served());
        self.store
            .transaction(move |tx| {
                let now = now();
                let mut statement = tx.prepare(&format!(
                    "SELECT contract_id FROM waiting WHERE claimed_generation IS NOT NULL
                         AND (claimed_until IS NULL AND ?2 OR claimed_until > ?3 AND claimed_until <= ?4)
                         AND contract_id IN ({CONTRACTS_OF_CANDIDATE})"
                ))?;
                let row = |row: &Row<'_>| row.get(0).map(ContractId::new);
                statement
                    .query_map(params![candidate.as_str(), is_served, now, longest_lease(now)], row)?
                    .collect()
            })
            .await
    }

    /// Contracts that were given up, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        self.store.transaction(|tx| parked(tx, &ParkedFilter::All)).await
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

    /// Resolves when something was noted or given back since the last call.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    /// Ends a claim. The row goes, unless a notification arrived in the meantime: then it is due at once.
    async fn finish<F>(&self, claim: Claim, also: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Connection, &Claim) -> rusqlite::Result<()> + Send + 'static,
    {
        self.store
            .transaction(move |tx| {
                let mine = params![claim.contract.get(), claim.generation, claim.until];
                let deleted = tx.execute(
                    "DELETE FROM waiting WHERE contract_id = ?1 AND generation = ?2
                         AND claimed_generation = ?2 AND claimed_until IS ?3",
                    mine,
                )?;
                let again = tx.execute(
                    "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL, attempts = 0, faults = 0,
                         run_at = ?4, retry_at = NULL, not_before = 0, outage = NULL, last_error = NULL, cause = NULL
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until IS ?3",
                    params![claim.contract.get(), claim.generation, claim.until, now()],
                )?;
                // A lapsed claim has nothing to say any more.
                if deleted + again > 0 { also(tx, &claim) } else { Ok(()) }
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }
}

/// Claims for the server what is due longest of those that are looked at last, or of the others.
fn claim_one(tx: &Connection, now: i64, is_last: bool) -> rusqlite::Result<Option<Claim>> {
    let due = tx
        .prepare_cached(
            "SELECT contract_id, generation, attempts, faults, retry_at, cause FROM waiting
             WHERE is_last = ?1 AND run_at <= ?2
                 AND (claimed_generation IS NULL OR claimed_until <= ?2 OR claimed_until > ?3)
             ORDER BY run_at, contract_id LIMIT 1",
        )?
        .query_row(params![is_last, now, longest_lease(now)], |row| {
            Claim::of_row(ContractId::new(row.get("contract_id")?), row, now)
        })
        .optional()?;
    if let Some(claim) = &due {
        tx.prepare_cached(
            "UPDATE waiting SET claimed_generation = generation, claimed_until = NULL WHERE contract_id = ?1",
        )?
        .execute([claim.contract.get()])?;
    }
    Ok(due)
}

fn next_time(tx: &Connection, now: i64) -> rusqlite::Result<Option<Timestamp>> {
    let next: Option<i64> = tx
        .prepare_cached(
            "SELECT min(CASE WHEN claimed_generation IS NULL OR claimed_until > ?1 THEN run_at
                 ELSE max(run_at, claimed_until) END)
             FROM waiting",
        )?
        .query_row([longest_lease(now)], |row| row.get(0))?;
    Ok(next.map(instant))
}

/// Milliseconds since 1970, as the tables keep them.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

pub(crate) fn later(from: i64, wait: Duration) -> i64 {
    from.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// Nothing that was noted by this clock is due later.
fn furthest(now: i64) -> i64 {
    later(now, LONGEST_WAIT + CLOCK_SLACK)
}

/// No claim that was noted by this clock holds longer.
pub(crate) fn longest_lease(now: i64) -> i64 {
    later(now, CLAIM_LEASE + CLOCK_SLACK)
}

fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
