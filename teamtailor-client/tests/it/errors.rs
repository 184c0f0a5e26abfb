//! What the service answers when it refuses, over a real socket on loopback.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use smartsync_transport::Wait;
use teamtailor_client::{
    Error, RetryPolicy, Sleep, TeamtailorClient, TeamtailorError as _,
    candidates::{CandidatePatch, GetCandidate, UpdateCandidate},
    uploads::{CreateUpload, NewUpload},
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, header, method, path},
};

/// Never waits.
#[derive(Debug)]
struct NoSleep;

#[async_trait]
impl Sleep for NoSleep {
    async fn sleep(&self, _wait: Wait) {}
}

fn client(server: &MockServer, retry: RetryPolicy) -> TeamtailorClient {
    TeamtailorClient::builder()
        .api_key("key-1")
        .base_url(server.uri().parse().unwrap())
        .sleep(NoSleep)
        .retry(retry)
        .build()
        .unwrap()
}

/// The error of one request that is answered with `answer`.
async fn refused(answer: ResponseTemplate) -> Error {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).expect(1).mount(&server).await;
    client(&server, RetryPolicy::none()).candidates().get("4711").await.unwrap_err()
}

#[tokio::test]
async fn credentials_and_version_arrive_as_headers() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/company"))
        .and(header("authorization", "Token token=key-1"))
        .and(header("x-api-version", "20240904"))
        .and(header("accept", "application/vnd.api+json"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"data":{"id":"x","type":"companies"}}"#))
        .expect(1)
        .mount(&server)
        .await;
    assert_eq!(client(&server, RetryPolicy::none()).companies().get().await.unwrap().data.id.as_str(), "x");
}

#[tokio::test]
async fn a_401_with_an_empty_body_is_unauthorized() {
    let error = refused(ResponseTemplate::new(401)).await;
    assert!(error.is_unauthorized() && error.is_terminal());
    assert!(error.problems().is_empty());
    assert_eq!(
        error.to_string(),
        "teamtailor.get_candidate: the service answered 401 Unauthorized \
         (check the token, and that the base URL belongs to the same account)"
    );
}

#[tokio::test]
async fn a_403_with_an_empty_body_is_unauthorized() {
    let error = refused(ResponseTemplate::new(403)).await;
    assert!(error.is_unauthorized() && !error.is_not_found());
}

#[tokio::test]
async fn a_404_is_not_found_and_optional() {
    let body = json!({ "errors": [{ "title": "Record not found", "detail": "The record identified by 4711 could not be found.",
                                    "code": "404", "status": "404" }] });
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(404).set_body_json(body)).mount(&server).await;
    let client = client(&server, RetryPolicy::none());
    let error = client.send(&GetCandidate::new("4711")).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "teamtailor.get_candidate: the service answered 404 Not Found: 404, Record not found"
    );
    assert_eq!(client.send_opt(&GetCandidate::new("4711")).await.unwrap(), None);
}

#[tokio::test]
async fn a_406_with_an_integer_status_names_the_version() {
    let body = json!({ "errors": [{ "status": 406, "title": "Invalid/Missing API Version",
                                    "detail": "Current version is: 20161108" }] });
    let error = refused(ResponseTemplate::new(406).set_body_json(body)).await;
    assert_eq!(error.problem().unwrap().title.as_deref(), Some("Invalid/Missing API Version"));
    assert!(error.is_terminal());
}

#[tokio::test]
async fn a_409_is_a_conflict_and_nothing_else() {
    let body = json!({ "errors": [{ "title": "conflict", "code": "110", "status": "409" }] });
    let error = refused(ResponseTemplate::new(409).set_body_json(body)).await;
    assert!(error.is_conflict() && error.is_terminal());
    assert!(!error.is_validation() && !error.is_not_found() && !error.is_email_taken());
    assert_eq!(error.problem().unwrap().code.as_deref(), Some("110"));
}

#[tokio::test]
async fn a_422_names_the_attribute() {
    let body = json!({ "errors": [{ "title": "has already been taken", "detail": "email - has already been taken", "code": "100",
                                    "source": { "pointer": "/data/attributes/email" }, "status": "422" }] });
    let error = refused(ResponseTemplate::new(422).set_body_json(body)).await;
    assert!(error.is_validation() && error.is_terminal());
    let problem = error.problem().unwrap();
    assert_eq!(problem.code.as_deref(), Some("100"));
    assert_eq!(problem.detail.as_deref(), Some("email - has already been taken"));
    assert_eq!(problem.field.as_deref(), Some("/data/attributes/email"));
}

#[tokio::test]
async fn a_429_says_how_long_to_wait() {
    let answer = ResponseTemplate::new(429)
        .insert_header("X-Rate-Limit-Limit", "50")
        .insert_header("X-Rate-Limit-Remaining", "0")
        .insert_header("X-Rate-Limit-Reset", "7");
    let error = refused(answer).await;
    assert!(error.is_rate_limited() && !error.is_terminal());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn html_with_status_200_is_an_error_that_keeps_the_bytes() {
    let error = refused(ResponseTemplate::new(200).set_body_string("<html>Maintenance</html>")).await;
    assert!(error.is_decode());
    assert_eq!(error.response().unwrap().body().as_bytes(), b"<html>Maintenance</html>");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error =
        refused(ResponseTemplate::new(302).insert_header("Location", "https://elsewhere.example.com/")).await;
    assert_eq!(error.status().unwrap().as_u16(), 302);
}

#[tokio::test]
async fn an_update_of_absolute_values_is_sent_again_and_a_create_is_not() {
    let server = MockServer::start().await;
    let retry = RetryPolicy::default().max_attempts(3);
    Mock::given(method("PATCH")).respond_with(ResponseTemplate::new(503)).expect(3).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).expect(1).mount(&server).await;
    let client = client(&server, retry);
    let update = UpdateCandidate::new("4711", CandidatePatch::new().first_name("Ada"));
    assert!(client.send(&update).await.is_err());
    let create = CreateUpload::new(NewUpload::new("https://files.example.com/a.pdf", "a.pdf", "4711"));
    assert!(client.send(&create).await.is_err());
}

#[tokio::test]
async fn a_refused_rate_limit_is_waited_for() {
    let server = MockServer::start().await;
    let limited = ResponseTemplate::new(429).insert_header("X-Rate-Limit-Reset", "1");
    Mock::given(any()).respond_with(limited).up_to_n_times(1).expect(1).mount(&server).await;
    let fine = ResponseTemplate::new(201).set_body_string(r#"{"data":{"id":"77","type":"uploads"}}"#);
    Mock::given(any()).respond_with(fine).expect(1).mount(&server).await;
    let upload = NewUpload::new("https://files.example.com/a.pdf", "a.pdf", "4711");
    let document = client(&server, RetryPolicy::default()).uploads().create(upload).await.unwrap();
    assert_eq!(document.data.id.as_str(), "77");
}
