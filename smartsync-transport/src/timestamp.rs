//! A point in time as a service wrote it.

use std::{cmp::Ordering, convert::Infallible, fmt, str::FromStr};

use jiff::fmt::{strtime, temporal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time as the service wrote it, offset included.
///
/// Services disagree on the form (`+0000`, `+01:00`, `Z`, with and without milliseconds) and a surprise in a time must
/// not cost the whole answer, so the text is kept and read on demand.
///
/// ```
/// use smartsync_transport::Timestamp;
///
/// let oneflow = Timestamp::from("2031-02-03T04:05:06+0000");
/// let teamtailor = Timestamp::from("2031-02-03T05:05:06.000+01:00");
/// assert_eq!(oneflow.instant(), teamtailor.instant());
/// assert_eq!(Timestamp::from("soon").instant(), None);
/// ```
///
/// It comes from a time and becomes one:
///
/// ```
/// # use smartsync_transport::Timestamp;
/// use smartsync_transport::jiff;
///
/// let since: jiff::Timestamp = "2031-02-03T04:05:06Z".parse()?;
/// assert_eq!(Timestamp::from(since).as_str(), "2031-02-03T04:05:06+0000");
/// assert_eq!(jiff::Timestamp::try_from(Timestamp::from("2031-02-03T05:05:06+01:00"))?, since);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Times sort by their instants, and a text that is no time comes first. Two texts of one instant are not equal (`==`):
/// compare [`Timestamp::instant`] where that matters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The text as it travelled.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant, or `None` if the text is in no known form.
    #[must_use]
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        static PARSER: temporal::DateTimeParser = temporal::DateTimeParser::new();
        PARSER
            .parse_timestamp(self.as_str())
            .or_else(|_| strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", self.as_str())?.to_timestamp())
            .ok()
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Timestamp {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Self> for Timestamp {
    fn from(time: &Self) -> Self {
        time.clone()
    }
}

/// Never fails, like reading an answer: what is no time has no [`Timestamp::instant`].
impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

/// In UTC and whole seconds, `2031-02-03T04:05:06+0000`: the form that Oneflow documents, and ISO 8601 as Teamtailor takes it.
/// A fraction of a second is cut off.
impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string().into())
    }
}

/// A text that is no time in any known form. It does not hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a time in a known form")]
#[non_exhaustive]
pub struct UnknownTime;

impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = UnknownTime;

    fn try_from(time: &Timestamp) -> Result<Self, UnknownTime> {
        time.instant().ok_or(UnknownTime)
    }
}

impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = UnknownTime;

    fn try_from(time: Timestamp) -> Result<Self, UnknownTime> {
        Self::try_from(&time)
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// By instant, then by text, so that only equal times are neither before nor after one another.
impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.instant(), self.as_str()).cmp(&(other.instant(), other.as_str()))
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Prints the instant, and nothing else of the text: behind a time, it may hold anything in brackets.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) => fmt::Display::fmt(&instant, f),
            None => f.write_str("_"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer).map(Self)
    }
}
