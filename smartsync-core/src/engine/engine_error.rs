//! Why the engine could not look at a contract, or create one.

use std::{fmt, sync::Arc, time::Duration};

use oneflow_client::{ContractId, Error};

use crate::{creation::PreflightProblem, ledger::LedgerError};

/// Why the engine could not look at a contract, or create one. `Display` holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A service could not be read, or refused the request.
    #[error(transparent)]
    Service(#[from] Error),
    /// A member of a service's answer that a new contract depends on could not be read, so no contract is created,
    /// and none that an earlier attempt created is adopted.
    #[error(
        "`{member}` in {service}'s answer cannot be read, so no contract was created or adopted: try again later"
    )]
    AnswerUnreadable {
        /// The service.
        service: &'static str,
        /// The member of its answer.
        member: &'static str,
    },
    /// The credentials belong to another account than the one that the keys and the ledger are for. Either the
    /// credentials or the ledger is the wrong one.
    #[error(
        "the {service} credentials belong to account {found}, not to {expected} as before, so nothing is written"
    )]
    OtherAccount {
        /// The service.
        service: &'static str,
        /// The id of the account that the keys are for.
        expected: String,
        /// The id of the account that the credentials are for.
        found: String,
    },
    /// A service did not say which account the credentials belong to, so nothing is written.
    #[error("{service} did not say which account the credentials belong to, so nothing is written")]
    AccountUnknown {
        /// The service.
        service: &'static str,
    },
    /// The plan was made by an engine for other accounts, or with another key. No request was sent, and nothing
    /// created.
    #[error("the plan was made for other accounts or with another key")]
    PlanOfAnotherEngine,
    /// Another process is looking at the contract, or creating one with this request id: it holds the
    /// [lease](super::Leases). Call again once it has ended.
    #[error("another process is working on this contract or request id: try again later")]
    LeasedElsewhere,
    /// The error of a look that several callers of [`Engine::sync`](super::Engine::sync) shared.
    #[error(transparent)]
    Shared(Arc<EngineError>),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The contract cannot be created as things are: everything that stands in the way.
    #[error("the contract cannot be created: {}", Joined(.0))]
    Preflight(Vec<PreflightProblem>),
    /// The request id was used for another candidate or template.
    #[error(
        "the request id has already been used for another candidate or template: use a new one for each contract"
    )]
    RequestReused,
    /// An earlier attempt may have created the contract, but it was not found. In an account with more than 1,000
    /// contracts it may still exist, unless a data field holds the link token, by which Oneflow can search. So a
    /// person has to look: if the contract is there, it is linked to the candidate and synced as it is; if not,
    /// create it under a new request id.
    #[error(
        "an earlier attempt may have created the contract, but it is not among the contracts searched (1,000 at most): look for it in Oneflow before creating another"
    )]
    CreationUnknown,
    /// An earlier attempt created the contract, and it is not there any more. Its request id creates no other: a
    /// contract that was deleted on purpose must not come back with a second attempt.
    #[error(
        "contract {contract}, created by an earlier attempt, was deleted, or the Oneflow user has no access to it"
    )]
    CreatedAndGone {
        /// The contract.
        contract: ContractId,
    },
    /// The contract was created, but is still a draft, or does not say whether it is. Another attempt checks before
    /// it sends.
    #[error("contract {contract} was created, but it is not known whether it was sent")]
    NotPublished {
        /// The contract.
        contract: ContractId,
        /// Why it was not sent; `None` if Oneflow accepted the request but shows no contract that was sent.
        source: Option<Error>,
    },
}

impl EngineError {
    pub(crate) fn of_unreadable(service: &'static str, member: &'static str) -> Self {
        Self::AnswerUnreadable { service, member }
    }

    /// **When:** the same call may succeed later without anyone's intervention. **Then:** call it again, after [`EngineError::retry_after`] where there is one;
    /// where it is false, a person has to see to it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            // What could not be read may be readable the next time.
            Self::Service(error) | Self::NotPublished { source: Some(error), .. } => {
                !error.is_terminal() || error.is_decode() || error.is_too_large()
            }
            Self::NotPublished { source: None, .. } | Self::LeasedElsewhere => true,
            Self::Shared(error) => error.is_retryable(),
            Self::Ledger(_) | Self::AnswerUnreadable { .. } | Self::AccountUnknown { .. } => true,
            Self::Preflight(_)
            | Self::OtherAccount { .. }
            | Self::PlanOfAnotherEngine
            | Self::RequestReused
            | Self::CreationUnknown
            | Self::CreatedAndGone { .. } => false,
        }
    }

    /// How long the service asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Service(error) | Self::NotPublished { source: Some(error), .. } => error.retry_after(),
            Self::Shared(error) => error.retry_after(),
            Self::NotPublished { source: None, .. }
            | Self::LeasedElsewhere
            | Self::Ledger(_)
            | Self::AnswerUnreadable { .. }
            | Self::OtherAccount { .. }
            | Self::AccountUnknown { .. }
            | Self::PlanOfAnotherEngine
            | Self::Preflight(_)
            | Self::RequestReused
            | Self::CreationUnknown
            | Self::CreatedAndGone { .. } => None,
        }
    }
}

struct Joined<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if position == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}
