//! Which data field belongs to which candidate field, and what happens when they differ.

mod check;
mod check_against;
mod checked_mapping;
pub mod convention;
mod entry;
mod field;
mod file_name;
mod invalid;
mod inventory;
mod item;
mod mapping_file;
mod nearest;
mod rules;
mod schemas;
mod scope;
mod settings;
mod sync_settings;
mod table;
mod unread;
mod view;
mod word;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    checked_mapping::{CheckedField, CheckedMapping},
    field::FieldMapping,
    file_name::{FileNameError, FileNameTemplate},
    invalid::InvalidMapping,
    mapping_file::MappingFile,
    nearest::nearest,
    rules::{Direction, Moment, OnConflict, OnEmpty, OnFirstSight, Rules},
    schemas::{DataFieldSchema, OneflowSchema, Schemas, TemplateTypeSchema, WorkspaceSchema},
    sync_settings::{DocumentSettings, LinkMethod, SyncSettings},
};
pub(crate) use self::{
    convention::{PREFIX, bare, default_keys, effective},
    scope::{ContractScope, can_concern_a_card},
};

/// What is kept in step, and how: the `[sync]` table and the `[[field]]` entries of a configuration file.
///
/// The default has no entries and pairs fields by the built-in convention.
///
/// ```
/// use smartsync_core::{Mapping, mapping::Moment};
///
/// let mapping: Mapping = toml::from_str(
///     r#"
///     [[field]]
///     oneflow    = "oneflow-start-date"
///     teamtailor = "custom:start-date"
///     type       = "date"
///     when       = "all_signed"
///     "#,
/// )?;
/// assert_eq!(mapping.fields[0].moment(), Moment::AllSigned);
/// assert!(mapping.check().is_ok());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
#[non_exhaustive]
pub struct Mapping {
    /// Settings for all fields.
    pub sync: SyncSettings,
    /// The pairs of fields.
    #[serde(rename = "field", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldMapping>,
}
