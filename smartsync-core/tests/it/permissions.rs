//! The write fence: whatever happens, no request is made and no field is written that is not in a row.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use oneflow_client::{OneflowClient, PublishMessage};
use serde_json::Value;
use smartsync_core::{
    Access, CheckedMapping, Clock, ContractRequest, Creation, Engine, Ledger, Mapping, MemoryLedger,
    Permissions, Schemas, compile,
};
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, Sandbox, SandboxSettings,
    SandboxTransport, TemplateSeed, TemplateTypeSeed,
};
use smartsync_transport::{Request, Response, Transport, TransportError};
use teamtailor_client::TeamtailorClient;
use url::Url;

use crate::stage::keys;

/// The data fields of all contracts, each with two texts that are filled in.
const DATA_FIELDS: [(&str, &str, &str); 13] = [
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
    ("candidate-link", "", ""),
];

/// A mapping, the fields of candidates that it may write, and the data fields that it may write.
const MAPPINGS: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &["custom:oneflow-*", "email", "first_name", "last_name", "linkedin_url", "phone", "pitch"],
        &[
            "data_field:*",
            "data_field:email",
            "data_field:first-name",
            "data_field:first_name",
            "data_field:last-name",
            "data_field:last_name",
            "data_field:linkedin-url",
            "data_field:linkedin_url",
            "data_field:oneflow-email",
            "data_field:oneflow-first-name",
            "data_field:oneflow-first_name",
            "data_field:oneflow-last-name",
            "data_field:oneflow-last_name",
            "data_field:oneflow-linkedin-url",
            "data_field:oneflow-linkedin_url",
            "data_field:oneflow-phone",
            "data_field:oneflow-pitch",
            "data_field:phone",
            "data_field:pitch",
        ],
    ),
    ("sync = { convention = false }", &[], &[]),
    (
        r#"
        sync  = { convention = false, link = ["ledger", "participant_custom_id"] }
        field = [
            { oneflow = "phone", teamtailor = "phone", on_empty = "clear" },
            { oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma" }, on_empty = "clear" },
            { oneflow = "car", teamtailor = "custom:has-car" },
        ]
        "#,
        &["custom:has-car", "custom:salary", "phone"],
        &["data_field:car", "data_field:phone", "data_field:salary"],
    ),
    // A direction removes the writes of one side.
    (
        r#"
        sync  = { convention = false, document = { attach = false }, locale = { date_order = "dmy" } }
        field = [
            { oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" },
            { oneflow = "salary", teamtailor = "custom:salary", direction = "to_oneflow" },
            { oneflow = "start-date", teamtailor = "custom:first-day", direction = "to_teamtailor" },
            { oneflow = "notes", teamtailor = "pitch", direction = "to_teamtailor" },
        ]
        "#,
        &["custom:first-day", "pitch"],
        &["data_field:phone", "data_field:salary"],
    ),
    // Two sources, for different contracts, and the link in a data field.
    (
        r#"
        sync  = { convention = false, link = ["data_field", "email"], link_data_field = "candidate-link" }
        field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "kind", teamtailor = "custom:notes", direction = "to_oneflow" },
        ]
        "#,
        &["custom:notes"],
        &["data_field:candidate-link", "data_field:kind", "data_field:notes"],
    ),
    // What an entry names is out of the convention's reach.
    (
        r#"
        field = [
            { oneflow = "oneflow-city", teamtailor = "custom:oneflow-city", direction = "to_oneflow" },
            { oneflow = "phone", teamtailor = "custom:notes", direction = "to_teamtailor" },
            { oneflow = "notes", teamtailor = "email", direction = "to_oneflow" },
            { oneflow = "first-name", teamtailor = "first_name", direction = "to_oneflow" },
            { oneflow = "last-name", teamtailor = "last_name", direction = "to_oneflow" },
            { oneflow = "linkedin-url", teamtailor = "linkedin_url", direction = "to_oneflow" },
            { oneflow = "kind", teamtailor = "pitch", direction = "to_oneflow" },
        ]
        "#,
        &[
            "custom:notes",
            "custom:oneflow-* except custom:oneflow-city custom:oneflow-first-name custom:oneflow-kind custom:oneflow-last-name custom:oneflow-linkedin-url custom:oneflow-notes custom:oneflow-phone",
        ],
        &[
            "data_field:* except data_field:city data_field:oneflow-city data_field:first-name data_field:oneflow-first-name data_field:kind data_field:oneflow-kind data_field:last-name data_field:oneflow-last-name data_field:linkedin-url data_field:oneflow-linkedin-url data_field:notes data_field:oneflow-notes data_field:phone data_field:oneflow-phone",
            "data_field:first-name",
            "data_field:kind",
            "data_field:last-name",
            "data_field:linkedin-url",
            "data_field:notes",
            "data_field:oneflow-city",
        ],
    ),
];

