//! Which data field belongs to which candidate field, and what happens when they differ.

use std::collections::BTreeMap;

use oneflow_client::{TemplateTypeId, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::{CandidateField, FieldType, FileNameTemplate, Locale};

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
/// assert_eq!(mapping.fields[0].when, Moment::AllSigned);
/// assert!(mapping.check().is_ok());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Mapping {
    /// Settings for all fields.
    pub sync: SyncSettings,
    /// The pairs of fields.
    #[serde(rename = "field", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldMapping>,
}

/// Settings for all fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
            link: vec![LinkMeans::Ledger, LinkMeans::ParticipantCustomId, LinkMeans::Email],
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DocumentSettings {
    /// Whether it is put on the candidate's card once everyone has signed.
    pub attach: bool,
    /// Its name there.
    pub file_name: FileNameTemplate,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { attach: true, file_name: FileNameTemplate::default() }
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
    /// The one candidate who has the e-mail address of the one counterparty participant.
    Email,
}

/// One pair of fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldMapping {
    /// `custom_id` of the Oneflow data field.
    pub oneflow: String,
    /// The candidate's field.
    pub teamtailor: CandidateField,
    /// The type of the values; by default that of Teamtailor's definition.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldType>,
    /// Which way values go.
    #[serde(default)]
    pub direction: Direction,
    /// When the contract's value is taken.
    #[serde(default)]
    pub when: Moment,
    /// What happens when both sides have changed.
    #[serde(default)]
    pub on_conflict: OnConflict,
    /// What happens when the contract's field was emptied.
    #[serde(default)]
    pub on_empty: OnEmpty,
    /// How numbers and dates are written in this field; by default as in [`SyncSettings::locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Only in contracts of these template types; empty: in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub template_types: Vec<TemplateTypeId>,
    /// Only in contracts in these workspaces; empty: in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workspaces: Vec<WorkspaceId>,
}

impl FieldMapping {
    /// A pair with the default rules.
    #[must_use]
    pub fn new(oneflow: impl Into<String>, teamtailor: CandidateField) -> Self {
        Self {
            oneflow: oneflow.into(),
            teamtailor,
            kind: None,
            direction: Direction::default(),
            when: Moment::default(),
            on_conflict: OnConflict::default(),
            on_empty: OnEmpty::default(),
            locale: None,
            template_types: Vec::new(),
            workspaces: Vec::new(),
        }
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

/// Something in a mapping that cannot work, whatever the two services hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingProblem {
    /// An entry has no data field.
    #[error("entry {0} of `field` has an empty `oneflow`: give the custom_id of a data field")]
    NoDataField(usize),
    /// Two entries have the same data field.
    #[error("the data field `{0}` stands in two entries of `field`: keep one")]
    DataFieldTwice(String),
    /// Two data fields would write the same candidate field.
    #[error("two data fields would write `{0}`: give all but one of them `direction = \"to_oneflow\"`")]
    TwoSources(CandidateField),
    /// A default field with a type that it does not have.
    #[error("`{field}` holds values of type {expected}: leave `type` out")]
    WrongType {
        /// The candidate's field.
        field: CandidateField,
        /// The type of its values.
        expected: FieldType,
    },
    /// `link` has `data_field`, and no data field is named.
    #[error("`link` has \"data_field\", so `link_data_field` must name the data field that holds the token")]
    NoLinkDataField,
    /// `link` is empty.
    #[error("`link` is empty: no contract would ever find its candidate")]
    NoLink,
}

impl Mapping {
    /// Checks what can be checked without either service.
    ///
    /// # Errors
    ///
    /// Every [`MappingProblem`], not just the first.
    pub fn check(&self) -> Result<(), Vec<MappingProblem>> {
        let mut problems = Vec::new();
        let mut data_fields: BTreeMap<&str, u32> = BTreeMap::new();
        let mut targets: BTreeMap<&CandidateField, u32> = BTreeMap::new();
        for (position, field) in self.fields.iter().enumerate() {
            if field.oneflow.trim().is_empty() {
                problems.push(MappingProblem::NoDataField(position + 1));
                continue;
            }
            *data_fields.entry(&field.oneflow).or_default() += 1;
            if field.direction != Direction::ToOneflow {
                *targets.entry(&field.teamtailor).or_default() += 1;
            }
            if let CandidateField::Default(default) = field.teamtailor
                && field.kind.is_some_and(|kind| kind != default.kind())
            {
                let (field, expected) = (field.teamtailor.clone(), default.kind());
                problems.push(MappingProblem::WrongType { field, expected });
            }
        }
        let twice = data_fields.into_iter().filter(|(_, count)| *count > 1);
        problems.extend(twice.map(|(key, _)| MappingProblem::DataFieldTwice(key.to_owned())));
        let two_sources = targets.into_iter().filter(|(_, count)| *count > 1);
        problems.extend(two_sources.map(|(field, _)| MappingProblem::TwoSources(field.clone())));
        if self.sync.link.is_empty() {
            problems.push(MappingProblem::NoLink);
        }
        if self.sync.link.contains(&LinkMeans::DataField) && self.sync.link_data_field.is_none() {
            problems.push(MappingProblem::NoLinkDataField);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}
