//! The transport over reqwest.

use std::{io::Write, time::Duration};

use async_trait::async_trait;
use url::Url;

use crate::{Body, ConfigError, Request, Response, Transport, TransportError, is_loopback};

/// Carries requests with reqwest: rustls, connection reuse, timeouts, **no redirects**.
///
/// A redirect is returned as the answer it is. reqwest would take a custom token header along to the other host; see
/// `docs/decisions`.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    timeout: Duration,
    max_body: usize,
}

/// Time for a whole exchange, body included.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Largest answer that is read: far above any JSON page of either service.
const MAX_BODY: usize = 32 * 1024 * 1024;

impl ReqwestTransport {
    /// A transport for `base_url`: only https, unless `base_url` itself is plain http (a stand-in, a proxy nearby). It goes
    /// through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, except for what `NO_PROXY`
    /// lists), never through one to [this machine itself](crate::is_loopback), and trusts the certificates that the system trusts.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Stack`] if TLS cannot be set up.
    pub fn for_base_url(base_url: &Url) -> Result<Self, ConfigError> {
        let builder = reqwest::Client::builder();
        let builder = if is_loopback(base_url) { builder.no_proxy() } else { builder };
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .https_only(base_url.scheme() != "http")
            .connect_timeout(Duration::from_secs(10))
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| ConfigError::Stack(error.into()))?;
        Ok(Self { client, timeout: TIMEOUT, max_body: MAX_BODY })
    }

    /// Gives up on an exchange after `timeout` (30 seconds unless set), body included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Refuses answers of more than `bytes`.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
}

impl ReqwestTransport {
    async fn send(&self, request: Request) -> Result<reqwest::Response, TransportError> {
        let mut request =
            reqwest::Request::try_from(request.map(Body::into_bytes)).map_err(transport_error)?;
        *request.timeout_mut() = Some(self.timeout);
        self.client.execute(request).await.map_err(transport_error)
    }

    async fn whole(&self, mut response: reqwest::Response) -> Result<Response, TransportError> {
        let too_large = || TransportError::too_large(u64::try_from(self.max_body).unwrap_or(u64::MAX));
        let (mut pieces, mut left) = (Vec::new(), self.max_body);
        while let Some(bytes) = response.chunk().await.map_err(transport_error)? {
            left = left.checked_sub(bytes.len()).ok_or_else(too_large)?;
            pieces.push(bytes);
        }
        // Most answers come in one piece, which needs no copy.
        let body = if pieces.len() == 1 { pieces.remove(0) } else { pieces.concat().into() };
        Ok(answer(response, Body::from(body)))
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let response = self.send(request).await?;
        self.whole(response).await
    }

    /// Writes the body piece by piece as it arrives.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        let mut response = self.send(request).await?;
        if !response.status().is_success() {
            return self.whole(response).await;
        }
        let mut left = max_bytes;
        while let Some(bytes) = response.chunk().await.map_err(transport_error)? {
            let arrived = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            left = left.checked_sub(arrived).ok_or_else(|| TransportError::too_large(max_bytes))?;
            sink.write_all(&bytes).map_err(TransportError::other)?;
        }
        Ok(answer(response, Body::empty()))
    }
}

/// Status and headers of `response`, with a body that was read already.
fn answer(mut response: reqwest::Response, body: Body) -> Response {
    let mut answer = Response::new(body);
    *answer.status_mut() = response.status();
    *answer.version_mut() = response.version();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    answer
}

/// The URL is taken off: its query can hold an e-mail address.
fn transport_error(error: reqwest::Error) -> TransportError {
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let error = error.without_url();
    match (connect, timeout) {
        (true, _) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) => TransportError::other(error),
    }
}
