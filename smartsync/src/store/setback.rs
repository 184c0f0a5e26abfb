//! A look that failed: how long its contract waits, and what shortens that.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

use super::{
    claim::Claim,
    inbox::{CLAIMED, ITEM, Inbox, item, later},
    item::Item,
    journal::Trigger,
    store_error::StoreError,
    tenant::Tenant,
};

/// So long after a look that failed, no notification brings the next one, however many come.
pub(super) const REST_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Why a look failed, and how long its contract waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setback {
    /// Why it failed. Holds no value of a field.
    pub reason: String,
    /// How long the contract waits, unless a notification comes.
    pub wait: Duration,
    /// How long a service asked to wait: nothing shortens that.
    pub asked: Duration,
    /// What fails every contract alike, if it is that: then it is no failure of this contract's own.
    pub outage: Option<&'static str>,
}

impl Setback {
    /// A failure of the contract's own, with a wait that no service asked for.
    #[must_use]
    pub fn new(reason: impl Into<String>, wait: Duration) -> Self {
        Self { reason: reason.into(), wait, asked: Duration::ZERO, outage: None }
    }

    /// The same where a service asked to wait that long.
    #[must_use]
    pub fn asked(self, asked: Duration) -> Self {
        Self { asked, ..self }
    }

    /// The same where this fails every contract alike.
    #[must_use]
    pub fn outage(self, outage: Option<&'static str>) -> Self {
        Self { outage, ..self }
    }
}

impl Inbox {
    /// The look failed: look again later.
    ///
    /// A look that a notification brought before its time is one more than the backoff has in mind: if it fails, it is not
    /// counted, and the contract waits until the time that it would have been looked at without it. So notifications, however many,
    /// neither use up the tries nor put them off.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn retry(&self, claim: Claim, setback: Setback) -> Result<(), StoreError> {
        let now = self.store.now();
        self.store
            .transaction(move |tx| {
                let Item { tenant, subject } = &claim.item;
                let mine = params![tenant, subject.kind(), subject, claim.generation, claim.mark];
                let generation: Option<i64> = tx
                    .prepare_cached(&format!("SELECT generation FROM waiting WHERE {CLAIMED}"))?
                    .query_row(mine, |row| row.get(0))
                    .optional()?;
                // A lapsed claim has nothing to say any more.
                let Some(generation) = generation else { return Ok(()) };
                let not_before = later(now, setback.wait.min(REST_AFTER_FAILURE).max(setback.asked));
                let retry_at = claim.early_of.unwrap_or_else(|| later(now, setback.wait)).max(not_before);
                // What came during the look is the reason for the next one.
                let is_asked_for = generation > claim.generation;
                let run_at = if is_asked_for { not_before } else { retry_at };
                let is_counted = claim.early_of.is_none();
                let attempts = claim.attempts.saturating_add(is_counted.into());
                let faults = claim.faults.saturating_add((is_counted && setback.outage.is_none()).into());
                tx.prepare_cached(&format!(
                    "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL, attempts = ?4, faults = ?5,
                         run_at = ?6, retry_at = ?7, not_before = ?8, put_back_from = NULL, outage = ?9, last_error = ?10,
                         cause = iif(?11, cause, ?12)
                     WHERE {ITEM}"
                ))?
                .execute(params![
                    tenant,
                    subject.kind(),
                    subject,
                    attempts,
                    faults,
                    run_at,
                    retry_at,
                    not_before,
                    setback.outage,
                    setback.reason,
                    is_asked_for,
                    Trigger::Retry(attempts).as_str(),
                ])
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// An outage of a tenant may be over: what of it waits because of that is due, except where a service asked to wait.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        let (tenant, now) = (tenant.clone(), self.store.now());
        self.store
            .transaction(move |tx| {
                tx.execute(
                    "UPDATE waiting SET run_at = min(run_at, max(not_before, ?2))
                     WHERE outage = ?1 AND tenant = ?3 AND put_back_from IS NULL",
                    params![outage, now, tenant],
                )
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// What of a tenant waits for the same, of its own accord, need not be tried for as long.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn postpone(
        &self,
        tenant: &Tenant,
        outage: &'static str,
        wait: Duration,
    ) -> Result<(), StoreError> {
        let (tenant, until) = (tenant.clone(), later(self.store.now(), wait));
        self.store
            .transaction(move |tx| {
                // What a notification has brought forward is not due at its own time any more, and may have something else to do.
                tx.execute(
                    "UPDATE waiting SET run_at = ?2, retry_at = ?2
                     WHERE outage = ?1 AND tenant = ?3 AND claimed_generation IS NULL AND run_at = retry_at AND run_at < ?2",
                    params![outage, until, tenant],
                )
                .map(drop)
            })
            .await
    }

    /// Gives back the claims of a server that died, and makes everything that waits due, except where a service asked to wait:
    /// whoever starts a server has put something right. Nor does anything wait for the pace of the server before, for this one keeps its own. Only
    /// for the holder of the server lock.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn resume(&self) -> Result<(), StoreError> {
        let now = self.store.now();
        self.store
            .transaction(move |tx| {
                tx.execute(
                    "UPDATE waiting SET claimed_generation = NULL, run_at = min(run_at, max(not_before, ?1)),
                         put_back_from = NULL
                     WHERE claimed_until IS NULL",
                    [now],
                )
                .map(drop)
            })
            .await
    }

    /// Gives a claim back without a look: the item is not looked at before `wait` is over, unless a person asks for it or it becomes known. It
    /// was due, so no service asked to wait any longer.
    pub(super) async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        let until = later(self.store.now(), wait);
        self.store
            .transaction(move |tx| {
                let Claim { item: Item { tenant, subject }, generation, mark: lease, .. } = &claim;
                tx.prepare_cached(&format!(
                    "UPDATE waiting SET claimed_generation = NULL, claimed_until = NULL, run_at = ?6,
                         put_back_from = coalesce(put_back_from, run_at)
                     WHERE {CLAIMED}"
                ))?
                .execute(params![tenant, subject.kind(), subject, generation, lease, until])
                .map(drop)
            })
            .await
    }

    /// Gives back the claims of this server that were lost, to be claimed again after `wait`: all but those on `running`.
    pub(super) async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        let until = later(self.store.now(), wait);
        self.store
            .transaction(move |tx| {
                let mut lost = tx.prepare(
                    "SELECT tenant, kind, id FROM waiting WHERE claimed_generation IS NOT NULL AND claimed_until IS NULL",
                )?;
                let lost = lost.query_map([], item)?.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
                let mut give_back = tx.prepare(&format!(
                    "UPDATE waiting SET claimed_generation = NULL, run_at = max(run_at, ?4) WHERE {ITEM}"
                ))?;
                for Item { tenant, subject } in lost.iter().filter(|item| !running.contains(item)) {
                    give_back.execute(params![tenant, subject.kind(), subject, until])?;
                }
                Ok(())
            })
            .await
    }
}
