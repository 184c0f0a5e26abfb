//! The whole story against the sandbox: prefill, both write-backs, the signature and the document.

use std::{sync::Arc, time::Duration};

use oneflow_client::{OneflowClient, contracts::PublishMessage, webhook};
use smartsync_core::{
    Clock, ContractRequest, DocumentOutcome, Engine, Ledger, LinkMeans, Mapping, MemoryLedger, Plan, Report,
    Verifier,
};
use smartsync_sandbox::{ReadBack, Sandbox, SandboxSettings, SandboxTransport};
use smartsync_transport::{Method, Transport};
use teamtailor_client::TeamtailorClient;

use crate::{
    fenced::Fence,
    stage::{keys, summary, taken_over},
};

/// The sandbox's own time.
#[derive(Debug)]
struct SandboxClock(Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

/// A mapping that finds the candidates of the sample template's contracts by address too.
pub(crate) fn by_address(sandbox: &Sandbox) -> Mapping {
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMeans::Email);
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

fn request(sandbox: &Sandbox, id: &str) -> ContractRequest {
    let seeded = sandbox.seeded();
    ContractRequest::new(
        id.parse().unwrap(),
        seeded.candidate.into(),
        seeded.template.into(),
        seeded.workspace.into(),
    )
}

fn engine(sandbox: &Arc<Sandbox>, ledger: &Arc<MemoryLedger>, mapping: Mapping) -> Engine {
    engine_between(sandbox, ledger.clone(), mapping, |wire| wire)
}

/// An engine over the sandbox, on the sandbox's own time, with something between it and the services.
pub(crate) fn engine_between<T: Transport + 'static>(
    sandbox: &Arc<Sandbox>,
    ledger: Arc<dyn Ledger>,
    mapping: Mapping,
    between: impl Fn(SandboxTransport) -> T,
) -> Engine {
    let fence = Fence::around(&mapping);
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token().into())
        .user_email(sandbox.user_email())
        .transport(fence.fenced(between(sandbox.oneflow_transport())))
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key().into())
        .transport(fence.fenced(between(sandbox.teamtailor_transport())))
        .build()
        .unwrap();
    let clock = SandboxClock(Arc::clone(sandbox));
    Engine::builder(oneflow, teamtailor, mapping, ledger, keys()).clock(clock).build().unwrap()
}

/// Every form in which Teamtailor may read its values back.
fn read_backs() -> [ReadBack; 4] {
    let all = ReadBack::new().number_as_text(true).select_as_list(true).date_with_time(true);
    [ReadBack::new(), ReadBack::new().number_as_text(true), ReadBack::new().select_as_list(true), all]
}

