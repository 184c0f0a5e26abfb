//! An account in the sandbox, all that can happen to a contract in it, and every request that is made meanwhile.

use std::{sync::Arc, time::Duration};

use oneflow_client::{OneflowClient, contracts::PublishMessage};
use smartsync_core::{
    Clock, ContractRequest, Engine, Ledger, Mapping, MemoryLedger, Schemas, candidate::CandidateField,
    ledger::Creation, mapping::CheckedMapping, permissions::Permissions,
};
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, Sandbox, SandboxSettings,
    TemplateSeed, TemplateTypeSeed,
};
use smartsync_transport::{Limiter, RetryPolicy, Transport};
use teamtailor_client::TeamtailorClient;

use crate::support::{
    recorder::{Log, Recorder},
    stage::{keys, run_time_fence},
};

/// The data fields of all contracts, each with two texts that are filled in.
const DATA_FIELDS: [(&str, &str, &str); 16] = [
    ("salary", "45 500,50", "46000"),
    ("start-date", "2031-12-31", "2032-01-01"),
    ("oneflow-city", "Lund", "Umeå"),
    ("notes", "None", "Some"),
    ("car", "1", "0"),
    ("kind", "Fixed term", "Permanent"),
    ("phone", "+46701740606", "+46701740607"),
    ("first-name", "Idun", "Idunn"),
    ("last-name", "Sample", "Samples"),
    ("email", "idun@example.com", "idunn@example.com"),
    ("linkedin-url", "https://www.linkedin.com/in/idun", "https://www.linkedin.com/in/idunn"),
    ("pitch", "Curious", "Very curious"),
    ("languages", "Swedish", "English; Swedish"),
    ("employee-number", "7", "8"),
    ("rate", "100", "200"),
    ("candidate-link", "", ""),
];

