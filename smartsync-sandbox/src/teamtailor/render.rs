//! The attributes of Teamtailor's resources.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::relationships::{Key, Kind};
use crate::{
    seed::CustomFieldKind,
    state::teamtailor::{CustomFieldValue, Stored},
    world::World,
    written_time,
};

/// The JSON:API type of a resource.
pub(super) fn type_name(world: &World, (kind, id): &Key) -> &'static str {
    match kind {
        Kind::Candidate => "candidates",
        Kind::Company => "companies",
        Kind::CustomField => {
            let known = world.teamtailor.custom_fields.get(id);
            if known.is_some_and(|field| field.kind.has_options()) {
                "custom-field-selects"
            } else {
                "custom-fields"
            }
        }
        Kind::CustomFieldOption => "custom-field-options",
        Kind::CustomFieldValue => "custom-field-values",
        Kind::Job => "jobs",
        Kind::JobApplication => "job-applications",
        Kind::Stage => "stages",
        Kind::Upload => "uploads",
        Kind::User => "users",
        Kind::Answer => "answers",
        Kind::Absent => "",
    }
}

pub(super) fn exists(world: &World, (kind, id): &Key) -> bool {
    let store = &world.teamtailor;
    match kind {
        Kind::Candidate => store.candidates.contains_key(id),
        Kind::Company => *id == world.settings.company,
        Kind::CustomField => store.custom_fields.contains_key(id),
        Kind::CustomFieldOption => store.options.contains_key(id),
        Kind::CustomFieldValue => store.values.contains_key(id),
        Kind::Job => store.jobs.contains_key(id),
        Kind::JobApplication => store.applications.contains_key(id),
        Kind::Stage => store.stages.contains_key(id),
        Kind::Upload => store.uploads.contains_key(id),
        Kind::User => *id == store.manager,
        Kind::Answer | Kind::Absent => false,
    }
}

/// The attributes of a resource that exists; null for one that does not.
pub(super) fn attributes(world: &World, (kind, id): &Key) -> Value {
    let store = &world.teamtailor;
    let written = written_time::teamtailor;
    let attributes = match kind {
        Kind::Candidate => store.candidates.get(id).map(|candidate| {
            let unwritten = json!({
                "city": null,
                "connected": false,
                "country": null,
                "created-at": written(candidate.created),
                "email": null,
                "facebook-id": null,
                "first-name": null,
                "internal": false,
                "last-name": null,
                "linkedin-uid": null,
                "linkedin-url": null,
                "original-resume": null,
                "phone": null,
                "picture": null,
                "pitch": null,
                "referred": false,
                "referring-site": null,
                "referring-url": null,
                "restricted-at": null,
                "resume": null,
                "resume-summary": null,
                "resume-updated-at": null,
                "sourced": false,
                "tags": [],
                "unsubscribed": false,
                "updated-at": written(candidate.updated),
            });
            with(unwritten, &candidate.attributes)
        }),
        Kind::Company => {
            Some(json!({ "name": "Example Company", "locale": "en", "website": "https://www.example.com" }))
        }
        Kind::CustomField => store.custom_fields.get(id).map(|field| {
            json!({
                "api-name": field.api_name,
                "created-at": written(field.created),
                "field-type": field.kind,
                "name": field.name,
                "owner-type": "Candidate",
                "updated-at": written(field.updated),
            })
        }),
        Kind::CustomFieldOption => store.options.get(id).map(|option| json!({ "value": option.value })),
        Kind::CustomFieldValue => store.values.get(id).map(|value| {
            let kind = store.custom_fields.get(&value.field).map(|field| field.kind);
            json!({ "field-type": kind, "value": read_back(world, value) })
        }),
        Kind::Job => store.jobs.get(id).map(|job| {
            json!({
                "company-name": "Example Company",
                "currency": "SEK",
                "employment-level": "none",
                "employment-type": "none",
                "internal-name": null,
                "max-salary": null,
                "min-salary": null,
                "salary-time-unit": "monthly",
                "status": "open",
                "template-name": null,
                "title": job.title,
            })
        }),
        Kind::JobApplication => store.applications.get(id).map(|application| {
            let unwritten = json!({
                "changed-stage-at": written(application.seen_in(world.now).since),
                "cover-letter": null,
                "created-at": written(application.created),
                "referring-site": null,
                "referring-url": null,
                "rejected-at": null,
                "sourced": false,
                "updated-at": written(application.updated),
            });
            with(unwritten, &application.attributes)
        }),
        Kind::Stage => store.stages.get(id).map(|stage| {
            json!({ "created-at": written(stage.created), "name": stage.name, "updated-at": written(stage.created) })
        }),
        Kind::Upload => store.uploads.get(id).map(|upload| {
            json!({
                "created-at": written(upload.created),
                "file-name": upload.file_name,
                "internal": upload.internal,
                "url": world.short_lived_address(upload.object),
            })
        }),
        Kind::User => Some(json!({ "name": "Sample Manager", "email": "manager@example.com" })),
        Kind::Answer | Kind::Absent => None,
    };
    attributes.unwrap_or(Value::Null)
}

/// Written values, over the default ones.
fn with(mut attributes: Value, written: &BTreeMap<String, Value>) -> Value {
    for (name, value) in written {
        attributes[name] = value.clone();
    }
    attributes
}

/// A value as it is read: labels for options, text for checkboxes, and otherwise as the settings say.
pub(crate) fn read_back(world: &World, value: &CustomFieldValue) -> Value {
    let forms = world.settings.read_back;
    match &value.value {
        Stored::Text(text) => text.as_str().into(),
        Stored::Number(number) if forms.number_as_text => number.to_string().into(),
        Stored::Number(number) => Value::Number(number.clone()),
        Stored::Date(date) if forms.date_with_time && date.len() == 10 => {
            written_time::teamtailor_midnight(date).into()
        }
        Stored::Date(date) => date.as_str().into(),
        Stored::Checkbox(checked) => checked.to_string().into(),
        Stored::Select(option) if forms.select_as_list => json!([world.teamtailor.label(option)]),
        Stored::Select(option) => world.teamtailor.label(option).into(),
        Stored::MultiSelect(options) => {
            options.iter().map(|option| world.teamtailor.label(option)).collect::<Vec<_>>().into()
        }
    }
}

impl CustomFieldKind {
    pub(crate) fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }
}
