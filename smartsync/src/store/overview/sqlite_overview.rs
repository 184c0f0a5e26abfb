//! What a person looks at, in the database.

use std::sync::LazyLock;

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{
    Connection, OptionalExtension as _, Params, Row, ToSql, params, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use teamtailor_client::CandidateId;

use super::{
    COUNTED, Counted, HELD, HELD_AFTER, HELD_COUNT, LOOKED_THROUGH, OF_CODE, Overview, PARKED, PARKED_CODES,
    PARKED_COUNT, PARKED_COUNT_OF_RARE, PARKED_OF_RARE, TALLIES,
    contract_filter::ContractFilter,
    contract_row::{ContractPage, ContractPlace, ContractRow, Queued},
    held_field::{HeldField, HeldPage, HeldPlace},
    parked_row::{ParkedPage, ParkedRow},
    questions::{Cell, ContractQuestions, Dialect, Question, queued},
    sqlite_notes,
    steps::Steps,
    tallied::{Tallied, Tallies},
};
use crate::store::{
    database::Store,
    inbox::{instant, longest_lease},
    journal::{Parked, rows::of_words, standing_of_row},
    store_error::StoreError,
    tenant::Tenant,
};

/// The [`Overview`] in the [`Store`], of one tenant. It reads over a connection of its own.
#[derive(Clone, Debug)]
pub struct SqliteOverview {
    store: Store,
    tenant: Tenant,
}

impl SqliteOverview {
    /// That of `store` and the nameless tenant.
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

/// What of the queue is read with a contract.
static QUEUE: LazyLock<String> = LazyLock::new(|| {
    let [due, generation, until] =
        ["run_at", "claimed_generation", "claimed_until"].map(|column| queued(column, "waiting"));
    let parked = queued("parked_at", "parked");
    format!(
        "{due} AS run_at, {generation} AS claimed_generation, {until} AS claimed_until, {parked} AS parked_at"
    )
});

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

#[async_trait]
impl Overview for SqliteOverview {
    async fn contracts(
        &self,
        filter: &ContractFilter,
        after: Option<ContractPlace>,
        limit: u32,
    ) -> Result<ContractPage, StoreError> {
        let (tenant, filter, queue) = (self.tenant.clone(), filter.clone(), Queue::of(&self.store));
        self.store
            .read(move |tx| {
                let questions = ContractQuestions::new(Dialect::Sqlite, tenant.as_str(), &filter);
                let last = last_of(tx, &questions, LOOKED_THROUGH, after)?;
                let question = questions.page(&QUEUE, after, last, limit.saturating_add(1));
                let mut statement = tx.prepare_cached(&question.sql)?;
                let rows = statement.query_map(params_from_iter(question.cells), |row| {
                    Ok(ContractRow::new(standing_of_row(row)?, queue.next(row)?))
                })?;
                Ok(ContractPage::of(rows.collect::<rusqlite::Result<_>>()?, limit, last))
            })
            .await
    }

    async fn count(&self, filter: &ContractFilter) -> Result<Counted, StoreError> {
        let (tenant, filter) = (self.tenant.clone(), filter.clone());
        self.store
            .read(move |tx| {
                let questions = ContractQuestions::new(Dialect::Sqlite, tenant.as_str(), &filter);
                let last = last_of(tx, &questions, COUNTED, None)?;
                let Question { sql, cells } = questions.count(last, COUNTED + 1);
                let number = number(tx, &sql, params_from_iter(cells))?;
                Ok(Counted::to(number, last.is_some()))
            })
            .await
    }

    async fn held(&self, after: Option<&HeldPlace>, limit: u32) -> Result<HeldPage, StoreError> {
        let (tenant, after) = (self.tenant.clone(), after.cloned());
        self.store
            .read(move |tx| {
                let most = limit.saturating_add(1);
                let rows = match after {
                    None => held(tx, HELD, params![tenant, most])?,
                    Some(HeldPlace { since, contract, data_field, candidate_field }) => held(
                        tx,
                        HELD_AFTER,
                        params![
                            tenant,
                            most,
                            since.as_millisecond(),
                            contract.get(),
                            data_field,
                            candidate_field
                        ],
                    )?,
                };
                Ok(HeldPage::of(rows, limit))
            })
            .await
    }

    async fn held_count(&self) -> Result<Counted, StoreError> {
        let tenant = self.tenant.clone();
        let number = self.store.read(move |tx| number(tx, HELD_COUNT, params![tenant, COUNTED + 1])).await?;
        Ok(Counted::to(number, false))
    }

    async fn parked(
        &self,
        code: Option<&str>,
        after: Option<ContractId>,
        limit: u32,
    ) -> Result<ParkedPage, StoreError> {
        let (tenant, code) = (self.tenant.clone(), code.map(str::to_owned));
        let after = after.map_or(i64::MIN, ContractId::get);
        self.store
            .read(move |tx| {
                let row = |row: &Row<'_>| {
                    let at = instant(row.get(1)?);
                    let parked =
                        Parked::new(ContractId::new(row.get(0)?), at, row.get(2)?, row.get::<_, String>(3)?);
                    let parked = parked.codes(of_words(&row.get::<_, String>(4)?));
                    Ok(ParkedRow::new(parked, row.get::<_, Option<i64>>(5)?.map(instant)))
                };
                let is_rare = is_rare(tx, &tenant, code.as_deref())?;
                let mut statement = tx.prepare_cached(if is_rare { PARKED_OF_RARE } else { PARKED })?;
                let rows = statement.query_map(params![tenant, after, code, limit.saturating_add(1)], row)?;
                Ok(ParkedPage::of(rows.collect::<rusqlite::Result<_>>()?, limit))
            })
            .await
    }

    async fn parked_count(&self, code: Option<&str>) -> Result<Counted, StoreError> {
        let (tenant, code) = (self.tenant.clone(), code.map(str::to_owned));
        let count = move |tx: &Connection| {
            let is_rare = is_rare(tx, &tenant, code.as_deref())?;
            let question = if is_rare { PARKED_COUNT_OF_RARE } else { PARKED_COUNT };
            number(tx, question, params![tenant, code, COUNTED + 1])
        };
        Ok(Counted::to(self.store.read(move |tx| count(tx)).await?, false))
    }

    async fn parked_codes(&self) -> Result<Vec<String>, StoreError> {
        let tenant = self.tenant.clone();
        self.store
            .read(move |tx| {
                let mut statement = tx.prepare_cached(PARKED_CODES)?;
                let rows = statement.query_map(params![tenant, LOOKED_THROUGH], |row| row.get(0))?;
                rows.collect()
            })
            .await
    }

    async fn tallies(&self, now: Timestamp, hours: u32, steps: u32) -> Result<Vec<Tallies>, StoreError> {
        let (tenant, steps) = (self.tenant.clone(), Steps::until(now, hours, steps));
        self.store
            .read(move |tx| {
                let mut statement = tx.prepare_cached(TALLIES)?;
                let rows = statement
                    .query_map(params![tenant, steps.first, steps.end, steps.hours], |row| {
                        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
                    })?;
                Ok(steps.filled(rows.collect::<rusqlite::Result<Vec<_>>>()?))
            })
            .await
    }

    async fn tally(&self, at: Timestamp, counts: &[(Tallied, u64)]) -> Result<(), StoreError> {
        let (tenant, counts) = (self.tenant.clone(), counts.to_owned());
        self.store.transaction(move |tx| sqlite_notes::tally(tx, &tenant, at, counts)).await
    }
}

/// Up to which place is looked through, if the index does not answer everything, and there are so many.
fn last_of(
    tx: &Connection,
    questions: &ContractQuestions<'_>,
    number: u32,
    after: Option<ContractPlace>,
) -> rusqlite::Result<Option<ContractPlace>> {
    if questions.is_answered_by_index() {
        return Ok(None);
    }
    let Question { sql, cells } = questions.last_of(number, after);
    let place = |row: &Row<'_>| Ok(ContractPlace::new(instant(row.get(0)?), ContractId::new(row.get(1)?)));
    tx.prepare_cached(&sql)?.query_row(params_from_iter(cells), place).optional()
}

/// Whether so few contracts have this code that they are gone through rather than what is parked.
fn is_rare(tx: &Connection, tenant: &Tenant, code: Option<&str>) -> rusqlite::Result<bool> {
    let Some(code) = code else { return Ok(false) };
    Ok(number(tx, OF_CODE, params![tenant, code, LOOKED_THROUGH])? < LOOKED_THROUGH)
}

fn number(tx: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<u32> {
    tx.prepare_cached(sql)?.query_row(params, |row| row.get(0))
}

fn held(tx: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<HeldField>> {
    let row = |row: &Row<'_>| {
        Ok(HeldField {
            contract: ContractId::new(row.get("contract_id")?),
            candidate: row.get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
            data_field: row.get("data_field")?,
            candidate_field: row.get("candidate_field")?,
            reason: row.get("reason")?,
            since: instant(row.get("since")?),
            looked_at: instant(row.get("looked_at")?),
            plan: row.get("plan")?,
            relation: row.get("relation")?,
        })
    };
    tx.prepare_cached(sql)?.query_map(params, row)?.collect()
}

/// By what it is known whether a claim holds.
struct Queue {
    now: i64,
    is_served: bool,
}

impl Queue {
    fn of(store: &Store) -> Self {
        Self { now: store.now(), is_served: store.may_be_served() }
    }

    fn next(&self, row: &Row<'_>) -> rusqlite::Result<Option<Queued>> {
        let due: Option<i64> = row.get("run_at")?;
        let parked: Option<i64> = row.get("parked_at")?;
        let is_claimed = row.get::<_, Option<i64>>("claimed_generation")?.is_some();
        let is_held = match row.get::<_, Option<i64>>("claimed_until")? {
            None => self.is_served,
            Some(until) => until > self.now && until <= longest_lease(self.now),
        };
        Ok(Queued::of(due.map(instant), is_claimed && is_held, parked.map(instant)))
    }
}
