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
    answer::{self, Handled},
    incoming::Incoming,
    json_text,
    world::World,
};

/// Answers one request: token, rate limit, user, route, query and body, then the operation itself.
pub(crate) fn handle(world: &mut World, incoming: &Incoming) -> Handled {
    let found = check::route(incoming);
    let operation = name(found.as_ref());
    let response = match answer(world, incoming, found) {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(world),
    };
    Handled { operation, response }
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
    too_many_requests().into_response(world)
}

fn too_many_requests() -> Refusal {
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again in a few minutes.")
}

fn answer(
    world: &mut World,
    incoming: &Incoming,
    found: Option<(&'static Route, Vec<String>)>,
) -> Result<Response, Refusal> {
    check::token(world, incoming)?;
    if !world.oneflow_limit.take(world.now).allowed {
        return Err(too_many_requests());
    }
    let caller = check::caller(world, incoming)?;
    let (route, arguments) = found.ok_or_else(Refusal::not_found)?;
    let checked = check::request(incoming, route, arguments, caller)?;
    if route.operation == Operation::GetFile && incoming.query("download") == Some("true") {
        return files::download(world, &checked);
    }
    let text = perform(world, route.operation, incoming, &checked)?;
    Ok(answer::bytes(StatusCode::OK, "application/json", Body::from(text)))
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
