//! Why there is no view.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use smartsync_core::EngineError;
use smartsync_transport::CauseChain;

use super::answer::html_with;
use crate::{
    config::ConfigError,
    engine::DecisionError,
    store::StoreError,
    words::{WORDS, Words},
};

/// Why there is no view. Of what failed, it shows what the log would: no value of a field.
#[derive(Debug)]
pub(super) enum PageError {
    NotFound,
    /// The browser has called us by the name of another machine.
    WrongHost,
    /// A proxy has passed it on, and there is no token.
    ThroughProxy,
    /// The form is not one that this browser was given.
    WrongForm,
    TooLarge,
    /// A form names a reason that there is not.
    UnknownReason,
    /// So many go on over many contracts that there is no room for another.
    TooManyJobs,
    Store(StoreError),
    /// The same by way of the engine.
    Ledger(String),
    Service(String),
    /// The credentials are for another account, or nobody says for which.
    Account(String),
    /// Somebody else looks at the contract.
    Leased,
    /// A decision whose end is not known.
    BrokenOff {
        /// Where the contract is.
        contract: String,
    },
    /// What the engine says of what the page does not ask for.
    Unexpected(String),
    Config(ConfigError),
    /// A template, or the system's random bytes.
    Bug,
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<EngineError> for PageError {
    fn from(error: EngineError) -> Self {
        Self::of_engine(&error)
    }
}

impl From<ConfigError> for PageError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

#[derive(Template)]
#[template(path = "page/error.html")]
struct ErrorView {
    w: &'static Words,
    text: &'static str,
    detail: Option<String>,
    /// A contract that can be looked at instead.
    contract: Option<String>,
}

impl PageError {
    fn of_engine(error: &EngineError) -> Self {
        let said = || CauseChain(error).to_string();
        match error {
            EngineError::Service(_) | EngineError::AnswerUnreadable { .. } => Self::Service(said()),
            EngineError::OtherAccount { .. } | EngineError::AccountUnknown { .. } => Self::Account(said()),
            EngineError::Ledger(_) => Self::Ledger(said()),
            EngineError::LeasedElsewhere => Self::Leased,
            EngineError::Shared(error) => Self::of_engine(error),
            EngineError::PlanOfAnotherEngine
            | EngineError::Preflight(_)
            | EngineError::RequestReused
            | EngineError::CreationUnknown
            | EngineError::CreatedAndGone { .. }
            | EngineError::NotPublished { .. }
            | _ => Self::Unexpected(said()),
        }
    }

    /// Why a decision on the contract at this address did not come to its end.
    pub(super) fn of_decision(error: DecisionError, contract: String) -> Self {
        match error {
            DecisionError::Busy => Self::Leased,
            DecisionError::Lapsed => Self::BrokenOff { contract },
            DecisionError::Engine(error) => error.into(),
            DecisionError::Store(error) => error.into(),
        }
    }

    fn view(&self) -> (StatusCode, ErrorView) {
        let words = &WORDS.error;
        let (status, text) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, words.not_found),
            Self::WrongHost => (StatusCode::MISDIRECTED_REQUEST, words.wrong_host),
            Self::ThroughProxy => (StatusCode::FORBIDDEN, words.through_proxy),
            Self::WrongForm => (StatusCode::FORBIDDEN, words.wrong_form),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, words.too_large),
            Self::UnknownReason => (StatusCode::BAD_REQUEST, words.unknown_reason),
            Self::TooManyJobs => (StatusCode::CONFLICT, words.too_many_jobs),
            Self::Store(_) | Self::Ledger(_) => (StatusCode::SERVICE_UNAVAILABLE, words.store),
            Self::Service(_) => (StatusCode::BAD_GATEWAY, words.service),
            Self::Account(_) => (StatusCode::BAD_GATEWAY, words.account),
            Self::Leased => (StatusCode::CONFLICT, WORDS.decide.busy),
            Self::BrokenOff { .. } => (StatusCode::INTERNAL_SERVER_ERROR, words.broken_off),
            Self::Unexpected(_) | Self::Config(_) | Self::Bug => {
                (StatusCode::INTERNAL_SERVER_ERROR, words.bug)
            }
        };
        let detail = match self {
            Self::Store(error) => Some(CauseChain(error).to_string()),
            Self::Ledger(detail)
            | Self::Service(detail)
            | Self::Account(detail)
            | Self::Unexpected(detail) => Some(detail.clone()),
            Self::Config(error) => Some(CauseChain(error).to_string()),
            Self::NotFound
            | Self::WrongHost
            | Self::ThroughProxy
            | Self::WrongForm
            | Self::TooLarge
            | Self::UnknownReason
            | Self::TooManyJobs
            | Self::Leased
            | Self::BrokenOff { .. }
            | Self::Bug => None,
        };
        let contract = if let Self::BrokenOff { contract } = self { Some(contract.clone()) } else { None };
        (status, ErrorView { w: WORDS, text, detail, contract })
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let is_ours = matches!(
            self,
            Self::Store(_)
                | Self::Ledger(_)
                | Self::BrokenOff { .. }
                | Self::Unexpected(_)
                | Self::Config(_)
                | Self::Bug
        );
        if is_ours {
            tracing::warn!(error = ?self, "a view of the page could not be made");
        }
        let (status, view) = self.view();
        html_with(status, &view).unwrap_or_else(|_| status.into_response())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use smartsync_core::LedgerError;

    use super::*;

    fn shown(error: PageError) -> (u16, String) {
        let (status, view) = error.view();
        (status.as_u16(), view.render().unwrap())
    }

    #[test]
    fn what_the_engine_says_is_told_as_what_it_is() {
        let unreadable = || EngineError::AnswerUnreadable { service: "Oneflow", member: "id" };
        let ledger = || EngineError::Ledger(LedgerError::new(StoreError::Busy));
        let words = &WORDS.error;
        for (error, status, text) in [
            (unreadable(), 502, words.service),
            (EngineError::Shared(Arc::new(unreadable())), 502, words.service),
            (ledger(), 503, "The database could not be read or written."),
            (EngineError::Shared(Arc::new(ledger())), 503, "The database could not be read or written."),
            (EngineError::AccountUnknown { service: "Oneflow" }, 502, words.account),
            (EngineError::LeasedElsewhere, 409, WORDS.decide.busy),
            (EngineError::PlanOfAnotherEngine, 500, words.bug),
        ] {
            let said = error.to_string();
            let (told, view) = shown(error.into());
            assert!(told == status && view.contains(text), "{said}: {told} {view}");
            assert_eq!(view.contains(words.service), text == words.service, "{said}");
        }
    }

    #[test]
    fn a_decision_whose_claim_has_lapsed_leads_to_its_contract_and_to_no_service() {
        let contract = "/t/acme-se/contracts/9001";
        let (status, view) = shown(PageError::of_decision(DecisionError::Lapsed, contract.to_owned()));
        assert_eq!(status, 500);
        for said in ["the claim on the contract lapses", "is not known", "href=\"/t/acme-se/contracts/9001\""]
        {
            assert!(view.contains(said), "{said}: {view}");
        }
        assert!(!view.contains(WORDS.error.service), "{view}");
        let store = PageError::of_decision(StoreError::Busy.into(), contract.to_owned());
        assert_eq!(shown(store).0, 503);
    }
}
