//! Each answer of each switch of the sandbox makes a world that somebody who asks both services can tell from all others.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use smartsync_core::facts::Facts;
use smartsync_sandbox::{
    CandidateSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, Origin, Sandbox, SandboxSettings,
    unknowns::Unknowns,
};
use smartsync_transport::{Body, http};

/// More than the work below takes, so that a limit can be reached after it.
const LIMIT: u32 = 80;

struct Caller {
    sandbox: Sandbox,
    /// Everything that was answered.
    told: String,
}

impl Caller {
    /// Asks, and returns the JSON of the answer.
    fn ask(&mut self, origin: Origin, method: &str, target: &str, body: Option<Value>) -> Value {
        let request = http::Request::builder().method(method).uri(format!("/v1{target}"));
        let request = match origin {
            Origin::Teamtailor => request
                .header("authorization", format!("Token token={}", self.sandbox.teamtailor_key()))
                .header("x-api-version", "20240904")
                .header("content-type", "application/vnd.api+json"),
            Origin::Oneflow | Origin::Storage => request
                .header("x-oneflow-api-token", self.sandbox.oneflow_token())
                .header("x-oneflow-user-email", self.sandbox.user_email())
                .header("content-type", "application/json"),
        };
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let (parts, body) = self.sandbox.handle(origin, request.body(body).unwrap()).into_parts();
        let text = String::from_utf8_lossy(body.as_bytes());
        self.told += &format!("{method} {target}: {} {:?} {text}\n", parts.status, parts.headers);
        serde_json::from_slice(body.as_bytes()).unwrap_or_default()
    }

    fn oneflow(&mut self, method: &str, target: &str, body: Option<Value>) -> Value {
        self.ask(Origin::Oneflow, method, target, body)
    }

    fn teamtailor(&mut self, method: &str, target: &str, body: Option<Value>) -> Value {
        self.ask(Origin::Teamtailor, method, target, body)
    }

    fn until_the_limit(&mut self, origin: Origin, target: &str) {
        for _ in 0..=LIMIT {
            self.ask(origin, "GET", target, None);
        }
    }
}

/// Everything that both services answer to the same questions.
fn told(unknowns: Unknowns) -> String {
    let settings = SandboxSettings::new().oneflow_limit(LIMIT).teamtailor_limit(LIMIT).unknowns(unknowns);
    let sandbox = Sandbox::new(settings);
    let seeded = sandbox.seeded();
    sandbox.add_data_field(seeded.template_type, DataFieldSeed::new("oneflow-key").system()).unwrap();
    let fields = [
        sandbox.add_custom_field(CustomFieldSeed::new("budget", CustomFieldKind::Text).of_jobs()),
        sandbox.add_custom_field(CustomFieldSeed::new("bonus", CustomFieldKind::Text).private()),
        sandbox.add_custom_field(CustomFieldSeed::new("rate", CustomFieldKind::Number)),
        sandbox
            .add_custom_field(CustomFieldSeed::new("team", CustomFieldKind::Select).options(["Red", "Blue"])),
        sandbox.add_custom_field(
            CustomFieldSeed::new("skills", CustomFieldKind::MultiSelect).options(["Rust", "SQL"]),
        ),
    ];
    let candidate = seeded.candidate.clone();
    for (field, value) in [("bonus", "1000"), ("skills", "Rust, SQL"), ("oneflow-has-car", "true")] {
        sandbox.edit_custom_field(&candidate, field, Some(value)).unwrap();
    }
    let gone = sandbox.add_candidate(CandidateSeed::new("gone@example.com")).unwrap();
    let mut caller = Caller { sandbox, told: String::new() };
    at_oneflow(&mut caller);
    caller.sandbox.advance(Duration::from_secs(60));
    at_teamtailor(&mut caller, &candidate, &fields);
    caller.sandbox.delete_candidate(&gone).unwrap();
    caller.teamtailor("GET", &format!("/candidates/{gone}"), None);
    caller.until_the_limit(Origin::Oneflow, "/ping");
    caller.until_the_limit(Origin::Teamtailor, "/company");
    caller.told
}

