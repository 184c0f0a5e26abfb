//! What generated clients call. Hidden from the documentation: it serves the generator, not people.

mod debug;
mod object;
mod readable;
mod scalar;
#[cfg(feature = "serialize")]
mod write;

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error};

use crate::{decode::DecodeError, tolerant};

#[cfg(feature = "serialize")]
pub use self::write::{Member, Object as WriteObject, Unread};
pub use self::{
    debug::Hidden,
    object::{Name, Object, Slot, TypeIs, deserialize_object, missing, read_object},
    readable::{Read, Readable, read_items},
    scalar::{Scalar, deserialize_id, read_scalar},
};

/// Prints an id that looks like one: both services count, or take letters and digits without a space.
pub fn debug_text_id(name: &str, id: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const LONGEST: usize = 64;
    let is_of_ids = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    let looks_like_one =
        id.len() <= LONGEST && id.bytes().all(is_of_ids) && id.bytes().any(|byte| byte.is_ascii_digit());
    if looks_like_one { f.debug_tuple(name).field(&id).finish() } else { write!(f, "{name}(_)") }
}

/// The value that must be there, for a model that is written by hand.
///
/// # Errors
///
/// That of the deserializer, also if it is `null` or of another shape.
pub fn deserialize<'de, T: Readable, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match T::read(deserializer)? {
        Read::Whole(value) | Read::Partial(value) => Ok(value),
        Read::Null | Read::Unreadable => Err(Error::custom("a shape that is not documented")),
    }
}

/// What can be read of a JSON text.
#[must_use]
pub fn read_text<T: Readable>(text: &str) -> Option<T> {
    struct Text<T>(T);

    impl<'de, T: Readable> Deserialize<'de> for Text<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize(deserializer).map(Self)
        }
    }

    tolerant::from_str(text).ok().map(|Text(value)| value)
}

/// Whether an answer is about what was asked for.
///
/// # Errors
///
/// [`DecodeError`] if it has another id.
pub fn about<T: PartialEq>(answered: &T, asked: &T) -> Result<(), DecodeError> {
    if answered == asked { Ok(()) } else { Err(DecodeError::other_id()) }
}

/// Whether an answer is of one of `types`.
///
/// # Errors
///
/// [`DecodeError`] if it is of another type.
pub fn of_type(answered: &str, types: &[&str]) -> Result<(), DecodeError> {
    if types.contains(&answered) { Ok(()) } else { Err(DecodeError::other_type()) }
}
