//! The wire between the engine and the sandbox: it keeps what went over it, and changes one answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use smartsync_sandbox::SandboxTransport;
use smartsync_transport::{Method, Request, Response, StatusCode, Transport, TransportError};

use super::{alter, alteration::Alteration};

/// One request, and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) body: String,
    /// What the service answered.
    pub(crate) status: StatusCode,
    /// What the engine saw; another one where the answer was changed.
    pub(crate) seen: StatusCode,
    /// Whether the service never got it.
    pub(crate) is_swallowed: bool,
}

impl Exchange {
    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn is_write(&self) -> bool {
        self.method != Method::GET
    }
}

/// The wire. Lines to both services share it.
#[derive(Debug, Default)]
pub(crate) struct Wire(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    exchanges: Vec<Exchange>,
    /// The number of the answer to be changed, and the source of all chance in it.
    order: Option<(usize, fastrand::Rng)>,
    alteration: Option<Alteration>,
}

impl Wire {
    /// A wire that changes answer number `at`.
    pub(crate) fn changing(at: usize, rng: fastrand::Rng) -> Self {
        Self(Mutex::new(State { order: Some((at, rng)), ..State::default() }))
    }

    /// From here on every answer stays as it is.
    pub(crate) fn calm(&self) {
        self.lock().order = None;
    }

    /// What was changed.
    pub(crate) fn alteration(&self) -> Option<Alteration> {
        self.lock().alteration.clone()
    }

    /// All that went over the wire so far.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().exchanges.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The chance that belongs to the answer that comes next, if it is the one to be changed.
    fn turn(&self) -> Option<fastrand::Rng> {
        let mut state = self.lock();
        let number = state.exchanges.len();
        state.order.take_if(|(at, _)| *at == number).map(|(_, rng)| rng)
    }
}

/// The wire's line to one service.
#[derive(Debug)]
pub(crate) struct Line {
    wire: Arc<Wire>,
    service: SandboxTransport,
}

impl Line {
    pub(crate) fn new(wire: &Arc<Wire>, service: SandboxTransport) -> Self {
        Self { wire: Arc::clone(wire), service }
    }

    /// Lets the service answer a write as if it had done it, with the resource as it stands.
    async fn swallow(&self, request: &Request) -> Result<Response, TransportError> {
        let mut read = Request::new(smartsync_transport::Body::empty());
        *read.headers_mut() = request.headers().clone();
        read.headers_mut().remove("content-type");
        let text = request.uri().to_string();
        let text = text.strip_suffix("/publish").unwrap_or(&text);
        *read.uri_mut() = text.parse().map_err(TransportError::other)?;
        self.service.execute(read).await
    }
}

#[async_trait]
impl Transport for Line {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut exchange = Exchange {
            method: request.method().clone(),
            target: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            body: String::from_utf8_lossy(request.body().as_bytes()).into_owned(),
            status: StatusCode::OK,
            seen: StatusCode::OK,
            is_swallowed: false,
        };
        let Some(mut rng) = self.wire.turn() else {
            let response = self.service.execute(request).await?;
            (exchange.status, exchange.seen) = (response.status(), response.status());
            self.wire.lock().exchanges.push(exchange);
            return Ok(response);
        };
        exchange.is_swallowed = alter::may_be_swallowed(&exchange) && rng.u8(..12) == 0;
        let (response, alteration) = if exchange.is_swallowed {
            let response = self.swallow(&request).await?;
            (response, Alteration::swallowed(&exchange))
        } else {
            alter::alter(&exchange, self.service.execute(request).await?, &mut rng)
        };
        exchange.status = alteration.status.unwrap_or(response.status());
        exchange.seen = response.status();
        let mut state = self.wire.lock();
        state.exchanges.push(exchange);
        state.alteration = Some(alteration);
        Ok(response)
    }
}
