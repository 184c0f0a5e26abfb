//! Reads a document and refuses what the typed parser would silently drop.
//!
//! `openapiv3` ignores unknown keywords and whatever stands beside a `$ref`, so a misspelt `requried` or a `nullable`
//! in the wrong place would change the generated code without a word. This pass looks at the raw document.

use openapiv3::{OpenAPI, Operation};
use serde_json::{Map, Value};

use crate::{Refusal, refusal::Place};

const SCHEMA: &[&str] = &[
    "additionalProperties",
    "allOf",
    "description",
    "discriminator",
    "enum",
    "example",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "x-confidence",
    "x-confidences",
    "x-descriptions",
    "x-expected",
    "x-id",
    "x-name",
    "x-names",
    "x-print",
    "x-resource",
    "x-rust-type",
    "x-source",
    "x-sources",
    "x-untyped",
];
/// What says of an enum's values.
const OF_VALUES: &[&str] = &["x-confidences", "x-descriptions", "x-names", "x-sources"];
/// How sure something is, and where it was met.
const MARKS: &[&str] = &["x-confidence", "x-source"];
const PARAMETER: &[&str] = &[
    "description",
    "example",
    "explode",
    "in",
    "name",
    "required",
    "schema",
    "style",
    "x-confidence",
    "x-name",
    "x-print",
    "x-source",
    "x-when-unset",
];
const OPERATION: &[&str] = &[
    "description",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "summary",
    "tags",
    "x-also",
    "x-confidence",
    "x-idempotent",
    "x-method",
    "x-paging",
    "x-redirect-address",
    "x-source",
];
const PATH_ITEM: &[&str] = &["delete", "get", "parameters", "patch", "post", "put"];
const REQUEST_BODY: &[&str] = &["content", "description", "required"];
const RESPONSE: &[&str] = &["content", "description", "headers"];
const MEDIA_TYPE: &[&str] = &["example", "schema"];

/// A document, and what OpenAPI has no place for.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) openapi: OpenAPI,
    pub(crate) also: Vec<Also>,
}

/// A second operation with the path and the verb of another, told apart by its query (`x-also`).
#[derive(Debug)]
pub(crate) struct Also {
    pub(crate) path: String,
    pub(crate) verb: String,
    pub(crate) operation: Operation,
}

/// The document behind `text`, in YAML.
pub(crate) fn read(text: &str) -> Result<Document, Refusal> {
    let root = Place::root("openapi.yaml");
    let unreadable = |error: yaml_serde::Error| Refusal::new(&root, error.to_string());
    let raw: Value = yaml_serde::from_str(text).map_err(unreadable)?;
    let version = raw.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0.") {
        return Err(Refusal::new(&root, "the document must be OpenAPI 3.0"));
    }
    let components = |kind: &str| entries(raw.get("components").and_then(|components| components.get(kind)));
    for (name, schema_value) in components("schemas") {
        schema(schema_value, true, &Place::schema(name))?;
    }
    for (name, value) in components("parameters") {
        parameter(value, &Place::root("components/parameters").at(name))?;
    }
    for (name, value) in components("responses") {
        response(value, &Place::root("components/responses").at(name))?;
    }
    let mut also = Vec::new();
    for (path, item) in entries(raw.get("paths")) {
        let place = Place::root("paths").at(path);
        path_item(item, &place)?;
        for (verb, operation) in entries(Some(item)) {
            let Some(second) = operation.get("x-also") else { continue };
            let operation = serde_json::from_value(second.clone())
                .map_err(|error| Refusal::new(&place.at(verb).at("x-also"), error.to_string()))?;
            also.push(Also { path: path.clone(), verb: verb.clone(), operation });
        }
    }
    Ok(Document { openapi: yaml_serde::from_str(text).map_err(unreadable)?, also })
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn elements(value: Option<&Value>) -> impl Iterator<Item = (usize, &Value)> {
    value.and_then(Value::as_array).into_iter().flatten().enumerate()
}

/// Checks the keywords of an object. `None`: it is a reference, and there is nothing to descend into.
fn keywords<'a>(
    value: &'a Value,
    known: &[&str],
    place: &Place,
) -> Result<Option<&'a Map<String, Value>>, Refusal> {
    let object = value.as_object().ok_or_else(|| Refusal::new(place, "an object is expected here"))?;
    if object.contains_key("$ref") {
        return match object.keys().find(|key| *key != "$ref") {
            None => Ok(None),
            Some(key) => Err(Refusal::new(
                place,
                format!("`{key}` beside `$ref` has no effect in OpenAPI 3.0: put the `$ref` into an `allOf`"),
            )),
        };
    }
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(Some(object)),
        Some(key) => Err(Refusal::new(place, format!("the generator does not know `{key}`"))),
    }
}

