//! Builds a client.

use std::{fmt, marker::PhantomData, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ApiClient, Inner};
use crate::{
    base_url, config_error::ConfigError, endpoint::Service, limiter::Limiter, retry::RetryPolicy,
    retry_quota::RetryQuota, sleep::Sleep, transport::Transport,
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
    retry: RetryPolicy,
    limiter: Option<Limiter>,
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
            retry: RetryPolicy::default(),
            limiter: None,
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

    /// Waits with `sleep` between two tries; without one there are no retries.
    #[must_use]
    pub fn sleep(mut self, sleep: impl Sleep + 'static) -> Self {
        self.sleep = Some(Arc::new(sleep));
        self
    }

    /// Keeps inside the service's rate limit with `limiter`. Give every client of one API key a clone of the same one.
    #[must_use]
    pub fn limiter(mut self, limiter: Limiter) -> Self {
        self.limiter = Some(limiter);
        self
    }

    /// Decides on retries by `policy`.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says which setting is missing or unusable.
    #[cfg_attr(
        not(feature = "reqwest"),
        expect(unused_mut, reason = "only the default transport changes it")
    )]
    pub fn build(mut self) -> Result<ApiClient<S>, ConfigError> {
        let headers = self.headers()?;
        let base_url = self.base_url.ok_or(ConfigError::Missing("base_url"))?;
        base_url::check(&base_url)?;
        #[cfg(feature = "reqwest")]
        if self.transport.is_none() {
            let transport = match self.user_agent {
                Some(name) => self.default_transport.user_agent(name),
                None => self.default_transport,
            };
            self.transport = Some(Arc::new(transport.build(&base_url)?));
            self.sleep = self.sleep.or_else(|| Some(Arc::new(TokioSleep)));
        } else if let Some(setting) = self.default_transport.first_set() {
            return Err(ConfigError::Conflict { setting, beside: "transport" });
        }
        let transport = self.transport.ok_or(ConfigError::NoTransport)?;
        let inner = Inner {
            base_url,
            headers,
            transport,
            sleep: self.sleep,
            retry: self.retry,
            quota: RetryQuota::full(),
            limiter: self.limiter,
        };
        Ok(ApiClient { inner: Arc::new(inner), service: PhantomData })
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
            if headers.contains_key(&name) || OF_THE_CLIENT.contains(&name) {
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

/// Headers that say what is in a request, and how it travels.
const OF_THE_CLIENT: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::USER_AGENT,
];

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
