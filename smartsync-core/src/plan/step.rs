//! What applying a plan may do: a closed set of steps.

use std::fmt;

use oneflow_client::ContractId;
use teamtailor_client::{
    CandidateId,
    candidates::{CandidatePatch, UpdateCandidate},
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValuePatch, NewCustomFieldValue, UpdateCustomFieldValue,
    },
};

use super::update::FieldUpdate;
use crate::candidate::{DefaultField, Target};

/// One step of a plan. There is no other way in which a plan can write.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Writes fields of the candidate.
    Write(FieldWrite),
    /// Puts the signed document on the candidate's card: asks Oneflow for its address and hands that to Teamtailor.
    AttachDocument {
        /// The contract.
        contract: ContractId,
        /// The candidate.
        candidate: CandidateId,
        /// The name that the file gets.
        file_name: String,
    },
}

/// A file name holds the contract's name, which may be a person's.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(write) => write.fmt(f),
            Self::AttachDocument { contract, candidate, .. } => f
                .debug_struct("AttachDocument")
                .field("contract", contract)
                .field("candidate", candidate)
                .finish_non_exhaustive(),
        }
    }
}

/// A request that writes fields of a candidate.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum FieldWrite {
    /// All changed default fields, in one request.
    UpdateCandidate(Box<UpdateCandidate>),
    /// The first value of a custom field.
    CreateCustomFieldValue(CreateCustomFieldValue),
    /// Another value of a custom field, or none.
    UpdateCustomFieldValue(UpdateCustomFieldValue),
}

impl fmt::Debug for FieldWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UpdateCandidate(operation) => operation.fmt(f),
            Self::CreateCustomFieldValue(operation) => operation.fmt(f),
            Self::UpdateCustomFieldValue(operation) => operation.fmt(f),
        }
    }
}

/// The fewest requests that write `updates`, each with the updates it covers.
pub(crate) fn field_writes<'a>(
    candidate: &CandidateId,
    updates: impl IntoIterator<Item = &'a FieldUpdate>,
) -> Vec<(FieldWrite, Vec<&'a FieldUpdate>)> {
    let mut patch = CandidatePatch::new();
    let mut patched = Vec::new();
    let mut writes = Vec::new();
    for update in updates {
        match (&update.target, &update.custom_value_id) {
            (Target::Default(field), _) => {
                patch = set(patch, *field, update.json.as_str());
                patched.push(update);
            }
            (Target::Custom(_), Some(held)) => {
                let body = CustomFieldValuePatch::new(update.json.clone());
                let operation = UpdateCustomFieldValue::new(held.clone(), body);
                writes.push((FieldWrite::UpdateCustomFieldValue(operation), vec![update]));
            }
            (Target::Custom(field), None) => {
                let body = NewCustomFieldValue::new(update.json.clone(), field.clone(), candidate.clone());
                writes.push((
                    FieldWrite::CreateCustomFieldValue(CreateCustomFieldValue::new(body)),
                    vec![update],
                ));
            }
        }
    }
    if !patched.is_empty() {
        let operation = UpdateCandidate::new(candidate.clone(), patch);
        writes.insert(0, (FieldWrite::UpdateCandidate(Box::new(operation)), patched));
    }
    writes
}

fn set(patch: CandidatePatch, field: DefaultField, text: Option<&str>) -> CandidatePatch {
    match (field, text) {
        (DefaultField::FirstName, Some(text)) => patch.first_name(text),
        (DefaultField::FirstName, None) => patch.clear_first_name(),
        (DefaultField::LastName, Some(text)) => patch.last_name(text),
        (DefaultField::LastName, None) => patch.clear_last_name(),
        (DefaultField::Email, Some(text)) => patch.email(text),
        (DefaultField::Email, None) => patch.clear_email(),
        (DefaultField::Phone, Some(text)) => patch.phone(text),
        (DefaultField::Phone, None) => patch.clear_phone(),
        (DefaultField::LinkedinUrl, Some(text)) => patch.linkedin_url(text),
        (DefaultField::LinkedinUrl, None) => patch.clear_linkedin_url(),
        (DefaultField::Pitch, Some(text)) => patch.pitch(text),
        (DefaultField::Pitch, None) => patch.clear_pitch(),
    }
}
