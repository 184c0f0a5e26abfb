//! The id of a resource of whatever type.

use serde::{Deserialize, Deserializer};
use smartsync_transport::generated_support::{Read, Readable, Scalar, deserialize, read_scalar};

/// A text that is not empty; a whole number is read as its digits.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serialize", derive(serde::Serialize))]
pub(crate) struct Id(pub(crate) String);

impl Scalar for Id {
    fn of_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    fn of_i64(id: i64) -> Option<Self> {
        Some(Self(id.to_string()))
    }

    fn of_u64(id: u64) -> Option<Self> {
        Some(Self(id.to_string()))
    }
}

impl Readable for Id {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        read_scalar(deserializer)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
