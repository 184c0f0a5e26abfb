//! The client: credentials, API version and base URL of Teamtailor.

use std::{fmt, ops::Deref, time::Duration};

use http::{HeaderName, header};
use smartsync_transport::{
    ApiClient, ApiClientBuilder, BuildError, ConfigError, ExposeSecret, Problem, SecretString, Service, Url,
    credential, versioned_base_url,
};

use crate::problem;

/// Base URL for companies on the European stack. The default.
///
/// A company is on one stack and stays there. A key of one stack is answered with 401 on another, like a wrong key: the page of the API
/// keys in Teamtailor shows which it is (unconfirmed).
pub const EU_BASE_URL: &str = "https://api.teamtailor.com";
/// Base URL for companies on the North American stack: see [`EU_BASE_URL`].
pub const NA_BASE_URL: &str = "https://api.na.teamtailor.com";
/// Base URL for companies on the Asia-Pacific stack: see [`EU_BASE_URL`].
///
/// The host says `au`, and Teamtailor's documentation names it for the partner API only. That the public API is there as well is not
/// documented (unconfirmed; source: several programs in use).
pub const AP_BASE_URL: &str = "https://api.au.teamtailor.com";
/// The dated version of the API that this crate is written for.
pub const DEFAULT_API_VERSION: &str = "20240904";
/// 50 requests in 10 seconds are allowed for each key; a few are left for requests that are still under way when a period ends.
const MAX_REQUESTS: usize = 48;
const PERIOD: Duration = Duration::from_secs(10);

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Teamtailor's public API, as the service that operations belong to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Teamtailor;

impl Service for Teamtailor {
    const NAME: &'static str = "teamtailor";
    const ACCEPT: &'static str = "application/vnd.api+json";
    const TITLES: &'static [&'static str] = problem::TITLES;
    const NAMES: &'static [&'static str] = problem::NAMES;

    fn problems(body: &[u8]) -> Vec<Problem> {
        problem::read(body)
    }
}

/// Sends operations to Teamtailor. Cheap to clone: build it once and keep it, since connections and what is left of the rate limit are
/// forgotten with the last client of a key.
///
/// It derefs to [`ApiClient`], which has `send`, `send_opt`, `send_full`, `pages`, `prepare` and `finish`. Methods such
/// as [`TeamtailorClient::candidates`] name the operations by resource.
#[derive(Clone, Debug)]
pub struct TeamtailorClient(ApiClient<Teamtailor>);

impl TeamtailorClient {
    /// A builder. Only the API key is required.
    ///
    /// ```
    /// use teamtailor_client::{NA_BASE_URL, SecretString, TeamtailorClient};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "reqwest")] {
    /// let teamtailor = TeamtailorClient::builder()
    ///     .api_key("a-key")
    ///     .base_url(NA_BASE_URL.parse()?)
    ///     .build()?;
    /// assert_eq!(teamtailor.base_url().as_str(), "https://api.na.teamtailor.com/v1");
    /// # }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> TeamtailorClientBuilder {
        TeamtailorClientBuilder {
            api: ApiClient::builder()
                .documented_limit(header::AUTHORIZATION, MAX_REQUESTS, PERIOD)
                .user_agent(USER_AGENT),
            api_key: None,
            base_url: None,
            api_version: DEFAULT_API_VERSION.to_owned(),
        }
    }
}

impl Deref for TeamtailorClient {
    type Target = ApiClient<Teamtailor>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Builds a [`TeamtailorClient`].
pub struct TeamtailorClientBuilder {
    api: ApiClientBuilder<Teamtailor>,
    api_key: Option<SecretString>,
    base_url: Option<Url>,
    api_version: String,
}

impl TeamtailorClientBuilder {
    /// The API key. Required. To update candidates it needs the scope Admin and the permission Read/Write. The line end that a file
    /// leaves behind it is taken off.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The dated version of the API, as `YYYYMMDD`. Default is [`DEFAULT_API_VERSION`].
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = version.into();
        self
    }

    smartsync_transport::client_settings! {
        /// The base URL of the company's stack, with or without `/v1`: [`EU_BASE_URL`] unless set, or [`NA_BASE_URL`], [`AP_BASE_URL`].
        ///
        /// A key of another stack is answered with 401, like a wrong key.
        base_url
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the setting that is missing, cannot be used, or has no effect beside another.
    pub fn build(self) -> Result<TeamtailorClient, ConfigError> {
        let key = credential("api_key", self.api_key.ok_or(ConfigError::Missing("api_key"))?)?;
        let version = credential("api_version", self.api_version.into())?;
        let authorization = SecretString::from(format!("Token token={}", key.expose_secret()));
        let base_url = match self.base_url {
            Some(url) => url,
            None => EU_BASE_URL.parse().map_err(|_| BuildError::Url)?,
        };
        let client = self
            .api
            .base_url(versioned_base_url(base_url, "v1")?)
            .credential(header::AUTHORIZATION, authorization)
            .credential(HeaderName::from_static("x-api-version"), version);
        client.build().map(TeamtailorClient)
    }
}

impl fmt::Debug for TeamtailorClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TeamtailorClientBuilder")
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .field("api_version", &self.api_version)
            .finish_non_exhaustive()
    }
}
