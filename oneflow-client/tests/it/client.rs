//! The whole client over a real socket.

use std::time::Duration;

use oneflow_client::{
    FileAddress, OneflowClient,
    contracts::{GetContract, ListContracts},
    transport::{Error, RetryPolicy},
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

fn oneflow(server: &MockServer) -> OneflowClient {
    let base_url = format!("{}/v1", server.uri()).parse().unwrap();
    let builder = OneflowClient::builder().api_token("token-of-this-test").base_url(base_url);
    builder.retry(RetryPolicy::none()).build().unwrap()
}

async fn answer(response: ResponseTemplate) -> (MockServer, OneflowClient) {
    let server = MockServer::start().await;
    Mock::given(header("x-oneflow-api-token", "token-of-this-test"))
        .respond_with(response)
        .mount(&server)
        .await;
    let client = oneflow(&server);
    (server, client)
}

async fn error_of(response: ResponseTemplate) -> Error {
    let (_server, oneflow) = answer(response).await;
    oneflow.contracts().get(9001).await.unwrap_err()
}

#[tokio::test]
async fn a_contract_is_read() {
    let (_server, oneflow) =
        answer(ResponseTemplate::new(200).set_body_string(crate::support::answers::CONTRACT)).await;
    assert_eq!(oneflow.contracts().get(9001).await.unwrap().id.get(), 9001);
}

#[tokio::test]
async fn a_problem_is_read_and_its_detail_is_not_printed() {
    let body = r#"{
      "detail": "No contract of ann@example.com.", "error_code": 4040000, "parameter_problems": {},
      "request_id": "c2FtcGxl", "status": 404, "title": "Not Found", "type": "https://api.oneflow.com/v1/error_codes/4040000"
    }"#;
    let error = error_of(ResponseTemplate::new(404).set_body_string(body)).await;
    assert!(error.is_not_found() && error.is_terminal());
    assert_eq!(error.problem().unwrap().code.as_deref(), Some("4040000"));
    assert_eq!(error.problem().unwrap().detail.as_deref(), Some("No contract of ann@example.com."));
    assert_eq!(error.request_id(), Some("c2FtcGxl"));
    assert_eq!(
        error.to_string(),
        "oneflow.get_contract: the service answered 404 Not Found: 4040000, Not Found"
    );
    assert!(!format!("{error:?}").contains("ann@"));
}

#[tokio::test]
async fn missing_can_be_an_answer() {
    let (_server, oneflow) = answer(ResponseTemplate::new(404)).await;
    assert_eq!(oneflow.send_opt(&GetContract::new(9001)).await.unwrap(), None);
}

#[tokio::test]
async fn a_refused_token_is_unauthorized_even_without_a_body() {
    let error = error_of(ResponseTemplate::new(401)).await;
    assert!(error.is_unauthorized() && error.is_terminal());
    assert!(error.problem().is_none());
}

