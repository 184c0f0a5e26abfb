//! What an engine is built from.

use std::{sync::Arc, time::Duration};

use oneflow_client::OneflowClient;
use teamtailor_client::TeamtailorClient;

use super::{
    Engine, accounts::AccountCheck, change_limit::ChangeLimit, change_limit::Overwritten, clock::Clock,
    clock::OptionalClock, definitions_cache::DefinitionsCache, document::MAX_DOCUMENT_BYTES,
    document_host::DocumentHost, leases::LEASE_TIME, leases::Leases, leases::OptionalLeases, turns::Turns,
};
use crate::{
    keys::SyncKeys,
    ledger::Ledger,
    mapping::{InvalidMapping, Mapping},
};

/// Builds an [`Engine`].
#[derive(Debug)]
pub struct EngineBuilder {
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    mapping: Mapping,
    ledger: Arc<dyn Ledger>,
    keys: SyncKeys,
    clock: Option<Arc<dyn Clock>>,
    document_host: Option<Arc<dyn DocumentHost>>,
    max_document_bytes: usize,
    change_limit: ChangeLimit,
    leases: OptionalLeases,
}

impl EngineBuilder {
    pub(crate) fn new(
        oneflow: OneflowClient,
        teamtailor: TeamtailorClient,
        mapping: Mapping,
        ledger: Arc<dyn Ledger>,
        keys: SyncKeys,
    ) -> Self {
        Self {
            oneflow,
            teamtailor,
            mapping,
            ledger,
            keys,
            clock: None,
            document_host: None,
            max_document_bytes: MAX_DOCUMENT_BYTES,
            change_limit: ChangeLimit::default(),
            leases: OptionalLeases { leases: None, time: LEASE_TIME },
        }
    }

    /// Tells the time by `clock`. Without one, what was read counts as outdated, which costs two requests more for a plan that
    /// changes something, and two for every request that writes, and custom fields are read again only when something unknown turns up;
    /// and a limit of changes per hour is one for the life of the engine.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Has signed documents served by `host` where Oneflow gives no address for them, or where the host wants them all.
    /// Without one, no byte of a document passes through the engine.
    #[must_use]
    pub fn document_host(mut self, host: impl DocumentHost + 'static) -> Self {
        self.document_host = Some(Arc::new(host));
        self
    }

    /// The largest document, in bytes, that a document host is given; by default 25 MiB. A larger one is not attached.
    #[must_use]
    pub fn max_document_bytes(mut self, bytes: usize) -> Self {
        self.max_document_bytes = bytes;
        self
    }

    /// How many values of cards may be overwritten or cleared; by default 50 in an hour.
    #[must_use]
    pub fn change_limit(mut self, limit: ChangeLimit) -> Self {
        self.change_limit = limit;
        self
    }

    /// Takes a lease of a contract, or of a request id, before it works on it, and asks before each write whether it still has it. For
    /// hosts of several processes over one ledger, such as functions that scale by themselves; without it, one process is to have
    /// the ledger.
    #[must_use]
    pub fn leases(mut self, leases: impl Leases + 'static) -> Self {
        self.leases.leases = Some(Arc::new(leases));
        self
    }

    /// How long a lease lasts that is not renewed; by default a minute. It is renewed before each write. A look that waits
    /// longer between two writes writes nothing more, and so does one that finds its lease taken; the next look does. Not shorter than half
    /// a minute: with a clock, so long may pass between the renewal and the request.
    #[must_use]
    pub fn lease_time(mut self, time: Duration) -> Self {
        self.leases.time = time;
        self
    }

    /// The engine.
    ///
    /// # Errors
    ///
    /// [`InvalidMapping`] with everything in the mapping that cannot work.
    pub fn build(self) -> Result<Engine, InvalidMapping> {
        self.mapping.check().map_err(InvalidMapping)?;
        let clock = OptionalClock(self.clock);
        let mapping = Arc::new(self.mapping);
        let definitions = DefinitionsCache::new(self.teamtailor.clone(), Arc::clone(&mapping), clock.clone());
        Ok(Engine {
            oneflow: self.oneflow,
            teamtailor: self.teamtailor,
            mapping,
            ledger: self.ledger,
            keys: self.keys,
            clock,
            document_host: self.document_host,
            max_document_bytes: self.max_document_bytes,
            change_limit: self.change_limit,
            overwritten: Overwritten::default(),
            accounts: AccountCheck::default(),
            definitions,
            leases: self.leases,
            contracts_in_turn: Turns::default(),
            creations_in_turn: Turns::default(),
        })
    }
}
