//! The lock that a server holds while it works on a database.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    thread,
    time::Duration,
};

use super::store_error::StoreError;
use crate::files::private_file::{private_file, with_suffix};

/// A server tries this often to get its lock: a command that asks whether there is one holds it for a moment.
const TRIES: u32 = 10;

/// How long to wait in between.
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// Proof that no other server works on the database. Given back on drop, and by the system when the process dies.
#[derive(Debug)]
pub struct ServerLock(File);

/// At once: a program that this process is just starting has the open file as well, until it runs.
impl Drop for ServerLock {
    fn drop(&mut self) {
        // Then the system gives it back when the last of them is closed.
        self.0.unlock().ok();
    }
}

impl ServerLock {
    /// That of the database at `path`.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let lock = with_suffix(path, ".lock");
        let file = private_file(OpenOptions::new().write(true).create(true).truncate(false), &lock)
            .map_err(|source| StoreError::open(path, source))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => thread::sleep(RETRY_DELAY),
                Err(TryLockError::Error(source)) => return Err(StoreError::open(path, source)),
            }
        }
        Err(StoreError::Locked { path: path.display().to_string() })
    }
}

/// Whether a server works on the database at `path`. The lock is taken and given back at once.
pub(crate) fn is_served(path: &Path) -> io::Result<bool> {
    let file = match File::open(with_suffix(path, ".lock")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
