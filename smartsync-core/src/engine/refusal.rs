//! What a failed request means for the fields it was to write, and for the steps after it.

use oneflow_client::{Error, PageError, transport::Problem};

use super::{report::Next, report::Retry};
use crate::{
    candidate::DefaultField,
    outcome::{Outcome, Reason},
    plan::{FieldUpdate, FieldWrite},
};

/// What a failed request means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Why it failed.
    pub(crate) reason: Reason,
    /// Whether the steps after it would fail the same way.
    pub(crate) stops: bool,
    /// What the worker does next.
    pub(crate) next: Next,
    /// Whether the cached definitions of Teamtailor's fields and options may be out of date.
    pub(crate) definitions_are_outdated: bool,
}

impl Refusal {
    /// What a failed request means, whatever it was for. Every failure is worth another look, refused credentials
    /// too: they are not the contract's fault.
    pub(crate) fn of(error: &Error) -> Self {
        let retry = Next::Retry(Retry {
            after: error.retry_after(),
            is_common: error.is_common(),
            ..Retry::default()
        });
        if error.is_unauthorized() {
            Self::new(Reason::NotAuthorized, true, retry)
        } else if error.is_decode() || error.is_too_large() {
            Self::new(Reason::AnswerUnreadable, false, retry)
        } else if error.is_validation() {
            // A new look may not repeat what this one request was refused for.
            Self::new(Reason::Refused, false, retry)
        } else if error.is_terminal() {
            Self::new(Reason::Refused, true, retry)
        } else {
            // The service is busy or does not answer: more requests would not help. An error of this one request may
            // spare others.
            let stops = error.is_rate_limited() || error.status().is_none();
            Self::new(Reason::Unavailable, stops, retry)
        }
    }

    /// A failure that would be the same for every contract.
    pub(crate) fn for_all(reason: Reason) -> Self {
        Self::new(reason, true, Next::Retry(Retry { is_common: true, ..Retry::default() }))
    }

    /// The same for a list.
    pub(crate) fn of_list(error: &PageError) -> Self {
        match error {
            PageError::Request(error) => Self::of(error),
            // The service answered, but with a list without an end, or with an item that could not be read.
            PageError::Item { .. } | PageError::Endless | PageError::OutOfReach | _ => {
                Self::new(Reason::AnswerUnreadable, false, Next::Retry(Retry::default()))
            }
        }
    }

    /// What a failed write means. If Teamtailor's answer shows that the card is no longer what the plan saw, the next
    /// look finds out what became of it.
    pub(crate) fn of_write(write: &FieldWrite, error: &Error) -> Self {
        // One odd answer is not the last word on a candidate.
        let gone = Self::new(Reason::CandidateGone, true, Next::Retry(Retry::default()));
        let changed = Self::new(Reason::ChangedMeanwhile, false, Next::Retry(Retry::default()));
        let is_taken = || error.is_validation() && error.problems().iter().any(says_taken);
        match write {
            FieldWrite::UpdateCandidate(_) if error.is_not_found() => gone,
            // The value was there a moment ago.
            FieldWrite::UpdateCustomFieldValue(_) if error.is_not_found() => changed,
            // The candidate or the custom field is gone, and the answer does not say which.
            FieldWrite::CreateCustomFieldValue(_) if error.is_not_found() => {
                changed.with_outdated_definitions()
            }
            FieldWrite::CreateCustomFieldValue(_) if points_at(error, "owner") => gone,
            // There is a value by now.
            FieldWrite::CreateCustomFieldValue(_) if error.is_conflict() || is_taken() => changed,
            FieldWrite::CreateCustomFieldValue(_) if points_at(error, "custom-field") => {
                Self::new(Reason::UnknownCustomField, false, Next::Retry(Retry::default()))
                    .with_outdated_definitions()
            }
            FieldWrite::UpdateCandidate(_)
            | FieldWrite::CreateCustomFieldValue(_)
            | FieldWrite::UpdateCustomFieldValue(_) => Self::of(error),
        }
    }

    /// The same for one of the `count` fields that the write covers.
    pub(crate) fn of_field(self, update: &FieldUpdate, error: &Error, count: usize) -> Self {
        if self.reason != Reason::Refused || !error.is_validation() {
            return self;
        }
        match update.default_field() {
            Some(DefaultField::Email) if problems_of(error, "email").any(says_taken) => {
                Self { reason: Reason::EmailTaken, ..self }
            }
            Some(field) if count > 1 && !names(error, field) => {
                Self { reason: Reason::RefusedTogether, ..self }
            }
            _ if update.json.is_null() => Self { reason: Reason::ClearRefused, ..self },
            None if update.is_choice() => {
                Self { reason: Reason::OptionRefused, ..self }.with_outdated_definitions()
            }
            Some(_) | None => self,
        }
    }

    /// The service accepted the request, but holds another value than was sent.
    pub(crate) fn not_as_written() -> Self {
        // The field or the option may have been replaced.
        Self::new(Reason::NotAsWritten, false, Next::Retry(Retry::default())).with_outdated_definitions()
    }

    /// How a field ends for this reason: held if the card is not what it was, else failed.
    pub(crate) fn outcome(self) -> Outcome {
        let is_not_as_it_was = matches!(self.reason, Reason::CandidateGone | Reason::ChangedMeanwhile);
        if is_not_as_it_was { Outcome::Held(self.reason) } else { Outcome::Failed(self.reason) }
    }

    fn new(reason: Reason, stops: bool, next: Next) -> Self {
        Self { reason, stops, next, definitions_are_outdated: false }
    }

    /// The next look reads the definitions again.
    fn with_outdated_definitions(self) -> Self {
        Self { definitions_are_outdated: true, ..self }
    }
}

/// Whether the error is about the one thing that was asked for: without credentials or a service, nothing can be
/// read.
pub(crate) fn is_of_this_request(error: &Error) -> bool {
    error.is_decode() || error.is_terminal() && error.status().is_none_or(|status| status.as_u16() != 401)
}

/// Whether the service certainly changed nothing: the request was never sent, or was refused.
pub(crate) fn had_no_effect(error: &Error) -> bool {
    let is_refused = error.status().is_some_and(|status| status.is_client_error()) && error.is_terminal();
    error.was_never_sent() || error.is_rate_limited() || is_refused
}

/// Whether Teamtailor refused the update of the default fields for this one.
pub(crate) fn names(error: &Error, field: DefaultField) -> bool {
    points_at(error, field.attribute())
}

/// Whether Teamtailor refused a value or a link for this attribute or relationship.
pub(crate) fn points_at(error: &Error, name: &str) -> bool {
    error.is_validation() && problems_of(error, name).next().is_some()
}

/// What Teamtailor says about this attribute or relationship.
fn problems_of<'a>(error: &'a Error, name: &str) -> impl Iterator<Item = &'a Problem> {
    let points_at_it = move |problem: &&Problem| {
        problem.field.as_deref().is_some_and(|pointer| pointer.rsplit('/').next() == Some(name))
    };
    error.problems().iter().filter(points_at_it)
}

fn says_taken(problem: &Problem) -> bool {
    [&problem.title, &problem.detail].into_iter().flatten().any(|text| text.contains("taken"))
}
