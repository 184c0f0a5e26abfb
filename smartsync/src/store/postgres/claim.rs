//! Claims: an item is handed to the session of one process, in one statement, and is given back by it or with it.

use std::time::Duration;

use oneflow_client::ContractId;
use tokio::time::Instant;
use tokio_postgres::{Row, types::ToSql};

use super::{
    postgres_error::PostgresError,
    postgres_store::{NOW, PostgresStore},
    session::Session,
};
use crate::store::{
    claim::Claim,
    inbox::{furthest, later},
    item::{Item, Subject},
    journal::Trigger,
    lane::Lane,
    setback::Setback,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
    work::Ending,
};

/// So often another process may have claimed an item of the same candidate at the same moment.
const TRIES: usize = 5;

/// The row of an item.
pub(super) const ITEM: &str = "tenant = $2 AND kind = $3 AND id = $4";

/// The row of an item, while a claim of it holds.
pub(super) const CLAIMED: &str =
    "tenant = $2 AND kind = $3 AND id = $4 AND claimed_generation = $5 AND claimed_by = $6";

/// What a claim sets, and the end of one clears.
pub(super) const UNCLAIMED: &str = "claimed_generation = NULL, claimed_by = NULL, claimed_candidate = NULL";

/// Items whose candidate no other claim is about: two looks at one card could each take what the other writes for a recruiter's edit. Of two
/// processes that ask this at the same moment, the index `one_of_a_candidate` refuses the second.
const CANDIDATE_IS_FREE: &str = "(it.candidate_id IS NULL OR NOT EXISTS (
    SELECT FROM waiting AS busy WHERE busy.tenant = it.tenant AND busy.candidate_id = it.candidate_id
        AND busy.claimed_by IS NOT NULL AND (busy.kind, busy.id) <> (it.kind, it.id)))";

/// The candidate of the contract `$4`, as far as it is known.
pub(super) const CANDIDATE: &str = "(SELECT candidate_id FROM ledger
    WHERE tenant = $2 AND contract_id = $4 AND $3 = 'contract')";

/// All of them, as an array.
const LANES: &str = "{0,1,2}";

/// The tenants of which something waits, found by as many steps as there are. A claim asks for them and for what is due of them at once: another question
/// would be another way to the database and back for each look.
const TENANTS: &str = "tenants AS (
        (SELECT tenant FROM waiting WHERE claimed_by IS NULL ORDER BY tenant LIMIT 1)
        UNION ALL
        SELECT (SELECT tenant FROM waiting
            WHERE claimed_by IS NULL AND waiting.tenant > tenants.tenant ORDER BY tenant LIMIT 1)
        FROM tenants WHERE tenants.tenant IS NOT NULL
    )";

const CLAIM_COLUMNS: &str =
    "it.tenant, it.kind, it.id, it.cause, it.generation, it.attempts, it.faults, it.retry_at, it.is_known";

