//! A time range of a filter.

use std::fmt;

use smartsync_transport::Timestamp;

/// From a time, until a time, or both, as Oneflow's filters take it.
///
/// ```
/// use oneflow_client::{TimeRange, contracts::ListContracts};
///
/// let since = TimeRange::since("2031-01-01T00:00:00+0000");
/// assert_eq!(since.to_string(), "2031-01-01T00:00:00+0000|");
/// let january = TimeRange::between("2031-01-01T00:00:00+0000", "2031-02-01T00:00:00+0000");
/// let sent_in_january = ListContracts::new().published_time(january);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRange {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl TimeRange {
    /// From this time on.
    pub fn since(from: impl Into<Timestamp>) -> Self {
        Self { from: Some(from.into()), to: None }
    }

    /// Until this time.
    pub fn until(to: impl Into<Timestamp>) -> Self {
        Self { from: None, to: Some(to.into()) }
    }

    /// From one time until another.
    pub fn between(from: impl Into<Timestamp>, to: impl Into<Timestamp>) -> Self {
        Self { from: Some(from.into()), to: Some(to.into()) }
    }
}

/// As the value of a filter.
impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            |time: &Option<Timestamp>| time.as_ref().map(|time| time.as_str().to_owned()).unwrap_or_default();
        write!(f, "{}|{}", text(&self.from), text(&self.to))
    }
}
