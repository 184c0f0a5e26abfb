//! The tables of a configuration file, as they are read.

use serde::{Deserialize, de::IgnoredAny};

use super::{
    AlertsSection, DocsSection, LimitsSection, OneflowSection, PageSection, ServerSection, StoreSection,
    TeamtailorSection, WebhookPath,
};

/// What is said for one pair of accounts, beside the mapping.
pub(super) struct Sections {
    pub(super) oneflow: OneflowSection,
    pub(super) teamtailor: TeamtailorSection,
    pub(super) store: StoreSection,
    pub(super) server: ServerSection,
    pub(super) limits: LimitsSection,
    pub(super) alerts: Option<AlertsSection>,
    pub(super) page: Option<PageSection>,
    pub(super) docs: Option<DocsSection>,
}

/// A whole file without tenants.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) oneflow: OneflowSection,
    pub(super) teamtailor: TeamtailorSection,
    #[serde(default)]
    pub(super) store: StoreSection,
    #[serde(default)]
    pub(super) server: ServerSection,
    #[serde(default)]
    pub(super) limits: LimitsSection,
    #[serde(default)]
    pub(super) alerts: Option<AlertsSection>,
    #[serde(default)]
    pub(super) page: Option<PageSection>,
    #[serde(default)]
    pub(super) docs: Option<DocsSection>,
    #[serde(default, rename = "sync")]
    _sync: Option<IgnoredAny>,
    #[serde(default, rename = "field")]
    _field: Option<IgnoredAny>,
    /// Never there: what has it is read as [`Shared`].
    #[serde(default, rename = "tenant")]
    _tenant: Option<IgnoredAny>,
    /// Names the schema of a JSON file, for editors.
    #[serde(default, rename = "$schema")]
    _schema: Option<IgnoredAny>,
}

impl From<Document> for Sections {
    fn from(document: Document) -> Self {
        let Document { oneflow, teamtailor, store, server, limits, alerts, page, docs, .. } = document;
        Self { oneflow, teamtailor, store, server, limits, alerts, page, docs }
    }
}

/// Declares a table beside whose own keys those of a tenant may stand, which are read by themselves: so that a mistake in one of them hides no
/// other, and a key that is unknown is still told. (`serde(flatten)` cannot refuse those.)
macro_rules! beside_what_a_tenant_has {
    ($(#[$about:meta])* struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($own)*
            #[serde(default, rename = "oneflow")]
            _oneflow: Option<IgnoredAny>,
            #[serde(default, rename = "teamtailor")]
            _teamtailor: Option<IgnoredAny>,
            #[serde(default, rename = "limits")]
            _limits: Option<IgnoredAny>,
            #[serde(default, rename = "sync")]
            _sync: Option<IgnoredAny>,
            #[serde(default, rename = "field")]
            _field: Option<IgnoredAny>,
        }
    };
}

beside_what_a_tenant_has! {
    /// What all tenants of a file have in common. What a tenant has is there by mistake, and told of with what to write instead.
    #[derive(Clone)]
    struct Shared {
        #[serde(default)]
        pub(super) store: StoreSection,
        #[serde(default)]
        pub(super) server: ServerSection,
        #[serde(default)]
        pub(super) alerts: Option<AlertsSection>,
        #[serde(default)]
        pub(super) page: Option<PageSection>,
        #[serde(default)]
        pub(super) docs: Option<DocsSection>,
        #[serde(default, rename = "tenant")]
        _tenant: Option<IgnoredAny>,
        #[serde(default, rename = "$schema")]
        _schema: Option<IgnoredAny>,
    }
}

/// The sections of `[[tenant]]`.
#[derive(Deserialize)]
pub(super) struct TenantSections {
    pub(super) oneflow: OneflowSection,
    pub(super) teamtailor: TeamtailorSection,
    #[serde(default)]
    pub(super) limits: LimitsSection,
}

beside_what_a_tenant_has! {
    /// `[[tenant]]`, without what its sections say.
    struct TenantTable {
        pub(super) name: String,
        #[serde(default)]
        pub(super) unnamed: bool,
        #[serde(default)]
        pub(super) path: Option<WebhookPath>,
    }
}

beside_what_a_tenant_has! {
    /// The whole file, of which one section counts.
    struct StoreDocument {
        #[serde(default)]
        pub(super) store: StoreSection,
        #[serde(default, rename = "server")]
        _server: Option<IgnoredAny>,
        #[serde(default, rename = "alerts")]
        _alerts: Option<IgnoredAny>,
        #[serde(default, rename = "page")]
        _page: Option<IgnoredAny>,
        #[serde(default, rename = "docs")]
        _docs: Option<IgnoredAny>,
        #[serde(default, rename = "tenant")]
        _tenant: Option<IgnoredAny>,
        #[serde(default, rename = "$schema")]
        _schema: Option<IgnoredAny>,
    }
}
