//! From one database into another: everything that a host keeps, row by row, and compared in the end.

mod side;
mod sqlite_side;
mod tables;

use std::{
    fmt, io,
    path::{PathBuf, absolute},
};

use secrecy::SecretString;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::sqlite_side::SqliteSide;
pub use self::tables::{CopiedColumn, CopiedKind, CopiedTable, copied_tables};
pub(super) use self::{side::Side, tables::TABLES};
use super::{postgres_address::PostgresAddress, store_error::StoreError};

/// Rows that one transaction adds: a second of work at most, and some megabytes in memory.
const BATCH: u32 = 1000;

/// A database from which, or into which, is copied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StoreEnd {
    /// The file of a SQLite database.
    Sqlite(PathBuf),
    /// A PostgreSQL database, with the password of its user.
    Postgres(PostgresAddress, Option<SecretString>),
}

impl StoreEnd {
    /// The same from any working directory: a copy that is taken up again knows its source by it.
    fn absolute(self) -> io::Result<Self> {
        match self {
            Self::Sqlite(path) => Ok(Self::Sqlite(absolute(path)?)),
            other @ Self::Postgres(..) => Ok(other),
        }
    }

    async fn open(&self, is_source: bool) -> Result<Box<dyn Side>, CopyError> {
        let opened: Result<Box<dyn Side>, StoreError> = match self {
            Self::Sqlite(path) if is_source => SqliteSide::source(path).map(|side| Box::new(side) as _),
            Self::Sqlite(path) => SqliteSide::target(path).map(|side| Box::new(side) as _),
            #[cfg(feature = "postgres")]
            Self::Postgres(address, password) => {
                super::postgres::PostgresSide::open(address, password.as_ref(), is_source)
                    .await
                    .map(|side| Box::new(side) as _)
            }
            #[cfg(not(feature = "postgres"))]
            Self::Postgres(..) => Err(StoreError::WithoutPostgres),
        };
        opened.map_err(|error| {
            if let StoreError::Locked { path } | StoreError::BeingCopied { path } = error {
                CopyError::InUse { place: path }
            } else {
                error.into()
            }
        })
    }
}

/// Why a copy was not made, or is not whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the databases failed, or is not fit.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A server, a command or another copy uses it.
    #[error("the database {place} is in use")]
    InUse {
        /// Where it is.
        place: String,
    },
    /// Something is in the target that no copy has brought there.
    #[error("the database {place} is not empty: its table `{table}` has rows")]
    NotEmpty {
        /// Where it is.
        place: String,
        /// The first table with rows.
        table: &'static str,
    },
    /// The target holds a part of another database.
    #[error("the database {place} holds an unfinished copy of {other}")]
    OfAnother {
        /// Where it is.
        place: String,
        /// From where the copy comes.
        other: String,
    },
    /// What was written is not what is read back.
    #[error("the rows of `{table}` in the database {place} are not those that were copied")]
    Differs {
        /// Where it is.
        place: String,
        /// The table.
        table: &'static str,
    },
}

impl CopyError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Store(error) => error.advice(),
            Self::InUse { .. } => "stop every `smartsync` that uses it, then repeat the command",
            Self::NotEmpty { .. } => {
                "copy into a new database; to use this one after all, move its files away, or run `DROP SCHEMA smartsync CASCADE` in PostgreSQL"
            }
            Self::OfAnother { .. } => "finish that copy with the same command, or copy into a new database",
            Self::Differs { .. } => {
                "repeat the command; if it happens again, something else changes the rows: check the triggers of the database and its disk"
            }
        }
    }
}

/// What a copy has found and done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Copied {
    /// Whether it went on where an earlier one was cut off.
    pub resumed: bool,
    /// Each table, in the order in which they were copied.
    pub tables: Vec<CopiedRows>,
}

/// A table that is the same in both databases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CopiedRows {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has, in both.
    pub rows: u64,
    /// SHA-256 of its rows in the order of their keys, in hexadecimal.
    pub sha256: String,
}

/// Copies what a host keeps from one database into another that is empty: from SQLite to PostgreSQL, back, or between two of a kind. Both are locked against servers meanwhile, and
/// nobody writes to the source. Until each table was compared, the target is refused to everybody else.
///
/// It can be killed at any moment, and goes on from there when it is run again. Claims are not copied: what was being looked at waits.
///
/// ```
/// use smartsync::store::{SqliteState, State as _, StoreCopy, StoreEnd};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let (from, to) = (folder.path().join("from.db"), folder.path().join("to.db"));
/// let state = SqliteState::open(&from)?;
/// state.intake().accept("a callback id", smartsync::ContractId::new(9001).into()).await?;
/// # drop(state);
///
/// let copied = StoreCopy::new(StoreEnd::Sqlite(from), StoreEnd::Sqlite(to)).run().await?;
/// let waiting = copied.tables.iter().find(|table| table.table == "waiting").map(|table| table.rows);
/// assert_eq!(waiting, Some(1));
/// # Ok(())
/// # }
/// ```
pub struct StoreCopy {
    from: StoreEnd,
    to: StoreEnd,
    batch: u32,
    on_batch: Box<dyn FnMut(&'static str) + Send>,
}

impl StoreCopy {
    /// From one database into another.
    #[must_use]
    pub fn new(from: StoreEnd, to: StoreEnd) -> Self {
        Self { from, to, batch: BATCH, on_batch: Box::new(|_| ()) }
    }