/// The sandbox's own time.
#[derive(Debug)]
struct SandboxClock(Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

/// The two clients of a sandbox over these transports.
fn clients(
    sandbox: &Sandbox,
    oneflow: impl Transport + 'static,
    teamtailor: impl Transport + 'static,
) -> (OneflowClient, TeamtailorClient) {
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(oneflow)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(teamtailor)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    (oneflow, teamtailor)
}

/// An account with a candidate, and everything that is asked of it.
pub(crate) struct Account {
    sandbox: Arc<Sandbox>,
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    pub(crate) log: Log,
    /// Id of the custom field `notes`.
    notes: String,
    template_type: i64,
    template: i64,
    candidate: String,
}

impl Account {
    pub(crate) fn new() -> Self {
        let sandbox = Arc::new(Sandbox::new(SandboxSettings::new().null_clears(true)));
        let kind = DATA_FIELDS.iter().fold(TemplateTypeSeed::new("Permanent"), |kind, (key, _, _)| {
            kind.field(DataFieldSeed::new(*key))
        });
        let template_type = sandbox.add_template_type(kind);
        let template = TemplateSeed::new("Permanent", Some(template_type));
        let template = sandbox.add_template(template).unwrap();
        let notes = sandbox.add_custom_field(CustomFieldSeed::new("notes", CustomFieldKind::Text));
        for (api_name, kind) in [
            ("oneflow-city", CustomFieldKind::Text),
            ("salary", CustomFieldKind::Number),
            ("first-day", CustomFieldKind::Date),
            ("has-car", CustomFieldKind::Checkbox),
            ("video", CustomFieldKind::Text),
            ("homepage", CustomFieldKind::Url),
            ("oneflow-extra", CustomFieldKind::Text),
        ] {
            sandbox.add_custom_field(CustomFieldSeed::new(api_name, kind));
        }
        for (api_name, kind, options) in [
            ("contract-kind", CustomFieldKind::Select, &["Permanent", "Fixed term"][..]),
            ("languages", CustomFieldKind::MultiSelect, &["Swedish", "English"]),
            ("contract-status", CustomFieldKind::Select, &["Pending", "Signed", "Declined", "Overdue"]),
        ] {
            sandbox.add_custom_field(CustomFieldSeed::new(api_name, kind).options(options.iter().copied()));
        }
        let candidate = CandidateSeed::new("ida@example.com")
            .name("Ida", "Example")
            .field("phone", "+46701740605")
            .custom_field("salary", "42000")
            .custom_field("oneflow-city", "Malmö")
            .custom_field("shirt-size", "L");
        let candidate = sandbox.add_candidate(candidate).unwrap();
        let log = Log::default();
        let (oneflow, teamtailor) = clients(
            &sandbox,
            Recorder::new(sandbox.oneflow_transport(), &log),
            Recorder::new(sandbox.teamtailor_transport(), &log),
        );
        Self { sandbox, oneflow, teamtailor, log, notes, template_type, template, candidate }
    }

    pub(crate) async fn checked(&self, mapping: &str) -> (CheckedMapping, Schemas) {
        let schemas = Schemas::read(&self.oneflow, &self.teamtailor).await.unwrap();
        let mapping = self.adopt(toml::from_str(mapping).unwrap(), 4711, 12);
        (mapping.check_against(&schemas).unwrap(), schemas)
    }

    /// An engine inside the fence that hosts put up.
    fn engine(&self, mapping: &Mapping, ledger: &Arc<MemoryLedger>) -> Engine {
        let fence = run_time_fence(mapping);
        let oneflow = fence.around(Recorder::new(self.sandbox.oneflow_transport(), &self.log));
        let teamtailor = fence.around(Recorder::new(self.sandbox.teamtailor_transport(), &self.log));
        let (oneflow, teamtailor) = clients(&self.sandbox, oneflow, teamtailor);
        Engine::builder(oneflow, teamtailor, mapping.clone(), ledger.clone(), keys())
            .clock(SandboxClock(Arc::clone(&self.sandbox)))
            .build()
            .unwrap()
    }

    /// A mapping that names `template_type` and `workspace` where it means those of this account's contracts, and field 38
    /// where it means `notes`.
    pub(crate) fn adopt(&self, mut mapping: Mapping, template_type: i64, workspace: i64) -> Mapping {
        let here = self.sandbox.seeded().workspace;
        let sync = (&mut mapping.sync.template_types, &mut mapping.sync.workspaces);
        let scopes =
            mapping.fields.iter_mut().map(|field| (&mut field.template_types, &mut field.workspaces));
        for (template_types, workspaces) in scopes.chain([sync]) {
            for id in template_types.iter_mut().filter(|id| id.get() == template_type) {
                *id = self.template_type.into();
            }
            for id in workspaces.iter_mut().filter(|id| id.get() == workspace) {
                *id = here.into();
            }
        }
        for field in &mut mapping.fields {
            if field.teamtailor == CandidateField::custom("38") {
                field.teamtailor = CandidateField::custom(self.notes.as_str());
            }
        }
        mapping
    }

    /// Whether contracts of this account are kept in step.
    pub(crate) fn is_kept_in_step(&self, mapping: &Mapping) -> bool {
        let (template_types, workspaces) = (&mapping.sync.template_types, &mapping.sync.workspaces);
        (template_types.is_empty() || template_types.contains(&self.template_type.into()))
            && (workspaces.is_empty() || workspaces.contains(&self.sandbox.seeded().workspace.into()))
    }

    pub(crate) fn permissions(&self, mapping: &CheckedMapping) -> Permissions {
        mapping.permissions(self.oneflow.base_url(), self.teamtailor.base_url())
    }

    /// Everything that can happen to a contract and a candidate.
    pub(crate) async fn story(&self, mapping: &Mapping) {
        let ledger = Arc::new(MemoryLedger::new());
        let engine = self.engine(mapping, &ledger);
        let workspace = self.sandbox.seeded().workspace;
        let request = ContractRequest::new(
            "hire-1".parse().unwrap(),
            self.candidate.as_str().into(),
            self.template.into(),
            workspace.into(),
        );
        let request =
            request.name("A contract").publish(PublishMessage::new("Your contract", "Please sign."));
        let plan = engine.plan_contract(&request).await.unwrap();
        let contract = engine.create(plan).await.unwrap().contract;
        let sync = async |engine: &Engine, contract: i64| {
            let plan = engine.plan(contract.into()).await.unwrap();
            engine.apply(plan).await;
            self.sandbox.advance(Duration::from_secs(3_600));
        };
        let fill = |contract: i64, text: &dyn Fn((&str, &str, &str)) -> String| {
            for field in DATA_FIELDS.iter().filter(|(key, _, _)| *key != "candidate-link") {
                self.sandbox.fill_data_field(contract, field.0, &text(*field)).unwrap();
            }
        };
        // A creation whose answer was lost.
        let again = Arc::new(MemoryLedger::new());
        let intent = Creation::Intended { candidate: request.candidate.clone(), template: request.template };
        again.save_creation(&request.request_id, &intent).await.unwrap();
        let second = self.engine(mapping, &again);
        let plan = second.plan_contract(&request).await.unwrap();
        assert!(second.create(plan).await.unwrap().is_adopted);
        sync(&engine, contract.get()).await;
        fill(contract.get(), &|(_, first, _)| first.to_owned());
        sync(&engine, contract.get()).await;
        fill(contract.get(), &|_| String::new());
        sync(&engine, contract.get()).await;
        // The ledger was lost, and the contract is signed.
        let third = self.engine(mapping, &Arc::new(MemoryLedger::new()));
        fill(contract.get(), &|(_, _, second)| second.to_owned());
        self.sandbox.sign_all(contract.get()).unwrap();
        sync(&third, contract.get()).await;
        // A contract that someone else has made.
        let card = self.sandbox.candidate_card(&self.candidate).unwrap();
        let email = card.get("email").unwrap();
        let other =
            ContractSeed::new(self.template, "Another").counterparty("Ida Example", email).published();
        let other = self.sandbox.add_contract(other).unwrap();
        fill(other, &|(_, first, _)| first.to_owned());
        sync(&engine, other).await;
    }
}
