//! The key of digests and link tokens that is made when the configuration names none.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use crate::{database_file, text_file::read_text};

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
        "the key file {0} can be read by other users: `chmod 600` it, or replace the key if they are not trusted"
    )]
    Open(String),
    /// The file holds something else.
    #[error("the key file {0} does not hold a generated key: restore it from a backup")]
    Content(String),
    /// There is no key file, and the database holds what was made under a key.
    #[error("the key file {key} is missing, and the database {database} was made under it")]
    Lost {
        /// The file that should be there.
        key: String,
        /// The database beside it.
        database: String,
    },
    /// The database beside the key cannot be read, so that nobody knows whether it needs the key that is missing.
    #[error(
        "the key file {key} is missing, and whether the database beside it was made under it cannot be read"
    )]
    Unknown {
        /// The file that should be there.
        key: String,
        /// Why.
        source: rusqlite::Error,
    },
    /// The database holds what was made under a key, and none of those that are configured is that one.
    #[error("the database {database} was made under another key than what is configured")]
    Another {
        /// The database.
        database: String,
    },
    /// Under which key the database was made cannot be read or noted.
    #[error("under which key the database {database} was made cannot be read or noted")]
    Names {
        /// The database.
        database: String,
        /// Why.
        source: rusqlite::Error,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] getrandom::Error),
}

impl StoreKeyError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Lost { .. } => {
                "restore the key file from its backup; without one, move the database away as well, run `smartsync sync --all`, \
                 link with `smartsync link` what is then held, and forget again who was forgotten"
            }
            Self::Another { .. } => {
                "put that key back, behind the new one if there is a new one: `[store] key = [NEW, OLD]`. If it is lost, move the \
                 database away with its `-wal` and `-shm` files, run `smartsync sync --all`, link with `smartsync link` what is then \
                 held, and forget again who was forgotten"
            }
            Self::Unknown { .. } | Self::Names { .. } => {
                "see to the database first: `smartsync check` says what is wrong with it"
            }
            Self::Open(_) => {
                "give it to its owner alone; where others are not trusted, put a new key in front of it"
            }
            Self::Content(_) => "restore it from its backup",
            Self::File { .. } | Self::Random(_) => {
                "see to the rights on the file and its folder, or name a key of your own in `[store] key`"
            }
        }
    }
}

/// Bytes of a generated key; the file holds them in hex.
const KEY_BYTES: usize = 32;

/// The file of the generated key of the database at `database`: `smartsync.db.key`.
pub(crate) fn key_file(database: &Path) -> PathBuf {
    beside(database, ".key")
}

/// The key beside the database at `database`. Made if it is not there and nothing was made under another one.
pub(crate) fn read_or_generate(database: &Path) -> Result<SecretString, StoreKeyError> {
    if let Some(key) = read(database)? {
        return Ok(key);
    }
    let path = key_file(database);
    generate(&path)?;
    tracing::warn!(
        file = %path.display(),
        "a key was made: back this file up now, apart from the database. Where both are lost, every open contract has to be \
         linked by hand, with `smartsync link`"
    );
    read(database)?.ok_or_else(|| StoreKeyError::File {
        path: path.display().to_string(),
        source: io::ErrorKind::NotFound.into(),
    })
}

/// The key beside the database at `database`; `None` if there is none, and none is needed yet.
pub(crate) fn read(database: &Path) -> Result<Option<SecretString>, StoreKeyError> {
    let path = key_file(database);
    let name = || path.display().to_string();
    let file_error = |source| StoreKeyError::File { path: name(), source };
    if !path.try_exists().map_err(file_error)? {
        return match database_file::content(database) {
            Ok(Some(content)) if content.needs_key => {
                Err(StoreKeyError::Lost { key: name(), database: database.display().to_string() })
            }
            Ok(_) => Ok(None),
            Err(source) => Err(StoreKeyError::Unknown { key: name(), source }),
        };
    }
    let metadata = fs::metadata(&path).map_err(file_error)?;
    if is_open_to_others(&metadata) {
        return Err(StoreKeyError::Open(name()));
    }
    let text = read_text(&path).map_err(file_error)?;
    let key = text.trim();
    if key.len() != 2 * KEY_BYTES || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(StoreKeyError::Content(name()));
    }
    Ok(Some(SecretString::from(key)))
}

/// Written aside and then linked to its name, so that no one ever reads half a key and no key is ever replaced.
fn generate(path: &Path) -> Result<(), StoreKeyError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(StoreKeyError::Random)?;
    let aside = beside(path, &format!(".{}", std::process::id()));
    let write = || {
        let mut file = private_file(OpenOptions::new().write(true).create(true).truncate(true), &aside)?;
        file.write_all(hex::encode(key).as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    };
    let result = write().and_then(|()| match fs::hard_link(&aside, path) {
        // Another process was faster: its key counts.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let removed = fs::remove_file(&aside);
    result
        .and(removed)
        .and_then(|()| sync_folder(path))
        .map_err(|source| StoreKeyError::File { path: path.display().to_string(), source })
}

/// `smartsync.db` and `.key` make `smartsync.db.key`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a file that only its owner may read, from its first moment on.
pub(crate) fn private_file(options: &mut OpenOptions, path: &Path) -> io::Result<fs::File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// A key whose name is lost in a power failure would leave digests and link tokens behind that nothing fits.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether others than the owner may read or write the file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}
