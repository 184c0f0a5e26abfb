//! Takes notifications in: each is noted once, and its contract is looked at.

use super::{
    claim::{CANDIDATE, ITEM, key, milliseconds},
    known::{IS_KNOWN, becomes_known},
    postgres_error::PostgresError,
    postgres_store::{NOW, PostgresStore},
};
use crate::store::{
    intake::{Accepted, CALLBACK_RETENTION, FORGOTTEN_ROUNDS, MAX_FORGOTTEN, MAX_UNDER_ID},
    item::Item,
    journal::Trigger,
    lane::{Lane, MAX_COUNTED},
    overview::KEPT_HOURS,
};

impl PostgresStore {
    /// Notes a notification, and that its item has to be looked at. `None`: too many have come under its callback id.
    pub(super) async fn accept(
        &self,
        callback_id: &str,
        item: &Item,
    ) -> Result<Option<Accepted>, PostgresError> {
        let ((kind, id), tenant, now) = (key(item), &item.tenant, self.given_time());
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        // Of two that come under one callback id at the same time, one is the second.
        let alone = "SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))";
        let alone = transaction.prepare_cached(alone).await?;
        transaction.execute(&alone, &[tenant, &callback_id]).await?;
        let note = transaction
            .prepare_cached(&format!(
                "WITH before AS (
                     SELECT count(*) AS items, coalesce(bool_or(kind = $3 AND id = $4), false) AS has_this
                     FROM inbox WHERE tenant = $2 AND callback_id = $5
                 ), noted AS (
                     INSERT INTO inbox (tenant, callback_id, kind, id, received_at)
                     SELECT $2, $5, $3, $4, {NOW} FROM before WHERE NOT has_this AND items < $6
                 )
                 SELECT items, has_this, {IS_KNOWN} FROM before"
            ))
            .await?;
        let most = i64::from(MAX_UNDER_ID);
        let row = transaction.query_one(&note, &[&now, tenant, &kind, &id, &callback_id, &most]).await?;
        let (before, has_this, is_known): (i64, bool, bool) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if has_this {
            return Ok(Some(Accepted::Duplicate));
        }
        if before >= most {
            return Ok(None);
        }
        let contracts = u32::try_from(before + 1).unwrap_or(u32::MAX).min(MAX_COUNTED);
        let lane = Lane::under_id(contracts, is_known);
        let add = transaction
            .prepare_cached(&format!(
                "INSERT INTO waiting AS it (tenant, kind, id, candidate_id, cause, generation, run_at, lane, is_known)
                 VALUES ($2, $3, $4, {CANDIDATE}, $5, 1, {NOW}, $6, $7)
                 ON CONFLICT (tenant, kind, id) DO UPDATE SET generation = it.generation + 1, cause = excluded.cause,
                     candidate_id = coalesce(excluded.candidate_id, it.candidate_id),
                     lane = least(it.lane, excluded.lane), is_known = it.is_known OR excluded.is_known,
                     run_at = CASE WHEN it.put_back_from IS NULL
                         THEN least(it.run_at, greatest(it.not_before, excluded.run_at)) ELSE it.run_at END"
            ))
            .await?;
        let (cause, number) = (Trigger::Notification.as_str(), lane as i16);
        transaction.execute(&add, &[&now, tenant, &kind, &id, &cause, &number, &is_known]).await?;
        transaction.commit().await?;
        Ok(Some(Accepted::under_id(contracts, lane)))
    }

    /// Notes that these have to be looked at, though no notification names them. What is looked at now is looked at once more. What a person asks for is due at
    /// once with all its tries, though not before the time that a service asked for; otherwise, what waits already waits on.
    pub(super) async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), PostgresError> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        self.enqueue_in(&transaction, items, trigger).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The same within a transaction.
    pub(super) async fn enqueue_in(
        &self,
        transaction: &deadpool_postgres::Transaction<'_>,
        mut items: Vec<Item>,
        trigger: Trigger,
    ) -> Result<(), PostgresError> {
        // In one order, so that no two processes wait for each other.
        items.sort();
        let now = self.given_time();
        let lane = if trigger == Trigger::Sweep { Lane::Swept } else { Lane::Asked } as i16;
        let add = transaction
            .prepare_cached(&format!(
                "INSERT INTO waiting AS it (tenant, kind, id, candidate_id, cause, generation, run_at, lane, is_known)
                 VALUES ($2, $3, $4, {CANDIDATE}, $5, 1, {NOW}, $6, true)
                 ON CONFLICT (tenant, kind, id) DO UPDATE SET
                     cause = CASE WHEN it.claimed_generation = it.generation THEN excluded.cause ELSE it.cause END,
                     generation = it.generation + (it.claimed_by IS NOT NULL)::integer,
                     lane = least(it.lane, excluded.lane)"
            ))
            .await?;
        let bring_forward = transaction
            .prepare_cached(&format!(
                "UPDATE waiting SET cause = $5, attempts = 0, faults = 0, retry_at = NULL, lane = 0,
                     run_at = least(coalesce(put_back_from, run_at), greatest(not_before, {NOW})), put_back_from = NULL
                 WHERE {ITEM}"
            ))
            .await?;
        for item in &items {
            let ((kind, id), cause) = (key(item), trigger.as_str());
            becomes_known(transaction, item).await?;
            transaction.execute(&add, &[&now, &item.tenant, &kind, &id, &cause, &lane]).await?;
            if trigger == Trigger::ByHand {
                transaction.execute(&bring_forward, &[&now, &item.tenant, &kind, &id, &cause]).await?;
            }
        }
        Ok(())
    }

    /// Whether a notification could be noted: writes what is there, and nothing new.
    pub(super) async fn write_nothing_new(&self) -> Result<(), PostgresError> {
        self.change("UPDATE smartsync_schema SET version = version", &[]).await.map(drop)
    }

    /// Forgets callback ids that Oneflow cannot repeat any more and what was counted too long ago, at most a thousand at a time, and puts right what a clock has noted that was set back since.
    pub(super) async fn forget_old(&self) -> Result<(), PostgresError> {
        self.mend_times().await?;
        let age = milliseconds(CALLBACK_RETENTION);
        let most = i64::from(MAX_FORGOTTEN);
        let rows = "(tenant, callback_id, kind, id) IN (SELECT tenant, callback_id, kind, id FROM inbox";
        let put_right = format!(
            "UPDATE inbox SET received_at = {NOW} WHERE {rows} WHERE received_at > {NOW} LIMIT $2 FOR UPDATE SKIP LOCKED)"
        );
        let forget = format!(
            "DELETE FROM inbox WHERE {rows} WHERE received_at < {NOW} - $3 LIMIT $2 FOR UPDATE SKIP LOCKED)"
        );
        let drop_tallies = format!(
            "DELETE FROM tallies WHERE (tenant, hour, what) IN (
                 SELECT tenant, hour, what FROM tallies WHERE hour < {NOW} / 3600000 - $3 LIMIT $2 FOR UPDATE SKIP LOCKED)"
        );
        for _ in 0..FORGOTTEN_ROUNDS {
            let now = self.given_time();
            let put_right = self.change(&put_right, &[&now, &most]).await?;
            let forgotten = self.change(&forget, &[&now, &most, &age]).await?;
            let counted = self.change(&drop_tallies, &[&now, &most, &i64::from(KEPT_HOURS)]).await?;
            if put_right.max(forgotten).max(counted) < u64::from(MAX_FORGOTTEN) {
                break;
            }
        }
        Ok(())
    }
}
