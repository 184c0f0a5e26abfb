//! The stand-in for Teamtailor.

mod applications;
mod candidates;
mod check;
mod custom_fields;
mod document;
mod page;
mod refusal;
mod relationships;
mod render;
mod table;
mod uploads;
mod values;

use http::StatusCode;
use serde_json::Value;
use smartsync_transport::{Body, Response};

pub(crate) use self::document::MEDIA_TYPE;
use self::{
    check::Checked,
    refusal::Refusal,
    relationships::Kind,
    table::{Operation, Route},
};
use crate::{
    answer::{self, Handled, limit_headers},
    incoming::Incoming,
    json_text,
    rate_limit::Taken,
    unknowns::{ApiVersion, ListsWithValues, RetryAfter, TeamtailorRateHeaders, WriteAnswer},
    world::World,
};

/// Seconds in which the limit counts.
const PERIOD: i64 = 10;

/// Answers one request: rate limit, credentials, route, query and body, then the operation itself.
pub(crate) fn handle(world: &mut World, incoming: &Incoming) -> Handled {
    let found = check::route(incoming);
    let operation = name(found.as_ref());
    let taken = world.teamtailor_limit.take(world.now);
    let result = if taken.allowed { answer(world, incoming, found) } else { Err(too_many_requests()) };
    let response = result.unwrap_or_else(Refusal::into_response);
    Handled { operation, response: with_limit(world, response, taken) }
}

/// What a request is for, whatever its credentials.
pub(crate) fn operation(incoming: &Incoming) -> &'static str {
    name(check::route(incoming).as_ref())
}

fn name(found: Option<&(&'static Route, Vec<String>)>) -> &'static str {
    found.map_or("unknown", |(route, _)| route.name)
}

/// The names of all operations.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    table::ROUTES.iter().map(|route| route.name)
}

/// The answer to a request that is too much.
pub(crate) fn over_the_limit(world: &World) -> Response {
    with_limit(world, too_many_requests().into_response(), world.teamtailor_limit.used_up(world.now))
}

fn too_many_requests() -> Refusal {
    let detail = "Too many requests in the period.";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "429", "Rate limit exceeded", detail)
}

fn with_limit(world: &World, mut response: Response, mut taken: Taken) -> Response {
    match world.teamtailor_unknowns().rate_headers {
        TeamtailorRateHeaders::Live => limit_headers(&mut response, taken),
        TeamtailorRateHeaders::Fixed => {
            (taken.remaining, taken.reset_seconds) = (taken.limit, PERIOD);
            limit_headers(&mut response, taken);
        }
        TeamtailorRateHeaders::Absent => {}
    }
    if !taken.allowed && world.teamtailor_unknowns().retry_after == RetryAfter::Sent {
        answer::set_header(&mut response, "retry-after", &taken.reset_seconds.to_string());
    }
    response
}

fn answer(
    world: &mut World,
    incoming: &Incoming,
    found: Option<(&'static Route, Vec<String>)>,
) -> Result<Response, Refusal> {
    let version = check::credentials(world, incoming)?;
    let (route, arguments) = found
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "404", "Not Found", "There is no such route."))?;
    let checked = check::request(world, incoming, route, arguments)?;
    let with_values =
        route.operation == Operation::ListCandidates && checked.includes.has("custom-field-values");
    if with_values && world.teamtailor_unknowns().lists_with_values == ListsWithValues::Error {
        return Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR));
    }
    if let Some(location) = check::merged(world, route, &checked) {
        return Err(Refusal::moved(location));
    }
    let shown = write_answer(world, route.operation);
    let before = (shown == WriteAnswer::Earlier).then(|| as_before(world, route, &checked)).flatten();
    let document = perform(world, route.operation, incoming, &checked, version)?;
    let document = match shown {
        WriteAnswer::Shown => document,
        WriteAnswer::Earlier => before.unwrap_or_else(|| without_value(&document)),
        WriteAnswer::Empty => Vec::new(),
    };
    let creates = [Operation::CreateCandidate, Operation::CreateValue, Operation::CreateUpload];
    let mut response = if route.operation == Operation::DeleteCandidate {
        answer::empty(StatusCode::NO_CONTENT)
    } else {
        let created = creates.contains(&route.operation);
        let status = if created { StatusCode::CREATED } else { StatusCode::OK };
        answer::bytes(status, MEDIA_TYPE, Body::from(document))
    };
    let differs = world.teamtailor_unknowns().api_version == ApiVersion::Differs;
    let version = if differs { check::LATER_VERSION } else { version };
    answer::set_header(&mut response, "x-api-version", version);
    Ok(response)
}

/// What the answer to a write of fields shows; that to everything else is whole.
fn write_answer(world: &World, operation: Operation) -> WriteAnswer {
    let is_of_fields =
        matches!(operation, Operation::CreateValue | Operation::UpdateValue | Operation::UpdateCandidate);
    if is_of_fields { world.teamtailor_unknowns().write_answer } else { WriteAnswer::Shown }
}

/// What an update is about, as it was. There is nothing before a create.
fn as_before(world: &World, route: &Route, checked: &Checked) -> Option<Vec<u8>> {
    let updated =
        [(Operation::UpdateCandidate, Kind::Candidate), (Operation::UpdateValue, Kind::CustomFieldValue)];
    let (_, kind) = updated.into_iter().find(|(operation, _)| *operation == route.operation)?;
    let key = check::existing(world, (kind, checked.id().to_owned())).ok()?;
    Some(document::one(world, &key, &checked.includes))
}

fn without_value(document: &[u8]) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(document).unwrap_or_default();
    document["data"]["attributes"]["value"] = Value::Null;
    json_text::value(&document)
}

fn perform(
    world: &mut World,
    operation: Operation,
    incoming: &Incoming,
    checked: &Checked,
    version: &str,
) -> Result<Vec<u8>, Refusal> {
    match operation {
        Operation::ListCandidates => candidates::list(world, incoming, checked, version),
        Operation::CreateCandidate => candidates::create(world, checked),
        Operation::GetCandidate => candidates::get(world, checked),
        Operation::UpdateCandidate => candidates::update(world, checked),
        Operation::DeleteCandidate => candidates::delete(world, checked),
        Operation::ListCandidateUploads => uploads::list_of_candidate(world, incoming, checked),
        Operation::ListCandidateValues => values::list_of_candidate(world, incoming, checked),
        Operation::ListCandidateApplications => applications::list_of_candidate(world, incoming, checked),
        Operation::ListCustomFields => custom_fields::list(world, incoming, checked, version),
        Operation::ListOptions => custom_fields::list_options(world, incoming, checked),
        Operation::CreateValue => values::create(world, checked),
        Operation::GetValue => values::get(world, checked),
        Operation::UpdateValue => values::update(world, checked),
        Operation::ListUploads => uploads::list(world, incoming, checked),
        Operation::CreateUpload => uploads::create(world, checked),
        Operation::GetCompany => {
            let key = (Kind::Company, world.settings.company.clone());
            Ok(document::one(world, &key, &checked.includes))
        }
        Operation::GetApplication => applications::get(world, checked),
        Operation::UpdateApplication => applications::update(world, checked),
        Operation::GetApplicationJob => applications::related(world, checked, "job"),
        Operation::GetApplicationStage => applications::related(world, checked, "stage"),
        Operation::ListStageApplications => applications::list_of_stage(world, incoming, checked),
    }
}
