//! Which fields of the two services probably belong together, and why.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use oneflow_client::contracts::DataFieldSource;
use serde::Serialize;
use smartsync_core::{
    Diagnostic, FieldMapping, Mapping, Schemas,
    candidate::{CandidateField, DefaultField},
    mapping::{DataFieldSchema, Direction, convention::effective_fields},
    value::FieldType,
};

use crate::words::commands::init as words;

/// Why two fields are proposed as a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Likeness {
    /// The convention pairs them already, without an entry.
    Convention,
    /// Their names are the same.
    SameName,
    /// Their names are the same but for case, dashes, spaces and accents.
    FoldedName,
    /// The name of the one says a type, and of that type there is one field left on each side. A guess: it is not in effect until a person
    /// says so.
    OnlyOneOfType,
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Convention => words::CONVENTION,
            Self::SameName => words::SAME_NAME,
            Self::FoldedName => words::FOLDED_NAME,
            Self::OnlyOneOfType => words::ONLY_ONE_OF_TYPE,
        })
    }
}

/// Two fields that probably belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProposedPair {
    /// Key of the data field in Oneflow.
    pub oneflow: String,
    /// The field of the candidate's card.
    pub teamtailor: CandidateField,
    /// Why.
    pub likeness: Likeness,
    /// Which way values go.
    pub direction: Direction,
}

/// The fields of both services, in pairs as far as they have partners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Proposal {
    /// Those that are in effect already, and those that are proposed.
    pub pairs: Vec<ProposedPair>,
    /// Keys of the data fields that are in no pair.
    pub oneflow_alone: Vec<String>,
    /// The custom fields of candidates that are in no pair.
    pub teamtailor_alone: Vec<String>,
}

impl Proposal {
    /// What both services have, beside what `mapping` says of it. What would be an error beside it is not proposed.
    #[must_use]
    pub fn of(mapping: &Mapping, schemas: &Schemas) -> Self {
        let fields = fields_of(mapping, schemas);
        let keys: BTreeSet<&str> = fields.keys().copied().collect();
        let mut search = Search::new(&fields, schemas);
        for field in effective_fields(mapping, &schemas.teamtailor, &keys) {
            let is_there = keys.contains(field.oneflow.as_str());
            search.take(&field.oneflow, &field.teamtailor);
            if is_there && !mapping.fields.contains(&field) {
                search.pairs.push(ProposedPair {
                    oneflow: field.oneflow,
                    teamtailor: field.teamtailor,
                    likeness: Likeness::Convention,
                    direction: field.direction,
                });
            }
        }
        for entry in &mapping.fields {
            search.take(&entry.oneflow, &entry.teamtailor);
        }
        search.by_name(mapping, schemas);
        search.by_folded_name(mapping, schemas);
        search.by_type(mapping, schemas);
        search.done()
    }

    /// Those that an entry in the file is written for.
    pub fn entries(&self) -> impl Iterator<Item = &ProposedPair> {
        self.pairs.iter().filter(|pair| pair.likeness != Likeness::Convention)
    }
}

/// The data fields that a contract can have by this mapping, and that can be filled in, by key.
fn fields_of<'a>(mapping: &Mapping, schemas: &'a Schemas) -> BTreeMap<&'a str, &'a DataFieldSchema> {
    let scope = &mapping.sync.template_types;
    let kinds = schemas.oneflow.template_types.iter();
    let within = kinds.filter(|kind| scope.is_empty() || scope.contains(&kind.id));
    let fields = within.flat_map(|kind| &kind.data_fields);
    let usable = fields.filter(|field| field.active && field.source != Some(DataFieldSource::System));
    usable.map(|field| (field.key.as_str(), field)).collect()
}

/// A field of the card that has no partner yet.
struct Card {
    field: CandidateField,
    /// Its api-name, or the name of a default field.
    name: String,
    /// The name that people see.
    label: Option<String>,
    kind: FieldType,
}

