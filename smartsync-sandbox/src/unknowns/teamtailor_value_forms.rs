//! In which form a value is read back.

use serde::{Deserialize, Serialize};

/// As what a checkbox is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CheckboxReadForm {
    /// As the text `true` or `false`.
    #[default]
    Text,
    /// As true or false.
    Boolean,
    /// Something else.
    Else,
}

/// As what a number is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NumberReadForm {
    /// As a number.
    #[default]
    Number,
    /// As a text.
    Text,
    /// Something else.
    Else,
}

/// As what a select with one choice is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SelectReadForm {
    /// As the label of the option.
    #[default]
    Label,
    /// As a list of one label.
    List,
    /// As the id of the option.
    OptionId,
    /// Something else.
    Else,
}

/// As what a select with several choices is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MultiSelectReadForm {
    /// As a list of labels.
    #[default]
    Labels,
    /// As a list of option ids.
    OptionIds,
    /// As one text.
    Text,
    /// Something else.
    Else,
}

/// As what a date is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DateReadForm {
    /// As it was written: `2031-12-31`.
    #[default]
    AsWritten,
    /// With a time and an offset.
    WithTime,
    /// Something else.
    Else,
}

/// Whether an e-mail address is kept as it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EmailReadForm {
    /// It is kept in lower case.
    #[default]
    Lower,
    /// As it was written.
    AsWritten,
}
