//! The three hosts: a request goes to the service that it is for.

use smartsync_transport::{Request, Response};

use crate::{
    incoming::Incoming, oneflow, origins::Origin, request_log::LoggedRequest, storage, teamtailor,
    world::World,
};

impl World {
    /// Answers one request to one of the three hosts: the same state and request, the same answer and next state.
    pub(crate) fn handle(&mut self, origin: Origin, request: Request) -> Response {
        let incoming = Incoming::new(request);
        let handled = match origin {
            Origin::Oneflow => oneflow::handle(self, &incoming),
            Origin::Teamtailor => teamtailor::handle(self, &incoming),
            Origin::Storage => storage::handle(self, &incoming),
        };
        self.log.push(LoggedRequest {
            origin,
            operation: handled.operation,
            method: incoming.method,
            path: incoming.path,
            status: handled.response.status(),
        });
        handled.response
    }
}
