//! A script whose answers are for the requests that they name, and a test's last line that says what did not happen.

use std::sync::Arc;

use smartsync_transport::{Body, Method, Request, ScriptedTransport, Transport, TransportError, http};

use crate::support::service::{CreateBook, GetBook, client_with};

fn request(method: Method, address: &str) -> Request {
    http::Request::builder().method(method).uri(address).body(Body::empty()).unwrap()
}

async fn text(script: &ScriptedTransport, method: Method, path: &str) -> String {
    let answer = script.execute(request(method, &format!("https://library.example{path}"))).await;
    String::from_utf8_lossy(answer.unwrap().body().as_bytes()).into_owned()
}

fn panic_of(script: &ScriptedTransport) -> String {
    let script = std::panic::AssertUnwindSafe(script);
    let panic = std::panic::catch_unwind(|| script.assert_all_used()).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn an_answer_goes_to_the_request_that_it_names_whatever_comes_first() {
    let script = ScriptedTransport::new()
        .on(Method::GET, "/v1/books/7")
        .json(200, "first look")
        .json(200, "second look")
        .on(Method::PUT, "/v1/books/7")
        .json(200, "written");
    assert_eq!(text(&script, Method::PUT, "/v1/books/7").await, "written");
    assert_eq!(text(&script, Method::GET, "/v1/books/7").await, "first look");
    assert_eq!(text(&script, Method::GET, "/v1/books/7?include=author").await, "second look");
    script.assert_all_used();
}

#[tokio::test]
async fn a_query_that_is_named_must_be_there_and_escapes_do_not_matter() {
    let script = ScriptedTransport::new()
        .on(Method::GET, "/v1/books?filter[author]=jane austen")
        .json(200, "of one")
        .on(Method::GET, "/v1/books")
        .json(200, "all")
        .on(Method::GET, "/v1/shelves/c::top floor")
        .json(200, "shelf");
    assert_eq!(text(&script, Method::GET, "/v1/books?page=1").await, "all");
    let asked = "/v1/books?page=1&filter%5Bauthor%5D=jane+austen";
    assert_eq!(text(&script, Method::GET, asked).await, "of one");
    assert_eq!(text(&script, Method::GET, "/v1/shelves/c%3A%3Atop%20floor").await, "shelf");
}

#[tokio::test]
async fn an_answer_for_any_request_is_taken_where_none_is_for_this_one() {
    let script =
        ScriptedTransport::new().json(200, "any").on(Method::GET, "/v1/books/7").json(200, "this one");
    assert_eq!(text(&script, Method::GET, "/v1/books/7").await, "this one");
    assert_eq!(text(&script, Method::GET, "/v1/books/7").await, "any");
}

#[tokio::test]
async fn what_was_not_used_and_what_was_not_answered_is_said_at_once() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(500, "")
            .on(Method::PUT, "/v1/books/7?draft=true")
            .json(200, "{}")
            .on(Method::GET, "/v1/books/8")
            .answer(Err(TransportError::timeout("no answer"))),
    );
    let _ = script.execute(request(Method::GET, "https://library.example/v1/books/1")).await;
    let address = "https://library.example/v1/books/9?q=ann@example.com";
    script.execute(request(Method::GET, address)).await.unwrap_err();
    assert_eq!(
        panic_of(&script),
        "the script was not followed\n  \
         answers that were not asked for: PUT /v1/books/7?draft=true, GET /v1/books/8\n  \
         requests without an answer: GET /v1/books/9?q"
    );
    let script = ScriptedTransport::new().json(200, "{}");
    assert_eq!(
        panic_of(&script),
        "the script was not followed\n  answers that were not asked for: any request"
    );
}

#[tokio::test]
async fn a_request_without_an_answer_is_an_error_that_names_it() {
    let script = Arc::new(ScriptedTransport::new().on(Method::POST, "/v1/books").json(200, "{}"));
    let client = client_with(Arc::clone(&script));
    let error = client.send(&GetBook("7".to_owned())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "library.get_book: no answer: the connection was interrupted: the script has no answer for GET /v1/books/7, only for \
         POST /v1/books"
    );
    client.send(&CreateBook { title: "Emma".to_owned() }).await.unwrap();
    let error = client.send(&CreateBook { title: "Emma".to_owned() }).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "library.create_book: no answer: the connection was interrupted: the script has no answer left for POST /v1/books"
    );
}

/// A panic in a drop would hide the failure of the test, or abort it.
#[test]
fn a_script_that_is_dropped_says_nothing() {
    drop(ScriptedTransport::new().json(200, "{}").on(Method::GET, "/v1/books").json(200, "{}"));
}
