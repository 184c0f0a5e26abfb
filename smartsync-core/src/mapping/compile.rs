//! Checks a mapping against what both services have.

use std::collections::BTreeSet;

use super::{Mapping, check::check};
use crate::{
    CandidateField, CheckedField, CheckedMapping, Diagnostic, Schemas, convention::effective_fields,
};

/// Checks a mapping against what both services have, which may have been saved: nothing is asked of either.
///
/// # Errors
///
/// Everything that is wrong, with the warnings and notes, by place.
pub fn compile(mapping: &Mapping, schemas: &Schemas) -> Result<CheckedMapping, Vec<Diagnostic>> {
    let mut found = check(mapping);
    found.sort_by(|a, b| (&a.place, a.code).cmp(&(&b.place, b.code)));
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    Ok(CheckedMapping::new(mapping.clone(), checked_fields(mapping, schemas), found))
}

fn checked_fields(mapping: &Mapping, schemas: &Schemas) -> Vec<CheckedField> {
    let definitions = &schemas.teamtailor;
    let template_types = schemas.oneflow.template_types.iter();
    let keys: BTreeSet<&str> =
        template_types.flat_map(|kind| &kind.data_fields).map(|field| field.key.as_str()).collect();
    let fields = effective_fields(mapping, definitions, &keys).into_iter();
    let checked = fields.map(|field| {
        let position = mapping.fields.iter().position(|entry| *entry == field);
        let definition = match &field.teamtailor {
            CandidateField::Custom(name) => definitions.find(name),
            CandidateField::Default(_) => None,
        };
        CheckedField::new(field, position, definition)
    });
    checked.collect()
}
