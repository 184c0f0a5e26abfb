//! A mapping that was checked against both services.

use super::{Mapping, field::FieldMapping};
use crate::{
    candidate::{CandidateField, Definition, Definitions},
    diagnostic::Diagnostic,
    value::FieldType,
};

/// A mapping that was checked against both services: what [`Mapping::check_against`] returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedMapping {
    mapping: Mapping,
    fields: Vec<CheckedField>,
    warnings: Vec<Diagnostic>,
}

/// A pair of fields, with what is known of the candidate's field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedField {
    /// The entry. For a pair of the convention, as if it had been written.
    pub entry: FieldMapping,
    /// Where it stands among the entries, from 0; `None` for a pair of the convention.
    pub position: Option<usize>,
    /// Teamtailor's definition of a custom field; `None` for a default field.
    pub definition: Option<Definition>,
    /// The type of the values; `None` for a pair of the convention whose type this version does not know.
    pub kind: Option<FieldType>,
}

impl CheckedField {
    /// Joins a pair with the definition of its custom field.
    pub(crate) fn new(entry: FieldMapping, position: Option<usize>, definition: Option<&Definition>) -> Self {
        let held = match &entry.teamtailor {
            CandidateField::Default(field) => Some(field.kind()),
            CandidateField::Custom(_) => definition.and_then(|definition| definition.kind),
        };
        Self { kind: entry.kind.or(held), definition: definition.cloned(), position, entry }
    }
}

impl CheckedMapping {
    pub(crate) fn new(mapping: Mapping, fields: Vec<CheckedField>, warnings: Vec<Diagnostic>) -> Self {
        Self { mapping, fields, warnings }
    }

    /// The entries alone, unchecked, each with the custom field that it names, if that is known.
    pub(crate) fn by_itself(mapping: &Mapping, known: &Definitions) -> Self {
        let fields = mapping.fields.iter().enumerate().map(|(position, entry)| {
            let definition = match &entry.teamtailor {
                CandidateField::Custom(name) => known.find(name),
                CandidateField::Default(_) => None,
            };
            CheckedField::new(entry.clone(), Some(position), definition)
        });
        Self::new(mapping.clone(), fields.collect(), Vec::new())
    }

    /// The mapping as it was written.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The mapping as it was written.
    #[must_use]
    pub fn into_mapping(self) -> Mapping {
        self.mapping
    }

    /// All pairs of fields, by data field: the entries, and beside them the pairs of the convention as the template types
    /// have the fields now.
    #[must_use]
    pub fn fields(&self) -> &[CheckedField] {
        &self.fields
    }

    /// Warnings and notes, by place.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}
