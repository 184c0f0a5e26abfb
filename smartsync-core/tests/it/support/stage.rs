//! An engine between two scripts, and the vendors' answers they are made of.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use oneflow_client::OneflowClient;
use smartsync_core::{
    Clock, Engine, EngineBuilder, FieldOutcome, Mapping, MemoryLedger, SyncKeys, link::LinkToken,
    permissions::Fence as RunTimeFence,
};
use smartsync_transport::{
    Body, Limiter, Method, Request, Response, RetryPolicy, ScriptedTransport, Transport, TransportError,
};
use teamtailor_client::TeamtailorClient;

use crate::support::fenced::Fence;

/// A clock that stands still.
#[derive(Debug)]
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> jiff::Timestamp {
        "2031-02-03T12:00:00Z".parse().unwrap()
    }
}

/// A clock that goes on when it is told to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hand(Arc<AtomicI64>);

impl Hand {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> jiff::Timestamp {
        Noon.now() + jiff::SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// Ida's own fields.
pub(crate) const IDA: &str = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;

/// The same with her last name, and without a telephone number.
pub(crate) const IDA_EXAMPLE: &str =
    r#"{ "first-name": "Ida", "last-name": "Example", "email": "ida@example.com", "phone": null }"#;

/// A value of the city, as Teamtailor answers it after it was written.
pub(crate) const VALUE: &str =
    r#"{ "data": { "id": "905", "type": "custom-field-values", "attributes": { "value": "Oslo" } } }"#;

pub(crate) const NO_DOCUMENT: &str = "[sync.document]\nattach = false";

/// A Teamtailor that is first asked for its custom fields and their options.
pub(crate) fn cold() -> ScriptedTransport {
    ScriptedTransport::new().json(200, DEFINITIONS).json(200, OPTIONS)
}

pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) fence: Arc<Fence>,
    oneflow: Arc<ScriptedTransport>,
    teamtailor: Arc<ScriptedTransport>,
}

impl Stage {
    /// An engine with a clock that stands still.
    pub(crate) fn new(mapping: &str, oneflow: ScriptedTransport, teamtailor: ScriptedTransport) -> Self {
        Self::build(mapping, oneflow, teamtailor, |builder| builder.clock(Noon))
    }

    /// The same with these keys.
    pub(crate) fn of_keys(
        mapping: &str,
        oneflow: ScriptedTransport,
        teamtailor: ScriptedTransport,
        keys: SyncKeys,
    ) -> Self {
        Self::build_of(mapping, (oneflow, teamtailor), keys, |builder| builder.clock(Noon))
    }

    pub(crate) fn build(
        mapping: &str,
        oneflow: ScriptedTransport,
        teamtailor: ScriptedTransport,
        finish: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        Self::build_of(mapping, (oneflow, teamtailor), keys(), finish)
    }

    fn build_of(
        mapping: &str,
        (oneflow, teamtailor): (ScriptedTransport, ScriptedTransport),
        keys: SyncKeys,
        finish: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        let (oneflow, teamtailor) = (Arc::new(oneflow), Arc::new(teamtailor));
        let mapping: Mapping = toml::from_str(mapping).unwrap();
        let (ledger, fence) = (Arc::new(MemoryLedger::new()), Fence::around(&mapping));
        // Whatever a test is about, the fence that hosts put up is never in the way.
        let run_time = run_time_fence(&mapping);
        let oneflow_client = OneflowClient::builder()
            .api_token("oneflow-token")
            .user_email("integration@example.com")
            .transport(run_time.around(fence.fenced(Arc::clone(&oneflow))))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let teamtailor_client = TeamtailorClient::builder()
            .api_key("teamtailor-key")
            .transport(run_time.around(fence.fenced(SameCard::new(Arc::clone(&teamtailor)))))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let builder = Engine::builder(oneflow_client, teamtailor_client, mapping, ledger.clone(), keys);
        let engine = finish(builder).build().unwrap();
        Self { engine, ledger, fence, oneflow, teamtailor }
    }

    /// Every request to Oneflow so far: method, path, query, and body if there is one.
    pub(crate) fn oneflow_requests(&self) -> Vec<String> {
        lines(&self.oneflow)
    }

