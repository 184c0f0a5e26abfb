//! The state of everything, and the one way into it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use smartsync_transport::{Request, Response};

use crate::{
    LoggedRequest, Origin, SandboxSettings, SeededIds,
    counters::Counters,
    incoming::Incoming,
    notifications::Outbox,
    oneflow::{self, Oneflow},
    origins::Origins,
    rate_limit::RateLimit,
    storage::{self, Storage},
    teamtailor::{self, Teamtailor},
};

/// The state of everything. No clock and no randomness: time moves by [`World::advance`], ids come from counters.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) settings: SandboxSettings,
    pub(crate) origins: Origins,
    pub(crate) now: Timestamp,
    pub(crate) counters: Counters,
    pub(crate) oneflow: Oneflow,
    pub(crate) oneflow_limit: RateLimit,
    pub(crate) teamtailor: Teamtailor,
    pub(crate) teamtailor_limit: RateLimit,
    pub(crate) storage: Storage,
    pub(crate) outbox: Outbox,
    pub(crate) log: Vec<LoggedRequest>,
    pub(crate) seeded: SeededIds,
}

/// The answer to a request, and what the request was for.
pub(crate) struct Handled {
    pub(crate) operation: &'static str,
    pub(crate) response: Response,
}

impl World {
    pub(crate) fn new(settings: SandboxSettings, origins: Origins) -> Self {
        let mut world = Self {
            origins,
            now: settings.start,
            counters: Counters::default(),
            oneflow: Oneflow::default(),
            oneflow_limit: RateLimit::new(settings.oneflow_limit, SignedDuration::from_mins(5)),
            teamtailor: Teamtailor::default(),
            teamtailor_limit: RateLimit::new(settings.teamtailor_limit, SignedDuration::from_secs(10)),
            storage: Storage::default(),
            outbox: Outbox::default(),
            log: Vec::new(),
            seeded: SeededIds::default(),
            settings,
        };
        world.seed();
        world
    }

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

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.now = self.now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }
}
