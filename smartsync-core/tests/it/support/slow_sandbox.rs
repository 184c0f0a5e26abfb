//! The sandbox behind a wire, and a ledger, that take their time, so that callers at the same time come between each other.

use std::sync::Arc;

use async_trait::async_trait;
use smartsync_core::{Engine, EngineBuilder, Mapping};
use smartsync_sandbox::SandboxTransport;
use smartsync_transport::{Request, Response, Transport, TransportError};
use tokio::task::yield_now;

use crate::support::{
    shaky_ledger::Shaky,
    story::{Story, build_between},
};

/// Before and after each request, everybody else gets a turn.
#[derive(Debug)]
struct Slow(SandboxTransport);

#[async_trait]
impl Transport for Slow {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        yield_now().await;
        let answer = self.0.execute(request).await;
        yield_now().await;
        answer
    }
}

/// An engine for the story's services and ledger, in which every request and every step of the ledger takes as long as any other.
pub(crate) fn slow_engine(story: &Story, finish: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Engine {
    let ledger = Arc::new(Shaky::new(story.ledger.clone(), None));
    build_between(&story.sandbox, ledger, Mapping::default(), Slow, finish)
}
