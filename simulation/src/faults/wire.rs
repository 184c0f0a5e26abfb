//! The wire to one service, on which everything goes wrong that can.

use std::{future::pending, sync::Arc};

use async_trait::async_trait;
use http::{HeaderValue, Method, StatusCode, header::RETRY_AFTER};
use smartsync_sandbox::Origin;
use smartsync_transport::{Body, Request, Response, Transport, TransportError};

use super::{stage::Stage, trouble::Fault};

/// The wire to one service.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) stage: Arc<Stage>,
    pub(super) origin: Origin,
}

impl Wire {
    /// The request takes effect, and people do so much before the answer comes.
    fn carry(&self, request: Request, after: usize, is_delivered: bool) -> Response {
        let mut stage = self.stage.lock();
        let sent = stage.sent();
        let (response, receipt) = stage.exchange(self.origin, request, sent);
        stage.meanwhile(after);
        if is_delivered {
            stage.deliver(receipt);
        }
        response
    }

    async fn die(&self) -> Result<Response, TransportError> {
        self.stage.lock().crash();
        pending().await
    }
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
}

#[async_trait]
impl Transport for Wire {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.stage.pause().await;
        let (fault, after) = self.stage.lock().arrive(&request);
        let result = match fault {
            None => Ok(self.carry(request, after, true)),
            Some(Fault::NoConnection) => Err(TransportError::connect("refused")),
            Some(Fault::LostBefore) => Err(TransportError::timeout("lost")),
            Some(Fault::Throttled(seconds)) => {
                let mut response = answer(StatusCode::TOO_MANY_REQUESTS, "");
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                Ok(response)
            }
            Some(Fault::Unavailable) => Ok(answer(StatusCode::SERVICE_UNAVAILABLE, "<html>down</html>")),
            Some(Fault::Late) if *request.method() != Method::GET => {
                self.stage.lock().delay(self.origin, request);
                Err(TransportError::timeout("late"))
            }
            Some(Fault::LostAfter | Fault::Late) => {
                self.carry(request, after, false);
                Err(TransportError::timeout("lost"))
            }
            Some(Fault::UnavailableAfter) => {
                self.carry(request, after, false);
                Ok(answer(StatusCode::BAD_GATEWAY, "<html>bad gateway</html>"))
            }
            Some(Fault::Truncated) => {
                let response = self.carry(request, after, false);
                let (parts, body) = response.into_parts();
                let bytes = body.into_bytes();
                Ok(Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2))))
            }
            Some(Fault::Garbage) => {
                self.carry(request, after, false);
                Ok(answer(StatusCode::OK, "<html>welcome to the wireless network</html>"))
            }
            Some(Fault::CrashBefore) => return self.die().await,
            Some(Fault::CrashAfter) => {
                self.carry(request, after, false);
                return self.die().await;
            }
        };
        self.stage.pause().await;
        result
    }
}
