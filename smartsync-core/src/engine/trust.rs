//! How long what was read is trusted, and how often a request is tried.

use jiff::Timestamp;

/// What was read is trusted this long; after it, contract and candidate are read again before anything is written.
pub(crate) const TRUST_SECONDS: i64 = 30;

/// So often is a request sent that the service was too busy for, if the client waits until the service is ready.
pub(crate) const MOST_TRIES: u32 = 3;

/// Whether what was read at one time is still trusted at the other. Without a clock, nothing is.
pub(crate) fn is_trusted(read_at: Option<Timestamp>, now: Option<Timestamp>) -> bool {
    age_in_seconds(read_at, now).is_some_and(|seconds| seconds <= TRUST_SECONDS)
}

/// How old what was read at one time is at the other, if the host has a clock. One that was set back counts as if it had run on.
pub(crate) fn age_in_seconds(read_at: Option<Timestamp>, now: Option<Timestamp>) -> Option<i64> {
    Some((now?.as_second() - read_at?.as_second()).abs())
}
