//! Something that happens right after the first request that wrote something.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use smartsync_sandbox::SandboxTransport;
use smartsync_transport::{Method, Request, Response, Transport, TransportError};

type Event = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What happens, once.
#[derive(Clone)]
pub(crate) struct Meanwhile(Arc<Mutex<Option<Event>>>);

impl Meanwhile {
    pub(crate) fn new(event: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::pin(event)))))
    }

    /// It happens now, unless it has happened.
    pub(crate) async fn happen(&self) {
        let event = self.0.lock().unwrap().take();
        if let Some(event) = event {
            event.await;
        }
    }

    /// A wire on which it happens after a write has taken effect and before its answer comes.
    pub(crate) fn on(&self, wire: SandboxTransport) -> Wire {
        Wire { wire, meanwhile: self.clone() }
    }
}

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meanwhile")
    }
}

#[derive(Debug)]
pub(crate) struct Wire {
    wire: SandboxTransport,
    meanwhile: Meanwhile,
}

#[async_trait]
impl Transport for Wire {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_write = request.method() != Method::GET;
        let answer = self.wire.execute(request).await;
        if is_write {
            self.meanwhile.happen().await;
        }
        answer
    }
}

/// A wire on which it happens after Teamtailor has answered with the card, and before the answer comes.
#[derive(Debug)]
pub(crate) struct SlowCard {
    pub(crate) wire: SandboxTransport,
    pub(crate) meanwhile: Meanwhile,
}

#[async_trait]
impl Transport for SlowCard {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_card = request.method() == Method::GET && request.uri().path().starts_with("/v1/candidates/");
        let answer = self.wire.execute(request).await;
        if is_card {
            self.meanwhile.happen().await;
        }
        answer
    }
}
