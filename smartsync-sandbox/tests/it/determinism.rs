//! The same calls give the same bytes.

use std::time::Duration;

use http::Method;
use serde_json::json;
use smartsync_sandbox::{Origin, Sandbox, SandboxSettings};

use crate::support::{pending_contract, request, sandbox};

/// Everything that a story leaves behind, as bytes.
fn story(sandbox: &Sandbox) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (token, email, key) = (sandbox.oneflow_token(), sandbox.user_email(), sandbox.teamtailor_key());
    let key = format!("Token token={key}");
    let mut send = |origin, method: Method, target: &str, body| {
        let headers: &[(&str, &str)] = match origin {
            Origin::Oneflow => &[
                ("x-oneflow-api-token", &token),
                ("x-oneflow-user-email", &email),
                ("content-type", "application/json"),
            ],
            Origin::Teamtailor | Origin::Storage => &[("authorization", &key), ("x-api-version", "20240904")],
        };
        let response = sandbox.handle(origin, request(origin, method, target, headers, body));
        bytes.extend(format!("{} {:?}\n", response.status(), response.headers()).bytes());
        bytes.extend(response.body().as_bytes());
    };
    let webhook = json!({ "callback_url": "https://hooks.example.test", "sign_key": "key" });
    send(Origin::Oneflow, Method::POST, "/v1/webhooks", Some(webhook));
    let contract = pending_contract(sandbox);
    sandbox.advance(Duration::from_secs(90));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();
    send(Origin::Oneflow, Method::GET, &format!("/v1/contracts/{contract}"), None);
    send(Origin::Oneflow, Method::GET, &format!("/v1/contracts/{contract}/files/1?download=true"), None);
    send(Origin::Oneflow, Method::GET, "/v1/nothing", None);
    send(
        Origin::Teamtailor,
        Method::GET,
        "/v1/candidates/4711?include=custom-field-values.custom-field,uploads",
        None,
    );
    for notification in sandbox.due_notifications() {
        bytes.extend(notification.body());
    }
    bytes.extend(serde_json::to_vec(&sandbox.request_log()).unwrap());
    bytes
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let first = story(&sandbox());
    assert!(first.len() > 5_000);
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&story(&sandbox())));
}

#[test]
fn the_request_log_names_operations_and_holds_no_query() {
    let sandbox = sandbox();
    story(&sandbox);
    let log = sandbox.request_log();
    let operations: Vec<_> = log.iter().map(|one| (one.origin, one.operation, one.status.as_u16())).collect();
    assert_eq!(
        operations,
        [
            (Origin::Oneflow, "create_webhook", 200),
            (Origin::Oneflow, "get_contract", 200),
            (Origin::Oneflow, "get_file", 302),
            (Origin::Oneflow, "unknown", 404),
            (Origin::Teamtailor, "get_candidate", 200),
        ]
    );
    assert_eq!(log[4].path, "/v1/candidates/4711");
    sandbox.clear_request_log();
    assert_eq!(sandbox.request_log(), []);
}

#[test]
fn a_fork_goes_on_by_itself_and_as_the_other_would() {
    let sandbox = sandbox();
    story(&sandbox);
    let (first, second) = (sandbox.fork(), sandbox.fork());
    let before = (sandbox.now(), sandbox.contracts(), sandbox.request_log());
    assert_eq!(String::from_utf8_lossy(&story(&first)), String::from_utf8_lossy(&story(&second)));
    assert_eq!((sandbox.now(), sandbox.contracts(), sandbox.request_log()), before, "it was not touched");
    assert_eq!(first.contracts().len(), 2);
    // Ids, time, files and notifications go on where they were.
    let other = sandbox.fork().fork();
    assert_eq!(story(&sandbox), story(&other));
}

/// The operations of the story, in order.
const ALL: [&str; 5] = ["create_webhook", "get_contract", "get_file", "unknown", "get_candidate"];

#[test]
fn the_request_log_keeps_the_newest_and_counts_the_others() {
    for (most, kept, dropped) in [(0, &ALL[5..], 5), (2, &ALL[3..], 3), (5, &ALL[..], 0)] {
        let sandbox = Sandbox::new(SandboxSettings::new().logged_requests(most));
        story(&sandbox);
        let operations: Vec<_> = sandbox.request_log().iter().map(|one| one.operation).collect();
        assert_eq!((operations, sandbox.dropped_log_entries()), (kept.to_vec(), dropped));
        sandbox.clear_request_log();
        assert_eq!((sandbox.request_log().len(), sandbox.dropped_log_entries()), (0, 0));
        story(&sandbox);
        assert_eq!(sandbox.dropped_log_entries(), dropped, "cleared, it keeps as many as before");
    }
}
