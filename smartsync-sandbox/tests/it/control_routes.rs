//! Acting as a person through the control routes.

use serde_json::{Value, json};
use smartsync_sandbox::{ControlAnswer, Sandbox, control};

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
        log[0],
        json!({
            "origin": "oneflow", "operation": "get_file", "method": "GET", "path": format!("/v1{file}"), "status": 404,
        })
    );
    assert_eq!(get(&sandbox, "deliveries").body, json!({ "pending": [], "delivered": 0, "given_up": 0 }));
}

#[test]
fn every_listed_route_exists_and_others_do_not() {
    let sandbox = sandbox();
    let list = get(&sandbox, "").body;
    for entry in list.as_array().unwrap() {
        let (method, path) = entry["route"].as_str().unwrap().split_once(' ').unwrap();
        let answer = control(&sandbox, method, &path.replace("{id}", "4711"), b"{}");
        assert_ne!(answer.status, 404, "{method} {path}");
    }
    assert_eq!(post(&sandbox, "nothing", json!({})), 404);
    assert_eq!(get(&sandbox, "nothing").status, 404);
    assert_eq!(post(&sandbox, "sign", json!({ "contracts": 1 })), 400);
}
