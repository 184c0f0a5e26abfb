//! The one trait a host implements to carry requests.

use std::{error, fmt, io, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{body::Body, byte_sink::ByteSink};

/// A request as it goes over the wire: absolute URL, headers with credentials, bytes.
///
/// It is the `http` crate's type, which every Rust HTTP stack converts to. Its own `Debug` prints the URL with its
/// query; log `request.method()` and `request.uri().path()` instead.
pub type Request = http::Request<Body>;

/// The whole answer: status, headers and bytes.
pub type Response = http::Response<Body>;

/// How long one exchange may take, body included. It stands in the [extensions](http::Request::extensions) of a request for which
/// [`ClientRequest::timeout`](crate::ClientRequest::timeout) asks for it, and it is the transport that keeps it.
///
/// ```
/// # use smartsync_transport::{Request, Timeout};
/// # use std::time::Duration;
/// fn timeout_of(request: &Request) -> Duration {
///     request.extensions().get::<Timeout>().map_or(Duration::from_secs(30), |timeout| timeout.0)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a duration with a meaning")]
pub struct Timeout(pub Duration);

/// Of which operation a request is: in the [extensions](http::Request::extensions) of every request that a client builds, for a transport
/// that counts or tells requests apart. Neither name holds anything of the request itself.
///
/// ```
/// # use smartsync_transport::{OperationName, Request};
/// fn name_of(request: &Request) -> &'static str {
///     request.extensions().get::<OperationName>().map_or("unknown", |name| name.operation)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationName {
    /// `oneflow`.
    pub service: &'static str,
    /// `get_contract`; `download` for a file.
    pub operation: &'static str,
}

impl OperationName {
    /// An operation of a service.
    #[must_use]
    pub fn new(service: &'static str, operation: &'static str) -> Self {
        Self { service, operation }
    }
}

/// Carries one request to the service and brings the whole answer back.
///
/// An implementation moves bytes and nothing else: base URL, credentials, retries, decoding and errors live above it.
/// It must
///
/// * return `Ok` for every answer, whatever its status, with all headers and all bytes;
/// * follow **no** redirect: a token header would travel to the other host;
/// * return [`TransportError::connect`] only if no byte of the request was sent, since even a request that
///   creates something is then sent again;
/// * give up after the [`Timeout`] of the request, if it has one.
///
/// ```
/// use smartsync_transport::{Body, Request, Response, Transport, TransportError, async_trait};
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
///
/// The attribute is needed, since the trait is used as an object. On wasm32, where a request of the browser or of a worker is
/// not `Send`, it is `#[async_trait(?Send)]`; a transport for both has the two lines that this trait has itself:
///
/// ```
/// # use smartsync_transport::{Body, Request, Response, Transport, TransportError, async_trait};
/// # #[derive(Debug)]
/// # struct Fetch;
/// #[cfg_attr(not(target_arch = "wasm32"), async_trait)]
/// #[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
/// impl Transport for Fetch {
///     // ..
/// #     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
/// #         Ok(Response::new(Body::empty()))
/// #     }
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

    /// Sends `request` and gives the body of a successful answer to `sink`, at most `max_bytes` of it. Any other answer
    /// comes back whole. This default holds the body in memory; override it to pass it on piece by piece.
    ///
    /// # Errors
    ///
    /// When there is no answer, when its body is larger than `max_bytes` ([`TransportError::too_large`]), or when `sink` fails
    /// ([`TransportError::sink`]). Some bytes may have been written then.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        give_body(self.execute(request).await?, sink, max_bytes).await
    }
}

/// Gives the body of a successful answer to `sink`.
pub(crate) async fn give_body(
    response: Response,
    sink: &mut dyn ByteSink,
    max_bytes: u64,
) -> Result<Response, TransportError> {
    if !response.status().is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > max_bytes {
        return Err(TransportError::too_large(max_bytes));
    }
    sink.put(body.as_bytes()).await.map_err(TransportError::sink)?;
    Ok(Response::from_parts(parts, Body::empty()))
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
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        (**self).execute_into(request, sink, max_bytes).await
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }

    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
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
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Connect,
    Refused,
    Timeout,
    TooLarge { max_bytes: u64 },
    Sink,
    Redirected,
    Other,
}

impl TransportError {
    /// The connection was not made: no byte of the request was sent, so it is safe to send it again.
    pub fn connect(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Connect, source)
    }

    /// The transport does not send such a request, now or later: nothing was sent.
    pub fn refused(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Refused, source)
    }

    /// The answer did not come in time. The request may have taken effect.
    pub fn timeout(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Timeout, source)
    }

    /// The exchange broke off in another way. The request may have taken effect.
    pub fn other(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Other, source)
    }

    /// The answer came and is larger than `max_bytes`. It would be so again: the request is not repeated.
    #[must_use]
    pub fn too_large(max_bytes: u64) -> Self {
        Self { kind: Kind::TooLarge { max_bytes }, source: None }
    }

    /// The answer came and could not be written where it was to go.
    #[must_use]
    pub fn sink(source: io::Error) -> Self {
        Self::caused(Kind::Sink, source)
    }

    /// The HTTP stack followed a redirect, and took the credentials along. The request is not repeated.
    #[must_use]
    pub fn redirected() -> Self {
        Self { kind: Kind::Redirected, source: None }
    }

    fn caused(kind: Kind, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// **When:** no byte of the request was sent: the connection was not made, or the transport refuses such a request. **Then:** it had
    /// no effect, so even what creates something can be sent again.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        matches!(self.kind, Kind::Connect | Kind::Refused)
    }

    /// **When:** the transport does not send such a request at all: an address that is not public, a fence around what may be asked
    /// for. **Then:** do not repeat it; whoever built the client decides on that.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// **When:** the answer did not come in time. **Then:** the request may have taken effect: look before you repeat what creates
    /// something; a longer timeout may help.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Timeout
    }

    /// **When:** the answer is larger than allowed. **Then:** ask for less, or allow more; the same again would be as large.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, Kind::TooLarge { .. })
    }

    /// **When:** the answer came and could not be written where it was to go. **Then:** make room, and ask again.
    #[must_use]
    pub fn is_sink(&self) -> bool {
        self.kind == Kind::Sink
    }

    /// **When:** the same would happen again. **Then:** do not repeat it before something has changed: the request, a limit, the disk.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        match self.kind {
            Kind::Refused | Kind::TooLarge { .. } | Kind::Sink | Kind::Redirected => true,
            Kind::Connect | Kind::Timeout | Kind::Other => false,
        }
    }

    /// Whether it is said by itself that there is no answer.
    pub(crate) fn says_all(&self) -> bool {
        !matches!(self.kind, Kind::Connect | Kind::Other)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Connect => "could not connect",
            Kind::Refused => "the request was blocked before it was sent",
            Kind::Timeout => "no answer in time",
            Kind::TooLarge { max_bytes } => {
                return write!(f, "the answer is larger than the {max_bytes} bytes allowed");
            }
            Kind::Sink => "the answer could not be written",
            Kind::Redirected => {
                "the HTTP client followed a redirect, with the credentials: build it with `redirect::Policy::none()`"
            }
            Kind::Other => "the connection was interrupted",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
