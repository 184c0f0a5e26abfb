//! Teamtailor's description of what went wrong, read leniently.

use serde_json::Value;
use smartsync_transport::Problem;

/// The problems in a JSON:API error document. None in an empty body, or in one that is no such document.
///
/// Teamtailor sends `errors` as a list, Teamtailor's own Ruby client also expects a single object; `status` and `code`
/// are texts in some answers and integers in others.
pub(crate) fn read(body: &[u8]) -> Vec<Problem> {
    let Ok(document) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    match document.get("errors") {
        Some(Value::Array(errors)) => errors.iter().filter_map(problem).collect(),
        Some(error) => problem(error).into_iter().collect(),
        None => Vec::new(),
    }
}

fn problem(error: &Value) -> Option<Problem> {
    let mut problem = Problem::default();
    if let Value::String(detail) = error {
        problem.detail = Some(detail.clone());
        return Some(problem);
    }
    let error = error.as_object()?;
    let source = error.get("source");
    let place = |kind| source.and_then(|source| source.get(kind)).and_then(text);
    problem.code = error.get("code").and_then(text);
    problem.title = error.get("title").and_then(text);
    problem.detail = error.get("detail").and_then(text);
    problem.field = place("pointer").or_else(|| place("parameter"));
    Some(problem)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Titles that are the same for every case, as documented or recorded, and as the framework behind the API has them.
pub(crate) const TITLES: &[&str] = &[
    "has already been taken",
    "is invalid",
    "can't be blank",
    "Invalid/Missing API Version",
    "Not acceptable",
    "Record not found",
    "Filter not allowed",
    "Param not allowed",
    "Invalid field",
    "Invalid field value",
    "Invalid filter value",
    "Invalid sort criteria",
    "Invalid resource",
    "Missing Parameter",
];

/// Attributes, relationships and parameters that a request of this client may have.
pub(crate) const NAMES: &[&str] = &[
    "api-name",
    "attributes",
    "candidate",
    "custom-field",
    "data",
    "email",
    "fields",
    "field-type",
    "file-name",
    "filter",
    "first-name",
    "id",
    "include",
    "internal",
    "job",
    "last-name",
    "linkedin-url",
    "merge",
    "name",
    "note",
    "owner",
    "page",
    "phone",
    "picture",
    "pitch",
    "relationships",
    "resume",
    "sort",
    "tags",
    "title",
    "type",
    "url",
    "user",
    "value",
];
