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
use smartsync_transport::Response;

pub(crate) use self::render::read_back;
use self::{
    check::Checked,
    document::MEDIA_TYPE,
    refusal::Refusal,
    relationships::Kind,
    table::{Operation, Route},
};
use crate::{
    answer::{self, Handled},
    incoming::Incoming,
    world::World,
};

/// Answers one request: rate limit, credentials, route, query and body, then the operation itself.
pub(crate) fn handle(world: &mut World, incoming: &Incoming) -> Handled {
    let found = check::route(incoming);
    let operation = found.as_ref().map_or("unknown", |(route, _)| route.name);
    let taken = world.teamtailor_limit.take(world.now);
    let result = if taken.allowed {
        answer(world, incoming, found)
    } else {
        let detail = "Too many requests in the period.";
        Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "429", "Rate limit exceeded", detail))
    };
    let mut response = result.unwrap_or_else(Refusal::into_response);
    answer::set_header(&mut response, "x-rate-limit-limit", &taken.limit.to_string());
    answer::set_header(&mut response, "x-rate-limit-remaining", &taken.remaining.to_string());
    answer::set_header(&mut response, "x-rate-limit-reset", &taken.reset_seconds.to_string());
    Handled { operation, response }
}

fn answer(
    world: &mut World,
    incoming: &Incoming,
    found: Option<(&'static Route, Vec<String>)>,
) -> Result<Response, Refusal> {
    let version = check::credentials(world, incoming)?;
    let (route, arguments) = found
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "404", "Not Found", "There is no such route."))?;
    let checked = check::request(incoming, route, arguments)?;
    let document = perform(world, route.operation, incoming, &checked, version)?;
    let created = matches!(route.operation, Operation::CreateValue | Operation::CreateUpload);
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = answer::json(status, MEDIA_TYPE, &document);
    answer::set_header(&mut response, "x-api-version", version);
    Ok(response)
}

fn perform(
    world: &mut World,
    operation: Operation,
    incoming: &Incoming,
    checked: &Checked,
    version: &str,
) -> Result<Value, Refusal> {
    match operation {
        Operation::ListCandidates => candidates::list(world, incoming, checked, version),
        Operation::GetCandidate => candidates::get(world, checked),
        Operation::UpdateCandidate => candidates::update(world, checked),
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
