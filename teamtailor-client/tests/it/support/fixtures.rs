//! Answers in the shapes that the service documents, with invented values.

use std::collections::BTreeSet;

use serde_json::Value;
use smartsync_transport::{Body, Method, Response};
use teamtailor_client::{Teamtailor, TeamtailorClient, Transport, transport::Endpoint};

pub(crate) const CANDIDATE: &str = include_str!("../../fixtures/candidate.json");
pub(crate) const CANDIDATES: &str = include_str!("../../fixtures/candidates.json");
pub(crate) const COMPANY: &str = include_str!("../../fixtures/company.json");
pub(crate) const CUSTOM_FIELDS: &str = include_str!("../../fixtures/custom_fields.json");
pub(crate) const CUSTOM_FIELD_OPTIONS: &str = include_str!("../../fixtures/custom_field_options.json");
pub(crate) const CUSTOM_FIELD_VALUE: &str = include_str!("../../fixtures/custom_field_value.json");
pub(crate) const CUSTOM_FIELD_VALUES: &str = include_str!("../../fixtures/custom_field_values.json");
pub(crate) const JOB_APPLICATION: &str = include_str!("../../fixtures/job_application.json");
pub(crate) const JOB_APPLICATIONS: &str = include_str!("../../fixtures/job_applications.json");
pub(crate) const UPLOAD: &str = include_str!("../../fixtures/upload.json");
pub(crate) const UPLOADS: &str = include_str!("../../fixtures/uploads.json");

/// What `endpoint` makes of `body`.
pub(crate) fn decode<E: Endpoint<Service = Teamtailor>>(endpoint: &E, body: &str) -> E::Output {
    endpoint.decode(&Response::new(Body::from(body.to_owned()))).unwrap()
}

/// `body` with the id that the path of `endpoint` ends with: an answer about another one is an error.
pub(crate) fn asked<E: Endpoint<Service = Teamtailor>>(endpoint: &E, body: &str) -> String {
    let call = endpoint.call().unwrap();
    let id = call.path().rsplit('/').next().unwrap();
    changed(body, |document| {
        if E::METHOD != Method::POST && document["data"].is_object() {
            document["data"]["id"] = id.into();
        }
    })
}

/// `text` as JSON, changed by `change`, as text.
pub(crate) fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::from_str(text).unwrap();
    change(&mut value);
    value.to_string()
}

/// A client over `transport`.
pub(crate) fn client(transport: impl Transport + 'static) -> TeamtailorClient {
    TeamtailorClient::builder().api_key("key-1").transport(transport).build().unwrap()
}

/// The names of all operations of the document, in lower case.
pub(crate) fn operations() -> BTreeSet<String> {
    let lines = include_str!("../../../openapi.yaml").lines();
    lines.filter_map(|line| line.trim().strip_prefix("operationId: ")).map(str::to_lowercase).collect()
}
