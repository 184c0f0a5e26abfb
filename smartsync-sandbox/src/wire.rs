//! The way to a service and back, on which faults are met.

use std::time::Duration;

use http::StatusCode;
use serde::de::IgnoredAny;
use smartsync_transport::{Body, Request, Response};

use crate::{answer, fault::Effect, incoming::Incoming, oneflow, origins::Origin, teamtailor, world::World};

/// What came of a request.
pub(crate) struct Carried {
    /// None: the connection is closed without an answer.
    pub(crate) answer: Option<Response>,
    /// How long the answer is held back.
    pub(crate) latency: Duration,
}

impl World {
    /// Carries one request to a service, and its answer back.
    pub(crate) fn carry(&mut self, origin: Origin, request: Request) -> Carried {
        let incoming = Incoming::new(request);
        let mut latency = Duration::ZERO;
        if self.faults.is_empty() {
            return Carried { answer: Some(self.answer(origin, incoming)), latency };
        }
        let operation = Self::operation(origin, &incoming);
        let answer = match self.faults.meet(origin, operation) {
            None => Some(self.answer(origin, incoming)),
            Some(Effect::LatencyMs(milliseconds)) => {
                latency = Duration::from_millis(milliseconds);
                Some(self.answer(origin, incoming))
            }
            Some(Effect::Status { code, body }) => {
                let response = with_status(origin, code, body);
                self.note_request(origin, operation, incoming, response.status());
                Some(response)
            }
            Some(Effect::Limit) => {
                let response = match origin {
                    Origin::Oneflow => oneflow::over_the_limit(self),
                    Origin::Teamtailor => teamtailor::over_the_limit(self),
                    Origin::Storage => answer::empty(StatusCode::TOO_MANY_REQUESTS),
                };
                self.note_request(origin, operation, incoming, response.status());
                Some(response)
            }
            Some(Effect::LostRequest) => None,
            Some(Effect::LostAnswer) => {
                self.answer(origin, incoming);
                None
            }
        };
        Carried { answer, latency }
    }
}

/// JSON is declared as the service declares it, anything else as a page.
fn with_status(origin: Origin, code: u16, body: String) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if body.is_empty() {
        return answer::empty(status);
    }
    let is_json = serde_json::from_str::<IgnoredAny>(&body).is_ok();
    let content_type = match origin {
        Origin::Oneflow if is_json => "application/json",
        Origin::Teamtailor if is_json => teamtailor::MEDIA_TYPE,
        Origin::Oneflow | Origin::Teamtailor | Origin::Storage => "text/html",
    };
    answer::bytes(status, content_type, Body::from(body))
}
