//! What the sync remembers, in the database: which candidate, and digests of what both sides last agreed on.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use oneflow_client::ContractId;
use serde::{Serialize, de::DeserializeOwned};
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use teamtailor_client::CandidateId;
use tokio_postgres::types::ToSql;

use super::{
    key_names::note_use,
    known::becomes_known,
    migrations::LOCKS,
    postgres_error::PostgresError,
    postgres_store::{NOW, PostgresStore},
};
use crate::{
    files::without_values::without_values,
    store::{
        item::{Item, Subject},
        kept_ledger::Erased,
        retention::KeepBases,
        store_error::StoreError,
        tenant::Tenant,
    },
};

/// Locks of what is remembered of a tenant, as the first half of an advisory lock's key.
const REMEMBERED: i32 = LOCKS + 1;

/// The contracts that are the candidate's (`$2`), by what is known of them, by the creation that made them, or by a write to the card
/// that was begun: a contract that only an address links is bound once its first write has ended. The last look may know it as well.
pub(super) const CONTRACTS_OF_CANDIDATE: &str =
    "SELECT contract_id FROM ledger WHERE tenant = $1 AND candidate_id = $2
     UNION SELECT named.contract FROM (
         SELECT (creation #>> '{created,contract}')::bigint AS contract FROM creations
             WHERE tenant = $1 AND creation #>> '{created,candidate}' = $2
         UNION SELECT (attempt ->> 'contract')::bigint FROM cards,
                 jsonb_path_query(cards.entry, '$.fields.*.attempts[*]') AS attempt
             WHERE tenant = $1 AND cards.candidate_id = $2
         UNION ALL SELECT contract_id FROM standing WHERE tenant = $1 AND candidate_id = $2
     ) AS named WHERE named.contract IS NOT NULL AND NOT EXISTS (
         SELECT FROM ledger WHERE tenant = $1 AND contract_id = named.contract AND candidate_id <> $2)";

/// The ledger of the engine in a [`PostgresStore`], of one tenant.
///
/// It holds ids and keyed digests. No value of a field and no name is in it.
#[derive(Clone, Debug)]
pub struct PostgresLedger {
    store: PostgresStore,
    tenant: Tenant,
    keep_bases: KeepBases,
    /// The name of the key under which rows are made.
    key: Option<Arc<str>>,
}

impl PostgresLedger {
    /// The ledger in `store`, of the nameless tenant.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { store, tenant: Tenant::default(), keep_bases: KeepBases::default(), key: None }
    }

    /// The same of a tenant.
    #[must_use]
    pub fn for_tenant(self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self }
    }

    /// The same with a time after which the digests of a contract in which nothing has changed are erased: with the next change of
    /// any other.
    #[must_use]
    pub fn keep_bases(self, keep_bases: KeepBases) -> Self {
        Self { keep_bases, ..self }
    }

    /// The same under the key of this name. It is noted again with each row: a configuration that counts since may have taken it for one under which
    /// there is nothing.
    #[must_use]
    pub(crate) fn under_key(self, name: Option<&str>) -> Self {
        Self { key: name.map(Into::into), ..self }
    }

    /// Whether the database names the candidate, be it as one who was forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn knows(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT FROM forgotten WHERE tenant = $1 AND candidate_id = $2)
            OR EXISTS (SELECT FROM cards WHERE tenant = $1 AND candidate_id = $2)
            OR EXISTS (SELECT FROM ledger WHERE tenant = $1 AND candidate_id = $2)
            OR EXISTS (SELECT FROM creations WHERE tenant = $1 AND candidate_id = $2)
            OR EXISTS (SELECT FROM looks WHERE tenant = $1 AND candidate_id = $2)
            OR EXISTS (SELECT FROM standing WHERE tenant = $1 AND candidate_id = $2)";
        let row = self.store.row(sql, &[&self.tenant, &candidate.as_str()]).await?;
        Ok(row.ok_or(PostgresError::Row("forgotten"))?.try_get(0).map_err(PostgresError::from)?)
    }

    /// Leaves the tombstone and erases nothing yet: from now on nothing is written for the candidate, and a look that is under way ends
    /// without another write. Returns whether there was none before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn bury(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let mut connection = self.store.connection().await?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
        let is_new = self.bury_in(&transaction, candidate).await?;
        transaction.commit().await.map_err(PostgresError::from)?;
        Ok(is_new)
    }

    /// Forgets a candidate, as [`Ledger::forget`] does, and says what was erased: everything in the database that names
    /// the candidate or one of its contracts, but for the tombstone, which is the candidate's id. The bytes are gone from the tables' files as
    /// soon as the server writes something else over them; its log and its backups keep them for as long as they are kept.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn erase(&self, candidate: &CandidateId) -> Result<Erased, StoreError> {
        let erased = self.erase_rows(candidate).await?;
        // Rows that are dead are still in the files. Where that is not allowed, the server does it later.
        if let Ok(connection) = self.store.connection().await {
            let clean = "VACUUM inbox, waiting, parked, ledger, cards, creations, looks, standing, standing_reasons, held";
            if let Err(error) = connection.batch_execute(clean).await {
                tracing::warn!(
                    error = %smartsync_transport::CauseChain(&PostgresError::from(error)),
                    "what was erased is left to the next clean-up of the database"
                );
            }
        }
        Ok(erased)
    }

    async fn erase_rows(&self, candidate: &CandidateId) -> Result<Erased, PostgresError> {
        let mut connection = self.store.connection().await?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
        let of_candidate: [&(dyn ToSql + Sync); 2] = [&self.tenant, &candidate.as_str()];
        // All at first, since each of the tables says which contracts are the candidate's.
        let rows = transaction.query(CONTRACTS_OF_CANDIDATE, &of_candidate).await?;
        let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
        let of_contracts: [&(dyn ToSql + Sync); 2] = [&self.tenant, &ids];
        let delete = async |sql: &str, params: &[&(dyn ToSql + Sync)]| {
            let count = transaction.execute(sql, params).await?;
            Ok::<_, PostgresError>(usize::try_from(count).unwrap_or(usize::MAX))
        };
        let of_items = |table: &str| {
            format!("DELETE FROM {table} WHERE tenant = $1 AND kind = 'contract' AND id = ANY ($2)")
        };
        // Rows are changed in one order, so that no two processes wait for each other.
        transaction
            .execute(
                "SELECT FROM waiting WHERE tenant = $1 AND kind = 'contract' AND id = ANY ($2) ORDER BY id FOR UPDATE",
                &of_contracts,
            )
            .await?;
        let (notifications, waiting, parked) = (
            delete(&of_items("inbox"), &of_contracts).await?,
            delete(&of_items("waiting"), &of_contracts).await?,
            delete(&of_items("parked"), &of_contracts).await?,
        );
        let contracts =
            delete("DELETE FROM ledger WHERE tenant = $1 AND contract_id = ANY ($2)", &of_contracts).await?;
        let looks = super::journal::erase(&transaction, &self.tenant, candidate, &ids).await?;
        delete("DELETE FROM cards WHERE tenant = $1 AND candidate_id = $2", &of_candidate).await?;
        let creations =
            delete("DELETE FROM creations WHERE tenant = $1 AND candidate_id = $2", &of_candidate).await?;
        let is_new = self.bury_in(&transaction, candidate).await?;
        transaction.commit().await?;
        Ok(Erased { is_new, contracts, creations, notifications, waiting, parked, looks })
    }

    async fn bury_in(
        &self,
        transaction: &Transaction<'_>,
        candidate: &CandidateId,
    ) -> Result<bool, PostgresError> {
        let insert = "INSERT INTO forgotten (tenant, candidate_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(transaction.execute(insert, &[&self.tenant, &candidate.as_str()]).await? > 0)
    }

    async fn updated(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let failed = |error: PostgresError| LedgerError::new(StoreError::from(error));
        let mut connection = self.store.connection().await.map_err(failed)?;
        let transaction = self.store.remembering(&mut connection, &self.tenant).await.map_err(failed)?;
        let updated = self.update_in(&transaction, change).await?;
        transaction.commit().await.map_err(|error| failed(error.into()))?;
        Ok(updated)
    }

    async fn update_in(
        &self,
        transaction: &Transaction<'_>,
        change: &LedgerChange,
    ) -> Result<Updated, LedgerError> {
        let read = async {
            self.retire(transaction, change.contract()).await?;
            self.before(transaction, change).await
        };
        let read = read.await;
        let Some(Before { entry, card, overwrites, seconds }) =
            read.map_err(|error| LedgerError::new(StoreError::from(error)))?
        else {
            return Ok(Updated::Done);
        };
        let (mut entry, mut card): (LedgerEntry, CardEntry) =
            (entry_or_default(entry)?, entry_or_default(card)?);
        let mut counted = overwrites.clone();
        let updated = change.apply(&mut entry, &mut card, &mut counted);
        let after = After {
            entry: to_text(&entry)?,
            card: to_text(&card)?,
            overwrites: (counted != overwrites).then_some(counted),
            seconds,
        };
        let saved = self.save(transaction, change, &after).await;
        saved.map_err(|error| LedgerError::new(StoreError::from(error)))?;
        Ok(updated)
    }

    /// `None`: the candidate was forgotten.
    async fn before(
        &self,
        transaction: &Transaction<'_>,
        change: &LedgerChange,
    ) -> Result<Option<Before>, PostgresError> {
        let sql = format!(
            "SELECT EXISTS (SELECT FROM forgotten WHERE tenant = $2 AND candidate_id = $3),
                 (SELECT entry::text FROM ledger WHERE tenant = $2 AND contract_id = $4),
                 (SELECT entry::text FROM cards WHERE tenant = $2 AND candidate_id = $3),
                 {} / 1000",
            NOW
        );
        let before = transaction.prepare_cached(&sql).await?;
        let (contract, candidate) = (change.contract().get(), change.candidate().as_str());
        let given = self.store.given_time();
        let row = transaction.query_one(&before, &[&given, &self.tenant, &candidate, &contract]).await?;
        if row.try_get(0)? {
            return Ok(None);
        }
        let overwrites = transaction.prepare_cached(OVERWRITES).await?;
        let overwrites = counts(&transaction.query(&overwrites, &[&self.tenant]).await?)?;
        Ok(Some(Before {
            entry: row.try_get(1)?,
            card: row.try_get(2)?,
            overwrites,
            seconds: row.try_get(3)?,
        }))
    }

    async fn save(
        &self,
        transaction: &Transaction<'_>,
        change: &LedgerChange,
        after: &After,
    ) -> Result<(), PostgresError> {
        note_use(transaction, self.key.as_deref()).await?;
        let item = Item::of(self.tenant.clone(), Subject::Contract(change.contract()));
        becomes_known(transaction, &item).await?;
        let (contract, candidate) = (change.contract().get(), change.candidate().as_str());
        let entry = transaction
            .prepare_cached(
                "INSERT INTO ledger AS known (tenant, contract_id, entry, changed_at) VALUES ($1, $2, $3::text::jsonb, $4)
                 ON CONFLICT (tenant, contract_id) DO UPDATE SET entry = excluded.entry, changed_at =
                     CASE WHEN known.entry = excluded.entry THEN known.changed_at ELSE excluded.changed_at END",
            )
            .await?;
        transaction.execute(&entry, &[&self.tenant, &contract, &after.entry, &after.seconds]).await?;
        let card = transaction
            .prepare_cached(
                "INSERT INTO cards (tenant, candidate_id, entry) VALUES ($1, $2, $3::text::jsonb)
                 ON CONFLICT (tenant, candidate_id) DO UPDATE SET entry = excluded.entry",
            )
            .await?;
        transaction.execute(&card, &[&self.tenant, &candidate, &after.card]).await?;
        if let Some(Overwrites { minutes, .. }) = &after.overwrites {
            transaction.execute("DELETE FROM overwrites WHERE tenant = $1", &[&self.tenant]).await?;
            let (minutes, counts): (Vec<i64>, Vec<i64>) =
                minutes.iter().map(|(minute, count)| (*minute, i64::from(*count))).unzip();
            let insert = "INSERT INTO overwrites (tenant, minute, count)
                SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])";
            transaction.execute(insert, &[&self.tenant, &minutes, &counts]).await?;
        }
        Ok(())
    }

    /// As [`retire`](crate::store::retention::retire) does it.
    async fn retire(&self, transaction: &Transaction<'_>, but: ContractId) -> Result<(), PostgresError> {
        let Some(keep) = self.keep_bases.duration() else { return Ok(()) };
        // Once retired, an entry is passed over until it changes.
        let retire = transaction
            .prepare_cached(&format!(
                "UPDATE ledger SET changed_at = $3, entry = (entry - 'bases') || '{{\"is_retired\": true}}'
                 WHERE tenant = $2 AND changed_at < {NOW} / 1000 - $4 AND contract_id <> $5"
            ))
            .await?;
        let (now, keep) = (self.store.given_time(), keep.as_secs().cast_signed());
        let retired =
            transaction.execute(&retire, &[&now, &self.tenant, &i64::MAX, &keep, &but.get()]).await?;
        if retired > 0 {
            let cards = "DELETE FROM cards WHERE tenant = $1 AND NOT EXISTS (
                SELECT FROM ledger WHERE tenant = $1 AND ledger.candidate_id = cards.candidate_id
                    AND NOT entry ? 'is_retired')";
            transaction.execute(cards, &[&self.tenant]).await?;
        }
        Ok(())
    }
}

