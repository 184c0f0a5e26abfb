//! Notes what a person looks at, in the transaction of the look.

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, params};
use serde_json::json;
use teamtailor_client::CandidateId;

use super::{
    look_notes::{LookNotes, edit},
    tallied::Tallied,
};
use crate::store::{journal::rows::words, tenant::Tenant};

/// Notes what a look has changed.
pub(in crate::store) fn note(
    tx: &Connection,
    tenant: &Tenant,
    notes: &LookNotes<'_>,
) -> rusqlite::Result<()> {
    let LookNotes { contract, candidate, looked_at, plan, reasons, held, counts } = notes;
    let (id, at) = (contract.get(), looked_at.as_millisecond());
    if let Some(reasons) = reasons {
        tx.prepare_cached(
            "DELETE FROM standing_reasons
             WHERE tenant = ?1 AND contract_id = ?2 AND reason NOT IN (SELECT value FROM json_each(?3))",
        )?
        .execute(params![tenant, id, words(reasons)])?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO standing_reasons (tenant, contract_id, reason, looked_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET looked_at = excluded.looked_at",
        )?;
        for reason in *reasons {
            insert.execute(params![tenant, id, reason, at])?;
        }
    }
    if let Some(held) = held {
        let names = held.iter().map(|field| json!([field.data_field, field.candidate_field]));
        tx.prepare_cached(
            "DELETE FROM held WHERE tenant = ?1 AND contract_id = ?2
                 AND (data_field, candidate_field) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?3))",
        )?
        .execute(params![tenant, id, serde_json::Value::from_iter(names).to_string()])?;
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
                edit(field)
            ])?;
        }
    }
    tally(tx, tenant, *looked_at, counts.iter().map(|(what, count)| (*what, *count)))
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
