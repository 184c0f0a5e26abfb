//! Teamtailor's custom fields: which there are, of which type, with which options.

use std::{collections::BTreeMap, fmt, ops::Bound};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use teamtailor_client::CustomFieldId;

use crate::value::{ChoiceOptions, FieldType};

/// One custom field. Its name is the company's text, so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// Its id.
    pub id: CustomFieldId,
    /// Its name in the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_name: Option<String>,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of its values; `None` for one that this version does not know.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldType>,
    /// Whether it belongs to candidates, not to jobs.
    pub is_candidates: bool,
    /// The options of a select; empty until they are needed.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub options: ChoiceOptions,
}

impl Definition {
    /// A candidate's custom field.
    #[must_use]
    pub fn new(id: impl Into<CustomFieldId>, api_name: &str, kind: FieldType) -> Self {
        let api_name = Some(api_name.to_owned());
        let (id, kind) = (id.into(), Some(kind));
        Self { id, api_name, name: None, kind, is_candidates: true, options: ChoiceOptions::default() }
    }

    pub(crate) fn is_select(&self) -> bool {
        matches!(self.kind, Some(FieldType::Choice | FieldType::Choices))
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition")
            .field("id", &self.id)
            .field("api_name", &self.api_name)
            .field("kind", &self.kind)
            .field("is_candidates", &self.is_candidates)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// All custom fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Definition>", into = "Vec<Definition>")]
pub struct Definitions {
    fields: BTreeMap<CustomFieldId, Definition>,
    /// The candidates' fields by api-name: of the smallest id first, where several have it.
    by_name: BTreeMap<String, Vec<CustomFieldId>>,
    read_at: Option<Timestamp>,
    has_unreadable: bool,
    lacks_names: bool,
}

impl Definitions {
    /// These definitions. Their order does not matter.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = Definition>) -> Self {
        let fields: BTreeMap<_, _> = fields.into_iter().map(|field| (field.id.clone(), field)).collect();
        let mut by_name: BTreeMap<String, Vec<CustomFieldId>> = BTreeMap::new();
        for field in fields.values().filter(|field| field.is_candidates) {
            if let Some(name) = &field.api_name {
                by_name.entry(name.clone()).or_default().push(field.id.clone());
            }
        }
        Self { fields, by_name, read_at: None, has_unreadable: false, lacks_names: false }
    }

    /// The custom field of this api-name or, where none has it, of this id.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Definition> {
        match self.ids_named(name).first() {
            Some(id) => self.fields.get(id),
            None => self.get(&CustomFieldId::from(name)),
        }
    }

    /// The custom field of this id.
    #[must_use]
    pub fn get(&self, id: &CustomFieldId) -> Option<&Definition> {
        self.fields.get(id).filter(|field| field.is_candidates)
    }

    /// The candidates' custom fields of this api-name: more than one, if Teamtailor lets that happen.
    pub(crate) fn ids_named(&self, api_name: &str) -> &[CustomFieldId] {
        self.by_name.get(api_name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The candidates' custom fields whose api-name begins so, by api-name.
    pub(crate) fn with_prefix<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a CustomFieldId)> {
        let from_prefix = self.by_name.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from_prefix
            .take_while(move |(name, _)| name.starts_with(prefix))
            .filter_map(|(name, ids)| Some((name.as_str(), ids.first()?)))
    }

    /// All custom fields, those of jobs as well, by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Definition> {
        self.fields.values()
    }

    /// Whether the field is known, be it a candidate's or a job's.
    pub(crate) fn has(&self, id: &CustomFieldId) -> bool {
        self.fields.contains_key(id)
    }

    /// The candidates' custom fields, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Definition> {
        self.fields.values().filter(|field| field.is_candidates)
    }

    /// Whether there is a custom field, or an option, that could not be read: what is not here may be there all the same.
    #[must_use]
    pub fn has_unreadable(&self) -> bool {
        self.has_unreadable
    }

    /// Whether there may be a custom field whose api-name is not known: any data field may be its partner.
    pub(crate) fn lacks_names(&self) -> bool {
        self.lacks_names
    }

    /// The same, as they were read at a time: something of them may be missing.
    pub(crate) fn with_reading(
        self,
        read_at: Option<Timestamp>,
        has_unreadable: bool,
        lacks_names: bool,
    ) -> Self {
        Self { read_at, has_unreadable, lacks_names, ..self }
    }

    /// When they were read, if the host has a clock.
    pub(crate) fn read_at(&self) -> Option<Timestamp> {
        self.read_at
    }
}

impl From<Vec<Definition>> for Definitions {
    fn from(fields: Vec<Definition>) -> Self {
        Self::new(fields)
    }
}

impl From<Definitions> for Vec<Definition> {
    fn from(definitions: Definitions) -> Self {
        definitions.fields.into_values().collect()
    }
}
