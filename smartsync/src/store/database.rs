//! The database: one file, one thread that writes it, many commits in one.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::{
    files::key_file::{beside, private_file},
    store::database_file::{OpenedFiles, is_damage},
};

/// The steps from an empty database to the tables of this version, in order. A database of version `n` lacks all but
/// the first `n`. Steps are only ever added.
///
/// `inbox` and `dirty` are what has to be done, `ledger`, `cards` and `creations` what the sync remembers, `forgotten` whom it
/// must not remember, `keys` the names of the keys that it was made under, `accounts` whose it is, `overwrites` how much was overwritten
/// in the last hour, `dead` what a person has to look at. None holds a value of a field or a name.
const MIGRATIONS: [&str; 8] = [TABLES, TOMBSTONES, CARDS, WAITS, KEYS, LIMITS, CHANGES, PROOFS];

const TABLES: &str = "
    CREATE TABLE inbox (
        callback_id TEXT PRIMARY KEY,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    CREATE TABLE dirty (
        contract_id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        claimed_generation INTEGER,
        claimed_until INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT
    ) STRICT;
    CREATE INDEX dirty_by_time ON dirty (run_at);
    CREATE TABLE ledger (contract_id INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
    CREATE TABLE creations (request_id TEXT PRIMARY KEY, creation TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE dead (
        contract_id INTEGER PRIMARY KEY,
        parked_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
";

/// A creation once was only the contract's id; the ledger knows whose it is.
const TOMBSTONES: &str = "
    CREATE TABLE forgotten (candidate_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_by_candidate ON ledger (entry ->> '$.candidate');
    UPDATE creations SET creation = json_object('created', json_object(
        'candidate', coalesce((
            SELECT entry ->> '$.candidate' FROM ledger WHERE contract_id = creation ->> '$.created'
        ), ''),
        'contract', creation ->> '$.created'
    )) WHERE creation ->> '$.created' IS NOT NULL;
";

/// What the sync itself has put on a candidate's card, through whichever contract. An empty id is none, so a creation of which
/// it is not known whose it was gets a word in its place.
const CARDS: &str = "
    CREATE TABLE cards (candidate_id TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    UPDATE creations SET creation = json_set(creation, '$.created.candidate', 'unknown')
        WHERE creation ->> '$.created.candidate' = '';
";

/// Several contracts may have come under one callback id: its signature covers the id alone. Of a contract that waits it is known
/// until when it does of our own accord (`retry_at`), until when since a service asked for it or it has just been looked at
/// (`not_before`), which failures were its own (`faults`), what fails it and every other (`outage`), and whether it is looked at
/// after everything else (`is_last`).
const WAITS: &str = "
    CREATE TABLE notifications (
        callback_id TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (callback_id, contract_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO notifications SELECT callback_id, contract_id, received_at FROM inbox;
    DROP TABLE inbox;
    ALTER TABLE notifications RENAME TO inbox;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    ALTER TABLE dirty ADD COLUMN retry_at INTEGER;
    ALTER TABLE dirty ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE dirty ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE dirty ADD COLUMN outage TEXT;
    ALTER TABLE dirty ADD COLUMN is_last INTEGER NOT NULL DEFAULT 0;
    UPDATE dirty SET retry_at = run_at WHERE attempts > 0;
    DROP INDEX dirty_by_time;
    CREATE INDEX dirty_by_turn ON dirty (is_last, run_at);
";

/// The names of the keys under which there are rows: see `key_names`.
const KEYS: &str = "
    CREATE TABLE keys (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// For which accounts the database is, by service (see `accounts`), and how many values of cards were overwritten, by minute.
const LIMITS: &str = "
    CREATE TABLE accounts (service TEXT PRIMARY KEY, account TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE overwrites (minute INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
";

/// When the entry of a contract has last changed, in seconds: `retention` goes by it. Of those that are there nobody knows, so they count as
/// changed now.
const CHANGES: &str = "
    ALTER TABLE ledger ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
    UPDATE ledger SET changed_at = unixepoch();
    CREATE INDEX ledger_by_change ON ledger (changed_at);
";

/// Earlier versions did not note by what a contract was bound. Of one that was made here for its candidate, the creation is the proof,
/// also where its token is gone or signed with a key that counts no more.
const PROOFS: &str = "
    UPDATE ledger SET entry = json_set(entry, '$.linked_by', 'ledger')
        WHERE coalesce(entry ->> '$.linked_by', 'email') = 'email' AND (contract_id, entry ->> '$.candidate') IN (
            SELECT creation ->> '$.created.contract', creation ->> '$.created.candidate' FROM creations
        );
";

/// Counts up when the tables change.
pub(crate) const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Transactions that may wait for the writer. Beyond it a notification is refused at once.
const QUEUE: usize = 1024;

/// Transactions that share one commit at most.
const GROUP: usize = 256;

/// A server tries this often to get its lock: a command that asks whether there is one holds it for a moment.
const LOCK_TRIES: u32 = 10;

/// How long to wait in between.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How long to wait for another process that holds the database.
const BUSY: Duration = Duration::from_secs(5);

/// The SQLite database of this program. Cheap to clone: all clones share one writer.
///
/// A transaction is on the disk (`synchronous=FULL`) when its future resolves. Transactions that arrive while the
/// disk is busy share the next commit.
#[derive(Clone)]
pub struct Store {
    path: Arc<Path>,
    jobs: mpsc::Sender<Box<dyn Job>>,
}

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
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The bytes of the file are no database, or no sound one.
    #[error("the database {path} is damaged, or is none")]
    Damaged {
        /// The file.
        path: String,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// The file that was opened lost its name: what is written into it would be lost with this process.
    #[error("the database {path} was removed or replaced while it was in use")]
    Moved {
        /// The name.
        path: String,
    },
    /// There is no file, and none was to be made.
    #[error("there is no database {path}")]
    Missing {
        /// The file.
        path: String,
    },
    /// The database was written by a newer version of this program.
    #[error(
        "the database {path} was written by a newer version of this program (tables of version {version})"
    )]
    Newer {
        /// The file.
        path: String,
        /// Version of its tables.
        version: i64,
    },
    /// Another server works on the database.
    #[error("another `smartsync serve` works on the database {path}")]
    Locked {
        /// The file.
        path: String,
    },
    /// A transaction failed; nothing of it was kept.
    #[error("the database refused a transaction")]
    Transaction(#[source] Arc<rusqlite::Error>),
    /// What was erased is gone from the tables, and may still be read from the bytes of the file.
    #[error("what was erased is still in the free space of the database file, which was in use")]
    Scrub(#[source] Arc<rusqlite::Error>),
    /// Too many transactions wait.
    #[error("too many transactions wait for the disk")]
    Busy,
    /// The writer is gone.
    #[error("the database is closed")]
    Closed,
}

/// Proof that no other server works on the database. Given back on drop, and by the system when the process dies.
#[derive(Debug)]
pub struct ServerLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

/// Whether a server works on the database at `path`. The lock is taken and given back at once.
pub(crate) fn is_served(path: &Path) -> io::Result<bool> {
    let file = match File::open(beside(path, ".lock")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A transaction that waits for the writer.
trait Job: Send {
    /// Does the work; whether it is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Tells the caller, once it is known whether the disk has it.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Work<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection).map_err(StoreError::transaction));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::fault()));
        // The caller may be gone: a closed connection, a passed deadline.
        self.caller.send(committed.and(outcome)).ok();
    }
}

/// What to do where nothing in the file can be used.
pub(crate) const START_AFRESH: &str = "restore it from a backup, or move it away with its `-wal` and `-shm` files and run \
    `smartsync sync --all`, which decides differing values as at first sight (see \"What it keeps\" in the README); who was forgotten has to be \
    forgotten again";

impl StoreError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "stop the other server, or give this one a database of its own",
            Self::Missing { .. } => {
                "run the command in the folder of `smartsync serve`, or write the whole path in `[store] url`"
            }
            Self::Newer { .. } => "run the newer version of smartsync",
            Self::Damaged { .. } => START_AFRESH,
            Self::Transaction(error) if is_damage(error) => START_AFRESH,
            Self::Moved { .. } => {
                "stop the program, put the file back or leave the new one, and start it again; then run `smartsync sync --all`"
            }
            Self::Scrub(_) => "the candidate is forgotten; repeat the command to clean the file as well",
            Self::Open { .. } | Self::Transaction(_) | Self::Busy | Self::Closed => {
                "check `[store] url`, the disk and the rights on the file and its folder"
            }
        }
    }

    fn transaction(error: rusqlite::Error) -> Self {
        Self::Transaction(Arc::new(error))
    }

    /// A transaction that broke off.
    fn fault() -> Self {
        Self::transaction(rusqlite::Error::ToSqlConversionFailure(
            "a fault in this program broke it off".into(),
        ))
    }
}

impl Store {
    /// Opens the database at `path`; makes it, readable by its owner only, if it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Open`], [`StoreError::Damaged`] and [`StoreError::Newer`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        // Made before SQLite does it: the write-ahead log then takes over its mode. One that is there is left to SQLite. Whoever
        // closes a file gives up every lock of the process on it, so this one is closed before SQLite takes any.
        match private_file(OpenOptions::new().write(true).create_new(true), path).map(drop) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(open_error(path, error)),
            Ok(()) | Err(_) => Self::connected(path),
        }
    }

    /// Opens the database at `path`, which must be there: what is done to it would be for nothing in a new one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`], and those of [`Store::open`].
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::Missing { path: path.display().to_string() })
            }
            Err(error) => Err(open_error(path, error)),
            Ok(_) => Self::connected(path),
        }
    }

    fn connected(path: &Path) -> Result<Self, StoreError> {
        let connection = connect(path)?;
        let files = OpenedFiles::of(path).map_err(|source| open_error(path, source))?;
        let writer = Writer { connection, files, path: path.into() };
        let (jobs, queue) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("smartsync-store".to_owned())
            .spawn(move || writer.run(queue))
            .map_err(|source| open_error(path, source))?;
        Ok(Self { path: path.into(), jobs })
    }

    /// Takes the lock that a server holds while it runs.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] when another process has it, [`StoreError::Open`] when the lock file cannot be made.
    pub fn lock_server(&self) -> Result<ServerLock, StoreError> {
        let lock = beside(&self.path, ".lock");
        let file = private_file(OpenOptions::new().write(true).create(true).truncate(false), &lock)
            .map_err(|source| open_error(&self.path, source))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(ServerLock(file)),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(source)) => return Err(open_error(&self.path, source)),
            }
        }
        Err(StoreError::Locked { path: self.path.display().to_string() })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a server works on the database, or may do so for all that is known.
    pub(crate) fn may_be_served(&self) -> bool {
        is_served(&self.path).unwrap_or(true)
    }

    /// Runs `work` in a transaction and returns once it is on the disk.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, result) = job(work);
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Rewrites the file without its free space, so that what was erased is in none of its bytes, nor in those of the
    /// write-ahead log. Transactions wait meanwhile.
    pub(crate) async fn scrub(&self) -> Result<(), StoreError> {
        let path = Arc::clone(&self.path);
        let (done, result) = oneshot::channel();
        thread::Builder::new()
            .name("smartsync-scrub".to_owned())
            // Whoever asked may be gone.
            .spawn(move || done.send(scrub(&path)).ok())
            .map_err(|source| open_error(&self.path, source))?;
        let scrubbed = result.await.map_err(|_| StoreError::Closed)?;
        scrubbed.map_err(|error| StoreError::Scrub(Arc::new(error)))
    }

    /// Like [`Store::transaction`], refused at once when too many wait.
    pub(crate) async fn transaction_if_free<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, result) = job(work);
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        result.await.map_err(|_| StoreError::Closed)?
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

fn open_error(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Open { path: path.display().to_string(), source: Arc::new(source) }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| match is_damage(&error) {
        true => StoreError::Damaged { path: path.display().to_string(), source: Arc::new(error) },
        false => open_error(path, error),
    };
    let mut connection = Connection::open(path).map_err(failed)?;
    let version = prepare(&mut connection).map_err(failed)?;
    if version != SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.display().to_string(), version });
    }
    Ok(connection)
}

