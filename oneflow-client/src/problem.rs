//! Oneflow's error body, read leniently.

use serde::Deserialize;
use serde_json::Value;
use smartsync_transport::Problem;

/// The members of the error body. None of them is certain, and none must hide the others.
#[derive(Deserialize)]
struct Body {
    error_code: Option<Value>,
    title: Option<Value>,
    detail: Option<Value>,
    parameter_problems: Option<Value>,
    request_id: Option<Value>,
}

/// The problem that `body` describes; none if it is no such object (an HTML page of a gateway, say).
pub(crate) fn read(body: &[u8]) -> Vec<Problem> {
    // serde reads a list as well, by position.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Vec::new();
    }
    let Ok(body) = serde_json::from_slice::<Body>(body) else { return Vec::new() };
    let mut problem = Problem::default();
    problem.code = body.error_code.and_then(text);
    problem.title = body.title.and_then(text);
    problem.detail = body.detail.and_then(text);
    problem.field = body.parameter_problems.and_then(parameters);
    problem.request_id = body.request_id.and_then(text);
    if problem == Problem::default() { Vec::new() } else { vec![problem] }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The names of the parameters, without what is said about them: that can quote a value.
fn parameters(value: Value) -> Option<String> {
    let Value::Object(parameters) = value else { return None };
    let names: Vec<String> = parameters.into_iter().map(|(name, _)| name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The names of what a request has, as a problem may point at it: `data_fields.0.custom_id`.
pub(crate) const NAMES: &[&str] = &[
    "_permissions",
    "_private_ownerside",
    "body",
    "callback_url",
    "configuration",
    "contract",
    "contract:update",
    "country_code",
    "custom_id",
    "data_fields",
    "delivery_channel",
    "email",
    "filter",
    "filter_rules",
    "filters",
    "folder_id",
    "id",
    "identification_number",
    "limit",
    "message",
    "my_party",
    "name",
    "offset",
    "organizer",
    "participant",
    "participants",
    "parties",
    "path",
    "phone_number",
    "sign_key",
    "sign_method",
    "signatory",
    "sort",
    "subject",
    "template_group_id",
    "template_id",
    "type",
    "value",
    "values",
    "workspace_id",
];
