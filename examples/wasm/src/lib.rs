//! A host of `smartsync-core` for `wasm32-unknown-unknown`: a worker at the edge, a browser.
//!
//! Three traits are the host's: how a request travels, where something is remembered, what time it is. Where they are asynchronous,
//! they are written under `#[async_trait(?Send)]` on wasm32, since what the runtime there gives is not `Send`. This crate builds for
//! other targets as well, so it has both forms; a program for wasm32 alone has the second line only.

use std::sync::Arc;

use smartsync_core::{
    CandidateId, Clock, ContractId, Engine, EngineError, Ledger, LedgerEntry, LedgerError, Mapping,
    MemoryLedger, Report, RequestId, SecretString, SyncKeys, Transport, async_trait, jiff,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
    oneflow_client::{
        ConfigError, OneflowClient,
        transport::{Request, Response, TransportError},
    },
    teamtailor_client::TeamtailorClient,
};

/// Requests over the runtime's own `fetch`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fetch;

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Transport for Fetch {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        // Here `fetch(request).await`, with `redirect: "manual"`. This host has none.
        drop(request);
        Err(TransportError::connect("this host has no network"))
    }
}

/// What is remembered: here in memory; a host has a store of its own in this place.
#[derive(Debug, Default)]
pub struct Store(MemoryLedger);

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Ledger for Store {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.0.load(contract).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.0.load_card(candidate).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.0.load_overwrites().await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.0.update(change).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.0.load_creation(request).await
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.0.save_creation(request, creation).await
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.0.contracts_of(candidate).await
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.0.forget(candidate).await
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.0.is_forgotten(candidate).await
    }
}

/// The time as the runtime tells it, in milliseconds since 1970: `Date.now`.
#[derive(Debug)]
pub struct DateNow(fn() -> i64);

impl DateNow {
    /// With this function for `Date.now`.
    #[must_use]
    pub fn new(now: fn() -> i64) -> Self {
        Self(now)
    }
}

impl Clock for DateNow {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond((self.0)()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// The engine over the three.
///
/// # Errors
///
/// If the settings make no client, or no engine.
pub fn engine(
    token: SecretString,
    key: SecretString,
    keys: SyncKeys,
    clock: DateNow,
) -> Result<Engine, Box<dyn std::error::Error>> {
    let (oneflow, teamtailor) = clients(token, key)?;
    let engine = Engine::builder(oneflow, teamtailor, Mapping::default(), Arc::new(Store::default()), keys);
    Ok(engine.clock(clock).build()?)
}

fn clients(token: SecretString, key: SecretString) -> Result<(OneflowClient, TeamtailorClient), ConfigError> {
    let oneflow = OneflowClient::builder().api_token(token).transport(Fetch).build()?;
    let teamtailor = TeamtailorClient::builder().api_key(key).transport(Fetch).build()?;
    Ok((oneflow, teamtailor))
}

/// Looks at a contract, writes what has changed, and says how each field ended.
///
/// # Errors
///
/// [`EngineError`] if a service does not answer.
pub async fn look(engine: &Engine, contract: ContractId) -> Result<Report, EngineError> {
    engine.sync(contract).await
}
