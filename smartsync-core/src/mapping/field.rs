//! One pair of fields, and the rules that count where an entry writes none.

use oneflow_client::{TemplateTypeId, WorkspaceId};
use serde::Serialize;

use super::{
    rules::Direction, rules::Moment, rules::OnConflict, rules::OnEmpty, rules::OnFirstSight, rules::Rules,
};
use crate::{
    candidate::{CandidateField, DefaultField},
    value::{FieldType, Locale},
};

/// One pair of fields.
///
/// Which [`moment`](Self::moment) and which [`rules`](Self::rules) count where none is written depends on the candidate's field:
/// a default field says who somebody is, and whoever holds the contract's link can type into its data field.
///
/// ```
/// use smartsync_core::{FieldMapping, candidate::{CandidateField, DefaultField}, mapping::{Moment, OnConflict}};
///
/// let salary = FieldMapping::new("salary", CandidateField::custom("salary"));
/// assert_eq!((salary.moment(), salary.rules().on_conflict), (Moment::Edited, OnConflict::ContractWins));
/// let phone = FieldMapping::new("phone", CandidateField::Default(DefaultField::Phone));
/// assert_eq!((phone.moment(), phone.rules().on_conflict), (Moment::AllSigned, OnConflict::Hold));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldMapping {
    /// `custom_id` of the Oneflow data field.
    pub oneflow: String,
    /// The candidate's field.
    pub teamtailor: CandidateField,
    /// The type of the values; by default that of Teamtailor's definition.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldType>,
    /// Which way values go.
    pub direction: Direction,
    /// When the contract's value is taken; `None`: see [`Self::moment`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Moment>,
    /// What happens when both sides have changed; `None`: see [`Self::rules`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_conflict: Option<OnConflict>,
    /// What happens when the sides differ and nobody knows what they last agreed on.
    pub on_first_sight: OnFirstSight,
    /// What happens when the contract's field was emptied.
    pub on_empty: OnEmpty,
    /// Whether the candidate's e-mail address may be written back from contracts. No other field needs it.
    #[serde(skip_serializing_if = "is_false")]
    pub allow_identity: bool,
    /// How numbers and dates are written in this field; by default as in [`SyncSettings::locale`](super::SyncSettings::locale).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Only in contracts of these template types; empty: in all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub template_types: Vec<TemplateTypeId>,
    /// Only in contracts in these workspaces; empty: in all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspaces: Vec<WorkspaceId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
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
            when: None,
            on_conflict: None,
            on_first_sight: OnFirstSight::default(),
            on_empty: OnEmpty::default(),
            allow_identity: false,
            locale: None,
            template_types: Vec::new(),
            workspaces: Vec::new(),
        }
    }

    /// When the contract's value is taken: as written; else for a default field once everyone has signed, for a custom field
    /// as soon as it is edited.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let by_default = || if self.is_of_identity() { Moment::AllSigned } else { Moment::default() };
        self.when.unwrap_or_else(by_default)
    }

    /// What happens when the sides differ. Where no [`OnConflict`] is written, a conflict over a default field is held, and over a
    /// custom field the contract's value is written.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let by_default = || if self.is_of_identity() { OnConflict::Hold } else { OnConflict::default() };
        Rules {
            on_conflict: self.on_conflict.unwrap_or_else(by_default),
            on_first_sight: self.on_first_sight,
            on_empty: self.on_empty,
        }
    }

    /// Whether values are written back from contracts: by the direction, and an e-mail address only if that is allowed in so many
    /// words, also in a mapping that nobody has checked.
    #[must_use]
    pub fn writes_back(&self) -> bool {
        self.direction != Direction::ToOneflow && (self.allow_identity || !self.needs_allow_identity())
    }

    /// Whether writing values back needs [`Self::allow_identity`].
    pub(crate) fn needs_allow_identity(&self) -> bool {
        self.teamtailor == CandidateField::Default(DefaultField::Email)
    }

    /// Whether the candidate's field says who somebody is.
    fn is_of_identity(&self) -> bool {
        matches!(self.teamtailor, CandidateField::Default(_))
    }
}
