//! A pair of fields, ready to be looked at: the mapping's entry joined with Teamtailor's definition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use teamtailor_client::CustomFieldId;

use crate::{
    CandidateField, DefaultField, Definition, Definitions, Direction, FieldFormat, FieldMapping, FieldType,
    FieldValue, Mapping, Moment, Reason, Rules, ValueError, convention::effective_fields,
};

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Default(DefaultField),
    Custom(CustomFieldId),
}

/// A pair of fields, ready to be looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldPair {
    pub(crate) data_field: String,
    pub(crate) field: CandidateField,
    /// Where values go, or why none can.
    pub(crate) target: Result<Target, Reason>,
    pub(crate) format: FieldFormat,
    /// Whether the target holds text, whatever the type of the values.
    is_text: bool,
    pub(crate) direction: Direction,
    pub(crate) when: Moment,
    pub(crate) rules: Rules,
}

/// All pairs for these data fields, each with a target or the reason why it has none.
pub(crate) fn field_pairs(
    mapping: &Mapping,
    definitions: &Definitions,
    data_fields: &BTreeSet<&str>,
) -> Vec<FieldPair> {
    let fields = effective_fields(mapping, definitions, data_fields);
    let mut pairs: Vec<FieldPair> =
        fields.iter().map(|field| FieldPair::new(field, mapping, definitions)).collect();
    let mut writers: BTreeMap<Target, u32> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.direction != Direction::ToOneflow) {
        if let Ok(target) = &pair.target {
            *writers.entry(target.clone()).or_default() += 1;
        }
    }
    for pair in pairs.iter_mut().filter(|pair| pair.direction != Direction::ToOneflow) {
        if pair.target.as_ref().is_ok_and(|target| writers.get(target).is_some_and(|count| *count > 1)) {
            pair.target = Err(Reason::TwoSources);
        }
    }
    pairs
}

impl FieldPair {
    fn new(field: &FieldMapping, mapping: &Mapping, definitions: &Definitions) -> Self {
        let (target, held, options) = match &field.teamtailor {
            CandidateField::Default(default) => {
                (Ok(Target::Default(*default)), Some(default.kind()), Vec::new())
            }
            CandidateField::Custom(name) => match definitions.find(name) {
                Some(Definition { id, kind, options, .. }) => {
                    (Ok(Target::Custom(id.clone())), *kind, options.clone())
                }
                None => (Err(Reason::UnknownCustomField), None, Vec::new()),
            },
        };
        let kind = field.kind.or(held);
        let target = target.and_then(|target| match (kind, held) {
            (None, _) => Err(Reason::UnsupportedFieldType),
            (Some(kind), Some(held)) if !can_hold(held, kind) => Err(Reason::TypeMismatch),
            (Some(_), _) => Ok(target),
        });
        let locale = field.locale.unwrap_or(mapping.sync.locale);
        Self {
            data_field: field.oneflow.clone(),
            field: field.teamtailor.clone(),
            target,
            format: FieldFormat::new(kind.unwrap_or(FieldType::Text)).locale(locale).options(options),
            is_text: held.is_some_and(is_textual),
            direction: field.direction,
            when: field.when,
            rules: Rules { on_conflict: field.on_conflict, on_empty: field.on_empty },
        }
    }

    /// The JSON that the target gets.
    pub(crate) fn write(&self, value: &FieldValue) -> Result<Value, ValueError> {
        let json = self.format.write_teamtailor(value)?;
        let json = if self.is_text && !json.is_string() { Value::from(value.normal()) } else { json };
        match (&self.target, &json) {
            (Ok(Target::Default(field)), Value::String(text)) => match field.max_characters() {
                Some(most) if text.chars().count() > most => Err(ValueError::TooLong),
                _ => Ok(json),
            },
            _ => Ok(json),
        }
    }
}

fn is_textual(kind: FieldType) -> bool {
    matches!(kind, FieldType::Text | FieldType::Url | FieldType::Email | FieldType::Phone)
}

/// Whether a custom field of type `held` holds values of type `kind` as they are. A text field holds anything that
/// needs no options.
pub(crate) fn can_hold(held: FieldType, kind: FieldType) -> bool {
    let needs_options = matches!(kind, FieldType::Choice | FieldType::Choices);
    held == kind || held == FieldType::Text && !needs_options || is_textual(held) && is_textual(kind)
}
