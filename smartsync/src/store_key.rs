//! The key of digests and link tokens that is made when the configuration names none.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::SecretString;

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
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] getrandom::Error),
}

/// Bytes of a generated key; the file holds them in hex.
const KEY_BYTES: usize = 32;

/// The key beside the database at `database`: `smartsync.db.key`. Made if it is not there.
pub(crate) fn read_or_generate(database: &Path) -> Result<SecretString, StoreKeyError> {
    let path = beside(database, ".key");
    let file_error = |source| StoreKeyError::File { path: path.display().to_string(), source };
    if !path.try_exists().map_err(file_error)? {
        generate(&path)?;
    }
    let metadata = fs::metadata(&path).map_err(file_error)?;
    if readable_by_others(&metadata) {
        return Err(StoreKeyError::Open(path.display().to_string()));
    }
    let text = fs::read_to_string(&path).map_err(file_error)?;
    let key = text.trim();
    if key.len() != 2 * KEY_BYTES || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(StoreKeyError::Content(path.display().to_string()));
    }
    Ok(SecretString::from(key))
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

#[cfg(unix)]
fn readable_by_others(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn readable_by_others(_: &fs::Metadata) -> bool {
    false
}
