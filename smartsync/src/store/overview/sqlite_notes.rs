//! Notes what a person looks at, in the transaction of the look.

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, params};
use teamtailor_client::CandidateId;

use super::{look_notes::LookNotes, tallied::Tallied};
use crate::store::tenant::Tenant;

/// Notes what a look has changed.
pub(in crate::store) fn note(
    tx: &Connection,
    tenant: &Tenant,
    notes: &LookNotes<'_>,
) -> rusqlite::Result<()> {
    let LookNotes { contract, candidate, looked_at, plan, reasons, held, counts } = notes;
    let (id, at) = (contract.get(), looked_at.as_millisecond());
    if let Some(reasons) = reasons {
        let mut insert = tx.prepare_cached(
            "INSERT INTO standing_reasons (tenant, contract_id, reason, looked_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET looked_at = excluded.looked_at",
        )?;
        for reason in *reasons {
            insert.execute(params![tenant, id, reason, at])?;
        }
        delete_others(tx, "standing_reasons", tenant, id, at)?;
    }
    if let Some(held) = held {
        let mut insert = tx.prepare_cached(
            "INSERT INTO held (tenant, contract_id, data_field, candidate_field, candidate_id, reason, since, looked_at, plan, relation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9)
             ON CONFLICT DO UPDATE SET candidate_id = excluded.candidate_id, reason = excluded.reason,
                 looked_at = excluded.looked_at, plan = excluded.plan, relation = excluded.relation",
        )?;
        for field in held {
            insert.execute(params![
                tenant,
                id,
                field.data_field,
                field.candidate_field,
                candidate.map(CandidateId::as_str),
                field.reason,
                at,
                plan,
                None::<&str>
            ])?;
        }
        delete_others(tx, "held", tenant, id, at)?;
    }
    tally(tx, tenant, *looked_at, counts.iter().map(|(what, count)| (*what, *count)))
}

/// Deletes the rows of a contract that are not of the look at this time.
fn delete_others(
    tx: &Connection,
    table: &str,
    tenant: &Tenant,
    contract: i64,
    at: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "DELETE FROM {table} WHERE tenant = ?1 AND contract_id = ?2 AND looked_at <> ?3"
    ))?
    .execute(params![tenant, contract, at])
    .map(drop)
}

/// Deletes what is noted of a contract of which it is not known any more where it stands.
pub(in crate::store) fn erase_notes(
    tx: &Connection,
    tenant: &Tenant,
    contract: ContractId,
) -> rusqlite::Result<()> {
    for table in ["standing_reasons", "held"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE tenant = ?1 AND contract_id = ?2"))?
            .execute(params![tenant, contract.get()])?;
    }
    Ok(())
}

/// Adds to what is counted in the hour of this time.
pub(in crate::store) fn tally(
    tx: &Connection,
    tenant: &Tenant,
    at: Timestamp,
    counts: impl IntoIterator<Item = (Tallied, u64)>,
) -> rusqlite::Result<()> {
    let mut add = tx.prepare_cached(
        "INSERT INTO tallies (tenant, hour, what, count) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET count = count + excluded.count",
    )?;
    for (what, count) in counts {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        add.execute(params![tenant, super::hour(at), what.as_str(), count])?;
    }
    Ok(())
}
