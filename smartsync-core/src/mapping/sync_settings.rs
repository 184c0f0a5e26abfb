//! `[sync]`: what holds for all fields and for the signed document.

use oneflow_client::{TemplateTypeId, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::file_name::FileNameTemplate;
use crate::value::Locale;

/// Settings for all fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncSettings {
    /// How the candidate of a contract is found, in this order.
    pub link: Vec<LinkMethod>,
    /// `custom_id` of the data field that holds the link token, for [`LinkMethod::DataField`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_data_field: Option<String>,
    /// Whether fields are also paired by name: see [`convention`](crate::mapping::convention).
    pub convention: bool,
    /// The signed document.
    pub document: DocumentSettings,
    /// How numbers and dates are written in the contracts, unless a field says otherwise.
    pub locale: Locale,
    /// Only contracts of these template types are kept in step; empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub template_types: Vec<TemplateTypeId>,
    /// Only contracts in these workspaces are kept in step; empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspaces: Vec<WorkspaceId>,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            link: vec![LinkMethod::Ledger, LinkMethod::ParticipantCustomId],
            link_data_field: None,
            convention: true,
            document: DocumentSettings::default(),
            locale: Locale::default(),
            template_types: Vec::new(),
            workspaces: Vec::new(),
        }
    }
}

impl SyncSettings {
    /// The data field that holds the link token, if one is configured for it.
    pub(crate) fn token_field(&self) -> Option<&str> {
        let key = self.link_data_field.as_deref().filter(|key| !key.trim().is_empty());
        key.filter(|_| self.link.contains(&LinkMethod::DataField))
    }
}

/// What happens to the signed document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DocumentSettings {
    /// Whether it is put on the candidate's card once everyone has signed.
    pub attach: bool,
    /// Whether also to the card of a candidate of whom nothing but a participant's e-mail address says that the contract is
    /// theirs ([`LinkMethod::Email`]).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_email: bool,
    /// Its name there.
    pub file_name: FileNameTemplate,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { attach: true, by_email: false, file_name: FileNameTemplate::default() }
    }
}

/// How the candidate of a contract is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkMethod {
    /// The ledger, which knows the contracts that we made and those seen before.
    Ledger,
    /// The signed token in the `custom_id` of a counterparty's participant.
    ParticipantCustomId,
    /// The signed token in a data field.
    DataField,
    /// The one candidate whose e-mail address exactly one counterparty participant has: a signatory to whom the contract was
    /// sent, as the times and the events of the contract say. It needs a scope,
    /// [`template_types`](SyncSettings::template_types) or [`workspaces`](SyncSettings::workspaces).
    Email,
}
