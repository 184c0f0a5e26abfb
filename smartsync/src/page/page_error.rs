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
    Service(String),
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
        Self::Service(CauseChain(&error).to_string())
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
}

impl PageError {
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
            Self::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, words.store),
            Self::Service(_) => (StatusCode::BAD_GATEWAY, words.service),
            Self::Config(_) | Self::Bug => (StatusCode::INTERNAL_SERVER_ERROR, words.bug),
        };
        let detail = match self {
            Self::Store(error) => Some(CauseChain(error).to_string()),
            Self::Service(detail) => Some(detail.clone()),
            Self::Config(error) => Some(CauseChain(error).to_string()),
            Self::NotFound
            | Self::WrongHost
            | Self::ThroughProxy
            | Self::WrongForm
            | Self::TooLarge
            | Self::UnknownReason
            | Self::TooManyJobs
            | Self::Bug => None,
        };
        (status, ErrorView { w: WORDS, text, detail })
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if matches!(self, Self::Store(_) | Self::Config(_) | Self::Bug) {
            tracing::warn!(error = ?self, "a view of the page could not be made");
        }
        let (status, view) = self.view();
        html_with(status, &view).unwrap_or_else(|_| status.into_response())
    }
}
