//! How long what was read is trusted, and how often a request is tried.

use jiff::Timestamp;

/// What was read is trusted this long; after it, contract and candidate are read again before anything is written.
pub(crate) const TRUST_SECONDS: i64 = 30;

/// So often is a request sent that the service was too busy for, if the client waits until the service is ready.
pub(crate) const MOST_TRIES: u32 = 3;

/// Whether what was read at one time is still trusted at the other. Without a clock, nothing is.
pub(crate) fn is_trusted(read_at: Option<Timestamp>, now: Option<Timestamp>) -> bool {
    match (now, read_at) {
        (Some(now), Some(read_at)) => (now.as_second() - read_at.as_second()).abs() <= TRUST_SECONDS,
        _ => false,
    }
}
