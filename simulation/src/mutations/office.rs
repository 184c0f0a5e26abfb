//! A prepared world: both services, the ledger, a mapping, and what is to be done in it.

use std::{error::Error, sync::Arc, time::Duration};

use oneflow_client::{OneflowClient, contracts::PublishMessage};
use smartsync_core::{
    ChangeLimit, Clock, ContractRequest, Engine, Ledger, Mapping, MemoryLedger, RequestId, SyncKeys,
    ledger::Creation,
};
use smartsync_sandbox::{Sandbox, SandboxSettings};
use smartsync_transport::{Limiter, RetryPolicy};
use teamtailor_client::TeamtailorClient;

use super::{
    ready::ready,
    variant::Variant,
    wire::{Line, Wire},
};

/// What can go wrong while a world is prepared.
pub(crate) type Unprepared = Box<dyn Error + Send + Sync>;

/// What is done first, and what is meant to meet the changed answer.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A look at a contract.
    Look(i64),
    /// A contract is made.
    Make(Box<ContractRequest>),
}

/// What a person does once the first act is over.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// A participant fills in a data field of the newest contract.
    DataField(&'static str, &'static str),
    /// A recruiter changes a custom field of the candidate.
    CustomField(&'static str, &'static str),
}

/// A prepared world.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) sandbox: Sandbox,
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) mapping: Mapping,
    /// All candidates there are.
    pub(crate) candidates: Vec<String>,
    /// All request ids under which contracts are made.
    pub(crate) requests: Vec<RequestId>,
    pub(crate) act: Act,
    pub(crate) edits: Vec<Edit>,
}

impl Office {
    /// The sample data, with an empty ledger.
    pub(crate) fn open(
        variant: Variant,
        settings: SandboxSettings,
        mapping: &str,
    ) -> Result<Self, Unprepared> {
        let settings = settings
            .oneflow_limit(1_000_000)
            .teamtailor_limit(1_000_000)
            .custom_id_on_top(variant.custom_id_on_top())
            .read_back(variant.read_back());
        let sandbox = Sandbox::new(settings);
        let candidates = vec![sandbox.seeded().candidate];
        Ok(Self {
            sandbox,
            ledger: Arc::default(),
            mapping: toml::from_str(mapping)?,
            candidates,
            requests: Vec::new(),
            act: Act::Look(0),
            edits: Vec::new(),
        })
    }

    /// The candidate of the sample data.
    pub(crate) fn candidate(&self) -> String {
        self.sandbox.seeded().candidate
    }

    /// The same world once more, for a course of its own.
    pub(crate) fn fork(&self) -> Result<Self, Unprepared> {
        let ledger = Arc::new(MemoryLedger::new());
        for contract in self.sandbox.contracts() {
            if let Some(entry) = self.ledger.entry(contract.into()) {
                ledger.put(contract.into(), entry);
            }
        }
        for candidate in &self.candidates {
            if let Some(card) = self.ledger.card(&candidate.as_str().into()) {
                ledger.put_card(candidate.as_str().into(), card);
            }
        }
        for request in &self.requests {
            if let Some(creation) = ready(self.ledger.load_creation(request))? {
                ready(ledger.save_creation(request, &creation))?;
            }
        }
        Ok(Self {
            sandbox: self.sandbox.fork(),
            ledger,
            mapping: self.mapping.clone(),
            candidates: self.candidates.clone(),
            requests: self.requests.clone(),
            act: self.act.clone(),
            edits: self.edits.clone(),
        })
    }

