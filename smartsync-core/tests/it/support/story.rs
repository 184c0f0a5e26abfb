//! A contract of the sample candidate in the sandbox, made and sent by the engine, and what is on the card.

use std::{sync::Arc, time::Duration};

use oneflow_client::contracts::PublishMessage;
use smartsync_core::{
    Clock, ContractRequest, Engine, EngineBuilder, Ledger, Mapping, MemoryLedger, Plan, Report,
    mapping::LinkMethod,
};
use smartsync_sandbox::{Sandbox, SandboxSettings, SandboxTransport};
use smartsync_transport::{Method, Transport};

use crate::support::{
    fenced::Fence,
    in_sandbox::{clients, request},
    stage::{keys, summary},
};

/// The sandbox's own time.
#[derive(Debug)]
pub(crate) struct SandboxClock(pub(crate) Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

/// A mapping that finds the candidates of the sample template's contracts by address too.
pub(crate) fn by_address(sandbox: &Sandbox) -> Mapping {
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(sandbox.seeded().template_type.into());
    mapping
}

pub(crate) struct Story {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) engine: Engine,
    pub(crate) contract: i64,
}

impl Story {
    /// A contract of the sample candidate, made and sent by the engine.
    pub(crate) async fn begin(settings: SandboxSettings) -> Self {
        let sandbox = Arc::new(Sandbox::new(settings));
        let ledger = Arc::new(MemoryLedger::new());
        let engine = engine(&sandbox, &ledger, Mapping::default());
        let request = request(&sandbox, "hire-1")
            .publish(PublishMessage::new("Your contract", "Please fill in and sign."));
        let plan = engine.plan_contract(&request).await.unwrap();
        let created = engine.create(plan).await.unwrap();
        assert!(created.is_published);
        sandbox.advance(Duration::from_secs(3_600));
        sandbox.clear_request_log();
        Self { sandbox, ledger, engine, contract: created.contract.get() }
    }

    /// The same with a contract that is sent a second after it was made: what was prefilled can then be told from what is
    /// edited within the second of sending.
    pub(crate) async fn begin_with_a_draft(settings: SandboxSettings) -> Self {
        let sandbox = Arc::new(Sandbox::new(settings));
        let ledger = Arc::new(MemoryLedger::new());
        let engine = engine(&sandbox, &ledger, Mapping::default());
        let plan = engine.plan_contract(&request(&sandbox, "hire-1")).await.unwrap();
        let created = engine.create(plan).await.unwrap();
        sandbox.advance(Duration::from_secs(1));
        let message = PublishMessage::new("Your contract", "Please fill in and sign.");
        let plan = engine.plan_contract(&request(&sandbox, "hire-1").publish(message)).await.unwrap();
        assert!(engine.create(plan).await.unwrap().is_published);
        sandbox.advance(Duration::from_secs(3_600));
        sandbox.clear_request_log();
        Self { sandbox, ledger, engine, contract: created.contract.get() }
    }

    /// Goes on with another mapping.
    pub(crate) fn map(&mut self, mapping: Mapping) {
        self.engine = engine(&self.sandbox, &self.ledger, mapping);
    }

    /// Loses the ledger.
    pub(crate) fn lose_ledger(&mut self, mapping: Mapping) {
        self.ledger = Arc::new(MemoryLedger::new());
        self.map(mapping);
    }

    /// Another contract of the sample candidate.
    pub(crate) fn request(&self, id: &str) -> ContractRequest {
        request(&self.sandbox, id)
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let card = self.sandbox.candidate_card(&self.sandbox.seeded().candidate).unwrap();
        card.get(name).map(str::to_owned)
    }

    pub(crate) fn uploads(&self) -> Vec<String> {
        self.sandbox.candidate_card(&self.sandbox.seeded().candidate).unwrap().uploads
    }

    /// A second contract of the sample candidate, made and sent after the first one.
    pub(crate) async fn second(&self) -> i64 {
        let second = self.second_at_once().await;
        self.sandbox.advance(Duration::from_secs(3_600));
        second
    }

    /// The same, while no time passes.
    pub(crate) async fn second_at_once(&self) -> i64 {
        let request = self.request("hire-2").publish(PublishMessage::new("Your contract", "Please sign."));
        let plan = self.engine.plan_contract(&request).await.unwrap();
        self.engine.create(plan).await.unwrap().contract.get()
    }

    /// How the salary of a contract ends at a look: `written`, `skipped candidate-is-newer`.
    pub(crate) async fn salary(&self, contract: i64) -> String {
        let plan = self.engine.plan(contract.into()).await.unwrap();
        let outcomes = summary(&self.engine.apply(plan).await.outcomes);
        let lines = outcomes.iter().filter_map(|line| line.strip_prefix("oneflow-salary "));
        lines.collect::<Vec<_>>().join(", ")
    }

    pub(crate) async fn sync(&self) -> Report {
        self.sandbox.clear_request_log();
        let plan = self.plan().await;
        self.engine.apply(plan).await
    }

    pub(crate) async fn plan(&self) -> Plan {
        self.engine.plan(self.contract.into()).await.unwrap()
    }

    /// Requests since the last sync began that changed something, and all of them.
    pub(crate) fn requests(&self) -> (usize, usize) {
        let log = self.sandbox.request_log();
        (log.iter().filter(|request| request.method != Method::GET).count(), log.len())
    }
}

pub(crate) fn engine(sandbox: &Arc<Sandbox>, ledger: &Arc<MemoryLedger>, mapping: Mapping) -> Engine {
    engine_between(sandbox, ledger.clone(), mapping, |wire| wire)
}

/// An engine over the sandbox, on the sandbox's own time, with something between it and the services.
pub(crate) fn engine_between<T: Transport + 'static>(
    sandbox: &Arc<Sandbox>,
    ledger: Arc<dyn Ledger>,
    mapping: Mapping,
    between: impl Fn(SandboxTransport) -> T,
) -> Engine {
    build_between(sandbox, ledger, mapping, between, |builder| builder)
}

/// The same, finished by `finish`.
pub(crate) fn build_between<T: Transport + 'static>(
    sandbox: &Arc<Sandbox>,
    ledger: Arc<dyn Ledger>,
    mapping: Mapping,
    between: impl Fn(SandboxTransport) -> T,
    finish: impl FnOnce(EngineBuilder) -> EngineBuilder,
) -> Engine {
    let fence = Fence::around(&mapping);
    let (oneflow, teamtailor) = clients(sandbox, &fence, between);
    let clock = SandboxClock(Arc::clone(sandbox));
    let builder = Engine::builder(oneflow, teamtailor, mapping, ledger, keys()).clock(clock);
    finish(builder).build().unwrap()
}
