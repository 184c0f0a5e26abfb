//! The files of both services.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;

/// The files of both services.
#[derive(Clone, Default)]
pub(crate) struct Storage {
    pub(crate) objects: BTreeMap<i64, Bytes>,
    /// Files that somebody else serves, by URL: from a host of the program under test.
    pub(crate) elsewhere: BTreeMap<String, Bytes>,
}

/// Counts only: the bytes are people's documents, and an address opens one.
impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage")
            .field("objects", &self.objects.len())
            .field("elsewhere", &self.elsewhere.len())
            .finish()
    }
}
