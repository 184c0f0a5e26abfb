//! How a look at a contract went: what is left, why, and what the services did for it.

use std::time::Duration;

use smartsync_core::{DocumentOutcome, EngineError, Next, Outcome, Reason, Report, Retry};
use smartsync_transport::{CauseChain, Error, StatusCode, one_line};

use crate::{
    server::{
        blame::{Cause, Errand, Trouble},
        things_to_do::needs_a_person,
    },
    store::LONGEST_WAIT,
};

/// What is said of a look that a fault in this program broke off.
pub(crate) const BROKEN_OFF: &str = "a bug in this program interrupted the look";

/// How a look went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FollowUp {
    /// Nothing is left that another look would end otherwise.
    Done,
    /// The contract has no candidate: it is none of the sync's.
    WithoutCandidate,
    /// Nothing failed, and what would overwrite more than is allowed waits for room, which is there after this time.
    NoRoom { reason: String, wait: Duration },
    /// It has to be repeated.
    Failed(Failed),
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
    /// Whether it is logged as a thing to do, if it is this contract's own.
    pub(crate) is_thing_to_do: bool,
}

impl FollowUp {
    pub(crate) fn of(result: &Result<Report, EngineError>) -> Self {
        match result {
            Ok(report) => Self::of_report(report),
            Err(error) => Self::of_error(error),
        }
    }

    /// One that did not end in time.
    pub(crate) fn without_end() -> Self {
        let trouble = Trouble { errand: Errand::Look, cause: Cause::NoAnswer };
        Self::Failed(Failed::new("the look took too long", None, Some(trouble)))
    }

    /// One that a fault in this program broke off.
    pub(crate) fn broken_off() -> Self {
        Self::Failed(Failed::new(BROKEN_OFF, None, None))
    }

    fn of_error(error: &EngineError) -> Self {
        if let EngineError::Shared(error) = error {
            return Self::of_error(error);
        }
        let trouble = if let EngineError::Service(error) = error {
            Trouble { errand: Errand::reading(error), cause: Cause::of(error) }
        } else if let EngineError::Ledger(_) = error {
            Trouble { errand: Errand::Ledger, cause: Cause::NoAnswer }
        } else if let EngineError::LeasedElsewhere = error {
            // Its lease ends within a minute, and no other contract waits for it.
            return Self::Failed(Failed::new(error.to_string(), None, None));
        } else if let EngineError::OtherAccount { .. } = error {
            Trouble::OTHER_ACCOUNT
        } else if let EngineError::AccountUnknown { .. } = error {
            Trouble { errand: Errand::Accounts, cause: Cause::Common }
        } else {
            // What else a look reads are Teamtailor's lists, which are for all contracts.
            Trouble { errand: Errand::ReadCandidate, cause: Cause::Common }
        };
        Self::Failed(Failed::new(CauseChain(error).to_string(), error.retry_after(), Some(trouble)))
    }

    fn of_report(report: &Report) -> Self {
        if report.document == DocumentOutcome::NotDue(Reason::ContractGone) {
            return Self::Failed(Failed::new(Reason::ContractGone.code(), None, Some(Trouble::NO_CONTRACT)));
        }
        let retry = match report.next {
            Next::Done if report.is_without_candidate() => return Self::WithoutCandidate,
            Next::Done => return Self::Done,
            Next::Retry(retry) => retry,
        };
        if !report.is_saved {
            // What was done could not be noted.
            let trouble = Trouble { errand: Errand::Ledger, cause: Cause::NoAnswer };
            return Self::Failed(Failed::new(Reason::LedgerFailed.code(), retry.after, Some(trouble)));
        }
        if retry.waits_for_limit {
            let wait = retry.after.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
            return Self::NoRoom { reason: codes(report), wait };
        }
        let is_thing_to_do = unsettled(report).any(|(_, reason)| needs_a_person(reason));
        let failed = Failed::new(codes(report), retry.after, trouble_of(report, retry));
        Self::Failed(Failed { is_thing_to_do, ..failed })
    }
}

impl Failed {
    fn new(reason: impl Into<String>, hint: Option<Duration>, trouble: Option<Trouble>) -> Self {
        Self { reason: reason.into(), hint, trouble, is_thing_to_do: false }
    }
}

/// What of a report may have failed other contracts as well.
fn trouble_of(report: &Report, retry: Retry) -> Option<Trouble> {
    // Teamtailor's custom fields are one list for all contracts.
    if report.unsettled().any(|field| field.member == Some("custom-fields")) {
        return Some(Trouble { errand: Errand::ReadCandidate, cause: Cause::Common });
    }
    let trouble = unsettled(report).find_map(|(errand, reason)| Trouble::of(errand, reason))?;
    let cause = if !retry.is_common {
        trouble.cause
    } else if trouble.cause == Cause::Forbidden {
        Cause::Unauthorized
    } else {
        Cause::Common
    };
    Some(Trouble { cause, ..trouble })
}

