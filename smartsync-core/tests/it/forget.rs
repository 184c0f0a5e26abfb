//! A forgotten candidate: nothing is remembered, and nothing written any more.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_core::{
    CandidateId, ContractRequest, DocumentOutcome, Engine, EngineError, FieldOutcome, Ledger, LedgerEntry,
    LedgerError, Mapping, MemoryLedger, Next, Outcome, PublishMessage, Reason, RequestId,
    candidate::CandidateField,
    creation::PreflightProblem,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use smartsync_transport::{Method, ScriptedTransport};

use crate::support::{
    fenced::Fence,
    in_sandbox::{clients, request},
    stage::{
        BY_ADDRESS, SENT, Stage, candidate, candidate_page, cold, contract, keys, summary, token,
        written_back,
    },
    story::by_address,
};

struct Office {
    sandbox: Sandbox,
    ledger: Arc<MemoryLedger>,
    engine: Engine,
}

impl Office {
    fn open() -> Self {
        let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
        let engine = engine(&sandbox, ledger.clone());
        Self { sandbox, ledger, engine }
    }

    fn candidate(&self) -> CandidateId {
        self.sandbox.seeded().candidate.into()
    }

    fn request(&self, name: &str) -> ContractRequest {
        request(&self.sandbox, name).publish(PublishMessage::new("Your contract", "Please sign."))
    }

    async fn create(&self, name: &str) -> i64 {
        let plan = self.engine.plan_contract(&self.request(name)).await.unwrap();
        let created = self.engine.create(plan).await.unwrap();
        self.sandbox.advance(Duration::from_secs(3_600));
        created.contract.get()
    }

    /// Requests to either service that change something.
    fn writes(&self) -> usize {
        self.sandbox.request_log().iter().filter(|request| request.method != Method::GET).count()
    }
}

fn engine(sandbox: &Sandbox, ledger: Arc<dyn Ledger>) -> Engine {
    engine_with(Mapping::default(), sandbox, ledger)
}

fn engine_with(mapping: Mapping, sandbox: &Sandbox, ledger: Arc<dyn Ledger>) -> Engine {
    let fence = Fence::around(&mapping);
    let (oneflow, teamtailor) = clients(sandbox, &fence, |wire| wire);
    Engine::builder(oneflow, teamtailor, mapping, ledger, keys()).build().unwrap()
}

/// Whether a field is not written back since the candidate was forgotten, or never would be.
fn is_of_the_forgotten(field: &FieldOutcome) -> bool {
    let is_of_identity = matches!(field.candidate_field, CandidateField::Default(_));
    let reason = if is_of_identity { Reason::IdentityOnlyPrefilled } else { Reason::CandidateForgotten };
    field.outcome == Outcome::Skipped(reason)
}

#[tokio::test]
async fn after_forgetting_an_edit_and_a_signature_in_the_contract_write_nothing() {
    let office = Office::open();
    let contract = office.create("hire-1").await;
    office.sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let plan = office.engine.plan(contract.into()).await.unwrap();
    assert!(office.engine.apply(plan).await.is_complete());
    let card = office.sandbox.candidate_card(&office.sandbox.seeded().candidate);

    office.ledger.forget(&office.candidate()).await.unwrap();
    assert_eq!(office.ledger.entry(contract.into()), None);
    assert_eq!(office.ledger.load_creation(&"hire-1".parse().unwrap()).await.unwrap(), None);
    let remembered = format!("{:?}", office.ledger);
    let id = format!("{:?}", office.sandbox.seeded().candidate);
    assert_eq!(remembered.matches(&id).count(), 1, "the tombstone and nothing else: {remembered}");

    office.sandbox.fill_data_field(contract, "oneflow-notice", "6 months").unwrap();
    office.sandbox.sign_all(contract).unwrap();
    office.sandbox.clear_request_log();
    let plan = office.engine.plan(contract.into()).await.unwrap();
    assert!(plan.steps().is_empty());
    assert_eq!(plan.candidate(), None);
    let report = office.engine.apply(plan).await;
    assert!(!report.outcomes.is_empty());
    assert!(report.outcomes.iter().all(is_of_the_forgotten), "{:?}", report.outcomes);
    assert_eq!(report.document, DocumentOutcome::NotDue(Reason::CandidateForgotten));
    assert!(report.is_complete() && report.next == Next::Done, "nobody has anything to do about it");
    assert_eq!(office.writes(), 0);
    let paths: Vec<String> =
        office.sandbox.request_log().iter().map(|request| request.path.clone()).collect();
    assert!(!paths.iter().any(|path| path.contains("/candidates/")), "nor is the candidate read: {paths:?}");
    assert_eq!(office.sandbox.candidate_card(&office.sandbox.seeded().candidate), card);
    assert_eq!(office.ledger.entry(contract.into()), None, "nothing is remembered again");
}

#[tokio::test]
async fn a_contract_that_only_an_address_links_writes_nothing_either() {
    let mut office = Office::open();
    office.engine = engine_with(by_address(&office.sandbox), &office.sandbox, office.ledger.clone());
    let seed = ContractSeed::new(office.sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = office.sandbox.add_contract(seed).unwrap();
    office.sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let plan = office.engine.plan(contract.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&office.candidate()), "before, the address links it");
    office.ledger.forget(&office.candidate()).await.unwrap();
    let plan = office.engine.plan(contract.into()).await.unwrap();
    let report = office.engine.apply(plan).await;
    assert!(report.outcomes.iter().all(is_of_the_forgotten), "{:?}", report.outcomes);
    assert_eq!(office.writes(), 0);
    assert_eq!(office.ledger.entry(contract.into()), None);
}

