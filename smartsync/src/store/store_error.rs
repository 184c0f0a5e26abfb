//! Why the database did not do its work, and what to do about it.

use std::{error::Error, path::Path, sync::Arc};

use super::database_file::is_damage;

/// Why the database did not do its work.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be made or opened.
    #[error("the database {path} cannot be opened")]
    Open {
        /// The file.
        path: String,
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The bytes of the file are no database, or no sound one.
    #[error("the database {path} is damaged, or is not a database")]
    Damaged {
        /// The file.
        path: String,
        /// What SQLite says.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The file that was opened lost its name: what is written into it would be lost with this process.
    #[error("the database {path} was removed or replaced while in use")]
    Moved {
        /// The name.
        path: String,
    },
    /// There is no file, and none was to be made.
    #[error("the database {path} does not exist")]
    Missing {
        /// The file.
        path: String,
    },
    /// The database was written by a newer version of this program.
    #[error("the database {path} was written by a newer version of this program (schema version {version})")]
    Newer {
        /// The file.
        path: String,
        /// Version of its tables.
        version: i64,
    },
    /// The database is on a disk of another machine, where locks and shared memory do not reach.
    #[error(
        "the database {path} is on a network file system ({kind}), where SQLite may lose what it has written"
    )]
    Network {
        /// The file.
        path: String,
        /// Of what kind the file system is.
        kind: &'static str,
    },
    /// Before the database stands a pool that gives each transaction another connection.
    #[error(
        "the database {path} is behind a connection pool in transaction mode, where what a connection has claimed would be anybody's"
    )]
    Pooled {
        /// The address.
        path: String,
    },
    /// The server of the database is not fit for this.
    #[error("the database {path} cannot be used: {why}")]
    Unsuitable {
        /// The address.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No encrypted connection to the database came about: nothing was told to whoever answers there, the password least of all.
    #[error("no encrypted connection to the database {path} can be made")]
    NoTls {
        /// The address.
        path: String,
        /// What to do about it.
        remedy: &'static str,
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The database is a PostgreSQL one, of which this program knows nothing.
    #[error("this program was built without PostgreSQL")]
    WithoutPostgres,
    /// Another server works on the database.
    #[error("another `smartsync serve` is running on the database {path}, or it is being copied")]
    Locked {
        /// The file.
        path: String,
    },
    /// A copy is made from the database, or into it.
    #[error("the database {path} is being copied by `smartsync store copy`")]
    BeingCopied {
        /// Where it is.
        path: String,
    },
    /// The database holds a part of another.
    #[error("the copy of {from} into the database {path} is not complete")]
    HalfCopied {
        /// Where it is.
        path: String,
        /// From where it is copied.
        from: String,
    },
    /// A transaction failed; nothing of it was kept.
    #[error("the database refused a transaction")]
    Transaction(#[source] Arc<dyn Error + Send + Sync>),
    /// What was erased is gone from the tables, and may still be read from the bytes of the file.
    #[error("the erased data is still in the free space of the database file, because the file was in use")]
    Scrub(#[source] Arc<dyn Error + Send + Sync>),
    /// A store of another kind failed.
    #[error("the store failed")]
    Other(#[source] Arc<dyn Error + Send + Sync>),
    /// The answer to a commit did not come: the transaction may have been kept as a whole, or not at all.
    #[error("whether the database has kept a transaction is not known")]
    Unanswered(#[source] Arc<dyn Error + Send + Sync>),
    /// Too many transactions wait.
    #[error("too many transactions are waiting for the disk")]
    Busy,
    /// A thousand contracts came under one callback id, and this is another. Oneflow sends one under an id: somebody sends copies of a
    /// notification that they have seen.
    #[error("too many contracts came under one callback id: they are altered copies of a notification")]
    TooManyUnderOneId,
    /// The writer is gone.
    #[error("the database is closed")]
    Closed,
}

/// What to do where nothing in the file can be used.
pub(crate) const START_AFRESH: &str = "restore it from a backup, or move it away with its `-wal` and `-shm` files and run `smartsync sync \
    --all`, which decides differing values as at first sight (see \"What it stores\" in the README); forgotten candidates have to be forgotten \
    again";

/// What to do about a database that is on another machine.
pub(crate) const ON_A_LOCAL_DISK: &str =
    "put it on a disk of the machine that runs `smartsync`, and set its path in `[store] url`";

impl StoreError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "stop the other server, or give this one its own database",
            Self::BeingCopied { .. } => {
                "wait until the copy is complete, then set the new database in `[store] url`"
            }
            Self::HalfCopied { .. } => {
                "repeat `smartsync store copy` with the same two databases until it says that the copy is complete"
            }
            Self::Missing { .. } => {
                "run the command in the working directory of `smartsync serve`, or write the full path in `[store] url`"
            }
            Self::Pooled { .. } => {
                "in `[store] url`, name the database itself, or a pool in session mode (`pool_mode = session` of PgBouncer)"
            }
            Self::NoTls { remedy, .. } => remedy,
            Self::Unsuitable { .. } => {
                "use PostgreSQL 14 or newer, and a database made with `ENCODING 'UTF8'`"
            }
            Self::WithoutPostgres => {
                "run one that was built with it (feature `postgres`), or write `sqlite://smartsync.db` in `[store] url`"
            }
            Self::Newer { .. } => "run the newer version of smartsync",
            Self::Network { .. } => ON_A_LOCAL_DISK,
            Self::Damaged { .. } => START_AFRESH,
            Self::Transaction(error) if error.downcast_ref().is_some_and(is_damage) => START_AFRESH,
            Self::Moved { .. } => {
                "stop the program, put the file back or leave the new one, and start it again; then run `smartsync sync --all`"
            }
            Self::Scrub(_) => {
                "the candidate is forgotten; repeat the command to erase the data from the file as well"
            }
            Self::TooManyUnderOneId => {
                "somebody has seen a notification: make a new sign key, and register the webhook again with it"
            }
            Self::Other(_) | Self::Unanswered(_) => "check the store and the way to it",
            Self::Open { .. } | Self::Transaction(_) | Self::Busy | Self::Closed => {
                "check `[store] url`, the disk and the permissions of the file and its folder"
            }
        }
    }

    /// Of a transaction that says so ([`Unanswered`](Self::Unanswered)): whether it may have been kept all the same.
    pub(crate) fn may_have_been_kept(&self) -> bool {
        // The writer may have gone with the answer.
        matches!(self, Self::Unanswered(_) | Self::Closed)
    }

    /// Of a store of another kind.
    #[must_use]
    pub fn other(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(Arc::from(source.into()))
    }

    pub(super) fn transaction(error: rusqlite::Error) -> Self {
        Self::Transaction(Arc::new(error))
    }

    /// A transaction that broke off.
    pub(super) fn fault() -> Self {
        Self::transaction(rusqlite::Error::ToSqlConversionFailure(
            "a bug in this program interrupted it".into(),
        ))
    }

    /// A file of the database that cannot be made or opened.
    pub(super) fn open(path: &Path, source: impl Error + Send + Sync + 'static) -> Self {
        Self::Open { path: path.display().to_string(), source: Arc::new(source) }
    }
}
