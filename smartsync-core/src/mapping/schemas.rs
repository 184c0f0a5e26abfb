//! What both services have: the fields that a mapping may name. It can be saved, so that a mapping is checked offline.

use std::fmt;

use oneflow_client::{TemplateTypeId, WorkspaceId, contracts::DataFieldSource};
use serde::{Deserialize, Serialize};

use crate::candidate::Definitions;

/// The fields of both services: what [`Mapping::check_against`](crate::Mapping::check_against) checks a mapping against. It holds names, types and
/// options, and no value of any contract or candidate.
///
/// A key that this version does not know is an error, here and below: one that was misspelled by hand would do nothing,
/// and the mapping would be checked against something else than it seems to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Schemas {
    /// The version of this form: [`Schemas::VERSION`] for one that this version of the library has made.
    pub version: u32,
    /// Oneflow's side.
    pub oneflow: OneflowSchema,
    /// Teamtailor's side.
    pub teamtailor: Definitions,
}

/// Template types with their data fields, and workspaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OneflowSchema {
    /// The template types that our user may see.
    pub template_types: Vec<TemplateTypeSchema>,
    /// The workspaces that our user may see.
    pub workspaces: Vec<WorkspaceSchema>,
}

/// A template type. Names are the company's texts, so `Debug` leaves them out, here and below.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TemplateTypeSchema {
    /// Its id.
    pub id: TemplateTypeId,
    /// Its name.
    pub name: String,
    /// Its data fields that have a key.
    pub data_fields: Vec<DataFieldSchema>,
}

/// A data field of a template type.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DataFieldSchema {
    /// Its `custom_id`, by which a mapping names it.
    pub key: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it can be used.
    pub active: bool,
    /// Who made it, if Oneflow says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<DataFieldSource>,
}

/// A workspace.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkspaceSchema {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
}

impl Schemas {
    /// The version that this library reads and makes. A new key makes a new version, since an older library refuses it.
    pub const VERSION: u32 = 1;

    /// These schemas.
    #[must_use]
    pub fn new(oneflow: OneflowSchema, teamtailor: Definitions) -> Self {
        Self { version: Self::VERSION, oneflow, teamtailor }
    }
}

impl OneflowSchema {
    /// These template types and workspaces.
    #[must_use]
    pub fn new(
        template_types: impl IntoIterator<Item = TemplateTypeSchema>,
        workspaces: impl IntoIterator<Item = WorkspaceSchema>,
    ) -> Self {
        let (template_types, workspaces) = (template_types.into_iter(), workspaces.into_iter());
        Self { template_types: template_types.collect(), workspaces: workspaces.collect() }
    }
}

impl TemplateTypeSchema {
    /// A template type with these data fields.
    pub fn new(
        id: TemplateTypeId,
        name: impl Into<String>,
        data_fields: impl IntoIterator<Item = DataFieldSchema>,
    ) -> Self {
        Self { id, name: name.into(), data_fields: data_fields.into_iter().collect() }
    }
}

impl DataFieldSchema {
    /// An active data field.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), name: None, active: true, source: None }
    }
}

impl WorkspaceSchema {
    /// A workspace.
    pub fn new(id: WorkspaceId, name: impl Into<String>) -> Self {
        Self { id, name: name.into() }
    }
}

impl fmt::Debug for TemplateTypeSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, data_fields, .. } = self;
        f.debug_struct("TemplateTypeSchema")
            .field("id", id)
            .field("data_fields", data_fields)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for DataFieldSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataFieldSchema")
            .field("key", &self.key)
            .field("active", &self.active)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WorkspaceSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkspaceSchema").field("id", &self.id).finish_non_exhaustive()
    }
}