    /// The same with so many rows in a transaction, at least one.
    #[must_use]
    pub fn batch(self, rows: u32) -> Self {
        Self { batch: rows.max(1), ..self }
    }

    /// The same, calling `on_batch` with the name of the table whenever some of its rows are on the disk of the target.
    #[must_use]
    pub fn on_batch(self, on_batch: impl FnMut(&'static str) + Send + 'static) -> Self {
        Self { on_batch: Box::new(on_batch), ..self }
    }

    /// Makes the copy, or what is missing of it.
    ///
    /// # Errors
    ///
    /// [`CopyError`]. What was copied stays, and the target is refused to everybody else, until a copy is whole.
    pub async fn run(mut self) -> Result<Copied, CopyError> {
        let unnamed = |error: io::Error| StoreError::Open {
            path: "in the working directory".to_owned(),
            source: std::sync::Arc::new(error),
        };
        let (from, to) =
            (self.from.clone().absolute().map_err(unnamed)?, self.to.clone().absolute().map_err(unnamed)?);
        let mut from = from.open(true).await?;
        if let Some(source) = from.mark().await? {
            return Err(StoreError::HalfCopied { path: from.place().to_owned(), from: source }.into());
        }
        let mut to = to.open(false).await?;
        let resumed = begin(&mut *to, from.place()).await?;
        for table in TABLES {
            self.copy(table, &mut *from, &mut *to).await?;
        }
        let mut tables = Vec::new();
        for table in TABLES {
            let original = digest(table, &mut *from, self.batch).await?;
            let mut is_equal = digest(table, &mut *to, self.batch).await? == original;
            if !is_equal && resumed {
                // What an earlier run has copied has changed in the source since.
                tracing::info!(
                    table = table.name,
                    "the rows have changed since the copy began: copying them again"
                );
                to.clear(table).await?;
                self.copy(table, &mut *from, &mut *to).await?;
                is_equal = digest(table, &mut *to, self.batch).await? == original;
            }
            if !is_equal {
                return Err(CopyError::Differs { place: to.place().to_owned(), table: table.name });
            }
            tables.push(original);
        }
        to.finish().await?;
        Ok(Copied { resumed, tables })
    }

    /// Copies the rows of a table that are behind the last one in the target.
    async fn copy(
        &mut self,
        table: &'static CopiedTable,
        from: &mut dyn Side,
        to: &mut dyn Side,
    ) -> Result<(), StoreError> {
        let after = to.last_key(table).await?;
        from.read(table, after).await?;
        loop {
            let rows = from.next(self.batch).await?;
            if rows.is_empty() {
                return Ok(());
            }
            to.write(table, &format!("[{}]", rows.join(","))).await?;
            (self.on_batch)(table.name);
            // SQLite waits for the disk within this task.
            tokio::task::yield_now().await;
        }
    }
}

impl fmt::Debug for StoreCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreCopy")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// Whether an earlier copy of `source` is taken up. Else one is begun, if the target is empty.
async fn begin(to: &mut dyn Side, source: &str) -> Result<bool, CopyError> {
    match to.mark().await? {
        Some(other) if other == source => return Ok(true),
        Some(other) => return Err(CopyError::OfAnother { place: to.place().to_owned(), other }),
        None => {}
    }
    for table in TABLES {
        if to.last_key(table).await?.is_some() {
            return Err(CopyError::NotEmpty { place: to.place().to_owned(), table: table.name });
        }
    }
    to.begin(source).await?;
    Ok(false)
}

/// Count and digest of the rows of a table, each as one line of JSON with sorted keys.
async fn digest(
    table: &'static CopiedTable,
    side: &mut dyn Side,
    batch: u32,
) -> Result<CopiedRows, StoreError> {
    let (mut rows, mut sha256) = (0, Sha256::new());
    side.read(table, None).await?;
    loop {
        let read = side.next(batch).await?;
        if read.is_empty() {
            return Ok(CopiedRows { table: table.name, rows, sha256: hex::encode(sha256.finalize()) });
        }
        for row in read {
            rows += 1;
            let row: serde_json::Value = serde_json::from_str(&row).map_err(StoreError::other)?;
            sha256.update(row.to_string());
            sha256.update("\n");
        }
        tokio::task::yield_now().await;
    }
}
