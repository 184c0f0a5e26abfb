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

/// Whether everything that a candidate has comes along, however much it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IncludedCap {
    /// All of it.
    #[default]
    Whole,
    /// So many items, and the relationship names all of them.
    Cut,
    /// So many items, and the relationship names no more.
    CutInSilence,
}

/// Whether a key sees private and hidden fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PrivateFields {
    /// As all others.
    #[default]
    Seen,
    /// Their definitions, and not their values.
    DefinitionsOnly,
    /// Neither.
    Unseen,
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

/// What `filter[email]` finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EmailFilter {
    /// The address as it is kept, in lower case.
    #[default]
    ExactLower,
    /// The address in any case.
    AnyCase,
    /// Addresses that contain the text.
    Part,
}

/// What a request for a candidate who was deleted is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeletedCandidate {
    /// 404.
    #[default]
    NotFound,
    /// Something else.
    Else,
}
