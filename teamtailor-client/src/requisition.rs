//! Two members of a requisition that are spelled in two ways.

use smartsync_transport::Timestamp;

use crate::requisitions::RequisitionAttributes;

/// Reads what the documentation writes with an underscore, unlike all other members.
impl RequisitionAttributes {
    /// When it was created, whether as `created_at` or as `created-at`.
    ///
    /// ```
    /// # use teamtailor_client::requisitions::RequisitionAttributes;
    /// for body in [
    ///     r#"{"created_at": "2031-02-03T09:00:00.000+01:00"}"#,
    ///     r#"{"created-at": "2031-02-03T09:00:00.000+01:00"}"#,
    /// ] {
    ///     let requisition: RequisitionAttributes = serde_json::from_str(body)?;
    ///     assert_eq!(requisition.created().unwrap().as_str(), "2031-02-03T09:00:00.000+01:00");
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn created(&self) -> Option<&Timestamp> {
        self.created_at.as_ref().or(self.created_at_with_hyphen.as_ref())
    }

    /// How many were hired, whether as `hired_count` or as `hired-count`.
    #[must_use]
    pub fn hired(&self) -> Option<i64> {
        self.hired_count.or(self.hired_count_with_hyphen)
    }
}
