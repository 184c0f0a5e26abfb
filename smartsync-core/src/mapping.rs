//! Which data field belongs to which candidate field, and what happens when they differ.

mod check;
mod checked_mapping;
mod compile;
pub mod convention;
mod entry;
mod field;
mod file_name;
mod invalid;
mod inventory;
mod item;
mod nearest;
mod read;
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

use self::view::View;
pub use self::{
    checked_mapping::{CheckedField, CheckedMapping},
    compile::compile,
    field::FieldMapping,
    file_name::{FileNameError, FileNameTemplate},
    invalid::InvalidMapping,
    nearest::nearest,
    rules::{Direction, Moment, OnConflict, OnEmpty, OnFirstSight, Rules},
    schemas::{DataFieldSchema, OneflowSchema, Schemas, TemplateTypeSchema, WorkspaceSchema},
    sync_settings::{DocumentSettings, LinkMeans, SyncSettings},
};
pub(crate) use self::{
    convention::{PREFIX, bare, default_keys, effective},
    scope::{ContractScope, may_speak},
};
use crate::diagnostic::Diagnostic;

/// What is kept in step, and how: the `[sync]` table and the `[[field]]` entries of a configuration file.
///
/// The default has no entries and pairs fields by the built-in convention.
///
/// ```
/// use smartsync_core::{Mapping, Moment};
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

impl Mapping {
    /// Reads a mapping from a parsed file, TOML and JSON alike: `{ "sync": {..}, "field": [..] }`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the form of the file, not just the first.
    pub fn read(file: &Value) -> Result<Self, Vec<Diagnostic>> {
        read::draft(file).finish()
    }

    /// Everything that is to be said of a parsed file at once, by place: about its form, about what its entries say, and
    /// against what both services have, if that is known. What cannot be read hides nothing but what would follow from it.
    #[must_use]
    pub fn diagnose(file: &Value, schemas: Option<&Schemas>) -> Vec<Diagnostic> {
        let draft = read::draft(file);
        let mut found = check::check(&draft.view(schemas));
        found.extend(draft.found);
        view::sorted(found)
    }

    /// Checks what can be checked without either service.
    ///
    /// # Errors
    ///
    /// Everything that keeps the mapping from being used, with the warnings, by place.
    pub fn check(&self) -> Result<(), Vec<Diagnostic>> {
        let found = check::check(&View::of(self, None));
        if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok(()) }
    }
}

impl TryFrom<Value> for Mapping {
    type Error = InvalidMapping;

    fn try_from(file: Value) -> Result<Self, InvalidMapping> {
        Self::read(&file).map_err(InvalidMapping)
    }
}
