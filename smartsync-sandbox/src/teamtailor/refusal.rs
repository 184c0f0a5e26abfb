//! Teamtailor's error document.

use http::StatusCode;
use serde_json::{Value, json};
use smartsync_transport::Response;

use crate::answer;

/// Why Teamtailor refuses a request.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    /// Empty: an answer without a body.
    errors: Vec<Value>,
    location: Option<String>,
}

impl Refusal {
    /// A status and nothing else.
    pub(super) fn bare(status: StatusCode) -> Self {
        Self { status, errors: Vec::new(), location: None }
    }

    pub(super) fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        let error =
            json!({ "title": title, "detail": detail, "code": code, "status": status.as_u16().to_string() });
        Self { status, errors: vec![error], location: None }
    }

    /// It is found under another address.
    pub(super) fn moved(location: String) -> Self {
        Self { status: StatusCode::MOVED_PERMANENTLY, errors: Vec::new(), location: Some(location) }
    }

    pub(super) fn not_found(id: &str) -> Self {
        let detail = format!("The record identified by {id} could not be found.");
        Self::new(StatusCode::NOT_FOUND, "404", "Record not found", detail)
    }

    /// The one error whose `status` is an integer.
    pub(super) fn api_version(current: &str) -> Self {
        let error = json!({
            "status": 406,
            "title": "Invalid/Missing API Version",
            "detail": format!("The X-Api-Version header is missing or wrong. Current version is: {current}"),
        });
        Self { status: StatusCode::NOT_ACCEPTABLE, errors: vec![error], location: None }
    }

    /// 400 about a query parameter.
    pub(super) fn parameter(code: &str, title: &str, parameter: &str) -> Self {
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, code, title, format!("{parameter}: {title}"));
        refusal.errors[0]["source"] = json!({ "parameter": parameter });
        refusal
    }

    /// 400 about a member of the body.
    pub(super) fn member(code: &str, title: &str, pointer: &str) -> Self {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, code, title, format!("{name}: {title}"));
        refusal.errors[0]["source"] = json!({ "pointer": pointer });
        refusal
    }

    /// 422: the body is well-formed, but its content is not acceptable.
    pub(super) fn invalid(attribute: &str, title: &str) -> Self {
        let mut refusal =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "100", title, format!("{attribute} - {title}"));
        refusal.errors[0]["source"] = json!({ "pointer": format!("/data/attributes/{attribute}") });
        refusal
    }

    /// 422 about a relationship.
    pub(super) fn invalid_relationship(name: &str, title: &str) -> Self {
        let mut refusal = Self::invalid(name, title);
        refusal.errors[0]["source"] = json!({ "pointer": format!("/data/relationships/{name}") });
        refusal
    }

    pub(super) fn into_response(self) -> Response {
        if self.errors.is_empty() {
            let mut response = answer::empty(self.status);
            if let Some(location) = &self.location {
                answer::set_header(&mut response, "location", location);
            }
            return response;
        }
        answer::json(self.status, super::document::MEDIA_TYPE, &json!({ "errors": self.errors }))
    }
}
