//! The key of a data field.

use smartsync_transport::Timestamp;

use crate::contracts::DataField;

impl DataField {
    /// The custom id, wherever it stands: in the field itself or in its owner-side part. An empty one is none. Map fields by
    /// it, and by the template type.
    ///
    /// ```
    /// # use oneflow_client::contracts::DataField;
    /// let field: DataField = serde_json::from_str(r#"{"id": 1, "_private_ownerside": {"custom_id": "start-date"}}"#)?;
    /// assert_eq!(field.key(), Some("start-date"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        let private = self.private_ownerside.as_ref().and_then(|private| private.custom_id.as_deref());
        [self.custom_id.as_deref(), private].into_iter().flatten().find(|key| !key.is_empty())
    }

    /// When its value was changed last, from its owner-side part.
    #[must_use]
    pub fn updated(&self) -> Option<&Timestamp> {
        self.private_ownerside.as_ref()?.updated_time.as_ref()
    }
}
