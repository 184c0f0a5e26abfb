//! What a Teamtailor company holds.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde_json::Value;

use crate::seed::CustomFieldKind;

/// What a Teamtailor company holds. Ids are text, as Teamtailor writes them.
#[derive(Clone, Default)]
pub(crate) struct Teamtailor {
    /// Whether the key has lost its scope.
    pub(crate) key_lacks_scope: bool,
    /// How many more uploads are refused.
    pub(crate) refused_uploads: u32,
    pub(crate) cleans_file_names: bool,
    pub(crate) manager: String,
    pub(crate) candidates: BTreeMap<String, Candidate>,
    /// Who was merged, into whom.
    pub(crate) merged: BTreeMap<String, String>,
    pub(crate) custom_fields: BTreeMap<String, CustomField>,
    pub(crate) options: BTreeMap<String, CustomFieldOption>,
    pub(crate) values: BTreeMap<String, CustomFieldValue>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    pub(crate) jobs: BTreeMap<String, Job>,
    pub(crate) stages: BTreeMap<String, Stage>,
    pub(crate) applications: BTreeMap<String, JobApplication>,
}

#[derive(Clone)]
pub(crate) struct Candidate {
    /// By attribute name; what was never set is absent.
    pub(crate) attributes: BTreeMap<String, Value>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

impl Candidate {
    pub(crate) fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }

    pub(crate) fn connected(&self) -> bool {
        self.attributes.get("connected").and_then(Value::as_bool).unwrap_or(false)
    }
}

#[derive(Clone)]
pub(crate) struct CustomField {
    pub(crate) name: String,
    pub(crate) api_name: String,
    pub(crate) kind: CustomFieldKind,
    pub(crate) of_jobs: bool,
    pub(crate) private: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Clone)]
pub(crate) struct CustomFieldOption {
    pub(crate) field: String,
    pub(crate) value: String,
}

#[derive(Clone)]
pub(crate) struct CustomFieldValue {
    pub(crate) field: String,
    pub(crate) candidate: String,
    pub(crate) value: Stored,
}

/// A value as it is stored; what is read back differs from it.
#[derive(Clone)]
pub(crate) enum Stored {
    Text(String),
    Number(serde_json::Number),
    Date(String),
    Checkbox(bool),
    /// Id of the chosen option.
    Select(String),
    /// Ids of the chosen options.
    MultiSelect(Vec<String>),
}

#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) candidate: String,
    pub(crate) file_name: String,
    /// Uploaded by a user, not by the candidate.
    pub(crate) internal: bool,
    pub(crate) by_api: bool,
    pub(crate) object: i64,
    pub(crate) created: Timestamp,
}

#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) title: String,
}

#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) job: String,
    pub(crate) created: Timestamp,
}

#[derive(Clone)]
pub(crate) struct JobApplication {
    pub(crate) candidate: String,
    pub(crate) job: String,
    /// Where it was before it was moved: see [`JobApplication::seen_in`].
    pub(crate) place: Place,
    /// A move over the API that does not show yet, or has come to show.
    pub(crate) moved: Option<Place>,
    /// What was written, by attribute name; what was never set is absent.
    pub(crate) attributes: BTreeMap<String, Value>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// A stage, and since when the application is seen in it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) stage: String,
    pub(crate) since: Timestamp,
}

impl JobApplication {
    /// Where it is seen at this time.
    pub(crate) fn seen_in(&self, now: Timestamp) -> &Place {
        self.moved.as_ref().filter(|moved| moved.since <= now).unwrap_or(&self.place)
    }
}

impl Teamtailor {
    pub(crate) fn field_by_api_name(&self, api_name: &str) -> Option<&String> {
        self.custom_fields.iter().find(|(_, field)| field.api_name == api_name).map(|(id, _)| id)
    }

    pub(crate) fn value_of(&self, candidate: &str, field: &str) -> Option<&String> {
        let of_both = |value: &CustomFieldValue| value.candidate == candidate && value.field == field;
        self.values.iter().find(|(_, value)| of_both(value)).map(|(id, _)| id)
    }

    pub(crate) fn label(&self, option: &str) -> String {
        self.options.get(option).map(|option| option.value.clone()).unwrap_or_default()
    }
}

/// Counts only: everything else is what people typed.
impl fmt::Debug for Teamtailor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Teamtailor")
            .field("candidates", &self.candidates.len())
            .field("custom_fields", &self.custom_fields.len())
            .field("values", &self.values.len())
            .field("uploads", &self.uploads.len())
            .finish_non_exhaustive()
    }
}
