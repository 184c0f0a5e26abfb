//! Why a client cannot be built as configured.

use crate::build_error::BuildError;

/// A client that cannot be built as configured. It names the setting, and never repeats its value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The base URL cannot be used in a request.
    #[error(transparent)]
    Request(#[from] BuildError),
    /// No transport was given, and the crate was built without the feature `reqwest`.
    #[error("no transport is set: set `transport`, or enable the feature `reqwest`")]
    NoTransport,
    /// This setting needs somebody to wait, and there is nobody: no `sleep` was given, and the crate was built without the feature
    /// `reqwest`.
    #[error("`{0}` is set, but nothing can wait: set `sleep` as well, or enable the feature `reqwest`")]
    NoSleep(&'static str),
    /// A limiter was given, and the sleep has no clock to measure by.
    #[error("`limiter` is set, but `sleep` has no clock: let its `now` return the time")]
    NoClock,
    /// The base URL is https, and the crate was built without TLS.
    #[error(
        "the base URL is https, and the crate was built without TLS: enable one of the features `rustls`, `rustls-ring` and \
         `native-tls`, or set `http_client`"
    )]
    NoTls,
    /// A required setting was not given.
    #[error("`{0}` is not set")]
    Missing(&'static str),
    /// A setting was given that cannot be used.
    #[error("`{setting}` {why}")]
    Unusable {
        /// The setting: the name of the builder's method.
        setting: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Two settings were given of which one would have no effect.
    #[error("`{setting}` has no effect beside `{beside}`: set it there")]
    Conflict {
        /// The setting that would have no effect.
        setting: &'static str,
        /// The one that takes its place.
        beside: &'static str,
    },
    /// The base URL has a user name or a password in it, which would be printed and sent where no one looks for it.
    #[error("the base URL contains a user name or a password: set the credentials separately")]
    UserInBaseUrl,
    /// The HTTP stack could not be set up.
    #[error("the HTTP stack could not be set up")]
    Stack(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ConfigError {
    pub(crate) const USER_AGENT: Self = Self::Unusable {
        setting: "user_agent",
        why: "contains a line break or another character that HTTP does not allow",
    };
}
