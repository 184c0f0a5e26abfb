//! The key of digests and link tokens that is made when the configuration names none.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    files::{
        key_file::{self, Distrust, is_generated},
        new_key,
        private_file::with_suffix,
        write_new_key,
    },
    store::database_file,
};

/// A key file that cannot be read or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreKeyError {
    /// The file cannot be read or written.
    #[error("the key file {path} cannot be read or written")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Others than the owner may read the file.
    #[error(
        "the key file {0} is readable by other users: run `chmod 600` on it, or replace the key if they are not trusted"
    )]
    Open(String),
    /// Somebody else may have put the file there.
    #[error("the key file {path} {fault}, so somebody else may know its contents")]
    Foreign {
        /// The file.
        path: String,
        /// What suggests it.
        fault: &'static str,
    },
    /// The file holds something else.
    #[error("the key file {0} does not hold a generated key: restore it from a backup")]
    Content(String),
    /// There is no key file, and the database holds what was made under a key.
    #[error("the key file {key} is missing, and the database {database} was created with it")]
    Lost {
        /// The file that should be there.
        key: String,
        /// The database beside it.
        database: String,
    },
    /// The database beside the key cannot be read, so that nobody knows whether it needs the key that is missing.
    #[error(
        "the key file {key} is missing, and it cannot be determined whether the database next to it was created with it"
    )]
    Unknown {
        /// The file that should be there.
        key: String,
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The database was created with a key that is not among the configured ones.
    #[error("the database {database} was created with a different key from the configured one")]
    Another {
        /// The database.
        database: String,
    },
    /// Under which key the database was made cannot be read or noted.
    #[error("the record of which key the database {database} was created with cannot be read or written")]
    Names {
        /// The database.
        database: String,
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The system gives no random bytes.
    #[error("the system provides no random bytes")]
    Random(#[source] getrandom::Error),
}

impl StoreKeyError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Lost { .. } => {
                "restore the key file from its backup; without one, move the database away as well, run `smartsync \
                 sync --all`, link the contracts that are then held with `smartsync link`, and forget the forgotten \
                 candidates again"
            }
            Self::Another { .. } => {
                "put that key back, after the new one if there is one: `[store] key = [NEW, OLD]`. If it is lost, move the database \
                 away with its `-wal` and `-shm` files, run `smartsync sync --all`, link the contracts that are then held with \
                 `smartsync link`, and forget the forgotten candidates again"
            }
            Self::Unknown { .. } | Self::Names { .. } => {
                "fix the database first: `smartsync check` shows what is wrong with it"
            }
            Self::Open(_) => {
                "make it readable only by its owner; if others are not trusted, put a new key in front of it"
            }
            Self::Foreign { .. } => {
                "it must be a regular file with no other hard links, owned by the user who runs `smartsync`: run the command \
                 as that user, `chown` it, or remove the other link (`find FOLDER -samefile FILE` shows it); set a mounted \
                 key in `[store] key`"
            }
            Self::Content(_) => "restore it from its backup",
            Self::File { .. } | Self::Random(_) => {
                "check the permissions of the file and its folder, or set your own key in `[store] key`"
            }
        }
    }
}

/// The file of the generated key of the database at `database`: `smartsync.db.key`.
pub(crate) fn key_file(database: &Path) -> PathBuf {
    with_suffix(database, ".key")
}

/// The key beside the database at `database`. Made if it is not there and nothing was made under another one.
pub(crate) fn read_or_generate(database: &Path) -> Result<SecretString, StoreKeyError> {
    if let Some(key) = read(database)? {
        return Ok(key);
    }
    let path = key_file(database);
    let file_error = |kind: io::Error| StoreKeyError::File { path: path.display().to_string(), source: kind };
    let made = new_key().map_err(StoreKeyError::Random)?;
    let is_ours = match write_new_key(&path, &made) {
        Ok(()) => true,
        // Another process was faster: its key counts.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(file_error(error)),
    };
    let key = read(database)?.ok_or_else(|| file_error(io::ErrorKind::NotFound.into()))?;
    if is_ours && key.expose_secret() != made.expose_secret() {
        return Err(StoreKeyError::Foreign {
            path: path.display().to_string(),
            fault: "was replaced while it was being created",
        });
    }
    tracing::warn!(
        file = %path.display(),
        "a key was created: back up this file now, separately from the database. If both are lost, every open \
         contract has to be linked by hand with `smartsync link`"
    );
    Ok(key)
}

/// The key beside the database at `database`; `None` if there is none, and none is needed yet.
pub(crate) fn read(database: &Path) -> Result<Option<SecretString>, StoreKeyError> {
    let path = key_file(database);
    let name = || path.display().to_string();
    match key_file::read(&path) {
        Ok(Some(text)) if is_generated(&text) => Ok(Some(SecretString::from(text))),
        Ok(Some(_)) => Err(StoreKeyError::Content(name())),
        Err(Distrust::File(source)) => Err(StoreKeyError::File { path: name(), source }),
        Err(Distrust::Open) => Err(StoreKeyError::Open(name())),
        Err(Distrust::Foreign(fault)) => Err(StoreKeyError::Foreign { path: name(), fault }),
        Ok(None) => match database_file::content(database) {
            Ok(Some(content)) if content.needs_key => {
                Err(StoreKeyError::Lost { key: name(), database: database.display().to_string() })
            }
            Ok(_) => Ok(None),
            Err(source) => Err(StoreKeyError::Unknown { key: name(), source: Arc::new(source) }),
        },
    }
}