/// What is left on both sides while pairs are found.
struct Search<'a> {
    fields: BTreeMap<&'a str, &'a DataFieldSchema>,
    cards: Vec<Card>,
    pairs: Vec<ProposedPair>,
}

impl<'a> Search<'a> {
    fn new(fields: &BTreeMap<&'a str, &'a DataFieldSchema>, schemas: &Schemas) -> Self {
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for definition in schemas.teamtailor.iter() {
            *named.entry(definition.api_name.as_deref().unwrap_or_default()).or_default() += 1;
        }
        let custom = schemas.teamtailor.iter().filter_map(|definition| {
            let (name, kind) = (definition.api_name.as_deref()?, definition.kind?);
            // Of two with one name, nobody can say which is meant.
            (named.get(name) == Some(&1)).then(|| Card {
                field: CandidateField::custom(name),
                name: name.to_owned(),
                label: definition.name.clone(),
                kind,
            })
        });
        let default = DefaultField::ALL.into_iter().map(|field| Card {
            field: CandidateField::Default(field),
            name: field.as_str().to_owned(),
            label: None,
            kind: field.kind(),
        });
        Self { fields: fields.clone(), cards: custom.chain(default).collect(), pairs: Vec::new() }
    }

    /// Has both be no longer left.
    fn take(&mut self, key: &str, card: &CandidateField) {
        self.fields.remove(key);
        self.cards.retain(|left| left.field != *card);
    }

    fn by_name(&mut self, mapping: &Mapping, schemas: &Schemas) {
        let found: Vec<(String, CandidateField)> = self
            .cards
            .iter()
            .filter(|card| self.fields.contains_key(card.name.as_str()))
            .map(|card| (card.name.clone(), card.field.clone()))
            .collect();
        for (key, card) in found {
            self.propose(mapping, schemas, &key, &card, Likeness::SameName);
        }
    }

    /// By key or by the name that people see, where exactly one field on each side has it.
    fn by_folded_name(&mut self, mapping: &Mapping, schemas: &Schemas) {
        let mut keys: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (key, field) in &self.fields {
            for name in [Some(*key), field.name.as_deref()].into_iter().flatten() {
                keys.entry(folded(name)).or_default().insert(key);
            }
        }
        let mut cards: BTreeMap<String, BTreeSet<&CandidateField>> = BTreeMap::new();
        for card in &self.cards {
            for name in [Some(card.name.as_str()), card.label.as_deref()].into_iter().flatten() {
                cards.entry(folded(name)).or_default().insert(&card.field);
            }
        }
        let mut found = Vec::new();
        for (name, keys) in &keys {
            let cards = cards.get(name).into_iter().flatten();
            if let ([key], [card], false) =
                (Vec::from_iter(keys).as_slice(), Vec::from_iter(cards).as_slice(), name.is_empty())
            {
                found.push(((**key).to_owned(), (**card).clone()));
            }
        }
        for (key, card) in found {
            self.propose(mapping, schemas, &key, &card, Likeness::FoldedName);
        }
    }

    /// A custom field of a type that a name can say, and the only data field whose name says it.
    fn by_type(&mut self, mapping: &Mapping, schemas: &Schemas) {
        for (kind, words) in TELLING_WORDS {
            let tells = |field: &DataFieldSchema| {
                let said = words_of(&field.key).chain(field.name.iter().flat_map(|name| words_of(name)));
                said.into_iter().any(|word| words.contains(&word.as_str()))
            };
            let keys: Vec<String> =
                self.fields.values().filter(|field| tells(field)).map(|field| field.key.clone()).collect();
            let custom = |card: &&Card| card.kind == kind && matches!(card.field, CandidateField::Custom(_));
            let cards: Vec<CandidateField> =
                self.cards.iter().filter(custom).map(|card| card.field.clone()).collect();
            if let ([key], [card]) = (keys.as_slice(), cards.as_slice()) {
                self.propose(mapping, schemas, key, card, Likeness::OnlyOneOfType);
            }
        }
    }

