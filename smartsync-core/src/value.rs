//! The value of a field: read from either service, compared in a normal form, written to either service.
//!
//! What each type reads and writes, and what is lost on the way, stands in `docs/values.md`.

mod checkbox;
mod choice;
mod country;
mod currency;
mod date;
mod domain;
mod email;
mod field_type;
mod fold;
mod format;
mod harm;
mod invisible;
mod locale;
mod month;
mod name;
mod number;
mod numbering_plan;
mod phone;
mod separated;
mod text;
mod url;
mod value_error;

use std::{borrow::Cow, collections::BTreeSet, fmt};

use jiff::civil;

pub(crate) use self::harm::{harm, is_on_linkedin};
pub use self::{
    choice::{ChoiceOption, ChoiceOptions},
    country::{Country, UnknownCountry},
    currency::{Currency, UnknownCurrency},
    date::DateOrder,
    field_type::FieldType,
    format::{FieldFormat, ONEFLOW_MAX_CHARACTERS},
    locale::{DecimalMark, Locale},
    number::Decimal,
    phone::PhoneNumber,
    value_error::ValueError,
};

/// A value in the form of its type. It holds what a person typed, so `Debug` prints the type only.
#[derive(Clone)]
#[non_exhaustive]
pub enum FieldValue {
    /// Any text, without white space at its ends, lines ended by `\n`. An accented letter equals the letter and its
    /// accent.
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
    /// A telephone number.
    Phone(PhoneNumber),
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
            Self::Text(text) => fold::composed(text),
            Self::Url(text) | Self::Email(text) | Self::Choice(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Borrowed(number.as_str()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Checkbox(true) => Cow::Borrowed("true"),
            Self::Checkbox(false) => Cow::Borrowed("false"),
            Self::Phone(number) => Cow::Borrowed(number.normal()),
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
