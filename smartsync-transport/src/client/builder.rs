//! Builds a client.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ApiClient, Inner};
use crate::{
    base_url, config_error::ConfigError, endpoint::Service, limiter::Limiter, retry::RetryPolicy,
    retry_quota::RetryQuota, shared_limiters::DocumentedLimit, sleep::Sleep, transport::Transport,
};
#[cfg(feature = "reqwest")]
use crate::{
    reqwest_transport::{ReqwestTransport, ReqwestTransportBuilder},
    sleep::TokioSleep,
};

/// Builds an [`ApiClient`].
pub struct ApiClientBuilder<S> {
    base_url: Option<Url>,
    credentials: Vec<(HeaderName, SecretString)>,
    headers: Vec<(String, SecretString)>,
    user_agent: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    #[cfg(feature = "reqwest")]
    default_transport: ReqwestTransportBuilder,
    sleep: Option<Arc<dyn Sleep>>,
    retry: Option<RetryPolicy>,
    limiter: Option<Limiter>,
    documented_limit: Option<(HeaderName, DocumentedLimit)>,
    allows_foreign_links: bool,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ApiClient<S> {
    /// A builder. The base URL is required.
    #[must_use]
    pub fn builder() -> ApiClientBuilder<S> {
        ApiClientBuilder {
            base_url: None,
            credentials: Vec::new(),
            headers: Vec::new(),
            user_agent: None,
            transport: None,
            #[cfg(feature = "reqwest")]
            default_transport: ReqwestTransport::builder(),
            sleep: None,
            retry: None,
            limiter: None,
            documented_limit: None,
            allows_foreign_links: false,
            service: PhantomData,
        }
    }
}

impl<S: Service> ApiClientBuilder<S> {
    /// The base URL of the service: every operation's path is appended to it.
    #[must_use]
    pub fn base_url(mut self, base_url: Url) -> Self {
        self.base_url = Some(base_url);
        self
    }

    /// Sends a credential with every request to the service, as the header `name`. [`credential`](crate::credential()) makes of what a
    /// user gave what can be sent.
    #[must_use]
    pub fn credential(mut self, name: HeaderName, value: SecretString) -> Self {
        self.credentials.push((name, value));
        self
    }

    /// Sends the header `name` with every request to the service, though not with those for files. Its value is treated as a secret.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The header `User-Agent` of every request to the service.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Carries the requests over `transport`.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Changes the default transport, if it is to be used: see [`ReqwestTransportBuilder`].
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn with_reqwest(
        mut self,
        change: impl FnOnce(ReqwestTransportBuilder) -> ReqwestTransportBuilder,
    ) -> Self {
        self.default_transport = change(self.default_transport);
        self
    }

    /// Waits with `sleep` between two tries and for the rate limit. With the feature `reqwest` this is
    /// [`TokioSleep`](crate::TokioSleep) unless set; without it, nothing is retried and no rate limit kept unless set.
    #[must_use]
    pub fn sleep(mut self, sleep: impl Sleep + 'static) -> Self {
        self.sleep = Some(Arc::new(sleep));
        self
    }

    /// Keeps inside the service's rate limit with `limiter`, which it shares with the clients that were given a clone of it, and
    /// with nobody else.
    #[must_use]
    pub fn limiter(mut self, limiter: Limiter) -> Self {
        self.limiter = Some(limiter);
        self
    }

    /// Keeps inside the limit that the service documents for each key, unless [`limiter`](Self::limiter) is set. The key is the
    /// value of the header `key`. All clients in this process of one key and base URL share that limit, if their
    /// [`Sleep`]s [share a clock](Sleep::shared_clock) as well.
    #[must_use]
    pub fn documented_limit(mut self, key: HeaderName, requests: usize, period: Duration) -> Self {
        self.documented_limit = Some((key, DocumentedLimit { requests, period }));
        self
    }

