//! The client: base URL and credentials of one account.

use std::{fmt, ops::Deref, time::Duration};

use http::HeaderName;
use smartsync_transport::{
    ApiClient, ApiClientBuilder, BuildError, ConfigError, Problem, SecretString, Service, Url, credential,
    versioned_base_url,
};

use crate::problem;

/// Oneflow's public REST API.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a name for a type parameter; it holds nothing")]
pub struct Oneflow;

impl Service for Oneflow {
    const NAME: &'static str = "oneflow";
    const ACCEPT: &'static str = "application/json";
    const NAMES: &'static [&'static str] = problem::NAMES;

    fn problems(body: &[u8]) -> Vec<Problem> {
        problem::read(body)
    }
}

const PRODUCTION: &str = "https://api.oneflow.com/v1";
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
const TOKEN: HeaderName = HeaderName::from_static("x-oneflow-api-token");
const USER: HeaderName = HeaderName::from_static("x-oneflow-user-email");
/// 2,000 requests in 5 minutes are allowed for each token; a few are left for requests that are still under way when a period ends.
const MAX_REQUESTS: usize = 1_900;
const PERIOD: Duration = Duration::from_secs(300);

/// A client for one Oneflow account. Cheap to clone: build it once and keep it, since connections and what is left of the rate limit
/// are forgotten with the last client of a token.
///
/// It sends operations ([`ApiClient::send`]) and groups them by resource: `client.contracts().get(42)`.
#[derive(Clone, Debug)]
pub struct OneflowClient(ApiClient<Oneflow>);

impl OneflowClient {
    /// A builder. The token is required, the rest has defaults.
    #[must_use]
    pub fn builder() -> OneflowClientBuilder {
        OneflowClientBuilder {
            api: ApiClient::builder().documented_limit(TOKEN, MAX_REQUESTS, PERIOD).user_agent(USER_AGENT),
            token: None,
            user_email: None,
            base_url: None,
        }
    }
}

impl Deref for OneflowClient {
    type Target = ApiClient<Oneflow>;

    fn deref(&self) -> &ApiClient<Oneflow> {
        &self.0
    }
}

/// Builds an [`OneflowClient`].
pub struct OneflowClientBuilder {
    api: ApiClientBuilder<Oneflow>,
    token: Option<SecretString>,
    user_email: Option<SecretString>,
    base_url: Option<Url>,
}

/// A base URL can hold a password, so only its origin is printed.
impl fmt::Debug for OneflowClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneflowClientBuilder")
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .finish_non_exhaustive()
    }
}

impl OneflowClientBuilder {
    /// The API token of the account. Required. The line end that a file leaves behind it is taken off.
    #[must_use]
    pub fn api_token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The e-mail of the user whose permissions count. Most operations that create or change something need it; without
    /// it, Oneflow acts as an anonymous administrator.
    #[must_use]
    pub fn user_email(mut self, email: impl Into<SecretString>) -> Self {
        self.user_email = Some(email.into());
        self
    }

    smartsync_transport::client_settings! {
        /// Another base URL than `https://api.oneflow.com/v1`, with or without `/v1`.
        base_url
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the setting that is missing, cannot be used, or has no effect beside another.
    pub fn build(self) -> Result<OneflowClient, ConfigError> {
        let token = credential("api_token", self.token.ok_or(ConfigError::Missing("api_token"))?)?;
        let base_url = match self.base_url {
            Some(base_url) => base_url,
            None => Url::parse(PRODUCTION).map_err(|_| BuildError::Url)?,
        };
        let base_url = versioned_base_url(base_url, "v1")?;
        let mut builder = self.api.base_url(base_url).credential(TOKEN, token);
        if let Some(email) = self.user_email {
            builder = builder.credential(USER, credential("user_email", email)?);
        }
        builder.build().map(OneflowClient)
    }
}
