//! The journal in the database.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId};
use rusqlite::{Connection, Row, params, types::FromSqlError};
use teamtailor_client::CandidateId;

use super::{
    Journal,
    decided::Decided,
    look::{Action, Look, NextLook, NotedLook, Occasion, Trigger},
    parked::{self, Parked, ParkedFilter},
    rows::{fields, of_fields},
    standing::{self, Seen, Standing},
    status::{self, Status},
    watermarks,
};
use crate::store::{
    database::Store,
    inbox::instant,
    ledger::{contracts_of_candidate, has_tombstone},
    overview::{LookNotes, erase_notes, note},
    store_error::StoreError,
    tenant::Tenant,
};

/// The [`Journal`] in the [`Store`], of one tenant: it tells of that one, and changes nothing of another.
#[derive(Clone, Debug)]
pub struct SqliteJournal {
    store: Store,
    tenant: Tenant,
}

impl SqliteJournal {
    /// The journal in `store` of the nameless tenant.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, tenant: Tenant::default() }
    }

    /// The same of another tenant.
    #[must_use]
    pub fn for_tenant(&self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self.clone() }
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        let (tenant, look) = (self.tenant.clone(), look.clone());
        self.store.transaction(move |tx| record(tx, &tenant, &look)).await
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        let tenant = self.tenant.clone();
        self.store
            .transaction(move |tx| {
                let mut statement = tx.prepare_cached(LOOKS)?;
                let rows = statement.query_map(params![tenant, contract.get(), limit], of_row)?;
                rows.collect()
            })
            .await
    }

    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError> {
        let (tenant, after) =
            (self.tenant.clone(), after.map(|after| i64::try_from(after).unwrap_or(i64::MAX)));
        self.store
            .read(move |tx| {
                let noted =
                    |row: &Row<'_>| Ok(NotedLook::new(row.get::<_, i64>("id")?.unsigned_abs(), of_row(row)?));
                let Some(after) = after else {
                    let mut statement = tx.prepare_cached(LAST_NOTED)?;
                    return statement.query_map(params![tenant, limit], noted)?.collect();
                };
                let mut statement = tx.prepare_cached(NOTED_AFTER)?;
                statement.query_map(params![tenant, after, limit], noted)?.collect()
            })
            .await
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        let (tenant, contracts) = (self.tenant.clone(), contracts.to_owned());
        self.store
            .transaction(move |tx| {
                let mut seen = BTreeMap::new();
                for contract in contracts {
                    let standing = standing::standing(tx, &tenant, contract)?;
                    let of_contract = Seen::of(standing.as_ref(), parked::parked_at(tx, &tenant, contract)?);
                    seen.extend(of_contract.map(|of_contract| (contract, of_contract)));
                }
                Ok(seen)
            })
            .await
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        let tenant = self.tenant.clone();
        self.store.transaction(move |tx| standing::standing(tx, &tenant, contract)).await
    }

    async fn status(&self, now: Timestamp) -> Result<Status, StoreError> {
        let (tenant, is_served) = (self.tenant.clone(), self.store.may_be_served());
        self.store.transaction(move |tx| status::status(tx, &tenant, now, is_served)).await
    }

    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        let (tenant, which) = (self.tenant.clone(), which.clone());
        self.store.transaction(move |tx| parked::parked(tx, &tenant, &which)).await
    }

    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        let (tenant, contracts) = (self.tenant.clone(), contracts.to_owned());
        self.store.transaction(move |tx| parked::retry(tx, &tenant, &contracts, now)).await
    }

    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        let (tenant, contracts) = (self.tenant.clone(), contracts.to_owned());
        self.store.transaction(move |tx| parked::leave_alone(tx, &tenant, &contracts, now)).await
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        let (tenant, name) = (self.tenant.clone(), name.to_owned());
        self.store.transaction(move |tx| watermarks::get(tx, &tenant, &name)).await
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let (tenant, name, value) = (self.tenant.clone(), name.to_owned(), value.map(str::to_owned));
        self.store.transaction(move |tx| watermarks::set(tx, &tenant, &name, value.as_deref())).await
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        self.store
            .transaction(move |tx| {
                let contracts = contracts_of_candidate(tx, &tenant, &candidate)?;
                erase(tx, &tenant, &candidate, &contracts)
            })
            .await
    }

    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        let (tenant, before) = (self.tenant.clone(), before.as_millisecond());
        self.store
            .transaction(move |tx| {
                let dropped = tx.prepare_cached(DROP_LOOKS)?.execute(params![tenant, before, limit])?;
                let mut statement = tx.prepare_cached(DROP_STANDING)?;
                let contracts = statement.query_map(params![tenant, before, limit], contract)?;
                for contract in contracts.collect::<rusqlite::Result<Vec<_>>>()? {
                    erase_notes(tx, &tenant, contract)?;
                }
                Ok(dropped)
            })
            .await
    }
}

