//! Custom field values: what may be written, and what is stored of it.

use jiff::{Timestamp, civil::Date};
use serde_json::{Number, Value};
use url::Url;

use super::{
    check::{self, Checked},
    document, page,
    refusal::Refusal,
    relationships::{self, Key, Kind},
};
use crate::{
    counters::Counted,
    incoming::Incoming,
    json_text,
    seed::CustomFieldKind,
    state::teamtailor::{CustomFieldOption, CustomFieldValue, Stored},
    unknowns::{NumberWrittenForm, SelectWriteForm, ValuePostedTwice, ValuesMoveUpdatedAt},
    world::World,
};

pub(super) fn list_of_candidate(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    let values = world.teamtailor.values.iter().filter(|(_, value)| value.candidate == checked.id());
    let keys = values.map(|(id, _)| (Kind::CustomFieldValue, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::CustomFieldValue, checked.id().to_owned()))?;
    Ok(document::one(world, &key, &checked.includes))
}

/// One value per field and candidate: a second one is refused.
pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let field = checked.relationship("custom-field").unwrap_or_default();
    let candidate = checked.relationship("owner").unwrap_or_default();
    if !world.teamtailor.custom_fields.contains_key(field) {
        return Err(Refusal::invalid_relationship("custom-field", "must exist"));
    }
    let is_of_jobs = world.teamtailor.custom_fields.get(field).is_some_and(|field| field.of_jobs);
    if is_of_jobs || !world.teamtailor.candidates.contains_key(candidate) {
        return Err(Refusal::invalid_relationship("owner", "must exist"));
    }
    let kept = world.teamtailor.value_of(candidate, field).cloned();
    let posted_twice = world.teamtailor_unknowns().value_posted_twice;
    if kept.is_some() && posted_twice == ValuePostedTwice::Refused {
        return Err(Refusal::invalid_relationship("custom-field", world.taken()));
    }
    let (field, candidate) = (field.to_owned(), candidate.to_owned());
    let value = read(world, &field, checked)?.ok_or_else(blank)?;
    let written_over = kept.filter(|_| posted_twice == ValuePostedTwice::Overwritten);
    let id = written_over.unwrap_or_else(|| world.counters.next_text(Counted::CustomFieldValue));
    let key = (Kind::CustomFieldValue, id);
    world.value_has_changed(&candidate);
    world.teamtailor.values.insert(key.1.clone(), CustomFieldValue { field, candidate, value });
    Ok(document::one(world, &key, &checked.includes))
}

pub(super) fn update(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key: Key = (Kind::CustomFieldValue, checked.id().to_owned());
    let found = world.teamtailor.values.get(&key.1).filter(|_| !relationships::is_hidden(world, &key));
    let Some(kept) = found else {
        return Err(Refusal::not_found(&key.1));
    };
    for (name, id) in [("custom-field", &kept.field), ("owner", &kept.candidate)] {
        if checked.relationship(name).is_some_and(|given| given != id) {
            return Err(Refusal::invalid_relationship(name, "can't be changed"));
        }
    }
    let (field, candidate) = (kept.field.clone(), kept.candidate.clone());
    match read(world, &field, checked)? {
        Some(value) => {
            if let Some(kept) = world.teamtailor.values.get_mut(&key.1) {
                kept.value = value;
            }
            world.value_has_changed(&candidate);
            Ok(document::one(world, &key, &checked.includes))
        }
        None if world.settings.null_clears => {
            // A field without a value has no value resource: this answer is the last that shows it.
            let last = document::one(world, &key, &checked.includes);
            let mut last: Value = serde_json::from_slice(&last).unwrap_or_default();
            last["data"]["attributes"]["value"] = Value::Null;
            world.teamtailor.values.remove(&key.1);
            world.value_has_changed(&candidate);
            Ok(json_text::value(&last))
        }
        None => Err(blank()),
    }
}

fn blank() -> Refusal {
    Refusal::invalid("value", "can't be blank")
}

/// The written value, or `None` if it says that the field is empty.
fn read(world: &World, field: &str, checked: &Checked) -> Result<Option<Stored>, Refusal> {
    let value = checked.attributes.get("value").unwrap_or(&Value::Null);
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    if empty {
        return Ok(None);
    }
    let stored =
        world.teamtailor.custom_fields.get(field).and_then(|known| stored(world, field, known.kind, value));
    stored.map(Some).ok_or_else(|| Refusal::invalid("value", "is invalid"))
}