/// Checks a schema. `has_docs`: what it says of itself is shown, and so is its mark.
fn schema(value: &Value, has_docs: bool, place: &Place) -> Result<(), Refusal> {
    let Some(object) = keywords(value, SCHEMA, place)? else { return Ok(()) };
    if let Some(mark) = MARKS.iter().find(|mark| !has_docs && object.contains_key(**mark)) {
        let reason = format!(
            "`{mark}` would not be shown here: it is for an operation, a named schema, a property or a parameter"
        );
        return Err(Refusal::new(place, reason));
    }
    if let Some(keyword) =
        OF_VALUES.iter().find(|keyword| object.contains_key(**keyword) && !object.contains_key("enum"))
    {
        return Err(Refusal::new(place, format!("`{keyword}` is for the values of an `enum`")));
    }
    for (name, property) in entries(object.get("properties")) {
        schema(property, is_field(property), &place.at("properties").at(name))?;
    }
    if let Some(items) = object.get("items") {
        schema(items, false, &place.at("items"))?;
    }
    if let Some(values) = object.get("additionalProperties") {
        if values.is_boolean() {
            return Err(Refusal::new(
                place,
                "`additionalProperties` must be a schema: unknown members are always allowed",
            ));
        }
        schema(values, false, &place.at("additionalProperties"))?;
    }
    for keyword in ["allOf", "oneOf"] {
        for (position, part) in elements(object.get(keyword)) {
            schema(part, false, &place.at(keyword).at(position))?;
        }
    }
    Ok(())
}

/// Whether a property becomes a field, which has docs: a constant does not, nor do `data` and `attributes` of an envelope.
/// A relationship does, though it is written in place: it holds `data` and nothing else.
fn is_field(property: &Value) -> bool {
    let is_constant = property.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() == 1);
    let members = property.get("properties").and_then(Value::as_object);
    !is_constant && members.is_none_or(|members| members.keys().eq(["data"]))
}

fn path_item(value: &Value, place: &Place) -> Result<(), Refusal> {
    let Some(object) = keywords(value, PATH_ITEM, place)? else {
        return Err(Refusal::new(place, "a path by reference is not supported"));
    };
    for (name, part) in object {
        if name == "parameters" {
            parameters(part, place)?;
        } else {
            operation(part, &place.at(name))?;
        }
    }
    Ok(())
}

fn operation(value: &Value, place: &Place) -> Result<(), Refusal> {
    let Some(object) = keywords(value, OPERATION, place)? else { return Ok(()) };
    if let Some(second) = object.get("x-also") {
        operation(second, &place.at("x-also"))?;
    }
    if let Some(list) = object.get("parameters") {
        parameters(list, place)?;
    }
    if let Some(body) = object.get("requestBody") {
        let place = place.at("requestBody");
        if let Some(body) = keywords(body, REQUEST_BODY, &place)? {
            content(body.get("content"), &place)?;
        }
    }
    for (status, answer) in entries(object.get("responses")) {
        response(answer, &place.at("responses").at(status))?;
    }
    Ok(())
}

fn parameters(list: &Value, place: &Place) -> Result<(), Refusal> {
    for (position, value) in elements(Some(list)) {
        parameter(value, &place.at("parameters").at(position))?;
    }
    Ok(())
}

fn parameter(value: &Value, place: &Place) -> Result<(), Refusal> {
    match keywords(value, PARAMETER, place)?.and_then(|object| object.get("schema")) {
        Some(value) => schema(value, false, &place.at("schema")),
        None => Ok(()),
    }
}

fn response(value: &Value, place: &Place) -> Result<(), Refusal> {
    match keywords(value, RESPONSE, place)? {
        Some(object) => content(object.get("content"), place),
        None => Ok(()),
    }
}

fn content(value: Option<&Value>, place: &Place) -> Result<(), Refusal> {
    for (media_type, value) in entries(value) {
        let place = place.at("content").at(media_type);
        if let Some(value) = keywords(value, MEDIA_TYPE, &place)?.and_then(|object| object.get("schema")) {
            schema(value, false, &place.at("schema"))?;
        }
    }
    Ok(())
}
