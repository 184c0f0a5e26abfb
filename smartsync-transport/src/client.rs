//! Sends operations: base URL, credentials, retry and errors, once for every service and every host.

use std::{fmt, io::Write, marker::PhantomData, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    Attempt, Body, BuildError, Decision, Endpoint, Error, Limiter, Paged, Pages, RateLimit, Request,
    Response, RetryPolicy, Service, Sleep, Transport, Wait, error::Kind, hints, retry_quota::RetryQuota,
    trace,
};

/// Sends the operations of one service. Cheap to clone: all clones share one transport.
pub struct ApiClient<S> {
    inner: Arc<Inner>,
    service: PhantomData<fn() -> S>,
}

struct Inner {
    base_url: Url,
    headers: HeaderMap,
    transport: Arc<dyn Transport>,
    sleep: Option<Arc<dyn Sleep>>,
    retry: RetryPolicy,
    quota: RetryQuota,
    limiter: Option<Limiter>,
}

/// A decoded answer with what its headers say.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The decoded answer.
    pub value: T,
    /// Its status.
    pub status: StatusCode,
    /// Its rate-limit headers.
    pub rate_limit: RateLimit,
}

/// A place within the rate limit, for one request: see [`ApiClient::take_turn`].
#[derive(Debug)]
#[must_use]
pub struct Turn {
    begun: Option<Duration>,
    waits: bool,
}