const LOOKS: &str =
    "SELECT * FROM looks WHERE tenant = ?1 AND contract_id = ?2 ORDER BY at DESC, id DESC LIMIT ?3";
// Whoever follows asks every second, also about a tenant of which there are no rows beside millions of others.
const NOTED_AFTER: &str =
    "SELECT * FROM looks INDEXED BY looks_by_number WHERE tenant = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
const LAST_NOTED: &str = "SELECT * FROM
    (SELECT * FROM looks INDEXED BY looks_by_number WHERE tenant = ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id";
// Only what was noted meanwhile was under way at the same time, and only of that it is asked which of the two began later.
const OVERTAKES: &str = "SELECT EXISTS (SELECT 1 FROM looks
    WHERE tenant = ?1 AND contract_id = ?2 AND at > ?3 AND id > ?4 AND drifts IS NOT NULL)";
/// The number of the next row, of whatever tenant: the name is that of none. SQLite alone would give that of a row again which was the last and is erased.
const NEXT_NUMBER: &str = "INSERT INTO watermarks (tenant, name, value)
    VALUES ('*', 'last-number', 1 + (SELECT coalesce(max(id), 0) FROM looks))
    ON CONFLICT (tenant, name) DO UPDATE SET
        value = 1 + max(CAST(value AS INTEGER), (SELECT coalesce(max(id), 0) FROM looks))
    RETURNING CAST(value AS INTEGER)";
const DROP_LOOKS: &str =
    "DELETE FROM looks WHERE id IN (SELECT id FROM looks WHERE tenant = ?1 AND at < ?2 ORDER BY at LIMIT ?3)";
/// A contract that drifts, is parked or is left alone does so still, however long ago that was found or said.
const DROP_STANDING: &str = "DELETE FROM standing WHERE (tenant, contract_id) IN (
    SELECT tenant, contract_id FROM standing
    WHERE tenant = ?1 AND looked_at < ?2 AND drifts_since IS NULL AND left_alone_since IS NULL AND NOT EXISTS (
        SELECT 1 FROM parked WHERE parked.tenant = standing.tenant AND kind = 'contract' AND id = contract_id)
    ORDER BY looked_at LIMIT ?3) RETURNING contract_id";

pub(super) fn record(tx: &Connection, tenant: &Tenant, look: &Look) -> rusqlite::Result<()> {
    let is_forgotten = match &look.candidate {
        Some(candidate) => has_tombstone(tx, tenant, candidate)?,
        None => look.is_of_forgotten(),
    };
    if is_forgotten {
        return Ok(());
    }
    let occasion = &look.occasion;
    let (document, document_reason) = look.document.clone().unzip();
    let (reason, error) = look.error.clone().unzip();
    let number: i64 = tx.prepare_cached(NEXT_NUMBER)?.query_row([], |row| row.get(0))?;
    tx.prepare_cached(
        "INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, failures, state, plan, fields,
             document, document_reason, drifts, reason, error, next, next_at, duration, requests, last_change,
             action, id, decided, template_type)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
    )?
    .execute(params![
        tenant,
        occasion.contract.get(),
        look.candidate.as_ref().map(CandidateId::as_str),
        occasion.at.as_millisecond(),
        occasion.trigger.as_str(),
        occasion.trigger.failures(),
        look.state,
        look.plan,
        fields(&look.fields),
        document,
        document_reason.flatten(),
        look.drifts,
        reason,
        error,
        look.next.as_str(),
        look.next.at().map(Timestamp::as_millisecond),
        i64::try_from(occasion.duration.as_millis()).unwrap_or(i64::MAX),
        occasion.requests,
        look.last_change.map(Timestamp::as_millisecond),
        look.action.map(Action::as_str),
        number,
        look.decided.as_ref().map(Decided::to_row),
        look.template_type.map(TemplateTypeId::get),
    ])?;
    let before = standing::standing(tx, tenant, occasion.contract)?;
    let after = if is_overtaken(tx, tenant, occasion)? {
        before.clone()
    } else {
        Standing::after(before.clone(), look)
    };
    let Some(after) = after else { return Ok(()) };
    standing::note(tx, tenant, &after)?;
    LookNotes::of(before.as_ref(), &after, look).map_or(Ok(()), |notes| note(tx, tenant, &notes))
}

