//! A transport for tests: answers from a script, no socket.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use http::StatusCode;

use crate::{
    body::Body,
    transport::{Request, Response, Transport, TransportError},
};

/// Gives the scripted answers in order and keeps the requests.
///
/// ```
/// use smartsync_transport::ScriptedTransport;
///
/// let script = ScriptedTransport::new().json(200, r#"{"id":42}"#).json(404, "{}");
/// assert!(script.requests().is_empty());
/// ```
#[derive(Debug, Default)]
pub struct ScriptedTransport {
    script: Mutex<Script>,
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Result<Response, TransportError>>,
    requests: Vec<Request>,
}

/// Counts only: a request's URL can hold an e-mail address.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests, {} answers left", self.requests.len(), self.answers.len())
    }
}

impl ScriptedTransport {
    /// An empty script: any request is answered with a [`TransportError`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers the next request with a JSON body.
    ///
    /// # Panics
    ///
    /// If `status` is no HTTP status.
    #[must_use]
    pub fn json(self, status: u16, body: impl Into<String>) -> Self {
        let mut response = Response::new(Body::from(body.into()));
        *response.status_mut() = StatusCode::from_u16(status).expect("an HTTP status is 100 to 999");
        self.answer(Ok(response))
    }

    /// Answers the next request with `answer`.
    #[must_use]
    pub fn answer(self, answer: Result<Response, TransportError>) -> Self {
        self.lock().answers.push_back(answer);
        self
    }

    /// The requests so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Transport for ScriptedTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut script = self.lock();
        script.requests.push(request);
        script
            .answers
            .pop_front()
            .unwrap_or_else(|| Err(TransportError::other("the script has no further answer")))
    }
}