impl Turn {
    /// Whether the client waits for its turns, so that after a 429 the next turn comes when the service is ready again. False
    /// without a limiter, or without a [`Sleep`].
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.waits && self.begun.is_some()
    }
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

    /// The base URL of the service.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }

    /// Sends an operation and decodes its answer.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer.
    pub async fn send<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<E::Output, Error> {
        self.send_full(endpoint).await.map(|reply| reply.value)
    }

    /// Like [`ApiClient::send`], with `None` for a 404.
    ///
    /// # Errors
    ///
    /// [`Error`] for everything but a 404.
    pub async fn send_opt<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Option<E::Output>, Error> {
        match self.send(endpoint).await {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Like [`ApiClient::send`], with the status and the rate-limit headers.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer.
    pub async fn send_full<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Reply<E::Output>, Error> {
        self.exchange(endpoint, None).await
    }

    /// The request of an operation, credentials included, for a host that does its own I/O.
    ///
    /// # Errors
    ///
    /// [`Error`] when the arguments do not make a request.
    pub fn prepare<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Request, Error> {
        self.request(endpoint, None)
    }

    /// Decodes the answer to a request of [`ApiClient::prepare`].
    ///
    /// # Errors
    ///
    /// [`Error`] when the service refused, or answered in another shape than documented.
    pub fn finish<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        response: Response,
    ) -> Result<Reply<E::Output>, Error> {
        let rate_limit = RateLimit::from_headers(response.headers());
        self.read(endpoint, response, rate_limit)
    }

    fn read<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        response: Response,
        rate_limit: RateLimit,
    ) -> Result<Reply<E::Output>, Error> {
        let status = response.status();
        if !E::accepts(status) {
            let problems = S::problems(response.body().as_bytes());
            let problems = problems.into_iter().map(|problem| problem.known_by::<S>()).collect();
            return Err(error_of::<E>(Kind::Status { response, problems }));
        }
        match endpoint.decode(&response) {
            Ok(value) => Ok(Reply { value, status, rate_limit }),
            Err(error) => Err(error_of::<E>(Kind::Decode { response, error })),
        }
    }

    /// Walks the pages of a list, beginning with `first`.
    pub fn pages<E: Paged<Service = S>>(&self, first: E) -> Pages<E> {
        Pages::new(self.clone(), first)
    }

    /// Sends `endpoint` with the query of `link`, the service's own link to the next page.
    pub(crate) async fn send_link<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: &str,
    ) -> Result<E::Output, Error> {
        self.exchange(endpoint, Some(link)).await.map(|reply| reply.value)
    }

    /// The request of an operation, with the query of `link` if there is one.
    fn request<E: Endpoint<Service = S>>(&self, endpoint: &E, link: Option<&str>) -> Result<Request, Error> {
        self.build(endpoint, link).map_err(|error| error_of::<E>(Kind::Build(error)))
    }

    fn build<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
    ) -> Result<Request, BuildError> {
        let call = endpoint.call()?;
        let mut address = call.address(&self.inner.base_url)?;
        if let Some(link) = link {
            let mut url: Url = address.parse().map_err(|_| BuildError::Url)?;
            let link = url.join(link).map_err(|_| BuildError::Url)?;
            // Only the query is taken from the link: path and credentials stay ours.
            if link.origin() != url.origin() {
                return Err(BuildError::ForeignLink);
            }
            url.set_query(link.query());
            address = url.into();
        }
        let mut request = http::Request::new(Body::empty());
        *request.method_mut() = E::METHOD;
        *request.uri_mut() = address.try_into().map_err(|_| BuildError::Url)?;
        *request.headers_mut() = self.inner.headers.clone();
        if let Some((content_type, body)) = call.body()? {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type);
            *request.body_mut() = body;
        }
        Ok(request)
    }

    fn exchange<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
    ) -> impl Future<Output = Result<Reply<E::Output>, Error>> {
        trace::operation(S::NAME, E::OPERATION, self.tries(endpoint, link))
    }

    async fn tries<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
    ) -> Result<Reply<E::Output>, Error> {
        let (mut number, mut waited) = (1, Duration::ZERO);
        loop {
            // Built anew for each try: a copy for a rare second one would cost every first one.
            let request = self.request(endpoint, link)?;
            let turn = self.take_turn().await;
            let result = self.attempt(endpoint, request, turn, number).await;
            let error = match &result {
                Ok(_) => {
                    self.inner.quota.refill(number - 1);
                    return result;
                }
                Err(error) => error,
            };
            let attempt = Attempt { number, waited, idempotent: E::IDEMPOTENT, error };
            match (self.inner.retry.decide(&attempt), &self.inner.sleep) {
                (Decision::Wait(wait), Some(sleep))
                    if self.inner.retry.waits_out(error) || self.inner.quota.take() =>
                {
                    if error.is_rate_limited() {
                        sleep.sleep_for_limit(wait).await;
                    } else {
                        sleep.sleep(wait).await;
                    }
                    number += 1;
                    waited = waited.saturating_add(wait.at_most);
                }
                _ => return result,
            }
        }
    }

    /// One try of a request whose turn it is.
    async fn attempt<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        request: Request,
        turn: Turn,
        number: u32,
    ) -> Result<Reply<E::Output>, Error> {
        let answer = self.inner.transport.execute(request).await;
        let response = answer.as_ref().ok();
        let rate_limit = response.map(|response| RateLimit::from_headers(response.headers()));
        let rate_limit = rate_limit.unwrap_or_default();
        self.inner.note_answer(number, turn.begun, response, rate_limit);
        match answer {
            Ok(response) => self.read(endpoint, response, rate_limit),
            Err(error) => Err(error_of::<E>(Kind::Transport(error))),
        }
    }

    /// Waits until the rate limit lets a request through. The turn is taken, whether or not a request follows.
    ///
    /// With it, what a request rests on can be read or checked after the wait, and not before it:
    /// [`ApiClient::send_in_turn`] then sends at once.
    pub async fn take_turn(&self) -> Turn {
        Turn { begun: self.inner.take_turn().await, waits: self.inner.limiter.is_some() }
    }

    /// Sends an operation once, without waiting and without a second try, whatever becomes of it.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer.
    pub async fn send_in_turn<E: Endpoint<Service = S>>(
        &self,
        turn: Turn,
        endpoint: &E,
    ) -> Result<E::Output, Error> {
        let request = self.request(endpoint, None)?;
        let reply = trace::operation(S::NAME, E::OPERATION, self.attempt(endpoint, request, turn, 1)).await;
        reply.map(|reply| reply.value)
    }

    /// Fetches a file from an address that the service gave, without credentials, and writes it to `sink`. Returns the
    /// number of bytes.
    ///
    /// The address is checked before anything is sent: https (plain http only where the base URL itself is), another
    /// origin than the service's, no user name in it.
    ///
    /// # Errors
    ///
    /// [`Error`] when the address is refused, the file is larger than `max_bytes`, or there is no good answer. Some bytes
    /// may have been written to `sink` then.
    pub async fn download(
        &self,
        address: &Url,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<u64, Error> {
        let failed = |kind| Error::new(S::NAME, "download", kind);
        let request = self.file_request(address).map_err(|error| failed(Kind::Build(error)))?;
        let mut counted = Counted { sink, bytes: 0 };
        let answer = self.inner.transport.execute_into(request, &mut counted, max_bytes).await;
        let response = answer.map_err(|error| failed(Kind::Transport(error)))?;
        if response.status().is_success() {
            Ok(counted.bytes)
        } else {
            Err(failed(Kind::Status { response, problems: Vec::new() }))
        }
    }

    fn file_request(&self, address: &Url) -> Result<Request, BuildError> {
        let base_url = &self.inner.base_url;
        let is_plain = base_url.scheme() == "http" && address.scheme() == "http";
        let has_user = !address.username().is_empty() || address.password().is_some();
        if !(address.scheme() == "https" || is_plain) || has_user || address.origin() == base_url.origin() {
            return Err(BuildError::FileAddress);
        }
        http::Request::get(address.as_str()).body(Body::empty()).map_err(|_| BuildError::Url)
    }
}

