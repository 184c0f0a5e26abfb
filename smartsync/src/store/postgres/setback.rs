//! A look that failed: how long its item waits, and what shortens that.

use std::time::Duration;

use tokio_postgres::types::ToSql;

use super::{
    claim::{CLAIMED, UNCLAIMED, key, milliseconds},
    postgres_error::PostgresError,
    postgres_store::{NOW, PostgresStore},
};
use crate::store::{
    claim::Claim,
    inbox::LONGEST_WAIT,
    journal::Trigger,
    setback::{REST_AFTER_FAILURE, Setback},
    tenant::Tenant,
};

/// A clock is put right by less than this without anyone noticing, in milliseconds.
const CLOCK_SLACK: i64 = 60_000;

/// Rows are changed in one order, so that no two processes wait for each other.
const IN_ORDER: &str = "ORDER BY tenant, kind, id FOR UPDATE";

impl PostgresStore {
    /// The look failed: look again later. See [`Inbox::retry`](crate::store::Inbox::retry), which does the same.
    pub(super) async fn retry(
        &self,
        session: i32,
        claim: &Claim,
        setback: &Setback,
    ) -> Result<(), PostgresError> {
        let (kind, id) = key(&claim.item);
        let rest = milliseconds(setback.wait.min(REST_AFTER_FAILURE).max(setback.asked));
        let is_counted = claim.early_of.is_none();
        let attempts = claim.attempts.saturating_add(is_counted.into());
        let faults = claim.faults.saturating_add((is_counted && setback.outage.is_none()).into());
        let (attempts, faults) = (i64::from(attempts), i64::from(faults));
        // What came during the look is the reason for the next one.
        let sql = format!(
            "UPDATE waiting SET {UNCLAIMED}, attempts = $7, faults = $8, not_before = {NOW} + $9, put_back_from = NULL,
                 retry_at = greatest(coalesce($10::bigint, {NOW} + $11), {NOW} + $9),
                 run_at = CASE WHEN generation > $5 THEN {NOW} + $9
                     ELSE greatest(coalesce($10::bigint, {NOW} + $11), {NOW} + $9) END,
                 cause = CASE WHEN generation > $5 THEN cause ELSE $12 END, outage = $13, last_error = $14
             WHERE {CLAIMED}"
        );
        let (now, wait) = (self.given_time(), milliseconds(setback.wait));
        let cause = Trigger::Retry(0).as_str();
        let params: [&(dyn ToSql + Sync); 14] = [
            &now,
            &claim.item.tenant,
            &kind,
            &id,
            &claim.generation,
            &session,
            &attempts,
            &faults,
            &rest,
            &claim.early_of,
            &wait,
            &cause,
            &setback.outage,
            &setback.reason,
        ];
        self.change(&sql, &params).await.map(drop)
    }

    /// An outage may be over: what waits because of it is due, except where a service asked to wait.
    pub(super) async fn is_over(&self, tenant: &Tenant, outage: &str) -> Result<(), PostgresError> {
        let sql = format!(
            "UPDATE waiting SET run_at = least(run_at, greatest(not_before, {NOW}))
             WHERE (tenant, kind, id) IN (
                 SELECT tenant, kind, id FROM waiting WHERE tenant = $3 AND outage = $2 AND put_back_from IS NULL AND run_at > greatest(not_before, {NOW})
                 {IN_ORDER})"
        );
        self.change(&sql, &[&self.given_time(), &outage, tenant]).await.map(drop)
    }

    /// What waits for the same, of its own accord, need not be tried for as long. What a notification has brought forward is not due at its own time any more,
    /// and may have something else to do.
    pub(super) async fn postpone(
        &self,
        tenant: &Tenant,
        outage: &str,
        wait: Duration,
    ) -> Result<(), PostgresError> {
        let sql = format!(
            "UPDATE waiting SET run_at = {NOW} + $3, retry_at = {NOW} + $3
             WHERE (tenant, kind, id) IN (
                 SELECT tenant, kind, id FROM waiting
                 WHERE tenant = $4 AND outage = $2 AND claimed_by IS NULL AND run_at = retry_at AND run_at < {NOW} + $3 {IN_ORDER})"
        );
        self.change(&sql, &[&self.given_time(), &outage, &milliseconds(wait), tenant]).await.map(drop)
    }

    /// Makes everything that waits due, except where a service asked to wait: whoever starts a server has put something right.
    pub(super) async fn resume(&self) -> Result<(), PostgresError> {
        let sql = format!(
            "UPDATE waiting SET run_at = greatest(not_before, {NOW}), put_back_from = NULL
             WHERE (tenant, kind, id) IN (
                 SELECT tenant, kind, id FROM waiting
                 WHERE claimed_by IS NULL AND run_at > greatest(not_before, {NOW}) {IN_ORDER})"
        );
        self.change(&sql, &[&self.given_time()]).await?;
        self.wake().wake();
        Ok(())
    }

    /// No wait is that long, and what was not looked at yet has none, unless a service asked for it or it was put back: it was noted by a clock that has been set back
    /// since.
    pub(super) async fn mend_times(&self) -> Result<(), PostgresError> {
        let sql = format!(
            "UPDATE waiting SET run_at = {NOW}, not_before = 0, retry_at = NULL, put_back_from = NULL
             WHERE (tenant, kind, id) IN (
                 SELECT tenant, kind, id FROM waiting
                 WHERE claimed_by IS NULL AND run_at > {NOW} + $2
                     AND (run_at > {NOW} + $3 OR retry_at IS NULL AND put_back_from IS NULL AND run_at > not_before) {IN_ORDER})"
        );
        let furthest = milliseconds(LONGEST_WAIT) + CLOCK_SLACK;
        self.change(&sql, &[&self.given_time(), &CLOCK_SLACK, &furthest]).await.map(drop)
    }

    /// One statement, which is on the disk when this returns. Returns how many rows it changed.
    pub(super) async fn change(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, PostgresError> {
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await?;
        Ok(connection.execute(&statement, params).await?)
    }
}
