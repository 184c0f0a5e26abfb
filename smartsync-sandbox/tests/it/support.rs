//! Requests as a client would send them.

#[cfg(feature = "http")]
pub(crate) mod over_http;

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use smartsync_sandbox::{ContractSeed, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Request, Response};

pub(crate) fn sandbox() -> Sandbox {
    Sandbox::new(SandboxSettings::new())
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Title of the first JSON:API error, or the parameters with problems.
    pub(crate) fn complaint(&self) -> String {
        if let Some(title) = self.json["errors"][0]["title"].as_str() {
            return title.to_owned();
        }
        let problems = self.json["parameter_problems"].as_object();
        problems.map(|problems| problems.keys().cloned().collect::<Vec<_>>().join(",")).unwrap_or_default()
    }
}

pub(crate) fn request(
    origin: Origin,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Request {
    let host = match origin {
        Origin::Oneflow => "https://api.oneflow.com",
        Origin::Teamtailor => "https://api.teamtailor.com",
        Origin::Storage => "https://storage.sandbox.example",
    };
    let mut builder = http::Request::builder().method(method).uri(format!("{host}{target}"));
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()
}

pub(crate) fn read(response: Response) -> Got {
    let (parts, body) = response.into_parts();
    let json = serde_json::from_slice(body.as_bytes()).unwrap_or(Value::Null);
    Got { status: parts.status.as_u16(), headers: parts.headers, json }
}

/// A well-formed request to Oneflow.
pub(crate) fn oneflow(sandbox: &Sandbox, method: Method, target: &str, body: Option<Value>) -> Got {
    let (token, email) = (sandbox.oneflow_token(), sandbox.user_email());
    let headers = [
        ("x-oneflow-api-token", token.as_str()),
        ("x-oneflow-user-email", email.as_str()),
        ("content-type", "application/json"),
    ];
    let request = request(Origin::Oneflow, method, &format!("/v1{target}"), &headers, body);
    read(sandbox.handle(Origin::Oneflow, request))
}

/// A well-formed request to Teamtailor.
pub(crate) fn teamtailor(sandbox: &Sandbox, method: Method, target: &str, body: Option<Value>) -> Got {
    let key = format!("Token token={}", sandbox.teamtailor_key());
    let headers = [
        ("authorization", key.as_str()),
        ("x-api-version", "20240904"),
        ("content-type", "application/vnd.api+json"),
        ("accept", "application/vnd.api+json"),
    ];
    let request = request(Origin::Teamtailor, method, &format!("/v1{target}"), &headers, body);
    read(sandbox.handle(Origin::Teamtailor, request))
}

/// A published contract with one individual who has to sign.
pub(crate) fn pending_contract(sandbox: &Sandbox) -> i64 {
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    sandbox.add_contract(seed).unwrap()
}

/// Id of the custom field with this api-name.
pub(crate) fn custom_field(sandbox: &Sandbox, api_name: &str) -> Value {
    let list = teamtailor(sandbox, Method::GET, "/custom-fields?page%5Bsize%5D=30", None);
    let fields = list.json["data"].as_array().unwrap();
    fields.iter().find(|field| field["attributes"]["api-name"] == api_name).unwrap().clone()
}

/// Posts a value of a custom field of the sample candidate.
pub(crate) fn post_value(sandbox: &Sandbox, api_name: &str, value: Value) -> Got {
    let field = custom_field(sandbox, api_name);
    let body = json!({ "data": {
        "type": "custom-field-values",
        "attributes": { "value": value },
        "relationships": {
            "custom-field": { "data": { "type": field["type"], "id": field["id"] } },
            "owner": { "data": { "type": "candidates", "id": sandbox.seeded().candidate } },
        },
    } });
    teamtailor(sandbox, Method::POST, "/custom-field-values", Some(body))
}
