//! A place in a mapping, named by its path from the top of the file.

use std::fmt;

use serde::{Serialize, Serializer};

/// A place in a mapping: the path from the top of the file, as `field[2].type`. The first entry of a list is 0.
///
/// The core reads no text, so it knows neither lines nor columns: who has the text finds them by the path. A place that
/// names a key which the file lacks, since its default was meant, stands for the nearest table above it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(Vec<KeyPathSegment>);

/// One step on the way to a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a file has tables and lists")]
pub enum KeyPathSegment {
    /// Into a table, by its key.
    Key(String),
    /// Into a list, by its position from 0.
    Index(usize),
}

impl KeyPath {
    /// The steps from the top of the file; none for the file itself.
    #[must_use]
    pub fn segments(&self) -> &[KeyPathSegment] {
        &self.0
    }

    /// The key of the table at this place.
    pub(crate) fn key(&self, key: impl Into<String>) -> Self {
        self.then(KeyPathSegment::Key(key.into()))
    }

    /// The item of the list at this place.
    pub(crate) fn index(&self, index: usize) -> Self {
        self.then(KeyPathSegment::Index(index))
    }

    /// An entry of `field`.
    pub(crate) fn entry(position: usize) -> Self {
        Self::default().key("field").index(position)
    }

    /// A key of `sync`.
    pub(crate) fn sync(key: &str) -> Self {
        Self::default().key("sync").key(key)
    }

    fn then(&self, part: KeyPathSegment) -> Self {
        Self(self.0.iter().cloned().chain([part]).collect())
    }
}

/// For a host whose file has the mapping further down: `tenant[1].field[2].type`.
impl FromIterator<KeyPathSegment> for KeyPath {
    fn from_iter<T: IntoIterator<Item = KeyPathSegment>>(segments: T) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// `field[2].type`; a key that TOML would quote is quoted. The file itself is `the file`.
impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the file");
        }
        for (position, part) in self.0.iter().enumerate() {
            match part {
                KeyPathSegment::Index(index) => write!(f, "[{index}]")?,
                KeyPathSegment::Key(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    if is_bare(key) { write!(f, "{dot}{key}")? } else { write!(f, "{dot}{key:?}")? }
                }
            }
        }
        Ok(())
    }
}

fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// As it is displayed; empty for the file itself.
impl Serialize for KeyPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() { serializer.serialize_str("") } else { serializer.collect_str(self) }
    }
}
