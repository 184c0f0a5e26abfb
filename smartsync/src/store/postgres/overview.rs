//! What a person looks at, in the database.

use std::sync::LazyLock;

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;
use tokio_postgres::{Row, types::ToSql};

use super::{
    look_notes::tally, postgres_error::PostgresError, postgres_store::PostgresStore,
    standing::of_row as standing_of_row, status::alive,
};
use crate::store::{
    inbox::instant,
    journal::{Parked, rows::of_words},
    overview::{
        COUNTED, Cell, ContractFilter, ContractPage, ContractPlace, ContractQuestions, ContractRow, Counted,
        Dialect, HELD, HELD_AFTER, HELD_COUNT, HeldField, HeldPage, HeldPlace, LOOKED_THROUGH, OF_CODE,
        Overview, PARKED, PARKED_CODES, PARKED_COUNT, PARKED_COUNT_OF_RARE, PARKED_OF_RARE, ParkedPage,
        ParkedRow, Question, Queued, Steps, TALLIES, Tallied, Tallies, queued,
    },
    store_error::StoreError,
    tenant::Tenant,
};

/// The [`Overview`] in a [`PostgresStore`], of one tenant.
#[derive(Clone, Debug)]
pub struct PostgresOverview {
    store: PostgresStore,
    tenant: Tenant,
}

impl PostgresOverview {
    /// That of `store` and the nameless tenant.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { store, tenant: Tenant::default() }
    }

    /// The same of another tenant.
    #[must_use]
    pub fn for_tenant(&self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self.clone() }
    }

    /// How the database would answer a first page of the contracts that `filter` lets through, in its own words.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    #[cfg(feature = "test-util")]
    pub async fn plan(&self, filter: &ContractFilter, limit: u32) -> Result<String, StoreError> {
        let questions = ContractQuestions::new(Dialect::Postgres, self.tenant.as_str(), filter);
        let Question { sql, cells } = questions.page(&QUEUE, None, None, limit);
        let rows = self.asked(&Question { sql: format!("EXPLAIN {sql}"), cells }).await?;
        let lines = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>();
        Ok(lines.map_err(PostgresError::from)?.join("\n"))
    }

    async fn asked(&self, Question { sql, cells }: &Question) -> Result<Vec<Row>, PostgresError> {
        let params: Vec<_> = cells.iter().map(param).collect();
        self.store.rows(sql, &params).await
    }

    /// Up to which place is looked through, if the index does not answer everything, and there are so many.
    async fn last_of(
        &self,
        questions: &ContractQuestions<'_>,
        number: u32,
        after: Option<ContractPlace>,
    ) -> Result<Option<ContractPlace>, PostgresError> {
        if questions.is_answered_by_index() {
            return Ok(None);
        }
        let rows = self.asked(&questions.last_of(number, after)).await?;
        let place = |row: &Row| {
            Ok::<_, PostgresError>(ContractPlace::new(
                instant(row.try_get(0)?),
                ContractId::new(row.try_get(1)?),
            ))
        };
        rows.first().map(place).transpose()
    }

    async fn page(
        &self,
        filter: &ContractFilter,
        after: Option<ContractPlace>,
        limit: u32,
    ) -> Result<ContractPage, PostgresError> {
        let questions = ContractQuestions::new(Dialect::Postgres, self.tenant.as_str(), filter);
        let last = self.last_of(&questions, LOOKED_THROUGH, after).await?;
        let rows = self.asked(&questions.page(&QUEUE, after, last, limit.saturating_add(1))).await?;
        let row = |row: &Row| Ok::<_, PostgresError>(ContractRow::new(standing_of_row(row)?, next(row)?));
        Ok(ContractPage::of(rows.iter().map(row).collect::<Result<_, _>>()?, limit, last))
    }

    async fn counted(&self, filter: &ContractFilter) -> Result<Counted, PostgresError> {
        let questions = ContractQuestions::new(Dialect::Postgres, self.tenant.as_str(), filter);
        let last = self.last_of(&questions, COUNTED, None).await?;
        let rows = self.asked(&questions.count(last, COUNTED + 1)).await?;
        Ok(Counted::to(number(rows.first())?, last.is_some()))
    }

    async fn held_page(&self, after: Option<&HeldPlace>, limit: u32) -> Result<HeldPage, PostgresError> {
        let most = i64::from(limit.saturating_add(1));
        let rows = match after {
            None => self.store.rows(&dollars(HELD), &[&self.tenant, &most]).await?,
            Some(HeldPlace { since, contract, data_field, candidate_field }) => {
                let (since, contract) = (since.as_millisecond(), contract.get());
                let params: [&(dyn ToSql + Sync); 6] =
                    [&self.tenant, &most, &since, &contract, data_field, candidate_field];
                self.store.rows(&dollars(HELD_AFTER), &params).await?
            }
        };
        Ok(HeldPage::of(rows.iter().map(held).collect::<Result<_, _>>()?, limit))
    }

    /// Whether so few contracts have this code that they are gone through rather than what is parked.
    async fn is_rare(&self, code: Option<&str>) -> Result<bool, PostgresError> {
        let Some(code) = code else { return Ok(false) };
        let row =
            self.store.row(&dollars(OF_CODE), &[&self.tenant, &code, &i64::from(LOOKED_THROUGH)]).await?;
        Ok(number(row.as_ref())? < LOOKED_THROUGH)
    }

    async fn added(&self, at: Timestamp, counts: &[(Tallied, u64)]) -> Result<(), PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = connection.transaction().await?;
        tally(&transaction, &self.tenant, at, counts).await?;
        transaction.commit().await.map_err(PostgresError::of_commit)
    }
}

