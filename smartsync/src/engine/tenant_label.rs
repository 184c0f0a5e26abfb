//! The name of a tenant in what the server tells of itself: metrics, log, alerts. Where there is one tenant without a name, none of them has one.

use std::{fmt, sync::Arc};

use prometheus_client::encoding::{EncodeLabel as _, EncodeLabelSet, LabelSetEncoder};
use tracing::Span;

use crate::store::Tenant;

/// The label `tenant`, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TenantLabel(Option<Arc<str>>);

impl TenantLabel {
    /// Of the tenant with this name for people; of the only one, which has none.
    pub(crate) fn of(name: Option<&Tenant>) -> Self {
        Self(name.map(|name| name.as_str().into()))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// What is logged within it has the name, whatever else is not logged.
    pub(crate) fn span(&self) -> Span {
        self.0.as_ref().map_or_else(Span::none, |name| tracing::error_span!("tenant", tenant = %name))
    }
}

impl EncodeLabelSet for TenantLabel {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => ("tenant", &**name).encode(encoder.encode_label()),
            None => Ok(()),
        }
    }
}