    /// Notes a pair, unless one of the two has gone meanwhile, or an entry for it would be an error.
    fn propose(
        &mut self,
        mapping: &Mapping,
        schemas: &Schemas,
        key: &str,
        card: &CandidateField,
        likeness: Likeness,
    ) {
        let is_left = self.fields.contains_key(key) && self.cards.iter().any(|left| left.field == *card);
        if !is_left {
            return;
        }
        // Who somebody is, is prefilled only: whoever holds the contract's link can type into it.
        let is_of_identity = matches!(card, CandidateField::Default(_));
        let direction = if is_of_identity { Direction::ToOneflow } else { Direction::Both };
        let mut entry = FieldMapping::new(key, card.clone());
        entry.direction = direction;
        let mut with = mapping.clone();
        with.fields.extend(self.pairs.iter().filter(|pair| pair.likeness != Likeness::Convention).map(
            |pair| {
                let mut entry = FieldMapping::new(&*pair.oneflow, pair.teamtailor.clone());
                entry.direction = pair.direction;
                entry
            },
        ));
        let before = errors(&with, schemas);
        with.fields.push(entry);
        if errors(&with, schemas) <= before {
            let (oneflow, teamtailor) = (key.to_owned(), card.clone());
            self.take(key, card);
            self.pairs.push(ProposedPair { oneflow, teamtailor, likeness, direction });
        }
    }

    fn done(mut self) -> Proposal {
        self.pairs.sort_by(|a, b| (a.likeness, &a.oneflow).cmp(&(b.likeness, &b.oneflow)));
        let custom = self.cards.iter().filter(|card| matches!(card.field, CandidateField::Custom(_)));
        Proposal {
            teamtailor_alone: custom.map(|card| card.name.clone()).collect(),
            oneflow_alone: self.fields.into_keys().map(str::to_owned).collect(),
            pairs: self.pairs,
        }
    }
}

fn errors(mapping: &Mapping, schemas: &Schemas) -> usize {
    match mapping.check_against(schemas) {
        Ok(_) => 0,
        Err(found) => found.iter().filter(|found| Diagnostic::is_error(found)).count(),
    }
}

/// Words by which a name says of what type its values are, in English and the languages of the services' home.
const TELLING_WORDS: [(FieldType, &[&str]); 5] = [
    (FieldType::Date, &["date", "day", "datum", "dato", "dag", "birthday"]),
    (FieldType::Number, &["salary", "amount", "number", "hours", "percent", "lon", "antal", "timer"]),
    (FieldType::Email, &["email", "mail", "epost"]),
    (FieldType::Phone, &["phone", "mobile", "telephone", "telefon", "mobil"]),
    (FieldType::Url, &["url", "link", "website", "lank"]),
];

/// The words of a name, folded: `start` and `date` of `oneflow-start_Date`.
fn words_of(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric()).map(folded).filter(|word| !word.is_empty())
}

