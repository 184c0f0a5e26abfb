//! Files of a contract.

use serde::{Deserialize, Serialize};

/// What a request for the file of a contract answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FileAddress {
    /// 302 to an address of the storage.
    #[default]
    Redirect,
    /// The file itself.
    Bytes,
    /// Something else.
    Else,
}

/// Whether an address without a slash at its end is as good as one with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TrailingSlash {
    /// Both are answered alike.
    #[default]
    Same,
    /// One redirects to the other.
    Redirect,
    /// One is a 404.
    Refused,
}
