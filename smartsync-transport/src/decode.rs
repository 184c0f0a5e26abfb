//! JSON answers into models, without a value in the error.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::{plain_text::plain_text, tolerant};

/// An answer of another shape than documented.
///
/// serde's own message quotes values (`invalid type: string "Ann"`), so only the place and the kind of fault are kept;
/// the bytes are in [`Error::response`](crate::Error::response).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: Cow<'static, str>,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NotJson { line: usize, column: usize },
    CutOff,
    Shape,
    Missing(&'static str),
    Unreadable(&'static str),
    OtherId,
    OtherType,
    Contradiction,
}

/// What a model tells through serde about an object of another type: serde's own messages never begin like this.
pub(crate) const OTHER_TYPE: &str = "\u{1}another type than asked for";

impl DecodeError {
    /// The answer has no `part` (a header, a member), though the operation documents one.
    #[must_use]
    pub fn missing(part: &'static str) -> Self {
        Self::whole(Fault::Missing(part))
    }

    /// `part` of the answer is there and has another shape than documented.
    #[must_use]
    pub fn unreadable(part: &'static str) -> Self {
        Self::whole(Fault::Unreadable(part))
    }

    /// The answer is about another id than was asked for.
    #[must_use]
    pub fn other_id() -> Self {
        Self::whole(Fault::OtherId)
    }

    /// The answer is of another type than was asked for.
    #[must_use]
    pub fn other_type() -> Self {
        Self::whole(Fault::OtherType)
    }

    /// The answer holds two resources with one type and one id that say different things.
    #[must_use]
    pub fn contradiction() -> Self {
        Self::whole(Fault::Contradiction)
    }

    /// **When:** the answer is about something else than was asked for: another id, or another type. **Then:** use nothing of it; look
    /// for a cache or a gateway that mixes up answers, and at what the base URL leads to.
    #[must_use]
    pub fn is_about_another(&self) -> bool {
        matches!(self.fault, Fault::OtherId | Fault::OtherType)
    }

    /// **When:** two parts of the answer say different things of one resource. **Then:** believe neither; ask for that resource by itself.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        self.fault == Fault::Contradiction
    }

    /// Where in the JSON document the fault is: `data.attributes.tags[3]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    const fn whole(fault: Fault) -> Self {
        Self { path: Cow::Borrowed("."), fault }
    }

    fn new(path: &str, error: &serde_json::Error) -> Self {
        let fault = match error.classify() {
            serde_json::error::Category::Data if error.to_string().starts_with(OTHER_TYPE) => {
                Fault::OtherType
            }
            serde_json::error::Category::Eof => Fault::CutOff,
            serde_json::error::Category::Data => Fault::Shape,
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                Fault::NotJson { line: error.line(), column: error.column() }
            }
        };
        // Where an answer is no JSON, the place may be inside of a member that nobody knows, whose name is anybody's.
        let is_known = matches!(fault, Fault::Shape | Fault::OtherType);
        let path =
            if is_known && !path.is_empty() { Cow::Owned(plain_text(path).to_owned()) } else { ".".into() };
        Self { path, fault }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::NotJson { line, column } => write!(f, "not JSON (line {line}, column {column})"),
            Fault::CutOff => f.write_str("the JSON is truncated"),
            Fault::Shape => write!(f, "unexpected shape at `{}`", self.path),
            Fault::Missing(part) => write!(f, "the answer has no {part}"),
            Fault::Unreadable(part) => write!(f, "the answer's {part} could not be read"),
            Fault::OtherId => f.write_str("the answer is about a different id from the one requested"),
            Fault::OtherType => {
                write!(f, "the answer is about a different type from the one requested, at `{}`", self.path)
            }
            Fault::Contradiction => {
                f.write_str("the answer contains two different resources with the same type and id")
            }
        }
    }
}

impl std::error::Error for DecodeError {}

/// Decodes a whole JSON document.
///
/// # Errors
///
/// [`DecodeError`] with the place of the first fault.
pub fn decode_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    // One look at the whole is faster than one at each string.
    match std::str::from_utf8(bytes) {
        Ok(text) => decode_text(text),
        Err(_) => decode_text(&tolerant::text_of(bytes)),
    }
}

/// Decodes a whole JSON document that is known to be text.
///
/// # Errors
///
/// [`DecodeError`] with the place of the first fault.
pub fn decode_text<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    tolerant::from_str(text).map_err(|fault| DecodeError::new(&fault.place, &fault.error))
}

/// One element of a list, decoded by itself, so that a malformed one does not lose its neighbours.
///
/// It is as large as a pointer: a page full of malformed elements takes little more room than its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lenient<T>(Option<Box<T>>);

/// What is wrong with a malformed element. Its place in the element is not looked for: that would be to decode it twice.
const MALFORMED: DecodeError = DecodeError::whole(Fault::Shape);

impl<T> Lenient<T> {
    /// The element, or what is wrong with it.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when this element has another shape than documented.
    pub fn into_result(self) -> Result<T, DecodeError> {
        self.0.map(|element| *element).ok_or(MALFORMED)
    }

    /// The element, or what is wrong with it, by reference.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when this element has another shape than documented.
    pub fn as_result(&self) -> Result<&T, DecodeError> {
        self.0.as_deref().ok_or(MALFORMED)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(tolerant::from_str(raw.get()).ok().map(Box::new)))
    }
}

/// A malformed element is written as `null`, which is read as a malformed one again.
#[cfg(feature = "serialize")]
impl<T: serde::Serialize> serde::Serialize for Lenient<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
