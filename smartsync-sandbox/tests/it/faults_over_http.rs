//! What goes wrong on the way, over HTTP: set, listed and cleared by control route.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use smartsync_transport::{Response, TransportError, Url};
use tokio::time::timeout;

use crate::support::{
    over_http::{below, json_of, send, try_send},
    pending_contract,
};

struct Rig {
    running: HttpSandbox,
    contract: i64,
    token: String,
}

impl Rig {
    async fn start() -> Self {
        let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let (contract, token) = (pending_contract(running.sandbox()), running.sandbox().oneflow_token());
        Self { running, contract, token }
    }

    async fn control(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let url: Url = format!("{}{path}", self.running.control_url()).parse().unwrap();
        let answer = send(&url, method, &[], body).await;
        (answer.status().as_u16(), json_of(&answer))
    }

    async fn fault(&self, fault: Value) {
        let (status, answer) = self.control(Method::POST, "/faults", Some(fault)).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// A participant's field, written over the API.
    async fn write(&self, value: &str) -> Result<Response, TransportError> {
        let path = format!("/contracts/{}/data_fields/c::oneflow-notice", self.contract);
        let headers = [
            ("x-oneflow-api-token", self.token.as_str()),
            ("x-oneflow-user-email", "recruiter@example.com"),
            ("content-type", "application/json"),
        ];
        let body = json!({ "value": value });
        try_send(&below(self.running.oneflow_url(), &path), Method::PUT, &headers, Some(body)).await
    }

    async fn status(&self) -> u16 {
        self.write("a").await.unwrap().status().as_u16()
    }

    fn value(&self) -> String {
        self.running.sandbox().contract_card(self.contract).unwrap().data_fields["oneflow-notice"].clone()
    }
}

#[tokio::test]
async fn a_status_is_answered_listed_and_cleared() {
    let rig = Rig::start().await;
    rig.fault(
        json!({ "service": "oneflow", "times": 1, "fault": { "status": { "code": 503, "body": "down" } } }),
    )
    .await;
    rig.fault(json!({ "operation": "update_data_field", "fault": { "status": { "code": 500 } } })).await;
    let first = rig.write("a").await.unwrap();
    assert_eq!((first.status(), first.body().as_bytes()), (StatusCode::SERVICE_UNAVAILABLE, &b"down"[..]));
    assert_eq!([rig.status().await, rig.status().await], [500, 500]);
    let (_, listed) = rig.control(Method::GET, "/faults", None).await;
    assert_eq!([&listed[0]["met"], &listed[1]["met"]], [1, 2]);
    assert_eq!(rig.control(Method::DELETE, "/faults/2", None).await.0, 200);
    assert_eq!(rig.status().await, 200);
    assert_eq!(rig.control(Method::DELETE, "/faults/2", None).await.0, 404);
    assert_eq!(rig.control(Method::DELETE, "/faults", None).await.0, 200);
    assert_eq!(rig.control(Method::GET, "/faults", None).await.1, json!([]));
}

#[tokio::test]
async fn a_control_route_meets_no_fault() {
    let rig = Rig::start().await;
    rig.fault(json!({ "fault": "lost_request" })).await;
    assert_eq!(rig.control(Method::GET, "/contracts", None).await.0, 200);
    assert_eq!(rig.control(Method::DELETE, "/faults", None).await.0, 200);
    assert_eq!(rig.status().await, 200);
}

#[tokio::test]
async fn a_limit_has_the_headers_of_the_service() {
    let rig = Rig::start().await;
    rig.fault(json!({ "times": 2, "fault": "limit" })).await;
    assert_eq!(rig.status().await, 429);
    let company = below(rig.running.teamtailor_url(), "/v1/company");
    let answer = send(&company, Method::GET, &[], None).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-rate-limit-remaining"]),
        (429, &"0".parse().unwrap())
    );
    assert_eq!(rig.status().await, 200);
}

#[tokio::test]
async fn a_connection_is_closed_before_or_after_the_request_takes_effect() {
    let rig = Rig::start().await;
    rig.fault(json!({ "times": 1, "fault": "lost_request" })).await;
    assert!(rig.write("lost").await.is_err_and(|error| !error.was_never_sent()));
    assert_eq!(rig.value(), "");
    rig.fault(json!({ "times": 1, "fault": "lost_answer" })).await;
    assert!(rig.write("written").await.is_err_and(|error| !error.was_never_sent()));
    assert_eq!(rig.value(), "written");
    assert_eq!(rig.status().await, 200);
}

#[tokio::test]
async fn a_latency_holds_back_the_answer_and_nobody_else() {
    let rig = Rig::start().await;
    // Far longer than anybody here waits for it.
    rig.fault(json!({ "times": 1, "fault": { "latency_ms": 600_000 } })).await;
    let slow = rig.write("slow");
    assert!(timeout(Duration::from_millis(500), slow).await.is_err(), "no answer yet");
    assert_eq!(rig.value(), "slow");
    assert_eq!(rig.status().await, 200);
}

#[tokio::test]
async fn a_fault_that_cannot_be_is_refused_with_what_to_do() {
    let rig = Rig::start().await;
    for (body, says) in [
        (json!({}), "it takes, for example, {"),
        (json!({ "fault": "earthquake" }), "it takes, for example, {"),
        (json!({ "fault": "limit", "service": "payroll" }), "it takes, for example, {"),
        (json!({ "fault": "limit", "count": 1 }), "it takes, for example, {"),
        (json!({ "fault": { "status": { "code": 99 } } }), "200 to 599"),
        (json!({ "fault": "limit", "operation": "get_contracts" }), "GET /sandbox/operations"),
        (json!({ "fault": "limit", "times": 0 }), "once or more"),
        (json!({ "fault": { "latency_ms": 600_001 } }), "600000 milliseconds"),
    ] {
        let (status, answer) = rig.control(Method::POST, "/faults", Some(body.clone())).await;
        assert_eq!(status, 400, "{body}");
        assert!(answer["error"].as_str().unwrap().contains(says), "{body}: {answer}");
    }
    assert_eq!(rig.control(Method::GET, "/faults", None).await.1, json!([]));
}
