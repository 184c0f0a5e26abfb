//! What is wrong in a mapping, as plain data: a code, a place in the file, what is wrong, what to write instead.

mod code;
mod example;
mod key_path;

use std::fmt;

use serde::Serialize;

pub use self::{
    code::{DiagnosticCode, Severity},
    key_path::{KeyPath, KeyPathSegment},
};

/// Something in a mapping that someone should know of. It quotes names, keys and words of the file, and no values of
/// fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which one it is.
    pub code: DiagnosticCode,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is. `place` in JSON.
    #[serde(rename = "place")]
    pub path: KeyPath,
    /// Whether the key there is meant, or its value. `spot` in JSON.
    #[serde(rename = "spot")]
    pub points_at: KeyOrValue,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Other places that have to do with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
}

/// Whether the key or the value of a place is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a place has a key and a value")]
pub enum KeyOrValue {
    /// The key, or the head of a table.
    Key,
    /// The value.
    Value,
}

/// Another place that has to do with a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Related {
    /// Where it is. `place` in JSON.
    #[serde(rename = "place")]
    pub path: KeyPath,
    /// What it has to do with it.
    pub note: String,
}

impl Diagnostic {
    /// A diagnostic about the key of a place.
    pub(crate) fn at_key(
        code: DiagnosticCode,
        path: KeyPath,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let (message, help) = (message.into(), help.into());
        Self {
            code,
            severity: code.severity(),
            path,
            points_at: KeyOrValue::Key,
            message,
            help,
            related: Vec::new(),
        }
    }

    /// A diagnostic about the value of a place.
    pub(crate) fn at_value(
        code: DiagnosticCode,
        path: KeyPath,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { points_at: KeyOrValue::Value, ..Self::at_key(code, path, message, help) }
    }

    /// Points at another place as well.
    pub(crate) fn related(mut self, path: KeyPath, note: impl Into<String>) -> Self {
        self.related.push(Related { path, note: note.into() });
        self
    }

    /// Whether the mapping cannot be used because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// All in one line: `error[SM0001] at field[2].on_conflct: ...`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, severity, path, message, help, .. } = self;
        write!(f, "{severity}[{code}] at {path}: {message}; {help}")
    }
}
