//! Templates and template types, read only.

use serde_json::{Value, json};

use super::{check::Checked, page, refusal::Refusal};
use crate::{
    incoming::Incoming,
    state::oneflow::{Template, TemplateType},
    world::World,
};

pub(super) fn list(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let columns = page::sort_columns(incoming, &["name"])?;
    let active = match incoming.query("filter[active]") {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some("") => None,
        Some(_) => return Err(Refusal::parameter("filter[active]", "must be true, false or empty")),
    };
    let workspaces = incoming
        .query("filter[workspace_ids]")
        .map(|text| page::number_list(text, "filter[workspace_ids]"))
        .transpose()?;
    let template_type = incoming
        .query("template_type_id")
        .map(|text| page::number_list(text, "template_type_id"))
        .transpose()?;
    if incoming.query("extension_type").is_some() {
        return Err(Refusal::parameter("extension_type", "no template has it"));
    }
    let mut items: Vec<Value> = world
        .oneflow
        .templates
        .values()
        .filter(|template| active.is_none_or(|active| template.active == active))
        .filter(|template| workspaces.as_ref().is_none_or(|ids| ids.contains(&template.workspace)))
        .filter(|template| {
            template_type
                .as_ref()
                .is_none_or(|ids| template.template_type.is_some_and(|id| ids.contains(&id)))
        })
        .map(|template| render(world, template))
        .collect();
    page::sort(&mut items, &columns, |item, column| item[column].as_str().unwrap_or_default().to_owned());
    page::page(world, incoming, &items)
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    let template = world.oneflow.templates.get(&checked.id(0)?).ok_or_else(Refusal::not_found)?;
    Ok(render(world, template))
}

fn render(world: &World, template: &Template) -> Value {
    let kind = template.template_type.and_then(|id| world.oneflow.template_types.get(&id));
    json!({
        "_links": { "self": { "href": format!("{}/v1/templates/{}", world.origins.oneflow, template.id) } },
        "available_options": {},
        "created_time": world.written(template.created),
        "id": template.id,
        "name": template.name,
        "tags": [],
        "template_active": template.active,
        "template_type": kind.map(|kind| json!({ "id": kind.id, "name": kind.name })),
        "updated_time": world.written(template.created),
        "workspaces": [{ "id": template.workspace }],
    })
}

pub(super) fn list_types(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let items: Vec<Value> =
        world.oneflow.template_types.values().map(|kind| render_type(world, kind)).collect();
    page::page(world, incoming, &items)
}

pub(super) fn get_type(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    let kind = world.oneflow.template_types.get(&checked.id(0)?).ok_or_else(Refusal::not_found)?;
    Ok(render_type(world, kind))
}

fn render_type(world: &World, kind: &TemplateType) -> Value {
    let address = format!("{}/v1/template_types/{}", world.origins.oneflow, kind.id);
    let fields: Vec<Value> = kind
        .fields
        .iter()
        .map(|field| {
            json!({
                "_links": { "template_type": { "href": address } },
                "active": field.active,
                "custom_id": field.custom_id,
                "description": "",
                "id": field.id,
                "name": field.name,
                "placeholder": "",
                "source": if field.system { "system" } else { "user" },
                "value": field.value,
            })
        })
        .collect();
    json!({
        "_links": { "self": { "href": address } },
        "active": true,
        "created_time": world.written(kind.created),
        "data_fields": fields,
        "description": "",
        "extension_type": null,
        "id": kind.id,
        "name": kind.name,
        "updated_time": world.written(kind.updated),
    })
}
