//! Checks a mapping against what both services have.

use super::{Mapping, check::check, view::View};
use crate::{
    CandidateField, CheckedField, CheckedMapping, Diagnostic, Schemas, convention::effective_fields,
};

/// Checks a mapping against what both services have, which may have been saved: nothing is asked of either.
///
/// ```
/// use smartsync_core::{
///     DataFieldSchema, Definition, Definitions, DiagnosticCode, FieldType, Mapping, OneflowSchema, Schemas,
///     TemplateTypeId, TemplateTypeSchema, compile,
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
/// let found = compile(&mapping, &schemas).unwrap_err();
/// assert_eq!(found[0].code, DiagnosticCode::UnknownCustomField);
/// assert_eq!(found[0].place.to_string(), "field[0].teamtailor");
/// assert_eq!(found[0].help, "write `custom:first-day`");
/// # Ok::<(), toml::de::Error>(())
/// ```
///
/// # Errors
///
/// Everything that is to be said of the mapping, by place, if any of it is an error.
pub fn compile(mapping: &Mapping, schemas: &Schemas) -> Result<CheckedMapping, Vec<Diagnostic>> {
    let found = check(&View::new(mapping, Some(schemas)));
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    Ok(CheckedMapping::new(mapping.clone(), checked_fields(mapping, schemas), found))
}

fn checked_fields(mapping: &Mapping, schemas: &Schemas) -> Vec<CheckedField> {
    let definitions = &schemas.teamtailor;
    let keys = View::new(mapping, Some(schemas)).data_field_keys();
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