fn is_overtaken(tx: &Connection, tenant: &Tenant, late: &Occasion) -> rusqlite::Result<bool> {
    let Some(number) = late.begun_after else { return Ok(false) };
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let late = params![tenant, late.contract.get(), late.at.as_millisecond(), number];
    tx.prepare_cached(OVERTAKES)?.query_row(late, |row| row.get(0))
}

fn contract(row: &Row<'_>) -> rusqlite::Result<ContractId> {
    row.get(0).map(ContractId::new)
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Look> {
    let (cause, next): (String, String) = (row.get("cause")?, row.get("next")?);
    let next_at: Option<i64> = row.get("next_at")?;
    let (document, document_reason): (Option<String>, _) =
        (row.get("document")?, row.get("document_reason")?);
    let (reason, error): (Option<String>, Option<String>) = (row.get("reason")?, row.get("error")?);
    let duration: i64 = row.get("duration")?;
    Ok(Look {
        occasion: Occasion {
            contract: ContractId::new(row.get("contract_id")?),
            trigger: Trigger::of_row(&cause, row.get("failures")?),
            at: instant(row.get("at")?),
            duration: Duration::from_millis(duration.unsigned_abs()),
            requests: row.get("requests")?,
            begun_after: None,
        },
        candidate: row.get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
        state: row.get("state")?,
        last_change: row.get::<_, Option<i64>>("last_change")?.map(instant),
        template_type: row.get::<_, Option<i64>>("template_type")?.map(TemplateTypeId::new),
        plan: row.get("plan")?,
        fields: of_fields(row.get_ref("fields")?.as_str()?).ok_or(FromSqlError::InvalidType)?,
        document: document.map(|document| (document, document_reason)),
        drifts: row.get("drifts")?,
        error: reason.zip(error),
        next: NextLook::of_row(&next, next_at.map(instant)),
        action: row.get::<_, Option<String>>("action")?.as_deref().and_then(Action::of_row),
        decided: row.get::<_, Option<String>>("decided")?.as_deref().and_then(Decided::of_row),
    })
}

/// Erases what is of the candidate or of one of these contracts. Returns how many looks that were.
pub(crate) fn erase(
    tx: &Connection,
    tenant: &Tenant,
    candidate: &CandidateId,
    contracts: &[ContractId],
) -> rusqlite::Result<usize> {
    let of_candidate = params![tenant, candidate.as_str()];
    let mut erased = tx.execute("DELETE FROM looks WHERE tenant = ?1 AND candidate_id = ?2", of_candidate)?;
    let mut statement =
        tx.prepare("DELETE FROM standing WHERE tenant = ?1 AND candidate_id = ?2 RETURNING contract_id")?;
    for contract in statement.query_map(of_candidate, contract)?.collect::<rusqlite::Result<Vec<_>>>()? {
        erase_notes(tx, tenant, contract)?;
    }
    for contract in contracts {
        let of_contract = params![tenant, contract.get()];
        erased += tx.execute("DELETE FROM looks WHERE tenant = ?1 AND contract_id = ?2", of_contract)?;
        tx.execute("DELETE FROM standing WHERE tenant = ?1 AND contract_id = ?2", of_contract)?;
        erase_notes(tx, tenant, *contract)?;
    }
    Ok(erased)
}

/// Whether the journal names the candidate.
pub(crate) fn names(tx: &Connection, tenant: &Tenant, candidate: &CandidateId) -> rusqlite::Result<bool> {
    tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM looks WHERE tenant = ?1 AND candidate_id = ?2)
             OR EXISTS (SELECT 1 FROM standing WHERE tenant = ?1 AND candidate_id = ?2)",
        params![tenant, candidate.as_str()],
        |row| row.get(0),
    )
}
