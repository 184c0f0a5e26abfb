//! Job applications: in which stage a candidate is.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    candidates::instant,
    check::{self, Checked},
    document, page,
    refusal::Refusal,
    relationships::{self, Kind, Related},
};
use crate::{incoming::Incoming, state::teamtailor::Place, world::World};

pub(super) fn list_of_candidate(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    let applications = world.teamtailor.applications.iter();
    let applications = applications.filter(|(_, application)| application.candidate == checked.id());
    let keys = applications.map(|(id, _)| (Kind::JobApplication, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}

pub(super) fn list_of_stage(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    check::existing(world, (Kind::Stage, checked.id().to_owned()))?;
    let from = match incoming.query("filter[created-at][from]") {
        None => None,
        Some(text) => Some(
            instant(text)
                .ok_or_else(|| Refusal::parameter("103", "Not a valid value", "filter[created-at][from]"))?,
        ),
    };
    let applications = world.teamtailor.applications.iter().filter(|(_, application)| {
        application.seen_in(world.now).stage == checked.id()
            && from.is_none_or(|from| application.created >= from)
    });
    let keys = applications.map(|(id, _)| (Kind::JobApplication, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}

/// What a to-one relationship of an application leads to.
pub(super) fn related(world: &World, checked: &Checked, name: &str) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::JobApplication, checked.id().to_owned()))?;
    match relationships::related(world, &key, name) {
        Related::One(Some(key)) => Ok(document::one(world, &key, &checked.includes)),
        Related::One(None) | Related::Many(_) => Err(Refusal::not_found(checked.id())),
    }
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::JobApplication, checked.id().to_owned()))?;
    Ok(document::one(world, &key, &checked.includes))
}

/// Moves it to another stage of its own job, rejects it, or changes its other attributes. A move shows as late as the settings say.
pub(super) fn update(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let key = check::existing(world, (Kind::JobApplication, checked.id().to_owned()))?;
    let is_time = |value: &Value| value.as_str().is_none_or(|text| text.parse::<Timestamp>().is_ok());
    if !checked.attributes.get("rejected-at").is_none_or(is_time) {
        return Err(Refusal::invalid("rejected-at", "is invalid"));
    }
    let now = world.now;
    let delay = SignedDuration::try_from(world.settings.stage_delay).unwrap_or(SignedDuration::MAX);
    let Some(application) = world.teamtailor.applications.get_mut(&key.1) else {
        return Err(Refusal::not_found(&key.1));
    };
    if let Some(stage) = checked.relationship("stage") {
        let of_job = world.teamtailor.stages.get(stage).is_some_and(|known| known.job == application.job);
        if !of_job {
            return Err(Refusal::invalid_relationship("stage", "must exist"));
        }
        let seen = application.seen_in(now).clone();
        if application.moved.as_ref().unwrap_or(&seen).stage != stage {
            let since = now.saturating_add(delay).unwrap_or(Timestamp::MAX);
            application.moved = Some(Place { stage: stage.to_owned(), since });
            application.place = seen;
        }
    }
    application.attributes.extend(checked.attributes.clone());
    application.updated = now;
    Ok(document::one(world, &key, &checked.includes))
}
