//! What a run is about to make, written down and synced before it is asked for: from it a run that was killed is undone.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::written::MadeKind;
use crate::files::private_file::{private_file, sync_folder};

/// One line of the file. No name and no value: ids of what the run has made, and its mark, which stands in their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub(super) enum Entry {
    /// The first line.
    Begun { mark: String },
    /// One is about to be asked for.
    Intended { kind: MadeKind },
    /// It was refused, so there is none.
    Refused { kind: MadeKind },
    /// It was made, or found by the mark of this run.
    Made { kind: MadeKind, id: String },
    /// It was deleted, and is not there any more.
    Gone { kind: MadeKind, id: String },
    /// Whatever was asked for without an answer was not found, in any search.
    NeverMade { kind: MadeKind },
}

/// The file, while a run lasts.
#[derive(Debug)]
pub(super) struct IntentLog {
    file: File,
    path: PathBuf,
}

impl IntentLog {
    /// Begins one. The file must not be there: it would be that of a run that was not undone.
    pub(super) fn begin(path: &Path, mark: &str) -> io::Result<Self> {
        let file = private_file(OpenOptions::new().append(true).create_new(true), path)?;
        let log = Self { file, path: path.to_owned() };
        log.note(&Entry::Begun { mark: mark.to_owned() })?;
        sync_folder(path)?;
        Ok(log)
    }

    /// Goes on with that of a run that was interrupted. `None`: there is none.
    pub(super) fn resume(path: &Path) -> io::Result<Option<(Self, Vec<Entry>)>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut entries = Vec::new();
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            match serde_json::from_str(line) {
                Ok(entry) => entries.push(entry),
                // Cut off while it was written, so nothing was asked for after it.
                Err(_) if lines.peek().is_none() && !line.ends_with('\n') => {}
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        let file = OpenOptions::new().append(true).open(path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.set_len(u64::try_from(text.rfind('\n').map_or(0, |end| end + 1)).unwrap_or_default())?;
        }
        Ok(Some((Self { file, path: path.to_owned() }, entries)))
    }

    /// Written and synced, or an error.
    pub(super) fn note(&self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        (&self.file).write_all(&line)?;
        self.file.sync_data()
    }

    /// Everything is undone.
    pub(super) fn end(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_read_again_and_a_line_that_was_cut_off_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("probe.jsonl");
        assert!(IntentLog::resume(&path).unwrap().is_none());
        let log = IntentLog::begin(&path, "ab12").unwrap();
        let intended = Entry::Intended { kind: MadeKind::Candidate };
        log.note(&intended).unwrap();
        assert!(IntentLog::begin(&path, "cd34").is_err(), "a run was not undone");
        let mut whole = fs::read(&path).unwrap();
        whole.extend_from_slice(br#"{"entry":"made","kind":"cand"#);
        fs::write(&path, &whole).unwrap();
        let (log, entries) = IntentLog::resume(&path).unwrap().unwrap();
        assert_eq!(entries, [Entry::Begun { mark: "ab12".to_owned() }, intended]);
        let made = Entry::Made { kind: MadeKind::Candidate, id: "4711".to_owned() };
        log.note(&made).unwrap();
        let (log, entries) = IntentLog::resume(&path).unwrap().unwrap();
        assert_eq!(entries.last(), Some(&made));
        fs::write(&path, "nonsense\n{}\n").unwrap();
        assert!(IntentLog::resume(&path).is_err(), "another file is not taken for one");
        log.end().unwrap();
        assert!(!path.exists());
    }
}
