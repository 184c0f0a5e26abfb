//! The attributes of Teamtailor's resources.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};

use super::relationships::{Key, Kind};
use crate::{
    seed::CustomFieldKind,
    state::teamtailor::{CustomFieldValue, Stored},
    unknowns::{
        CheckboxReadForm, DateReadForm, MultiSelectReadForm, NumberReadForm, OwnerType, SelectReadForm,
        UploadName,
    },
    world::World,
    written_time,
};

/// How long a new file has no name where the name comes later.
const NAMELESS: SignedDuration = SignedDuration::from_secs(30);

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

/// An attribute, borrowed where it can be.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Shown<'a> {
    Kept(&'a Value),
    Text(&'a str),
    Flag(bool),
    Made(Value),
}

/// Attributes by name.
pub(super) type Attributes<'a> = BTreeMap<&'a str, Shown<'a>>;

const EMPTY: Shown<'_> = Shown::Made(Value::Null);

/// The attributes of a resource; none for one that does not exist.
pub(super) fn attributes<'a>(world: &'a World, (kind, id): &Key) -> Option<Attributes<'a>> {
    use Shown::{Flag, Made, Text};
    let store = &world.teamtailor;
    let written = |time| Made(Value::String(written_time::teamtailor(time)));
    match kind {
        Kind::Candidate => store.candidates.get(id).map(|candidate| {
            let unwritten = [
                ("city", EMPTY),
                ("connected", Flag(false)),
                ("country", EMPTY),
                ("created-at", written(candidate.created)),
                ("email", EMPTY),
                ("facebook-id", EMPTY),
                ("first-name", EMPTY),
                ("internal", Flag(false)),
                ("last-name", EMPTY),
                ("linkedin-uid", EMPTY),
                ("linkedin-url", EMPTY),
                ("original-resume", EMPTY),
                ("phone", EMPTY),
                ("picture", EMPTY),
                ("pitch", EMPTY),
                ("referred", Flag(false)),
                ("referring-site", EMPTY),
                ("referring-url", EMPTY),
                ("restricted-at", EMPTY),
                ("resume", EMPTY),
                ("resume-summary", EMPTY),
                ("resume-updated-at", EMPTY),
                ("sourced", Flag(false)),
                ("tags", Made(Value::Array(Vec::new()))),
                ("unsubscribed", Flag(false)),
                ("updated-at", written(candidate.updated)),
            ];
            with(unwritten, &candidate.attributes)
        }),
        Kind::Company => Some(Attributes::from([
            ("name", Text("Example Company")),
            ("locale", Text("en")),
            ("website", Text("https://www.example.com")),
        ])),
        Kind::CustomField => store.custom_fields.get(id).map(|field| {
            let owner = match (world.teamtailor_unknowns().owner_type, field.of_jobs) {
                (OwnerType::Absent, _) => EMPTY,
                (_, false) => Text("Candidate"),
                (OwnerType::ContainsJob, true) => Text("Job"),
                (OwnerType::Else, true) => Text("Position"),
            };
            Attributes::from([
                ("api-name", Text(&field.api_name)),
                ("created-at", written(field.created)),
                ("field-type", Made(json!(field.kind))),
                ("name", Text(&field.name)),
                ("owner-type", owner),
                ("updated-at", written(field.updated)),
            ])
        }),
        Kind::CustomFieldOption => {
            store.options.get(id).map(|option| Attributes::from([("value", Text(&option.value))]))
        }
        Kind::CustomFieldValue => store.values.get(id).map(|value| {
            let kind = store.custom_fields.get(&value.field).map(|field| field.kind);
            Attributes::from([("field-type", Made(json!(kind))), ("value", Made(read_back(world, value)))])
        }),
        Kind::Job => store.jobs.get(id).map(|job| {
            Attributes::from([
                ("company-name", Text("Example Company")),
                ("currency", Text("SEK")),
                ("employment-level", Text("none")),
                ("employment-type", Text("none")),
                ("internal-name", EMPTY),
                ("max-salary", EMPTY),
                ("min-salary", EMPTY),
                ("salary-time-unit", Text("monthly")),
                ("status", Text("open")),
                ("template-name", EMPTY),
                ("title", Text(&job.title)),
            ])
        }),
        Kind::JobApplication => store.applications.get(id).map(|application| {
            let unwritten = [
                ("changed-stage-at", written(application.seen_in(world.now).since)),
                ("cover-letter", EMPTY),
                ("created-at", written(application.created)),
                ("referring-site", EMPTY),
                ("referring-url", EMPTY),
                ("rejected-at", EMPTY),
                ("sourced", Flag(false)),
                ("updated-at", written(application.updated)),
            ];
            with(unwritten, &application.attributes)
        }),
        Kind::Stage => store.stages.get(id).map(|stage| {
            Attributes::from([
                ("created-at", written(stage.created)),
                ("name", Text(&stage.name)),
                ("updated-at", written(stage.created)),
            ])
        }),
        Kind::Upload => store.uploads.get(id).map(|upload| {
            let is_named = world.teamtailor_unknowns().upload_name != UploadName::Later
                || world.now.duration_since(upload.created) >= NAMELESS;
            Attributes::from([
                ("created-at", written(upload.created)),
                ("file-name", Text(if is_named { &upload.file_name } else { "" })),
                ("internal", Flag(upload.internal)),
                ("url", Made(world.short_lived_address(upload.object).into())),
            ])
        }),
        Kind::User => {
            Some(Attributes::from([("name", Text("Sample Manager")), ("email", Text("manager@example.com"))]))
        }
        Kind::Answer | Kind::Absent => None,
    }
}

