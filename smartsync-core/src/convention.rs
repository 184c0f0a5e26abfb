//! Pairs that need no mapping: fields that have the same name on both sides.
//!
//! * A candidate custom field whose api-name starts with `oneflow-` belongs to the data field of that key, with or
//!   without the prefix.
//! * A data field with the custom_id `first-name`, `last-name`, `email`, `phone`, `linkedin-url` or `pitch`, hyphen or
//!   underscore, with or without `oneflow-`, belongs to that default field.
//!
//! An entry of the mapping that names either side of such a pair replaces it, also in contracts that the entry is not for:
//! there, the field is out of scope, and nothing stands in for it.

use std::collections::BTreeSet;

use crate::{CandidateField, DefaultField, Definitions, FieldMapping, Mapping};

/// What the api-name of a field of the convention starts with.
pub(crate) const PREFIX: &str = "oneflow-";

/// The entries of the mapping, and beside them the pairs of the convention unless it is switched off. Sorted by data
/// field, whatever the order in the file.
///
/// `data_fields` are the keys that the contract or the template type has.
#[must_use]
pub fn effective_fields(
    mapping: &Mapping,
    definitions: &Definitions,
    data_fields: &BTreeSet<&str>,
) -> Vec<FieldMapping> {
    let mut fields = mapping.fields.clone();
    if mapping.sync.convention {
        for pair in custom_pairs(definitions, data_fields).into_iter().chain(default_pairs(data_fields)) {
            if !fields.iter().any(|field| overlaps(field, &pair, definitions)) {
                fields.push(pair);
            }
        }
    }
    // Two entries for the same fields differ in their rules only, and their text form names them all.
    let rules = |field: &FieldMapping| serde_json::to_string(field).ok();
    fields.sort_by(|a, b| {
        (&a.oneflow, &a.teamtailor).cmp(&(&b.oneflow, &b.teamtailor)).then_with(|| rules(a).cmp(&rules(b)))
    });
    fields
}

/// Whether a mapped pair and one of the convention have a side in common.
pub(crate) fn overlaps(mapped: &FieldMapping, pair: &FieldMapping, definitions: &Definitions) -> bool {
    let same_target = match (&mapped.teamtailor, &pair.teamtailor) {
        (CandidateField::Custom(a), CandidateField::Custom(b)) => {
            // One may go by id, the other by api-name.
            a == b || matches!((definitions.find(a), definitions.find(b)), (Some(a), Some(b)) if a.id == b.id)
        }
        (a, b) => a == b,
    };
    same_target || bare(&mapped.oneflow) == bare(&pair.oneflow)
}

pub(crate) fn bare(key: &str) -> &str {
    key.strip_prefix(PREFIX).unwrap_or(key)
}

fn custom_pairs(definitions: &Definitions, data_fields: &BTreeSet<&str>) -> Vec<FieldMapping> {
    let names = definitions.iter().filter_map(|field| field.api_name.as_deref());
    let names: BTreeSet<&str> =
        names.filter(|name| bare(name).len() < name.len() && !bare(name).is_empty()).collect();
    let pair = |name: &str| {
        let has_only_the_bare_key = !data_fields.contains(name) && data_fields.contains(bare(name));
        let key = if has_only_the_bare_key { bare(name) } else { name };
        FieldMapping::new(key, CandidateField::custom(name))
    };
    names.into_iter().map(pair).collect()
}

fn default_pairs(data_fields: &BTreeSet<&str>) -> Vec<FieldMapping> {
    let pair = |field: DefaultField| {
        let (underscore, hyphen) = (field.as_str().to_owned(), field.as_str().replace('_', "-"));
        let keys = [format!("{PREFIX}{hyphen}"), format!("{PREFIX}{underscore}"), hyphen, underscore];
        let key = keys.into_iter().find(|key| data_fields.contains(key.as_str()))?;
        Some(FieldMapping::new(key, CandidateField::Default(field)))
    };
    DefaultField::ALL.into_iter().filter_map(pair).collect()
}
