//! How the whole stands. Each part is a count or the end of an index: nothing here grows with the number of looks.

use oneflow_client::ContractId;
use tokio_postgres::Row;

use super::{migrations::LOCKS, postgres_error::PostgresError, postgres_store::PostgresStore};
use crate::store::{
    inbox::instant,
    journal::{Drift, Drifting, DueContract, LAST_SWEEP, LastLook, Occasion, Status, Trigger},
    lane::Lane,
    tenant::Tenant,
};

/// The sessions whose connection is there.
pub(super) fn alive() -> String {
    format!(
        "(SELECT sessions.* FROM sessions JOIN pg_locks ON locktype = 'advisory' AND granted AND objsubid = 2
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND classid::bigint = {LOCKS} AND objid::bigint = sessions.id)"
    )
}

pub(super) async fn status(store: &PostgresStore, tenant: &Tenant) -> Result<Status, PostgresError> {
    let sql = format!(
        "WITH alive AS MATERIALIZED {}
         SELECT EXISTS (SELECT FROM alive WHERE is_server) AS is_served,
             (SELECT count(*) FROM waiting WHERE tenant = $1) AS items,
             (SELECT count(*) FROM waiting WHERE tenant = $1 AND claimed_by IN (SELECT id FROM alive)) AS running,
             (SELECT count(*) FROM parked WHERE tenant = $1) AS parked,
             (SELECT max(received_at) FROM inbox WHERE tenant = $1) AS last_notification,
             (SELECT value FROM watermarks WHERE tenant = $1 AND name = $2) AS last_sweep,
             (SELECT count(*) FROM standing WHERE tenant = $1 AND drifts_since IS NOT NULL) AS drifting",
        alive()
    );
    let row = store.row(&sql, &[&tenant, &LAST_SWEEP]).await?.ok_or(PostgresError::Row("status"))?;
    let (items, running) = (count(&row, "items")?, count(&row, "running")?);
    let asked = oldest(store, tenant, Lane::Asked).await?;
    let swept = oldest(store, tenant, Lane::Swept).await?;
    let last_look = "SELECT contract_id, looked_at, cause, failures FROM standing
        WHERE tenant = $1 ORDER BY looked_at DESC LIMIT 1";
    let last_look = store.row(last_look, &[&tenant]).await?;
    let drifting = "SELECT contract_id, drifts_since FROM standing
        WHERE tenant = $1 AND drifts_since IS NOT NULL ORDER BY drifts_since LIMIT 1";
    let drifting = store.row(drifting, &[&tenant]).await?;
    let drifting = drifting.map(|row| {
        Ok::<_, PostgresError>(Drifting::new(ContractId::new(row.try_get(0)?), instant(row.try_get(1)?)))
    });
    let last_sweep: Option<String> = row.try_get("last_sweep")?;
    Ok(Status {
        is_served: row.try_get("is_served")?,
        waiting: items.saturating_sub(running),
        oldest_waiting: asked.into_iter().chain(swept).min_by_key(|due| due.at),
        oldest_asked: asked,
        running,
        parked: count(&row, "parked")?,
        last_notification: row.try_get::<_, Option<i64>>("last_notification")?.map(instant),
        last_sweep: last_sweep.and_then(|text| text.parse().ok()),
        last_look: last_look.as_ref().map(looked).transpose()?,
        drift: Drift { contracts: count(&row, "drifting")?, oldest: drifting.transpose()? },
    })
}

/// What is due first in a lane.
async fn oldest(
    store: &PostgresStore,
    tenant: &Tenant,
    lane: Lane,
) -> Result<Option<DueContract>, PostgresError> {
    let sql = "SELECT id, run_at FROM waiting WHERE lane = $2 AND tenant = $1 AND claimed_by IS NULL
        ORDER BY run_at, id LIMIT 1";
    let row = store.row(sql, &[&tenant, &(lane as i16)]).await?;
    let due = |row: Row| Ok(DueContract::new(ContractId::new(row.try_get(0)?), instant(row.try_get(1)?)));
    row.map(due).transpose()
}

fn looked(row: &Row) -> Result<LastLook, PostgresError> {
    let (cause, failures): (String, Option<i64>) = (row.try_get(2)?, row.try_get(3)?);
    let failures = failures.map(|failures| u32::try_from(failures).unwrap_or(u32::MAX));
    let contract = ContractId::new(row.try_get(0)?);
    let at = instant(row.try_get(1)?);
    Ok(LastLook::new(&Occasion::new(contract, Trigger::of_row(&cause, failures), at)))
}

fn count(row: &Row, name: &str) -> Result<u32, PostgresError> {
    let count: i64 = row.try_get(name)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
