//! The types of values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldType {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A day, without time of day.
    Date,
    /// Yes or no.
    Checkbox,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// One option of a select.
    Choice,
    /// Any number of options of a select.
    Choices,
}

impl FieldType {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Number,
        Self::Date,
        Self::Checkbox,
        Self::Url,
        Self::Email,
        Self::Phone,
        Self::Choice,
        Self::Choices,
    ];

    /// The name in a mapping file: `date`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Checkbox => "checkbox",
            Self::Url => "url",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Choice => "choice",
            Self::Choices => "choices",
        }
    }

    /// Whether a custom field of this type holds values of type `kind` as they are. A text field holds anything that needs no
    /// options.
    pub(crate) fn can_hold(self, kind: Self) -> bool {
        let needs_options = matches!(kind, Self::Choice | Self::Choices);
        self == kind || self == Self::Text && !needs_options || self.is_textual() && kind.is_textual()
    }

    /// Whether Teamtailor holds values of this type as free text.
    pub(crate) fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::Url | Self::Email | Self::Phone)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
