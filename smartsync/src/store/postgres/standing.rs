//! Where a contract stands: its last look, kept as one row.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId};
use teamtailor_client::CandidateId;
use tokio_postgres::Row;

use super::{known::becomes_known, postgres_error::PostgresError};
use crate::store::{
    inbox::instant,
    item::{Item, Subject},
    journal::{
        Counts, Standing, Trigger,
        rows::{of_words, words},
    },
    tenant::Tenant,
};

/// Notes where a contract stands.
pub(super) async fn note(
    transaction: &Transaction<'_>,
    tenant: &Tenant,
    after: &Standing,
) -> Result<(), PostgresError> {
    let note = transaction
        .prepare_cached(
            "INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, failures, state,
                 written, unchanged, held, skipped, failed, document, document_reason, reasons, drifts_since, last_change,
                 left_alone_since, template_type)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
             ON CONFLICT (tenant, contract_id) DO UPDATE SET candidate_id = excluded.candidate_id,
                 looked_at = excluded.looked_at, cause = excluded.cause, failures = excluded.failures, state = excluded.state,
                 written = excluded.written, unchanged = excluded.unchanged, held = excluded.held,
                 skipped = excluded.skipped, failed = excluded.failed, document = excluded.document,
                 document_reason = excluded.document_reason, reasons = excluded.reasons,
                 drifts_since = excluded.drifts_since, last_change = excluded.last_change,
                 left_alone_since = excluded.left_alone_since, template_type = excluded.template_type",
        )
        .await?;
    let (document, document_reason) = after.document.clone().unzip();
    let count = |count: u32| i64::from(count);
    transaction
        .execute(
            &note,
            &[
                &tenant,
                &after.contract.get(),
                &after.candidate.as_ref().map(CandidateId::as_str),
                &after.looked_at.as_millisecond(),
                &after.trigger.as_str(),
                &after.trigger.failures().map(i64::from),
                &after.state,
                &count(after.fields.written),
                &count(after.fields.unchanged),
                &count(after.fields.held),
                &count(after.fields.skipped),
                &count(after.fields.failed),
                &document,
                &document_reason.flatten(),
                &words(&after.reasons),
                &after.drifts_since.map(Timestamp::as_millisecond),
                &after.last_change.map(Timestamp::as_millisecond),
                &after.left_alone_since.map(Timestamp::as_millisecond),
                &after.template_type.map(TemplateTypeId::get),
            ],
        )
        .await?;
    if after.state.is_some() {
        becomes_known(transaction, &Item::of(tenant.clone(), Subject::Contract(after.contract))).await?;
    }
    Ok(())
}

/// Where the contract of a row stands.
pub(super) fn of_row(row: &Row) -> Result<Standing, PostgresError> {
    let (cause, reasons): (String, String) = (row.try_get("cause")?, row.try_get("reasons")?);
    let (document, reason): (Option<String>, Option<String>) =
        (row.try_get("document")?, row.try_get("document_reason")?);
    let failures: Option<i64> = row.try_get("failures")?;
    let count = |name: &str| -> Result<u32, PostgresError> {
        let count: i64 = row.try_get(name)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    };
    Ok(Standing {
        contract: ContractId::new(row.try_get("contract_id")?),
        candidate: row.try_get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
        looked_at: instant(row.try_get("looked_at")?),
        trigger: Trigger::of_row(
            &cause,
            failures.map(|failures| u32::try_from(failures).unwrap_or(u32::MAX)),
        ),
        state: row.try_get("state")?,
        last_change: row.try_get::<_, Option<i64>>("last_change")?.map(instant),
        fields: Counts {
            written: count("written")?,
            unchanged: count("unchanged")?,
            held: count("held")?,
            skipped: count("skipped")?,
            failed: count("failed")?,
        },
        document: document.map(|document| (document, reason)),
        reasons: of_words(&reasons),
        drifts_since: row.try_get::<_, Option<i64>>("drifts_since")?.map(instant),
        left_alone_since: row.try_get::<_, Option<i64>>("left_alone_since")?.map(instant),
        template_type: row.try_get::<_, Option<i64>>("template_type")?.map(TemplateTypeId::new),
    })
}