const OVERWRITES: &str = "SELECT minute, count FROM overwrites WHERE tenant = $1";

/// What an update finds.
struct Before {
    entry: Option<String>,
    card: Option<String>,
    overwrites: Overwrites,
    /// Since 1970, by the clock of the store.
    seconds: i64,
}

/// What it leaves.
struct After {
    entry: String,
    card: String,
    /// `None`: as they were.
    overwrites: Option<Overwrites>,
    seconds: i64,
}

#[async_trait]
impl Ledger for PostgresLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        let sql = "SELECT entry::text FROM ledger WHERE tenant = $1 AND contract_id = $2";
        entry_or_default(self.text(sql, &[&self.tenant, &contract.get()]).await?)
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        let sql = "SELECT entry::text FROM cards WHERE tenant = $1 AND candidate_id = $2";
        entry_or_default(self.text(sql, &[&self.tenant, &candidate.as_str()]).await?)
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        let rows = self.store.rows(OVERWRITES, &[&self.tenant]).await.and_then(|rows| counts(&rows));
        rows.map_err(|error| LedgerError::new(StoreError::from(error)))
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.updated(change).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        let sql = "SELECT creation::text FROM creations WHERE tenant = $1 AND request_id = $2";
        let text = self.text(sql, &[&self.tenant, &request.to_string()]).await?;
        text.map(|text| from_text(&text)).transpose()
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        let (request, text) = (request.to_string(), to_text(creation)?);
        let saved = async {
            let mut connection = self.store.connection().await?;
            let transaction = self.store.remembering(&mut connection, &self.tenant).await?;
            let save = "INSERT INTO creations (tenant, request_id, creation)
                SELECT $1, $2, $3::text::jsonb
                WHERE NOT EXISTS (SELECT FROM forgotten WHERE tenant = $1 AND candidate_id = $4)
                ON CONFLICT (tenant, request_id) DO UPDATE SET creation = excluded.creation";
            let params: [&(dyn ToSql + Sync); 4] =
                [&self.tenant, &request, &text, &creation.candidate().as_str()];
            if transaction.execute(save, &params).await? > 0 {
                note_use(&transaction, self.key.as_deref()).await?;
            }
            transaction.commit().await?;
            Ok::<_, PostgresError>(())
        };
        saved.await.map_err(|error| LedgerError::new(StoreError::from(error)))
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let sql =
            "SELECT contract_id FROM ledger WHERE tenant = $1 AND candidate_id = $2 ORDER BY contract_id";
        let contracts = async {
            let rows = self.store.rows(sql, &[&self.tenant, &candidate.as_str()]).await?;
            let contracts = rows.iter().map(|row| Ok(ContractId::new(row.try_get(0)?)));
            contracts.collect::<Result<_, PostgresError>>()
        };
        contracts.await.map_err(|error| LedgerError::new(StoreError::from(error)))
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.erase(candidate).await.map(drop).map_err(LedgerError::new)
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM forgotten WHERE tenant = $1 AND candidate_id = $2";
        let rows = self.store.rows(sql, &[&self.tenant, &candidate.as_str()]).await;
        Ok(!rows.map_err(|error| LedgerError::new(StoreError::from(error)))?.is_empty())
    }
}

