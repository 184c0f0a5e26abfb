//! A PostgreSQL database as one end of a copy.

use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use secrecy::SecretString;
use tokio::time::sleep;

use super::{
    copying::{COPYING, copied_from},
    migrations::LOCKS,
    postgres_error::PostgresError,
    postgres_store::connect_for_copy,
};
use crate::store::{
    copy::{CopiedColumn, CopiedKind, CopiedTable, Side, TABLES},
    postgres_address::PostgresAddress,
    store_error::StoreError,
};

/// A copy tries this often to have the database for itself: the connection of one that was killed is noticed within a second, and whoever opens a database asks
/// for a moment whether it is being copied.
const TRIES: u32 = 30;

/// How long to wait in between.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// A copy reads and writes much at once, and waits between two batches for the other end.
const SETTINGS: &str = "
    SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0;
    SET enable_seqscan = on;
";

/// The database as nobody else uses it until the connection ends.
pub(in crate::store) struct PostgresSide {
    client: ClientWrapper,
    place: String,
    is_source: bool,
    /// Whether a cursor is open.
    is_reading: bool,
}

impl PostgresSide {
    /// The database at `address`. Nobody writes a source until this is dropped.
    pub(in crate::store) async fn open(
        address: &PostgresAddress,
        password: Option<&SecretString>,
        is_source: bool,
    ) -> Result<Self, StoreError> {
        let client = connect_for_copy(address, password).await?;
        let place = address.to_string();
        if !only_user(&client).await? {
            return Err(StoreError::BeingCopied { path: place });
        }
        let side = Self { client, place, is_source, is_reading: false };
        side.batch(SETTINGS).await?;
        if is_source {
            let tables = TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", ");
            side.batch(&format!("BEGIN; LOCK TABLE {tables} IN SHARE MODE")).await?;
        }
        Ok(side)
    }

    async fn batch(&self, sql: &str) -> Result<(), PostgresError> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Ends what is read. The transaction of a source goes on: it has the locks.
    async fn end_reading(&mut self) -> Result<(), PostgresError> {
        if std::mem::take(&mut self.is_reading) {
            self.batch("CLOSE copied").await?;
            if !self.is_source {
                self.batch("COMMIT").await?;
            }
        }
        Ok(())
    }
}

/// Whether the connection has the database for itself.
async fn only_user(client: &ClientWrapper) -> Result<bool, PostgresError> {
    for _ in 0..TRIES {
        let row = client.query_one("SELECT pg_try_advisory_lock($1, $2)", &[&LOCKS, &COPYING]).await?;
        if row.try_get(0)? {
            return Ok(true);
        }
        sleep(RETRY_DELAY).await;
    }
    Ok(false)
}

#[async_trait]
impl Side for PostgresSide {
    fn place(&self) -> &str {
        &self.place
    }

    async fn mark(&mut self) -> Result<Option<String>, StoreError> {
        Ok(copied_from(&self.client).await?)
    }

    async fn begin(&mut self, source: &str) -> Result<(), StoreError> {
        let begin = async {
            let transaction = self.client.transaction().await?;
            transaction.batch_execute("CREATE TABLE copying (source text NOT NULL)").await?;
            transaction.execute("INSERT INTO copying VALUES ($1)", &[&source]).await?;
            Ok::<_, PostgresError>(transaction.commit().await?)
        };
        Ok(begin.await?)
    }

    async fn finish(&mut self) -> Result<(), StoreError> {
        // The next look comes after those that were copied.
        let finish = "
            BEGIN;
            SELECT setval(pg_get_serial_sequence('looks', 'id'), max(id)) FROM looks HAVING max(id) IS NOT NULL;
            DROP TABLE copying;
            COMMIT";
        self.end_reading().await?;
        Ok(self.batch(finish).await?)
    }

    async fn last_key(&mut self, table: &CopiedTable) -> Result<Option<String>, StoreError> {
        let backward: Vec<String> = key(table).iter().map(|column| format!("{column} DESC")).collect();
        let sql = format!(
            "SELECT json_build_array({})::text FROM {} ORDER BY {} LIMIT 1",
            table.key.join(", "),
            table.name,
            backward.join(", ")
        );
        self.end_reading().await?;
        let row = self.client.query_opt(&sql, &[]).await.map_err(PostgresError::from)?;
        Ok(row.map(|row| row.try_get(0)).transpose().map_err(PostgresError::from)?)
    }

    async fn read(&mut self, table: &'static CopiedTable, after: Option<String>) -> Result<(), StoreError> {
        self.end_reading().await?;
        let key = key(table).join(", ");
        let (mut later, mut begin) = (String::new(), String::new());
        if let Some(after) = after {
            // A cursor takes no parameters.
            let set = "SELECT set_config('smartsync.after', $1, false)";
            self.client.execute(set, &[&after]).await.map_err(PostgresError::from)?;
            let columns = table.key_columns().enumerate();
            let after: Vec<String> = columns
                .map(|(place, column)| taken("current_setting('smartsync.after')::json", place, column))
                .collect();
            later = format!("WHERE ({key}) > ({})", after.join(", "));
        }
        if !self.is_source {
            "BEGIN;".clone_into(&mut begin);
        }
        let declare = format!(
            "{begin} DECLARE copied NO SCROLL CURSOR FOR SELECT json_build_array({})::text FROM {} {later} ORDER BY {key}",
            table.names(),
            table.name
        );
        self.batch(&declare).await?;
        self.is_reading = true;
        Ok(())
    }

    async fn next(&mut self, limit: u32) -> Result<Vec<String>, StoreError> {
        if !self.is_reading {
            return Ok(Vec::new());
        }
        let rows = self.client.query(&format!("FETCH {limit} FROM copied"), &[]).await;
        let rows = rows.map_err(PostgresError::from)?;
        if rows.is_empty() {
            self.end_reading().await?;
        }
        let rows = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
        Ok(rows.map_err(PostgresError::from)?)
    }

    async fn write(&mut self, table: &CopiedTable, rows: &str) -> Result<(), StoreError> {
        let columns = table.columns.iter().enumerate();
        let taken: Vec<String> = columns.map(|(place, column)| taken("value", place, column)).collect();
        // A look keeps its number, which the database would give out by itself.
        let sql = format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM json_array_elements($1::text::json)",
            table.name,
            table.names(),
            taken.join(", ")
        );
        self.client.execute(&sql, &[&rows]).await.map_err(PostgresError::from)?;
        Ok(())
    }

    async fn clear(&mut self, table: &CopiedTable) -> Result<(), StoreError> {
        self.end_reading().await?;
        Ok(self.batch(&format!("DELETE FROM {}", table.name)).await?)
    }
}

/// The columns of the key, those with text in the order of their bytes.
fn key(table: &CopiedTable) -> Vec<String> {
    let ordered = |column: &CopiedColumn| match column.kind {
        CopiedKind::Text => format!("{} COLLATE \"C\"", column.name),
        CopiedKind::Number | CopiedKind::Truth | CopiedKind::Json => column.name.to_owned(),
    };
    table.key_columns().map(ordered).collect()
}

/// A column of a row that is an array in JSON.
fn taken(row: &str, place: usize, column: &CopiedColumn) -> String {
    match column.kind {
        CopiedKind::Text => format!("{row} ->> {place}"),
        CopiedKind::Number => format!("({row} ->> {place})::bigint"),
        CopiedKind::Truth => format!("({row} ->> {place})::boolean"),
        CopiedKind::Json => format!("({row} -> {place})::jsonb"),
    }
}
