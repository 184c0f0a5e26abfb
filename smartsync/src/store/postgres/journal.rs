//! The journal in the database.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId};
use teamtailor_client::CandidateId;
use tokio_postgres::{Row, types::ToSql};

use super::{
    ledger::CONTRACTS_OF_CANDIDATE,
    look_notes::note_look,
    postgres_error::PostgresError,
    postgres_store::PostgresStore,
    standing::{note, of_row as standing_of_row},
};
use crate::store::{
    inbox::instant,
    item::{Item, Subject},
    journal::{
        Action, Decided, Journal, Look, NextLook, NotedLook, Occasion, Parked, ParkedFilter, Seen, Standing,
        Status, Trigger,
        rows::{fields, of_fields, of_words},
    },
    overview::LookNotes,
    store_error::StoreError,
    tenant::Tenant,
};

/// The [`Journal`] in a [`PostgresStore`], of one tenant.
#[derive(Clone, Debug)]
pub struct PostgresJournal {
    pub(super) store: PostgresStore,
    pub(super) tenant: Tenant,
}

impl PostgresJournal {
    /// The journal in `store`, of the nameless tenant.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { store, tenant: Tenant::default() }
    }

    /// The same of a tenant.
    #[must_use]
    pub fn for_tenant(self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self }
    }

    async fn record_all(&self, looks: &[Look]) -> Result<(), PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
        for look in looks {
            self.record_in(&transaction, look).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn record_in(&self, transaction: &Transaction<'_>, look: &Look) -> Result<(), PostgresError> {
        let is_forgotten = match &look.candidate {
            Some(candidate) => {
                let tombstone = transaction
                    .prepare_cached("SELECT 1 FROM forgotten WHERE tenant = $1 AND candidate_id = $2")
                    .await?;
                transaction.query_opt(&tombstone, &[&self.tenant, &candidate.as_str()]).await?.is_some()
            }
            None => look.is_of_forgotten(),
        };
        if is_forgotten {
            return Ok(());
        }
        let insert = transaction
            .prepare_cached(
                "INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, failures, state, plan, fields, document,
                     document_reason, drifts, reason, error, next, next_at, duration, requests, last_change, action,
                     decided, template_type)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
            )
            .await?;
        let occasion = &look.occasion;
        let (document, document_reason) = look.document.clone().unzip();
        let (reason, error) = look.error.clone().unzip();
        transaction
            .execute(
                &insert,
                &[
                    &self.tenant,
                    &occasion.contract.get(),
                    &look.candidate.as_ref().map(CandidateId::as_str),
                    &occasion.at.as_millisecond(),
                    &occasion.trigger.as_str(),
                    &occasion.trigger.failures().map(i64::from),
                    &look.state,
                    &look.plan,
                    &fields(&look.fields),
                    &document,
                    &document_reason.flatten(),
                    &look.drifts,
                    &reason,
                    &error,
                    &look.next.as_str(),
                    &look.next.at().map(Timestamp::as_millisecond),
                    &i64::try_from(occasion.duration.as_millis()).unwrap_or(i64::MAX),
                    &i64::from(occasion.requests),
                    &look.last_change.map(Timestamp::as_millisecond),
                    &look.action.map(Action::as_str),
                    &look.decided.as_ref().map(Decided::to_row),
                    &look.template_type.map(TemplateTypeId::get),
                ],
            )
            .await?;
        let before = self.standing_in(transaction, occasion.contract).await?;
        let after = if self.is_overtaken(transaction, occasion).await? {
            before.clone()
        } else {
            Standing::after(before.clone(), look)
        };
        let Some(after) = after else { return Ok(()) };
        note(transaction, &self.tenant, &after).await?;
        match LookNotes::of(before.as_ref(), &after, look) {
            Some(notes) => note_look(transaction, &self.tenant, &notes).await,
            None => Ok(()),
        }
    }

    async fn is_overtaken(
        &self,
        transaction: &Transaction<'_>,
        late: &Occasion,
    ) -> Result<bool, PostgresError> {
        let Some(number) = late.begun_after else { return Ok(false) };
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let overtakes = transaction.prepare_cached(OVERTAKES).await?;
        let params: [&(dyn ToSql + Sync); 4] =
            [&self.tenant, &late.contract.get(), &late.at.as_millisecond(), &number];
        Ok(transaction.query_one(&overtakes, &params).await?.try_get(0)?)
    }

    async fn standing_in(
        &self,
        transaction: &Transaction<'_>,
        contract: ContractId,
    ) -> Result<Option<Standing>, PostgresError> {
        let standing = transaction.prepare_cached(STANDING).await?;
        let row = transaction.query_opt(&standing, &[&self.tenant, &contract.get()]).await?;
        row.as_ref().map(standing_of_row).transpose()
    }

    /// Has these not be parked any more. Returns those that were.
    async fn take(
        &self,
        transaction: &Transaction<'_>,
        contracts: &[ContractId],
    ) -> Result<Vec<ContractId>, PostgresError> {
        let ids: Vec<i64> = contracts.iter().map(|contract| contract.get()).collect();
        let delete =
            "DELETE FROM parked WHERE tenant = $1 AND kind = 'contract' AND id = ANY ($2) RETURNING id";
        let rows = transaction.query(delete, &[&self.tenant, &ids]).await?;
        let taken = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
        // In the order in which they were named.
        Ok(contracts.iter().copied().filter(|contract| taken.contains(&contract.get())).collect())
    }

    async fn retried(&self, contracts: &[ContractId]) -> Result<Vec<ContractId>, PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = connection.transaction().await?;
        let retried = self.take(&transaction, contracts).await?;
        let items =
            retried.iter().map(|contract| Item::of(self.tenant.clone(), Subject::Contract(*contract)));
        self.store.enqueue_in(&transaction, items.collect(), Trigger::ByHand).await?;
        transaction.commit().await?;
        self.store.wake().wake();
        Ok(retried)
    }

    async fn left_alone(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
        let dropped = self.take(&transaction, contracts).await?;
        for contract in &dropped {
            let standing = self.standing_in(&transaction, *contract).await?;
            let candidate = standing.and_then(|standing| standing.candidate);
            let look = Look::by_hand(Action::Dropped, *contract, now, candidate);
            self.record_in(&transaction, &look).await?;
        }
        transaction.commit().await?;
        Ok(dropped)
    }

    async fn erased(&self, candidate: &CandidateId) -> Result<usize, PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
        let rows = transaction.query(CONTRACTS_OF_CANDIDATE, &[&self.tenant, &candidate.as_str()]).await?;
        let contracts = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
        let erased = erase(&transaction, &self.tenant, candidate, &contracts).await?;
        transaction.commit().await?;
        Ok(erased)
    }
}

