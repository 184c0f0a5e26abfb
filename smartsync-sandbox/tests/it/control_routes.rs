//! Acting as a person through the control routes.

use serde_json::{Value, json};
use smartsync_sandbox::{CandidateSeed, ControlAnswer, Fault, Sandbox, control};

use crate::support::{oneflow, pending_contract, sandbox};

fn post(sandbox: &Sandbox, route: &str, body: Value) -> u16 {
    control(sandbox, "POST", &format!("/sandbox/{route}"), body.to_string().as_bytes()).status
}

fn get(sandbox: &Sandbox, route: &str) -> ControlAnswer {
    control(sandbox, "GET", &format!("/sandbox/{route}"), b"")
}

#[test]
fn participants_and_recruiters_act_through_routes() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let edit = json!({ "contract": contract, "custom_id": "oneflow-notice", "value": "3 months" });
    assert_eq!(post(&sandbox, "data-field", edit), 200);
    assert_eq!(post(&sandbox, "sign", json!({ "contract": contract })), 200);
    assert_eq!(post(&sandbox, "decline", json!({ "contract": contract })), 409);
    let card = get(&sandbox, &format!("contracts/{contract}")).body;
    assert_eq!(
        (&card["state"], &card["data_fields"]["oneflow-notice"]),
        (&json!("signed"), &json!("3 months"))
    );

    let phone = json!({ "candidate": "4711", "field": "phone", "value": null });
    assert_eq!(post(&sandbox, "candidate-field", phone), 200);
    let kind = json!({ "candidate": "4711", "api_name": "oneflow-contract-type", "value": "Hourly" });
    assert_eq!(post(&sandbox, "custom-field", kind), 200);
    let card = get(&sandbox, "candidates/4711").body;
    assert_eq!(card["fields"].get("phone"), None);
    assert_eq!(card["custom_fields"]["oneflow-contract-type"], "Hourly");
}

#[test]
fn a_participant_hands_over_and_files_are_planted_through_routes() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let participant = sandbox.contract_card(contract).unwrap().participants[1].id;
    let handed = json!({ "contract": contract, "participant": participant, "name": "Eve", "email": "eve@example.com" });
    assert_eq!(post(&sandbox, "delegate", handed), 200);
    let phone = json!({ "contract": contract, "participant": participant, "phone_number": "+46701740600" });
    assert_eq!(post(&sandbox, "own-details", phone), 200);
    let other = json!({ "contract": contract, "by": participant, "name": "Bo", "email": "bo@example.com" });
    assert_eq!(post(&sandbox, "add-participant", other), 200);
    let other = json!({ "contract": contract, "name": "Al", "email": "al@example.com" });
    assert_eq!(post(&sandbox, "add-participant", other), 200);
    let names: Vec<_> =
        sandbox.contract_card(contract).unwrap().participants.into_iter().map(|one| one.name).collect();
    assert_eq!(names[1..], ["Eve", "Bo", "Al"]);
    let file = json!({ "candidate": "4711", "name": "x.pdf", "internal": true, "text": "forged" });
    assert_eq!(post(&sandbox, "put-file", file), 200);
    assert_eq!(sandbox.candidate_files("4711")[0].name, "x.pdf");
}

