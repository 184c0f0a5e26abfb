//! A service that notes when it was asked, on tokio's clock.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::StatusCode;
use smartsync_transport::{Body, Request, Response, Transport, TransportError};
use tokio::time::Instant;

/// Answers at once. Clones are one.
#[derive(Clone, Debug)]
pub(crate) struct RecordingService {
    begun: Instant,
    refuses: Option<(usize, &'static str)>,
    asked: Arc<Mutex<Vec<(Duration, String)>>>,
}

impl RecordingService {
    /// Its time begins now.
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), refuses: None, asked: Arc::default() }
    }

    /// Refuses the request at this position, from 0, with 429 and this many seconds.
    pub(crate) fn refuses(self, position: usize, retry_after: &'static str) -> Self {
        Self { refuses: Some((position, retry_after)), ..self }
    }

    /// When it was asked, in seconds.
    pub(crate) fn times(&self) -> Vec<f64> {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .map(|(time, _)| (time.as_secs_f64() * 10.0).round() / 10.0)
            .collect()
    }

    /// What it was asked for, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(_, path)| path.clone()).collect()
    }
}

#[async_trait]
impl Transport for RecordingService {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut asked = self.asked.lock().unwrap();
        let mut response = Response::new(Body::from(r#"{"id":1}"#));
        if let Some((position, retry_after)) = self.refuses
            && position == asked.len()
        {
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert("retry-after", retry_after.parse().unwrap());
        }
        asked.push((self.begun.elapsed(), request.uri().path().to_owned()));
        Ok(response)
    }
}