    /// Decides on retries by `policy`.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Follows a link to the next page that names another origin than the base URL: for a gateway in front of a service that writes
    /// links to itself. Such a link is an error unless this is set. Only its query is ever used, so no request and no credential
    /// goes to another origin than the base URL's either way.
    #[must_use]
    pub fn allow_foreign_next_links(mut self) -> Self {
        self.allows_foreign_links = true;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says which setting is missing or unusable.
    pub fn build(mut self) -> Result<ApiClient<S>, ConfigError> {
        let headers = self.headers()?;
        let base_url = self.base_url.take().ok_or(ConfigError::Missing("base_url"))?;
        base_url::check(&base_url)?;
        #[cfg(feature = "reqwest")]
        if self.transport.is_none() {
            let transport = std::mem::take(&mut self.default_transport);
            let transport = match self.user_agent.take() {
                Some(name) => transport.user_agent(name),
                None => transport,
            };
            self.transport = Some(Arc::new(transport.build(&base_url)?));
        } else if let Some(setting) = self.default_transport.first_set() {
            return Err(ConfigError::Conflict { setting, beside: "transport" });
        }
        #[cfg(feature = "reqwest")]
        if self.sleep.is_none() {
            self.sleep = Some(Arc::new(TokioSleep));
        }
        self.check_sleep()?;
        let limiter = self.limiter_for(&base_url, &headers);
        let transport = self.transport.ok_or(ConfigError::NoTransport)?;
        let inner = Inner {
            base_url,
            headers,
            transport,
            sleep: self.sleep,
            retry: self.retry.unwrap_or_default(),
            quota: RetryQuota::full(),
            limiter,
            allows_foreign_links: self.allows_foreign_links,
        };
        Ok(ApiClient { inner: Arc::new(inner), service: PhantomData })
    }

    /// What was set must not be without effect since nothing can wait.
    fn check_sleep(&self) -> Result<(), ConfigError> {
        let has_limit = self.limiter.as_ref().is_some_and(Limiter::has_limit);
        match &self.sleep {
            None if has_limit => Err(ConfigError::NoSleep("limiter")),
            None if self.retry.as_ref().is_some_and(RetryPolicy::retries) => {
                Err(ConfigError::NoSleep("retry"))
            }
            Some(sleep) if has_limit && sleep.now().is_none() => Err(ConfigError::NoClock),
            _ => Ok(()),
        }
    }

    /// The limiter that was given, else the one of the key.
    fn limiter_for(&self, base_url: &Url, headers: &HeaderMap) -> Limiter {
        if let Some(limiter) = &self.limiter {
            return limiter.clone();
        }
        let (Some((key, limit)), Some(sleep)) = (&self.documented_limit, &self.sleep) else {
            return Limiter::none();
        };
        match (headers.get(key), sleep.shared_clock()) {
            (Some(key), Some(clock)) => limit.shared(base_url, key.as_bytes(), clock),
            (_, _) => limit.unshared(),
        }
    }
}

impl<S> ApiClientBuilder<S> {
    /// The headers of every request.
    fn headers(&self) -> Result<HeaderMap, ConfigError>
    where
        S: Service,
    {
        let mut headers = HeaderMap::new();
        if let Some(name) = &self.user_agent {
            let name = HeaderValue::from_str(name).map_err(|_| ConfigError::USER_AGENT)?;
            headers.insert(header::USER_AGENT, name);
        }
        headers.insert(header::ACCEPT, HeaderValue::from_static(S::ACCEPT));
        let unusable = |why| ConfigError::Unusable { setting: "header", why };
        for (name, value) in &self.credentials {
            let value = sensitive(value.expose_secret());
            headers.insert(name.clone(), value.ok_or(unusable("has a value that HTTP does not allow"))?);
        }
        for (name, value) in &self.headers {
            let name =
                name.parse::<HeaderName>().map_err(|_| unusable("has a name that HTTP does not allow"))?;
            if headers.contains_key(&name) || OF_THE_CLIENT.contains(&name) || OF_THE_MESSAGE.contains(&name)
            {
                return Err(unusable(
                    "has a name that is set already, by another `header` or by the client itself",
                ));
            }
            let value = sensitive(value.expose_secret());
            headers.insert(name, value.ok_or(unusable("has a value that HTTP does not allow"))?);
        }
        Ok(headers)
    }
}

/// Headers that say where a request goes and where it ends: those of the connection, whoever asks.
pub(super) const OF_THE_MESSAGE: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::HOST, header::TRANSFER_ENCODING];
/// Headers that say what is in a request, and who sends it.
const OF_THE_CLIENT: [HeaderName; 2] = [header::CONTENT_TYPE, header::USER_AGENT];

/// The value of a header, which no `Debug` prints.
pub(super) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl<S: Service> fmt::Debug for ApiClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClientBuilder")
            .field("service", &S::NAME)
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .finish_non_exhaustive()
    }
}
