//! Notes what a person looks at, in the transaction of the look.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use teamtailor_client::CandidateId;

use super::postgres_error::PostgresError;
use crate::store::{
    journal::LookedField,
    overview::{LookNotes, Tallied, edit, hour},
    tenant::Tenant,
};

const REASONS: &str = "WITH gone AS (
        DELETE FROM standing_reasons WHERE tenant = $1 AND contract_id = $2 AND reason <> ALL ($4::text[])
    )
    INSERT INTO standing_reasons (tenant, contract_id, reason, looked_at) SELECT $1::text, $2::bigint, unnest($4::text[]), $3::bigint
    ON CONFLICT (tenant, contract_id, reason) DO UPDATE SET looked_at = excluded.looked_at";
const HELD: &str = "WITH now AS (
        SELECT DISTINCT ON (data_field, candidate_field) * FROM unnest($5::text[], $6::text[], $7::text[], $8::text[])
            AS now (data_field, candidate_field, reason, relation)
    ), gone AS (
        DELETE FROM held WHERE tenant = $1 AND contract_id = $2 AND NOT EXISTS (
            SELECT FROM now WHERE now.data_field = held.data_field AND now.candidate_field = held.candidate_field)
    )
    INSERT INTO held (tenant, contract_id, data_field, candidate_field, candidate_id, reason, since, looked_at, plan, relation)
    SELECT $1::text, $2::bigint, data_field, candidate_field, $4::text, reason, $3::bigint, $3, $9::text, relation FROM now
    ON CONFLICT (tenant, contract_id, data_field, candidate_field) DO UPDATE SET candidate_id = excluded.candidate_id,
        reason = excluded.reason, looked_at = excluded.looked_at, plan = excluded.plan, relation = excluded.relation";
/// In one order, so that no two processes wait for each other.
const TALLY: &str = "INSERT INTO tallies AS counted (tenant, hour, what, count)
    SELECT $1::text, $2::bigint, * FROM unnest($3::text[], $4::bigint[]) AS now (what, count) ORDER BY what
    ON CONFLICT (tenant, hour, what) DO UPDATE SET count = counted.count + excluded.count";

/// Notes what a look has changed.
pub(super) async fn note_look(
    transaction: &Transaction<'_>,
    tenant: &Tenant,
    notes: &LookNotes<'_>,
) -> Result<(), PostgresError> {
    let LookNotes { contract, candidate, looked_at, plan, reasons, held, counts } = notes;
    let (id, at) = (contract.get(), looked_at.as_millisecond());
    let reasons = async {
        let Some(reasons) = reasons else { return Ok(()) };
        let statement = transaction.prepare_cached(REASONS).await?;
        transaction.execute(&statement, &[tenant, &id, &at, reasons]).await?;
        Ok(())
    };
    let held = async {
        let Some(held) = held else { return Ok(()) };
        let statement = transaction.prepare_cached(HELD).await?;
        let of_each = |of: fn(&LookedField) -> Option<&str>| -> Vec<Option<&str>> {
            held.iter().map(|field| of(field)).collect()
        };
        let data_fields = of_each(|field| Some(field.data_field.as_str()));
        let candidate_fields = of_each(|field| Some(field.candidate_field.as_str()));
        let (reasons, relations) = (of_each(|field| field.reason.as_deref()), of_each(edit));
        let candidate = candidate.map(CandidateId::as_str);
        transaction
            .execute(
                &statement,
                &[tenant, &id, &at, &candidate, &data_fields, &candidate_fields, &reasons, &relations, plan],
            )
            .await?;
        Ok(())
    };
    let counts: Vec<_> = counts.iter().map(|(what, count)| (*what, *count)).collect();
    // Sent together: the tenant's other looks wait for the answer.
    tokio::try_join!(reasons, held, tally(transaction, tenant, *looked_at, &counts))?;
    Ok(())
}

/// Adds to what is counted in the hour of this time.
pub(super) async fn tally(
    transaction: &Transaction<'_>,
    tenant: &Tenant,
    at: Timestamp,
    counts: &[(Tallied, u64)],
) -> Result<(), PostgresError> {
    let (names, numbers): (Vec<&str>, Vec<i64>) =
        counts.iter().map(|(what, count)| (what.as_str(), i64::try_from(*count).unwrap_or(i64::MAX))).unzip();
    let statement = transaction.prepare_cached(TALLY).await?;
    transaction.execute(&statement, &[tenant, &hour(at), &names, &numbers]).await?;
    Ok(())
}
