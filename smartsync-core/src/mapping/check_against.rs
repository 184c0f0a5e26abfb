//! Checks a mapping against what both services have.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ptr,
};

use super::{
    Mapping, check::check, checked_mapping::CheckedField, checked_mapping::CheckedMapping,
    convention::effective, field::FieldMapping, schemas::Schemas, view::View,
};
use crate::{candidate::CandidateField, diagnostic::Diagnostic};

impl Mapping {
    /// Checks the mapping against what both services have, which may have been saved: nothing is asked of either.
    ///
    /// ```
    /// use smartsync_core::{
    ///     Mapping, Schemas, TemplateTypeId, candidate::{Definition, Definitions}, diagnostic::DiagnosticCode,
    ///     mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema}, value::FieldType,
    /// };
    ///
    /// let kind = TemplateTypeSchema::new(TemplateTypeId::new(7), "Employment", [DataFieldSchema::new("start-date")]);
    /// let start = Definition::new("31", "first-day", FieldType::Date);
    /// let schemas = Schemas::new(OneflowSchema::new([kind], []), Definitions::new([start]));
    ///
    /// let mapping: Mapping = toml::from_str(
    ///     r#"
    ///     [[field]]
    ///     oneflow    = "start-date"
    ///     teamtailor = "custom:frist-day"
    ///     "#,
    /// )?;
    /// let found = mapping.check_against(&schemas).unwrap_err();
    /// assert_eq!(found[0].code, DiagnosticCode::UnknownCustomField);
    /// assert_eq!(found[0].path.to_string(), "field[0].teamtailor");
    /// assert_eq!(found[0].help, "write `custom:first-day`");
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is to be said of the mapping, by place, if any of it is an error.
    pub fn check_against(&self, schemas: &Schemas) -> Result<CheckedMapping, Vec<Diagnostic>> {
        let view = View::of(self, Some(schemas));
        let found = check(&view);
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        let fields = checked_fields(self, schemas, &view.data_field_keys());
        Ok(CheckedMapping::new(self.clone(), fields, found))
    }
}

fn checked_fields(mapping: &Mapping, schemas: &Schemas, keys: &BTreeSet<&str>) -> Vec<CheckedField> {
    let definitions = &schemas.teamtailor;
    // An entry is known by where it lies: entries may be alike but for their scopes, and those may be long.
    let positions =
        mapping.fields.iter().enumerate().map(|(position, entry)| (ptr::from_ref(entry), position));
    let positions: BTreeMap<*const FieldMapping, usize> = positions.collect();
    let checked = effective(mapping, definitions, keys).into_iter().map(|field| {
        let position = match &field {
            Cow::Borrowed(entry) => positions.get(&ptr::from_ref(*entry)).copied(),
            Cow::Owned(_) => None,
        };
        let definition = match &field.teamtailor {
            CandidateField::Custom(name) => definitions.find(name),
            CandidateField::Default(_) => None,
        };
        CheckedField::new(field.into_owned(), position, definition)
    });
    // A custom field of the convention whose data field no template type has is a pair in name only.
    checked.filter(|field| field.position.is_some() || keys.contains(field.entry.oneflow.as_str())).collect()
}
