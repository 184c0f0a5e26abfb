//! Time of a plan: `smartsync_core::plan` over 30 mapped fields against parsing the two answers that it is made from, and
//! the time per field with 3, 30 and 300 fields.
//!
//! A third of the fields is unchanged, a third was changed in the contract and is to be written, a third was changed on
//! the card and is skipped. Every field has a base in the ledger, as after a first look.

use std::{hint::black_box, sync::Arc};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use oneflow_client::{
    OneflowClient,
    contracts::{ContractState, GetContract},
    transport::Endpoint,
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;
use smartsync_benches::{median, time};
use smartsync_core::{
    ChangeLimit, Clock, Engine, FieldMapping, LedgerEntry, Mapping, MemoryLedger, Outcome, Plan, SyncKeys,
    candidate::{CandidateField, CandidateSnapshot, CustomValue, Definition, Definitions},
    contract::ContractSnapshot,
    ledger::CardEntry,
    mapping::LinkMethod,
    plan::{PlanInput, plan},
    value::{ChoiceOption, FieldType},
};
use smartsync_transport::{
    Limiter, Request, Response, RetryPolicy, ScriptedTransport, Transport, TransportError,
};
use teamtailor_client::{
    CustomFieldId, TeamtailorClient,
    candidates::{Candidate, GetCandidate},
    custom_field_values::CustomFieldValue,
    jsonapi::Document,
};

const CONTRACT: i64 = 9001;
const CANDIDATE: &str = "4711";
const ROUNDS: usize = 15;

fn main() {
    against_parsing();
    of_a_look();
    per_field();
}

/// What the engine makes of a contract, its services answering at once: parsing, planning, and what lies between. The definitions and
/// the pairs of fields are kept from the look before, as they are in a host.
fn of_a_look() {
    let case = Case::new(30);
    let fields: Vec<Field> = (0..30).map(Field::new).collect();
    let (engine, runtime) = (case.engine(&fields), current_thread());
    let look = || runtime.block_on(engine.plan(CONTRACT.into())).expect("a plan");
    assert_eq!(look().updates().len(), 10, "the same plan as above");
    let (mut looks, mut models, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let of_look = time(300, look);
        let model = time(300, || (case.contract_of_model(), case.candidate_of_model()));
        shares.push((of_look - model) / model);
        looks.push(of_look);
        models.push(model);
    }
    println!(
        "30 fields: a look of the engine without its requests {:.1} µs; what is not parsing, against parsing {:.2}",
        median(&mut looks),
        median(&mut shares),
    );
}

fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// Both services, answering at once.
#[derive(Clone, Debug)]
struct Answers {
    contract: String,
    candidate: String,
    definitions: String,
}

#[async_trait]
impl Transport for Answers {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let path = request.uri().path();
        let body = if path.ends_with("/custom-fields") {
            self.definitions.clone()
        } else if path.ends_with("/custom-field-options") {
            options_json()
        } else if path.contains("/candidates/") {
            self.candidate.clone()
        } else {
            self.contract.clone()
        };
        Ok(Response::new(body.into()))
    }
}

/// A time that stands still: what was read a moment ago is fresh.
#[derive(Debug)]
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_930_000_000).expect("a time")
    }
}

/// The goal is measured against the clients' models, which is how a sync parses. `Value` stands beside it for comparison.
fn against_parsing() {
    let case = Case::new(30);
    let (mut plans, mut models, mut values, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let planned = time(300, || case.plan());
        let model = time(300, || (case.contract_of_model(), case.candidate_of_model()));
        let value = time(300, || (as_value(&case.contract_json), as_value(&case.candidate_json)));
        ratios.push(planned / model);
        plans.push(planned);
        models.push(model);
        values.push(value);
    }
    let (planned, model, value) = (median(&mut plans), median(&mut models), median(&mut values));
    let mut digests: Vec<f64> = (0..ROUNDS).map(|_| time(300, digests)).collect();
    println!(
        "30 fields, {} bytes: plan {planned:.1} µs, of which {:.1} for digests; parsing into the clients' models {model:.1} µs, ratio {:.2} \
         (goal: at most 0.25); parsing into Value {value:.1} µs, ratio {:.2}",
        case.contract_json.len() + case.candidate_json.len(),
        median(&mut digests),
        median(&mut ratios),
        planned / value,
    );
}

