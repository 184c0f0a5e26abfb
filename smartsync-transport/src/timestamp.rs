//! A point in time as a service wrote it.

use std::fmt;

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
#[derive(Clone, PartialEq, Eq)]
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
