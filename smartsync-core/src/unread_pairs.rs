//! Pairs of the convention of which nobody knows whether there are any, since one of their sides could not be read.

use std::collections::BTreeSet;

use crate::{
    CandidateField, DefaultField, FieldOutcome, Outcome, PlanInput, Reason,
    convention::{PREFIX, bare, default_keys},
    field_pair::FieldPair,
};

/// An outcome for each pair that the convention would make if what could not be read were there. Without them a field would
/// vanish from the accounting, and nobody would look again.
pub(crate) fn unread_pairs(input: &PlanInput<'_>, pairs: &[FieldPair<'_>]) -> Vec<FieldOutcome> {
    let mut unread = Vec::new();
    if !input.mapping.sync.convention {
        return unread;
    }
    let held = |data_field: &str, target: CandidateField, member| FieldOutcome {
        member: Some(member),
        ..FieldOutcome::new(data_field, &target, Outcome::Held(Reason::AnswerUnreadable))
    };
    let keys: BTreeSet<&str> = pairs.iter().map(FieldPair::data_field).collect();
    if let Some(member) = input.contract.lost("data_fields") {
        let has_pair = |field: DefaultField| {
            pairs.iter().any(|pair| pair.entry.teamtailor == CandidateField::Default(field))
        };
        for field in DefaultField::ALL.into_iter().filter(|field| !has_pair(*field)) {
            let [_, _, key, _] = default_keys(field);
            unread.push(held(&key, CandidateField::Default(field), member));
        }
    }
    if input.definitions.lacks_names() {
        let token_field = input.mapping.sync.token_field();
        let fields = input.contract.data_fields.keys().map(String::as_str);
        // With the prefix or without: the custom field is named in the same way.
        let is_unpaired = |key: &&str| !keys.contains(key) && token_field != Some(*key);
        for key in fields.filter(is_unpaired) {
            let name = [PREFIX, bare(key)].concat();
            unread.push(held(key, CandidateField::custom(&name), "custom-fields"));
        }
    }
    unread
}