#[test]
fn administrators_change_fields_options_and_candidates_through_routes() {
    let sandbox = sandbox();
    let made = json!({ "api_name": "oneflow-team", "type": "CustomField::Select", "name": "Team", "options": ["North"] });
    assert_eq!(post(&sandbox, "custom-fields", made), 200);
    for (route, body) in [
        ("add-option", json!({ "api_name": "oneflow-team", "option": "South" })),
        ("rename-option", json!({ "api_name": "oneflow-team", "option": "North", "new_option": "East" })),
        ("delete-option", json!({ "api_name": "oneflow-contract-type", "option": "Hourly" })),
        ("rename-custom-field", json!({ "api_name": "oneflow-team", "name": "Group" })),
        ("change-api-name", json!({ "api_name": "oneflow-team", "new_api_name": "oneflow-group" })),
        ("change-custom-field-type", json!({ "api_name": "shirt-size", "type": "CustomField::Number" })),
        ("delete-custom-field", json!({ "api_name": "oneflow-notice" })),
    ] {
        assert_eq!(post(&sandbox, route, body), 200, "{route}");
    }
    let fields = get(&sandbox, "custom-fields").body;
    let field = |api_name: &str| {
        fields.as_array().unwrap().iter().find(|field| field["api_name"] == api_name).cloned()
    };
    let group = json!({ "api_name": "oneflow-group", "name": "Group", "type": "CustomField::Select", "options": ["East", "South"] });
    assert_eq!(field("oneflow-group"), Some(group));
    assert_eq!(field("oneflow-contract-type").unwrap()["options"], json!(["Permanent", "Fixed term"]));
    assert_eq!(field("shirt-size").unwrap()["type"], "CustomField::Number");
    assert_eq!(field("oneflow-notice"), None);

    let kind = get(&sandbox, "templates").body[0]["template_type"].clone();
    let at = |custom_id: &str| json!({ "template_type": kind, "custom_id": custom_id });
    assert_eq!(post(&sandbox, "add-data-field", at("oneflow-team")), 200);
    assert_eq!(post(&sandbox, "remove-data-field", at("oneflow-notice")), 200);
    let mut body = at("oneflow-salary");
    body["new_custom_id"] = json!("oneflow-pay");
    assert_eq!(post(&sandbox, "change-custom-id", body), 200);
    let templates = get(&sandbox, "templates").body;
    let has = |custom_id: &str| templates[0]["data_fields"].as_array().unwrap().contains(&json!(custom_id));
    assert_eq!(
        ["oneflow-team", "oneflow-notice", "oneflow-salary", "oneflow-pay"].map(has),
        [true, false, false, true]
    );

    for email in ["eva@example.com", "al@example.com"] {
        assert_eq!(post(&sandbox, "candidates", json!({ "email": email })), 200);
    }
    assert_eq!(post(&sandbox, "merge-candidate", json!({ "candidate": "4712", "into": "4711" })), 200);
    assert_eq!(post(&sandbox, "delete-candidate", json!({ "candidate": "4713" })), 200);
    assert_eq!(sandbox.candidates(), ["4711"]);
}

#[test]
fn the_world_around_can_be_changed_through_routes() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    assert_eq!(post(&sandbox, "file-missing", json!({ "contract": contract, "missing": true })), 200);
    let file = format!("/contracts/{contract}/files/1");
    assert_eq!(oneflow(&sandbox, http::Method::GET, &file, None).status, 404);
    assert_eq!(post(&sandbox, "teamtailor-key", json!({ "usable": false })), 200);
    assert_eq!(crate::support::teamtailor(&sandbox, http::Method::GET, "/company", None).status, 403);
    let before = sandbox.now();
    assert_eq!(post(&sandbox, "time", json!({ "advance_seconds": 90 })), 200);
    assert_eq!(sandbox.now().duration_since(before).as_secs(), 90);
    let log = get(&sandbox, "requests").body;
    assert_eq!(
        log["requests"][0],
        json!({
            "origin": "oneflow", "operation": "get_file", "method": "GET", "path": format!("/v1{file}"), "status": 404,
        })
    );
    assert_eq!(log["dropped"], 0);
    assert_eq!(get(&sandbox, "deliveries").body, json!({ "pending": [], "delivered": 0, "given_up": 0 }));
}

