//! A SQLite database as one end of a copy.

use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    side::Side,
    tables::{CopiedKind, CopiedTable},
};
use crate::store::{
    database::{connect_alone, connect_for_copy, copied_from},
    server_lock::ServerLock,
    store_error::StoreError,
};

/// Its calls wait for the disk within the task: nothing else is done meanwhile.
pub(super) struct SqliteSide {
    connection: Connection,
    place: String,
    /// What is read, and after which key.
    reading: Option<(&'static CopiedTable, Option<String>)>,
    _lock: ServerLock,
}

impl SqliteSide {
    /// The database at `path`, from which is copied: it must be there, and nobody else has it open until this is dropped. Not even a command that waits,
    /// for a person's yes for example: what it wrote behind the copy would be in the old database only.
    pub(super) fn source(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.display().to_string() });
        }
        let lock = ServerLock::take(path)?;
        // It brings the tables up to this version.
        drop(connect_for_copy(path)?);
        Ok(Self::new(connect_alone(path)?, path, lock))
    }

    /// The database at `path`, into which is copied; made if it is not there.
    pub(super) fn target(path: &Path) -> Result<Self, StoreError> {
        Self::open(path)
    }

    fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = ServerLock::take(path)?;
        Ok(Self::new(connect_for_copy(path)?, path, lock))
    }

    fn new(connection: Connection, path: &Path, lock: ServerLock) -> Self {
        Self { connection, place: path.display().to_string(), reading: None, _lock: lock }
    }

    fn rows(
        &self,
        table: &CopiedTable,
        after: Option<&str>,
        limit: u32,
    ) -> rusqlite::Result<Vec<(String, String)>> {
        let (key, later) = (table.key.join(", "), later(table));
        let after_key = after.map_or(String::new(), |_| format!("WHERE ({key}) > ({later})"));
        let sql = format!(
            "SELECT json_array({key}), json_array({}) FROM {} {after_key} ORDER BY {key} LIMIT ?2",
            values(table),
            table.name
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map(params![after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

#[async_trait]
impl Side for SqliteSide {
    fn place(&self) -> &str {
        &self.place
    }

    async fn mark(&mut self) -> Result<Option<String>, StoreError> {
        copied_from(&self.connection).map_err(StoreError::transaction)
    }

    async fn begin(&mut self, source: &str) -> Result<(), StoreError> {
        let begin = || {
            let transaction = self.connection.unchecked_transaction()?;
            transaction.execute_batch("CREATE TABLE copying (source TEXT NOT NULL) STRICT")?;
            transaction.execute("INSERT INTO copying VALUES (?1)", [source])?;
            transaction.commit()
        };
        begin().map_err(StoreError::transaction)
    }

    async fn finish(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("DROP TABLE copying").map_err(StoreError::transaction)
    }

    async fn last_key(&mut self, table: &CopiedTable) -> Result<Option<String>, StoreError> {
        let backward = table.key.iter().map(|name| format!("{name} DESC")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT json_array({}) FROM {} ORDER BY {backward} LIMIT 1",
            table.key.join(", "),
            table.name
        );
        self.connection.query_row(&sql, [], |row| row.get(0)).optional().map_err(StoreError::transaction)
    }

    async fn read(&mut self, table: &'static CopiedTable, after: Option<String>) -> Result<(), StoreError> {
        self.reading = Some((table, after));
        Ok(())
    }

    async fn next(&mut self, limit: u32) -> Result<Vec<String>, StoreError> {
        let Some((table, after)) = self.reading.take() else { return Ok(Vec::new()) };
        let rows = self.rows(table, after.as_deref(), limit).map_err(StoreError::transaction)?;
        self.reading = rows.last().map(|(key, _)| (table, Some(key.clone())));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    async fn write(&mut self, table: &CopiedTable, rows: &str) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each(?1) ORDER BY key",
            table.name,
            table.names(),
            taken(table)
        );
        self.connection.execute(&sql, [rows]).map_err(StoreError::transaction)?;
        Ok(())
    }

    async fn clear(&mut self, table: &CopiedTable) -> Result<(), StoreError> {
        self.connection
            .execute(&format!("DELETE FROM {}", table.name), [])
            .map_err(StoreError::transaction)?;
        Ok(())
    }
}

/// The columns of a row, as JSON has them.
fn values(table: &CopiedTable) -> String {
    let value = |name: &str, kind| match kind {
        CopiedKind::Text | CopiedKind::Number => name.to_owned(),
        CopiedKind::Truth => {
            format!("json(CASE {name} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE 'null' END)")
        }
        CopiedKind::Json => format!("json({name})"),
    };
    table.columns.iter().map(|column| value(column.name, column.kind)).collect::<Vec<_>>().join(", ")
}

/// The columns of a row that is an array in JSON.
fn taken(table: &CopiedTable) -> String {
    let take = |place: usize, kind| match kind {
        CopiedKind::Json => format!("value -> '$[{place}]'"),
        CopiedKind::Text | CopiedKind::Number | CopiedKind::Truth => format!("value ->> '$[{place}]'"),
    };
    let columns = table.columns.iter().enumerate().map(|(place, column)| take(place, column.kind));
    columns.collect::<Vec<_>>().join(", ")
}

/// The key that is an array in JSON.
fn later(table: &CopiedTable) -> String {
    let places = 0..table.key.len();
    places.map(|place| format!("?1 ->> '$[{place}]'")).collect::<Vec<_>>().join(", ")
}
