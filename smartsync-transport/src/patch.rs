//! Three states of a field in an update: keep, clear, set.

use std::fmt;

use serde::{Serialize, Serializer, ser::Error as _};

/// What an update does to a field.
///
/// JSON cannot tell "leave it" from "empty it" with an `Option`; an update that mixes them up erases data.
///
/// ```
/// use serde::Serialize;
/// use smartsync_transport::Patch;
///
/// #[derive(Default, Serialize)]
/// struct Update {
///     #[serde(skip_serializing_if = "Patch::is_keep")]
///     phone: Patch<String>,
///     #[serde(skip_serializing_if = "Patch::is_keep")]
///     pitch: Patch<String>,
/// }
///
/// let update = Update { phone: Patch::Clear, ..Update::default() };
/// assert_eq!(serde_json::to_string(&update).unwrap(), r#"{"phone":null}"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these three states and no other")]
pub enum Patch<T> {
    /// The field is not sent and keeps its value.
    #[default]
    Keep,
    /// The field is sent as `null` and loses its value.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is not sent.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

/// Prints which of the three states it is, never the value.
impl<T> fmt::Debug for Patch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "keep",
            Self::Clear => "clear",
            Self::Set(_) => "set",
        })
    }
}

/// [`Patch::Keep`] refuses to be written: a field that forgot `skip_serializing_if` fails instead of erasing data.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => {
                Err(S::Error::custom("a kept field cannot be written; skip it with `Patch::is_keep`"))
            }
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}
