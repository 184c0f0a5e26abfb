//! A pair of fields, ready to be looked at: the mapping's entry joined with Teamtailor's definition.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;
use teamtailor_client::CustomFieldId;

use crate::{
    CandidateField, DefaultField, Definition, Definitions, Direction, FieldFormat, FieldMapping, FieldType,
    FieldValue, Mapping, Moment, Reason, Rules, ValueError, contract_state::CONTRACT_STATE,
    convention::effective, scope::ContractScope,
};

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Default(DefaultField),
    Custom(CustomFieldId),
}

/// `email`, or `custom:31`: by id, since an api-name can be given to another field.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(field) => f.write_str(field.as_str()),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

/// A pair of fields, ready to be looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldPair {
    pub(crate) data_field: String,
    pub(crate) field: CandidateField,
    /// Where values go, or why none can.
    pub(crate) target: Result<Target, Reason>,
    pub(crate) format: FieldFormat,
    /// Whether the pair is for this contract.
    pub(crate) is_in_scope: bool,
    pub(crate) direction: Direction,
    pub(crate) when: Moment,
    pub(crate) rules: Rules,
}

/// All pairs for a contract with these data fields, each with a target or the reason why it has none. The same two fields
/// in several entries make one pair: that of the entry which is for this contract.
pub(crate) fn field_pairs(
    mapping: &Mapping,
    definitions: &Definitions,
    data_fields: &BTreeSet<&str>,
    scope: ContractScope,
) -> Vec<FieldPair> {
    let mut fields = effective(mapping, definitions, data_fields);
    // The text of a token is for us, and for no card.
    fields.retain(|field| mapping.sync.token_field() != Some(field.oneflow.as_str()));
    let mut pairs: Vec<FieldPair> =
        fields.iter().map(|field| FieldPair::new(field, mapping, definitions, scope)).collect();
    let targets = pairs.iter().filter(|pair| pair.may_write()).filter_map(|pair| pair.target.as_ref().ok());
    let mut once = BTreeSet::new();
    let twice: BTreeSet<Target> = targets.filter(|target| !once.insert(*target)).cloned().collect();
    for pair in pairs.iter_mut().filter(|pair| pair.may_write()) {
        if pair.target.as_ref().is_ok_and(|target| twice.contains(target)) {
            pair.target = Err(Reason::TwoSources);
        }
    }
    pairs.sort_by(|a, b| a.key().cmp(&b.key()));
    pairs.dedup_by(|later, first| later.fields() == first.fields());
    pairs
}

impl FieldPair {
    fn new(field: &FieldMapping, mapping: &Mapping, definitions: &Definitions, scope: ContractScope) -> Self {
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
        let kind = kind.unwrap_or(FieldType::Text);
        let format = FieldFormat::new(kind).held_as(held.unwrap_or(kind)).locale(locale).options(options);
        Self {
            data_field: field.oneflow.clone(),
            field: field.teamtailor.clone(),
            target,
            format,
            is_in_scope: scope.is_for(&mapping.sync, field),
            direction: field.direction,
            when: field.when,
            rules: Rules { on_conflict: field.on_conflict, on_empty: field.on_empty },
        }
    }

    /// Whether the source is the contract's state and no data field.
    pub(crate) fn is_state(&self) -> bool {
        self.data_field == CONTRACT_STATE
    }

    fn may_write(&self) -> bool {
        self.is_in_scope && self.direction != Direction::ToOneflow
    }

    fn fields(&self) -> (&str, &CandidateField) {
        (&self.data_field, &self.field)
    }

    /// Sorts pairs by their fields, the one for this contract first.
    fn key(&self) -> (&str, &CandidateField, bool) {
        (&self.data_field, &self.field, !self.is_in_scope)
    }

    /// The JSON that the target gets.
    pub(crate) fn write(&self, value: &FieldValue) -> Result<Value, ValueError> {
        let json = self.format.write_teamtailor(value)?;
        match (&self.target, &json) {
            (Ok(Target::Default(field)), Value::String(text)) => match field.max_characters() {
                Some(most) if text.chars().count() > most => Err(ValueError::TooLong),
                _ => Ok(json),
            },
            _ => Ok(json),
        }
    }
}

/// Whether a custom field of type `held` holds values of type `kind` as they are. A text field holds anything that
/// needs no options.
pub(crate) fn can_hold(held: FieldType, kind: FieldType) -> bool {
    let needs_options = matches!(kind, FieldType::Choice | FieldType::Choices);
    held == kind || held == FieldType::Text && !needs_options || held.is_textual() && kind.is_textual()
}
