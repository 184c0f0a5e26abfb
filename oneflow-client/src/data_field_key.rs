//! How a data field is named in a request.

use std::fmt;

use crate::ids::DataFieldId;

/// A data field of a contract, by id or by custom id.
///
/// ```
/// use oneflow_client::{DataFieldId, DataFieldKey};
///
/// assert_eq!(DataFieldKey::from(DataFieldId::new(70012)).to_string(), "70012");
/// assert_eq!(DataFieldKey::from("oneflow-start-date").to_string(), "c::oneflow-start-date");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DataFieldKey {
    /// By id, which holds within one contract.
    Id(DataFieldId),
    /// By custom id, which holds within one template type. The form of the path (`c::…`) is that of Oneflow's own connector.
    CustomId(String),
}

/// As a path segment. A custom id that is empty, blank or `c::` makes an empty one, which no request is sent with: it names no data
/// field.
impl fmt::Display for DataFieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::CustomId(custom_id) if custom_id.trim().trim_start_matches("c::").trim().is_empty() => {
                Ok(())
            }
            Self::CustomId(custom_id) => write!(f, "c::{custom_id}"),
        }
    }
}

impl From<DataFieldId> for DataFieldKey {
    fn from(id: DataFieldId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for DataFieldKey {
    fn from(custom_id: &str) -> Self {
        Self::CustomId(custom_id.to_owned())
    }
}

impl From<String> for DataFieldKey {
    fn from(custom_id: String) -> Self {
        Self::CustomId(custom_id)
    }
}

impl From<&String> for DataFieldKey {
    fn from(custom_id: &String) -> Self {
        Self::CustomId(custom_id.clone())
    }
}

impl From<&Self> for DataFieldKey {
    fn from(key: &Self) -> Self {
        key.clone()
    }
}
