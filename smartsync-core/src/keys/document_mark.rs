//! The mark in a file's name by which a signed document of ours is known again.

use std::fmt;

use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::{SyncKeys, purpose::Purpose};

/// 64 bits: few enough for a name that people read, and nobody can try them but by uploading a file for each.
const BYTES: usize = 8;

/// The mark of one contract's document on one candidate's card: hexadecimal digits, which every service leaves alone when it
/// cleans a name. Without one of the keys nobody can make it up.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentMark {
    /// One mark per key, that of the signing key first.
    marks: Vec<String>,
}

impl DocumentMark {
    /// The length of a mark in bytes.
    pub(crate) const LENGTH: usize = 2 * BYTES;

    /// The mark for a contract's document on a candidate's card.
    #[must_use]
    pub fn new(keys: &SyncKeys, contract: ContractId, candidate: &CandidateId) -> Self {
        let parts = [contract.to_string(), candidate.to_string()];
        let mark = |key| hex::encode(&keys.mac(key, Purpose::DocumentMark, &parts)[..BYTES]);
        Self { marks: keys.iter().map(mark).collect() }
    }

    /// The mark that a new file gets: 16 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // There is a key that signs, always.
        self.marks.first().map_or("", String::as_str)
    }

    /// Whether a file of this name carries the mark, made with any of the keys. The case of the digits makes no difference.
    #[must_use]
    pub fn is_in(&self, file_name: &str) -> bool {
        let name = file_name.to_ascii_lowercase();
        self.marks.iter().any(|mark| name.contains(mark))
    }
}

/// Whoever knows the mark could name a file so that it passes for the document.
impl fmt::Debug for DocumentMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentMark(_)")
    }
}
