//! The stand-in for Oneflow.

mod check;
mod contracts;
mod copy_template;
mod create;
mod data_fields;
mod directory;
mod events;
mod files;
mod happening;
mod new_contract;
mod page;
mod refusal;
mod render;
mod table;
mod templates;
mod webhooks;

use http::StatusCode;
use serde_json::Value;
use smartsync_transport::{Body, Response};

use self::{
    check::Checked,
    refusal::Refusal,
    table::{Operation, Route},
};
pub(crate) use self::{
    happening::Happening,
    new_contract::{NewContract, NewDataField, NewParticipant, NewParty},
    table::MAX_VALUE,
};
use crate::{
    answer::{self, Handled, limit_headers},
    incoming::Incoming,
    json_text,
    rate_limit::Taken,
    unknowns::{OneflowRateHeaders, SuccessStatuses, TrailingSlash},
    world::World,
};

/// Answers one request: token, rate limit, user, route, query and body, then the operation itself.
pub(crate) fn handle(world: &mut World, incoming: &Incoming) -> Handled {
    let found = check::route(incoming);
    let operation = name(found.as_ref());
    let mut taken = None;
    let response = match answer(world, incoming, found, &mut taken) {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(world),
    };
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
pub(crate) fn over_the_limit(world: &mut World) -> Response {
    let response = too_many_requests().into_response(world);
    let taken = world.oneflow_limit.used_up(world.now);
    with_limit(world, response, Some(taken))
}

/// What headers say of the limit, of which nothing is documented. `None`: the request was not counted.
fn with_limit(world: &World, mut response: Response, taken: Option<Taken>) -> Response {
    let Some(taken) = taken else { return response };
    match world.oneflow_unknowns().rate_headers {
        OneflowRateHeaders::Every => limit_headers(&mut response, taken),
        OneflowRateHeaders::Refusals if !taken.allowed => {
            answer::set_header(&mut response, "retry-after", &taken.reset_seconds.to_string());
        }
        OneflowRateHeaders::None | OneflowRateHeaders::Refusals => {}
    }
    response
}

fn too_many_requests() -> Refusal {
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again in a few minutes.")
}

fn answer(
    world: &mut World,
    incoming: &Incoming,
    found: Option<(&'static Route, Vec<String>)>,
    counted: &mut Option<Taken>,
) -> Result<Response, Refusal> {
    check::token(world, incoming)?;
    let taken = world.oneflow_limit.take(world.now);
    *counted = Some(taken);
    if !taken.allowed {
        return Err(too_many_requests());
    }
    let caller = check::caller(world, incoming)?;
    let (route, arguments) = found.ok_or_else(Refusal::not_found)?;
    let checked = check::request(world, incoming, route, arguments, caller)?;
    if route.operation == Operation::GetFile && incoming.query("download") == Some("true") {
        return files::download(world, &checked);
    }
    if route.operation == Operation::ListFiles && !incoming.path.ends_with('/') {
        match world.oneflow_unknowns().trailing_slash {
            TrailingSlash::Same => {}
            TrailingSlash::Redirect => return Ok(files::with_slash(world, incoming)),
            TrailingSlash::Refused => return Err(Refusal::not_found()),
        }
    }
    let text = perform(world, route.operation, incoming, &checked)?;
    let status = match (world.oneflow_unknowns().success_statuses, route.operation) {
        (SuccessStatuses::Else, Operation::CreateContract | Operation::CreateWebhook) => StatusCode::CREATED,
        (SuccessStatuses::Else, Operation::DeleteWebhook) => {
            return Ok(answer::empty(StatusCode::NO_CONTENT));
        }
        _ => StatusCode::OK,
    };
    Ok(answer::bytes(status, "application/json", Body::from(text)))
}

fn perform(
    world: &mut World,
    operation: Operation,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    let value: Value = match operation {
        Operation::ListContracts => return contracts::list(world, incoming),
        Operation::CreateContract => return create::create(world, checked),
        Operation::GetContract => return contracts::get(world, checked),
        Operation::DeleteContract => contracts::delete(world, checked),
        Operation::PublishContract => return contracts::publish(world, checked),
        Operation::Ping => Ok(Value::Object(serde_json::Map::new())),
        Operation::GetAccount => Ok(directory::account(world)),
        Operation::ListUsers => directory::users(world, incoming),
        Operation::ListWorkspaces => directory::workspaces(world, incoming),
        Operation::ListDataFields => data_fields::list(world, incoming, checked),
        Operation::UpdateDataFields => data_fields::update_many(world, checked),
        Operation::UpdateDataField => data_fields::update_one(world, checked),
        Operation::ListEvents => events::list(world, incoming, checked),
        Operation::GetEvent => events::get(world, checked),
        Operation::ListFiles => files::list(world, incoming, checked),
        Operation::GetFile => files::get(world, checked),
        Operation::ListTemplates => templates::list(world, incoming),
        Operation::GetTemplate => templates::get(world, checked),
        Operation::ListTemplateTypes => templates::list_types(world, incoming),
        Operation::GetTemplateType => templates::get_type(world, checked),
        Operation::ListWebhooks => webhooks::list(world, incoming),
        Operation::CreateWebhook => webhooks::create(world, checked),
        Operation::GetWebhook => webhooks::get(world, checked),
        Operation::UpdateWebhook => webhooks::update(world, checked),
        Operation::DeleteWebhook => webhooks::delete(world, checked),
    }?;
    Ok(json_text::value(&value))
}