/// Written values, over the default ones.
fn with<'a, const N: usize>(
    unwritten: [(&'a str, Shown<'a>); N],
    written: &'a BTreeMap<String, Value>,
) -> Attributes<'a> {
    let mut attributes = Attributes::from(unwritten);
    attributes.extend(written.iter().map(|(name, value)| (name.as_str(), Shown::Kept(value))));
    attributes
}

/// A value as it is read over the API, in the forms that are true here.
fn read_back(world: &World, value: &CustomFieldValue) -> Value {
    let forms = world.teamtailor_unknowns();
    let label = |option: &String| world.teamtailor.label(option);
    match &value.value {
        Stored::Text(text) => text.as_str().into(),
        Stored::Number(number) => match forms.number_read_form {
            NumberReadForm::Number => Value::Number(number.clone()),
            NumberReadForm::Text => number.to_string().into(),
            NumberReadForm::Else => json!({ "amount": number }),
        },
        Stored::Date(date) => match forms.date_read_form {
            DateReadForm::WithTime if date.len() == 10 => written_time::teamtailor_midnight(date).into(),
            DateReadForm::AsWritten | DateReadForm::WithTime => date.as_str().into(),
            // The day first.
            DateReadForm::Else => {
                date.split('T').next().unwrap_or_default().rsplit('-').collect::<Vec<_>>().join("/").into()
            }
        },
        Stored::Checkbox(checked) => match forms.checkbox_read_form {
            CheckboxReadForm::Text => checked.to_string().into(),
            CheckboxReadForm::Boolean => (*checked).into(),
            CheckboxReadForm::Else => u8::from(*checked).into(),
        },
        Stored::Select(option) => match forms.select_read_form {
            SelectReadForm::Label => label(option).into(),
            SelectReadForm::List => json!([label(option)]),
            SelectReadForm::OptionId => option.as_str().into(),
            SelectReadForm::Else => json!({ "label": label(option) }),
        },
        Stored::MultiSelect(options) => match forms.multi_select_read_form {
            MultiSelectReadForm::Labels => options.iter().map(label).collect::<Vec<_>>().into(),
            MultiSelectReadForm::OptionIds => options.clone().into(),
            MultiSelectReadForm::Text => options.iter().map(label).collect::<Vec<_>>().join(", ").into(),
            MultiSelectReadForm::Else => json!({ "labels": options.iter().map(label).collect::<Vec<_>>() }),
        },
    }
}

impl CustomFieldKind {
    pub(crate) fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }
}
