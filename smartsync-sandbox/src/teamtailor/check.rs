//! What is checked before an operation runs.

use http::StatusCode;
use serde_json::{Map, Value};

use super::{
    document::Includes,
    refusal::Refusal,
    relationships::{self, Key, Kind},
    table::{Envelope, Operation, ROUTES, Route},
};
use crate::{
    incoming::Incoming,
    route,
    settings::Merged,
    shape::{Fault, Found, Shape, TEXT, required},
    unknowns::{ApiVersion, CustomFieldFilter, DeletedCandidate, NestedInclude, SelectOwnerKind},
    world::World,
};

/// Versions that the sheet has seen, oldest first.
const VERSIONS: &[&str] = &["20161108", "20180828", "20210218", "20211201", "20240404", "20240904"];

/// The version that is current if none is named.
const CURRENT_VERSION: &str = "20240904";

/// One that nobody has seen yet.
pub(super) const LATER_VERSION: &str = "20300101";

/// A to-one relationship of a body.
const TO_ONE: Shape = Shape::Object(&[required("data", IDENTIFIER)]);
const IDENTIFIER: Shape = Shape::Object(&[required("type", TEXT), required("id", Shape::Anything)]);

/// A request that has passed every check of the tables.
pub(super) struct Checked {
    pub(super) arguments: Vec<String>,
    pub(super) includes: Includes,
    pub(super) attributes: Map<String, Value>,
    relationships: Vec<(&'static str, String)>,
}

impl Checked {
    /// The path argument.
    pub(super) fn id(&self) -> &str {
        self.arguments.first().map(String::as_str).unwrap_or_default()
    }

    /// The id that a to-one relationship of the body names.
    pub(super) fn relationship(&self, name: &str) -> Option<&str> {
        self.relationships.iter().find(|(known, _)| *known == name).map(|(_, id)| id.as_str())
    }
}

/// The route of a request, whatever its credentials.
pub(super) fn route(incoming: &Incoming) -> Option<(&'static Route, Vec<String>)> {
    let (version, segments) = incoming.segments.split_first()?;
    if version != "v1" {
        return None;
    }
    ROUTES
        .iter()
        .filter(|route| route.method == incoming.method)
        .find_map(|route| Some((route, route::arguments(route.path, segments)?)))
}

/// The key, then its scope, then the version, which it returns.
pub(super) fn credentials(world: &World, incoming: &Incoming) -> Result<&'static str, Refusal> {
    let key = incoming.header("authorization").and_then(|value| value.strip_prefix("Token token="));
    if key != Some(&world.settings.teamtailor_key) {
        return Err(Refusal::bare(StatusCode::UNAUTHORIZED));
    }
    if world.teamtailor.key_lacks_scope {
        return Err(Refusal::bare(StatusCode::FORBIDDEN));
    }
    let version = incoming.header("x-api-version");
    let known = VERSIONS.iter().find(|known| Some(**known) == version).copied();
    match world.teamtailor_unknowns().api_version {
        ApiVersion::AsKnown | ApiVersion::Differs => {
            known.ok_or_else(|| Refusal::api_version(CURRENT_VERSION))
        }
        ApiVersion::Refused => Err(Refusal::api_version(LATER_VERSION)),
    }
}

/// Headers, query and body against the table.
pub(super) fn request(
    world: &World,
    incoming: &Incoming,
    route: &'static Route,
    arguments: Vec<String>,
) -> Result<Checked, Refusal> {
    let takes = |accepted: &str| accepted.contains(super::document::MEDIA_TYPE) || accepted.contains("*/*");
    if !incoming.header("accept").is_none_or(takes) {
        let title = "Not acceptable";
        return Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            "406",
            title,
            "Accept application/vnd.api+json.",
        ));
    }
    check_query(world, incoming, route)?;
    let includes = match incoming.query("include") {
        None => Includes::default(),
        Some(text) => Includes::parse(text, route.kind)
            .filter(|includes| {
                let is_refused = world.teamtailor_unknowns().nested_include == NestedInclude::Refused;
                !(is_refused && includes.nests_definitions())
            })
            .ok_or_else(|| Refusal::parameter("112", "Invalid field: not a relationship", "include"))?,
    };
    let mut checked = Checked { arguments, includes, attributes: Map::new(), relationships: Vec::new() };
    match route.body {
        None if incoming.body.is_empty() => {}
        None => {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "105",
                "Param not allowed",
                "No body is taken.",
            ));
        }
        Some(envelope) => read_body(world, incoming, envelope, &mut checked)?,
    }
    Ok(checked)
}

fn check_query(world: &World, incoming: &Incoming, route: &Route) -> Result<(), Refusal> {
    for (name, _) in &incoming.query {
        let known = match name.as_str() {
            "include" => true,
            "sort" | "page[size]" | "page[number]" | "page[after]" | "page[before]" => route.list,
            // Only guessed: in the documentation it is not.
            "filter[api-name]" if route.operation == Operation::ListCustomFields => {
                world.teamtailor_unknowns().custom_field_filter != CustomFieldFilter::Refused
            }
            name => route.filters.contains(&name),
        };
        if !known {
            let (code, title) = if name.starts_with("filter[") {
                ("102", "Filter not allowed")
            } else {
                ("105", "Param not allowed")
            };
            return Err(Refusal::parameter(code, title, name));
        }
    }
    Ok(())
}

