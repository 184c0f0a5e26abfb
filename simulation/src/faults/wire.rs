//! The wire to one service, on which everything goes wrong that can.

use std::sync::Arc;

use async_trait::async_trait;
use http::Method;
use smartsync_sandbox::Origin;
use smartsync_transport::{Request, Response, Transport, TransportError};

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

    /// The same, unless the fault keeps it from arriving.
    async fn meet(&self, fault: Fault, request: Request, after: usize) -> Result<Response, TransportError> {
        if fault == Fault::CrashBefore {
            self.stage.lock().crash();
        }
        let exchange = async {
            let response = self.carry(request, after, false);
            if fault == Fault::CrashAfter {
                self.stage.lock().crash();
            }
            Ok(response)
        };
        fault.on_the_wire().meet(exchange, None).await
    }
}

#[async_trait]
impl Transport for Wire {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.stage.pause().await;
        let (fault, after) = self.stage.lock().arrive(&request);
        let result = match fault {
            None => Ok(self.carry(request, after, true)),
            Some(Fault::Late) if *request.method() != Method::GET => {
                self.stage.lock().delay(self.origin, request);
                Err(TransportError::timeout("late"))
            }
            Some(fault) => self.meet(fault, request, after).await,
        };
        self.stage.pause().await;
        result
    }
}
