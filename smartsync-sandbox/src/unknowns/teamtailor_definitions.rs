//! Custom fields and their options.

use serde::{Deserialize, Serialize};

/// How a custom field says that it belongs to jobs, and whether a job may have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OwnerType {
    /// `owner-type` contains `job`, in some spelling.
    #[default]
    ContainsJob,
    /// It is spelled otherwise.
    Else,
    /// It does not say.
    Absent,
}

/// Whether custom fields can be asked for by their api-name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CustomFieldFilter {
    /// A name that does not exist lists nothing.
    Works,
    /// All are listed all the same.
    Ignored,
    /// The request is refused.
    #[default]
    Refused,
}
