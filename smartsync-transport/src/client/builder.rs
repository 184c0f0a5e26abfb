//! Builds a client.

use std::{fmt, marker::PhantomData, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ApiClient, Inner};
use crate::{
    build_error::BuildError, config_error::ConfigError, endpoint::Service, limiter::Limiter,
    retry::RetryPolicy, retry_quota::RetryQuota, sleep::Sleep, transport::Transport,
};
#[cfg(feature = "reqwest")]
use crate::{reqwest_transport::ReqwestTransport, sleep::TokioSleep};

/// Builds an [`ApiClient`].
pub struct ApiClientBuilder<S> {
    base_url: Option<Url>,
    headers: Vec<(HeaderName, SecretString)>,
    transport: Option<Arc<dyn Transport>>,
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
            headers: Vec::new(),
            transport: None,
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

    /// Sends the header `name` with every request. Its value is treated as a secret.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: SecretString) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Carries the requests over `transport`.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
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
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| BuildError::Header)?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        headers.insert(header::ACCEPT, HeaderValue::from_static(S::ACCEPT));
        let base_url = self.base_url.ok_or(ConfigError::Missing("base_url"))?;
        if !base_url.username().is_empty() || base_url.password().is_some() {
            return Err(ConfigError::UserInBaseUrl);
        }
        #[cfg(feature = "reqwest")]
        if self.transport.is_none() {
            self.transport = Some(Arc::new(ReqwestTransport::for_base_url(&base_url)?));
            self.sleep = self.sleep.or_else(|| Some(Arc::new(TokioSleep)));
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

impl<S: Service> fmt::Debug for ApiClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClientBuilder")
            .field("service", &S::NAME)
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .finish_non_exhaustive()
    }
}