    /// Every request to Teamtailor so far.
    pub(crate) fn teamtailor_requests(&self) -> Vec<String> {
        lines(&self.teamtailor)
    }

    /// Every request that changes something at either service.
    pub(crate) fn writes(&self) -> Vec<String> {
        let all = self.oneflow_requests().into_iter().chain(self.teamtailor_requests());
        all.filter(|line| !line.starts_with("GET ")).collect()
    }
}

/// Answers the last look at a candidate's own fields before they are written, which a script leaves out, with the card that the
/// script showed last: nobody was quicker. A test in which somebody is has a transport of its own.
#[derive(Debug)]
struct SameCard {
    script: Arc<ScriptedTransport>,
    card: Mutex<Option<Body>>,
}

impl SameCard {
    fn new(script: Arc<ScriptedTransport>) -> Self {
        Self { script, card: Mutex::default() }
    }
}

#[async_trait]
impl Transport for SameCard {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_of_cards = request.method() == Method::GET && request.uri().path().contains("/candidates");
        if is_of_cards && request.uri().query().is_none() {
            let card = self.card.lock().unwrap().clone().expect("a card was read before");
            return Ok(Response::new(card));
        }
        let answer = self.script.execute(request).await;
        if let (true, Ok(answer)) = (is_of_cards, &answer) {
            let mut card: serde_json::Value =
                serde_json::from_slice(answer.body().as_bytes()).unwrap_or_default();
            // A search lists it.
            if let Some(first) = card["data"].as_array().and_then(|list| list.first()).cloned() {
                card["data"] = first;
            }
            *self.card.lock().unwrap() = Some(card.to_string().into());
        }
        answer
    }
}

fn lines(script: &ScriptedTransport) -> Vec<String> {
    let line = |request: &Request| {
        let target = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let body = std::str::from_utf8(request.body().as_bytes()).unwrap();
        format!("{} {target} {body}", request.method()).trim_end().to_owned()
    };
    script.requests().iter().map(line).collect()
}

/// The fence of this mapping at the real addresses, as for an engine that has a document host: it may have one.
pub(crate) fn run_time_fence(mapping: &Mapping) -> RunTimeFence {
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    let permissions = mapping.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap());
    RunTimeFence::new(permissions.with_document_host())
}

pub(crate) fn keys() -> SyncKeys {
    SyncKeys::new("acme", ["the/first/key/of/the/tenant/acme/0000000000".into()]).unwrap()
}

/// A token of ours.
pub(crate) fn token(candidate: &str, request: &str) -> String {
    LinkToken::new(candidate.into(), request.parse().unwrap()).sign(&keys())
}

/// Entries by which default fields are written back as custom fields are by the convention: as soon as they are edited, and over
/// what the card holds. Without them they are only prefilled. Each is a data field and the candidate's field.
pub(crate) fn written_back(fields: &[(&str, &str)]) -> String {
    let entry = |(data_field, field): &(&str, &str)| {
        let allowed = if *field == "email" { "allow_identity = true\n" } else { "" };
        format!(
            "[[field]]\noneflow = \"{data_field}\"\nteamtailor = \"{field}\"\nwhen = \"edited\"\non_conflict = \"contract_wins\"\n{allowed}"
        )
    };
    fields.iter().map(entry).collect()
}

/// One word per field, sorted: `oneflow-city written`, `oneflow-note skipped candidate-is-newer`.
pub(crate) fn summary(outcomes: &[FieldOutcome]) -> Vec<String> {
    let line = |field: &FieldOutcome| {
        let reason = field.reason().map(|reason| format!(" {}", reason.code()));
        format!("{} {}{}", field.data_field, field.outcome.as_str(), reason.unwrap_or_default())
    };
    outcomes.iter().map(line).collect()
}