fn at_oneflow(caller: &mut Caller) {
    let seeded = caller.sandbox.seeded();
    for sign_key in [json!("a key"), Value::Null] {
        let webhook = json!({ "callback_url": "https://example.com/hooks", "sign_key": sign_key });
        caller.oneflow("POST", "/webhooks", Some(webhook));
    }
    // One without a word of a key.
    caller.oneflow("POST", "/webhooks", Some(json!({ "callback_url": "https://example.com/others" })));
    caller.oneflow("GET", "/webhooks", None);
    let contract = |custom_id: Option<&str>, field: &str, value: Value| {
        let ownerside = custom_id.map_or_else(|| json!({}), |id| json!({ "custom_id": id }));
        json!({
            "workspace_id": seeded.workspace,
            "template_id": seeded.template,
            "name": "Employment",
            "value": value,
            "data_fields": [{ "custom_id": field, "value": "42000" }],
            "parties": [{ "type": "individual", "participant": {
                "name": "Ann Sample", "email": "ann@example.com", "delivery_channel": "email", "signatory": true,
                "_permissions": { "contract:update": true }, "_private_ownerside": ownerside,
            } }],
        })
    };
    let amount = json!({ "amount": "1000", "currency": "SEK" });
    for new in [
        contract(None, "oneflow-salary", Value::Null),
        contract(Some("a-custom-id-of-thirty-letters-"), "oneflow-salary", Value::Null),
        contract(None, "oneflow-key", Value::Null),
        contract(None, "oneflow-salary", amount),
    ] {
        caller.oneflow("POST", "/contracts/create", Some(new));
        caller.oneflow("GET", "/contracts", None);
        caller.sandbox.advance(Duration::from_secs(60));
    }
    for target in ["/contracts", "/accounts/me", "/workspaces", "/contracts?limit=none"] {
        caller.oneflow("GET", target, None);
    }
    caller.oneflow("GET", "/workspaces?filter%5Bname%5D=Nothing", None);
    let contracts = caller.sandbox.contracts();
    let first = contracts[0];
    let message = json!({ "subject": "Yours", "message": "Please sign." });
    caller.oneflow("POST", &format!("/contracts/{first}/publish"), Some(message));
    caller.sandbox.advance(Duration::from_secs(60));
    caller.sandbox.fill_data_field(first, "oneflow-salary", "45000").unwrap();
    caller.oneflow("GET", &format!("/contracts/{first}"), None);
    caller.sandbox.sign_all(first).unwrap();
    for contract in &contracts {
        caller.oneflow("GET", &format!("/contracts/{contract}"), None);
    }
    for below in ["events", "events?limit=all", "files", "files/", "files/1?download=true"] {
        caller.oneflow("GET", &format!("/contracts/{first}/{below}"), None);
    }
    for notification in caller.sandbox.due_notifications() {
        caller.told += &String::from_utf8_lossy(&notification.body());
    }
    caller.sandbox.delete_contract(first).unwrap();
    caller.oneflow("GET", &format!("/contracts/{first}"), None);
    let webhooks = caller.oneflow("GET", "/webhooks", None);
    let any = webhooks.get("data").unwrap_or(&webhooks)[0].clone();
    let id = any.get("webhook_id").or(any.get("id")).unwrap().clone();
    caller.oneflow("DELETE", &format!("/webhooks/{id}"), None);
}

