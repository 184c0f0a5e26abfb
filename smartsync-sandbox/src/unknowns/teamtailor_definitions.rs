//! Custom fields and their options, and the version of the API.

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

/// Whether the options of one select can be listed (`GET /custom-field-options`, `filter[custom-field]`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OptionList {
    /// Those of the field.
    #[default]
    Filtered,
    /// The filter has no effect, and all options are listed.
    All,
    /// There is no such list, or the filter is refused.
    Missing,
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

/// Whether the version of the API that the client asks for is the newest, and what differs from the documentation of 2021.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ApiVersion {
    /// It is accepted, and nothing that is used here differs.
    #[default]
    AsKnown,
    /// It is accepted, and something differs.
    Differs,
    /// It is no longer accepted.
    Refused,
}