#[tokio::test]
async fn a_rate_limit_may_pass_and_carries_the_hint_if_there_is_one() {
    let documented = r#"{ "detail": "Try again in a few minutes.", "error_code": 4290000, "status": 429, "title": "Too Many Requests" }"#;
    let error = error_of(ResponseTemplate::new(429).set_body_string(documented)).await;
    assert!(error.is_rate_limited() && !error.is_terminal());
    assert_eq!(error.retry_after(), None);
    let error = error_of(ResponseTemplate::new(429).insert_header("retry-after", "120")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
}

#[tokio::test]
async fn the_names_of_wrong_parameters_are_told_and_what_is_said_about_them_is_not() {
    let body =
        r#"{ "error_code": 4000001, "parameter_problems": { "name": ["Ann is too long"] }, "status": 400 }"#;
    let error = error_of(ResponseTemplate::new(400).set_body_string(body)).await;
    assert!(error.is_validation());
    assert_eq!(error.problem().unwrap().field.as_deref(), Some("name"));
    assert!(!error.to_string().contains("Ann") && !format!("{error:?}").contains("Ann"));
}

#[tokio::test]
async fn html_of_a_gateway_is_kept_and_not_printed() {
    let error =
        error_of(ResponseTemplate::new(502).set_body_string("<html>upstream of ann@example.com</html>"))
            .await;
    assert!(!error.is_terminal() && error.problem().is_none());
    assert!(error.response().unwrap().body().as_bytes().starts_with(b"<html>"));
    assert!(!error.to_string().contains("html") && !format!("{error:?}").contains("html"));
}

#[tokio::test]
async fn html_with_a_good_status_is_an_error() {
    assert!(error_of(ResponseTemplate::new(200).set_body_string("<html></html>")).await.is_decode());
    assert!(error_of(ResponseTemplate::new(200)).await.is_decode());
}

#[tokio::test]
async fn a_redirect_of_anything_but_a_file_is_an_error_and_not_followed() {
    let elsewhere = MockServer::start().await;
    let error = error_of(ResponseTemplate::new(302).insert_header("location", elsewhere.uri())).await;
    assert_eq!(error.status().unwrap().as_u16(), 302);
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_address_of_a_file_is_read_and_not_followed() {
    let (server, storage) = (MockServer::start().await, MockServer::start().await);
    let address = format!("{}/signed.pdf?signature=secret", storage.uri());
    Mock::given(method("GET"))
        .and(path("/v1/contracts/9001/files/1"))
        .and(query_param("download", "true"))
        .respond_with(ResponseTemplate::new(302).insert_header("location", address.as_str()))
        .mount(&server)
        .await;
    let found = oneflow(&server).files().address(9001, 1).await.unwrap();
    assert_eq!(found, FileAddress::Address(address.parse().unwrap()));
    assert!(storage.received_requests().await.unwrap().is_empty());
    assert!(!format!("{found:?}").contains("secret") && !format!("{found:?}").contains("signed.pdf"));
}

#[tokio::test]
async fn a_file_that_comes_as_bytes_is_kept_as_bytes() {
    let (_server, oneflow) = answer(ResponseTemplate::new(200).set_body_bytes(b"%PDF-1.7")).await;
    let found = oneflow.files().address(9001, 1).await.unwrap();
    assert!(matches!(&found, FileAddress::Bytes(body) if body.as_bytes() == b"%PDF-1.7"));
    assert_eq!(format!("{found:?}"), "Bytes(Body(8 bytes))");
}

#[tokio::test]
async fn any_redirect_may_carry_the_address() {
    for status in [301, 302, 303, 307, 308] {
        let redirect =
            ResponseTemplate::new(status).insert_header("location", "https://storage.example.com/1");
        let (_server, oneflow) = answer(redirect).await;
        let found = oneflow.files().address(9001, 1).await.unwrap();
        assert_eq!(found, FileAddress::Address("https://storage.example.com/1".parse().unwrap()), "{status}");
    }
}

#[tokio::test]
async fn what_is_known_about_a_file_is_not_the_file() {
    for response in [
        ResponseTemplate::new(200)
            .set_body_raw(crate::support::answers::FILE, "application/json; charset=utf-8"),
        ResponseTemplate::new(204),
    ] {
        let (_server, oneflow) = answer(response).await;
        let error = oneflow.files().address(9001, 1).await.unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.cause().unwrap().to_string(), "the answer has no file");
    }
}

#[tokio::test]
async fn a_redirect_without_a_usable_address_is_an_error() {
    for response in
        [ResponseTemplate::new(302), ResponseTemplate::new(302).insert_header("location", "/relative")]
    {
        let (_server, oneflow) = answer(response).await;
        assert!(oneflow.files().address(9001, 1).await.unwrap_err().is_decode());
    }
    let (_server, oneflow) = answer(ResponseTemplate::new(404)).await;
    assert!(oneflow.files().address(9001, 1).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn what_was_searched_for_is_in_no_error() {
    let (_server, oneflow) = answer(ResponseTemplate::new(500)).await;
    let list = ListContracts::new().data_field_match("employee:ann@example.com");
    assert!(!format!("{list:?}").contains("ann@"));
    let error = oneflow.send(&list).await.unwrap_err();
    assert!(!error.to_string().contains("ann@") && !format!("{error:?}").contains("ann@"));
}

#[test]
fn no_token_is_printed() {
    let builder = OneflowClient::builder()
        .api_token("token-of-this-test")
        .user_email("olle@example.com")
        .base_url("https://olle:canary@proxy.example.com/v1?key=canary".parse().unwrap());
    let shown = format!("{builder:?}");
    assert!(!shown.contains("token-of-this-test") && !shown.contains("olle@"), "{shown}");
    assert!(shown.contains("https://proxy.example.com") && !shown.contains("canary"), "{shown}");
    let refused = builder.build().unwrap_err();
    assert!(refused.to_string().starts_with("the base URL contains a user name or a password"), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("canary"));
    let client = OneflowClient::builder()
        .api_token("token-of-this-test")
        .user_email("olle@example.com")
        .base_url("https://proxy.example.com/v1".parse().unwrap())
        .build();
    let shown = format!("{:?}", client.unwrap());
    assert!(!shown.contains("token-of-this-test") && !shown.contains("olle@"), "{shown}");
}

#[test]
fn a_call_by_a_handle_can_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    let oneflow = OneflowClient::builder().api_token("token-of-this-test").build().unwrap();
    is_send(&oneflow.contracts().get(9001));
    is_send(&oneflow.contracts().list(ListContracts::new()).items().next());
}

#[test]
fn the_version_may_be_left_out_and_a_credentials_fault_is_named() {
    let builder = || OneflowClient::builder().api_token("token-of-this-test\n");
    for given in ["https://api.oneflow.com", "https://api.oneflow.com/v1/", "https://api.oneflow.com/v1/v1"] {
        let client = builder().base_url(given.parse().unwrap()).build().unwrap();
        assert_eq!(client.base_url().as_str(), "https://api.oneflow.com/v1");
        let request = client.prepare(&GetContract::new(1)).unwrap();
        assert_eq!(request.headers()["x-oneflow-api-token"], "token-of-this-test");
        let user_agent = concat!("oneflow-client/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.headers()["user-agent"], user_agent);
    }
    let said = |builder: oneflow_client::OneflowClientBuilder| builder.build().unwrap_err().to_string();
    assert_eq!(said(builder().api_token("a b")), "`api_token` contains white space");
    assert_eq!(said(builder().user_email("")), "`user_email` is blank");
}