/// What the ledger's digests cost a plan over 30 fields at the least: one for each field that holds the base on the
/// contract's side, three for each that is to be written.
fn digests() -> [u8; 32] {
    let keyed = Hmac::<Sha256>::new_from_slice(b"the first key of the tenant acme").expect("a key");
    let mut last = [0; 32];
    for _ in 0..10 + 3 * 10 + 10 {
        let mut mac = keyed.clone();
        // As long as the text that is digested for such a field.
        mac.update(black_box(&[b'x'; 126]));
        last = mac.finalize().into_bytes().into();
    }
    last
}

/// A plan is linear in the number of fields: 300 cost as much each as 30.
fn per_field() {
    let cases = [(3, 3_000), (30, 300), (300, 30)].map(|(fields, repeats)| (Case::new(fields), repeats));
    let mut times = [const { Vec::new() }; 3];
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let round: Vec<f64> = cases
            .iter()
            .map(|(case, repeats)| time(*repeats, || case.plan()) / case.mapping.fields.len() as f64)
            .collect();
        ratios.push(round[2] / round[1]);
        for (times, time) in times.iter_mut().zip(round) {
            times.push(time);
        }
    }
    let [few, some, many] = times.each_mut().map(|times| median(times));
    println!(
        "per field: {few:.2} µs of 3, {some:.2} µs of 30, {many:.2} µs of 300; ratio of 300 to 30: {:.2} (goal: about 1)",
        median(&mut ratios)
    );
}

