//! Answers that are refusals, and answers that do not come whole. Over a real socket.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::Duration,
};

use oneflow_client::{
    OneflowClient, Url,
    contracts::{ContractPatch, GetContract, UpdateContract},
    transport::{Error, Limiter, ReqwestTransport, RetryPolicy},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

fn oneflow(base_url: &Url, timeout: Duration) -> OneflowClient {
    let transport = ReqwestTransport::builder().timeout(timeout).build(base_url).unwrap();
    let builder = OneflowClient::builder()
        .api_token("token-of-this-test")
        .base_url(base_url.clone())
        .transport(transport)
        .limiter(Limiter::none());
    builder.retry(RetryPolicy::none()).build().unwrap()
}

async fn error_of(response: ResponseTemplate) -> Error {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    let base_url = format!("{}/v1", server.uri()).parse().unwrap();
    oneflow(&base_url, Duration::from_millis(500)).contracts().get(9001).await.unwrap_err()
}

/// The error for exactly these bytes, after which the connection is closed.
async fn error_of_bytes(answer: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(answer).unwrap();
    });
    let error = oneflow(&base_url, Duration::from_secs(5)).contracts().get(9001).await.unwrap_err();
    server.join().unwrap();
    error
}

#[tokio::test]
async fn a_refusal_without_a_body_is_told_by_its_status() {
    let error = error_of(ResponseTemplate::new(403)).await;
    assert_eq!(error.status().unwrap().as_u16(), 403);
    assert!(error.is_terminal() && error.problem().is_none());
    assert!(error.to_string().starts_with("oneflow.get_contract: the service answered 403 Forbidden"));
}

#[tokio::test]
async fn a_refused_request_is_told_apart() {
    let body = r#"{ "error_code": 4220001, "status": 422, "parameter_problems": { "name": [] } }"#;
    for (status, is_validation) in [(400, true), (402, false), (406, false), (422, true)] {
        let error = error_of(ResponseTemplate::new(status).set_body_string(body)).await;
        assert!(error.is_terminal() && !error.is_conflict() && !error.is_not_found(), "{status}");
        assert_eq!(error.is_validation(), is_validation, "{status}");
        assert_eq!(error.problem().unwrap().field.as_deref(), Some("name"), "{status}");
    }
}

#[tokio::test]
async fn a_conflict_is_told_apart() {
    let body = r#"{ "error_code": 4090000, "status": 409, "title": "Conflict", "parameter_problems": null }"#;
    let error = error_of(ResponseTemplate::new(409).set_body_string(body)).await;
    assert!(error.is_conflict() && error.is_terminal());
    assert_eq!(error.problem().unwrap().code.as_deref(), Some("4090000"));
}

#[tokio::test]
async fn a_failure_of_the_service_may_pass() {
    for status in [500, 502, 503, 504] {
        let error = error_of(ResponseTemplate::new(status)).await;
        assert!(!error.is_terminal() && !error.is_not_found(), "{status}");
    }
}

#[tokio::test]
async fn a_problem_of_other_types_than_documented_is_read() {
    let body = r#"{ "error_code": "4040000", "status": "404", "title": null, "detail": 7, "type": [] }"#;
    let error = error_of(ResponseTemplate::new(404).set_body_string(body)).await;
    let problem = error.problem().unwrap();
    assert_eq!((problem.code.as_deref(), problem.detail.as_deref()), (Some("4040000"), Some("7")));
    for body in ["[]", "null", "\"no\"", "{}"] {
        let error = error_of(ResponseTemplate::new(404).set_body_string(body)).await;
        assert!(error.is_not_found() && error.problem().is_none(), "{body}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout() {
    let error = error_of(ResponseTemplate::new(200).set_delay(Duration::from_secs(5))).await;
    assert!(error.is_timeout() && !error.was_never_sent() && !error.is_terminal());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    let error = error_of_bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{ \"id\": 9001").await;
    assert!(!error.is_terminal() && !error.was_never_sent() && !error.is_decode());
    assert!(error.response().is_none());
}

#[tokio::test]
async fn a_json_that_breaks_off_is_an_answer_of_another_shape() {
    let error = error_of_bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{ \"id\": 9001 ").await;
    assert!(error.is_decode());
    let cause = error.cause().unwrap().to_string();
    assert!(cause.contains("truncated"), "{cause}");
}

#[tokio::test]
async fn nobody_who_listens_is_a_request_never_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url: Url = format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let oneflow = oneflow(&base_url, Duration::from_secs(5));
    let error = oneflow.send(&UpdateContract::new(1, ContractPatch::new())).await.unwrap_err();
    assert!(error.was_never_sent() && !error.is_terminal());
    assert!(!error.to_string().contains("127.0.0.1"));
}

#[tokio::test]
async fn a_missing_contract_is_an_answer_and_a_forbidden_one_is_an_error() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(403)).mount(&server).await;
    let base_url = format!("{}/v1", server.uri()).parse().unwrap();
    let oneflow = oneflow(&base_url, Duration::from_secs(5));
    assert_eq!(oneflow.send_opt(&GetContract::new(1)).await.unwrap_err().status().unwrap().as_u16(), 403);
}
