//! Who is notified of what, and how often it is tried.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use smartsync_sandbox::{Acknowledged, Sandbox, TemplateTypeSeed};

use crate::support::{oneflow, pending_contract, sandbox};

fn register(sandbox: &Sandbox, change: impl FnOnce(&mut Value)) -> i64 {
    let mut body = json!({ "callback_url": "https://hooks.example.test/oneflow", "sign_key": "key" });
    change(&mut body);
    let got = oneflow(sandbox, Method::POST, "/webhooks", Some(body));
    assert_eq!(got.status, 200, "{}", got.json);
    got.json["webhook_id"].as_i64().unwrap()
}

fn due_events(sandbox: &Sandbox) -> Vec<Vec<&'static str>> {
    sandbox.due_notifications().iter().map(|one| one.events().to_vec()).collect()
}

#[test]
fn a_webhook_is_registered_read_changed_and_removed() {
    let sandbox = sandbox();
    let id = register(&sandbox, |_| {});
    let path = format!("/webhooks/{id}");
    let read = oneflow(&sandbox, Method::GET, &path, None).json;
    assert_eq!(read["callback_url"], "https://hooks.example.test/oneflow");
    assert_eq!(read.get("sign_key"), None);
    let change = json!({ "callback_url": "https://hooks.example.test/other" });
    assert_eq!(oneflow(&sandbox, Method::PUT, &path, Some(change)).status, 200);
    let list = oneflow(&sandbox, Method::GET, "/webhooks", None).json;
    assert_eq!(list["data"][0]["callback_url"], "https://hooks.example.test/other");
    assert_eq!(oneflow(&sandbox, Method::DELETE, &path, None).status, 200);
    assert_eq!(oneflow(&sandbox, Method::GET, &path, None).status, 404);
}

#[test]
fn only_https_may_be_called_when_the_sandbox_is_reached_over_https() {
    let sandbox = sandbox();
    for url in ["http://hooks.example.test", "http://127.0.0.1:8080", "ftp://hooks.example.test", "hooks"] {
        let got = oneflow(&sandbox, Method::POST, "/webhooks", Some(json!({ "callback_url": url })));
        assert_eq!((got.status, got.complaint().as_str()), (400, "callback_url"), "{url}");
    }
}

#[test]
fn a_notification_holds_ids_only_and_is_signed_over_its_callback_id() {
    let sandbox = sandbox();
    register(&sandbox, |_| {});
    let contract = pending_contract(&sandbox);
    let [notification] = &sandbox.due_notifications()[..] else { panic!("one notification") };
    let body: Value = serde_json::from_slice(&notification.body()).unwrap();
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["callback_id", "contract", "events", "signature"]);
    assert_eq!(body["contract"], json!({ "id": contract }));
    assert_eq!(body["events"][0]["type"], "contract:publish");
    assert_eq!(body["events"][0]["created_time"], "2031-03-03T09:00:01+0000");
    let signed = format!("{}key", body["callback_id"].as_str().unwrap());
    assert_eq!(body["signature"], hex::encode(Sha1::digest(signed)));
}

#[test]
fn without_a_sign_key_there_is_no_signature() {
    let sandbox = sandbox();
    register(&sandbox, |body| body["sign_key"] = Value::Null);
    pending_contract(&sandbox);
    let body: Value = serde_json::from_slice(&sandbox.due_notifications()[0].body()).unwrap();
    assert_eq!(body.get("signature"), None);
}

#[test]
fn a_change_after_publishing_is_a_change_of_content_and_resets_signatures() {
    let sandbox = sandbox();
    register(&sandbox, |_| {});
    let seed = smartsync_sandbox::ContractSeed::new(sandbox.seeded().template, "Contract")
        .counterparty("Ann Sample", "ann@example.com")
        .counterparty("Bo Sample", "bo@example.com");
    let contract = sandbox.add_contract(seed).unwrap();
    let fill = |value: &str| sandbox.fill_data_field(contract, "oneflow-notice", value).unwrap();
    fill("1");
    sandbox.publish(contract).unwrap();
    fill("2");
    fill("2");
    sandbox.sign(contract, None).unwrap();
    fill("3");
    let card = sandbox.contract_card(contract).unwrap();
    assert!(card.participants.iter().all(|one| one.sign_state == "undecided"), "{card:?}");
    sandbox.sign_all(contract).unwrap();
    assert_eq!(
        due_events(&sandbox),
        [
            vec!["data_field:update"],
            vec!["contract:publish"],
            vec!["data_field:update", "contract:content_update"],
            vec!["participant:sign"],
            vec!["data_field:update", "contract:content_update", "contract:signature_reset"],
            vec!["participant:sign"],
            vec!["participant:sign", "contract:sign"],
        ]
    );
}

