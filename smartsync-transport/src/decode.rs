//! JSON answers into models, without a value in the error.

use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// An answer of another shape than documented.
///
/// serde's own message quotes values (`invalid type: string "Ann"`), so only the place and the kind of fault are kept;
/// the bytes are in [`Error::response`](crate::Error::response).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NotJson { line: usize, column: usize },
    CutOff,
    Shape,
    Missing(&'static str),
}

impl DecodeError {
    /// The answer has no `part` (a header, a member), though the operation documents one.
    #[must_use]
    pub fn missing(part: &'static str) -> Self {
        Self { path: ".".to_owned(), fault: Fault::Missing(part) }
    }

    /// Where in the JSON document the fault is: `data.attributes.tags[3]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn new(path: String, error: &serde_json::Error) -> Self {
        let fault = match error.classify() {
            serde_json::error::Category::Eof => Fault::CutOff,
            serde_json::error::Category::Data => Fault::Shape,
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                Fault::NotJson { line: error.line(), column: error.column() }
            }
        };
        Self { path, fault }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::NotJson { line, column } => write!(f, "not JSON (line {line}, column {column})"),
            Fault::CutOff => write!(f, "the JSON is cut off at `{}`", self.path),
            Fault::Shape => write!(f, "unexpected shape at `{}`", self.path),
            Fault::Missing(part) => write!(f, "the answer has no {part}"),
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
        Err(_) => serde_json::from_slice(bytes).map_err(|error| located::<T>(bytes, &error)),
    }
}

/// Decodes a whole JSON document that is known to be text.
///
/// # Errors
///
/// [`DecodeError`] with the place of the first fault.
pub fn decode_text<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|error| located::<T>(text.as_bytes(), &error))
}

/// The fault with its place. Keeping track of the place costs as much as decoding, so it is looked for only when there
/// is a fault.
fn located<T: DeserializeOwned>(bytes: &[u8], fault: &serde_json::Error) -> DecodeError {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => DecodeError::new(error.path().to_string(), error.inner()),
        // The document is well, and something follows it.
        Ok(_) => DecodeError::new(".".to_owned(), fault),
    }
}

/// One element of a list, decoded by itself, so that a malformed one does not lose its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lenient<T>(Result<T, DecodeError>);

impl<T> Lenient<T> {
    /// The element, or what is wrong with it.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when this element has another shape than documented.
    pub fn into_result(self) -> Result<T, DecodeError> {
        self.0
    }

    /// The element, or what is wrong with it, by reference.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when this element has another shape than documented.
    pub fn as_result(&self) -> Result<&T, &DecodeError> {
        self.0.as_ref()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(decode_text(raw.get())))
    }
}
