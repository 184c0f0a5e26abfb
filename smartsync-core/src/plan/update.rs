//! One field of the card that gets the contract's value.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;
use teamtailor_client::CustomFieldValueId;

use crate::{
    candidate::{CandidateField, DefaultField, Target},
    ledger::{Digest, WriteAttempt},
    outcome::FieldOutcome,
    value::{FieldFormat, FieldType, FieldValue},
};

/// One candidate field that gets the contract's value.
#[derive(Clone, PartialEq)]
pub struct FieldUpdate {
    pub(crate) data_field: String,
    pub(crate) candidate_field: CandidateField,
    pub(crate) target: Target,
    pub(crate) format: FieldFormat,
    pub(crate) json: Value,
    /// The value resource of a custom field that has one.
    pub(crate) custom_value_id: Option<CustomFieldValueId>,
    /// What the plan saw on the card, to be found there again before it is written over.
    pub(crate) seen: Option<FieldValue>,
    /// What the card holds once it is written.
    pub(crate) wanted: Option<FieldValue>,
    pub(crate) digests: WriteDigests,
    /// The place that it has taken in the limit of changes.
    pub(crate) slot: Option<LimitSlot>,
    /// Whether a person has decided on it.
    pub(crate) is_decided: bool,
}

impl FieldUpdate {
    /// `custom_id` of the data field that the value comes from.
    #[must_use]
    pub fn data_field(&self) -> &str {
        &self.data_field
    }

    /// The candidate's field.
    #[must_use]
    pub fn candidate_field(&self) -> &CandidateField {
        &self.candidate_field
    }

    /// Whether the outcome is that of the field it writes.
    pub(crate) fn is_of(&self, field: &FieldOutcome) -> bool {
        field.data_field == self.data_field && field.candidate_field == self.candidate_field
    }

    pub(crate) fn default_field(&self) -> Option<DefaultField> {
        match self.target {
            Target::Default(field) => Some(field),
            Target::Custom(_) => None,
        }
    }

    /// Whether it writes options of a select.
    pub(crate) fn is_choice(&self) -> bool {
        matches!(self.format.kind(), FieldType::Choice | FieldType::Choices)
    }

    /// Whether the card holds a value that is overwritten or cleared, and not only an empty field that is filled in.
    #[must_use]
    pub fn overwrites(&self) -> bool {
        self.seen.is_some()
    }

    /// The JSON that Teamtailor gets; `None` when the field is cleared.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        (!self.json.is_null()).then_some(&self.json)
    }
}

impl fmt::Debug for FieldUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldUpdate")
            .field("data_field", &self.data_field)
            .field("candidate_field", &self.candidate_field)
            .finish_non_exhaustive()
    }
}

/// What the ledger remembers of a write.
#[derive(Clone, PartialEq)]
pub(crate) struct WriteDigests {
    /// What both sides agree on once it is written.
    pub(crate) base: Digest,
    /// The field of the card.
    pub(crate) field: String,
    /// What was seen on the card.
    pub(crate) seen: Digest,
    /// What the card holds once it is written.
    pub(crate) value: Digest,
    /// What the sync itself had put there last, where the card does not hold it any more.
    pub(crate) outdated: Option<Digest>,
    /// A write of this contract that was begun earlier, and of whose end nobody knows.
    pub(crate) unended: Option<WriteAttempt>,
}

/// A place of the limit that an update has taken.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct LimitSlot {
    /// When, if the ledger has counted it.
    pub(crate) at: Option<Timestamp>,
}
