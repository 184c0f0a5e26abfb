//! What a recruiter sees of a candidate.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    state::teamtailor::{CustomFieldValue, Stored},
    world::World,
};

/// Attributes that are shown on the card, where a recruiter edits them.
pub(crate) const CARD_FIELDS: &[&str] =
    &["email", "first-name", "last-name", "linkedin-url", "phone", "pitch"];

/// What a recruiter sees of a candidate, for printing before and after. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CandidateCard {
    /// Id of the candidate.
    pub id: String,
    /// Default fields by attribute name: `first-name`. Empty ones are left out.
    pub fields: BTreeMap<String, String>,
    /// Custom fields by api-name, options as labels. Empty ones are left out.
    pub custom_fields: BTreeMap<String, String>,
    /// Names of the files, oldest first.
    pub uploads: Vec<String>,
}

impl CandidateCard {
    /// A default field by attribute name, or a custom field by api-name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).or_else(|| self.custom_fields.get(name)).map(String::as_str)
    }
}

impl fmt::Debug for CandidateCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateCard")
            .field("id", &self.id)
            .field("fields", &self.fields.keys())
            .field("custom_fields", &self.custom_fields.keys())
            .field("uploads", &self.uploads.len())
            .finish()
    }
}

impl World {
    pub(crate) fn candidate_card(&self, id: &str) -> Option<CandidateCard> {
        let store = &self.teamtailor;
        let candidate = store.candidates.get(id)?;
        let fields = CARD_FIELDS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), candidate.text(name)?.to_owned())));
        let shown = |value: &CustomFieldValue| {
            let api_name = store.custom_fields.get(&value.field)?.api_name.clone();
            Some((api_name, self.shown(&value.value)))
        };
        let values = store.values.values().filter(|value| value.candidate == id);
        let mut uploads: Vec<_> = store.uploads.iter().filter(|(_, upload)| upload.candidate == id).collect();
        uploads.sort_by_key(|(id, _)| (id.len(), *id));
        Some(CandidateCard {
            id: id.to_owned(),
            fields: fields.collect(),
            custom_fields: values.filter_map(shown).collect(),
            uploads: uploads.into_iter().map(|(_, upload)| upload.file_name.clone()).collect(),
        })
    }

    /// A value as a recruiter sees it, in whatever form the API has it.
    fn shown(&self, value: &Stored) -> String {
        match value {
            Stored::Text(text) | Stored::Date(text) => text.clone(),
            Stored::Number(number) => number.to_string(),
            Stored::Checkbox(checked) => checked.to_string(),
            Stored::Select(option) => self.teamtailor.label(option),
            Stored::MultiSelect(options) => {
                let labels: Vec<_> = options.iter().map(|option| self.teamtailor.label(option)).collect();
                labels.join(", ")
            }
        }
    }
}
