//! The host's own name for one creation of a contract.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// With the longest id and its code, the link token still fits into the 100 characters that Oneflow can search for.
const MAX_LENGTH: usize = 40;

/// The host's own name for one creation of a contract: a second attempt has the same, a second contract another.
///
/// 1 to 40 letters, digits, `-`, `_` or `.`; a UUID fits. It is printed, also by `Debug`, stored in the ledger, and
/// sent to Oneflow as a part of the link token: put no person's name in it.
///
/// ```
/// use smartsync_core::RequestId;
///
/// assert!("hire-2031-0042".parse::<RequestId>().is_ok());
/// assert!("two words".parse::<RequestId>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

/// A string that is not a valid [`RequestId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request id must have 1 to {MAX_LENGTH} characters: letters, digits, `-`, `_` or `.`")]
#[non_exhaustive]
pub struct InvalidRequestId;

impl RequestId {
    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fits = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(usual);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidRequestId) }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