/// A contract as Oneflow answers it. `fields` is a list of `(custom_id, value)`.
pub(crate) fn contract(state: &str, custom_id: &str, fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .enumerate()
        .map(|(position, (key, value))| {
            format!(
                r#"{{
                    "id": {id}, "name": "A field", "description": "", "placeholder": "e.g. 2031-05-01",
                    "value": "{value}",
                    "_private_ownerside": {{
                        "custom_id": "{key}",
                        "created_time": "2031-01-02T03:04:05+0000",
                        "updated_time": "2031-02-03T04:05:06+0000"
                    }}
                }}"#,
                id = 70_000 + position,
            )
        })
        .collect();
    format!(
        r#"{{
            "_links": {{ "self": {{ "href": "https://api.oneflow.com/v1/contracts/9001" }} }},
            "_permissions": {{ "contract:delete": true }},
            "_private": {{ "name": "Employment: Ida", "value": null, "workspace_id": 12 }},
            "_private_ownerside": {{
                "created_time": "2031-01-02T03:04:05+0000", "template_id": 88, "template_type_id": 4711
            }},
            "id": 9001,
            "state": "{state}",
            "data_fields": [{fields}],
            "parties": [
                {{ "id": 1, "type": "company", "my_party": true, "name": "Acme", "participants": [
                    {{ "id": 11, "name": "Rae Cruiter", "email": "rae@acme.example", "sign_state": "signed",
                      "_private_ownerside": {{ "custom_id": null, "created_time": "2031-01-02T03:04:05+0000" }} }}
                ] }},
                {{ "id": 2, "type": "individual", "my_party": false, "participant": {{
                    "id": 21, "name": "Ida Example", "email": "Ida@Example.com", "sign_state": "undecided",
                    "signatory": true,
                    "_private_ownerside": {{ "custom_id": "{custom_id}", "created_time": "2031-01-02T03:04:05+0000",
                        "updated_time": "2031-01-02T03:04:05+0000" }}
                }} }}
            ],
            "published_time": "2031-01-02T03:05:00+0000",
            "updated_time": "2031-02-03T04:05:06+0000"
        }}"#,
        fields = fields.join(","),
    )
}

/// Means that find a candidate by address too, for contracts as [`contract`] makes them.
pub(crate) const BY_ADDRESS: &str =
    "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\ntemplate_types = [4711]\n";

/// The events of a contract that was sent, and no more.
pub(crate) const SENT: &str = r#"{ "count": 1, "data": [
    { "id": 55001, "type": "contract:publish", "created_time": "2031-01-02T03:05:00+0000", "actor": null } ] }"#;

/// The custom fields of the stage: a date, a number, a checkbox, a text and a select.
pub(crate) const DEFINITIONS: &str = r#"{ "data": [
    { "id": "31", "type": "custom-fields", "attributes": {
        "name": "Start date", "api-name": "oneflow-start-date", "field-type": "CustomField::Date", "owner-type": "Candidate" } },
    { "id": "32", "type": "custom-fields", "attributes": {
        "name": "Salary", "api-name": "oneflow-salary", "field-type": "CustomField::Number" } },
    { "id": "33", "type": "custom-fields", "attributes": {
        "name": "Has a car", "api-name": "oneflow-car", "field-type": "CustomField::Checkbox" } },
    { "id": "34", "type": "custom-fields", "attributes": {
        "name": "City", "api-name": "oneflow-city", "field-type": "CustomField::Text" } },
    { "id": "35", "type": "custom-field-selects", "attributes": {
        "name": "Contract type", "api-name": "oneflow-kind", "field-type": "CustomField::Select" } },
    { "id": "36", "type": "custom-fields", "attributes": {
        "name": "Budget", "api-name": "oneflow-budget", "field-type": "CustomField::Number", "owner-type": "Job" } },
    { "id": "37", "type": "custom-fields", "attributes": {
        "name": "Unrelated", "api-name": "unrelated", "field-type": "CustomField::Text" } },
    { "id": "38", "type": "custom-fields", "attributes": {
        "name": "Of a later time", "api-name": "later", "field-type": "CustomField::Signature" } }
  ],
  "meta": { "record-count": 8, "page-count": 1 },
  "links": { "first": "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=1&page%5Bsize%5D=30" } }"#;

/// The options of the select.
pub(crate) const OPTIONS: &str = r#"{ "data": [
    { "id": "7001", "type": "custom-field-options", "attributes": { "value": "Permanent" },
      "relationships": { "custom-field": { "links": {} } } },
    { "id": "7002", "type": "custom-field-options", "attributes": { "value": "Fixed term" },
      "relationships": { "custom-field": { "links": {} } } }
  ], "meta": { "record-count": 2, "page-count": 1 }, "links": {} }"#;