/// What is stored of a written value, if it is valid for the field. Options are written as ids, never as labels.
fn stored(world: &World, field: &str, kind: CustomFieldKind, value: &Value) -> Option<Stored> {
    let option = |value: &Value| {
        let id = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        world.teamtailor.options.get(&id).is_some_and(|option| option.field == field).then_some(id)
    };
    match kind {
        CustomFieldKind::Text | CustomFieldKind::Phone => {
            value.as_str().map(|text| Stored::Text(text.to_owned()))
        }
        CustomFieldKind::Email => {
            let text =
                value.as_str().filter(|text| text.contains('@') && !text.contains(char::is_whitespace))?;
            Some(Stored::Text(text.to_owned()))
        }
        CustomFieldKind::Url => {
            let text = value.as_str()?;
            let url = Url::parse(text).ok()?;
            matches!(url.scheme(), "http" | "https").then(|| Stored::Text(text.to_owned()))
        }
        CustomFieldKind::Number => match value {
            Value::Number(number) => match world.teamtailor_unknowns().number_written_form {
                NumberWrittenForm::Kept => Some(Stored::Number(number.clone())),
                NumberWrittenForm::Rounded => whole(number).map(Stored::Number),
                NumberWrittenForm::Refused => None,
            },
            Value::String(text) => text.parse().ok().map(Stored::Number),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        },
        CustomFieldKind::Date => {
            let text = value.as_str()?;
            let is_date =
                text.len() == 10 && text.parse::<Date>().is_ok() || text.parse::<Timestamp>().is_ok();
            is_date.then(|| Stored::Date(text.to_owned()))
        }
        CustomFieldKind::Checkbox => value.as_bool().map(Stored::Checkbox),
        CustomFieldKind::Select => {
            let listed = value.as_array().filter(|items| items.len() == 1).map(|items| &items[0]);
            let labelled = || {
                let mut options = world.teamtailor.options.iter();
                let has = |(_, one): &(&String, &CustomFieldOption)| {
                    one.field == field && Some(one.value.as_str()) == value.as_str()
                };
                options.find(|one| has(one)).map(|(id, _)| id.clone())
            };
            let chosen = match world.teamtailor_unknowns().select_write_form {
                SelectWriteForm::OptionId => option(value),
                SelectWriteForm::List => option(listed?),
                SelectWriteForm::Label => labelled(),
                SelectWriteForm::Several => option(listed.unwrap_or(value)),
            };
            chosen.map(Stored::Select)
        }
        CustomFieldKind::MultiSelect => {
            value.as_array()?.iter().map(option).collect::<Option<_>>().map(Stored::MultiSelect)
        }
    }
}

/// A number without its decimals.
fn whole(number: &Number) -> Option<Number> {
    number.to_string().split('.').next()?.parse().ok()
}

impl World {
    /// Where a value that changes moves its candidate's time.
    pub(crate) fn value_has_changed(&mut self, candidate: &str) {
        let (moves, now) = (self.teamtailor_unknowns().values_move_updated_at, self.now);
        if moves == ValuesMoveUpdatedAt::Moves
            && let Some(candidate) = self.teamtailor.candidates.get_mut(candidate)
        {
            candidate.updated = now;
        }
    }

    /// A value as a recruiter enters it: labels in place of option ids, several separated by `, `. `None` if it is
    /// not valid for the field.
    pub(crate) fn entered(&self, field: &str, text: &str) -> Option<Stored> {
        let kind = self.teamtailor.custom_fields.get(field)?.kind;
        let option = |label: &str| {
            let mut options = self.teamtailor.options.iter();
            let found = options.find(|(_, option)| option.field == field && option.value == label);
            found.map(|(id, _)| Value::String(id.clone()))
        };
        let value = match kind {
            CustomFieldKind::Checkbox => Value::Bool(text.parse().ok()?),
            // In whichever form the API takes it.
            CustomFieldKind::Select => return Some(Stored::Select(option(text)?.as_str()?.to_owned())),
            CustomFieldKind::MultiSelect => {
                Value::Array(text.split(", ").map(option).collect::<Option<_>>()?)
            }
            CustomFieldKind::Text
            | CustomFieldKind::Email
            | CustomFieldKind::Url
            | CustomFieldKind::Phone
            | CustomFieldKind::Date
            | CustomFieldKind::Number => Value::String(text.to_owned()),
        };
        stored(self, field, kind, &value)
    }
}
