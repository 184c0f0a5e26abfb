//! Both services refuse what is too much.

use std::time::Duration;

use http::Method;
use serde_json::Value;
use smartsync_sandbox::{Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Sleep, Transport, Wait};

use crate::support::{oneflow, request, sandbox, teamtailor};

#[test]
fn teamtailor_takes_fifty_requests_in_ten_seconds_and_says_how_many_are_left() {
    let sandbox = sandbox();
    let get = || teamtailor(&sandbox, Method::GET, "/company", None);
    let first = get();
    let headers = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
    assert_eq!(headers.map(|name| first.header(name)), ["50", "49", "10"]);
    sandbox.advance(Duration::from_millis(2_500));
    for _ in 0..49 {
        assert_eq!(get().status, 200);
    }
    let over = get();
    assert_eq!((over.status, headers.map(|name| over.header(name))), (429, ["50", "0", "8"]));
    sandbox.advance(Duration::from_millis(7_500));
    assert_eq!(get().status, 200);
}

#[test]
fn oneflow_takes_two_thousand_requests_in_five_minutes() {
    let sandbox = sandbox();
    let get = || oneflow(&sandbox, Method::GET, "/ping", None);
    for _ in 0..2_000 {
        assert_eq!(get().status, 200);
    }
    let over = get();
    assert_eq!((over.status, &over.json["error_code"]), (429, &Value::from(4_290_000)));
    assert_eq!((over.json.get("request_id"), over.json.get("type")), (None, None));
    assert!(over.json["info"].is_string());
    sandbox.advance(Duration::from_secs(299));
    assert_eq!(get().status, 429);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(get().status, 200);
}

#[test]
fn oneflow_counts_by_token_so_a_wrong_one_takes_nothing_from_the_right_one() {
    let sandbox = Sandbox::new(SandboxSettings::new().oneflow_limit(1));
    for _ in 0..3 {
        let headers = [("x-oneflow-api-token", "wrong")];
        let request = request(Origin::Oneflow, Method::GET, "/v1/ping", &headers, None);
        assert_eq!(sandbox.handle(Origin::Oneflow, request).status(), 401);
    }
    assert_eq!(oneflow(&sandbox, Method::GET, "/ping", None).status, 200);
}

#[test]
fn the_limits_can_be_set() {
    let sandbox = Sandbox::new(SandboxSettings::new().oneflow_limit(1).teamtailor_limit(0));
    assert_eq!(oneflow(&sandbox, Method::GET, "/ping", None).status, 200);
    assert_eq!(oneflow(&sandbox, Method::GET, "/ping", None).status, 429);
    assert_eq!(teamtailor(&sandbox, Method::GET, "/company", None).status, 429);
}

#[tokio::test]
async fn a_sleep_of_the_sandbox_moves_its_time_and_takes_none() {
    let sandbox = Sandbox::new(SandboxSettings::new().teamtailor_limit(1));
    let get = || teamtailor(&sandbox, Method::GET, "/company", None).status;
    assert_eq!((get(), get()), (200, 429));
    sandbox.sleep().sleep(Wait { at_least: Duration::ZERO, at_most: Duration::from_secs(10) }).await;
    assert_eq!(get(), 200);
}

#[tokio::test]
async fn a_transport_answers_for_its_own_host_only() {
    let sandbox = sandbox();
    let get = |url: &str| http::Request::get(url).body(Body::empty()).unwrap();
    let transport = sandbox.oneflow_transport();
    let answer = transport.execute(get("https://api.oneflow.com/v1/ping")).await.unwrap();
    assert_eq!(answer.status(), 401);
    let elsewhere = transport.execute(get("https://api.teamtailor.com/v1/company")).await.unwrap_err();
    assert!(elsewhere.was_never_sent());
    let base_url = sandbox.base_url(Origin::Oneflow).unwrap();
    assert_eq!(base_url.as_str(), "https://api.oneflow.com/v1");
}