/// A candidate as Teamtailor answers it. `attributes` is JSON, `values` is a list of `(value id, field id, JSON)`, `files`
/// is a list of names.
pub(crate) fn candidate(attributes: &str, values: &[(&str, &str, &str)], files: &[&str]) -> String {
    format!(
        r#"{{ "data": {}, "included": [{}] }}"#,
        candidate_data(attributes, values, files),
        included(values, files)
    )
}

/// The same on a page of a list.
pub(crate) fn candidate_page(attributes: &str, values: &[(&str, &str, &str)], files: &[&str]) -> String {
    format!(
        r#"{{ "data": [{}], "included": [{}] }}"#,
        candidate_data(attributes, values, files),
        included(values, files)
    )
}

/// Teamtailor says of every attribute that it is empty, where it is.
fn all_attributes(attributes: &str) -> String {
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(attributes).unwrap();
    for name in ["first-name", "last-name", "email", "phone", "linkedin-url", "pitch"] {
        all.entry(name).or_insert(serde_json::Value::Null);
    }
    serde_json::Value::from(all).to_string()
}

fn candidate_data(attributes: &str, values: &[(&str, &str, &str)], files: &[&str]) -> String {
    let identifiers = |kind: &str, ids: Vec<String>| {
        let all: Vec<String> =
            ids.iter().map(|id| format!(r#"{{ "type": "{kind}", "id": "{id}" }}"#)).collect();
        all.join(",")
    };
    let values =
        identifiers("custom-field-values", values.iter().map(|(id, _, _)| (*id).to_owned()).collect());
    let files = identifiers("uploads", (0..files.len()).map(|position| format!("60{position}")).collect());
    let attributes = all_attributes(attributes);
    format!(
        r#"{{ "id": "4711", "type": "candidates",
            "attributes": {attributes},
            "relationships": {{
                "custom-field-values": {{ "links": {{}}, "data": [{values}] }},
                "uploads": {{ "links": {{}}, "data": [{files}] }},
                "job-applications": {{ "links": {{ "self": "https://api.teamtailor.com/v1/candidates/4711/relationships/job-applications" }} }}
            }} }}"#
    )
}

fn included(values: &[(&str, &str, &str)], files: &[&str]) -> String {
    let value = |(id, field, json): &(&str, &str, &str)| {
        let kind = if *field == "35" { "custom-field-selects" } else { "custom-fields" };
        format!(
            r#"{{ "id": "{id}", "type": "custom-field-values", "attributes": {{ "value": {json} }},
                "relationships": {{ "custom-field": {{ "data": {{ "type": "{kind}", "id": "{field}" }} }}, "owner": {{ "links": {{}} }} }} }}"#
        )
    };
    let file = |(position, name): (usize, &&str)| {
        format!(
            r#"{{ "id": "60{position}", "type": "uploads", "attributes": {{
                "file-name": "{name}", "internal": true, "url": "https://files.example.net/{position}?signature=1" }} }}"#
        )
    };
    let mut all: Vec<String> = values.iter().map(value).collect();
    all.extend(files.iter().enumerate().map(file));
    all.join(",")
}

/// What Teamtailor answers to the write of a custom field value: the value as it holds it now.
pub(crate) fn value(json: &str) -> String {
    format!(
        r#"{{ "data": {{ "id": "905", "type": "custom-field-values", "attributes": {{ "value": {json} }} }} }}"#
    )
}

/// A file name with the mark of the document of contract 9001 on the card of candidate 4711.
pub(crate) const MARKED: &str = "Employment- Ida (9001) 45e841ce805cea90.pdf";

/// An answer that redirects to the file.
pub(crate) fn redirect(location: &str) -> Response {
    http_response(302, &[("location", location)], "")
}

/// Any answer.
pub(crate) fn http_response(status: u16, headers: &[(&'static str, &str)], body: &str) -> Response {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

/// What Teamtailor answers to a refused value.
pub(crate) fn validation_error(pointer: &str, title: &str) -> String {
    format!(
        r#"{{ "errors": [ {{ "title": "{title}", "detail": "{title}", "code": "100",
            "source": {{ "pointer": "{pointer}" }}, "status": "422" }} ] }}"#
    )
}
