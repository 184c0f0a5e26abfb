//! What goes wrong on the way, in process.

use std::time::Duration;

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use smartsync_sandbox::{Fault, FaultError, Origin, Sandbox, SandboxTransport};
use smartsync_transport::{Request, Transport, TransportError};

use crate::support::{Got, pending_contract, read, request, sandbox};

fn to_oneflow(sandbox: &Sandbox, method: Method, target: &str, body: Option<Value>) -> Request {
    let (token, email) = (sandbox.oneflow_token(), sandbox.user_email());
    let headers = [
        ("x-oneflow-api-token", token.as_str()),
        ("x-oneflow-user-email", email.as_str()),
        ("content-type", "application/json"),
    ];
    request(Origin::Oneflow, method, target, &headers, body)
}

async fn over(transport: SandboxTransport, request: Request) -> Result<Got, TransportError> {
    transport.execute(request).await.map(read)
}

async fn ping(sandbox: &Sandbox) -> Result<Got, TransportError> {
    over(sandbox.oneflow_transport(), to_oneflow(sandbox, Method::GET, "/v1/ping", None)).await
}

async fn company(sandbox: &Sandbox) -> Result<Got, TransportError> {
    let key = format!("Token token={}", sandbox.teamtailor_key());
    let headers = [("authorization", key.as_str()), ("x-api-version", "20240904")];
    let request = request(Origin::Teamtailor, Method::GET, "/v1/company", &headers, None);
    over(sandbox.teamtailor_transport(), request).await
}

async fn statuses(sandbox: &Sandbox, number: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..number {
        statuses.push(ping(sandbox).await.unwrap().status);
    }
    statuses
}

#[tokio::test]
async fn a_status_is_answered_so_often_after_so_many_and_then_no_more() {
    let sandbox = sandbox();
    let id = sandbox.add_fault(Fault::status(503, r#"{"why": "down"}"#).skip(1).times(2)).unwrap();
    assert_eq!(statuses(&sandbox, 4).await, [200, 503, 503, 200]);
    let listed = &sandbox.faults()[0];
    assert_eq!((listed.id, listed.met), (id, 2));
    let log: Vec<_> = sandbox.request_log().iter().map(|one| (one.operation, one.status.as_u16())).collect();
    assert_eq!(log, [("ping", 200), ("ping", 503), ("ping", 503), ("ping", 200)]);
}

#[tokio::test]
async fn the_answer_has_the_body_that_was_given_and_a_type_that_suits_it() {
    let sandbox = sandbox();
    for (body, kind) in [(r#"{"why": "down"}"#, "application/json"), ("<html>down</html>", "text/html")] {
        sandbox.add_fault(Fault::status(502, body).times(1)).unwrap();
        let transport = sandbox.oneflow_transport();
        let got = transport.execute(to_oneflow(&sandbox, Method::GET, "/v1/ping", None)).await.unwrap();
        assert_eq!(got.body().as_bytes(), body.as_bytes());
        assert_eq!(got.headers()["content-type"], kind);
    }
    sandbox.add_fault(Fault::status(500, "").times(1)).unwrap();
    let got = ping(&sandbox).await.unwrap();
    assert_eq!((got.status, got.headers), (500, HeaderMap::new()));
}

#[tokio::test]
async fn a_fault_is_for_a_service_for_an_operation_or_for_all() {
    let sandbox = sandbox();
    let id = sandbox.add_fault(Fault::status(500, "").of(Origin::Teamtailor)).unwrap();
    assert_eq!(ping(&sandbox).await.unwrap().status, 200);
    assert_eq!(company(&sandbox).await.unwrap().status, 500);
    assert!(sandbox.clear_fault(id));
    assert!(!sandbox.clear_fault(id));

    sandbox.add_fault(Fault::status(500, "").operation("get_company")).unwrap();
    assert_eq!(ping(&sandbox).await.unwrap().status, 200);
    assert_eq!(company(&sandbox).await.unwrap().status, 500);
    sandbox.clear_faults();

    sandbox.add_fault(Fault::status(500, "")).unwrap();
    assert_eq!(ping(&sandbox).await.unwrap().status, 500);
    assert_eq!(company(&sandbox).await.unwrap().status, 500);
    sandbox.clear_faults();
    assert_eq!(company(&sandbox).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_meets_the_first_fault_that_is_for_it() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::status(500, "").times(1)).unwrap();
    sandbox.add_fault(Fault::status(502, "").times(1)).unwrap();
    assert_eq!(statuses(&sandbox, 3).await, [500, 502, 200]);
}

#[tokio::test]
async fn a_limit_is_a_429_as_the_service_writes_it_and_uses_nothing_up() {
    let sandbox = sandbox();
    assert_eq!(company(&sandbox).await.unwrap().header("x-rate-limit-remaining"), "49");
    sandbox.advance(Duration::from_secs(4));
    sandbox.add_fault(Fault::limit().times(2)).unwrap();
    let names = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
    let got = company(&sandbox).await.unwrap();
    assert_eq!((got.status, names.map(|name| got.header(name))), (429, ["50", "0", "6"]));
    assert_eq!(got.json["errors"][0]["status"], "429");
    let got = ping(&sandbox).await.unwrap();
    assert_eq!((got.status, &got.json["error_code"]), (429, &json!(4_290_000)));
    assert_eq!(company(&sandbox).await.unwrap().header("x-rate-limit-remaining"), "48");
}

#[tokio::test]
async fn a_latency_takes_time_and_leaves_the_answer_as_it_is() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::latency(Duration::from_millis(1_500)).times(1)).unwrap();
    let before = sandbox.now();
    assert_eq!(ping(&sandbox).await.unwrap().status, 200);
    assert_eq!(sandbox.now().duration_since(before).as_millis(), 1_500);
    assert_eq!(ping(&sandbox).await.unwrap().status, 200);
    assert_eq!(sandbox.now().duration_since(before).as_millis(), 1_500);
}

#[tokio::test]
async fn a_lost_request_changes_nothing_and_a_lost_answer_does() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let write = async |value: &str| {
        let target = format!("/v1/contracts/{contract}/data_fields/c::oneflow-notice");
        let request = to_oneflow(&sandbox, Method::PUT, &target, Some(json!({ "value": value })));
        over(sandbox.oneflow_transport(), request).await
    };
    let value = || sandbox.contract_card(contract).unwrap().data_fields["oneflow-notice"].clone();

    sandbox.add_fault(Fault::lost_request().times(1)).unwrap();
    let error = write("lost").await.unwrap_err();
    assert!(!error.was_never_sent() && !error.is_terminal(), "nobody knows whether it was");
    assert_eq!((value().as_str(), sandbox.request_log().len()), ("", 0));

    sandbox.add_fault(Fault::lost_answer().times(1)).unwrap();
    assert!(write("written").await.is_err());
    assert_eq!((value().as_str(), sandbox.request_log().len()), ("written", 1));
    assert_eq!(write("again").await.unwrap().status, 200);
}

