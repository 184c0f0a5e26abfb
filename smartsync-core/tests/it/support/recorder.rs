//! Keeps every request, with the JSON of its answer.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use serde_json::Value;
use smartsync_transport::{Request, Response, Transport, TransportError};

/// Every request, in order, with the JSON of its answer; `null` where it got none, or no JSON.
pub(crate) type Log = Arc<Mutex<Vec<(Request, Value)>>>;

pub(crate) struct Recorder<T> {
    transport: T,
    log: Log,
}

impl<T> Recorder<T> {
    pub(crate) fn new(transport: T, log: &Log) -> Self {
        Self { transport, log: Arc::clone(log) }
    }
}

/// Without the log: it holds what people typed.
impl<T: fmt::Debug> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.transport).finish()
    }
}

#[async_trait]
impl<T: Transport> Transport for Recorder<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        // Before it goes out: the process of a test may die while it is on its way.
        let place = {
            let mut log = self.log.lock().unwrap();
            log.push((request.clone(), Value::Null));
            log.len() - 1
        };
        let result = self.transport.execute(request).await;
        let body = result.as_ref().map(|response| response.body().as_bytes()).unwrap_or_default();
        self.log.lock().unwrap()[place].1 = serde_json::from_slice(body).unwrap_or(Value::Null);
        result
    }
}
