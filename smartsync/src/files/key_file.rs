//! A key of 32 random bytes, and the file that it stands in: written whole and once, and read only where nobody but us can have
//! written it.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
    thread,
    time::Duration,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    private_file::{is_open_to_others, private_file, random_digits, sync_folder, temporary_path},
    text_file::without_mark,
};

/// Bytes of a key; its text holds them in hex.
const KEY_BYTES: usize = 32;

/// While a key is being linked to its name it has two: no longer than this.
const LINK_TIMEOUT: Duration = Duration::from_secs(1);
const LINK_POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Why a file is not believed to hold a key of ours.
#[derive(Debug)]
pub(crate) enum Distrust {
    /// It cannot be read.
    File(io::Error),
    /// Others than its owner may read or write it.
    Open,
    /// Whoever may write into the folder may have put it there: what speaks for that.
    Foreign(&'static str),
}

impl From<io::Error> for Distrust {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// A new key: 32 random bytes in hexadecimal digits, for `[store] key` and `[oneflow] sign_keys`.
///
/// # Errors
///
/// When the system provides no random bytes.
pub fn new_key() -> Result<SecretString, getrandom::Error> {
    random_digits::<KEY_BYTES>().map(SecretString::from)
}

/// Writes a key into a new file, which only its owner may read. The file is whole from the moment on in which it has its name.
///
/// # Errors
///
/// Those of the system: [`io::ErrorKind::AlreadyExists`] where there is a file of this name, which stays as it is.
pub fn write_new_key(path: &Path, key: &SecretString) -> io::Result<()> {
    let aside = temporary_path(path)?;
    let written = write_aside(&aside, key);
    // Never followed, never replaced: a name that is taken is an error, be it that of a symbolic link to nowhere.
    let linked = written.and_then(|()| fs::hard_link(&aside, path));
    let removed = fs::remove_file(&aside);
    linked.and(removed).and_then(|()| sync_folder(path))
}

fn write_aside(aside: &Path, key: &SecretString) -> io::Result<()> {
    let mut file = private_file(OpenOptions::new().write(true).create_new(true), aside)?;
    file.write_all(key.expose_secret().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// What a key file holds; `None` if there is none. No symbolic link is followed to it, and it must be ours alone: its owner,
/// its mode and the number of its names say so.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Distrust> {
    let mut file = match open(path) {
        Err(Distrust::File(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut waited = Duration::ZERO;
    while file.metadata().is_ok_and(|metadata| has_other_names(&metadata)) && waited < LINK_TIMEOUT {
        thread::sleep(LINK_POLL_INTERVAL);
        waited += LINK_POLL_INTERVAL;
    }
    let metadata = file.metadata()?;
    if let Some(fault) = foreign(&metadata) {
        return Err(Distrust::Foreign(fault));
    }
    if is_open_to_others(&metadata) {
        return Err(Distrust::Open);
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Some(without_mark(&text).trim().to_owned()))
}

/// Whether the text is what a key file of ours holds.
pub(crate) fn is_generated(text: &str) -> bool {
    text.len() == 2 * KEY_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(unix)]
fn open(path: &Path) -> Result<File, Distrust> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::{fs::OFlags, io::Errno};

    // A pipe in its place would keep us waiting for ever.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            Err(Distrust::Foreign("is a symbolic link"))
        }
        opened => Ok(opened?),
    }
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File, Distrust> {
    Ok(File::open(path)?)
}

#[cfg(unix)]
fn has_other_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

fn foreign(metadata: &Metadata) -> Option<&'static str> {
    if !metadata.is_file() {
        return Some("is not a regular file");
    }
    if !is_our_own(metadata) {
        return Some("belongs to another user");
    }
    has_other_names(metadata).then_some("has another hard link")
}

#[cfg(unix)]
fn is_our_own(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(metadata) == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_our_own(_: &Metadata) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn key() -> SecretString {
        new_key().expect("the system gives random bytes")
    }

    fn fault(path: &Path) -> String {
        match read(path) {
            Ok(_) => "none".to_owned(),
            Err(Distrust::Foreign(fault)) => fault.to_owned(),
            Err(Distrust::Open) => "open".to_owned(),
            Err(Distrust::File(error)) => error.to_string(),
        }
    }

    #[test]
    fn a_key_is_read_back_as_it_was_written_and_no_two_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let (one, other) = (key(), key());
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(is_generated(one.expose_secret()));
        write_new_key(&path, &one).unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(one.expose_secret()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

        let error = write_new_key(&path, &other).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path).unwrap().as_deref(), Some(one.expose_secret()), "it stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn no_symbolic_link_is_written_through_or_read() {
        let folder = tempfile::tempdir().unwrap();
        let [link, elsewhere] = ["key", "elsewhere"].map(|name| folder.path().join(name));
        symlink(&elsewhere, &link).unwrap();
        assert_eq!(write_new_key(&link, &key()).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(!elsewhere.exists(), "nothing was written through it");
        write_new_key(&elsewhere, &key()).unwrap();
        assert_eq!(fault(&link), "is a symbolic link");
    }

    #[test]
    fn a_file_with_a_second_name_or_for_others_or_that_is_none_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let [path, name] = ["key", "name"].map(|name| folder.path().join(name));
        assert!(read(&path).unwrap().is_none());
        fs::create_dir(&path).unwrap();
        assert_eq!(fault(&path), "is not a regular file");
        fs::remove_dir(&path).unwrap();
        write_new_key(&path, &key()).unwrap();
        fs::hard_link(&path, &name).unwrap();
        assert_eq!(fault(&path), "has another hard link");
        fs::remove_file(&name).unwrap();
        assert!(read(&path).unwrap().is_some());
        for mode in [0o640, 0o602, 0o604] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(fault(&path), "open", "{mode:o}");
        }
        // Only who may give files away can make one of another user.
        if std::os::unix::fs::chown(&path, Some(rustix::process::geteuid().as_raw() + 1), None).is_ok() {
            assert_eq!(fault(&path), "belongs to another user");
        }
    }

    /// As two containers over one volume, both of which are process 1: whoever is first wins, and both go on with its key.
    #[test]
    fn of_many_that_write_at_once_one_wins_and_all_read_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let read: Vec<(bool, String)> = thread::scope(|scope| {
            let one = || {
                let is_mine = write_new_key(&path, &key()).is_ok();
                (is_mine, read(&path).unwrap().unwrap())
            };
            let all: Vec<_> = (0..16).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(read.iter().filter(|(is_mine, _)| *is_mine).count(), 1);
        assert!(read.iter().all(|(_, key)| key == &read[0].1));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
