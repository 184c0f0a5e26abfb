//! What is checked before an operation runs.

use http::StatusCode;
use serde_json::Value;

use super::{
    refusal::Refusal,
    table::{Operation, ROUTES, Route, User},
};
use crate::{incoming::Incoming, route, unknowns::WorkspaceFilters, world::World};

/// Who the request is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// No user is named: an anonymous administrator.
    Anonymous,
    /// The creator of the contract (`__CREATOR__`).
    Creator,
    /// A registered user, by id.
    User(i64),
}

/// A request that has passed every check of the tables.
pub(super) struct Checked {
    pub(super) caller: Caller,
    arguments: Vec<String>,
    pub(super) body: Value,
}

impl Checked {
    /// A path argument.
    pub(super) fn argument(&self, position: usize) -> &str {
        self.arguments.get(position).map(String::as_str).unwrap_or_default()
    }

    /// A path argument that is a numeric id.
    pub(super) fn id(&self, position: usize) -> Result<i64, Refusal> {
        self.argument(position).parse().map_err(|_| Refusal::not_found())
    }
}

/// The route of a request, whatever its credentials. A trailing slash makes no difference.
pub(super) fn route(incoming: &Incoming) -> Option<(&'static Route, Vec<String>)> {
    let segments = match &incoming.segments[..] {
        [version, rest @ .., last] if version == "v1" && last.is_empty() => rest,
        [version, rest @ ..] if version == "v1" => rest,
        _ => return None,
    };
    ROUTES
        .iter()
        .filter(|route| route.method == incoming.method)
        .find_map(|route| Some((route, route::arguments(route.path, segments)?)))
}

/// The token, whose requests are counted.
pub(super) fn token(world: &World, incoming: &Incoming) -> Result<(), Refusal> {
    let token = incoming.header("x-oneflow-api-token").unwrap_or_default();
    let well_formed =
        token.len() == 40 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !well_formed || token != world.settings.oneflow_token {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "The API token is missing or invalid."));
    }
    Ok(())
}

/// The user that the request names, if any.
pub(super) fn caller(world: &World, incoming: &Incoming) -> Result<Caller, Refusal> {
    match incoming.header("x-oneflow-user-email") {
        None => Ok(Caller::Anonymous),
        Some("__CREATOR__") => Ok(Caller::Creator),
        Some(email) => world
            .oneflow
            .users
            .values()
            .find(|user| user.email.eq_ignore_ascii_case(email))
            .map(|user| Caller::User(user.id))
            .ok_or_else(|| {
                Refusal::new(StatusCode::UNAUTHORIZED, "The user e-mail is not that of a registered user.")
            }),
    }
}

/// A parameter that is only reported, in a world that does not refuse it.
fn is_taken_here(world: &World, route: &Route, name: &str) -> bool {
    route.operation == Operation::ListWorkspaces
        && matches!(name, "filter[name]" | "filter[id]")
        && world.oneflow_unknowns().workspace_filters != WorkspaceFilters::Refused
}

/// Headers, query and body against the table.
pub(super) fn request(
    world: &World,
    incoming: &Incoming,
    route: &'static Route,
    arguments: Vec<String>,
    caller: Caller,
) -> Result<Checked, Refusal> {
    if route.user == User::Required && caller == Caller::Anonymous {
        return Err(Refusal::parameter("x-oneflow-user-email", "is required"));
    }
    for (name, _) in &incoming.query {
        if !route.query.contains(&name.as_str()) && !is_taken_here(world, route, name) {
            return Err(Refusal::parameter(name, "is not a known parameter"));
        }
    }
    let body = match route.body {
        None if incoming.body.is_empty() => Value::Null,
        None => return Err(Refusal::new(StatusCode::BAD_REQUEST, "This operation takes no body.")),
        Some(shape) => {
            if !incoming.has_content_type("application/json") {
                // The documented statuses have no 415: a wrong media type is a 400.
                return Err(Refusal::parameter("content-type", "must be application/json"));
            }
            let body = serde_json::from_slice(incoming.body.as_bytes())
                .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The body is not JSON."))?;
            let mut found = Vec::new();
            shape.check(&body, "", &mut found);
            if !found.is_empty() {
                return Err(Refusal::body(&found));
            }
            body
        }
    };
    Ok(Checked { caller, arguments, body })
}
