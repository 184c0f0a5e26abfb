//! How a look at a contract went: what is left, why, and what the services did for it.

use std::time::Duration;

use smartsync_core::{DocumentOutcome, EngineError, Next, Outcome, Reason, Report};
use smartsync_transport::{CauseChain, Error, StatusCode, one_line};

use crate::outages::{Cause, Errand, Trouble};

/// How a look went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing is left that another look would end otherwise.
    Done,
    /// The contract has no candidate: it is none of the sync's.
    WithoutCandidate,
    /// It has to be repeated.
    Failed(Failed),
    /// It has to be repeated by a person only.
    Never { reason: String },
}

/// A look that has to be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    /// Why. Holds no value of a field.
    pub(crate) reason: String,
    /// How long the service asks to wait.
    pub(crate) hint: Option<Duration>,
    /// What may fail other contracts as well; `None` where it is this contract's own.
    pub(crate) trouble: Option<Trouble>,
}

impl Look {
    pub(crate) fn of(result: &Result<Report, EngineError>) -> Self {
        match result {
            Ok(report) => Self::of_report(report),
            Err(error) => Self::of_error(error),
        }
    }

    /// One that did not end in time.
    pub(crate) fn without_end() -> Self {
        Self::Failed(Failed {
            reason: "the look took too long".to_owned(),
            hint: None,
            trouble: Some(Trouble { errand: Errand::Look, cause: Cause::NoAnswer }),
        })
    }

    /// One that a fault in this program broke off.
    pub(crate) fn broken_off() -> Self {
        let reason = "a fault in this program broke the look off".to_owned();
        Self::Failed(Failed { reason, hint: None, trouble: None })
    }

    fn of_error(error: &EngineError) -> Self {
        let reason = CauseChain(error).to_string();
        let trouble = if let EngineError::Service(error) = error {
            Trouble { errand: Errand::reading(error), cause: Cause::of(error) }
        } else if let EngineError::Ledger(_) = error {
            Trouble { errand: Errand::Ledger, cause: Cause::NoAnswer }
        } else if error.is_retryable() {
            // What Teamtailor has in lists is for all contracts.
            Trouble { errand: Errand::ReadCandidate, cause: Cause::Unreadable }
        } else {
            return Self::Never { reason };
        };
        Self::Failed(Failed { reason, hint: error.retry_after(), trouble: Some(trouble) })
    }

    fn of_report(report: &Report) -> Self {
        let hint = match report.next {
            Next::Done if report.is_without_candidate() => return Self::WithoutCandidate,
            Next::Done => return Self::Done,
            Next::Retry(retry) => retry.after,
            Next::Park(Reason::NotAuthorized) => None,
            Next::Park(reason) => {
                return Self::Never { reason: format!("{}: {}", reason.code(), reason.sentence()) };
            }
        };
        let reason = unsettled(report);
        if !report.is_saved {
            // What was done could not be noted.
            let trouble = Some(Trouble { errand: Errand::Ledger, cause: Cause::NoAnswer });
            return Self::Failed(Failed { reason: Reason::LedgerFailed.code().to_owned(), hint, trouble });
        }
        Self::Failed(Failed { reason, hint, trouble: trouble_of(report) })
    }
}

/// What of a report may have failed other contracts as well.
fn trouble_of(report: &Report) -> Option<Trouble> {
    let fields = report.outcomes.iter().filter_map(|field| match field.outcome {
        Outcome::Failed(reason) => Some((Errand::WriteCard, reason)),
        Outcome::Written | Outcome::Unchanged | Outcome::Held(_) | Outcome::Skipped(_) => None,
    });
    let document = match report.document {
        DocumentOutcome::Later(reason) | DocumentOutcome::Failed(reason) => {
            Some((Errand::AttachDocument, reason))
        }
        DocumentOutcome::NotDue(_) | DocumentOutcome::AlreadyThere | DocumentOutcome::Attached | _ => None,
    };
    let mut troubles = fields.chain(document).filter_map(|(errand, reason)| {
        let (errand, cause) = if reason == Reason::NotAuthorized {
            (errand, Cause::Forbidden)
        } else if reason == Reason::Unavailable {
            (errand, Cause::NoAnswer)
        } else if reason == Reason::LedgerFailed {
            (Errand::Ledger, Cause::NoAnswer)
        } else {
            return None;
        };
        Some(Trouble { errand, cause })
    });
    troubles.next()
}

/// What the services surely did for this contract.
pub(crate) fn served(result: &Result<Report, EngineError>) -> Vec<Errand> {
    let Ok(report) = result else { return Vec::new() };
    // A 404 may be all that a service says to credentials of another account.
    if report.document == DocumentOutcome::NotDue(Reason::ContractGone) {
        return Vec::new();
    }
    let all = [
        (Errand::ReadContract, true),
        (Errand::Ledger, report.next == Next::Done),
        (Errand::Look, true),
        (Errand::ReadCandidate, report.candidate.is_some()),
        (Errand::WriteCard, report.count(|outcome| outcome == Outcome::Written) > 0),
        (Errand::AttachDocument, report.document == DocumentOutcome::Attached),
    ];
    all.into_iter().filter_map(|(errand, is_done)| is_done.then_some(errand)).collect()
}

impl Errand {
    /// What was read when this error came.
    fn reading(error: &Error) -> Self {
        if error.service() == "oneflow" { Self::ReadContract } else { Self::ReadCandidate }
    }
}

impl Cause {
    fn of(error: &Error) -> Self {
        match error.status() {
            Some(StatusCode::UNAUTHORIZED) => Self::Unauthorized,
            Some(StatusCode::FORBIDDEN) => Self::Forbidden,
            _ if error.is_terminal() => Self::Unreadable,
            _ => Self::NoAnswer,
        }
    }
}

/// The codes of what is not settled: `oneflow-salary: unavailable`, `oneflow-city: answer-unreadable (value)`.
fn unsettled(report: &Report) -> String {
    let fields = report.outcomes.iter().filter(|field| !field.outcome.is_settled());
    let fields = fields.filter_map(|field| {
        let member = field.member.map(|member| format!(" ({member})")).unwrap_or_default();
        Some(format!("{}: {}{member}", one_line(&field.data_field), field.outcome.reason()?.code()))
    });
    let document = match report.document {
        DocumentOutcome::Later(reason) | DocumentOutcome::Failed(reason) => {
            Some(format!("document: {}", reason.code()))
        }
        DocumentOutcome::NotDue(_) | DocumentOutcome::AlreadyThere | DocumentOutcome::Attached | _ => None,
    };
    fields.chain(document).collect::<Vec<_>>().join(", ")
}
