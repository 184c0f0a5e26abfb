//! Why the engine could not look at a contract, or make one.

use std::{fmt, time::Duration};

use oneflow_client::{ContractId, Error};

use crate::{creation::PreflightProblem, ledger::LedgerError};

/// Why the engine could not look at a contract, or make one. `Display` holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A service could not be read, or refused.
    #[error(transparent)]
    Service(#[from] Error),
    /// A service's answer has a member that a new contract depends on and that could not be read, so none is made, and none
    /// that an earlier try has made is taken over.
    #[error(
        "`{member}` in {service}'s answer cannot be read, so no contract was created or adopted: try again later"
    )]
    AnswerUnreadable {
        /// The service.
        service: &'static str,
        /// The member of its answer.
        member: &'static str,
    },
    /// The credentials are those of another account than the one that the keys, and what is remembered, are for. Either the
    /// credentials are wrong, or the ledger is another account's.
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
    /// A service did not say which account the credentials are for, so nothing is written.
    #[error("{service} did not say which account the credentials belong to, so nothing is written")]
    AccountUnknown {
        /// The service.
        service: &'static str,
    },
    /// The plan was made by an engine for other accounts, or with another key. Nothing was asked, and nothing made.
    #[error("the plan was made for other accounts or with another key")]
    PlanOfAnotherEngine,
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The contract cannot be made as things are: all that is wrong.
    #[error("the contract cannot be created: {}", Joined(.0))]
    Preflight(Vec<PreflightProblem>),
    /// The request id was used for another candidate or template.
    #[error(
        "the request id has already been used for another candidate or template: use a new one for each contract"
    )]
    RequestReused,
    /// An earlier try may or may not have made the contract, and it was not found. In an account with more than 1,000
    /// contracts it may be there all the same, unless a data field holds the link token, by which Oneflow can search. So
    /// someone has to look: if it is there, it is linked to the candidate and kept in step as it is; if there is none, make
    /// it under a new request id.
    #[error(
        "an earlier attempt may have created the contract, but it is not among the contracts searched (1,000 at most): look for it in Oneflow before creating another"
    )]
    CreationUnknown,
    /// An earlier try has made the contract, and it is not there any more. The request id has done its work and makes no
    /// other: one that was deleted on purpose must not come back by a second try.
    #[error(
        "contract {contract}, created by an earlier attempt, was deleted, or the Oneflow user has no access to it"
    )]
    CreatedAndGone {
        /// The contract.
        contract: ContractId,
    },
    /// The contract was made, and is still a draft or does not say whether it is. Another try looks before it sends.
    #[error("contract {contract} was created, but it is not known whether it was sent")]
    NotPublished {
        /// The contract.
        contract: ContractId,
        /// Why it was not sent; `None` where Oneflow took the request and does not show a contract that was sent.
        source: Option<Error>,
    },
}

impl EngineError {
    pub(crate) fn of_unreadable(service: &'static str, member: &'static str) -> Self {
        Self::AnswerUnreadable { service, member }
    }

    /// Whether the same call may succeed later without anyone's doing.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            // What could not be read may be readable the next time.
            Self::Service(error) | Self::NotPublished { source: Some(error), .. } => {
                !error.is_terminal() || error.is_decode() || error.is_too_large()
            }
            Self::NotPublished { source: None, .. } => true,
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
            Self::NotPublished { source: None, .. }
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
