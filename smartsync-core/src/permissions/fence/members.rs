//! Which members the body of a write may have, and what each of them writes.

use serde_json::Value;
use smartsync_transport::{Request, http::header};

use super::strict_json::Strict;

/// Something that a request writes, by what a row can be found for it.
pub(super) enum Named {
    /// By the name that rows have for it.
    As(String),
    /// The custom field of this id.
    ByField(String),
    /// The custom field of the value of this id.
    ByValue(String),
}

/// What may stand in a member.
#[derive(Clone, Copy)]
enum Member {
    /// Anything that is no object and no list: it belongs to what the others write.
    Free,
    /// This text.
    Is(&'static str),
    /// The id that the path ends in.
    IdOfPath,
    /// An empty list.
    Empty,
    /// The value of what rows call so.
    Of(&'static str),
    /// The key of a data field.
    DataField,
    /// The id of a custom field.
    CustomField,
}

use Member::{CustomField, DataField, Empty, Free, IdOfPath, Is, Of};

type Shape = &'static [(&'static str, Member)];

const CANDIDATE: Shape = &[
    ("data.id", IdOfPath),
    ("data.type", Is("candidates")),
    ("data.attributes.first-name", Of("first_name")),
    ("data.attributes.last-name", Of("last_name")),
    ("data.attributes.email", Of("email")),
    ("data.attributes.phone", Of("phone")),
    ("data.attributes.linkedin-url", Of("linkedin_url")),
    ("data.attributes.pitch", Of("pitch")),
];

const NEW_VALUE: Shape = &[
    ("data.type", Is("custom-field-values")),
    ("data.attributes.value", Free),
    ("data.attributes.value[]", Free),
    ("data.relationships.custom-field.data.type", Is("custom-fields")),
    ("data.relationships.custom-field.data.id", CustomField),
    ("data.relationships.owner.data.type", Is("candidates")),
    ("data.relationships.owner.data.id", Free),
];

const VALUE: Shape = &[
    ("data.id", IdOfPath),
    ("data.type", Is("custom-field-values")),
    ("data.attributes.value", Free),
    ("data.attributes.value[]", Free),
];

const UPLOAD: Shape = &[
    ("data.type", Is("uploads")),
    ("data.attributes.url", Of("upload")),
    ("data.attributes.file-name", Of("upload")),
    ("data.relationships.candidate.data.type", Is("candidates")),
    ("data.relationships.candidate.data.id", Free),
];

const CONTRACT: Shape = &[
    ("workspace_id", Free),
    ("template_id", Free),
    ("name", Of("name")),
    ("data_fields", Empty),
    ("data_fields[].custom_id", DataField),
    ("data_fields[].value", Free),
    ("parties[].type", Is("individual")),
    ("parties[].participant.name", Of("participant:name")),
    ("parties[].participant.email", Of("participant:email")),
    ("parties[].participant.phone_number", Of("participant:phone_number")),
    ("parties[].participant.delivery_channel", Is("email")),
    ("parties[].participant.signatory", Free),
    ("parties[].participant._permissions.contract:update", Free),
    ("parties[].participant._private_ownerside.custom_id", Of("participant:custom_id")),
];

const INVITATION: Shape = &[("subject", Of("message")), ("message", Of("message"))];

const WEBHOOK: Shape = &[
    ("callback_url", Of("webhook")),
    ("sign_key", Of("webhook")),
    ("template_group_id", Of("webhook")),
    ("filters[].filter_rules[].type", Of("webhook")),
    ("filters[].filter_rules[].values[]", Of("webhook")),
];

/// What a request writes; `None` for one that has a member which is not known, or is no JSON, or can be read in two ways.
pub(super) fn written(request: &Request, operation: &str) -> Option<Vec<Named>> {
    let last = request.uri().path().rsplit('/').next()?;
    let (shape, mut named) = match (request.method().as_str(), operation) {
        ("PATCH", "/candidates/{id}") => (CANDIDATE, Vec::new()),
        ("POST", "/custom-field-values") => (NEW_VALUE, Vec::new()),
        ("PATCH", "/custom-field-values/{id}") => (VALUE, vec![Named::ByValue(last.to_owned())]),
        ("POST", "/uploads") => (UPLOAD, Vec::new()),
        ("POST", "/contracts/create") => (CONTRACT, Vec::new()),
        ("POST", "/contracts/{id}/publish") => (INVITATION, Vec::new()),
        ("POST", "/webhooks") => (WEBHOOK, Vec::new()),
        ("DELETE", "/webhooks/{id}") => {
            return request.body().is_empty().then(|| vec![Named::As("webhook".to_owned())]);
        }
        _ => return None,
    };
    let content_type = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !matches!(content_type, "application/json" | "application/vnd.api+json") {
        return None;
    }
    let Strict(body) = serde_json::from_slice(request.body().as_bytes()).ok()?;
    if !body.is_object() {
        return None;
    }
    let mut leaves = Vec::new();
    flatten(&body, String::new(), &mut leaves)?;
    for (path, value) in leaves {
        let (_, member) = shape.iter().find(|(known, _)| *known == path)?;
        let is_empty = matches!(value, Value::Array(_) | Value::Object(_));
        match member {
            Empty => is_empty.then_some(())?,
            _ if is_empty => return None,
            Free => {}
            Is(text) => (value == text).then_some(())?,
            IdOfPath => (value == last).then_some(())?,
            Of(what) => named.push(Named::As((*what).to_owned())),
            DataField => named.push(Named::As(format!("data_field:{}", value.as_str()?))),
            CustomField => named.push(Named::ByField(value.as_str()?.to_owned())),
        }
    }
    // A value belongs to a key.
    let keyless = |field: &Value| field.get("custom_id").is_none();
    let data_fields = body.get("data_fields").and_then(Value::as_array);
    if data_fields.is_some_and(|fields| fields.iter().any(keyless)) {
        return None;
    }
    Some(named)
}

/// Everything that holds no other, by its path. `None` where a name could be taken for a path.
fn flatten<'a>(value: &'a Value, path: String, leaves: &mut Vec<(String, &'a Value)>) -> Option<()> {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                if name.is_empty() || name.contains(['.', '[', ']']) {
                    return None;
                }
                let dot = if path.is_empty() { "" } else { "." };
                flatten(member, format!("{path}{dot}{name}"), leaves)?;
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                flatten(item, format!("{path}[]"), leaves)?;
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => leaves.push((path, value)),
    }
    Some(())
}