/// What a route answers to a request that it refuses.
fn refusal(sandbox: &Sandbox, route: &str, body: &Value) -> (u16, String) {
    let answer = control(sandbox, "POST", &format!("/sandbox/{route}"), body.to_string().as_bytes());
    (answer.status, answer.body["error"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn candidates_are_made_and_listed() {
    let sandbox = sandbox();
    let body = json!({
        "email": "eva@example.com",
        "fields": { "first-name": "Eva", "phone": "+46701740606" },
        "custom_fields": { "oneflow-salary": "42000", "oneflow-contract-type": "Hourly" },
    });
    let made = control(&sandbox, "POST", "/sandbox/candidates", body.to_string().as_bytes());
    assert_eq!((made.status, &made.body["candidate"]), (200, &json!("4712")));
    let list = get(&sandbox, "candidates").body;
    assert_eq!([&list[0]["id"], &list[1]["id"], &list[2]], [&json!("4711"), &json!("4712"), &Value::Null]);
    assert_eq!(list[1], get(&sandbox, "candidates/4712").body);
    assert_eq!(
        list[1],
        json!({
            "id": "4712",
            "fields": { "email": "eva@example.com", "first-name": "Eva", "phone": "+46701740606" },
            "custom_fields": { "oneflow-contract-type": "Hourly", "oneflow-salary": "42000" },
            "uploads": [],
        })
    );
    let applied = control(&sandbox, "POST", "/sandbox/job-applications", br#"{"candidate": "4712"}"#).body;
    assert_eq!(applied["stages"].as_array().unwrap().len(), 3);
    assert!(applied["job_application"].is_string());

    assert_eq!(refusal(&sandbox, "candidates", &json!({ "email": "eva@example.com" })).0, 409);
    let (status, says) = refusal(
        &sandbox,
        "candidates",
        &json!({ "email": "bo@example.com", "fields": { "firstname": "Bo" } }),
    );
    assert!(status == 409 && says.contains("first-name"), "{says}");
    let (status, says) = refusal(
        &sandbox,
        "candidates",
        &json!({ "email": "bo@example.com", "custom_fields": { "nothing": "1" } }),
    );
    assert!(status == 409 && says.contains("GET /sandbox/custom-fields"), "{says}");
    assert_eq!(sandbox.candidates(), ["4711", "4712"], "nothing of a candidate who is refused is kept");
}

#[test]
fn contracts_are_made_from_templates_and_listed() {
    let sandbox = sandbox();
    let template = sandbox.seeded().template;
    let body = json!({
        "template": template,
        "name": "Employment of Eva",
        "counterparties": [
            { "name": "Eva Sample", "email": "eva@example.com" },
            { "name": "Al Other", "email": "al@example.com", "signatory": false },
        ],
        "values": { "oneflow-salary": "42000" },
        "publish": true,
    });
    let made = control(&sandbox, "POST", "/sandbox/contracts", body.to_string().as_bytes()).body;
    assert_eq!(made["contract"], 9001);
    assert_eq!(post(&sandbox, "contracts", json!({ "name": "Of the sample template" })), 200);
    let list = get(&sandbox, "contracts").body;
    let shown: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].clone(), one["name"].clone(), one["state"].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (json!(9001), json!("Employment of Eva"), json!("pending")),
            (json!(9002), json!("Of the sample template"), json!("draft")),
        ]
    );
    assert_eq!(list[0]["data_fields"]["oneflow-salary"], "42000");
    let people: Vec<_> = list[0]["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].clone(), one["signatory"].clone()))
        .collect();
    assert_eq!(people[1..], [(json!("Eva Sample"), json!(true)), (json!("Al Other"), json!(false))]);

    let templates = get(&sandbox, "templates").body;
    assert_eq!((&templates[0]["id"], &templates[0]["active"]), (&json!(template), &json!(true)));
    assert!(templates[0]["data_fields"].as_array().unwrap().contains(&json!("oneflow-salary")));
    for body in [json!({ "name": "x", "template": 1 }), json!({ "name": "x", "values": { "nothing": "1" } })]
    {
        let (status, says) = refusal(&sandbox, "contracts", &body);
        assert!(status == 409 && says.contains("GET /sandbox/templates"), "{says}");
    }
    assert_eq!(sandbox.contracts(), [9001, 9002]);
}

#[test]
fn people_act_at_each_of_several_contracts() {
    let sandbox = sandbox();
    let [first, second] = std::array::from_fn(|_| pending_contract(&sandbox));
    let fill = |contract: i64, value: &str| json!({ "contract": contract, "custom_id": "oneflow-notice", "value": value });
    assert_eq!(post(&sandbox, "data-field", fill(first, "1 month")), 200);
    assert_eq!(post(&sandbox, "data-field", fill(second, "2 months")), 200);
    assert_eq!(post(&sandbox, "sign", json!({ "contract": second })), 200);
    assert_eq!(post(&sandbox, "decline", json!({ "contract": first })), 200);
    let card = |contract: i64| get(&sandbox, &format!("contracts/{contract}")).body;
    let seen = |contract: i64| {
        (card(contract)["state"].clone(), card(contract)["data_fields"]["oneflow-notice"].clone())
    };
    assert_eq!(seen(first), (json!("declined"), json!("1 month")));
    assert_eq!(seen(second), (json!("signed"), json!("2 months")));
}

#[test]
fn the_custom_fields_and_the_operations_are_listed() {
    let sandbox = sandbox();
    let fields = get(&sandbox, "custom-fields").body;
    let kind =
        fields.as_array().unwrap().iter().find(|one| one["api_name"] == "oneflow-contract-type").unwrap();
    assert_eq!(kind["type"], "CustomField::Select");
    assert_eq!(kind["options"], json!(["Permanent", "Fixed term", "Hourly"]));
    let operations = get(&sandbox, "operations").body;
    assert!(operations["oneflow"].as_array().unwrap().contains(&json!("get_contract")));
    assert!(operations["teamtailor"].as_array().unwrap().contains(&json!("create_upload")));
    assert_eq!(operations["storage"], json!(["download"]));
}

#[test]
fn every_listed_route_exists_and_takes_the_body_that_it_shows() {
    // What is listed names the first contract, its participant and the sample candidate.
    let list = get(&sandbox(), "").body;
    for entry in list.as_array().unwrap() {
        let sandbox = sandbox();
        assert_eq!(
            (pending_contract(&sandbox), sandbox.contract_card(9001).unwrap().participants[1].id),
            (9001, 61002)
        );
        // Who is merged into the sample candidate.
        assert_eq!(sandbox.add_candidate(CandidateSeed::new("al@example.com")).unwrap(), "4712");
        sandbox.add_fault(Fault::limit()).unwrap();
        let (method, path) = entry["route"].as_str().unwrap().split_once(' ').unwrap();
        let id = match path {
            "/sandbox/candidates/{id}" => "4711",
            "/sandbox/contracts/{id}" => "9001",
            _ => "1",
        };
        let body = if method == "POST" { entry["body"].to_string() } else { String::new() };
        let answer = control(&sandbox, method, &path.replace("{id}", id), body.as_bytes());
        // The contract is sent already.
        let expected = if path == "/sandbox/publish" { 409 } else { 200 };
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.body);
        assert!(method != "GET" || entry.get("body").is_none());
    }
}

#[test]
fn what_is_refused_says_what_to_do() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    assert_eq!(post(&sandbox, "nothing", json!({})), 404);
    let answer = get(&sandbox, "nothing");
    assert_eq!(
        (answer.status, &answer.body["error"]),
        (404, &json!("there is no such route; GET /sandbox lists them"))
    );
    for (method, path, says) in [
        ("GET", "sign", "this route takes POST"),
        ("PUT", "faults", "this route takes POST and GET and DELETE"),
    ] {
        let answer = control(&sandbox, method, &format!("/sandbox/{path}"), b"");
        assert_eq!((answer.status, &answer.body["error"]), (405, &json!(says)));
    }
    for body in
        ["", "{", "[]", r#"{"contracts": 1}"#, r#"{"contract": "a canary"}"#, r#"{"contract": 1, "who": 2}"#]
    {
        let answer = control(&sandbox, "POST", "/sandbox/sign", body.as_bytes());
        let says = answer.body["error"].as_str().unwrap();
        assert!(answer.status == 400 && says.contains(r#"for example, {"contract": 9001"#), "{body}: {says}");
        assert!(!says.contains("canary"), "{says}");
    }
    for (route, body, remedy) in [
        ("sign", json!({ "contract": 1 }), "GET /sandbox/contracts lists them"),
        ("sign", json!({ "contract": contract, "participant": 1 }), "who takes part"),
        ("publish", json!({ "contract": contract }), "shows its state"),
        (
            "data-field",
            json!({ "contract": contract, "custom_id": "x", "value": "" }),
            "shows its data fields",
        ),
        ("add-option", json!({ "api_name": "shirt-size", "option": "L" }), "GET /sandbox/custom-fields"),
        (
            "delete-option",
            json!({ "api_name": "oneflow-contract-type", "option": "x" }),
            "lists the options of each",
        ),
        (
            "change-api-name",
            json!({ "api_name": "shirt-size", "new_api_name": "oneflow-salary" }),
            "take another name",
        ),
        ("remove-data-field", json!({ "template_type": 1, "custom_id": "email" }), "GET /sandbox/templates"),
        ("remove-data-field", json!({ "template_type": 4001, "custom_id": "x" }), "those of a template type"),
        ("merge-candidate", json!({ "candidate": "4711", "into": "4711" }), "GET /sandbox/candidates"),
        (
            "candidate-field",
            json!({ "candidate": "1", "field": "phone", "value": null }),
            "GET /sandbox/candidates",
        ),
        (
            "candidate-field",
            json!({ "candidate": "4711", "field": "size", "value": null }),
            "GET /sandbox/custom-fields",
        ),
        (
            "custom-field",
            json!({ "candidate": "4711", "api_name": "oneflow-contract-type", "value": "x" }),
            "by its label",
        ),
    ] {
        let (status, says) = refusal(&sandbox, route, &body);
        assert!(status == 409 && says.contains(remedy), "{route}: {says}");
    }
}

#[test]
fn the_end_of_time_and_bodies_of_every_shape_are_answered() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    for _ in 0..100 {
        assert_eq!(post(&sandbox, "time", json!({ "advance_seconds": u32::MAX })), 200);
    }
    let list = get(&sandbox, "").body;
    let deep = "[".repeat(100_000);
    for entry in list.as_array().unwrap() {
        let (method, path) = entry["route"].as_str().unwrap().split_once(' ').unwrap();
        for id in ["9001", "-1", "99999999999999999999", "%00", ""] {
            let own = entry["body"].to_string();
            for body in [&own, "", "null", "{}", "\"\u{0}\"", "{\"contract\":1e300}", &deep] {
                let answer = control(&sandbox, method, &path.replace("{id}", id), body.as_bytes());
                assert!([200, 400, 404, 405, 409].contains(&answer.status), "{method} {path}");
            }
        }
    }
    sandbox.clear_faults();
    let _ = oneflow(&sandbox, http::Method::GET, &format!("/contracts/{contract}"), None);
    let _ = crate::support::teamtailor(&sandbox, http::Method::GET, "/candidates", None);
}