fn at_teamtailor(caller: &mut Caller, candidate: &str, fields: &[String; 5]) {
    let [_, bonus, rate, team, _] = fields;
    let card = format!(
        "/candidates/{candidate}?include=custom-field-values,custom-field-values.custom-field,uploads"
    );
    for target in [
        "/candidates?include=custom-field-values",
        "/candidates?page%5Bsize%5D=1",
        "/candidates?filter%5Bemail%5D=ANN@example.com",
        "/candidates?filter%5Bemail%5D=example",
        "/custom-fields?page%5Bsize%5D=2",
        "/custom-fields?page%5Bsize%5D=30",
        "/custom-fields?filter%5Bapi-name%5D=nothing",
        "/custom-field-options?page%5Bsize%5D=2",
        &format!("/custom-field-options?filter%5Bcustom-field%5D={team}"),
        &card,
    ] {
        caller.teamtailor("GET", target, None);
    }
    let options =
        caller.teamtailor("GET", &format!("/custom-field-options?filter%5Bcustom-field%5D={team}"), None);
    let option = options["data"][0]["id"].clone();
    let post = |caller: &mut Caller, field: &str, kind: &str, value: Value| {
        let body = json!({ "data": { "type": "custom-field-values", "attributes": { "value": value }, "relationships": {
            "custom-field": { "data": { "type": kind, "id": field } },
            "owner": { "data": { "type": "candidates", "id": candidate } },
        } } });
        caller.teamtailor("POST", "/custom-field-values", Some(body))
    };
    let rated = post(caller, rate, "custom-fields", json!(1.5));
    caller.sandbox.advance(Duration::from_secs(60));
    post(caller, bonus, "custom-fields", json!("3000"));
    for kind in ["custom-fields", "custom-field-selects"] {
        for form in [option.clone(), json!([option]), json!("Red")] {
            post(caller, team, kind, form);
            // So that each form meets an empty field.
            caller.sandbox.edit_custom_field(candidate, "team", None).unwrap();
        }
    }
    if let Some(id) = rated["data"]["id"].as_str() {
        let body =
            json!({ "data": { "type": "custom-field-values", "id": id, "attributes": { "value": 7 } } });
        caller.teamtailor("PATCH", &format!("/custom-field-values/{id}"), Some(body));
    }
    for attributes in [
        json!({ "email": "Ann.Other@Example.com" }),
        json!({ "phone": "+46701740606", "pitch": "x".repeat(141) }),
        json!({ "email": "gone@example.com" }),
    ] {
        let body = json!({ "data": { "type": "candidates", "id": candidate, "attributes": attributes } });
        caller.teamtailor("PATCH", &format!("/candidates/{candidate}"), Some(body));
    }
    caller.sandbox.serve_elsewhere("https://files.example.com/a.pdf", "A file");
    for url in ["https://files.example.com/a.pdf", "https://files.example.com/gone.pdf"] {
        let body = json!({ "data": {
            "type": "uploads",
            "attributes": { "url": url, "file-name": "A contract (1).pdf" },
            "relationships": { "candidate": { "data": { "type": "candidates", "id": candidate } } },
        } });
        caller.teamtailor("POST", "/uploads", Some(body));
        caller.teamtailor("GET", &card, None);
    }
    caller.sandbox.advance(Duration::from_secs(60));
    caller.teamtailor("GET", &card, None);
}

#[test]
fn each_answer_of_each_switch_makes_a_world_of_its_own() {
    let usual = serde_json::to_value(Unknowns::default()).unwrap();
    let mut worlds: BTreeMap<String, String> = BTreeMap::new();
    worlds.insert(told(Unknowns::default()), "the default one".to_owned());
    let mut alike = Vec::new();
    for (service, facts) in
        [("oneflow", Facts::oneflow().unwrap()), ("teamtailor", Facts::teamtailor().unwrap())]
    {
        let mut switches = 0;
        for fact in facts.iter() {
            let Some(default) = usual[service].get(&fact.id) else { continue };
            switches += 1;
            assert!(fact.answers.iter().any(|answer| *default == *answer.id), "{}", fact.id);
            for answer in fact.answers.iter().filter(|answer| *default != *answer.id) {
                let name = format!("{service}: {} is {}", fact.id, answer.id);
                let world = json!({ service: { &fact.id: answer.id } }).to_string();
                let unknowns = Unknowns::read(&world).unwrap_or_else(|error| panic!("{name}: {error}"));
                if let Some(other) = worlds.insert(told(unknowns), name.clone()) {
                    alike.push(format!("{name}, and {other}"));
                }
            }
        }
        let all = usual[service].as_object().unwrap();
        assert_eq!(switches, all.len(), "every switch of {service} is a fact: {all:?}");
    }
    assert!(alike.is_empty(), "{alike:#?}");
    assert!(Unknowns::read(r#"{ "oneflow": { "times-form": "with-colons" } }"#).is_err());
    assert!(Unknowns::read(r#"{ "oneflow": { "time-form": "else" } }"#).is_err());
}
