//! What could be read of a table, and which of its keys could not.

use std::collections::BTreeSet;

/// The keys of a table that could not be read, or that must be there and are not. In their place stands a value that
/// nobody has written, so nothing may follow from it.
#[derive(Clone, Debug)]
pub(super) enum Unread {
    Keys(BTreeSet<&'static str>),
    /// The table itself could not be read.
    All,
}

impl Default for Unread {
    fn default() -> Self {
        Self::Keys(BTreeSet::new())
    }
}

impl Unread {
    /// For a table that was read as a whole.
    pub(super) const NONE: &'static Self = &Self::Keys(BTreeSet::new());

    pub(super) fn has(&self, key: &str) -> bool {
        match self {
            Self::Keys(keys) => keys.contains(key),
            Self::All => true,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Keys(keys) => keys.is_empty(),
            Self::All => false,
        }
    }
}

/// A table as far as it could be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Partial<T> {
    pub(super) read: T,
    pub(super) unread: Unread,
}
