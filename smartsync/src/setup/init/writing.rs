//! The files that come of the answers: secrets first, the configuration last, each whole or not at all.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretString};
use smartsync_transport::Url;

use super::pairs::ProposedPair;
use crate::files::{
    private_file::temporary_path,
    replaced_file::{Content, keep_copy, replace},
    text_file::read_text,
    write_new_key,
};

/// What a set-up has come to; nothing of it is written yet.
pub struct Draft {
    pub(super) file: PathBuf,
    /// What was in the file.
    pub(super) before: Option<String>,
    pub(super) text: String,
    pub(super) secrets: Vec<SecretFile>,
    pub(super) pairs: Vec<ProposedPair>,
    pub(super) webhook: Option<Url>,
    pub(super) variables: Vec<String>,
    pub(super) new_sign_key: Option<SecretString>,
    pub(super) asked: u8,
}

/// Without the address of the webhook, whose path may be unguessable on purpose, and without the text.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("file", &self.file)
            .field("secrets", &self.secrets)
            .field("pairs", &self.pairs)
            .field("variables", &self.variables)
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

/// A secret that goes into a file of its own.
#[derive(Debug)]
pub(super) struct SecretFile {
    pub(super) path: PathBuf,
    pub(super) secret: SecretString,
    /// Whether there is one that does not count any more.
    pub(super) is_replaced: bool,
}

/// Why not all files were written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {source}", file.display())]
#[non_exhaustive]
pub struct WriteError {
    /// The file that is not written.
    pub file: PathBuf,
    /// What is on the disk by now.
    pub written: Written,
    /// What the system says, or that the configuration was changed meanwhile.
    pub source: io::Error,
}

/// The files that were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Whether there was no configuration before.
    pub is_new: bool,
    /// Whether the configuration was written: it may have lacked nothing.
    pub is_changed: bool,
    /// The files of secrets, each for its owner alone.
    pub secrets: Vec<PathBuf>,
    /// What was in the place of a file that was replaced.
    pub copies: Vec<PathBuf>,
}

impl Draft {
    /// The pairs of fields that are in effect, and the guesses that are written down.
    #[must_use]
    pub fn pairs(&self) -> &[ProposedPair] {
        &self.pairs
    }

    /// The public address that a person gave, to be tested and registered.
    #[must_use]
    pub fn webhook(&self) -> Option<&Url> {
        self.webhook.as_ref()
    }

    /// Whether the configuration can be used as soon as it is written. If not, variables have to be set first.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.variables.is_empty()
    }

    /// The names of the variables that have to be set first.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// A new sign key, where secrets are kept in variables: the last of [`variables`](Self::variables) is for it. [`write`](Self::write) does not keep it, so
    /// whoever sets the variable has to be shown it.
    #[must_use]
    pub fn new_sign_key(&self) -> Option<&SecretString> {
        self.new_sign_key.as_ref()
    }

    /// How many questions were asked.
    #[must_use]
    pub fn asked(&self) -> u8 {
        self.asked
    }

    /// Writes the files. Of a file that is replaced a copy is kept. What is cut off leaves secrets behind, which the next set-up takes up, and no
    /// file that is not whole.
    ///
    /// # Errors
    ///
    /// [`WriteError`], with what was written by then.
    pub fn write(&self) -> Result<Written, WriteError> {
        let mut written = Written { is_new: self.before.is_none(), ..Written::default() };
        match self.write_all(&mut written) {
            Ok(()) => Ok(written),
            Err((file, source)) => Err(WriteError { file, written, source }),
        }
    }

    fn write_all(&self, written: &mut Written) -> Result<(), (PathBuf, io::Error)> {
        // Before anything is written.
        if let Some(before) = &self.before
            && read_text(&self.file).map_err(|error| (self.file.clone(), error))? != *before
        {
            return Err((self.file.clone(), io::Error::other("it was changed meanwhile")));
        }
        for SecretFile { path, secret, is_replaced } in &self.secrets {
            let named = |error| (path.clone(), error);
            if *is_replaced {
                written.copies.push(keep_copy(path, Content::Secret).map_err(named)?);
                let line = SecretString::from(format!("{}\n", secret.expose_secret()));
                replace(path, line.expose_secret().as_bytes(), Content::Secret).map_err(named)?;
            } else {
                write_new_key(path, secret).map_err(named)?;
            }
            written.secrets.push(path.clone());
        }
        let named = |error| (self.file.clone(), error);
        match &self.before {
            None => write_new(&self.file, &self.text).map_err(named)?,
            Some(before) if *before == self.text => return Ok(()),
            Some(_) => {
                written.copies.push(keep_copy(&self.file, Content::Plain).map_err(named)?);
                replace(&self.file, self.text.as_bytes(), Content::Plain).map_err(named)?;
            }
        }
        written.is_changed = true;
        Ok(())
    }
}

/// Writes a file that is not there.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let aside = temporary_path(path)?;
    let written = File::create_new(&aside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| fs::hard_link(&aside, path));
    linked.and(fs::remove_file(&aside))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn draft(folder: &Path, before: Option<&str>) -> Draft {
        let secret = |name: &str, is_replaced| SecretFile {
            path: folder.join(name),
            secret: SecretString::from("new"),
            is_replaced,
        };
        Draft {
            file: folder.join("smartsync.toml"),
            before: before.map(str::to_owned),
            text: "after".to_owned(),
            secrets: vec![secret("token", true), secret("key", false)],
            pairs: Vec::new(),
            webhook: None,
            variables: Vec::new(),
            new_sign_key: None,
            asked: 0,
        }
    }

    #[test]
    fn what_is_replaced_keeps_its_mode_and_a_copy_of_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for (name, text, mode) in [("token", "old", 0o640), ("smartsync.toml", "before", 0o600)] {
            fs::write(folder.join(name), text).unwrap();
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        let written = draft(folder, Some("before")).write().unwrap();
        assert_eq!(written.copies.len(), 2);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.join("token")), mode(&written.copies[0])), (0o640, 0o640));
        assert_eq!((mode(&folder.join("smartsync.toml")), mode(&written.copies[1])), (0o600, 0o600));
        assert_eq!(mode(&folder.join("key")), 0o600);
        assert_eq!(fs::read(folder.join("token")).unwrap(), b"new\n");
        assert_eq!(fs::read(&written.copies[0]).unwrap(), b"old");
    }

    #[test]
    fn a_failure_says_what_was_written_by_then() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("token"), "old").unwrap();
        fs::write(folder.join("key"), "of somebody else").unwrap();
        let error = draft(folder, None).write().unwrap_err();
        assert_eq!((error.file, error.source.kind()), (folder.join("key"), io::ErrorKind::AlreadyExists));
        assert_eq!(
            (error.written.secrets.as_slice(), error.written.copies.len()),
            (&[folder.join("token")][..], 1)
        );
        assert!(!folder.join("smartsync.toml").exists());

        fs::write(folder.join("smartsync.toml"), "of a person, meanwhile").unwrap();
        let error = draft(folder, Some("before")).write().unwrap_err();
        assert_eq!((error.file, error.written), (folder.join("smartsync.toml"), Written::default()));
        assert_eq!(error.source.to_string(), "it was changed meanwhile");
    }
}
