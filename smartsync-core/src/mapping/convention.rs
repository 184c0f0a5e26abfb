//! Pairs that need no mapping: fields that have the same name on both sides.
//!
//! * A candidate custom field whose api-name starts with `oneflow-` belongs to the data field of that key, with or
//!   without the prefix.
//! * A data field with the custom_id `first-name`, `last-name`, `email`, `phone`, `linkedin-url` or `pitch`, hyphen or
//!   underscore, with or without `oneflow-`, belongs to that default field. It is filled in when a contract is made, and never
//!   written back: whoever holds the contract's link could change who the candidate is. An entry of the mapping may say otherwise.
//!
//! An entry of the mapping that names either side of such a pair replaces it, also in contracts that the entry is not for:
//! there, the field is out of scope, and nothing stands in for it.

use std::{borrow::Cow, collections::BTreeSet};

use teamtailor_client::CustomFieldId;

use super::{Mapping, field::FieldMapping, rules::Direction};
use crate::candidate::{CandidateField, DefaultField, Definitions};

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
    let fields = effective(mapping, definitions, data_fields);
    fields.into_iter().map(Cow::into_owned).collect()
}

/// [`effective_fields`] without copies of the mapping's entries.
pub(crate) fn effective<'a>(
    mapping: &'a Mapping,
    definitions: &'a Definitions,
    data_fields: &BTreeSet<&'a str>,
) -> Vec<Cow<'a, FieldMapping>> {
    let mut fields: Vec<Cow<'a, FieldMapping>> = mapping.fields.iter().map(Cow::Borrowed).collect();
    if mapping.sync.convention {
        let mut sides = Sides::default();
        for field in &mapping.fields {
            sides.insert(&field.oneflow, CardField::new(&field.teamtailor, definitions));
        }
        for (name, id) in definitions.with_prefix(PREFIX).filter(|(name, _)| !bare(name).is_empty()) {
            let key = custom_key(name, data_fields);
            if sides.insert_new(key, CardField::Custom(id)) {
                fields.push(Cow::Owned(FieldMapping::new(key, CandidateField::custom(name))));
            }
        }
        for field in DefaultField::ALL {
            if let Some(key) = default_key(field, data_fields)
                && sides.insert_new(key, CardField::Default(field))
            {
                let pair = FieldMapping::new(key, CandidateField::Default(field));
                fields.push(Cow::Owned(FieldMapping { direction: Direction::ToOneflow, ..pair }));
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

pub(crate) fn bare(key: &str) -> &str {
    key.strip_prefix(PREFIX).unwrap_or(key)
}

/// A field of the card, however the mapping names it: one may go by id, another by api-name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CardField<'a> {
    Default(DefaultField),
    Custom(&'a CustomFieldId),
    Unknown(&'a str),
}

impl<'a> CardField<'a> {
    pub(crate) fn new(field: &'a CandidateField, definitions: &'a Definitions) -> Self {
        match field {
            CandidateField::Default(field) => Self::Default(*field),
            CandidateField::Custom(name) => {
                definitions.find(name).map_or(Self::Unknown(name), |definition| Self::Custom(&definition.id))
            }
        }
    }
}

/// The sides of the pairs so far.
#[derive(Default)]
pub(crate) struct Sides<'a> {
    bare_keys: BTreeSet<&'a str>,
    card_fields: BTreeSet<CardField<'a>>,
}

impl<'a> Sides<'a> {
    pub(crate) fn insert(&mut self, key: &'a str, card_field: CardField<'a>) {
        self.bare_keys.insert(bare(key));
        self.card_fields.insert(card_field);
    }

    /// Whether one of those so far has a side in common with this pair.
    pub(crate) fn overlap(&self, key: &str, card_field: &CardField<'_>) -> bool {
        self.bare_keys.contains(bare(key)) || self.card_fields.contains(card_field)
    }

    /// Adds a pair that has no side in common with those so far. Returns whether it had none.
    fn insert_new(&mut self, key: &'a str, card_field: CardField<'a>) -> bool {
        let is_new = !self.overlap(key, &card_field);
        if is_new {
            self.insert(key, card_field);
        }
        is_new
    }
}

/// The data field of a custom field of the convention.
fn custom_key<'a>(name: &'a str, data_fields: &BTreeSet<&'a str>) -> &'a str {
    let has_only_the_bare_key = !data_fields.contains(name) && data_fields.contains(bare(name));
    if has_only_the_bare_key { bare(name) } else { name }
}

/// The data field of a default field, if there is one.
fn default_key<'a>(field: DefaultField, data_fields: &BTreeSet<&'a str>) -> Option<&'a str> {
    default_keys(field).iter().find_map(|key| data_fields.get(key.as_str()).copied())
}

/// The keys that the data field of a default field may have. The first that there is counts.
pub(crate) fn default_keys(field: DefaultField) -> [String; 4] {
    let (underscore, hyphen) = (field.as_str().to_owned(), field.as_str().replace('_', "-"));
    [format!("{PREFIX}{hyphen}"), format!("{PREFIX}{underscore}"), hyphen, underscore]
}