const LOOKS: &str =
    "SELECT * FROM looks WHERE tenant = $1 AND contract_id = $2 ORDER BY at DESC, id DESC LIMIT $3";
// Rows of one tenant are noted one transaction after the other (`remembering`), so none with a lower number comes to light later.
const NOTED_AFTER: &str = "SELECT * FROM looks WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3";
const LAST_NOTED: &str =
    "SELECT * FROM (SELECT * FROM looks WHERE tenant = $1 ORDER BY id DESC LIMIT $2) AS last ORDER BY id";
// Only what was noted meanwhile was under way at the same time, and only of that it is asked which of the two began later.
const OVERTAKES: &str = "SELECT EXISTS (SELECT FROM looks
    WHERE tenant = $1 AND contract_id = $2 AND at > $3 AND id > $4 AND drifts IS NOT NULL)";
const STANDING: &str = "SELECT * FROM standing WHERE tenant = $1 AND contract_id = $2";
const SEEN: &str = "SELECT coalesce(standing.contract_id, parked.id) AS id, parked_at, standing.* FROM
        (SELECT * FROM standing WHERE tenant = $1 AND contract_id = ANY ($2)) AS standing
    FULL JOIN (SELECT id, parked_at FROM parked WHERE tenant = $1 AND kind = 'contract' AND id = ANY ($2)) AS parked
        ON parked.id = standing.contract_id";
const PARKED: &str = "SELECT id, parked_at, attempts, reason, coalesce(reasons, '[]') FROM parked
    LEFT JOIN standing ON standing.tenant = parked.tenant AND standing.contract_id = parked.id
    WHERE parked.tenant = $1 AND kind = 'contract' ORDER BY id";
