//! One row per request: what is sent, as literals.

use std::{collections::BTreeSet, fmt::Debug};

use serde_json::Value;
use smartsync_transport::{ScriptedTransport, assert_says_nothing, hostile_answers};
use teamtailor_client::{Teamtailor, transport::Endpoint};

use crate::{redaction::SHOWN, support::fixtures::client};

/// It changes something, and twice is not once.
pub(super) const ONCE: bool = false;
/// It may be sent twice.
pub(super) const REPEATABLE: bool = true;

/// Checks rows, and remembers which operations have one.
#[derive(Default)]
pub(super) struct Table {
    pub(super) seen: BTreeSet<&'static str>,
}

impl Table {
    /// `line`: method, path below `/v1`, query; `body`: the bytes.
    pub(super) fn row<E: Endpoint<Service = Teamtailor> + Debug>(
        &mut self,
        endpoint: &E,
        name: &'static str,
        line: &str,
        body: &str,
        repeatable: bool,
    ) {
        let request = client(ScriptedTransport::new()).prepare(endpoint).unwrap();
        let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(E::OPERATION, name);
        let uri = request.uri().to_string();
        let below = uri.strip_prefix("https://api.teamtailor.com/v1").unwrap();
        assert_eq!(format!("{} {below}", request.method()), line, "{name}");
        assert_eq!(std::str::from_utf8(request.body().as_bytes()).unwrap(), body, "{name}");
        assert_eq!(E::IDEMPOTENT, repeatable, "{name}");
        assert_eq!(header("authorization"), Some("Token token=key-1"), "{name}");
        assert_eq!(header("x-api-version"), Some("20240904"), "{name}");
        assert_eq!(header("accept"), Some("application/vnd.api+json"), "{name}");
        assert_eq!(
            header("content-type"),
            (!body.is_empty()).then_some("application/vnd.api+json"),
            "{name}"
        );
        assert_eq!(request.headers().len(), if body.is_empty() { 4 } else { 5 }, "{name}");
        assert_prints_no_text(endpoint, body);
        quotes_nobody(endpoint);
        self.seen.insert(name);
    }
}

/// Whatever a service answers this operation, an error of it says nothing of whom the answer quotes.
fn quotes_nobody<E: Endpoint<Service = Teamtailor>>(endpoint: &E) {
    let (client, mut errors) = (client(ScriptedTransport::new()), 0);
    for answer in hostile_answers() {
        if let Err(error) = client.finish(endpoint, answer) {
            assert_says_nothing(&error);
            errors += 1;
        }
    }
    assert!(errors > 500, "{}: {errors}", E::OPERATION);
}

/// No text among the attributes of `body` is in the `Debug` of the operation that sends it.
fn assert_prints_no_text<E: Endpoint + Debug>(endpoint: &E, body: &str) {
    let printed = format!("{endpoint:?}");
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let attributes = body["data"]["attributes"].as_object().into_iter().flatten();
    for (name, value) in attributes.filter(|(name, _)| !SHOWN.contains(&name.as_str())) {
        for text in texts(value) {
            assert!(!printed.contains(&format!("{text:?}")), "{}: {name} in {printed}", E::OPERATION);
        }
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