/// The sandbox's own time.
#[derive(Debug)]
struct SandboxClock(Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

type Log = Arc<Mutex<Vec<(Request, Value)>>>;

/// Keeps every request, with the JSON of its answer.
#[derive(Debug)]
struct Recorder {
    sandbox: SandboxTransport,
    log: Log,
}

#[async_trait]
impl Transport for Recorder {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let kept = request.clone();
        let response = self.sandbox.execute(request).await?;
        let json = serde_json::from_slice(response.body().as_bytes()).unwrap_or(Value::Null);
        self.log.lock().unwrap().push((kept, json));
        Ok(response)
    }
}

/// An account with a candidate, and everything that is asked of it.
struct Account {
    sandbox: Arc<Sandbox>,
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    log: Log,
    template: i64,
    candidate: String,
}

impl Account {
    fn new() -> Self {
        let sandbox = Arc::new(Sandbox::new(SandboxSettings::new().null_clears(true)));
        let kind = DATA_FIELDS.iter().fold(TemplateTypeSeed::new("Permanent"), |kind, (key, _, _)| {
            kind.field(DataFieldSeed::new(*key))
        });
        let kind = sandbox.add_template_type(kind);
        let template = sandbox.add_template(TemplateSeed::new("Permanent", Some(kind))).unwrap();
        for (api_name, kind) in [
            ("oneflow-city", CustomFieldKind::Text),
            ("salary", CustomFieldKind::Number),
            ("first-day", CustomFieldKind::Date),
            ("notes", CustomFieldKind::Text),
            ("has-car", CustomFieldKind::Checkbox),
        ] {
            sandbox.add_custom_field(CustomFieldSeed::new(api_name, kind));
        }
        let candidate = CandidateSeed::new("ida@example.com")
            .name("Ida", "Example")
            .field("phone", "+46701740605")
            .custom_field("salary", "42000")
            .custom_field("oneflow-city", "Malmö")
            .custom_field("shirt-size", "L");
        let candidate = sandbox.add_candidate(candidate).unwrap();
        let log = Log::default();
        let recorder = |sandbox| Recorder { sandbox, log: Arc::clone(&log) };
        let oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token().into())
            .user_email(sandbox.user_email())
            .transport(recorder(sandbox.oneflow_transport()))
            .build()
            .unwrap();
        let teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key().into())
            .transport(recorder(sandbox.teamtailor_transport()))
            .build()
            .unwrap();
        Self { sandbox, oneflow, teamtailor, log, template, candidate }
    }

    async fn compile(&self, mapping: &str) -> (CheckedMapping, Schemas) {
        let schemas = Schemas::read(&self.oneflow, &self.teamtailor).await.unwrap();
        let mapping: Mapping = toml::from_str(mapping).unwrap();
        (compile(&mapping, &schemas).unwrap(), schemas)
    }

    fn engine(&self, mapping: &CheckedMapping, ledger: &Arc<MemoryLedger>) -> Engine {
        let mapping = mapping.mapping().clone();
        Engine::builder(self.oneflow.clone(), self.teamtailor.clone(), mapping, ledger.clone(), keys())
            .clock(SandboxClock(Arc::clone(&self.sandbox)))
            .build()
            .unwrap()
    }

    fn permissions(&self, mapping: &CheckedMapping) -> Permissions {
        mapping.permissions(self.oneflow.base_url(), self.teamtailor.base_url())
    }

    /// Everything that can happen to a contract and a candidate.
    async fn story(&self, mapping: &CheckedMapping) {
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

/// The fields that a request writes, as the rows name them.
fn written(request: &Request, schemas: &Schemas, values: &BTreeMap<String, String>) -> Vec<String> {
    let body: Value = serde_json::from_slice(request.body().as_bytes()).unwrap_or(Value::Null);
    let path: Vec<&str> = request.uri().path().trim_start_matches("/v1/").split('/').collect();
    let custom = |id: &str| {
        let field = schemas.teamtailor.iter().find(|field| field.id.as_str() == id).unwrap();
        format!("custom:{}", field.api_name.as_deref().unwrap())
    };
    match path[..] {
        ["candidates", _] => {
            body["data"]["attributes"].as_object().unwrap().keys().map(|key| key.replace('-', "_")).collect()
        }
        ["custom-field-values"] => {
            vec![custom(body["data"]["relationships"]["custom-field"]["data"]["id"].as_str().unwrap())]
        }
        ["custom-field-values", id] => vec![custom(&values[id])],
        ["uploads"] => vec!["upload".to_owned()],
        ["contracts", _, "publish"] => vec!["message".to_owned()],
        ["contracts", "create"] => {
            let fields = body["data_fields"].as_array().unwrap().iter();
            let mut all: Vec<String> =
                fields.map(|field| format!("data_field:{}", field["custom_id"].as_str().unwrap())).collect();
            let known = ["workspace_id", "template_id", "data_fields", "parties"];
            all.extend(
                body.as_object().unwrap().keys().filter(|key| !known.contains(&key.as_str())).cloned(),
            );
            for party in body["parties"].as_array().unwrap() {
                let participant = party["participant"].as_object().unwrap();
                // How it is delivered and what the participant may do is no data.
                let settings =
                    ["delivery_channel", "signatory", "_permissions", "_private_ownerside", "organizer"];
                let data = participant.keys().filter(|key| !settings.contains(&key.as_str()));
                all.extend(data.map(|key| format!("participant:{key}")));
                let private = participant["_private_ownerside"].as_object().unwrap();
                all.extend(private.keys().map(|key| format!("participant:{key}")));
            }
            all
        }
        _ => panic!("no such write: {path:?}"),
    }
}

/// Which custom field each value is of, from all answers.
fn values(log: &[(Request, Value)]) -> BTreeMap<String, String> {
    let included = log.iter().filter_map(|(_, answer)| answer["included"].as_array()).flatten();
    let values = included.filter(|item| item["type"] == "custom-field-values");
    values
        .map(|item| {
            let field = &item["relationships"]["custom-field"]["data"]["id"];
            (item["id"].as_str().unwrap().to_owned(), field.as_str().unwrap().to_owned())
        })
        .collect()
}

/// The fields in the rows that write to a host, each once.
fn rows(permissions: &Permissions, host: &str) -> Vec<String> {
    let writes = permissions.rows().iter().filter(|row| row.access == Access::Write && row.host == host);
    let fields: BTreeSet<String> = writes
        .map(|row| match row.except.join(" ") {
            none if none.is_empty() => row.what.clone(),
            except => format!("{} except {except}", row.what),
        })
        .collect();
    fields.into_iter().collect()
}

#[tokio::test]
async fn no_request_and_no_field_is_outside_the_rows() {
    for (text, fields, _) in MAPPINGS {
        let account = Account::new();
        let (mapping, schemas) = account.compile(text).await;
        account.story(&mapping).await;
        let permissions = account.permissions(&mapping);
        let log = account.log.lock().unwrap();
        let values = values(&log);
        let mut writes = BTreeSet::new();
        for (request, _) in log.iter() {
            let (method, url) = (request.method().as_str(), request.uri().to_string());
            let url: Url = url.parse().unwrap();
            assert!(permissions.allow(method, &url), "{method} {} by {text}", url.path());
            if method != "GET" {
                let written = written(request, &schemas, &values);
                assert!(!written.is_empty(), "{method} {}", url.path());
                for field in written {
                    let is_fenced = |row: &&smartsync_core::Permission| {
                        row.access == Access::Write && row.is_for(method, &url) && row.is_of(&field)
                    };
                    assert!(permissions.rows().iter().any(|row| is_fenced(&row)), "{field} by {text}");
                    writes.insert(field);
                }
            }
        }
        // The story is worth something: what may be written on a card, and stands in the contract, is written.
        for field in fields.iter().filter(|field| !field.contains('*')) {
            assert!(writes.contains(*field), "{field} by {text}");
        }
        assert_eq!(writes.contains("upload"), mapping.mapping().sync.document.attach, "{text}");
    }
}

#[tokio::test]
async fn the_rows_are_those_of_the_mapping() {
    for (text, fields, data_fields) in MAPPINGS {
        let account = Account::new();
        let (mapping, _) = account.compile(text).await;
        let permissions = account.permissions(&mapping);
        let on_cards = rows(&permissions, "api.teamtailor.com");
        assert_eq!(on_cards.iter().filter(|what| *what != "upload").collect::<Vec<_>>(), *fields, "{text}");
        let in_contracts = rows(&permissions, "api.oneflow.com");
        let in_contracts: Vec<_> =
            in_contracts.iter().filter(|what| what.starts_with("data_field:")).collect();
        assert_eq!(in_contracts, *data_fields, "{text}");
    }
}

#[tokio::test]
async fn a_mapping_that_writes_no_phone_number_has_no_row_for_it() {
    let account = Account::new();
    let (mapping, _) = account
        .compile(
            r#"
            sync  = { convention = false, document = { attach = false } }
            field = [
                { oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma" } },
                { oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" },
            ]
            "#,
        )
        .await;
    let permissions = account.permissions(&mapping);
    let on_cards = permissions.rows().iter().filter(|row| row.host == "api.teamtailor.com");
    assert!(on_cards.clone().all(|row| !row.is_of("phone")));
    let lines: Vec<String> =
        on_cards.map(|row| format!("{} {} {} ({})", row.method, row.path, row.what, row.why)).collect();
    assert_eq!(
        lines,
        [
            "GET /v1/candidates the candidates of an e-mail address, with values and file names (to find the candidate of a contract)",
            "GET /v1/candidates/{id} the candidate, with values and file names (to look at a card)",
            "GET /v1/custom-field-options the options of selects (to know them by name)",
            "GET /v1/custom-fields the custom fields (to know their types)",
            "POST /v1/custom-field-values custom:salary (mapped from `salary`)",
            "PATCH /v1/custom-field-values/{id} custom:salary (mapped from `salary`)",
        ]
    );
}

#[tokio::test]
async fn what_is_no_business_of_ours_is_never_allowed() {
    let account = Account::new();
    let (mapping, _) = account.compile("").await;
    let permissions = account.permissions(&mapping);
    for (method, url, expected) in [
        ("GET", "https://api.oneflow.com/v1/contracts/9001?x=1", true),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/4711", true),
        ("DELETE", "https://api.teamtailor.com/v1/candidates/4711", false),
        ("POST", "https://api.teamtailor.com/v1/candidates", false),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/", false),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/4711/notes", false),
        ("PATCH", "https://api.teamtailor.com/v1/job-applications/1", false),
        ("PATCH", "https://api.na.teamtailor.com/v1/candidates/4711", false),
        ("PATCH", "https://api.teamtailor.com:8443/v1/candidates/4711", false),
        ("PATCH", "https://api.teamtailor.com/candidates/4711", false),
        ("PUT", "https://api.oneflow.com/v1/contracts/9001/data_fields/1", false),
        ("DELETE", "https://api.oneflow.com/v1/contracts/9001", false),
        ("POST", "https://api.oneflow.com/v1/contracts/9001/publish", true),
    ] {
        assert_eq!(permissions.allow(method, &url.parse().unwrap()), expected, "{method} {url}");
    }
}

#[tokio::test]
async fn the_rows_are_plain_data() {
    let account = Account::new();
    let (mapping, _) = account.compile(MAPPINGS[2].0).await;
    let local: Url = "http://127.0.0.1:9001/v1".parse().unwrap();
    let json = serde_json::to_value(mapping.permissions(&local, &local)).unwrap();
    let rows = json.as_array().unwrap();
    let phone = rows.iter().find(|row| row["what"] == "phone").unwrap();
    assert_eq!(
        *phone,
        serde_json::json!({
            "host": "127.0.0.1:9001",
            "method": "PATCH",
            "path": "/v1/candidates/{id}",
            "access": "write",
            "what": "phone",
            "why": "mapped from `phone`"
        })
    );
}
