//! The value of a field: read from either service, compared in a normal form, written to either service.

mod choice;
mod date;
mod format;
mod number;
mod text;

use std::{borrow::Cow, collections::BTreeSet, fmt};

use jiff::civil;
use serde::{Deserialize, Serialize};

pub use self::{
    choice::ChoiceOption,
    date::DateOrder,
    format::{FieldFormat, ONEFLOW_MAX_CHARACTERS},
    number::{Decimal, DecimalMark},
};

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
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How people write numbers and dates in the contracts.
///
/// It is asked only where a text has two readings: `1.234` or `03/04/2031`. Without it such a text is an error, never
/// a guess.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Locale {
    /// The mark before the decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// Which of day and month comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
}

impl Locale {
    /// A locale that decides on both.
    #[must_use]
    pub fn new(decimal: DecimalMark, date_order: DateOrder) -> Self {
        Self { decimal: Some(decimal), date_order: Some(date_order) }
    }
}

/// A value in the form of its type. It holds what a person typed, so `Debug` prints the type only.
#[derive(Clone)]
#[non_exhaustive]
pub enum FieldValue {
    /// Any text, without white space at its ends, lines ended by `\n`.
    Text(String),
    /// An exact decimal number.
    Number(Decimal),
    /// A day.
    Date(civil::Date),
    /// Yes or no.
    Checkbox(bool),
    /// A web address as it was written.
    Url(String),
    /// An e-mail address in lower case.
    Email(String),
    /// A telephone number as it was written; it is compared without spaces and punctuation.
    Phone(String),
    /// The id of an option.
    Choice(String),
    /// The ids of the options.
    Choices(BTreeSet<String>),
}

impl FieldValue {
    /// The type of the value.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        match self {
            Self::Text(_) => FieldType::Text,
            Self::Number(_) => FieldType::Number,
            Self::Date(_) => FieldType::Date,
            Self::Checkbox(_) => FieldType::Checkbox,
            Self::Url(_) => FieldType::Url,
            Self::Email(_) => FieldType::Email,
            Self::Phone(_) => FieldType::Phone,
            Self::Choice(_) => FieldType::Choice,
            Self::Choices(_) => FieldType::Choices,
        }
    }

    /// The normal form: two values are the same exactly if their types and normal forms are.
    #[must_use]
    pub fn normal(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Url(text) | Self::Email(text) | Self::Choice(text) => {
                Cow::Borrowed(text)
            }
            Self::Number(number) => Cow::Borrowed(number.as_str()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Checkbox(true) => Cow::Borrowed("true"),
            Self::Checkbox(false) => Cow::Borrowed("false"),
            Self::Phone(text) => Cow::Owned(text::dialled(text)),
            Self::Choices(ids) => {
                Cow::Owned(ids.iter().map(String::as_str).collect::<Vec<_>>().join("\u{1f}"))
            }
        }
    }
}

impl PartialEq for FieldValue {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.normal() == other.normal()
    }
}

impl Eq for FieldValue {}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldValue({})", self.kind())
    }
}

/// Why a value cannot be read or written. It never quotes the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text is no value of the field's type.
    #[error("the text is no value of the field's type")]
    Unreadable,
    /// `1.234`: one thousand two hundred and thirty-four, or one and a bit?
    #[error(
        "the number has two readings, with a decimal point and with a decimal comma: declare `locale.decimal`"
    )]
    AmbiguousNumber,
    /// `03/04/2031`: April or March?
    #[error("the date has two readings, day first and month first: declare `locale.date_order`")]
    AmbiguousDate,
    /// The select has no option of this label.
    #[error("the select has no option of this label")]
    UnknownOption,
    /// The select has several options of this label.
    #[error("the select has several options of this label")]
    AmbiguousOption,
    /// More characters than the field holds.
    #[error("the text has more characters than the field holds")]
    TooLong,
    /// The other service cannot hold the value without changing it.
    #[error("the value cannot be written without changing it")]
    Lossy,
}
