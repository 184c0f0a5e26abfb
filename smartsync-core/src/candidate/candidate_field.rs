//! The fields of a candidate, as a mapping names them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::value::FieldType;

/// A field that every candidate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DefaultField {
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Address of the LinkedIn page.
    LinkedinUrl,
    /// The candidate's pitch, at most 140 characters.
    Pitch,
}

impl DefaultField {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::FirstName, Self::LastName, Self::Email, Self::Phone, Self::LinkedinUrl, Self::Pitch];

    /// The name in a mapping file: `first_name`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::LinkedinUrl => "linkedin_url",
            Self::Pitch => "pitch",
        }
    }

    /// The name of Teamtailor's attribute: `first-name`.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::FirstName => "first-name",
            Self::LastName => "last-name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::LinkedinUrl => "linkedin-url",
            Self::Pitch => "pitch",
        }
    }

    /// The type of its values.
    #[must_use]
    pub fn kind(self) -> FieldType {
        match self {
            Self::FirstName | Self::LastName | Self::Pitch => FieldType::Text,
            Self::Email => FieldType::Email,
            Self::Phone => FieldType::Phone,
            Self::LinkedinUrl => FieldType::Url,
        }
    }

    /// Whether it holds a person's name.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::FirstName | Self::LastName)
    }

    /// The most characters it holds, where that is documented.
    pub(crate) fn max_characters(self) -> Option<usize> {
        (self == Self::Pitch).then_some(140)
    }
}

/// A field of a candidate: `first_name`, or `custom:start-date` by api-name or id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CandidateField {
    /// A field that every candidate has.
    Default(DefaultField),
    /// The custom field of this api-name or, where none has it, of this id.
    Custom(String),
}

impl CandidateField {
    /// The custom field of this api-name or id.
    #[must_use]
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(name.into())
    }
}

impl fmt::Display for CandidateField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(field) => f.write_str(field.as_str()),
            Self::Custom(name) => write!(f, "custom:{name}"),
        }
    }
}

/// A text that names no candidate field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a candidate field: write `custom:<api-name>`, or one of first_name, last_name, email, phone, linkedin_url, pitch"
)]
pub struct UnknownCandidateField(String);

impl FromStr for CandidateField {
    type Err = UnknownCandidateField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(name) = text.strip_prefix("custom:").map(str::trim).filter(|name| !name.is_empty()) {
            return Ok(Self::Custom(name.to_owned()));
        }
        let name = text.replace('-', "_");
        let field = DefaultField::ALL.into_iter().find(|field| field.as_str() == name);
        field.map(Self::Default).ok_or_else(|| UnknownCandidateField(text.to_owned()))
    }
}

impl Serialize for CandidateField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CandidateField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