/// A name as it is compared: letters and digits only, in lower case and without accents, without the prefix of the convention.
fn folded(name: &str) -> String {
    let name = name.to_lowercase();
    let name = name.strip_prefix("oneflow-").or_else(|| name.strip_prefix("oneflow_")).unwrap_or(&name);
    let plain = |c: char| match c {
        'å' | 'ä' | 'á' | 'à' | 'â' | 'æ' => 'a',
        'ö' | 'ø' | 'ó' | 'ò' | 'ô' => 'o',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ü' | 'ú' | 'ù' => 'u',
        'í' | 'ì' | 'ï' => 'i',
        other => other,
    };
    name.chars().filter(|c| c.is_alphanumeric()).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use smartsync_core::{
        TemplateTypeId,
        candidate::{Definition, Definitions},
        mapping::{OneflowSchema, TemplateTypeSchema},
    };

    use super::*;

    fn schemas(keys: &[(&str, &str)], custom: &[(&str, FieldType)]) -> Schemas {
        let field = |&(key, name): &(&str, &str)| {
            let mut field = DataFieldSchema::new(key);
            field.name = (!name.is_empty()).then(|| name.to_owned());
            field
        };
        let kind = TemplateTypeSchema::new(TemplateTypeId::new(7), "Employment", keys.iter().map(field));
        let custom = custom.iter().enumerate();
        let custom = custom.map(|(id, (name, kind))| Definition::new(id.to_string(), name, *kind));
        Schemas::new(OneflowSchema::new([kind], []), Definitions::new(custom))
    }

    fn proposed(schemas: &Schemas) -> Vec<(String, String, Likeness)> {
        let proposal = Proposal::of(&Mapping::default(), schemas);
        let pairs = proposal.pairs.into_iter();
        pairs.map(|pair| (pair.oneflow, pair.teamtailor.to_string(), pair.likeness)).collect()
    }

    #[test]
    fn each_kind_of_likeness_is_found_and_named() {
        use FieldType::{Date, Number, Text};

        let schemas = schemas(
            &[
                ("oneflow-notice", ""),
                ("phone", ""),
                ("shirt-size", ""),
                ("LastDay", ""),
                ("df-17", "Månadslön"),
                ("Förnamn", "First name"),
                ("begin-date", ""),
                ("remark", ""),
            ],
            &[
                ("oneflow-notice", Text),
                ("shirt-size", Text),
                ("last-day", Text),
                ("manadslon", Number),
                ("joins", Date),
                ("colour", Text),
            ],
        );
        let expected = [
            ("oneflow-notice", "custom:oneflow-notice", Likeness::Convention),
            ("phone", "phone", Likeness::Convention),
            ("shirt-size", "custom:shirt-size", Likeness::SameName),
            ("Förnamn", "first_name", Likeness::FoldedName),
            ("LastDay", "custom:last-day", Likeness::FoldedName),
            ("df-17", "custom:manadslon", Likeness::FoldedName),
            ("begin-date", "custom:joins", Likeness::OnlyOneOfType),
        ];
        let mut expected = expected.map(|(key, card, why)| (key.to_owned(), card.to_owned(), why)).to_vec();
        expected.sort_by(|a, b| (a.2, &a.0).cmp(&(b.2, &b.0)));
        assert_eq!(proposed(&schemas), expected);
        let proposal = Proposal::of(&Mapping::default(), &schemas);
        assert_eq!(proposal.oneflow_alone, ["remark"]);
        assert_eq!(proposal.teamtailor_alone, ["colour"]);
        let name = proposal.pairs.iter().find(|pair| pair.oneflow == "Förnamn").unwrap();
        assert_eq!(name.direction, Direction::ToOneflow, "who somebody is, is never written back unasked");
    }

    #[test]
    fn of_two_that_may_be_meant_none_is_proposed() {
        use FieldType::{Date, Text};

        let twice = schemas(&[("last-day", ""), ("Last day", "")], &[("lastday", Text)]);
        assert_eq!(proposed(&twice), []);
        let dates = schemas(&[("begin-date", "")], &[("joins", Date), ("leaves", Date)]);
        assert_eq!(proposed(&dates), []);
    }

    #[test]
    fn what_the_mapping_names_is_left_as_it_is() {
        let schemas = schemas(&[("size", ""), ("shirt-size", "")], &[("shirt-size", FieldType::Text)]);
        let mut mapping = Mapping::default();
        mapping.fields.push(FieldMapping::new("size", CandidateField::custom("shirt-size")));
        assert_eq!(Proposal::of(&mapping, &schemas).pairs, []);
    }

    #[test]
    fn no_more_than_the_mapping_allows_is_proposed() {
        // A second source for one field of the card would be an error.
        let schemas = schemas(&[("shirt-size", ""), ("Shirt Size", "")], &[("shirt-size", FieldType::Text)]);
        let found = proposed(&schemas);
        assert_eq!(found, [("shirt-size".to_owned(), "custom:shirt-size".to_owned(), Likeness::SameName)]);
    }
}
