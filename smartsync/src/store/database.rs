//! The database: one file, one thread that writes it, many commits in one.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io,
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};
use smartsync_core::{Clock, engine::SystemClock};
use tokio::sync::{mpsc, oneshot};

use super::{
    database_file::{OpenedFiles, is_damage},
    migrations::{SCHEMA_VERSION, migrate},
    reader::Reader,
    server_lock::{ServerLock, is_served},
    store_error::StoreError,
    writer::{Job, Writer, job},
};
use crate::files::{
    network_file_system::network_file_system,
    private_file::{folder, private_file, with_suffix},
};

/// Transactions that may wait for the writer. Beyond it a notification is refused at once.
const MAX_WAITING_TRANSACTIONS: usize = 1024;

/// How long to wait for another process that holds the database.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The SQLite database of this program. Cheap to clone: all clones share one writer.
///
/// A transaction is on the disk (`synchronous=FULL`) when its future resolves. Transactions that arrive while the
/// disk is busy share the next commit.
#[derive(Clone)]
pub struct Store {
    path: Arc<Path>,
    clock: Arc<dyn Clock>,
    jobs: mpsc::Sender<Box<dyn Job>>,
    reader: Arc<Reader>,
}

impl Store {
    /// Opens the database at `path`; makes it, readable by its owner only, if it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Open`], [`StoreError::Network`], [`StoreError::Damaged`], [`StoreError::Newer`] and [`StoreError::HalfCopied`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make(path)?;
        Self::connected(path)
    }

    /// Opens the database at `path`, which must be there: what is done to it would be for nothing in a new one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`], and those of [`Store::open`].
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        refuse_network(path, network_file_system)?;
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::Missing { path: path.display().to_string() })
            }
            Err(error) => Err(StoreError::open(path, error)),
            Ok(_) => Self::connected(path),
        }
    }

    fn connected(path: &Path) -> Result<Self, StoreError> {
        let connection = connect(path)?;
        if let Some(from) = copied_from(&connection).map_err(|error| StoreError::open(path, error))? {
            return Err(StoreError::HalfCopied { path: path.display().to_string(), from });
        }
        let files = Arc::new(OpenedFiles::of(path).map_err(|source| StoreError::open(path, source))?);
        let path: Arc<Path> = path.into();
        let reader = Arc::new(Reader::new(Arc::clone(&path), Arc::clone(&files)));
        let writer = Writer { connection, files, path: Arc::clone(&path) };
        let (jobs, queue) = mpsc::channel(MAX_WAITING_TRANSACTIONS);
        thread::Builder::new()
            .name("smartsync-store".to_owned())
            .spawn(move || writer.run(queue))
            .map_err(|source| StoreError::open(&path, source))?;
        Ok(Self { path, clock: Arc::new(SystemClock), jobs, reader })
    }

    /// The same, with another clock than the machine's. Clones that were made before keep theirs.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Milliseconds since 1970, as the tables keep them.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Takes the lock that a server holds while it runs.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] when another process has it, [`StoreError::Open`] when the lock file cannot be made.
    pub fn lock_server(&self) -> Result<ServerLock, StoreError> {
        ServerLock::take(&self.path)
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

    /// Reads what is committed. Neither waits for the writer nor holds it up.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let reader = Arc::clone(&self.reader);
        tokio::task::spawn_blocking(move || reader.read(work)).await.map_err(|_| StoreError::fault())?
    }

    /// Changes with every commit, of whatever process. Costs a look at the head of the log.
    pub(crate) async fn version(&self) -> Result<i64, StoreError> {
        // On the connection that reads: it tells of the commits of all others.
        self.read(|tx| tx.pragma_query_value(None, "data_version", |row| row.get(0))).await
    }

    /// Rewrites the file without its free space, so that what was erased is in none of its bytes, nor in those of the
    /// write-ahead log. Transactions wait meanwhile.
    pub(crate) async fn scrub(&self) -> Result<(), StoreError> {
        let path = Arc::clone(&self.path);
        let (done, result) = oneshot::channel();
        thread::Builder::new()
            .name("smartsync-scrub".to_owned())
            // Whoever asked may be gone.
            .spawn(move || done.send(scrub(&path).map(|()| sync_log(&path))).ok())
            .map_err(|source| StoreError::open(&self.path, source))?;
        let scrubbed = result.await.map_err(|_| StoreError::Closed)?;
        scrubbed
            .map_err(|error| StoreError::Scrub(Arc::new(error)))?
            .map_err(|error| StoreError::open(&self.path, error))
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

fn refuse_network(
    path: &Path,
    network_file_system: impl Fn(&Path) -> Option<&'static str>,
) -> Result<(), StoreError> {
    let kind = network_file_system(folder(path));
    kind.map_or(Ok(()), |kind| Err(StoreError::Network { path: path.display().to_string(), kind }))
}

/// Makes the file unless it is there. Done before SQLite does it: the write-ahead log then takes over its mode. One that is there is left to SQLite. Whoever
/// closes a file gives up every lock of the process on it, so this one is closed before SQLite takes any.
fn make(path: &Path) -> Result<(), StoreError> {
    refuse_network(path, network_file_system)?;
    match private_file(OpenOptions::new().write(true).create_new(true), path).map(drop) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::open(path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A connection to the database at `path` whatever copy it holds, for one that is made. The file is made if it is not there.
pub(super) fn connect_for_copy(path: &Path) -> Result<Connection, StoreError> {
    make(path)?;
    connect(path)
}

/// The only connection to the database at `path`, which is up to date, in a transaction. While it is there, nobody else opens the database, and it is not had
/// while somebody has it open.
pub(super) fn connect_alone(path: &Path) -> Result<Connection, StoreError> {
    let connect = || {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // Before the first access, else it would only keep others from writing.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(connection)
    };
    connect().map_err(|error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => StoreError::Locked { path: path.display().to_string() },
        _ => StoreError::open(path, error),
    })
}

/// From where an unfinished copy comes that the database holds.
pub(super) fn copied_from(connection: &Connection) -> rusqlite::Result<Option<String>> {
    if !connection.table_exists(None, "copying")? {
        return Ok(None);
    }
    connection.query_row("SELECT source FROM copying", [], |row| row.get(0)).map(Some)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| {
        if is_damage(&error) {
            StoreError::Damaged { path: path.display().to_string(), source: Arc::new(error) }
        } else if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
            && is_served(path).unwrap_or(false)
        {
            // A server has its lock as well, and none writes for as long as we wait.
            StoreError::BeingCopied { path: path.display().to_string() }
        } else {
            StoreError::open(path, error)
        }
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
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(connection)
}

/// On a connection of its own: neither step may be in a transaction.
fn scrub(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("VACUUM")?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(code, Some("the log is being read".to_owned())));
    }
    Ok(())
}

/// SQLite shortens the log and leaves it to the system when the disk knows: until then its bytes would be back after a power cut. Locks are
/// held on the other two files only, so closing this one gives none up.
fn sync_log(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(with_suffix(path, "-wal")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        log => log?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No such file system can be had in a test, so what the system says of it is made up.
    #[test]
    fn a_database_on_another_machine_is_refused_with_the_remedy() {
        let of = |folder: &Path| (folder == Path::new("/mnt/shared")).then_some("NFS");
        let error = refuse_network(Path::new("/mnt/shared/smartsync.db"), of).unwrap_err();
        assert_eq!(
            format!("{error}: {}", error.advice()),
            "the database /mnt/shared/smartsync.db is on a network file system (NFS), where SQLite may lose what it has written: put it \
             on a disk of the machine that runs `smartsync`, and set its path in `[store] url`"
        );
        refuse_network(Path::new("/mnt/local/smartsync.db"), of).unwrap();
        refuse_network(Path::new("smartsync.db"), |folder| (folder != Path::new(".")).then_some("NFS"))
            .unwrap();
    }

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
