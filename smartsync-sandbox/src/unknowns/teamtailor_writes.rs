//! What becomes of what is written.

use serde::{Deserialize, Serialize};

/// What a `POST` of a value does where the field has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValuePostedTwice {
    /// It is refused.
    #[default]
    Refused,
    /// The value is written over.
    Overwritten,
    /// There are two values then.
    Second,
}

/// As what the choice of a select is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SelectWriteForm {
    /// As the id of the option.
    OptionId,
    /// As a list of one id.
    List,
    /// As its label.
    Label,
    /// More than one of these is taken.
    #[default]
    Several,
}

/// As which type a select is named by a value that is written (`custom-fields` or `custom-field-selects`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SelectOwnerKind {
    /// As `custom-fields`, like every other field.
    CustomFields,
    /// As `custom-field-selects`.
    CustomFieldSelects,
    /// Both are taken.
    #[default]
    Either,
}

/// Whether a number with decimals, written as a number, is kept as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NumberWrittenForm {
    /// It is read back as it was.
    #[default]
    Kept,
    /// It loses its decimals.
    Rounded,
    /// Only a text, or a text with a comma, is taken.
    Refused,
}

/// Whether one attribute that is refused refuses the whole update of a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OneBadAttribute {
    /// Nothing is written.
    #[default]
    Whole,
    /// The others are written all the same.
    OthersWritten,
}

/// How a refusal says that a value is there, or an address is another candidate's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TakenWords {
    /// With the word `taken`.
    #[default]
    Taken,
    /// Otherwise.
    Else,
}

/// Whether the answer to a write shows what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WriteAnswer {
    /// It has the value as it is now.
    #[default]
    Shown,
    /// It shows the value before.
    Earlier,
    /// It has no body.
    Empty,
}

/// Whether a custom field value that changes moves `updated-at` of its candidate, and whether a write over the API is notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValuesMoveUpdatedAt {
    /// `updated-at` is later after the change.
    Moves,
    /// Only the candidate's own fields move it.
    #[default]
    Stays,
}
