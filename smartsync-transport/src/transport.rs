//! The one trait a host implements to carry requests.

use std::{error, fmt, io::Write, sync::Arc};

use async_trait::async_trait;

use crate::body::Body;

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

    /// Sends `request` and writes the body of a successful answer to `sink`, at most `max_bytes` of it. Any other answer
    /// comes back whole. This default holds the body in memory; override it to write it piece by piece.
    ///
    /// # Errors
    ///
    /// When there is no answer, when its body is larger than `max_bytes`, or when `sink` fails. Some bytes may have
    /// been written then.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        let response = self.execute(request).await?;
        if !response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > max_bytes {
            return Err(TransportError::too_large(max_bytes));
        }
        sink.write_all(body.as_bytes()).map_err(TransportError::other)?;
        Ok(Response::from_parts(parts, Body::empty()))
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }

    async fn execute_into(
        &self,
        request: Request,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        (**self).execute_into(request, sink, max_bytes).await
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
    Refused,
    Timeout,
    Other,
}

impl TransportError {
    /// The connection was not made: no byte of the request was sent, so it is safe to send it again.
    pub fn connect(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Connect, source: source.into() }
    }

    /// The transport does not send such a request, now or later: nothing was sent.
    pub fn refused(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Refused, source: source.into() }
    }

    /// The answer did not come in time. The request may have taken effect.
    pub fn timeout(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Timeout, source: source.into() }
    }

    /// The exchange broke off in another way. The request may have taken effect.
    pub fn other(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Other, source: source.into() }
    }

    /// The answer came and is larger than `max_bytes`.
    #[must_use]
    pub fn too_large(max_bytes: u64) -> Self {
        Self::other(format!("the body is larger than {max_bytes} bytes"))
    }

    /// Whether no byte of the request was sent.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        matches!(self.kind, Kind::Connect | Kind::Refused)
    }

    /// Whether the transport does not send such a request at all.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.kind == Kind::Refused
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
            Kind::Refused => "not sent",
            Kind::Timeout => "no answer in time",
            Kind::Other => "the connection was interrupted",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}
