//! Files of a candidate.

use serde::{Deserialize, Serialize};

/// When Teamtailor fetches the file whose address it is given, and with which limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UploadFetch {
    /// Within the request: an address that cannot be fetched is a 422.
    #[default]
    Within,
    /// Afterwards: the request succeeds whatever the address.
    Later,
    /// Something else.
    Else,
}

/// Whether a file keeps the name that it was uploaded with, and shows it at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UploadName {
    /// It is there at once, as it was sent.
    #[default]
    Kept,
    /// Characters are replaced.
    Changed,
    /// It is empty for a while.
    Later,
}

/// What `internal` says of a file that was uploaded over the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UploadInternal {
    /// False, as in the documented sample.
    #[default]
    No,
    /// True.
    Yes,
}