const DROP_LOOKS: &str = "DELETE FROM looks WHERE id IN (
    SELECT id FROM looks WHERE tenant = $1 AND at < $2 ORDER BY at LIMIT $3 FOR UPDATE SKIP LOCKED)";
/// A contract that drifts, is parked or is left alone does so still, however long ago that was found or said.
const DROP_STANDING: &str = "WITH dropped AS (DELETE FROM standing WHERE tenant = $1 AND contract_id IN (
    SELECT contract_id FROM standing WHERE tenant = $1 AND looked_at < $2 AND drifts_since IS NULL
        AND left_alone_since IS NULL AND NOT EXISTS (
            SELECT FROM parked WHERE parked.tenant = $1 AND kind = 'contract' AND id = contract_id)
    ORDER BY looked_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING contract_id),
    reasons AS (DELETE FROM standing_reasons WHERE tenant = $1 AND contract_id IN (SELECT contract_id FROM dropped))
    DELETE FROM held WHERE tenant = $1 AND contract_id IN (SELECT contract_id FROM dropped)";

#[async_trait]
impl Journal for PostgresJournal {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        Ok(self.record_all(std::slice::from_ref(look)).await?)
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        let params: [&(dyn ToSql + Sync); 3] = [&self.tenant, &contract.get(), &i64::from(limit)];
        let rows = self.store.rows(LOOKS, &params).await?;
        Ok(rows.iter().map(of_row).collect::<Result<_, _>>()?)
    }

    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError> {
        let limit = i64::from(limit);
        let rows = match after.map(|after| i64::try_from(after).unwrap_or(i64::MAX)) {
            Some(after) => self.store.rows(NOTED_AFTER, &[&self.tenant, &after, &limit]).await?,
            None => self.store.rows(LAST_NOTED, &[&self.tenant, &limit]).await?,
        };
        let noted = |row: &Row| {
            Ok::<_, PostgresError>(NotedLook::new(row.try_get::<_, i64>("id")?.unsigned_abs(), of_row(row)?))
        };
        Ok(rows.iter().map(noted).collect::<Result<_, _>>()?)
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        let ids: Vec<i64> = contracts.iter().map(|contract| contract.get()).collect();
        let rows = self.store.rows(SEEN, &[&self.tenant, &ids]).await?;
        let mut seen = BTreeMap::new();
        for row in &rows {
            let is_standing =
                row.try_get::<_, Option<i64>>("contract_id").map_err(PostgresError::from)?.is_some();
            let standing = is_standing.then(|| standing_of_row(row)).transpose()?;
            let (id, parked_at) = parked_at(row)?;
            let of_contract = Seen::of(standing.as_ref(), parked_at);
            seen.extend(of_contract.map(|of_contract| (id, of_contract)));
        }
        Ok(seen)
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        let row = self.store.row(STANDING, &[&self.tenant, &contract.get()]).await?;
        Ok(row.as_ref().map(standing_of_row).transpose()?)
    }

    async fn status(&self, now: Timestamp) -> Result<Status, StoreError> {
        // Claims are by the clock of the store; the caller's time changes nothing here.
        let _ = now;
        Ok(super::status::status(&self.store, &self.tenant).await?)
    }

    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        let rows = self.store.rows(PARKED, &[&self.tenant]).await?;
        let parked = |row: &Row| {
            let (attempts, codes): (i64, String) = (row.try_get(2)?, row.try_get(4)?);
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
            let at = instant(row.try_get(1)?);
            let parked =
                Parked::new(ContractId::new(row.try_get(0)?), at, attempts, row.try_get::<_, String>(3)?);
            Ok::<_, PostgresError>(parked.codes(of_words(&codes)))
        };
        let parked = rows.iter().map(parked).collect::<Result<Vec<_>, _>>()?;
        Ok(parked.into_iter().filter(|parked| which.holds(parked)).collect())
    }

    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        _: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        Ok(self.retried(contracts).await?)
    }

    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        Ok(self.left_alone(contracts, now).await?)
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM watermarks WHERE tenant = $1 AND name = $2";
        let row = self.store.row(sql, &[&self.tenant, &name]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose().map_err(PostgresError::from)?)
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let changed = match value {
            Some(value) => {
                let set = "INSERT INTO watermarks (tenant, name, value) VALUES ($1, $2, $3)
                    ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value";
                self.store.change(set, &[&self.tenant, &name, &value]).await
            }
            None => {
                let erase = "DELETE FROM watermarks WHERE tenant = $1 AND name = $2";
                self.store.change(erase, &[&self.tenant, &name]).await
            }
        };
        Ok(changed.map(drop)?)
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError> {
        Ok(self.erased(candidate).await?)
    }

    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        let (before, limit) = (before.as_millisecond(), i64::from(limit));
        let dropped = self.store.change(DROP_LOOKS, &[&self.tenant, &before, &limit]).await?;
        self.store.change(DROP_STANDING, &[&self.tenant, &before, &limit]).await?;
        Ok(usize::try_from(dropped).unwrap_or(usize::MAX))
    }
}