/// Sets the connection up, brings the tables up to this version unless they are of a newer one, and returns theirs.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A version that this program cannot have written is left as it is.
    let Some(missing) = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..)) else {
        return Ok(version);
    };
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(SCHEMA_VERSION)
}

/// On a connection of its own: neither step may be in a transaction.
fn scrub(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch("VACUUM")?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(code, Some("the log is being read".to_owned())));
    }
    Ok(())
}

fn job<T, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
{
    let (caller, result) = oneshot::channel();
    (Box::new(Work { work: Some(work), outcome: None, caller }), result)
}

/// The one that writes: takes what waits, commits it at once, answers. Ends with the last clone of the store.
struct Writer {
    connection: Connection,
    files: OpenedFiles,
    path: Arc<Path>,
}

impl Writer {
    fn run(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>) {
        let mut group = Vec::new();
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            let committed = self.commit(&mut group);
            for job in group.drain(..) {
                job.answer(committed.clone());
            }
        }
    }

    /// Looked at before and after: what was committed into a file without a name is not kept.
    fn commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.in_place()?;
        commit(&mut self.connection, group).map_err(StoreError::transaction)?;
        self.in_place()
    }

    fn in_place(&self) -> Result<(), StoreError> {
        if self.files.are_in_place() {
            Ok(())
        } else {
            Err(StoreError::Moved { path: self.path.display().to_string() })
        }
    }
}

