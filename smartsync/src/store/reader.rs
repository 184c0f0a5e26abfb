//! A second connection, which reads while the writer writes: whoever looks at a list holds up no notification.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

use super::{database::BUSY_TIMEOUT, database_file::OpenedFiles, store_error::StoreError};

/// Reads of a database that is open. One at a time.
pub(super) struct Reader {
    path: Arc<Path>,
    files: Arc<OpenedFiles>,
    /// Opened by the first that reads: most processes have none.
    connection: Mutex<Option<Connection>>,
}

impl Reader {
    pub(super) fn new(path: Arc<Path>, files: Arc<OpenedFiles>) -> Self {
        Self { path, files, connection: Mutex::new(None) }
    }

    /// Reads in one transaction, which changes nothing.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        // A read that broke off has left nothing behind that another could meet: its transaction is rolled back.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.files.are_in_place() {
            return Err(StoreError::Moved { path: self.path.display().to_string() });
        }
        let opened = match connection.take() {
            Some(opened) => opened,
            None => self.open().map_err(|error| StoreError::open(&self.path, error))?,
        };
        let opened = connection.insert(opened);
        let transaction = opened.transaction().map_err(StoreError::transaction)?;
        work(&transaction).map_err(StoreError::transaction)
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }
}