#[test]
fn a_fault_that_nobody_could_meet_is_refused_with_what_to_do() {
    let sandbox = sandbox();
    let refused = |fault| sandbox.add_fault(fault).unwrap_err();
    assert_eq!(refused(Fault::status(100, "")), FaultError::Status);
    assert_eq!(refused(Fault::status(600, "")), FaultError::Status);
    assert_eq!(refused(Fault::limit().times(0)), FaultError::Times);
    assert_eq!(refused(Fault::latency(Duration::from_millis(600_001))), FaultError::Latency);
    assert_eq!(refused(Fault::latency(Duration::MAX)), FaultError::Latency);
    assert_eq!(refused(Fault::limit().operation("get_contracts")), FaultError::Operation);
    let of_the_other = Fault::limit().of(Origin::Teamtailor).operation("get_contract");
    assert_eq!(refused(of_the_other), FaultError::Operation);
    assert!(FaultError::Operation.to_string().contains("GET /sandbox/operations"));
    assert_eq!(sandbox.faults(), []);
    sandbox.add_fault(Fault::limit().of(Origin::Storage).operation("download")).unwrap();
}

#[test]
fn a_fault_prints_no_body() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::status(500, "a canary sings")).unwrap();
    let printed = format!("{:?} {:?}", sandbox.faults(), sandbox);
    assert!(printed.contains("Status(500)") && !printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn a_fork_has_the_faults_and_counts_them_by_itself() {
    let sandbox = sandbox();
    sandbox.add_fault(Fault::status(500, "").times(1)).unwrap();
    let other = sandbox.fork();
    assert_eq!((statuses(&sandbox, 2).await, statuses(&other, 2).await), (vec![500, 200], vec![500, 200]));
}