fn as_value(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

/// What a plan is made from, and the answers that this was read from.
struct Case {
    contract_json: String,
    candidate_json: String,
    mapping: Mapping,
    definitions: Definitions,
    contract: ContractSnapshot,
    candidate: CandidateSnapshot,
    entry: LedgerEntry,
    card: CardEntry,
    keys: SyncKeys,
}

impl Case {
    fn new(fields: usize) -> Self {
        let fields: Vec<Field> = (0..fields).map(Field::new).collect();
        let mut mapping = Mapping::default();
        mapping.fields = fields.iter().map(Field::mapping).collect();
        let keys =
            SyncKeys::new("acme", ["the/first/key/of/the/tenant/acme/0000000000".into()]).expect("keys");
        let (entry, card) = first_look(&fields, &mapping, &keys);
        let mut case = Self {
            contract_json: contract_json(&fields, Field::in_contract),
            candidate_json: candidate_json(&fields, Field::on_card),
            definitions: Definitions::new(fields.iter().map(Field::definition)),
            contract: ContractSnapshot::new(CONTRACT.into(), ContractState::Pending),
            candidate: CandidateSnapshot::new(CANDIDATE),
            entry,
            card,
            mapping,
            keys,
        };
        (case.contract, case.candidate) = (case.contract_of_model(), case.candidate_of_model());
        case.check(fields.len());
        case
    }

    /// Every field has a base, and a third of them ends each way.
    fn check(&self, fields: usize) {
        assert_eq!(self.entry.bases.len(), fields);
        let plan = self.plan();
        let count = |is_it: fn(&Outcome) -> bool| {
            plan.outcomes().iter().filter(|field| is_it(&field.outcome)).count()
        };
        let third = fields / 3;
        assert_eq!(count(|outcome| matches!(outcome, Outcome::Unchanged)), third, "{plan:?}");
        assert_eq!(count(|outcome| matches!(outcome, Outcome::Written)), third, "{plan:?}");
        assert_eq!(count(|outcome| matches!(outcome, Outcome::Skipped(_))), third, "{plan:?}");
    }

    fn plan(&self) -> Plan {
        let (mapping, definitions, contract) = (&self.mapping, &self.definitions, &self.contract);
        let (candidate, entry, keys) = (Ok(&self.candidate), &self.entry, &self.keys);
        let card = &self.card;
        plan(&PlanInput {
            mapping,
            definitions,
            contract,
            others: &[],
            has_unread_other: false,
            candidate,
            entry,
            card,
            resolutions: &[],
            keys,
        })
    }

    /// An engine with the same mapping and ledger, over services that answer with the same.
    fn engine(&self, fields: &[Field]) -> Engine {
        let answers = Answers {
            contract: self.contract_json.clone(),
            candidate: self.candidate_json.clone(),
            definitions: definitions_json(fields),
        };
        let oneflow = OneflowClient::builder()
            .api_token("a-token")
            .transport(answers.clone())
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build();
        let teamtailor = TeamtailorClient::builder()
            .api_key("a-key")
            .transport(answers)
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build();
        let ledger = Arc::new(MemoryLedger::new());
        let mut entry = self.entry.clone();
        (entry.candidate, entry.linked_by) = (Some(CANDIDATE.into()), Some(LinkMethod::ParticipantCustomId));
        ledger.put(CONTRACT.into(), entry);
        ledger.put_card(CANDIDATE.into(), self.card.clone());
        let (oneflow, teamtailor) = (oneflow.expect("a client"), teamtailor.expect("a client"));
        let engine = Engine::builder(oneflow, teamtailor, self.mapping.clone(), ledger, self.keys.clone());
        engine.clock(Noon).build().expect("an engine")
    }

    fn contract_of_model(&self) -> ContractSnapshot {
        let response = Response::new(self.contract_json.clone().into());
        ContractSnapshot::read(&GetContract::new(CONTRACT).decode(&response).expect("a contract"))
    }

    /// As a sync does it: the candidate and its values are decoded, the definitions that come along are left as they are.
    fn candidate_of_model(&self) -> CandidateSnapshot {
        let response = Response::new(self.candidate_json.clone().into());
        let document: Document<Candidate> =
            GetCandidate::new(CANDIDATE).decode(&response).expect("a candidate");
        let mut snapshot = CandidateSnapshot::new(document.data.id.clone());
        for identifier in document.data.relationships.custom_field_values.identifiers() {
            let value = document.included.resolve::<CustomFieldValue>(identifier);
            let value = value.expect("an included value").expect("a value");
            let field = value.relationships.custom_field.identifier().expect("a field").id.as_str();
            let held = CustomValue::new(value.id, value.attributes.value.unwrap_or_default());
            snapshot.custom.insert(CustomFieldId::from(field), held);
        }
        snapshot
    }
}

/// What the ledger holds after a look at which both sides held the same.
fn first_look(fields: &[Field], mapping: &Mapping, keys: &SyncKeys) -> (LedgerEntry, CardEntry) {
    let contract = contract_json(fields, |field| field.typed(false));
    let candidate = candidate_json(fields, |field| field.held(false));
    let mut teamtailor = ScriptedTransport::new().json(200, definitions_json(fields));
    for _ in fields.iter().filter(|field| field.is_select()) {
        teamtailor = teamtailor.json(200, options_json());
    }
    let oneflow = OneflowClient::builder()
        .api_token("a-token")
        .transport(ScriptedTransport::new().json(200, contract))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build();
    let teamtailor = TeamtailorClient::builder()
        .api_key("a-key")
        .transport(teamtailor.json(200, candidate))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build();
    let ledger = Arc::new(MemoryLedger::new());
    let (oneflow, teamtailor) = (oneflow.expect("a client"), teamtailor.expect("a client"));
    let engine = Engine::builder(oneflow, teamtailor, mapping.clone(), ledger.clone(), keys.clone());
    let engine = engine.change_limit(ChangeLimit::none()).build();
    let engine = engine.expect("an engine");
    let runtime = current_thread();
    let mut bound = LedgerEntry::default();
    (bound.candidate, bound.linked_by) = (Some(CANDIDATE.into()), Some(LinkMethod::ParticipantCustomId));
    runtime.block_on(async {
        ledger.put(CONTRACT.into(), bound);
        let plan = engine.plan(CONTRACT.into()).await.expect("a plan");
        engine.apply(plan).await;
    });
    let card = ledger.card(&CANDIDATE.into()).unwrap_or_default();
    (ledger.entry(CONTRACT.into()).expect("an entry"), card)
}

/// The types of the fields, in turns.
const KINDS: [(FieldType, &str); 8] = [
    (FieldType::Text, "Text"),
    (FieldType::Number, "Number"),
    (FieldType::Date, "Date"),
    (FieldType::Checkbox, "Checkbox"),
    (FieldType::Choice, "Select"),
    (FieldType::Choices, "MultiSelect"),
    (FieldType::Phone, "Phone"),
    (FieldType::Email, "Email"),
];

const OPTIONS: [&str; 5] = ["Permanent", "Fixed term", "Probation", "Hourly, on call", "Intern"];

/// One pair of fields.
struct Field {
    position: usize,
    kind: FieldType,
    type_name: &'static str,
}

impl Field {
    fn new(position: usize) -> Self {
        let (kind, type_name) = KINDS[position % KINDS.len()];
        Self { position, kind, type_name }
    }

    fn name(&self) -> String {
        format!("oneflow-field-{}", self.position)
    }

    fn id(&self) -> String {
        (3_000 + self.position).to_string()
    }

    fn value_id(&self) -> String {
        (90_000 + self.position).to_string()
    }

    fn is_select(&self) -> bool {
        matches!(self.kind, FieldType::Choice | FieldType::Choices)
    }

    fn resource_type(&self) -> &'static str {
        if self.is_select() { "custom-field-selects" } else { "custom-fields" }
    }

    fn mapping(&self) -> FieldMapping {
        FieldMapping::new(self.name(), CandidateField::custom(self.name()))
    }

    fn definition(&self) -> Definition {
        let mut definition = Definition::new(self.id(), &self.name(), self.kind);
        if self.is_select() {
            let options = OPTIONS.iter().zip(7_001..);
            definition.options =
                options.map(|(label, id)| ChoiceOption::new(id.to_string(), *label)).collect();
        }
        definition
    }

    /// What the contract holds now: every third field was changed there since the first look.
    fn in_contract(&self) -> String {
        self.typed(self.position % 3 == 1)
    }

    /// What the card holds now: every third field was changed there since the first look.
    fn on_card(&self) -> Value {
        self.held(self.position % 3 == 2)
    }

    /// A value as people type it into a contract, or another one.
    fn typed(&self, other: bool) -> String {
        let pick = |first: &str, second: &str| if other { second.to_owned() } else { first.to_owned() };
        match self.kind {
            FieldType::Number => pick("42 000,50", "43 500"),
            FieldType::Date => pick("2031-05-01", "1 June 2031"),
            FieldType::Checkbox => pick("1", "0"),
            FieldType::Choice => pick("Permanent", "Fixed term"),
            FieldType::Choices => pick("Permanent, Intern", "Hourly, on call; Intern"),
            FieldType::Phone => pick("+46 70 123 45 67", "+46 70 765 43 21"),
            FieldType::Email => pick("kim@example.com", "kim.sample@example.com"),
            _ => pick("Main Street 7, 12345 Sampletown", "Harbour Street 12, 54321 Sampleport"),
        }
    }

    /// The same values as Teamtailor gives them.
    fn held(&self, other: bool) -> Value {
        match self.kind {
            FieldType::Number => json!(if other { 43_500.0 } else { 42_000.5 }),
            FieldType::Date => json!(if other { "2031-06-01" } else { "2031-05-01" }),
            FieldType::Checkbox => json!(if other { "false" } else { "true" }),
            FieldType::Choices => json!([if other { "Hourly, on call" } else { "Permanent" }, "Intern"]),
            _ => json!(self.typed(other)),
        }
    }
}

