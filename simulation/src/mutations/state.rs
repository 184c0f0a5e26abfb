//! The state of everything: cards, contracts, and what is remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use smartsync_core::{CandidateId, FieldOutcome, Ledger, candidate::CandidateField, keys::DocumentMark};
use smartsync_sandbox::{CandidateCard, ContractCard};

use super::{
    office::{Office, keys},
    ready::ready,
};

/// What a difference ends in where a base is not there, or where a value of ours on a card is not known to be ours.
pub(crate) const MISSING: &str = " missing";
/// What a difference ends in where a write is remembered that may still arrive, and all else is alike.
pub(crate) const LATE: &str = " late";

/// The state of everything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) cards: BTreeMap<String, CandidateCard>,
    pub(crate) contracts: BTreeMap<i64, ContractCard>,
    /// What the ledger knows of each contract.
    entries: BTreeMap<i64, Value>,
    /// What it knows of each card.
    card_entries: BTreeMap<String, Value>,
    creations: BTreeMap<String, Value>,
    /// How many files of a card carry the mark of a contract's document.
    marked: BTreeMap<(String, i64), usize>,
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
        let card_entry = |id: &String| {
            let entry = ready(office.ledger.load_card(&id.as_str().into())).ok()?;
            Some((id.clone(), serde_json::to_value(entry).ok()?))
        };
        let creation = |id: &smartsync_core::RequestId| {
            let creation = ready(office.ledger.load_creation(id)).ok()??;
            Some((id.as_str().to_owned(), serde_json::to_value(creation).ok()?))
        };
        let cards: BTreeMap<String, CandidateCard> = office.candidates.iter().filter_map(card).collect();
        let marked = |(id, contract): (&String, &i64)| {
            let mark = DocumentMark::new(&keys().ok()?, (*contract).into(), &CandidateId::from(id.as_str()));
            let files = cards.get(id)?.uploads.iter().filter(|name| mark.is_in(name)).count();
            Some(((id.clone(), *contract), files))
        };
        let pairs = cards.keys().flat_map(|id| contracts.iter().map(move |contract| (id, contract)));
        let marked = pairs.filter_map(marked).collect();
        Self {
            cards,
            contracts: contracts.iter().filter_map(|id| Some((*id, sandbox.contract_card(*id)?))).collect(),
            entries: contracts.iter().filter_map(entry).collect(),
            card_entries: office.candidates.iter().filter_map(card_entry).collect(),
            creations: office.requests.iter().filter_map(creation).collect(),
            marked,
        }
    }

    /// What the card of the candidate shows of the field.
    pub(crate) fn shown(&self, candidate: &str, field: &FieldOutcome) -> Option<&str> {
        let card = self.cards.get(candidate)?;
        match &field.candidate_field {
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

    /// How many files of the card are the document of the contract, by the mark in their names.
    pub(crate) fn documents(&self, candidate: &str, contract: i64) -> usize {
        self.marked.get(&(candidate.to_owned(), contract)).copied().unwrap_or_default()
    }

    /// The same by the contract's number in their names, which tells people: files of any mark count.
    pub(crate) fn copies(&self, candidate: &str, contract: i64) -> usize {
        let number = format!("({contract})");
        let files = self.cards.get(candidate).map(|card| card.uploads.as_slice()).unwrap_or_default();
        files.iter().filter(|name| name.contains(&number)).count()
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
            let (ours, those) = (members(entry.get("bases")), members(theirs.get("bases")));
            for key in different_keys(&ours, &those) {
                let is_missing = !ours.contains_key(key);
                found.insert(format!("base {id}: {key}{}", if is_missing { MISSING } else { "" }));
            }
            if entry.get("candidate") != theirs.get("candidate") {
                found.insert(format!("ledger {id}: candidate"));
            }
            if entry.get("document") != theirs.get("document") {
                found.insert(format!("ledger {id}: document"));
            }
        }
        for (id, entry) in &self.card_entries {
            let Some(theirs) = other.card_entries.get(id) else { continue };
            let (ours, those) = (members(entry.get("fields")), members(theirs.get("fields")));
            for key in different_keys(&ours, &those) {
                let ending = ending(ours.get(key), those.get(key));
                found.insert(format!("ledger, card {id}: {key}{ending}"));
            }
        }
        if self.creations != other.creations {
            found.insert("creations".to_owned());
        }
        found
    }
}

/// In what the memory of a field of a card differs from that of the reference.
fn ending(ours: Option<&Value>, theirs: Option<&Value>) -> &'static str {
    let (mut ours, mut theirs) = (members(ours), members(theirs));
    if !ours.contains_key("ours") && theirs.remove("ours").is_some() && ours == theirs {
        MISSING
    } else if !theirs.contains_key("late") && ours.remove("late").is_some() && ours == theirs {
        LATE
    } else {
        ""
    }
}

/// The members of an object.
fn members(object: Option<&Value>) -> BTreeMap<String, Value> {
    let members = object.and_then(Value::as_object);
    members.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The keys whose values differ, or that only one side has.
fn different_keys<'a, V: PartialEq>(
    ours: &'a BTreeMap<String, V>,
    theirs: &'a BTreeMap<String, V>,
) -> impl Iterator<Item = &'a String> {
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    keys.into_iter().filter(|key| ours.get(*key) != theirs.get(*key))
}
