//! A file in the place of another, and a copy of what was in it: with the owner, the group and the mode that it had.

use std::{
    fs::{self, File, Metadata, OpenOptions, Permissions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::private_file::{private_file, temporary_path, with_suffix};

/// What is in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Plain,
    /// Whatever its mode was, it is open to nobody but its owner and its group.
    Secret,
}

/// Puts bytes in the place of a file: a reader sees the one or the other. A link is followed, and stays.
///
/// # Errors
///
/// Those of the system; also where this user must not give a file to the one that it belonged to.
pub(crate) fn replace(path: &Path, bytes: &[u8], content: Content) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let before = fs::metadata(&path)?;
    let aside = temporary_path(&path)?;
    let written = write_like(&aside, bytes, &before, content).and_then(|()| fs::rename(&aside, &path));
    written.inspect_err(|_| {
        fs::remove_file(&aside).ok();
    })
}

/// Keeps what is in a file beside it, under a name that no other copy has.
///
/// # Errors
///
/// As of [`replace`].
pub(crate) fn keep_copy(path: &Path, content: Content) -> io::Result<PathBuf> {
    let path = fs::canonicalize(path)?;
    let (bytes, before) = (fs::read(&path)?, fs::metadata(&path)?);
    let day = Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
    for number in 1.. {
        let suffix = if number == 1 { format!(".before-{day}") } else { format!(".before-{day}-{number}") };
        let copy = with_suffix(&path, &suffix);
        match write_like(&copy, &bytes, &before, content) {
            Ok(()) => return Ok(copy),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                fs::remove_file(&copy).ok();
                return Err(error);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Writes a new file. Until it is whole and belongs to whom the other belonged to, only we may read it.
fn write_like(path: &Path, bytes: &[u8], other: &Metadata, content: Content) -> io::Result<()> {
    let mut file = private_file(OpenOptions::new().write(true).create_new(true), path)?;
    file.write_all(bytes)?;
    keep_owner(&file, other)?;
    file.set_permissions(mode(other, content))?;
    file.sync_all()
}

#[cfg(unix)]
fn keep_owner(file: &File, other: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let ours = file.metadata()?;
    let (owner, group) = (other.uid(), other.gid());
    if (ours.uid(), ours.gid()) == (owner, group) {
        return Ok(());
    }
    fchown(file, Some(owner), Some(group)).map_err(|error| {
        io::Error::new(error.kind(), format!("its owner {owner} and group {group} cannot be kept: {error}"))
    })
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode(other: &Metadata, content: Content) -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = other.permissions().mode();
    Permissions::from_mode(if content == Content::Secret { mode & 0o770 } else { mode & 0o777 })
}

#[cfg(not(unix))]
fn mode(other: &Metadata, _: Content) -> Permissions {
    other.permissions()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_and_its_copy_keep_the_mode_and_a_secret_is_open_to_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (before, content, after) in [
            (0o600, Content::Plain, 0o600),
            (0o644, Content::Plain, 0o644),
            (0o640, Content::Plain, 0o640),
            (0o600, Content::Secret, 0o600),
            (0o640, Content::Secret, 0o640),
            (0o644, Content::Secret, 0o640),
        ] {
            fs::write(&path, "before").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(before)).unwrap();
            let copy = keep_copy(&path, content).unwrap();
            replace(&path, b"after", content).unwrap();
            assert_eq!((mode_of(&copy), mode_of(&path)), (after, after), "{before:o}");
            assert_eq!(fs::read(&copy).unwrap(), b"before");
            assert_eq!(fs::read(&path).unwrap(), b"after");
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 7, "six copies, and nothing that was written aside");
    }

    /// Only who may give files away can have one of somebody else's: elsewhere, that it says so.
    #[test]
    fn the_owner_stays_or_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "before").unwrap();
        let is_given = std::os::unix::fs::chown(&path, Some(12_345), Some(12_346)).is_ok();
        if is_given {
            let copy = keep_copy(&path, Content::Plain).unwrap();
            replace(&path, b"after", Content::Plain).unwrap();
            for path in [&path, &copy] {
                let metadata = fs::metadata(path).unwrap();
                assert_eq!((metadata.uid(), metadata.gid()), (12_345, 12_346));
            }
        } else {
            let nobody = fs::metadata("/").unwrap();
            let file = File::open(&path).unwrap();
            let refused = keep_owner(&file, &nobody).unwrap_err();
            assert!(refused.to_string().starts_with("its owner 0 and group 0 cannot be kept"), "{refused}");
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&path, "before").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"after", Content::Plain).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"after");
    }
}