/// A contract with these data fields, members as Oneflow answers them.
fn contract_json(fields: &[Field], text: impl Fn(&Field) -> String) -> String {
    let data_field = |field: &Field| {
        json!({ "id": 70_000 + field.position, "name": format!("Field {}", field.position), "description": "",
            "placeholder": "", "value": text(field),
            "_private_ownerside": { "custom_id": field.name(), "created_time": "2031-01-02T03:04:05+0000",
                "updated_time": "2031-02-03T04:05:06+0000" } })
    };
    let participant = |id: u32, name: &str, email: &str| {
        json!({ "id": id, "name": name, "email": email, "phone_number": "+46700000000", "sign_state": "undecided",
            "delivery_channel": "email", "signatory": true, "organizer": false,
            "_private_ownerside": { "custom_id": null, "created_time": "2031-01-02T03:04:05+0000",
                "updated_time": "2031-01-02T03:04:05+0000" } })
    };
    let contract = json!({
        "_links": { "self": { "href": "https://api.oneflow.com/v1/contracts/9001" } },
        "_permissions": { "contract:delete": true },
        "_private": { "name": "Employment", "value": null, "workspace_id": 12 },
        "_private_ownerside": { "created_time": "2031-01-02T03:04:05+0000", "template_id": 88, "template_type_id": 7 },
        "id": CONTRACT, "state": "pending",
        "data_fields": fields.iter().map(data_field).collect::<Vec<_>>(),
        "parties": [
            { "id": 1, "type": "company", "my_party": true, "name": "Acme",
                "participants": [participant(11, "Rae Sample", "rae@example.com")] },
            { "id": 2, "type": "individual", "my_party": false,
                "participant": participant(21, "Kim Sample", "kim@example.com") } ],
        "published_time": "2031-01-02T03:05:00+0000", "updated_time": "2031-02-03T04:05:06+0000" });
    contract.to_string()
}

