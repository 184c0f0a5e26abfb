//! Answers that are late, cut off, empty or no JSON, and pages that lead elsewhere, over a real socket on loopback.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use serde_json::json;
use teamtailor_client::{
    Error, PageError, RetryPolicy, SecretString, TeamtailorClient, TeamtailorError as _, Url,
    candidates::GetCandidate,
    custom_fields::ListCustomFields,
    transport::{Limiter, ReqwestTransport},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

fn client(url: &str, timeout: Duration) -> TeamtailorClient {
    let url: Url = url.parse().unwrap();
    let transport = ReqwestTransport::builder().timeout(timeout).build(&url).unwrap();
    let builder = TeamtailorClient::builder().api_key(SecretString::from("key-1")).base_url(url);
    builder.transport(transport).limiter(Limiter::none()).retry(RetryPolicy::none()).build().unwrap()
}

async fn answered(answer: ResponseTemplate) -> Error {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).expect(1).mount(&server).await;
    client(&server.uri(), Duration::from_secs(5)).send(&GetCandidate::new("4711")).await.unwrap_err()
}

#[tokio::test]
async fn a_429_without_hints_has_no_wait() {
    let error = answered(ResponseTemplate::new(429)).await;
    assert!(error.is_rate_limited() && !error.is_terminal());
    assert_eq!(error.retry_after(), None);
}

#[tokio::test]
async fn a_429_with_retry_after_is_waited_for() {
    let error = answered(ResponseTemplate::new(429).insert_header("Retry-After", "11")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
}

#[tokio::test]
async fn a_406_names_the_version_case() {
    let body = json!({ "errors": [{ "status": 406, "title": "Invalid/Missing API Version", "detail": "Current version is: 20240904" }] });
    let error = answered(ResponseTemplate::new(406).set_body_json(body)).await;
    assert!(error.is_wrong_api_version() && error.is_terminal());
}

#[tokio::test]
async fn a_500_may_pass() {
    let error = answered(ResponseTemplate::new(500)).await;
    assert!(!error.is_terminal() && error.problems().is_empty());
}

#[tokio::test]
async fn a_502_with_html_keeps_status_and_bytes_and_prints_none() {
    let error =
        answered(ResponseTemplate::new(502).set_body_string("<html>Bad gateway at 192.0.2.7</html>")).await;
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert!(!error.is_terminal() && !error.is_decode());
    assert_eq!(error.response().unwrap().body().as_bytes(), b"<html>Bad gateway at 192.0.2.7</html>");
    assert!(!format!("{error} {error:?}").contains("192.0.2.7"));
}

#[tokio::test]
async fn an_empty_200_is_an_error_where_a_document_is_expected() {
    let error = answered(ResponseTemplate::new(200)).await;
    assert!(error.is_decode() && error.is_terminal());
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(20));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let client = client(&server.uri(), Duration::from_millis(50));
    let error = client.send(&GetCandidate::new("4711")).await.unwrap_err();
    assert!(error.is_timeout() && !error.was_never_sent() && !error.is_terminal());
}

/// Answers one request with `bytes`, then waits for `pause`, then closes the connection.
fn raw_server(bytes: &'static [u8], pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(bytes);
        let _ = stream.flush();
        thread::sleep(pause);
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_truncated_body_is_no_answer() {
    let url = raw_server(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\":{\"id\"", Duration::ZERO);
    let error = client(&url, Duration::from_secs(5)).send(&GetCandidate::new("1")).await.unwrap_err();
    assert_eq!(error.status(), None);
    assert!(!error.was_never_sent() && !error.is_terminal());
}

#[tokio::test]
async fn a_body_that_stops_coming_is_a_timeout() {
    let url = raw_server(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\"", Duration::from_secs(2));
    let error = client(&url, Duration::from_millis(200)).send(&GetCandidate::new("1")).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn json_that_ends_early_names_the_place() {
    let error =
        answered(ResponseTemplate::new(200).set_body_string(r#"{"data":{"id":"1","attributes":{"email""#))
            .await;
    assert!(error.is_decode());
    let cause = error.cause().unwrap().to_string();
    assert!(cause.contains("truncated"), "{cause}");
}

#[tokio::test]
async fn a_page_that_leads_to_another_host_is_not_followed() {
    let (server, stranger) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&stranger).await;
    let next = format!("{}/v1/custom-fields?page%5Bnumber%5D=2", stranger.uri());
    let page = json!({ "data": [{ "id": "1", "type": "custom-fields" }], "links": { "next": next } });
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .expect(1)
        .mount(&server)
        .await;
    let client = client(&server.uri(), Duration::from_secs(5));
    let mut pages = client.custom_fields().list(ListCustomFields::new());
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, PageError::Request(error) if error.was_never_sent()));
}
