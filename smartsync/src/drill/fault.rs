//! Requests that the program would only make by a fault of its own: the fence has to stop each.

use fastrand::Rng;
use serde_json::{Value, json};
use smartsync_transport::{Body, Method, Request, http};

use super::field::{self, UNMAPPED};

/// What a fault would need to know.
pub(super) struct Known<'a> {
    pub(super) candidate: &'a str,
    pub(super) contract: i64,
    /// The id of the custom field that no mapping has.
    pub(super) unmapped: &'a str,
}

/// One such request; all are to Teamtailor's host but the last two.
pub(super) fn request(known: &Known<'_>, rng: &mut Rng) -> Option<Request> {
    let Known { candidate, contract, unmapped } = known;
    let of_candidate = |attributes: Value| json!({ "data": { "id": candidate, "type": "candidates", "attributes": attributes } });
    let card = format!("https://api.teamtailor.com/v1/candidates/{candidate}");
    let (method, url, body) = match rng.u8(..8) {
        0 => (Method::DELETE, card, Value::Null),
        1 => (Method::PATCH, card, of_candidate(json!({ "merge": true, "email": "eve@example.net" }))),
        2 => (Method::PATCH, card, of_candidate(json!({ "unsubscribed": true }))),
        3 => {
            let body = json!({ "data": {
                "type": "custom-field-values",
                "attributes": { "value": "L" },
                "relationships": {
                    "custom-field": { "data": { "type": "custom-fields", "id": unmapped } },
                    "owner": { "data": { "type": "candidates", "id": candidate } },
                },
            } });
            (Method::POST, "https://api.teamtailor.com/v1/custom-field-values".to_owned(), body)
        }
        4 => {
            let body =
                json!({ "data": { "type": "candidates", "attributes": { "email": "eve@example.net" } } });
            (Method::POST, "https://api.teamtailor.com/v1/candidates".to_owned(), body)
        }
        5 => (Method::PATCH, format!("{card}/../{candidate}"), of_candidate(json!({ "tags": ["x"] }))),
        6 => {
            let body = json!([{ "_private_ownerside": { "custom_id": field::CUSTOM[0].key }, "value": "x" }]);
            (Method::PUT, format!("https://api.oneflow.com/v1/contracts/{contract}/data_fields"), body)
        }
        _ => (Method::POST, "https://elsewhere.example.net/v1/uploads".to_owned(), json!({})),
    };
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    http::Request::builder()
        .method(method)
        .uri(url)
        .header("content-type", "application/json")
        .body(body)
        .ok()
}

/// The id of the custom field that no mapping has.
pub(super) fn unmapped(custom_fields: &std::collections::BTreeMap<String, String>) -> String {
    let id = custom_fields.iter().find(|(_, name)| *name == UNMAPPED);
    id.map(|(id, _)| id.clone()).unwrap_or_default()
}