/// Which contract, and since when it is parked, if it is.
fn parked_at(row: &Row) -> Result<(ContractId, Option<Timestamp>), PostgresError> {
    let parked_at: Option<i64> = row.try_get("parked_at")?;
    Ok((ContractId::new(row.try_get("id")?), parked_at.map(instant)))
}

fn of_row(row: &Row) -> Result<Look, PostgresError> {
    let (cause, next): (String, String) = (row.try_get("cause")?, row.try_get("next")?);
    let (next_at, failures): (Option<i64>, Option<i64>) = (row.try_get("next_at")?, row.try_get("failures")?);
    let (document, document_reason): (Option<String>, _) =
        (row.try_get("document")?, row.try_get("document_reason")?);
    let (reason, error): (Option<String>, Option<String>) = (row.try_get("reason")?, row.try_get("error")?);
    let (duration, requests): (i64, i64) = (row.try_get("duration")?, row.try_get("requests")?);
    let failures = failures.map(|failures| u32::try_from(failures).unwrap_or(u32::MAX));
    Ok(Look {
        occasion: Occasion {
            contract: ContractId::new(row.try_get("contract_id")?),
            trigger: Trigger::of_row(&cause, failures),
            at: instant(row.try_get("at")?),
            duration: Duration::from_millis(duration.unsigned_abs()),
            requests: u32::try_from(requests).unwrap_or(u32::MAX),
            begun_after: None,
        },
        candidate: row.try_get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
        state: row.try_get("state")?,
        last_change: row.try_get::<_, Option<i64>>("last_change")?.map(instant),
        template_type: row.try_get::<_, Option<i64>>("template_type")?.map(TemplateTypeId::new),
        plan: row.try_get("plan")?,
        fields: of_fields(row.try_get("fields")?).ok_or(PostgresError::Row("looks"))?,
        document: document.map(|document| (document, document_reason)),
        drifts: row.try_get("drifts")?,
        error: reason.zip(error),
        next: NextLook::of_row(&next, next_at.map(instant)),
        action: row.try_get::<_, Option<String>>("action")?.as_deref().and_then(Action::of_row),
        decided: row.try_get::<_, Option<String>>("decided")?.as_deref().and_then(Decided::of_row),
    })
}

/// Erases what is of the candidate or of one of these contracts. Returns how many looks that were.
pub(super) async fn erase(
    transaction: &Transaction<'_>,
    tenant: &Tenant,
    candidate: &CandidateId,
    contracts: &[i64],
) -> Result<usize, PostgresError> {
    let of = "WHERE tenant = $1 AND (candidate_id = $2 OR contract_id = ANY ($3))";
    let params: [&(dyn ToSql + Sync); 3] = [&tenant, &candidate.as_str(), &contracts];
    let looks = transaction.execute(&format!("DELETE FROM looks {of}"), &params).await?;
    let standing = format!(
        "WITH dropped AS (DELETE FROM standing {of} RETURNING contract_id),
             of_it AS (SELECT contract_id FROM dropped UNION SELECT unnest($3::bigint[])),
             reasons AS (DELETE FROM standing_reasons WHERE tenant = $1 AND contract_id IN (SELECT contract_id FROM of_it))
         DELETE FROM held WHERE tenant = $1 AND contract_id IN (SELECT contract_id FROM of_it)"
    );
    transaction.execute(&standing, &params).await?;
    Ok(usize::try_from(looks).unwrap_or(usize::MAX))
}
