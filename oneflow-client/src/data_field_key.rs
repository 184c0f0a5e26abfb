//! The key of a data field.

use std::fmt;

use crate::{DataField, DataFieldId};

/// A data field of a contract, by id or by custom id.
///
/// ```
/// use oneflow_client::{DataFieldId, DataFieldKey};
///
/// assert_eq!(DataFieldKey::from(DataFieldId::new(70012)).to_string(), "70012");
/// assert_eq!(DataFieldKey::from("oneflow-start-date").to_string(), "c::oneflow-start-date");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DataFieldKey {
    /// By id, which holds within one contract.
    Id(DataFieldId),
    /// By custom id, which holds within one template type. The form of the path (`c::…`) is that of Oneflow's own connector.
    CustomId(String),
}

/// As a path segment.
impl fmt::Display for DataFieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
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

impl DataField {
    /// The custom id, wherever it stands: in the field itself or in its owner-side part. An empty one is none. Map fields by
    /// it, and by the template type.
    ///
    /// ```
    /// # use oneflow_client::DataField;
    /// let field: DataField = serde_json::from_str(r#"{"id": 1, "_private_ownerside": {"custom_id": "start-date"}}"#)?;
    /// assert_eq!(field.key(), Some("start-date"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        let private = self.private_ownerside.as_ref().and_then(|private| private.custom_id.as_deref());
        [self.custom_id.as_deref(), private].into_iter().flatten().find(|key| !key.is_empty())
    }
}
