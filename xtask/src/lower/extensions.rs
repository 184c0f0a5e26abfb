//! The `x-` extensions, typed.

use std::collections::BTreeMap;

use openapiv3::ReferenceOr;
use serde_json::Value;

use crate::{Refusal, lower::mark::Mark, model::Docs, refusal::Place};

/// Extensions as `openapiv3` keeps them.
pub(super) type Extensions = indexmap::IndexMap<String, Value>;

pub(super) fn text<'a>(all: &'a Extensions, name: &str, place: &Place) -> Result<Option<&'a str>, Refusal> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::new(place, format!("`{name}` must be a text"))),
    }
}

pub(super) fn flag(all: &Extensions, name: &str, place: &Place) -> Result<Option<bool>, Refusal> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Refusal::new(place, format!("`{name}` must be true or false"))),
    }
}

pub(super) fn integer(all: &Extensions, name: &str, place: &Place) -> Result<Option<i64>, Refusal> {
    match all.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64() {
            Some(integer) => Ok(Some(integer)),
            None => Err(Refusal::new(place, format!("`{name}` must be an integer"))),
        },
    }
}

/// A map of texts: `x-names`, `x-descriptions`.
pub(super) fn texts(
    all: &Extensions,
    name: &str,
    place: &Place,
) -> Result<BTreeMap<String, String>, Refusal> {
    let Some(value) = all.get(name) else { return Ok(BTreeMap::new()) };
    serde_json::from_value(value.clone())
        .map_err(|_| Refusal::new(place, format!("`{name}` must map texts to texts")))
}

/// The paragraphs of a description, with how sure it is and where it was met.
pub(super) fn docs(description: Option<&str>, all: &Extensions, place: &Place) -> Result<Docs, Refusal> {
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    let Some(description) = description else {
        return Err(Refusal::new(place, "a `description` is missing"));
    };
    let mut paragraphs: Vec<String> = description.split("\n\n").map(str::to_owned).collect();
    paragraphs.extend(Mark::read(all, place)?.and_then(|mark| mark.sentence()));
    Ok(Docs(paragraphs))
}

/// The name of the schema behind `#/components/schemas/X`.
pub(super) fn target<'a>(reference: &'a str, place: &Place) -> Result<&'a str, Refusal> {
    reference.strip_prefix("#/components/schemas/").ok_or_else(|| {
        Refusal::new(place, format!("`{reference}` does not point at a schema of this document"))
    })
}

/// What stands here, which must not be a reference.
pub(super) fn inline<'a, T>(value: &'a ReferenceOr<T>, place: &Place) -> Result<&'a T, Refusal> {
    match value {
        ReferenceOr::Item(item) => Ok(item),
        ReferenceOr::Reference { reference } => {
            Err(Refusal::new(place, format!("`{reference}`: a reference is not supported here")))
        }
    }
}
