//! The three hosts: a request goes to the service that it is for.

use http::StatusCode;
use smartsync_transport::{Request, Response};

use crate::{
    incoming::Incoming, oneflow, origins::Origin, request_log::LoggedRequest, storage, teamtailor,
    world::World,
};

impl World {
    /// Answers one request to one of the three hosts: the same state and request, the same answer and next state.
    pub(crate) fn handle(&mut self, origin: Origin, request: Request) -> Response {
        self.answer(origin, Incoming::new(request))
    }

    pub(crate) fn answer(&mut self, origin: Origin, incoming: Incoming) -> Response {
        let handled = match origin {
            Origin::Oneflow => oneflow::handle(self, &incoming),
            Origin::Teamtailor => teamtailor::handle(self, &incoming),
            Origin::Storage => storage::handle(self, &incoming),
        };
        self.note_request(origin, handled.operation, incoming, handled.response.status());
        handled.response
    }

    /// What a request is for; `unknown` if the service has no such route.
    pub(crate) fn operation(origin: Origin, incoming: &Incoming) -> &'static str {
        match origin {
            Origin::Oneflow => oneflow::operation(incoming),
            Origin::Teamtailor => teamtailor::operation(incoming),
            Origin::Storage => storage::OPERATION,
        }
    }

    pub(crate) fn note_request(
        &mut self,
        origin: Origin,
        operation: &'static str,
        incoming: Incoming,
        status: StatusCode,
    ) {
        let Incoming { method, path, .. } = incoming;
        self.log.push(LoggedRequest { origin, operation, method, path, status });
    }
}
