//! Signed notifications for the tests of a receiver.

use std::{fmt, time::SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use smartsync_transport::SecretString;

use crate::signing;

/// A signed notification, for tests of a receiver. `Debug` prints the size of its body only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRequest {
    /// Value of the signature header.
    pub signature: String,
    /// The body.
    pub body: String,
}

impl SignedRequest {
    pub(crate) fn new(signature: String, body: String) -> Self {
        Self { signature, body }
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("body", &self.body.len()).finish_non_exhaustive()
    }
}

/// A company webhook as Teamtailor sends it, with a signature of version 2 made at `now`.
///
/// `event` is a name such as `candidate.update`, `id` that of the resource, `attributes` what it tells.
#[must_use]
pub fn test_request(
    event: &str,
    id: &str,
    attributes: &[(&str, Value)],
    key: &SecretString,
    now: SystemTime,
) -> SignedRequest {
    let payload = payload(event, id, attributes);
    let time = signing::unix_seconds(now).to_string();
    let digest = signing::digest(key, &[time.as_bytes(), b".", payload.as_bytes()]);
    request(&payload, &format!("t={time},v2={}", hex::encode(digest)))
}

/// A company webhook as Teamtailor sends it, with a signature of the deprecated version 1.
#[must_use]
pub fn test_request_v1(
    event: &str,
    id: &str,
    attributes: &[(&str, Value)],
    key: &SecretString,
) -> SignedRequest {
    let digest = signing::digest(key, &[id.as_bytes()]);
    request(&payload(event, id, attributes), &hex::encode(digest))
}

fn payload(event: &str, id: &str, attributes: &[(&str, Value)]) -> String {
    let kind = match event.split_once('.').map_or(event, |(kind, _)| kind) {
        "candidate" => "candidates",
        "job" => "jobs",
        "job_application" => "job-applications",
        other => other,
    };
    let attributes: Map<String, Value> =
        attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({ "event_name": event, "data": { "id": id, "type": kind, "attributes": attributes } }).to_string()
}

/// The signature stands in the header and, once more, in the body.
fn request(payload: &str, signature: &str) -> SignedRequest {
    let signature = STANDARD.encode(signature);
    let body = format!(r#"{{"payload":{payload},"signature":"{signature}"}}"#);
    SignedRequest::new(signature, body)
}
