//! The state of everything: cards, contracts, and what is remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use smartsync_core::{CandidateField, FieldOutcome, Ledger};
use smartsync_sandbox::{CandidateCard, ContractCard};

use super::{office::Office, ready::ready};

/// What a difference ends in where a base is not there.
pub(crate) const MISSING: &str = " missing";

/// The state of everything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) cards: BTreeMap<String, CandidateCard>,
    pub(crate) contracts: BTreeMap<i64, ContractCard>,
    /// What the ledger knows of each contract.
    entries: BTreeMap<i64, Value>,
    creations: BTreeMap<String, Value>,
}

impl State {
    pub(crate) fn read(office: &Office) -> Self {
        let sandbox = &office.sandbox;
        let card = |id: &String| Some((id.clone(), sandbox.candidate_card(id)?));
        let contracts = sandbox.contracts();
        let entry = |id: &i64| {
            let entry = ready(office.ledger.load((*id).into())).ok()?;
            Some((*id, serde_json::to_value(entry).ok()?))
        };
        let creation = |id: &smartsync_core::RequestId| {
            let creation = ready(office.ledger.load_creation(id)).ok()??;
            Some((id.as_str().to_owned(), serde_json::to_value(creation).ok()?))
        };
        Self {
            cards: office.candidates.iter().filter_map(card).collect(),
            contracts: contracts.iter().filter_map(|id| Some((*id, sandbox.contract_card(*id)?))).collect(),
            entries: contracts.iter().filter_map(entry).collect(),
            creations: office.requests.iter().filter_map(creation).collect(),
        }
    }

    /// What the card of the candidate shows of the field.
    pub(crate) fn shown(&self, candidate: &str, field: &FieldOutcome) -> Option<&str> {
        let card = self.cards.get(candidate)?;
        match &field.target {
            CandidateField::Default(default) => card.get(&default.as_str().replace('_', "-")),
            CandidateField::Custom(name) => card.get(name),
            _ => None,
        }
    }

    /// The text of a data field.
    pub(crate) fn text(&self, contract: i64, data_field: &str) -> Option<&str> {
        self.contracts.get(&contract)?.data_fields.get(data_field).map(String::as_str)
    }

    /// The same without what is known of a data field of a contract.
    pub(crate) fn without(mut self, contract: i64, data_field: &str) -> Self {
        if let Some(card) = self.contracts.get_mut(&contract) {
            card.data_fields.remove(data_field);
        }
        let bases = self.entries.get_mut(&contract).and_then(|entry| entry.get_mut("bases")?.as_object_mut());
        if let Some(bases) = bases {
            bases.remove(data_field);
        }
        self
    }

    /// How many files of the card are the document of the contract.
    pub(crate) fn documents(&self, candidate: &str, contract: i64) -> usize {
        let mark = format!("({contract})");
        let files = self.cards.get(candidate).map(|card| card.uploads.as_slice()).unwrap_or_default();
        files.iter().filter(|name| name.contains(&mark)).count()
    }

    /// Where the two differ, without any value.
    pub(crate) fn differences(&self, other: &Self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (id, card) in &self.cards {
            let Some(theirs) = other.cards.get(id) else { continue };
            let pairs = [(&card.fields, &theirs.fields), (&card.custom_fields, &theirs.custom_fields)];
            for (ours, theirs) in pairs {
                found.extend(different_keys(ours, theirs).map(|key| format!("card {id}: {key}")));
            }
            if card.uploads != theirs.uploads {
                found.insert(format!("card {id}: files"));
            }
        }
        for (id, contract) in &self.contracts {
            let Some(theirs) = other.contracts.get(id) else { continue };
            let fields = different_keys(&contract.data_fields, &theirs.data_fields);
            found.extend(fields.map(|key| format!("contract {id}: {key}")));
            if contract.state != theirs.state {
                found.insert(format!("contract {id}: state"));
            }
            if contract.participants != theirs.participants {
                found.insert(format!("contract {id}: participants"));
            }
        }
        if self.contracts.keys().ne(other.contracts.keys()) {
            found.insert("contracts".to_owned());
        }
        for (id, entry) in &self.entries {
            let Some(theirs) = other.entries.get(id) else { continue };
            let bases = |entry: &Value| -> BTreeMap<String, Value> {
                let bases = entry.get("bases").and_then(Value::as_object);
                bases.into_iter().flatten().map(|(key, base)| (key.clone(), base.clone())).collect()
            };
            let (ours, those) = (bases(entry), bases(theirs));
            for key in different_keys(&ours, &those) {
                let is_missing = !ours.contains_key(key);
                found.insert(format!("base {id}: {key}{}", if is_missing { MISSING } else { "" }));
            }
            if entry.get("candidate") != theirs.get("candidate") {
                found.insert(format!("ledger {id}: candidate"));
            }
            if found.is_empty() && entry != theirs {
                found.insert(format!("ledger {id}"));
            }
        }
        if self.creations != other.creations {
            found.insert("creations".to_owned());
        }
        found
    }
}

/// The keys whose values differ, or that only one side has.
fn different_keys<'a, V: PartialEq>(
    ours: &'a BTreeMap<String, V>,
    theirs: &'a BTreeMap<String, V>,
) -> impl Iterator<Item = &'a String> {
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    keys.into_iter().filter(|key| ours.get(*key) != theirs.get(*key))
}
