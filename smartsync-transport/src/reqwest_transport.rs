//! The transport over reqwest.

mod builder;

use std::{error::Error, fmt, net::IpAddr, time::Duration};

use async_trait::async_trait;
use url::Url;

pub use self::builder::ReqwestTransportBuilder;
use crate::{
    body::Body,
    byte_sink::ByteSink,
    config_error::ConfigError,
    public_address::is_public,
    public_names::NotPublic,
    transport::{Request, Response, Timeout, Transport, TransportError},
};

/// Carries requests with reqwest: TLS, connection reuse, timeouts, **no redirects**.
///
/// A redirect is returned as the answer it is. reqwest would take a custom token header along to the other host; see
/// `docs/decisions`.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// Whether that one was given, so that it may follow redirects.
    is_foreign: bool,
    /// For files, from addresses that somebody else names.
    files: reqwest::Client,
    /// Whether those must be public.
    only_public: bool,
    timeout: Option<Duration>,
    idle_timeout: Duration,
    max_body: usize,
}

impl ReqwestTransport {
    /// A transport for `base_url` with the defaults of [`ReqwestTransport::builder`].
    ///
    /// # Errors
    ///
    /// [`ConfigError::Stack`] if TLS cannot be set up, [`ConfigError::NoTls`] if `base_url` is https and there is none.
    pub fn for_base_url(base_url: &Url) -> Result<Self, ConfigError> {
        Self::builder().build(base_url)
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        request: Request,
        timeout: Option<Duration>,
    ) -> Result<reqwest::Response, TransportError> {
        let mut request =
            reqwest::Request::try_from(request.map(Body::into_bytes)).map_err(transport_error)?;
        *request.timeout_mut() = timeout;
        client.execute(request).await.map_err(transport_error)
    }

    /// The whole answer. `idle` is how long it may go without a byte, where the exchange as a whole has no end.
    async fn whole(
        &self,
        mut response: reqwest::Response,
        idle: Option<Duration>,
    ) -> Result<Response, TransportError> {
        let too_large = || TransportError::too_large(u64::try_from(self.max_body).unwrap_or(u64::MAX));
        let Some(first) = chunk(&mut response, idle).await? else {
            return Ok(answer(response, Body::empty()));
        };
        if first.len() > self.max_body {
            return Err(too_large());
        }
        let mut next = chunk(&mut response, idle).await?;
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
            next = chunk(&mut response, idle).await?;
        }
        Ok(answer(response, Body::from(body)))
    }
}

/// Without the clients: one that was given may print headers and a proxy that nobody has looked at.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport")
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let timeout = request.extensions().get::<Timeout>().map(|timeout| timeout.0).or(self.timeout);
        let asked = self.is_foreign.then(|| request.uri().clone());
        let response = self.send(&self.client, request, timeout).await?;
        // Its policy cannot be asked for beforehand.
        if asked.is_some_and(|uri| uri.to_string().parse::<Url>().is_ok_and(|url| url != *response.url())) {
            return Err(TransportError::redirected());
        }
        self.whole(response, None).await
    }

    /// Passes the body on piece by piece as it arrives.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        if self.only_public && is_private_literal(&request) {
            return Err(TransportError::refused(NotPublic));
        }
        let idle = self.idle_timeout;
        let mut response = within(idle, self.send(&self.files, request, None)).await?;
        if !response.status().is_success() {
            return self.whole(response, Some(idle)).await;
        }
        let mut left = max_bytes;
        while let Some(bytes) = chunk(&mut response, Some(idle)).await? {
            let arrived = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            left = left.checked_sub(arrived).ok_or_else(|| TransportError::too_large(max_bytes))?;
            sink.put(&bytes).await.map_err(TransportError::sink)?;
        }
        Ok(answer(response, Body::empty()))
    }
}

/// The next piece of an answer; no later than after `idle`, if that is set.
async fn chunk(
    response: &mut reqwest::Response,
    idle: Option<Duration>,
) -> Result<Option<bytes::Bytes>, TransportError> {
    let next = async { response.chunk().await.map_err(transport_error) };
    match idle {
        Some(idle) => within(idle, next).await,
        None => next.await,
    }
}

async fn within<T>(
    idle: Duration,
    exchange: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let stalled = |_| TransportError::timeout(format!("no byte came for {idle:?}"));
    tokio::time::timeout(idle, exchange).await.map_err(stalled)?
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
