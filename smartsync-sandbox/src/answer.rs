//! Builds answers.

use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use smartsync_transport::{Body, Response};

use crate::rate_limit::Taken;

/// The answer to a request, and what the request was for.
pub(crate) struct Handled {
    pub(crate) operation: &'static str,
    pub(crate) response: Response,
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, content_type: &'static str, value: &Value) -> Response {
    bytes(status, content_type, Body::from(value.to_string()))
}

/// An answer with bytes.
pub(crate) fn bytes(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = empty(status);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    *response.body_mut() = body;
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// What is left of a rate limit, as Teamtailor writes it.
pub(crate) fn limit_headers(response: &mut Response, taken: Taken) {
    set_header(response, "x-rate-limit-limit", &taken.limit.to_string());
    set_header(response, "x-rate-limit-remaining", &taken.remaining.to_string());
    set_header(response, "x-rate-limit-reset", &taken.reset_seconds.to_string());
}

/// Sets a header whose value comes from the sandbox itself. An invalid header value is left out.
pub(crate) fn set_header(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
