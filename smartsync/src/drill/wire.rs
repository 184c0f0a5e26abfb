//! The wire from the program to a service, on which the judge listens.

use std::sync::Arc;

use async_trait::async_trait;
use smartsync_core::permissions::Fenced;
use smartsync_sandbox::{Origin, Sandbox};
use smartsync_transport::{Method, Request, Response, Transport, TransportError};

use super::stage::Stage;
use crate::words::commands::drill_rules as broken;

/// The program's end of the fence: nothing that it asks for in good faith may be stopped there.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) stage: Arc<Stage>,
    pub(super) fenced: Fenced<Wire>,
}

#[async_trait]
impl Transport for Inside {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let what = format!("{} {}", request.method(), request.uri());
        let result = self.fenced.execute(request).await;
        if result.as_ref().is_err_and(TransportError::is_refused) {
            self.stage.lock().accuse(broken::STOPPED_IN_GOOD_FAITH, what);
        }
        result
    }
}

/// The wire to one service.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) stage: Arc<Stage>,
    pub(super) sandbox: Sandbox,
    pub(super) origin: Origin,
}

#[async_trait]
impl Transport for Wire {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if *request.method() == Method::GET {
            return Ok(self.sandbox.handle(self.origin, request));
        }
        let mut judge = self.stage.lock();
        let path = request.uri().path().to_owned();
        judge.sends(self.origin, request.method(), &path, request.body().as_bytes());
        let lost = if path.ends_with("/uploads") { judge.loses_upload.take() } else { None };
        if lost.is_some() {
            judge.cut_off();
        }
        if lost == Some(false) {
            return Err(TransportError::timeout("lost"));
        }
        let response = self.sandbox.handle(self.origin, request);
        judge.observe();
        match lost {
            Some(_) => Err(TransportError::timeout("lost")),
            None => Ok(response),
        }
    }
}
