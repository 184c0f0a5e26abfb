//! Which data field belongs to which candidate field, and what happens when they differ.

mod check;
mod checked_mapping;
mod compile;
pub mod convention;
mod entry;
mod field;
mod file_name;
mod inventory;
mod item;
mod nearest;
mod read;
mod schemas;
mod scope;
mod settings;
mod table;
mod unread;
mod view;
mod word;

use oneflow_client::{TemplateTypeId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::view::View;
pub use self::{
    checked_mapping::{CheckedField, CheckedMapping},
    file_name::{FileNameError, FileNameTemplate},
    schemas::{DataFieldSchema, OneflowSchema, Schemas, TemplateTypeSchema, WorkspaceSchema},
};
pub use self::{compile::compile, field::FieldMapping, nearest::nearest};
pub(crate) use self::{
    convention::{PREFIX, bare, default_keys, effective},
    scope::ContractScope,
};
use crate::{diagnostic::Diagnostic, engine::InvalidMapping, value::Locale};

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

/// Settings for all fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncSettings {
    /// How the candidate of a contract is found, in this order.
    pub link: Vec<LinkMeans>,
    /// `custom_id` of the data field that holds the link token, for [`LinkMeans::DataField`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_data_field: Option<String>,
    /// Whether fields are also paired by name: see [`crate::convention`].
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
            link: vec![LinkMeans::Ledger, LinkMeans::ParticipantCustomId],
            link_data_field: None,
            convention: true,
            document: DocumentSettings::default(),
            locale: Locale::default(),
            template_types: Vec::new(),
            workspaces: Vec::new(),
        }
    }
}

/// What happens to the signed document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DocumentSettings {
    /// Whether it is put on the candidate's card once everyone has signed.
    pub attach: bool,
    /// Whether also to the card of a candidate of whom nothing but a participant's e-mail address says that the contract is
    /// theirs ([`LinkMeans::Email`]).
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
pub enum LinkMeans {
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

impl SyncSettings {
    /// The data field that holds the link token, if one is configured for it.
    pub(crate) fn token_field(&self) -> Option<&str> {
        let key = self.link_data_field.as_deref().filter(|key| !key.trim().is_empty());
        key.filter(|_| self.link.contains(&LinkMeans::DataField))
    }
}

/// Which way values go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// To Oneflow when a contract is made, to Teamtailor ever after.
    #[default]
    Both,
    /// Only from the contract to the candidate.
    ToTeamtailor,
    /// Only into a new contract.
    ToOneflow,
}

/// When the contract's value is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Moment {
    /// As soon as it is edited, in a contract that was sent.
    #[default]
    Edited,
    /// Once the candidate has signed.
    CandidateSigned,
    /// Once everyone has signed.
    AllSigned,
}

/// What happens when both sides have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnConflict {
    /// The contract's value is written.
    #[default]
    ContractWins,
    /// The candidate's value stays.
    CandidateWins,
    /// Nothing is written; a person decides.
    Hold,
}

/// What happens when the sides differ, the card is not empty, and nobody knows what they last agreed on: the contract was made by
/// somebody else, or the ledger was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnFirstSight {
    /// Where the data field's own times show that it was edited after the contract was sent, [`OnConflict`] decides; elsewhere
    /// nothing is written, and a person decides. The state of a contract, which nobody fills in, needs no times.
    #[default]
    Proven,
    /// Nothing is written; a person decides.
    Hold,
    /// The contract's value is written.
    ContractWins,
    /// The candidate's value stays.
    CandidateWins,
}

/// What happens when the contract's field was emptied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnEmpty {
    /// The candidate's value stays.
    #[default]
    Keep,
    /// The candidate's value is cleared.
    Clear,
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