#[tokio::test]
async fn a_plan_that_was_made_before_the_candidate_was_forgotten_writes_nothing() {
    let office = Office::open();
    let contract = office.create("hire-1").await;
    office.sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    office.sandbox.sign_all(contract).unwrap();
    let plan = office.engine.plan(contract.into()).await.unwrap();
    assert!(!plan.steps().is_empty());
    office.ledger.forget(&office.candidate()).await.unwrap();
    office.sandbox.clear_request_log();
    let report = office.engine.apply(plan).await;
    assert!(summary(&report.outcomes).contains(&"oneflow-notice skipped candidate-forgotten".to_owned()));
    assert_eq!(report.document, DocumentOutcome::NotDue(Reason::CandidateForgotten));
    assert!(report.is_complete());
    assert!(office.sandbox.request_log().is_empty());
    assert_eq!(office.ledger.entry(contract.into()), None);
}

#[tokio::test]
async fn no_contract_is_made_for_a_forgotten_candidate_and_nothing_is_read() {
    let office = Office::open();
    let planned_before = office.engine.plan_contract(&office.request("hire-1")).await.unwrap();
    office.ledger.forget(&office.candidate()).await.unwrap();
    office.sandbox.clear_request_log();
    let planned = office.engine.plan_contract(&office.request("hire-2")).await.map(drop);
    let created = office.engine.create(planned_before).await.map(drop);
    for refused in [planned, created] {
        let Err(EngineError::Preflight(problems)) = refused else { panic!("the preflight fails") };
        assert_eq!(problems, [PreflightProblem::CandidateForgotten]);
    }
    assert!(office.sandbox.request_log().is_empty());
    assert!(office.sandbox.contracts().is_empty());
}

/// A ledger whose candidate is forgotten just as an intent is saved.
#[derive(Debug, Default)]
struct ForgetsMeanwhile(MemoryLedger, When);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum When {
    #[default]
    TheIntentIsSaved,
    TheContractIsBound,
}

#[async_trait]
impl Ledger for ForgetsMeanwhile {
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
        let updated = self.0.update(change).await?;
        if self.1 == When::TheContractIsBound {
            self.0.forget(change.candidate()).await?;
        }
        Ok(updated)
    }
    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.0.load_creation(request).await
    }
    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        if self.1 == When::TheIntentIsSaved {
            self.0.forget(creation.candidate()).await?;
        }
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

#[tokio::test]
async fn no_contract_is_made_for_a_candidate_who_is_forgotten_while_the_intent_is_saved() {
    let office = Office::open();
    let engine = engine(&office.sandbox, Arc::new(ForgetsMeanwhile::default()));
    let plan = engine.plan_contract(&office.request("hire-1")).await.unwrap();
    let refused = engine.create(plan).await;
    let Err(EngineError::Preflight(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems, [PreflightProblem::CandidateForgotten]);
    assert!(office.sandbox.contracts().is_empty());
}

#[tokio::test]
async fn nobody_is_invited_who_is_forgotten_once_the_contract_is_made() {
    let office = Office::open();
    let ledger = ForgetsMeanwhile(MemoryLedger::new(), When::TheContractIsBound);
    let engine = engine(&office.sandbox, Arc::new(ledger));
    let plan = engine.plan_contract(&office.request("hire-1")).await.unwrap();
    let error = engine.create(plan).await.unwrap_err();
    assert!(matches!(error, EngineError::NotPublished { source: None, .. }), "{error}");
    let log = office.sandbox.request_log();
    assert!(!log.iter().any(|request| request.operation == "publish_contract"));
}

#[tokio::test]
async fn another_candidate_of_the_same_account_is_not_affected() {
    let ida = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;
    let reads = || cold();
    let bound = (String::new(), reads().json(200, candidate(ida, &[], &[])));
    let signed = (token("4711", "hire-1"), reads().json(200, candidate(ida, &[], &[])));
    let by_email = (String::new(), reads().json(200, candidate_page(ida, &[], &[])));
    let fields = written_back(&[("first-name", "first_name")]);
    let by_any = format!("{BY_ADDRESS}document = {{ attach = false }}\n{fields}");
    for (position, (custom_id, teamtailor)) in [bound, signed, by_email].into_iter().enumerate() {
        let oneflow =
            ScriptedTransport::new().json(200, contract("pending", &custom_id, &[("first-name", "Ada")]));
        let stage = Stage::new(&by_any, oneflow.json(200, SENT), teamtailor);
        if position == 0 {
            let mut entry = LedgerEntry::default();
            entry.candidate = Some("4711".into());
            entry.linked_by = Some(smartsync_core::mapping::LinkMethod::Ledger);
            stage.ledger.put(9001.into(), entry.clone());
        }
        for other in ["471", "47110", "4712"] {
            stage.ledger.forget(&other.into()).await.unwrap();
        }
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.candidate(), Some(&"4711".into()));
        assert!(summary(plan.outcomes()).contains(&"first-name written first-sight-contract-won".to_owned()));
    }
}
