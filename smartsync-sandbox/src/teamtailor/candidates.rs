//! Reads and updates candidates.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    check::{self, Checked},
    document,
    model::Candidate,
    page,
    refusal::Refusal,
    relationships::Kind,
};
use crate::{incoming::Incoming, world::World};

/// Longest pitch, in characters.
const MAX_PITCH: usize = 140;

/// Since this version candidates and custom fields are paged by cursor.
pub(super) const CURSOR_VERSION: &str = "20240904";

pub(super) fn list(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    version: &str,
) -> Result<Value, Refusal> {
    let mut keys = Vec::new();
    for (id, candidate) in &world.teamtailor.candidates {
        if matches(incoming, candidate)? {
            keys.push((Kind::Candidate, id.clone()));
        }
    }
    if version >= CURSOR_VERSION {
        page::by_cursor(world, incoming, checked, keys)
    } else {
        page::by_number(world, incoming, checked, keys)
    }
}

fn matches(incoming: &Incoming, candidate: &Candidate) -> Result<bool, Refusal> {
    for (name, value) in incoming.query.iter().filter(|(name, _)| name.starts_with("filter[")) {
        let instant =
            || value.parse::<Timestamp>().map_err(|_| Refusal::parameter("103", "Not a valid value", name));
        let holds = match name.as_str() {
            // Exact, and stored in lower case: a filter with a capital letter finds nobody.
            "filter[email]" => candidate.text("email") == Some(value),
            "filter[connected]" => value == "false",
            "filter[created-at][from]" => candidate.created >= instant()?,
            "filter[created-at][to]" => candidate.created <= instant()?,
            "filter[updated-at][from]" => candidate.updated >= instant()?,
            "filter[updated-at][to]" => candidate.updated <= instant()?,
            // Departments, roles, locations and regions: no candidate of the sandbox has one.
            _ => false,
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    let key = check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    Ok(document::one(world, &key, &checked.includes))
}

/// Changes what is sent and leaves the rest. One bad attribute refuses the whole update.
pub(super) fn update(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let key = check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    world
        .write_candidate(&key.1, &checked.attributes)
        .map_err(|(attribute, title)| Refusal::invalid(&attribute, title))?;
    Ok(document::one(world, &key, &checked.includes))
}

impl World {
    /// Changes attributes of a candidate that exists, or none of them if one is not acceptable.
    pub(crate) fn write_candidate(
        &mut self,
        id: &str,
        changes: &Map<String, Value>,
    ) -> Result<(), (String, &'static str)> {
        let mut written = Map::new();
        for (name, value) in changes {
            let mut value = value.clone();
            match (name.as_str(), value.as_str()) {
                ("merge" | "set-consent-expiration" | "consent-given-future-jobs", _) => continue,
                ("email", email) => value = self.acceptable_email(id, email)?.into(),
                ("pitch", Some(pitch)) if pitch.chars().count() > MAX_PITCH => {
                    return Err((name.clone(), "is too long (maximum is 140 characters)"));
                }
                ("resume" | "picture", Some(url)) if self.fetch(url).is_none() => {
                    return Err((name.clone(), "is invalid"));
                }
                _ => {}
            }
            written.insert(name.clone(), value);
        }
        let now = self.now;
        if let Some(candidate) = self.teamtailor.candidates.get_mut(id) {
            let changed = written.iter().any(|(name, value)| candidate.attributes.get(name) != Some(value));
            candidate.attributes.extend(written);
            if changed {
                candidate.updated = now;
            }
        }
        Ok(())
    }

    /// The address in lower case. It is mandatory unless the candidate is sourced, and unique.
    fn acceptable_email(
        &self,
        id: &str,
        email: Option<&str>,
    ) -> Result<Option<String>, (String, &'static str)> {
        let refused = |title| Err(("email".to_owned(), title));
        let Some(email) = email.filter(|email| !email.is_empty()).map(str::to_lowercase) else {
            let candidate = self.teamtailor.candidates.get(id);
            let sourced = candidate.and_then(|one| one.attributes.get("sourced")) == Some(&Value::Bool(true));
            return if sourced { Ok(None) } else { refused("can't be blank") };
        };
        if !email.contains('@') || email.contains(char::is_whitespace) {
            return refused("is invalid");
        }
        let others = self.teamtailor.candidates.iter().filter(|(other, _)| *other != id);
        if others.into_iter().any(|(_, other)| other.text("email") == Some(&email)) {
            return refused("has already been taken");
        }
        Ok(Some(email))
    }
}
