use std::sync::Arc;

use http::StatusCode;
use smartsync_transport::{ApiClient, ConfigError, OperationName, ScriptedTransport, TransportError};

use crate::support::service::{Book, CreateBook, GetBook, Library, client_with};

fn get(id: &str) -> GetBook {
    GetBook(id.to_owned())
}

#[tokio::test]
async fn an_operation_becomes_a_request_with_credentials_and_its_answer_a_value() {
    let script = Arc::new(ScriptedTransport::new().json(200, r#"{"id":42}"#).json(201, ""));
    let client = client_with(Arc::clone(&script));
    assert_eq!(client.send(&get("42")).await.unwrap(), Book { id: 42 });
    let status = client.send(&CreateBook { title: "Emma".to_owned() }).await.unwrap();
    assert_eq!(status, StatusCode::CREATED);

    let [read, create] = script.requests().try_into().unwrap();
    assert_eq!(read.method(), "GET");
    assert_eq!(read.uri(), "https://library.example/v1/books/42");
    assert_eq!(read.headers()["x-library-token"], "token-canary");
    assert_eq!(read.headers()["accept"], "application/json");
    assert!(!read.headers().contains_key("content-type"));
    assert!(read.body().is_empty());
    let name = |operation| Some(OperationName::new("library", operation));
    assert_eq!(read.extensions().get().copied(), name("get_book"));
    assert_eq!(create.extensions().get().copied(), name("create_book"));
    assert_eq!(create.method(), "POST");
    assert_eq!(create.headers()["content-type"], "application/json");
    assert_eq!(create.body().as_bytes(), br#"{"title":"Emma"}"#);
}

#[tokio::test]
async fn a_missing_resource_is_an_error_or_a_none_as_the_caller_chooses() {
    let client = client_with(ScriptedTransport::new().json(404, "{}").json(404, "{}").json(500, ""));
    assert!(client.send(&get("1")).await.unwrap_err().is_not_found());
    assert_eq!(client.send_opt(&get("1")).await.unwrap(), None);
    assert_eq!(
        client.send_opt(&get("1")).await.unwrap_err().status(),
        Some(StatusCode::INTERNAL_SERVER_ERROR)
    );
}

#[tokio::test]
async fn body_bytes_survive_every_error() {
    let bodies = [
        (500, "oops"),
        (502, "<html>bad gateway</html>"),
        (200, "<html>login</html>"),
        (200, ""),
        (302, "x"),
    ];
    for (status, body) in bodies {
        let client = client_with(ScriptedTransport::new().json(status, body));
        let error = client.send(&get("1")).await.unwrap_err();
        let response = error.response().unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.body().as_bytes(), body.as_bytes());
        assert_eq!(error.is_decode(), status == 200);
    }
}

#[tokio::test]
async fn each_predicate_answers_for_its_own_case() {
    type Predicate = fn(&smartsync_transport::Error) -> bool;
    let cases: [(&str, &[u16], Predicate); 6] = [
        ("is_validation", &[400, 422], |error| error.is_validation()),
        ("is_unauthorized", &[401, 403], |error| error.is_unauthorized()),
        ("is_not_found", &[404], |error| error.is_not_found()),
        ("is_conflict", &[409], |error| error.is_conflict()),
        ("is_rate_limited", &[429], |error| error.is_rate_limited()),
        ("is_decode", &[200], |error| error.is_decode()),
    ];
    for status in [200, 302, 400, 401, 403, 404, 409, 422, 429, 500] {
        let error = client_with(ScriptedTransport::new().json(status, "")).send(&get("1")).await.unwrap_err();
        for (name, statuses, holds) in cases {
            assert_eq!(holds(&error), statuses.contains(&status), "{name} of {status}");
        }
        assert!(!error.is_timeout() && !error.was_never_sent(), "{status}");
    }
    let timeout = ScriptedTransport::new().answer(Err(TransportError::timeout("30 s")));
    assert!(client_with(timeout).send(&get("1")).await.unwrap_err().is_timeout());
    let refused = ScriptedTransport::new().answer(Err(TransportError::connect("refused")));
    assert!(client_with(refused).send(&get("1")).await.unwrap_err().was_never_sent());
}

#[tokio::test]
async fn an_argument_that_makes_no_request_is_never_sent() {
    let script = Arc::new(ScriptedTransport::new());
    let error = client_with(Arc::clone(&script)).send(&get("..")).await.unwrap_err();
    assert!(error.was_never_sent() && error.is_terminal());
    assert!(script.requests().is_empty());
}

#[test]
fn a_host_with_its_own_socket_needs_no_async() {
    let client = client_with(ScriptedTransport::new());
    let request = client.prepare(&get("7")).unwrap();
    assert_eq!(request.uri().path(), "/v1/books/7");
    let response = http::Response::new(r#"{"id":7}"#.into());
    assert_eq!(client.finish(&get("7"), response).unwrap().value, Book { id: 7 });
}

#[test]
fn a_token_that_cannot_be_a_header_is_refused_without_being_shown() {
    let builder = ApiClient::<Library>::builder().base_url("https://library.example".parse().unwrap());
    let error = builder.credential(http::header::AUTHORIZATION, "canary\n".into()).build().unwrap_err();
    assert!(matches!(error, ConfigError::Unusable { setting: "header", .. }));
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[test]
fn futures_and_errors_can_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    fn is_send_and_sync<T: Send + Sync + 'static>() {}
    let client = client_with(ScriptedTransport::new());
    is_send(&client.send(&get("1")));
    let mut pages = client.pages(crate::support::service::ListBooks);
    is_send(&pages.next());
    is_send_and_sync::<smartsync_transport::Error>();
    is_send_and_sync::<ApiClient<Library>>();
    is_send_and_sync::<Box<dyn smartsync_transport::Transport>>();
    assert!(size_of::<smartsync_transport::Error>() <= 16);
}