    /// An engine whose requests go over `wire`. With `retries`, what fails is tried again.
    pub(crate) fn engine(&self, wire: &Arc<Wire>, retries: bool) -> Result<Engine, Unprepared> {
        let sandbox = &self.sandbox;
        let mut oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token())
            .user_email(sandbox.user_email())
            .transport(Line::new(wire, sandbox.oneflow_transport()));
        let mut teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key())
            .transport(Line::new(wire, sandbox.teamtailor_transport()));
        if retries {
            oneflow = oneflow.sleep(sandbox.sleep());
            teamtailor = teamtailor.sleep(sandbox.sleep());
        } else {
            oneflow = oneflow.retry(RetryPolicy::none()).limiter(Limiter::none());
            teamtailor = teamtailor.retry(RetryPolicy::none()).limiter(Limiter::none());
        }
        let keys = keys()?;
        let builder = Engine::builder(
            oneflow.build()?,
            teamtailor.build()?,
            self.mapping.clone(),
            self.ledger.clone(),
            keys,
        );
        // The judge knows of no limit.
        let builder = builder.change_limit(ChangeLimit::none());
        Ok(builder.clock(SandboxClock(sandbox.clone())).build()?)
    }

    /// A request for a contract that is sent at once.
    pub(crate) fn request(&mut self, id: &str, template: i64) -> Result<ContractRequest, Unprepared> {
        let request_id: RequestId = id.parse()?;
        if !self.requests.contains(&request_id) {
            self.requests.push(request_id.clone());
        }
        let seeded = self.sandbox.seeded();
        let request = ContractRequest::new(
            request_id,
            seeded.candidate.into(),
            template.into(),
            seeded.workspace.into(),
        );
        Ok(request
            .name("Employment: Ann Sample")
            .publish(PublishMessage::new("Your contract", "Please fill in and sign.")))
    }

    /// A contract of the sample candidate that the engine has made and sent, an hour ago.
    pub(crate) fn make(&mut self, id: &str, template: i64) -> Result<i64, Unprepared> {
        let request = self.request(id, template)?;
        let engine = self.engine(&Arc::default(), false)?;
        let created = ready(async { engine.create(engine.plan_contract(&request).await?).await })?;
        self.pass(3_600);
        Ok(created.contract.get())
    }

    /// A look at a contract that nothing disturbs, and an hour after it.
    pub(crate) fn sync(&self, contract: i64) -> Result<(), Unprepared> {
        let engine = self.engine(&Arc::default(), false)?;
        let plan = ready(engine.plan(contract.into()))?;
        ready(engine.apply(plan));
        self.pass(3_600);
        Ok(())
    }

    /// A participant fills in data fields.
    pub(crate) fn fill(&self, contract: i64, values: &[(&str, &str)]) -> Result<(), Unprepared> {
        for (key, value) in values {
            self.sandbox.fill_data_field(contract, key, value)?;
        }
        Ok(())
    }

    /// Forgets all that the ledger knows but that these contracts were about to be made.
    pub(crate) fn lose_ledger(&mut self, intents: &[&ContractRequest]) -> Result<(), Unprepared> {
        self.ledger = Arc::default();
        for request in intents {
            let (candidate, template) = (request.candidate.clone(), request.template);
            let intent = Creation::Intended { candidate, template };
            ready(self.ledger.save_creation(&request.request_id, &intent))?;
        }
        Ok(())
    }

    /// Time passes.
    pub(crate) fn pass(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// People do what they do between the first act and the looks after it.
    pub(crate) fn edit(&self) -> Result<(), Unprepared> {
        for edit in &self.edits {
            match edit {
                Edit::DataField(key, value) => {
                    let newest = self.sandbox.contracts().last().copied().unwrap_or_default();
                    self.sandbox.fill_data_field(newest, key, value)?;
                }
                Edit::CustomField(api_name, value) => {
                    self.sandbox.edit_custom_field(&self.candidate(), api_name, Some(value))?;
                }
            }
        }
        Ok(())
    }
}

/// The keys of every world.
pub(crate) fn keys() -> Result<SyncKeys, Unprepared> {
    Ok(SyncKeys::new("simulation", ["a/key/of/the/simulation/0000000000000000000".into()])?)
}

/// The sandbox's own time.
#[derive(Debug)]
struct SandboxClock(Sandbox);

impl Clock for SandboxClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}
