//! What a failed request means for the fields it was to write, and for the steps behind it.

use oneflow_client::Error;

use crate::{DefaultField, Next, Reason, Retry};

/// What a failed request means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Why it failed.
    pub(crate) reason: Reason,
    /// Whether the steps behind it would fail the same way.
    pub(crate) stops: bool,
    /// What the worker does next.
    pub(crate) next: Next,
}

impl Refusal {
    pub(crate) fn of(error: &Error) -> Self {
        let retry = Next::Retry(Retry { after: error.retry_after() });
        let refusal = |reason, stops, next| Self { reason, stops, next };
        if error.is_unauthorized() {
            refusal(Reason::NotAuthorized, true, Next::Park(Reason::NotAuthorized))
        } else if error.is_decode() {
            // The write took effect; the next look sees that.
            refusal(Reason::AnswerUnreadable, false, retry)
        } else if error.is_validation() || error.is_not_found() {
            refusal(Reason::Refused, false, Next::Done)
        } else if error.is_terminal() {
            refusal(Reason::Refused, true, Next::Done)
        } else {
            // A busy service, or none: more requests would not help. An error of this one request may pass the others.
            let stops = error.is_rate_limited() || error.status().is_none();
            refusal(Reason::Unavailable, stops, retry)
        }
    }
}

/// Why a default field was not written when Teamtailor refused the update that held it.
pub(crate) fn of_default_field(error: &Error, field: DefaultField) -> Reason {
    if !error.is_validation() {
        return Refusal::of(error).reason;
    }
    let attribute = field.as_str().replace('_', "-");
    let pointed =
        |name: &str| error.problems().iter().find(|problem| points_at(problem.field.as_deref(), name));
    match pointed(&attribute) {
        Some(problem) if field == DefaultField::Email && says_taken(problem) => Reason::EmailTaken,
        Some(_) => Reason::Refused,
        None if DefaultField::ALL
            .iter()
            .any(|other| pointed(&other.as_str().replace('_', "-")).is_some()) =>
        {
            Reason::RefusedTogether
        }
        None => Reason::Refused,
    }
}

fn points_at(pointer: Option<&str>, attribute: &str) -> bool {
    pointer.is_some_and(|pointer| pointer.rsplit('/').next() == Some(attribute))
}

fn says_taken(problem: &oneflow_client::Problem) -> bool {
    [&problem.title, &problem.detail].into_iter().flatten().any(|text| text.contains("taken"))
}