impl PostgresStore {
    /// Claims what is due longest of the first tenant, by its turn, that has something due in one of these lanes; of one tenant, that of an earlier lane first.
    /// Nothing for a session that others took for gone: a process that hung does not begin what they are about to.
    pub(super) async fn claim_one(
        &self,
        session: &Session,
        turns: &TenantTurns,
        lanes: &[Lane],
    ) -> Result<Option<Claim>, PostgresError> {
        // Where there is something free, the first row of an index ends the search. A row that another process is just claiming is passed over.
        // The order of the turns is that of `TenantTurns::in_turn`.
        let sql = format!(
            "WITH RECURSIVE {TENANTS}, due AS (
                 SELECT found.* FROM (
                     SELECT tenants.tenant, row.lane FROM tenants CROSS JOIN unnest($2::smallint[]) AS row (lane)
                     WHERE tenants.tenant <> ALL ($5::text[]) AND EXISTS (SELECT FROM sessions WHERE id = $3)
                     ORDER BY array_position($4::text[], tenants.tenant) NULLS FIRST, tenants.tenant COLLATE \"C\", row.lane
                 ) AS turn
                 CROSS JOIN LATERAL (
                     SELECT tenant, kind, id FROM waiting AS it
                     WHERE it.tenant = turn.tenant AND it.lane = turn.lane AND run_at <= {NOW} AND kind = 'contract'
                         AND claimed_by IS NULL AND {CANDIDATE_IS_FREE}
                     ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                 ) AS found LIMIT 1
             )
             UPDATE waiting AS it
             SET claimed_generation = generation, claimed_by = $3, claimed_candidate = candidate_id
             FROM due WHERE it.tenant = due.tenant AND it.kind = due.kind AND it.id = due.id
             RETURNING {CLAIM_COLUMNS}, {NOW} AS now"
        );
        let lanes: Vec<i16> = lanes.iter().map(|lane| *lane as i16).collect();
        let params: [&(dyn ToSql + Sync); 5] =
            [&self.given_time(), &lanes, &session.id, &turns.served(), &turns.left_out()];
        let row = one(session, &sql, &params).await?;
        row.as_ref().map(claim).transpose()
    }

    /// What time it is, and when the next one is due that the end of no other look sets free, of all tenants that have a turn.
    pub(super) async fn next_time(
        &self,
        session: &Session,
        turns: &TenantTurns,
    ) -> Result<(i64, Option<i64>), PostgresError> {
        let sql = format!(
            "WITH RECURSIVE {TENANTS}
             SELECT {NOW}, (SELECT min(first.run_at) FROM tenants
                 CROSS JOIN unnest('{LANES}'::smallint[]) AS row (lane)
                 CROSS JOIN LATERAL (
                     SELECT run_at FROM waiting AS it
                     WHERE it.tenant = tenants.tenant AND it.lane = row.lane AND claimed_by IS NULL AND kind = 'contract'
                         AND {CANDIDATE_IS_FREE}
                     ORDER BY run_at, id LIMIT 1
                 ) AS first
                 WHERE tenants.tenant <> ALL ($2::text[]))"
        );
        let rows = session.query(&sql, &[&self.given_time(), &turns.left_out()]).await?;
        let row = rows.first().ok_or(PostgresError::Row("the time"))?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// Claims one item, whether or not it waits. `None`: someone else looks at it, or at another of its candidate.
    pub(super) async fn claim_by_hand(
        &self,
        session: &Session,
        item: &Item,
    ) -> Result<Option<Claim>, PostgresError> {
        let (kind, id) = key(item);
        // One statement: a row that waits unclaimed, for however short, is the worker's to claim.
        let busy = |candidate: &str| {
            format!(
                "EXISTS (SELECT FROM waiting AS busy WHERE busy.tenant = $2 AND busy.claimed_by IS NOT NULL
                     AND (busy.kind, busy.id) <> ($3, $4) AND busy.candidate_id = {candidate})"
            )
        };
        let (busy, busy_of_row) = (busy(CANDIDATE), busy(&format!("coalesce({CANDIDATE}, it.candidate_id)")));
        let sql = format!(
            "INSERT INTO waiting AS it (tenant, kind, id, candidate_id, cause, generation, run_at, is_known,
                 claimed_generation, claimed_by, claimed_candidate)
             SELECT $2, $3, $4, {CANDIDATE}, $5, 1, {NOW}, true, 1, $6::integer, {CANDIDATE}
             WHERE EXISTS (SELECT FROM sessions WHERE sessions.id = $6) AND NOT {busy}
             ON CONFLICT (tenant, kind, id) DO UPDATE SET claimed_generation = it.generation, claimed_by = $6,
                 candidate_id = coalesce({CANDIDATE}, it.candidate_id), claimed_candidate = coalesce({CANDIDATE}, it.candidate_id),
                 lane = 0, is_known = true, run_at = coalesce(it.put_back_from, it.run_at), put_back_from = NULL
             WHERE it.claimed_by IS NULL AND NOT {busy_of_row}
             RETURNING {CLAIM_COLUMNS}, {NOW} AS now, it.xmax = 0 AS created"
        );
        let (now, cause) = (self.given_time(), Trigger::ByHand.as_str());
        let params: [&(dyn ToSql + Sync); 6] = [&now, &item.tenant, &kind, &id, &cause, &session.id];
        let Some(row) = one(session, &sql, &params).await? else { return Ok(None) };
        Ok(Some(Claim { created: row.try_get("created")?, ..claim(&row)? }))
    }

    /// Whether the claim still holds.
    pub(super) async fn holds(&self, session: &Session, claim: &Claim) -> Result<bool, PostgresError> {
        let (kind, id) = key(&claim.item);
        let sql = "SELECT 1 FROM waiting JOIN sessions ON sessions.id = claimed_by
            WHERE tenant = $1 AND kind = $2 AND waiting.id = $3 AND claimed_generation = $4 AND claimed_by = $5";
        let params: [&(dyn ToSql + Sync); 5] =
            [&claim.item.tenant, &kind, &id, &claim.generation, &session.id];
        Ok(!session.query(sql, &params).await?.is_empty())
    }

    /// Ends a claim of a session. One that has lapsed has nothing to say any more.
    pub(super) async fn end(&self, session: i32, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        match ending {
            Ending::Done => self.finish(session, &claim, None).await?,
            Ending::Park { reason } => self.finish(session, &claim, Some(&reason)).await?,
            Ending::Again(setback) => self.retry(session, &claim, &setback).await?,
            Ending::AgainWithAll(setback) => {
                if let Setback { outage: Some(outage), wait, .. } = setback {
                    self.postpone(&claim.item.tenant, outage, wait).await?;
                }
                self.retry(session, &claim, &setback).await?;
            }
        }
        self.wake().wake();
        Ok(())
    }

    /// The row goes, unless a notification arrived in the meantime: then it is due at once.
    async fn finish(&self, session: i32, claim: &Claim, parked: Option<&str>) -> Result<(), PostgresError> {
        let (kind, id) = key(&claim.item);
        let tenant = &claim.item.tenant;
        let now = self.given_time();
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        let delete = transaction
            .prepare_cached(
                "DELETE FROM waiting WHERE tenant = $1 AND kind = $2 AND id = $3 AND claimed_generation = $4
                     AND claimed_by = $5 AND generation = $4",
            )
            .await?;
        let mine: [&(dyn ToSql + Sync); 5] = [tenant, &kind, &id, &claim.generation, &session];
        let mut ended = transaction.execute(&delete, &mine).await?;
        if ended == 0 {
            let again = transaction
                .prepare_cached(&format!(
                    "UPDATE waiting SET {UNCLAIMED}, attempts = 0, faults = 0, run_at = {NOW}, retry_at = NULL,
                         not_before = 0, put_back_from = NULL, outage = NULL, last_error = NULL WHERE {CLAIMED}"
                ))
                .await?;
            ended =
                transaction.execute(&again, &[&now, tenant, &kind, &id, &claim.generation, &session]).await?;
        }
        // A lapsed claim has nothing to say any more.
        if ended > 0 {
            match parked {
                None => {
                    let unpark = transaction
                        .prepare_cached("DELETE FROM parked WHERE tenant = $1 AND kind = $2 AND id = $3")
                        .await?;
                    transaction.execute(&unpark, &[tenant, &kind, &id]).await?;
                }
                Some(reason) => {
                    let park = transaction
                        .prepare_cached(&format!(
                            "INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason, is_known)
                             VALUES ($2, $3, $4, {NOW}, $5, $6, $7)
                             ON CONFLICT (tenant, kind, id) DO UPDATE SET parked_at = excluded.parked_at,
                                 attempts = excluded.attempts, reason = excluded.reason, is_known = excluded.is_known"
                        ))
                        .await?;
                    let attempts = i64::from(claim.attempts.saturating_add(1));
                    transaction
                        .execute(&park, &[&now, tenant, &kind, &id, &attempts, &reason, &claim.is_known])
                        .await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Gives a claim back without a look: the item is not looked at before `wait` is over, unless a person asks for it or it becomes known.
    pub(super) async fn put_back(
        &self,
        session: &Session,
        claim: &Claim,
        wait: Duration,
    ) -> Result<(), PostgresError> {
        let (kind, id) = key(&claim.item);
        let sql = format!(
            "UPDATE waiting SET {UNCLAIMED}, run_at = {NOW} + $7, put_back_from = coalesce(put_back_from, run_at) WHERE {CLAIMED}"
        );
        let wait = milliseconds(wait);
        let params: [&(dyn ToSql + Sync); 7] =
            [&self.given_time(), &claim.item.tenant, &kind, &id, &claim.generation, &session.id, &wait];
        session.execute(&sql, &params).await.map(drop)
    }

    /// Gives back the claims of the session that were lost, to be claimed again after `wait`: all but those on `running` and those by hand that have not lapsed.
    pub(super) async fn give_back(
        &self,
        session: &Session,
        running: &[Item],
        wait: Duration,
    ) -> Result<(), PostgresError> {
        let asked_at = Instant::now();
        let kept: Vec<Item> = running.iter().cloned().chain(session.by_hand.items(asked_at)).collect();
        let tenants: Vec<&Tenant> = kept.iter().map(|item| &item.tenant).collect();
        let (kinds, ids): (Vec<&str>, Vec<i64>) = kept.iter().map(key).unzip();
        let sql = format!(
            "UPDATE waiting SET {UNCLAIMED}, run_at = greatest(run_at, {NOW} + $3)
             WHERE claimed_by = $2 AND (tenant, kind, id) NOT IN
                 (SELECT * FROM unnest($4::text[], $5::text[], $6::bigint[]))"
        );
        let wait = milliseconds(wait);
        let params: [&(dyn ToSql + Sync); 6] =
            [&self.given_time(), &session.id, &wait, &tenants, &kinds, &ids];
        session.execute(&sql, &params).await?;
        session.by_hand.forget_lapsed(asked_at);
        Ok(())
    }

    /// Gives a claim back without a look. What did not wait before is gone again.
    pub(super) async fn release(&self, session: &Session, claim: &Claim) -> Result<(), PostgresError> {
        let (kind, id) = key(&claim.item);
        let params: [&(dyn ToSql + Sync); 5] =
            [&claim.item.tenant, &kind, &id, &claim.generation, &session.id];
        let delete =
            "DELETE FROM waiting WHERE tenant = $1 AND kind = $2 AND id = $3 AND claimed_generation = $4
            AND claimed_by = $5 AND generation = $4";
        if !claim.created || session.execute(delete, &params).await? == 0 {
            let update = format!(
                "UPDATE waiting SET {UNCLAIMED} WHERE tenant = $1 AND kind = $2 AND id = $3 AND claimed_generation = $4
                     AND claimed_by = $5"
            );
            session.execute(&update, &params).await?;
        }
        self.wake().wake();
        Ok(())
    }
}

/// Kind and number of an item, as the tables have them.
pub(super) fn key(item: &Item) -> (&'static str, i64) {
    let Subject::Contract(contract) = item.subject;
    (item.subject.kind(), contract.get())
}

pub(super) fn milliseconds(duration: Duration) -> i64 {
    later(0, duration)
}

/// The row that a claim returns. Where another process claims an item of the same candidate at the same moment, it is asked again.
async fn one(
    session: &Session,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Option<Row>, PostgresError> {
    for _ in 0..TRIES {
        match session.query(sql, params).await {
            Err(error) if error.is_unique_violation() => {}
            rows => return Ok(rows?.into_iter().next()),
        }
    }
    Ok(None)
}

fn claim(row: &Row) -> Result<Claim, PostgresError> {
    let (kind, id): (String, i64) = (row.try_get("kind")?, row.try_get("id")?);
    let subject = match kind.as_str() {
        "contract" => Subject::Contract(ContractId::new(id)),
        _ => return Err(PostgresError::Row("waiting")),
    };
    let (retry_at, cause): (Option<i64>, String) = (row.try_get("retry_at")?, row.try_get("cause")?);
    let (now, attempts, faults): (i64, i64, i64) =
        (row.try_get("now")?, row.try_get("attempts")?, row.try_get("faults")?);
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Claim {
        item: Item::of(row.try_get("tenant")?, subject),
        trigger: Trigger::of_row(&cause, None),
        generation: row.try_get("generation")?,
        // The session tells whose it is. One by hand has a mark besides.
        mark: None,
        attempts: count(attempts),
        faults: count(faults),
        early_of: retry_at.filter(|at| *at > now && *at <= furthest(now)),
        is_known: row.try_get("is_known")?,
        created: false,
    })
}
