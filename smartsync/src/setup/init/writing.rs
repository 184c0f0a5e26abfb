//! The files that come of the answers: secrets first, the configuration last, each whole or not at all.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use secrecy::SecretString;
use smartsync_transport::Url;

use super::pairs::ProposedPair;
use crate::files::{
    private_file::{private_file, temporary_path, with_suffix},
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
    pub(super) is_usable: bool,
    pub(super) asked: u8,
}

/// Without the address of the webhook, whose path may be unguessable on purpose, and without the text.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("file", &self.file)
            .field("secrets", &self.secrets)
            .field("pairs", &self.pairs)
            .field("is_usable", &self.is_usable)
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
        self.is_usable
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
    /// Those of the system, with the file; also where the configuration has changed since it was read.
    pub fn write(&self) -> Result<Written, (PathBuf, io::Error)> {
        let mut written = Written { is_new: self.before.is_none(), ..Written::default() };
        for SecretFile { path, secret, is_replaced } in &self.secrets {
            let named = |error| (path.clone(), error);
            if *is_replaced {
                written.copies.push(keep_copy(path, true).map_err(named)?);
                fs::remove_file(path).map_err(named)?;
            }
            write_new_key(path, secret).map_err(named)?;
            written.secrets.push(path.clone());
        }
        let named = |error| (self.file.clone(), error);
        match &self.before {
            None => write_new(&self.file, &self.text).map_err(named)?,
            Some(before) if *before == self.text => return Ok(written),
            Some(before) => {
                // Behind a link to it, what is replaced is the file.
                let path = fs::canonicalize(&self.file).map_err(named)?;
                if read_text(&path).map_err(named)? != *before {
                    return Err(named(io::Error::other("it was changed meanwhile")));
                }
                written.copies.push(keep_copy(&path, false).map_err(named)?);
                replace(&path, &self.text).map_err(named)?;
            }
        }
        written.is_changed = true;
        Ok(written)
    }
}

/// Writes a file that is not there.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let aside = temporary_path(path)?;
    let written = File::create_new(&aside).and_then(|file| fill(file, text));
    let linked = written.and_then(|()| fs::hard_link(&aside, path));
    linked.and(fs::remove_file(&aside))
}

/// Puts a text in the place of a file, with its mode: a reader sees the one or the other.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let aside = temporary_path(path)?;
    let written = File::create_new(&aside)
        .and_then(|file| fill(file, text))
        .and_then(|()| fs::set_permissions(&aside, fs::metadata(path)?.permissions()))
        .and_then(|()| fs::rename(&aside, path));
    written.inspect_err(|_| {
        fs::remove_file(&aside).ok();
    })
}

fn fill(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Keeps what is in a file beside it, under a name that no other copy has.
fn keep_copy(path: &Path, is_secret: bool) -> io::Result<PathBuf> {
    let text = fs::read(path)?;
    let day = Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
    for number in 1.. {
        let suffix = if number == 1 { format!(".before-{day}") } else { format!(".before-{day}-{number}") };
        let copy = with_suffix(path, &suffix);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let made = if is_secret { private_file(&mut options, &copy) } else { options.open(&copy) };
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                file.write_all(&text)?;
                file.sync_all()?;
                return Ok(copy);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
