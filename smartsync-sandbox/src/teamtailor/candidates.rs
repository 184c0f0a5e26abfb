//! Reads and updates candidates.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    check::{self, Checked},
    document, page,
    refusal::Refusal,
    relationships::Kind,
};
use crate::{
    counters::Counted,
    incoming::Incoming,
    state::teamtailor::Candidate,
    unknowns::{EmailFilter, EmailReadForm, OneBadAttribute, TakenWords},
    world::World,
    written_time,
};

/// Longest pitch, in characters.
const MAX_PITCH: usize = 140;

pub(super) fn list(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    version: &str,
) -> Result<Vec<u8>, Refusal> {
    for (name, value) in &incoming.query {
        if (name.ends_with("[from]") || name.ends_with("[to]")) && instant(value).is_none() {
            return Err(Refusal::parameter("103", "Not a valid value", name));
        }
    }
    let candidates = world.teamtailor.candidates.iter();
    let found = candidates.filter(|(_, candidate)| matches(world, incoming, candidate));
    let keys = found.map(|(id, _)| (Kind::Candidate, id.clone())).collect();
    page::by_version(world, incoming, checked, keys, version)
}

/// Whether a candidate matches every filter.
fn matches(world: &World, incoming: &Incoming, candidate: &Candidate) -> bool {
    let mut filters = incoming.query.iter().filter(|(name, _)| name.starts_with("filter["));
    filters.all(|(name, value)| match name.as_str() {
        "filter[email]" => has_address(world, candidate, value),
        "filter[connected]" => *value == candidate.connected().to_string(),
        "filter[created-at][from]" => instant(value).is_some_and(|from| candidate.created >= from),
        "filter[created-at][to]" => instant(value).is_some_and(|to| candidate.created <= to),
        "filter[updated-at][from]" => instant(value).is_some_and(|from| candidate.updated >= from),
        "filter[updated-at][to]" => instant(value).is_some_and(|to| candidate.updated <= to),
        // Departments, roles, locations and regions: no candidate of the sandbox has one.
        _ => false,
    })
}

fn has_address(world: &World, candidate: &Candidate, wanted: &str) -> bool {
    let Some(own) = candidate.text("email").map(str::to_lowercase) else { return false };
    match world.teamtailor_unknowns().email_filter {
        // A filter with a capital letter finds nobody.
        EmailFilter::ExactLower => own == wanted,
        EmailFilter::AnyCase => own == wanted.to_lowercase(),
        EmailFilter::Part => own.contains(&wanted.to_lowercase()),
    }
}

/// A point in time, or a day, which counts from its midnight.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| written_time::teamtailor_midnight(text).parse()).ok()
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    Ok(document::one(world, &key, &checked.includes))
}

/// The address is mandatory unless the candidate is sourced; a second candidate with the same one is refused.
pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let id = world.counters.next_text(Counted::Candidate);
    let sourced = checked.attributes.get("sourced").map(|sourced| ("sourced".to_owned(), sourced.clone()));
    let attributes = sourced.into_iter().collect();
    let blank = Candidate { attributes, created: world.now, updated: world.now };
    world.teamtailor.candidates.insert(id.clone(), blank);
    let mut attributes = checked.attributes.clone();
    attributes.entry("email").or_insert(Value::Null);
    if let Err((attribute, title)) = world.write_candidate(&id, &attributes) {
        world.teamtailor.candidates.remove(&id);
        return Err(Refusal::invalid(&attribute, title));
    }
    Ok(document::one(world, &(Kind::Candidate, id), &checked.includes))
}

/// With values, files and applications. The answer is empty.
pub(super) fn delete(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    world.delete_candidate(checked.id()).map_err(|_| Refusal::not_found(checked.id()))?;
    Ok(Vec::new())
}

/// Changes what is sent and leaves the rest. One bad attribute refuses the whole update.
pub(super) fn update(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    world
        .write_candidate(&key.1, &checked.attributes)
        .map_err(|(attribute, title)| Refusal::invalid(&attribute, title))?;
    Ok(document::one(world, &key, &checked.includes))
}

impl World {
    /// Changes attributes of a candidate that exists; by default none of them if one is not acceptable.
    pub(crate) fn write_candidate(
        &mut self,
        id: &str,
        changes: &Map<String, Value>,
    ) -> Result<(), (String, &'static str)> {
        let (mut written, mut refused) = (Map::new(), None);
        for (name, value) in changes {
            match self.acceptable(id, name, value) {
                Ok(None) => {}
                Ok(Some(value)) => drop(written.insert(name.clone(), value)),
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        if self.teamtailor_unknowns().one_bad_attribute == OneBadAttribute::Whole
            && let Some(refused) = refused
        {
            return Err(refused);
        }
        let now = self.now;
        if let Some(candidate) = self.teamtailor.candidates.get_mut(id) {
            let changed = written.iter().any(|(name, value)| candidate.attributes.get(name) != Some(value));
            candidate.attributes.extend(written);
            if changed {
                candidate.updated = now;
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// What is kept of an attribute; `None`: it has no effect.
    fn acceptable(
        &self,
        id: &str,
        name: &str,
        value: &Value,
    ) -> Result<Option<Value>, (String, &'static str)> {
        match (name, value.as_str()) {
            ("merge" | "set-consent-expiration" | "consent-given-future-jobs", _) => Ok(None),
            ("email", email) => Ok(Some(self.acceptable_email(id, email)?.into())),
            ("pitch", Some(pitch)) if pitch.chars().count() > MAX_PITCH => {
                Err((name.to_owned(), "is too long (maximum is 140 characters)"))
            }
            ("resume" | "picture", Some(url)) if self.fetch(url).is_none() => {
                Err((name.to_owned(), "is invalid"))
            }
            _ => Ok(Some(value.clone())),
        }
    }

    /// What a refusal says of something that is another's, or there already.
    pub(super) fn taken(&self) -> &'static str {
        match self.teamtailor_unknowns().taken_words {
            TakenWords::Taken => "has already been taken",
            TakenWords::Else => "is not available",
        }
    }

    /// The address as it is kept. It is mandatory unless the candidate is sourced, and unique.
    fn acceptable_email(
        &self,
        id: &str,
        email: Option<&str>,
    ) -> Result<Option<String>, (String, &'static str)> {
        let refused = |title| Err(("email".to_owned(), title));
        let Some(typed) = email.filter(|email| !email.is_empty()) else {
            let candidate = self.teamtailor.candidates.get(id);
            let sourced = candidate.and_then(|one| one.attributes.get("sourced")) == Some(&Value::Bool(true));
            return if sourced { Ok(None) } else { refused("can't be blank") };
        };
        let email = typed.to_lowercase();
        if !email.contains('@') || email.contains(char::is_whitespace) {
            return refused("is invalid");
        }
        let others = self.teamtailor.candidates.iter().filter(|(other, _)| *other != id);
        let has = |other: &Candidate| other.text("email").is_some_and(|own| own.to_lowercase() == email);
        if others.into_iter().any(|(_, other)| has(other)) {
            return refused(self.taken());
        }
        Ok(Some(match self.teamtailor_unknowns().email_read_form {
            EmailReadForm::Lower => email,
            EmailReadForm::AsWritten => typed.to_owned(),
        }))
    }
}