/// What of the queue is read with a contract. What a process has claimed that is gone waits.
static QUEUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} AS run_at, coalesce({} IN (SELECT id FROM {} AS alive), false) AS is_running, {} AS parked_at",
        queued("run_at", "waiting"),
        queued("claimed_by", "waiting"),
        alive(),
        queued("parked_at", "parked")
    )
});

#[async_trait]
impl Overview for PostgresOverview {
    async fn contracts(
        &self,
        filter: &ContractFilter,
        after: Option<ContractPlace>,
        limit: u32,
    ) -> Result<ContractPage, StoreError> {
        Ok(self.page(filter, after, limit).await?)
    }

    async fn count(&self, filter: &ContractFilter) -> Result<Counted, StoreError> {
        Ok(self.counted(filter).await?)
    }

    async fn held(&self, after: Option<&HeldPlace>, limit: u32) -> Result<HeldPage, StoreError> {
        Ok(self.held_page(after, limit).await?)
    }

    async fn held_count(&self) -> Result<Counted, StoreError> {
        let row = self.store.row(&dollars(HELD_COUNT), &[&self.tenant, &i64::from(COUNTED + 1)]).await?;
        Ok(Counted::to(number(row.as_ref())?, false))
    }

    async fn parked(
        &self,
        code: Option<&str>,
        after: Option<ContractId>,
        limit: u32,
    ) -> Result<ParkedPage, StoreError> {
        let (after, most) = (after.map_or(i64::MIN, ContractId::get), i64::from(limit.saturating_add(1)));
        let params: [&(dyn ToSql + Sync); 4] = [&self.tenant, &after, &code, &most];
        let question = if self.is_rare(code).await? { PARKED_OF_RARE } else { PARKED };
        let rows = self.store.rows(&dollars(question), &params).await?;
        Ok(ParkedPage::of(rows.iter().map(parked).collect::<Result<_, _>>()?, limit))
    }

    async fn parked_count(&self, code: Option<&str>) -> Result<Counted, StoreError> {
        let params: [&(dyn ToSql + Sync); 3] = [&self.tenant, &code, &i64::from(COUNTED + 1)];
        let question = if self.is_rare(code).await? { PARKED_COUNT_OF_RARE } else { PARKED_COUNT };
        let row = self.store.row(&dollars(question), &params).await?;
        Ok(Counted::to(number(row.as_ref())?, false))
    }

    async fn parked_codes(&self) -> Result<Vec<String>, StoreError> {
        let rows =
            self.store.rows(&dollars(PARKED_CODES), &[&self.tenant, &i64::from(LOOKED_THROUGH)]).await?;
        let code = |row: &Row| Ok::<_, PostgresError>(row.try_get(0)?);
        Ok(rows.iter().map(code).collect::<Result<_, _>>()?)
    }

    async fn tallies(&self, now: Timestamp, hours: u32, steps: u32) -> Result<Vec<Tallies>, StoreError> {
        let steps = Steps::until(now, hours, steps);
        let params: [&(dyn ToSql + Sync); 4] = [&self.tenant, &steps.first, &steps.end, &steps.hours];
        let rows = self.store.rows(&dollars(TALLIES), &params).await?;
        let row = |row: &Row| Ok::<_, PostgresError>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        Ok(steps.filled(rows.iter().map(row).collect::<Result<_, _>>()?))
    }

    async fn tally(&self, at: Timestamp, counts: &[(Tallied, u64)]) -> Result<(), StoreError> {
        Ok(self.added(at, counts).await?)
    }
}

fn param(cell: &Cell) -> &(dyn ToSql + Sync) {
    match cell {
        Cell::Number(number) => number,
        Cell::Text(text) => text,
    }
}

/// A question of both databases, with the signs of this one for its values.
fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

fn number(row: Option<&Row>) -> Result<u32, PostgresError> {
    let number: i64 = row.ok_or(PostgresError::Row("standing"))?.try_get(0)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

fn next(row: &Row) -> Result<Option<Queued>, PostgresError> {
    let (due, parked): (Option<i64>, Option<i64>) = (row.try_get("run_at")?, row.try_get("parked_at")?);
    Ok(Queued::of(due.map(instant), row.try_get("is_running")?, parked.map(instant)))
}

fn parked(row: &Row) -> Result<ParkedRow, PostgresError> {
    let (attempts, codes): (i64, String) = (row.try_get(2)?, row.try_get(4)?);
    let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
    let (at, reason): (i64, String) = (row.try_get(1)?, row.try_get(3)?);
    let parked = Parked::new(ContractId::new(row.try_get(0)?), instant(at), attempts, reason);
    Ok(ParkedRow::new(parked.codes(of_words(&codes)), row.try_get::<_, Option<i64>>(5)?.map(instant)))
}

fn held(row: &Row) -> Result<HeldField, PostgresError> {
    Ok(HeldField {
        contract: ContractId::new(row.try_get("contract_id")?),
        candidate: row.try_get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
        data_field: row.try_get("data_field")?,
        candidate_field: row.try_get("candidate_field")?,
        reason: row.try_get("reason")?,
        since: instant(row.try_get("since")?),
        looked_at: instant(row.try_get("looked_at")?),
        plan: row.try_get("plan")?,
        relation: row.try_get("relation")?,
    })
}