impl PostgresLedger {
    async fn text(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Option<String>, LedgerError> {
        let row = self.store.row(sql, params).await.and_then(|row| match row {
            Some(row) => Ok(row.try_get(0)?),
            None => Ok(None),
        });
        row.map_err(|error| LedgerError::new(StoreError::from(error)))
    }
}

fn counts(rows: &[tokio_postgres::Row]) -> Result<Overwrites, PostgresError> {
    let mut overwrites = Overwrites::default();
    for row in rows {
        let count: i64 = row.try_get(1)?;
        overwrites.minutes.insert(row.try_get(0)?, u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(overwrites)
}

fn to_text(value: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(LedgerError::new)
}

fn entry_or_default<T: Default + DeserializeOwned>(text: Option<String>) -> Result<T, LedgerError> {
    text.map_or_else(|| Ok(T::default()), |text| from_text(&text))
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|error| LedgerError::new(without_values(&error)))
}

impl PostgresStore {
    /// A transaction that changes what is remembered of a tenant, one at a time: what one finds is what the one before it has left.
    pub(super) async fn remembering<'a>(
        &self,
        connection: &'a mut deadpool_postgres::Object,
        tenant: &Tenant,
    ) -> Result<Transaction<'a>, PostgresError> {
        let transaction = connection.transaction().await?;
        let lock = transaction.prepare_cached("SELECT pg_advisory_xact_lock($1, hashtext($2))").await?;
        transaction.execute(&lock, &[&REMEMBERED, &tenant]).await?;
        Ok(transaction)
    }

    /// The rows that one statement reads.
    pub(super) async fn rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>, PostgresError> {
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await?;
        Ok(connection.query(&statement, params).await?)
    }

    /// The one row that one statement reads, if there is one.
    pub(super) async fn row(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<tokio_postgres::Row>, PostgresError> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }
}
