//! A pair of fields, ready to be looked at: the mapping's entry joined with Teamtailor's definition.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use serde_json::Value;

use crate::{
    candidate::{CandidateField, DefaultField, Definition, Definitions, Target},
    contract::{CONTRACT_STATE, ContractSnapshot},
    mapping::{ContractScope, FieldMapping, Mapping, effective},
    outcome::{FieldOutcome, Outcome, Reason},
    value::{ChoiceOptions, FieldFormat, FieldType, FieldValue, ValueError, harm, is_on_linkedin},
};

/// A pair of fields, ready to be looked at.
#[derive(Debug)]
pub(crate) struct FieldPair {
    /// The entry of the mapping; for a pair of the convention, as if it had been written.
    pub(crate) entry: FieldMapping,
    /// Whether the convention has made the pair.
    is_by_convention: bool,
    /// Where values go, or why none can.
    pub(crate) target: Result<Target, Reason>,
    pub(crate) format: FieldFormat,
    /// Whether the pair is for this contract.
    pub(crate) is_in_scope: bool,
}

/// All pairs for a contract with these data fields, each with a target or the reason why it has none. The same two fields
/// in several entries make one pair: that of the entry which is for this contract.
pub(crate) fn field_pairs<'a>(
    mapping: &'a Mapping,
    definitions: &'a Definitions,
    data_fields: &BTreeSet<&'a str>,
    scope: ContractScope,
) -> Vec<FieldPair> {
    let mut entries = effective(mapping, definitions, data_fields);
    // The text of a token is for us, and for no card.
    entries.retain(|entry| mapping.sync.token_field() != Some(entry.oneflow.as_str()));
    let scope = Some(scope).filter(|scope| scope.is_kept_in_step(&mapping.sync));
    let mut pairs: Vec<FieldPair> =
        entries.into_iter().map(|entry| FieldPair::new(entry, mapping, definitions, scope)).collect();
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

/// All pairs for this contract.
pub(crate) fn pairs_for(
    mapping: &Mapping,
    definitions: &Definitions,
    contract: &ContractSnapshot,
) -> Arc<[FieldPair]> {
    let data_fields = contract.data_fields.keys().map(String::as_str).collect();
    field_pairs(mapping, definitions, &data_fields, ContractScope::of(contract)).into()
}

impl FieldPair {
    /// Without a scope the contract is not kept in step at all.
    fn new(
        entry: Cow<'_, FieldMapping>,
        mapping: &Mapping,
        definitions: &Definitions,
        scope: Option<ContractScope>,
    ) -> Self {
        let (target, held, options) = match &entry.teamtailor {
            CandidateField::Default(default) => {
                (Ok(Target::Default(*default)), Some(default.kind()), ChoiceOptions::default())
            }
            CandidateField::Custom(name) => match definitions.find(name) {
                Some(Definition { id, kind, options, .. }) => {
                    (Ok(Target::Custom(id.clone())), *kind, options.clone())
                }
                None => (Err(Reason::UnknownCustomField), None, ChoiceOptions::default()),
            },
        };
        let kind = entry.kind.or(held);
        let target = target.and_then(|target| match (kind, held) {
            (None, _) => Err(Reason::UnsupportedFieldType),
            (Some(kind), Some(held)) if !held.can_hold(kind) => Err(Reason::TypeMismatch),
            (Some(_), _) => Ok(target),
        });
        let locale = entry.locale.unwrap_or(mapping.sync.locale);
        let kind = kind.unwrap_or(FieldType::Text);
        let format = FieldFormat::new(kind).stored_as(held.unwrap_or(kind)).locale(locale).options(options);
        let format = match &target {
            Ok(Target::Default(field)) if field.is_name() => format.names(),
            _ => format,
        };
        let is_in_scope = scope.is_some_and(|scope| scope.is_within_entry(&entry));
        let is_by_convention = matches!(entry, Cow::Owned(_));
        Self { entry: entry.into_owned(), is_by_convention, target, format, is_in_scope }
    }

    /// `custom_id` of the data field.
    pub(crate) fn data_field(&self) -> &str {
        &self.entry.oneflow
    }

    /// How the pair ended.
    pub(crate) fn ended(&self, outcome: Outcome) -> FieldOutcome {
        FieldOutcome::new(&self.entry.oneflow, &self.entry.teamtailor, outcome)
    }

    /// Whether the source is the contract's state and no data field.
    pub(crate) fn is_state(&self) -> bool {
        self.entry.oneflow == CONTRACT_STATE
    }

    /// Whether the convention has made the pair, with a default field of the card.
    pub(crate) fn is_default_by_convention(&self) -> bool {
        self.is_by_convention && matches!(self.target, Ok(Target::Default(_)))
    }

    fn may_write(&self) -> bool {
        self.is_in_scope && self.entry.writes_back()
    }

    fn fields(&self) -> (&str, &CandidateField) {
        (&self.entry.oneflow, &self.entry.teamtailor)
    }

    /// Sorts pairs by their fields, the one for this contract first.
    fn key(&self) -> (&str, &CandidateField, bool) {
        (&self.entry.oneflow, &self.entry.teamtailor, !self.is_in_scope)
    }

    /// The JSON that the target gets. What could do harm there is an error that [`ValueError::could_harm`].
    pub(crate) fn write(&self, value: &FieldValue) -> Result<Value, ValueError> {
        let json = self.format.write_teamtailor(value)?;
        if let (Ok(Target::Default(field)), Value::String(text)) = (&self.target, &json) {
            if field.max_characters().is_some_and(|most| text.chars().count() > most) {
                return Err(ValueError::TooLong);
            }
            if *field == DefaultField::LinkedinUrl && !is_on_linkedin(text) {
                return Err(ValueError::NotOnLinkedin);
            }
        }
        harm(value).map_or(Ok(json), Err)
    }
}
