//! The database as a file: whether it is still the one that was opened, and what is in one that is not opened for work.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use oneflow_client::ContractId;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use smartsync_core::Accounts;

use crate::{
    files::private_file::with_suffix,
    store::{self_description, tenant::Tenant},
};

/// The files of an open database, as their names led to them when it was opened. A file that loses its name goes on taking what
/// is written, and all of it is gone with the process.
#[derive(Debug)]
pub(crate) struct OpenedFiles(Vec<(PathBuf, FileId)>);

/// Device and number of a file. Where the system lets nobody remove an open file, all are the same.
type FileId = (u64, u64);

impl OpenedFiles {
    /// Of the database at `path`: the file itself, its log, and the index of the log.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut files = vec![(path.to_owned(), file_id(path)?)];
        for log in ["-wal", "-shm"].map(|suffix| with_suffix(path, suffix)) {
            files.extend(file_id(&log).ok().map(|id| (log, id)));
        }
        Ok(Self(files))
    }

    /// Whether each name still leads to the same file, and the database itself was not emptied in its place.
    pub(crate) fn are_in_place(&self) -> bool {
        let is_empty = |(path, _): &(PathBuf, _)| fs::metadata(path).is_ok_and(|file| file.len() == 0);
        self.0.iter().all(|(path, id)| file_id(path).is_ok_and(|now| now == *id))
            && !self.0.first().is_some_and(is_empty)
    }
}

#[cfg(unix)]
fn file_id(path: &Path) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> io::Result<FileId> {
    fs::metadata(path).map(|_| (0, 0))
}

/// What is in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// The version of its tables.
    pub(crate) version: i64,
    /// Whether this process may not write it.
    pub(crate) is_read_only: bool,
    /// Whether anything is in it that was made under a key.
    pub(crate) needs_key: bool,
    /// The names of the keys under which it was made, as far as they are known.
    pub(crate) keys: Vec<String>,
}

/// What is in the database at `path`; `None` if there is none. Nothing of it is changed.
pub(crate) fn content(path: &Path) -> rusqlite::Result<Option<Content>> {
    let Some(connection) = connect(path)? else { return Ok(None) };
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let is_read_only = connection.is_readonly("main")?;
    let (needs_key, keys) =
        (self_description::needs_key(&connection)?, self_description::key_names(&connection)?);
    Ok(Some(Content { version, is_read_only, needs_key, keys }))
}

/// The accounts that a tenant of the database at `path` is for, once it was used. Nothing of it is changed.
pub(crate) fn accounts(path: &Path, tenant: &Tenant) -> rusqlite::Result<Option<Accounts>> {
    let Some(connection) = connect(path)? else { return Ok(None) };
    self_description::accounts(&connection, tenant)
}

/// Which of these contracts of a tenant the database at `path` has bound to a candidate, so that a look follows it: every such one where the ledger is a
/// means, and what a person has linked. None if there is no database. Nothing of it is changed.
pub(crate) fn bound(
    path: &Path,
    tenant: &Tenant,
    contracts: impl IntoIterator<Item = ContractId>,
    ledger_is_a_means: bool,
) -> rusqlite::Result<BTreeSet<ContractId>> {
    let mut bound = BTreeSet::new();
    let Some(connection) = connect(path)? else { return Ok(bound) };
    let of_tenant = match self_description::has_tenants(&connection, "ledger")? {
        Some(true) => "tenant = ?1",
        Some(false) | None => "?1 = ''",
    };
    let mut is_bound = connection.prepare(&format!(
        "SELECT EXISTS (SELECT 1 FROM ledger WHERE {of_tenant} AND contract_id = ?2
            AND entry ->> '$.candidate' IS NOT NULL AND (?3 OR entry ->> '$.linked_by_hand'))"
    ))?;
    for contract in contracts {
        if is_bound.query_row((tenant, contract.get(), ledger_is_a_means), |row| row.get(0))? {
            bound.insert(contract);
        }
    }
    Ok(bound)
}

/// The database at `path`, to be read; `None` if there is none.
fn connect(path: &Path) -> rusqlite::Result<Option<Connection>> {
    // Never opened as a plain file: closing that would give up the locks of a connection in this process.
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(Some(connection))
}

/// Whether the error says that the bytes of the file are no database, or no sound one.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}
