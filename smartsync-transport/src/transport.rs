//! The one trait a host implements to carry requests.

use std::{error, fmt, sync::Arc};

use async_trait::async_trait;

use crate::Body;

/// A request as it goes over the wire: absolute URL, headers with credentials, bytes.
///
/// It is the `http` crate's type, which every Rust HTTP stack converts to. Its own `Debug` prints the URL with its
/// query; log `request.method()` and `request.uri().path()` instead.
pub type Request = http::Request<Body>;

/// The whole answer: status, headers and bytes.
pub type Response = http::Response<Body>;

/// Carries one request to the service and brings the whole answer back.
///
/// An implementation moves bytes and nothing else: base URL, credentials, retries, decoding and errors live above it.
/// It must
///
/// * return `Ok` for every answer, whatever its status, with all headers and all bytes;
/// * follow **no** redirect: a token header would travel to the other host;
/// * return [`TransportError::connect`] only if no byte of the request was sent, since even a request that
///   creates something is then sent again.
///
/// ```
/// use async_trait::async_trait;
/// use smartsync_transport::{Body, Request, Response, Transport, TransportError};
///
/// /// Answers every request with the same bytes.
/// #[derive(Debug)]
/// struct Fixed(&'static str);
///
/// #[async_trait]
/// impl Transport for Fixed {
///     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
///         Ok(Response::new(Body::from(self.0)))
///     }
/// }
/// ```
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request` and returns the whole answer.
    ///
    /// # Errors
    ///
    /// Only when there is no answer; see [`TransportError`].
    async fn execute(&self, request: Request) -> Result<Response, TransportError>;
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }
}

/// Why there is no answer.
///
/// The source stays reachable through [`error::Error::source`]. Give it no URL: a query can hold an e-mail address
/// (with reqwest, call `without_url()` first).
#[derive(Debug)]
pub struct TransportError {
    kind: Kind,
    source: Box<dyn error::Error + Send + Sync>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Connect,
    Timeout,
    Other,
}

impl TransportError {
    /// The connection was not made: no byte of the request was sent, so it is safe to send it again.
    pub fn connect(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Connect, source: source.into() }
    }

    /// The answer did not come in time. The request may have taken effect.
    pub fn timeout(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Timeout, source: source.into() }
    }

    /// The exchange broke off in another way. The request may have taken effect.
    pub fn other(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Other, source: source.into() }
    }

    /// Whether no byte of the request was sent.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        self.kind == Kind::Connect
    }

    /// Whether the answer did not come in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Connect => "could not connect",
            Kind::Timeout => "no answer in time",
            Kind::Other => "the exchange broke off",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}
