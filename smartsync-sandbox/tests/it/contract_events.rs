//! What has happened to a contract, read afterwards.

use http::Method;
use serde_json::json;
use smartsync_sandbox::{OwnDetails, Sandbox, SandboxSettings};

use crate::support::{oneflow, pending_contract, sandbox};

#[test]
fn events_say_who_did_what_to_what_under_the_ids_of_the_notifications() {
    let sandbox = sandbox();
    let webhook = json!({ "callback_url": "https://hooks.example.test" });
    oneflow(&sandbox, Method::POST, "/webhooks", Some(webhook));
    let contract = pending_contract(&sandbox);
    let signer = sandbox.contract_card(contract).unwrap().participants[1].id;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.change_own_details(contract, signer, OwnDetails::new().email("eve@example.com")).unwrap();
    sandbox.sign(contract, Some(signer)).unwrap();

    let list = oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/events"), None).json;
    let events = list["data"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "contract:publish",
            "data_field:update",
            "contract:content_update",
            "participant:update",
            "participant:sign",
            "contract:sign",
        ]
    );
    assert_eq!(events[0]["actor"], json!(null));
    let field = &events[1];
    assert_eq!(field["actor"]["id"], signer);
    assert_eq!(field["data"]["subject"]["_private_ownerside"]["custom_id"], "oneflow-notice");
    assert_eq!(field["data"]["changes"], json!([{ "attribute": "value", "from": "", "to": "3 months" }]));
    assert_eq!(
        events[3]["data"]["changes"],
        json!([{ "attribute": "email", "from": "ann@example.com", "to": "eve@example.com" }])
    );
    assert_eq!(events[4]["data"], json!({ "subject": events[4]["actor"] }));

    let id = field["id"].as_i64().unwrap();
    let notified = sandbox.due_notifications().iter().any(|one| {
        let body: serde_json::Value = serde_json::from_slice(&one.body()).unwrap();
        body["events"]
            .as_array()
            .unwrap()
            .iter()
            .any(|event| event["id"] == id && event["type"] == field["type"])
    });
    assert!(notified, "the notification carries the same id");
    let one = oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/events/{id}"), None);
    assert_eq!((one.status, &one.json), (200, field));
}

#[test]
fn what_the_api_does_has_no_actor() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let path = format!("/contracts/{contract}/data_fields/c::oneflow-notice");
    oneflow(&sandbox, Method::PUT, &path, Some(json!({ "value": "a" })));
    let list = format!("/contracts/{contract}/events?sort=-id&limit=2");
    let newest = oneflow(&sandbox, Method::GET, &list, None).json;
    assert_eq!(
        (&newest["data"][1]["type"], &newest["data"][1]["actor"]),
        (&json!("data_field:update"), &json!(null))
    );
    assert_eq!(newest["count"], 3);
}

#[test]
fn events_can_be_out_of_reach() {
    let sandbox = Sandbox::new(SandboxSettings::new().contract_events(false));
    let contract = pending_contract(&sandbox);
    assert_eq!(oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/events"), None).status, 404);
}

#[test]
fn events_can_keep_silent_on_participants() {
    let sandbox = Sandbox::new(SandboxSettings::new().participant_events(false));
    let contract = pending_contract(&sandbox);
    sandbox.sign_all(contract).unwrap();
    let list = oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/events"), None).json;
    let events = list["data"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(list["count"], kinds.len());
    assert!(kinds.contains(&"contract:publish") && kinds.contains(&"contract:sign"), "{kinds:?}");
    assert!(!kinds.iter().any(|kind| kind.starts_with("participant:")), "{kinds:?}");
}
