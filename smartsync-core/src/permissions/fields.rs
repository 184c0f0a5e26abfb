//! Which fields a mapping can write, at either service. The convention counts as far as it may ever reach: the fields that
//! it pairs can be added at any time.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    candidate::{CandidateField, DefaultField},
    contract::OF_CONTRACT,
    mapping::{CheckedField, CheckedMapping, Direction, FieldMapping, PREFIX, bare, default_keys},
    words::permissions as words,
};

const CUSTOM: &str = "custom:";
const DATA_FIELD: &str = "data_field:";

/// What may be read, or a field that may be written, or all fields whose names begin alike.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) what: String,
    /// Whether it is all whose names begin as `what` does in front of its `*`.
    pub(super) is_open: bool,
    pub(super) except: Vec<String>,
    pub(super) why: String,
}

impl Field {
    pub(super) fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), is_open: false, except: Vec::new(), why: why.into() }
    }

    /// All fields whose names begin like this, but those.
    fn all(start: &str, except: Vec<String>, why: &str) -> Self {
        Self { is_open: true, except, ..Self::new(format!("{start}*"), why) }
    }

    pub(super) fn is_custom(&self) -> bool {
        self.what.starts_with(CUSTOM)
    }
}

/// The fields of a candidate that may be written.
pub(super) fn written_to_teamtailor(mapping: &CheckedMapping) -> Vec<Field> {
    let sides = |entry: &CheckedField| (name(entry), entry.entry.oneflow.clone());
    let mut fields = mapped(mapping, FieldMapping::writes_back, sides);
    if mapping.mapping().sync.convention {
        let why = words::BY_CONVENTION_FROM_DATA_FIELD;
        let except = replaced(mapping).into_iter().map(|name| format!("{CUSTOM}{PREFIX}{name}")).collect();
        fields.push(Field::all(&format!("{CUSTOM}{PREFIX}"), except, why));
    }
    fields
}

/// The data fields that may be written into a new contract.
pub(super) fn written_to_oneflow(mapping: &CheckedMapping) -> Vec<Field> {
    let sides = |entry: &CheckedField| (format!("{DATA_FIELD}{}", entry.entry.oneflow), name(entry));
    let fills_contracts = |entry: &FieldMapping| entry.direction != Direction::ToTeamtailor;
    let mut fields = mapped(mapping, fills_contracts, sides);
    let sync = &mapping.mapping().sync;
    if sync.convention {
        for field in DefaultField::ALL {
            let why = words::by_convention_from(field.as_str());
            let keys = spellings(mapping, field).into_iter();
            fields.extend(keys.map(|key| Field::new(format!("{DATA_FIELD}{key}"), &*why)));
        }
        let why = words::BY_CONVENTION_FROM_CUSTOM_FIELD;
        let names = replaced(mapping).into_iter();
        let except =
            names.flat_map(|name| [format!("{DATA_FIELD}{name}"), format!("{DATA_FIELD}{PREFIX}{name}")]);
        fields.push(Field::all(DATA_FIELD, except.collect(), why));
    }
    if let Some(key) = sync.token_field() {
        fields.push(Field::new(format!("{DATA_FIELD}{key}"), words::LINK));
    }
    fields
}

/// What the entries that go this way write: once each, with all the fields that it comes from.
fn mapped(
    mapping: &CheckedMapping,
    goes_this_way: impl Fn(&FieldMapping) -> bool,
    sides: impl Fn(&CheckedField) -> (String, String),
) -> Vec<Field> {
    let mut sources: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries(mapping).filter(|entry| goes_this_way(&entry.entry)) {
        let (target, source) = sides(entry);
        sources.entry(target).or_default().insert(source);
    }
    let field = |(what, sources): (String, BTreeSet<String>)| {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        Field::new(what, words::mapped_from(&sources))
    };
    sources.into_iter().map(field).collect()
}

fn entries(mapping: &CheckedMapping) -> impl Iterator<Item = &CheckedField> {
    mapping.fields().iter().filter(|field| field.position.is_some())
}

/// The candidate's field, a custom field by its api-name wherever it has one.
fn name(entry: &CheckedField) -> String {
    let api_name = entry.definition.as_ref().and_then(|definition| definition.api_name.as_deref());
    match (&entry.entry.teamtailor, api_name) {
        (CandidateField::Custom(_), Some(api_name)) => format!("{CUSTOM}{api_name}"),
        (field, _) => field.to_string(),
    }
}

/// The names, without `oneflow-`, of the custom fields that the convention leaves to the entries.
fn replaced(mapping: &CheckedMapping) -> BTreeSet<String> {
    let by_target = entries(mapping)
        .filter_map(|entry| name(entry).strip_prefix(CUSTOM)?.strip_prefix(PREFIX).map(str::to_owned));
    let data_fields = entries(mapping).filter(|entry| !entry.entry.oneflow.starts_with(OF_CONTRACT));
    let by_source = data_fields.map(|entry| bare(&entry.entry.oneflow).to_owned());
    by_target.chain(by_source).collect()
}

/// The data fields that the convention may pair with a default field.
fn spellings(mapping: &CheckedMapping, field: DefaultField) -> BTreeSet<String> {
    if entries(mapping).any(|entry| entry.entry.teamtailor == CandidateField::Default(field)) {
        return BTreeSet::new();
    }
    let is_named = |key: &str| entries(mapping).any(|entry| bare(&entry.entry.oneflow) == bare(key));
    default_keys(field).into_iter().filter(|key| !is_named(key)).collect()
}