/// Counts what is written through it.
struct Counted<'a> {
    sink: &'a mut (dyn Write + Send),
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}

impl Inner {
    fn now(&self) -> Option<Duration> {
        self.sleep.as_ref()?.now()
    }

    /// Waits until the rate limit lets a request through, and returns the time then.
    async fn take_turn(&self) -> Option<Duration> {
        let (sleep, now) = (self.sleep.as_ref()?, self.now()?);
        let wait = self.limiter.as_ref().map_or(Duration::ZERO, |limiter| limiter.reserve(now));
        if wait.is_zero() {
            return Some(now);
        }
        sleep.sleep_for_limit(Wait { at_least: wait, at_most: wait }).await;
        self.now()
    }

    /// Lets the limiter and the trace see an answer.
    fn note_answer(
        &self,
        attempt: u32,
        begun: Option<Duration>,
        response: Option<&Response>,
        mut rate_limit: RateLimit,
    ) {
        let now = self.now();
        let took = now.zip(begun).map(|(now, begun)| now.saturating_sub(begun));
        trace::attempt(attempt, response.map(http::Response::status), took);
        if let (Some(limiter), Some(now), Some(response)) = (&self.limiter, now, response) {
            // A longer wait is the caller's: it gets the error with the hint, and nobody is held up here.
            let bearable = |wait: &Duration| self.retry.may_wait_for_limit(*wait);
            rate_limit.reset = rate_limit.reset.filter(bearable);
            limiter.observe(now, &rate_limit);
            if response.status() == StatusCode::TOO_MANY_REQUESTS
                && let Some(wait) = hints::retry_after(response).filter(bearable)
            {
                limiter.close(now, wait);
            }
        }
    }
}

fn error_of<E: Endpoint>(kind: Kind) -> Error {
    Error::new(E::Service::NAME, E::OPERATION, kind)
}

impl<S> Clone for ApiClient<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), service: PhantomData }
    }
}

impl<S: Service> fmt::Debug for ApiClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("service", &S::NAME)
            .field("base_url", &self.inner.base_url.origin().ascii_serialization())
            .finish_non_exhaustive()
    }
}

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

/// A client that cannot be built as configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Credentials or the base URL cannot be used in a request.
    #[error(transparent)]
    Request(#[from] BuildError),
    /// No transport was given, and the crate was built without the feature `reqwest`.
    #[error("no transport was given, and the crate was built without the feature `reqwest`")]
    NoTransport,
    /// A required setting was not given.
    #[error("`{0}` is not set")]
    Missing(&'static str),
    /// The base URL has a user name or a password in it, which would be printed and sent where no one looks for it.
    #[error("the base URL has a user name or a password in it: credentials have settings of their own")]
    UserInBaseUrl,
    /// The HTTP stack could not be set up.
    #[error("the HTTP stack could not be set up")]
    Stack(#[source] Box<dyn std::error::Error + Send + Sync>),
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
            self.transport = Some(Arc::new(crate::ReqwestTransport::for_base_url(&base_url)?));
            self.sleep = self.sleep.or_else(|| Some(Arc::new(crate::TokioSleep)));
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