fn read_body(
    world: &World,
    incoming: &Incoming,
    envelope: &'static Envelope,
    checked: &mut Checked,
) -> Result<(), Refusal> {
    if !incoming.has_content_type(super::document::MEDIA_TYPE) {
        let detail = "All requests that create or update must use the content type application/vnd.api+json.";
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "415",
            "Unsupported media type",
            detail,
        ));
    }
    let mut body: Value = serde_json::from_slice(incoming.body.as_bytes())
        .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "400", "Bad Request", "The body is not JSON."))?;
    if let Some(unknown) = body.as_object().and_then(|members| members.keys().find(|name| *name != "data")) {
        return Err(not_allowed(&format!("/{unknown}")));
    }
    let data = match body.get_mut("data").map(Value::take) {
        Some(Value::Object(data)) => data,
        Some(_) => return Err(Refusal::member("122", "`data` must be one object", "/data")),
        None => return Err(Refusal::member("106", "The required parameter is missing", "/data")),
    };
    for name in data.keys() {
        let known = match name.as_str() {
            "type" | "attributes" | "relationships" => true,
            "id" => envelope.update,
            _ => false,
        };
        if !known {
            return Err(not_allowed(&format!("/data/{name}")));
        }
    }
    if data.get("type").and_then(Value::as_str) != Some(envelope.kind) {
        return Err(Refusal::member("103", "The type is missing or not that of the route", "/data/type"));
    }
    if envelope.update {
        match data.get("id").and_then(identifier) {
            None => return Err(Refusal::member("106", "The required parameter is missing", "/data/id")),
            Some(id) if id != checked.id() => {
                return Err(Refusal::member("110", "The id is not that of the URL", "/data/id"));
            }
            Some(_) => {}
        }
    }
    read_attributes(data.get("attributes"), envelope, checked)?;
    read_relationships(world, data.get("relationships"), envelope, checked)
}

fn read_attributes(given: Option<&Value>, envelope: &Envelope, checked: &mut Checked) -> Result<(), Refusal> {
    let empty = Value::Object(Map::new());
    let given = given.unwrap_or(&empty);
    let mut found = Vec::new();
    Shape::Object(envelope.attributes).check(given, "", &mut found);
    if let Some(Found { place, fault }) = found.into_iter().next() {
        let pointer = format!("/data/attributes/{place}");
        return Err(match fault {
            Fault::Missing => Refusal::invalid(&place, "can't be blank"),
            Fault::Unknown => not_allowed(&pointer),
            Fault::WrongType(_) | Fault::Length { .. } | Fault::NotAllowed => {
                Refusal::member("103", "Not a valid value", &pointer)
            }
        });
    }
    checked.attributes = given.as_object().cloned().unwrap_or_default();
    Ok(())
}

fn read_relationships(
    world: &World,
    given: Option<&Value>,
    envelope: &Envelope,
    checked: &mut Checked,
) -> Result<(), Refusal> {
    let empty = Map::new();
    let given = match given {
        None => &empty,
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Refusal::member("103", "Not a valid value", "/data/relationships")),
    };
    for (name, value) in given {
        let pointer = format!("/data/relationships/{name}");
        let Some(relation) = envelope.relationships.iter().find(|relation| relation.name == name) else {
            return Err(not_allowed(&pointer));
        };
        let mut found = Vec::new();
        TO_ONE.check(value, "", &mut found);
        let data = &value["data"];
        let of_kind = data["type"].as_str().is_some_and(|kind| relation.kinds.contains(&kind));
        match identifier(&data["id"]) {
            Some(id) if of_kind && found.is_empty() && is_named_well(world, &data["type"], &id) => {
                checked.relationships.push((relation.name, id));
            }
            _ => return Err(Refusal::member("103", "Not a valid resource identifier", &pointer)),
        }
    }
    for relation in envelope.relationships.iter().filter(|relation| relation.required) {
        if !given.contains_key(relation.name) {
            return Err(Refusal::invalid_relationship(relation.name, "must exist"));
        }
    }
    Ok(())
}

/// Whether a select is named as the type that is taken here; everything else has one type.
fn is_named_well(world: &World, kind: &Value, id: &str) -> bool {
    let is_select = world.teamtailor.custom_fields.get(id).is_some_and(|field| field.kind.has_options());
    match (world.teamtailor_unknowns().select_owner_kind, kind.as_str()) {
        (SelectOwnerKind::CustomFields, Some("custom-field-selects")) => false,
        (SelectOwnerKind::CustomFieldSelects, Some("custom-fields")) => !is_select,
        _ => true,
    }
}

/// An id: text, or the number that older examples send.
fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn not_allowed(pointer: &str) -> Refusal {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    Refusal::member("105", &format!("{name} is not allowed"), pointer)
}

/// Where the path leads instead, if it names a candidate who was merged into another.
pub(super) fn merged(world: &World, route: &Route, checked: &Checked) -> Option<String> {
    if world.settings.merged != Merged::Redirects || !route.path.contains("{candidate}") {
        return None;
    }
    let into = world.teamtailor.merged.get(checked.id())?;
    Some(format!("{}/v1{}", world.origins.teamtailor, route.path.replace("{candidate}", into)))
}

/// The key of a resource that must exist.
pub(super) fn existing(world: &World, key: Key) -> Result<Key, Refusal> {
    if super::render::exists(world, &key) && !relationships::is_hidden(world, &key) {
        return Ok(key);
    }
    let is_gone =
        key.0 == Kind::Candidate && world.teamtailor_unknowns().deleted_candidate == DeletedCandidate::Else;
    Err(if is_gone { Refusal::bare(StatusCode::GONE) } else { Refusal::not_found(&key.1) })
}
