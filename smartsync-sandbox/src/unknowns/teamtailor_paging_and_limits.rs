//! Pages, and what answers say of the rate limit.

use serde::{Deserialize, Serialize};

/// Which paging the lists have that are used here: by number or by cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PagingForm {
    /// `page[number]`.
    Number,
    /// `page[after]` and `page[before]`.
    Cursor,
    /// One has this, another that.
    #[default]
    ByList,
}

/// Whether the rate limit in the headers is that of the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TeamtailorRateHeaders {
    /// It goes down with each request.
    #[default]
    Live,
    /// It is the same in every answer, as the documentation of 2021 says of its time.
    Fixed,
    /// There are no such headers.
    Absent,
}

/// Whether a 429 says how long to wait (`Retry-After`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RetryAfter {
    /// It does.
    Sent,
    /// Only `X-Rate-Limit-Reset` says it, or nothing.
    #[default]
    Absent,
}