/// A candidate with a value in each of these fields, and their definitions.
fn candidate_json(fields: &[Field], value: impl Fn(&Field) -> Value) -> String {
    let values = fields.iter().map(|field| Resource {
        id: field.value_id(),
        kind: "custom-field-values",
        links: json!({ "self": format!("https://api.teamtailor.com/v1/custom-field-values/{}", field.value_id()) }),
        attributes: json!({ "field-type": format!("CustomField::{}", field.type_name), "value": value(field) }),
        relationships: json!({ "owner": { "links": {} },
            "custom-field": { "data": { "type": field.resource_type(), "id": field.id() } } }),
    });
    let linkage = fields.iter().map(|field| json!({ "type": "custom-field-values", "id": field.value_id() }));
    let candidate = Resource {
        id: CANDIDATE.to_owned(),
        kind: "candidates",
        links: json!({}),
        attributes: json!({ "first-name": "Kim", "last-name": "Sample", "email": "kim@example.com",
            "phone": "+46700000000", "tags": [], "updated-at": "2031-02-01T10:11:12.345+01:00" }),
        relationships: json!({ "custom-field-values": { "links": {}, "data": linkage.collect::<Vec<_>>() } }),
    };
    let answer = Answer { data: candidate, included: values.chain(fields.iter().map(definition)).collect() };
    serde_json::to_string(&answer).expect("a document")
}

fn definition(field: &Field) -> Resource {
    Resource {
        id: field.id(),
        kind: field.resource_type(),
        links: json!({ "self": format!("https://api.teamtailor.com/v1/custom-fields/{}", field.id()) }),
        attributes: json!({ "name": format!("Field {}", field.position), "api-name": field.name(),
            "field-type": format!("CustomField::{}", field.type_name), "owner-type": "Candidate",
            "created-at": "2030-05-02T08:00:00.000+02:00", "updated-at": "2030-05-02T08:00:00.000+02:00" }),
        relationships: json!({ "custom-field-values": { "links": {} } }),
    }
}

#[derive(Serialize)]
struct Answer {
    data: Resource,
    included: Vec<Resource>,
}

/// Its members are written in the service's order, which `json!` does not keep: id and type come first.
#[derive(Serialize)]
struct Resource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    links: Value,
    attributes: Value,
    relationships: Value,
}

fn definitions_json(fields: &[Field]) -> String {
    json!({ "data": fields.iter().map(definition).collect::<Vec<_>>() }).to_string()
}

fn options_json() -> String {
    let option = |(label, id): (&&str, u32)| json!({ "id": id.to_string(), "type": "custom-field-options", "attributes": { "value": label } });
    json!({ "data": OPTIONS.iter().zip(7_001..).map(option).collect::<Vec<_>>() }).to_string()
}
