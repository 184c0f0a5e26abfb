//! The transport over reqwest.

use std::{error::Error, io::Write, net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use url::Url;

use crate::{
    body::Body,
    config_error::ConfigError,
    loopback::is_loopback,
    public_address::is_public,
    public_names::{NotPublic, PublicNames},
    transport::{Request, Response, Transport, TransportError},
};

/// Carries requests with reqwest: rustls, connection reuse, timeouts, **no redirects**.
///
/// A redirect is returned as the answer it is. reqwest would take a custom token header along to the other host; see
/// `docs/decisions`.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// For files, from addresses that somebody else names.
    files: reqwest::Client,
    /// Whether those must be public.
    only_public: bool,
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
    /// [`Transport::execute_into`], which fetches files from addresses that somebody else names, goes through no proxy, and unless
    /// `base_url` is plain http it connects to [public](crate::is_public) addresses only, whatever a name leads to.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Stack`] if TLS cannot be set up.
    pub fn for_base_url(base_url: &Url) -> Result<Self, ConfigError> {
        let only_public = base_url.scheme() != "http";
        let builder = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .https_only(only_public)
                .connect_timeout(Duration::from_secs(10))
                .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        };
        let client = if is_loopback(base_url) { builder().no_proxy() } else { builder() };
        let files = builder().no_proxy();
        let files = if only_public { files.dns_resolver(Arc::new(PublicNames)) } else { files };
        let build =
            |client: reqwest::ClientBuilder| client.build().map_err(|error| ConfigError::Stack(error.into()));
        let (client, files) = (build(client)?, build(files)?);
        Ok(Self { client, files, only_public, timeout: TIMEOUT, max_body: MAX_BODY })
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
    async fn send(
        &self,
        client: &reqwest::Client,
        request: Request,
    ) -> Result<reqwest::Response, TransportError> {
        let mut request =
            reqwest::Request::try_from(request.map(Body::into_bytes)).map_err(transport_error)?;
        *request.timeout_mut() = Some(self.timeout);
        client.execute(request).await.map_err(transport_error)
    }

    async fn whole(&self, mut response: reqwest::Response) -> Result<Response, TransportError> {
        let too_large = || TransportError::too_large(u64::try_from(self.max_body).unwrap_or(u64::MAX));
        let Some(first) = response.chunk().await.map_err(transport_error)? else {
            return Ok(answer(response, Body::empty()));
        };
        if first.len() > self.max_body {
            return Err(too_large());
        }
        let mut next = response.chunk().await.map_err(transport_error)?;
        if next.is_none() {
            // Most answers come in one piece, which needs no copy.
            return Ok(answer(response, Body::from(first)));
        }
        // One buffer for all others: a piece of one byte costs a byte.
        let mut body = Vec::from(first);
        while let Some(bytes) = next {
            if bytes.len() > self.max_body - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&bytes);
            next = response.chunk().await.map_err(transport_error)?;
        }
        Ok(answer(response, Body::from(body)))
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let response = self.send(&self.client, request).await?;
        self.whole(response).await
    }

    /// Writes the body piece by piece as it arrives.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        if self.only_public && is_private_literal(&request) {
            return Err(TransportError::refused(NotPublic));
        }
        let mut response = self.send(&self.files, request).await?;
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

/// An address in numbers is not looked up, so no resolver sees it.
fn is_private_literal(request: &Request) -> bool {
    let host = request.uri().host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.is_ok_and(|address| !is_public(address))
}

fn is_not_public(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The URL is taken off: its query can hold an e-mail address.
fn transport_error(error: reqwest::Error) -> TransportError {
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let error = error.without_url();
    if is_not_public(&error) {
        return TransportError::refused(NotPublic);
    }
    match (connect, timeout) {
        (true, _) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) => TransportError::other(error),
    }
}
