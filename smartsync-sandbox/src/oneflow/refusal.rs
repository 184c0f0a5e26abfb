//! Oneflow's error body.

use http::StatusCode;
use serde_json::{Map, Value, json};
use smartsync_transport::Response;

use crate::{answer, counters::Counted, shape::Found, unknowns::ProblemMembers, world::World};

/// Why Oneflow refuses a request.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    detail: &'static str,
    problems: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, detail: &'static str) -> Self {
        Self { status, detail, problems: Map::new() }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "A referenced object is missing, deleted, or no longer accessible.")
    }

    pub(super) fn conflict(detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// One parameter is wrong.
    pub(super) fn parameter(name: impl Into<String>, problem: impl Into<String>) -> Self {
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, "A parameter has an invalid format or content.");
        refusal.problems.insert(name.into(), json!([problem.into()]));
        refusal
    }

    /// The body is wrong as a whole.
    pub(super) fn unreadable() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The body has an invalid format or content.")
    }

    /// Members of the body are wrong.
    pub(super) fn body(found: &[Found]) -> Self {
        let mut refusal = Self::unreadable();
        for Found { place, fault } in found {
            refusal.problems.insert(place.replace('/', "."), json!([fault.sentence()]));
        }
        refusal
    }

    pub(super) fn into_response(self, world: &mut World) -> Response {
        let status = self.status;
        let code = u32::from(status.as_u16()) * 10_000;
        let title = status.canonical_reason().unwrap_or_default();
        let help = format!("{}/v1/error_codes/{code}", world.origins.oneflow);
        let problems = match world.oneflow_unknowns().problem_members {
            ProblemMembers::ByParameter => Value::Object(self.problems),
            ProblemMembers::Else => self
                .problems
                .into_iter()
                .map(|(parameter, problems)| json!({ "parameter": parameter, "problems": problems }))
                .collect(),
        };
        let mut body = json!({
            "detail": self.detail,
            "error_code": code,
            "parameter_problems": problems,
            "status": status.as_u16(),
            "title": title,
        });
        // As documented: the rate limit's body has `info` where the others have `type` and a request id.
        if status == StatusCode::TOO_MANY_REQUESTS {
            body["info"] = help.into();
        } else {
            body["type"] = help.into();
            let number = world.counters.next(Counted::OneflowRequest);
            body["request_id"] = format!("sandbox-request-{number:06}").into();
        }
        answer::json(status, "application/json", &body)
    }
}
