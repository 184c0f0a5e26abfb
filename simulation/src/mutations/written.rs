//! What a request writes, in its smallest parts: one field of a card, one data field of a new contract, one file.
//!
//! The parts are compared and not the requests: an update of two default fields may rightly be sent in two.

use std::collections::BTreeSet;

use serde_json::Value;

use super::wire::Exchange;

/// One part of a write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    /// Method and path.
    pub(crate) request: String,
    /// The member that is written, and its value.
    pub(crate) content: String,
}

/// The parts of all writes. With `effective_only`, without those that the service refused.
pub(crate) fn parts(exchanges: &[Exchange], effective_only: bool) -> BTreeSet<Part> {
    let counts =
        |exchange: &&Exchange| exchange.is_write() && !(effective_only && exchange.status.is_client_error());
    exchanges.iter().filter(counts).flat_map(of).collect()
}

fn of(exchange: &Exchange) -> Vec<Part> {
    let request = format!("{} {}", exchange.method, exchange.path());
    let part = |content: String| Part { request: request.clone(), content };
    let Ok(mut body) = serde_json::from_str::<Value>(&exchange.body) else {
        return vec![part(exchange.body.clone())];
    };
    // The address of a file is another each time it is asked for; its host is not.
    if let Some(url) = body.pointer_mut("/data/attributes/url") {
        let parts = url.as_str().unwrap_or_default().split('/').take(3);
        *url = parts.collect::<Vec<_>>().join("/").into();
    }
    if exchange.path().starts_with("/v1/candidates/")
        && let Some(attributes) = body.pointer("/data/attributes").and_then(Value::as_object)
    {
        return attributes.iter().map(|(name, value)| part(format!("{name} = {value}"))).collect();
    }
    let fields = body.get_mut("data_fields").map(Value::take);
    let fields = fields.as_ref().and_then(Value::as_array).into_iter().flatten();
    let mut parts: Vec<Part> = fields.map(|field| part(format!("data field {field}"))).collect();
    parts.push(part(body.to_string()));
    parts
}
