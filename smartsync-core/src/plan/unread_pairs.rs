//! Pairs of the convention of which nobody knows whether there are any, since one of their sides could not be read.

use std::collections::BTreeSet;

use super::{field_pair::FieldPair, input::PlanInput};
use crate::{
    candidate::CandidateField,
    mapping::{PREFIX, bare},
    outcome::{FieldOutcome, Outcome, Reason},
};

/// An outcome for each pair that the convention would make and write back if the names of the custom fields were known. Without
/// them a field would vanish from the accounting, and nobody would look again.
pub(crate) fn unread_pairs(input: &PlanInput<'_>, pairs: &[FieldPair]) -> Vec<FieldOutcome> {
    if !input.mapping.sync.convention || !input.definitions.lacks_names() {
        return Vec::new();
    }
    let keys: BTreeSet<&str> = pairs.iter().map(FieldPair::data_field).collect();
    let token_field = input.mapping.sync.token_field();
    let is_unpaired = |key: &&str| !keys.contains(key) && token_field != Some(*key);
    let unpaired = input.contract.data_fields.keys().map(String::as_str).filter(is_unpaired);
    let held = unpaired.map(|key| {
        // With the prefix or without: the custom field is named in the same way.
        let target = CandidateField::custom([PREFIX, bare(key)].concat());
        FieldOutcome {
            member: Some("custom-fields"),
            // The convention waits for no signature.
            is_due: true,
            ..FieldOutcome::new(key, &target, Outcome::Held(Reason::AnswerUnreadable))
        }
    });
    held.collect()
}