#[test]
fn only_webhooks_of_the_template_type_are_notified() {
    let sandbox = sandbox();
    let other = sandbox.add_template_type(TemplateTypeSeed::new("Other"));
    let ours = sandbox.seeded().template_type;
    register(&sandbox, |body| body["template_group_id"] = json!(other));
    pending_contract(&sandbox);
    assert_eq!(due_events(&sandbox).len(), 0);
    register(&sandbox, |body| body["template_group_id"] = json!(ours));
    pending_contract(&sandbox);
    assert_eq!(due_events(&sandbox).len(), 1);
}

#[test]
fn one_filter_must_match_with_all_its_rules() {
    let sandbox = sandbox();
    let workspace = sandbox.seeded().workspace;
    let rule = |kind: &str, values: Value| json!({ "type": kind, "values": values });
    let filter = |rules: Value| json!([{ "filter_rules": rules }]);
    register(&sandbox, |body| {
        let rules = [rule("EVENT_TYPE", json!(["contract:sign"])), rule("WORKSPACE", json!([workspace]))];
        body["filters"] = filter(json!(rules));
    });
    register(&sandbox, |body| {
        let rules = [rule("EVENT_TYPE", json!(["contract:sign"])), rule("WORKSPACE", json!([1]))];
        body["filters"] = filter(json!(rules));
    });
    let contract = pending_contract(&sandbox);
    sandbox.sign_all(contract).unwrap();
    assert_eq!(due_events(&sandbox), [["contract:sign"]]);
}

#[test]
fn a_rule_names_up_to_fifty_event_types_and_any_number_of_workspaces() {
    let sandbox = sandbox();
    let status = |kind: &str, values: Value| {
        let filters = json!([{ "filter_rules": [{ "type": kind, "values": values }] }]);
        let body = json!({ "callback_url": "https://hooks.example.test", "filters": filters });
        oneflow(&sandbox, Method::POST, "/webhooks", Some(body)).status
    };
    assert_eq!(status("EVENT_TYPE", json!(vec!["contract:sign"; 50])), 200);
    assert_eq!(status("EVENT_TYPE", json!(vec!["contract:sign"; 51])), 400);
    assert_eq!(status("EVENT_TYPE", json!([301])), 400);
    assert_eq!(status("WORKSPACE", json!(vec![301; 51])), 200);
    assert_eq!(status("WORKSPACE", json!(["301"])), 400);
    assert_eq!(status("WORKSPACE", json!([])), 400);
}

#[test]
fn only_200_is_a_success_and_the_tenth_failure_is_the_last() {
    let sandbox = sandbox();
    register(&sandbox, |_| {});
    pending_contract(&sandbox);
    let id = sandbox.due_notifications()[0].callback_id().to_owned();
    let mut waits = Vec::new();
    while let Acknowledged::TriedAgain(due) = sandbox.acknowledge(&id, 204) {
        let wait = due.duration_since(sandbox.now()).as_secs();
        sandbox.advance(Duration::from_secs(wait.unsigned_abs() - 1));
        assert_eq!(sandbox.due_notifications(), []);
        sandbox.advance(Duration::from_secs(1));
        assert_eq!(sandbox.due_notifications()[0].callback_id(), id);
        waits.push(wait);
    }
    assert_eq!(waits, [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600]);
    assert_eq!((sandbox.given_up_notifications(), sandbox.pending_notifications()), (1, vec![]));
}

#[test]
fn a_delivered_notification_is_counted_and_not_due_again() {
    let sandbox = sandbox();
    register(&sandbox, |_| {});
    pending_contract(&sandbox);
    let id = sandbox.due_notifications()[0].callback_id().to_owned();
    assert_eq!(sandbox.acknowledge(&id, 200), Acknowledged::Delivered);
    assert_eq!(sandbox.acknowledge(&id, 200), Acknowledged::NotPending);
    assert_eq!((sandbox.delivered_notifications(), sandbox.due_notifications()), (1, vec![]));
}
