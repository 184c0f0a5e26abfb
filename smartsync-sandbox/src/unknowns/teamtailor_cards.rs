//! What comes along with a candidate, and which candidates are found.

use serde::{Deserialize, Serialize};

/// Whether the definitions of custom fields come along with the values (`custom-field-values.custom-field`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NestedInclude {
    /// Each value names its field, and the definition of each is included.
    #[default]
    ComeAlong,
    /// Each value names its field, and no definition is included.
    LinkedOnly,
    /// The request is refused.
    Refused,
    /// Some come along.
    Else,
}

/// Whether a list of candidates can include their custom field values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ListsWithValues {
    /// It is answered.
    #[default]
    Answered,
    /// It is a 500 for some companies, as an importer met it.
    Error,
}