/// What is not settled: at which errand, and why.
fn unsettled(report: &Report) -> impl Iterator<Item = (Errand, Reason)> {
    let fields = report.unsettled().filter_map(|field| Some((Errand::WriteCard, field.outcome.reason()?)));
    fields.chain(report.document.left().map(|reason| (Errand::AttachDocument, reason)))
}

impl Trouble {
    /// Oneflow does not show the contract.
    pub(crate) const NO_CONTRACT: Self = Self { errand: Errand::ReadContract, cause: Cause::Gone };

    /// The credentials are of another account: unlike an outage, that never ends by itself.
    pub(crate) const OTHER_ACCOUNT: Self = Self { errand: Errand::Accounts, cause: Cause::Unauthorized };

    /// Of a reason that an errand met. `None` for what is in the contract, the card or the mapping.
    fn of(errand: Errand, reason: Reason) -> Option<Self> {
        let is_unusable = matches!(
            reason,
            Reason::AnswerUnreadable
                | Reason::Refused
                | Reason::ChangedMeanwhile
                | Reason::AddressNotPublic
                | Reason::DocumentHostFailed
                | Reason::DocumentRefused
                | Reason::FileNotReady
                | Reason::FileWithoutAddress
                | Reason::UploadsUnknown
        );
        let (errand, cause) = if reason == Reason::NotAuthorized {
            (errand, Cause::Forbidden)
        } else if reason == Reason::OtherAccount {
            return Some(Self::OTHER_ACCOUNT);
        } else if reason == Reason::Unavailable {
            (errand, Cause::NoAnswer)
        } else if reason == Reason::LedgerFailed {
            (Errand::Ledger, Cause::NoAnswer)
        } else if reason == Reason::CandidateGone {
            (Errand::ReadCandidate, Cause::Gone)
        } else if matches!(reason, Reason::ContractStateUnknown | Reason::OtherContractUnreadable) {
            (Errand::ReadContract, Cause::Unreadable)
        } else if is_unusable {
            (errand, Cause::Unreadable)
        } else {
            return None;
        };
        Some(Self { errand, cause })
    }
}

/// What the services surely did for this contract.
pub(crate) fn served(result: &Result<Report, EngineError>) -> Vec<Errand> {
    let Ok(report) = result else { return Vec::new() };
    // A 404 may be all that a service says to credentials of another account.
    if report.document == DocumentOutcome::NotDue(Reason::ContractGone) {
        return Vec::new();
    }
    let all = [
        (Errand::Accounts, true),
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
    pub(crate) fn reading(error: &Error) -> Self {
        if error.service() == "oneflow" { Self::ReadContract } else { Self::ReadCandidate }
    }
}

impl Cause {
    /// Why a look could not read what it needs.
    fn of(error: &Error) -> Self {
        // Whatever is not this contract or its candidate is a list, which is read for all of them.
        let is_of_one = ["get_contract", "get_candidate"].contains(&error.operation());
        match error.status() {
            Some(StatusCode::UNAUTHORIZED) => Self::Unauthorized,
            _ if error.is_common() || !is_of_one => Self::Common,
            Some(StatusCode::FORBIDDEN) => Self::Forbidden,
            _ if error.is_terminal() => Self::Unreadable,
            _ => Self::NoAnswer,
        }
    }
}

/// The codes of what is not settled: `oneflow-salary: unavailable`, `oneflow-city: answer-unreadable (value)`.
fn codes(report: &Report) -> String {
    let fields = report.unsettled().filter_map(|field| {
        let member = field.member.map(|member| format!(" ({member})")).unwrap_or_default();
        Some(format!("{}: {}{member}", one_line(&field.data_field), field.outcome.reason()?.code()))
    });
    let document = report.document.left().map(|reason| format!("document: {}", reason.code()));
    fields.chain(document).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn that_another_process_has_the_contract_is_no_outage() {
        let elsewhere = EngineError::LeasedElsewhere;
        let shared = EngineError::Shared(Arc::new(EngineError::LeasedElsewhere));
        for error in [elsewhere, shared] {
            let FollowUp::Failed(failed) = FollowUp::of(&Err(error)) else { panic!("it has to be repeated") };
            assert_eq!(failed.trouble, None, "{}", failed.reason);
        }
    }
}
