//! The account, its users and its workspaces.

use serde_json::{Value, json};

use super::{page, refusal::Refusal};
use crate::{
    incoming::Incoming,
    state::oneflow::Workspace,
    unknowns::{TokenInfo, WorkspaceFilters},
    world::World,
};

/// The company that owns the account.
pub(super) const ACCOUNT_NAME: &str = "Example Company";

pub(super) fn account(world: &World) -> Value {
    let token = match world.oneflow_unknowns().token_info {
        TokenInfo::Integration => json!({ "integration": { "id": null, "key": "custom" } }),
        TokenInfo::Else => json!({ "kind": "custom" }),
    };
    json!({
        "_links": { "self": { "href": format!("{}/v1/accounts/me", world.origins.oneflow) } },
        "country_code": "SE",
        "created_time": world.written(world.settings.start),
        "id": world.oneflow.account,
        "name": ACCOUNT_NAME,
        "registration_number": null,
        "token_info": token,
        "updated_time": world.written(world.settings.start),
    })
}

pub(super) fn users(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let users: Vec<Value> = world
        .oneflow
        .users
        .values()
        .map(|user| {
            json!({
                "_links": {},
                "active": true,
                "email": user.email,
                "id": user.id,
                "is_admin": true,
                "name": user.name,
                "phone_number": null,
                "state": "registered",
                "title": "",
            })
        })
        .collect();
    page::page(world, incoming, &users)
}

pub(super) fn workspaces(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let workspaces: Vec<Value> = world
        .oneflow
        .workspaces
        .values()
        .filter(|workspace| is_asked_for(world, incoming, workspace))
        .map(|workspace| {
            json!({
                "_links": {},
                "_permissions": { "contract:create": true },
                "company_name": ACCOUNT_NAME,
                "country_code": "SE",
                "created_time": world.written(workspace.created),
                "date_format": "YYYY-MM-DD",
                "description": "",
                "id": workspace.id,
                "name": workspace.name,
                "registration_number": null,
                "updated_time": world.written(workspace.created),
            })
        })
        .collect();
    page::page(world, incoming, &workspaces)
}

/// What the filters leave of the workspaces. Whether they are refused is checked with the other parameters.
fn is_asked_for(world: &World, incoming: &Incoming, workspace: &Workspace) -> bool {
    let fits = |name, own: &str| incoming.query(name).is_none_or(|wanted| wanted == own);
    world.oneflow_unknowns().workspace_filters != WorkspaceFilters::Work
        || fits("filter[name]", &workspace.name) && fits("filter[id]", &workspace.id.to_string())
}