fn commit(connection: &mut Connection, group: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in group {
        // A failed job takes back its own changes and nobody else's.
        let savepoint = transaction.savepoint()?;
        // Nor does one that breaks off end the writer, and with it everything else.
        let is_kept = catch_unwind(AssertUnwindSafe(|| job.run(&savepoint))).unwrap_or(false);
        if is_kept { savepoint.commit()? } else { savepoint.finish()? }
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_fails_takes_back_its_own_changes_and_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db")).unwrap();
        let add = |contract: i64, twice: bool| {
            store.transaction(move |tx| {
                for _ in 0..=i32::from(twice) {
                    tx.execute("INSERT INTO ledger (contract_id, entry) VALUES (?1, '{}')", [contract])?;
                }
                Ok(())
            })
        };
        // Polled together, so that they wait together and share a commit.
        let (first, failing, last) = tokio::join!(add(1, false), add(2, true), add(3, false));
        first.unwrap();
        assert!(matches!(failing, Err(StoreError::Transaction(_))));
        last.unwrap();
        let kept = store.transaction(|tx| {
            let mut statement = tx.prepare("SELECT contract_id FROM ledger ORDER BY contract_id")?;
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()
        });
        assert_eq!(kept.await.unwrap(), [1, 3]);
    }

    #[tokio::test]
    async fn a_transaction_that_breaks_off_takes_back_its_changes_and_ends_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db")).unwrap();
        let broken = store.transaction(|tx| -> rusqlite::Result<()> {
            tx.execute("INSERT INTO ledger (contract_id, entry) VALUES (1, '{}')", [])?;
            panic!("a fault");
        });
        assert!(matches!(broken.await, Err(StoreError::Transaction(_))));
        let rows = store.transaction(|tx| tx.query_row("SELECT count(*) FROM ledger", [], |row| row.get(0)));
        assert_eq!(rows.await.map(|rows: i64| rows).unwrap(), 0);
    }
}
