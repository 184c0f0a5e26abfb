//! The account, its users and its workspaces.

use serde_json::{Value, json};

use super::{page, refusal::Refusal};
use crate::{incoming::Incoming, world::World, written_time::oneflow as written};

/// The company that owns the account.
pub(super) const ACCOUNT_NAME: &str = "Example Company";

pub(super) fn account(world: &World) -> Value {
    json!({
        "_links": { "self": { "href": format!("{}/v1/accounts/me", world.origins.oneflow) } },
        "country_code": "SE",
        "created_time": written(world.settings.start),
        "id": world.oneflow.account,
        "name": ACCOUNT_NAME,
        "registration_number": null,
        "token_info": { "integration": { "id": null, "key": "custom" } },
        "updated_time": written(world.settings.start),
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
        .map(|workspace| {
            json!({
                "_links": {},
                "_permissions": { "contract:create": true },
                "company_name": ACCOUNT_NAME,
                "country_code": "SE",
                "created_time": written(workspace.created),
                "date_format": "YYYY-MM-DD",
                "description": "",
                "id": workspace.id,
                "name": workspace.name,
                "registration_number": null,
                "updated_time": written(workspace.created),
            })
        })
        .collect();
    page::page(world, incoming, &workspaces)
}