#[tokio::test]
async fn a_contract_is_prefilled_filled_in_signed_and_filed() {
    for read_back in read_backs() {
        let mut story = Story::begin(SandboxSettings::new().read_back(read_back)).await;
        let prefilled = story.sandbox.contract_card(story.contract).unwrap().data_fields;
        assert_eq!(prefilled["oneflow-start-date"], "2031-05-01");
        assert_eq!(prefilled["oneflow-salary"], "42000");
        assert_eq!(prefilled["oneflow-contract-type"], "Permanent");
        assert_eq!(prefilled["oneflow-notice"], "");

        let report = story.sync().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(story.requests(), (0, 2), "nothing has changed yet: {:?}", story.sandbox.request_log());

        for (key, text) in [
            ("oneflow-salary", "45 500,50"),
            ("oneflow-start-date", "31.12.2031"),
            ("oneflow-contract-type", "Fixed term"),
            ("oneflow-has-car", "1"),
            ("oneflow-notice", "3 months"),
            ("phone", "+46 70 174 06 06"),
        ] {
            story.sandbox.fill_data_field(story.contract, key, text).unwrap();
        }
        let report = story.sync().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(
            story.requests(),
            (5, 9),
            "fields and options are read anew before an option is written: {:?}",
            story.sandbox.request_log()
        );
        assert_eq!(story.field("oneflow-salary").as_deref(), Some("45500.5"));
        assert!(story.field("oneflow-start-date").unwrap().starts_with("2031-12-31"));
        assert_eq!(story.field("oneflow-contract-type").as_deref(), Some("Fixed term"));
        assert_eq!(story.field("oneflow-has-car").as_deref(), Some("true"));
        assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
        assert_eq!(
            story.field("phone").as_deref(),
            Some("+46701740605"),
            "who somebody is was only filled in"
        );
        assert_eq!(story.field("shirt-size").as_deref(), Some("M"), "no other field is touched");

        story.map(toml::from_str(&taken_over(&[("phone", "phone")])).unwrap());
        assert!(story.sync().await.is_complete());
        assert_eq!(
            story.field("phone").as_deref(),
            Some("+46 70 174 06 06"),
            "unless an entry says otherwise"
        );
        story.map(Mapping::default());
        assert!(story.sync().await.is_complete());
        assert!(story.sync().await.is_complete());
        assert_eq!(story.requests(), (0, 2));
        assert_eq!(story.uploads(), [""; 0]);

        story.sandbox.sign_all(story.contract).unwrap();
        story.sandbox.set_file_missing(story.contract, true).unwrap();
        let report = story.sync().await;
        assert!(matches!(report.document, DocumentOutcome::Later(_)), "{report:?}");
        assert!(report.retry_after().is_some());
        story.sandbox.set_file_missing(story.contract, false).unwrap();
        assert_eq!(story.sync().await.document, DocumentOutcome::Attached);
        assert_eq!(story.sync().await.document, DocumentOutcome::AlreadyThere);
        assert_eq!(story.requests(), (0, 2));
        let uploads = story.uploads();
        assert_eq!(uploads.len(), 1, "{uploads:?}");
        assert!(uploads[0].contains(&format!("({})", story.contract)), "{uploads:?}");
    }
}

#[tokio::test]
async fn a_recruiters_newer_edit_stays_even_when_the_ledger_is_lost() {
    for is_lost in [false, true] {
        let mut story = Story::begin_with_a_draft(SandboxSettings::new()).await;
        if is_lost {
            story.lose_ledger(Mapping::default());
        }
        let candidate = story.sandbox.seeded().candidate;
        story.sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("50000")).unwrap();
        story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
        let report = story.sync().await;
        let outcomes = summary(&report.outcomes);
        assert!(outcomes.contains(&"oneflow-salary skipped candidate-is-newer".to_owned()), "{outcomes:?}");
        assert!(outcomes.contains(&"oneflow-notice written".to_owned()), "{outcomes:?}");
        assert_eq!(story.field("oneflow-salary").as_deref(), Some("50000"));
    }
}

#[tokio::test]
async fn a_second_try_adopts_the_contract_that_the_sandbox_holds() {
    let story = Story::begin(SandboxSettings::new()).await;
    let request = story.request("hire-1");
    // As if the first try had broken off after the request went out.
    let ledger = Arc::new(MemoryLedger::new());
    let intent = smartsync_core::Creation::Intended {
        candidate: request.candidate.clone(),
        template: request.template,
    };
    ledger.save_creation(&request.request_id, &intent).await.unwrap();
    let second = engine(&story.sandbox, &ledger, Mapping::default());
    let plan = second.plan_contract(&request).await.unwrap();
    let created = second.create(plan).await.unwrap();
    assert!(created.is_adopted);
    assert_eq!(created.contract.get(), story.contract);
    assert_eq!(story.sandbox.contracts().len(), 1);
    assert_eq!(ledger.entry(created.contract), story.ledger.entry(created.contract), "with the same bases");
}

#[tokio::test]
async fn a_notification_of_the_sandbox_leads_to_its_contract() {
    let story = Story::begin(SandboxSettings::new()).await;
    let key = "local-secret";
    let body = webhook::test_notification("3f0c", story.contract, &["data_field:update"], &key.into());
    let verifier = Verifier::new([key.into()]).unwrap();
    let contract = story.engine.verify(body.as_bytes(), &verifier).unwrap();
    assert_eq!(contract.get(), story.contract);
    assert!(story.engine.plan(contract).await.unwrap().candidate().is_some());
}
