//! What only real HTTP can show.

use std::time::Duration;

use http::{HeaderName, StatusCode};
use smartsync_transport::{ApiClient, Body, Error, Request, ReqwestTransport, RetryPolicy, Transport, Url};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::service::{Book, CreateBook, GetBook, Library};

fn client(base_url: &str) -> ApiClient<Library> {
    ApiClient::builder()
        .base_url(base_url.parse().unwrap())
        .credential(HeaderName::from_static("x-library-token"), "token-canary".into())
        .build()
        .unwrap()
}

fn get() -> GetBook {
    GetBook("1".to_owned())
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_stays_on_our_origin() {
    let (ours, other) = (MockServer::start().await, MockServer::start().await);
    for status in [301, 302, 303, 307, 308] {
        Mock::given(matchers::any())
            .respond_with(
                ResponseTemplate::new(status).insert_header("location", format!("{}/stolen", other.uri())),
            )
            .mount(&ours)
            .await;
        let error = client(&ours.uri()).send(&get()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.response().unwrap().headers().contains_key("location"));
        ours.reset().await;
    }
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_whole_answer_comes_back_for_any_status() {
    let server = MockServer::start().await;
    Mock::given(matchers::header("x-library-token", "token-canary"))
        .and(matchers::body_json(serde_json::json!({ "title": "Emma" })))
        .respond_with(
            ResponseTemplate::new(502).insert_header("x-request-id", "r-1").set_body_string("<html>"),
        )
        .mount(&server)
        .await;
    let error = client(&server.uri()).send(&CreateBook { title: "Emma".to_owned() }).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(error.response().unwrap().body().as_bytes(), b"<html>");
}

#[tokio::test]
async fn the_default_client_retries_a_read_on_its_own_clock() {
    let server = MockServer::start().await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"id":1}"#))
        .mount(&server)
        .await;
    assert_eq!(client(&server.uri()).send(&get()).await.unwrap(), Book { id: 1 });
}

#[tokio::test]
async fn a_refused_connection_was_never_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error =
        client(&format!("http://{address}")).send(&CreateBook { title: String::new() }).await.unwrap_err();
    assert!(error.was_never_sent(), "{error:?}");
    assert!(!error.is_terminal());
}

#[tokio::test]
async fn an_answer_that_breaks_off_may_have_taken_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":").await.unwrap();
    });
    let client = ApiClient::<Library>::builder()
        .base_url(base_url.parse().unwrap())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.send(&CreateBook { title: String::new() }).await.unwrap_err();
    server.await.unwrap();
    assert!(!error.was_never_sent() && !error.is_terminal() && error.response().is_none());
}

fn request(uri: &str) -> Request {
    http::Request::get(uri).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn an_answer_larger_than_the_cap_is_refused() {
    let server = MockServer::start().await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 2_000]))
        .mount(&server)
        .await;
    let base_url: Url = server.uri().parse().unwrap();
    let capped = |bytes| ReqwestTransport::builder().max_body(bytes).build(&base_url).unwrap();
    assert_eq!(capped(2_000).execute(request(&server.uri())).await.unwrap().body().len(), 2_000);
    let error = capped(1_999).execute(request(&server.uri())).await.unwrap_err();
    assert!(error.is_too_large() && error.is_terminal());
    assert_eq!(error.to_string(), "the answer is larger than the 1999 bytes allowed");
}

/// It would be as large the next time.
#[tokio::test]
async fn an_answer_that_is_too_large_is_fetched_once() {
    let server = MockServer::start().await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 33 * 1024 * 1024]))
        .expect(1)
        .mount(&server)
        .await;
    let error = client(&server.uri()).send(&get()).await.unwrap_err();
    assert!(error.is_too_large() && error.is_terminal() && !error.is_common(), "{error:?}");
    assert_eq!(error.to_string(), "library.get_book: the answer is larger than the 33554432 bytes allowed");
}

#[tokio::test]
async fn a_large_answer_arrives_whole_and_in_order() {
    let large: Vec<u8> = (0..=u8::MAX).cycle().take(3_000_000).collect();
    let server = MockServer::start().await;
    let response = ResponseTemplate::new(200).set_body_bytes(large.clone());
    Mock::given(matchers::any()).respond_with(response).mount(&server).await;
    let base_url: Url = server.uri().parse().unwrap();
    let capped = |bytes| ReqwestTransport::builder().max_body(bytes).build(&base_url).unwrap();
    let answer = capped(large.len()).execute(request(&server.uri())).await.unwrap();
    assert!(answer.body().as_bytes() == large);
    assert!(capped(large.len() - 1).execute(request(&server.uri())).await.is_err());
}

#[tokio::test]
async fn a_configured_https_origin_never_falls_back_to_plain_http() {
    let server = MockServer::start().await;
    let transport = ReqwestTransport::for_base_url(&"https://library.example".parse().unwrap()).unwrap();
    assert!(transport.execute(request(&server.uri())).await.is_err());
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn no_error_shows_the_query() {
    let transport = ReqwestTransport::for_base_url(&"http://127.0.0.1:1".parse().unwrap()).unwrap();
    let error =
        transport.execute(request("http://127.0.0.1:1/c?filter%5Bemail%5D=canary")).await.unwrap_err();
    let shown = format!("{error} {error:?} {}", smartsync_transport::CauseChain(&error));
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn a_slow_answer_ends_as_a_timeout() {
    let server = MockServer::start().await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(60)))
        .mount(&server)
        .await;
    let base_url: Url = server.uri().parse().unwrap();
    let client = |timeout| {
        let builder = ApiClient::<Library>::builder().base_url(base_url.clone()).retry(RetryPolicy::none());
        builder.with_reqwest(|reqwest| reqwest.timeout(timeout)).build().unwrap()
    };
    let soon = Duration::from_millis(50);
    let error: Error = client(soon).send(&get()).await.unwrap_err();
    assert!(error.is_timeout() && !error.was_never_sent());
    assert_eq!(error.to_string(), "library.get_book: no answer in time: operation timed out");
    // The timeout of one request counts before that of all.
    let error = client(Duration::from_secs(600)).request(get()).timeout(soon).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

/// A file comes from an address that somebody else names: by name or in numbers, it is not one of our own network.
#[tokio::test]
async fn a_file_is_fetched_from_a_public_address_only() {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let port = server.address().port();
    let transport = ReqwestTransport::for_base_url(&"https://library.example/v1".parse().unwrap()).unwrap();
    for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"] {
        let request = request(&format!("https://{host}:{port}/f"));
        let error = transport.execute_into(request, &mut Vec::new(), 10).await.unwrap_err();
        assert!(error.is_refused() && error.was_never_sent(), "{host}: {error:?}");
    }
    // A stand-in on plain http keeps its files where it is.
    let transport = ReqwestTransport::for_base_url(&server.uri().parse().unwrap()).unwrap();
    transport.execute_into(request(&server.uri()), &mut Vec::new(), 10).await.unwrap();
}

/// Pieces of one byte are put together, and counted together.
#[tokio::test]
async fn an_answer_in_small_pieces_is_one_body() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                asked.push(stream.read_u8().await.unwrap());
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n")
                .await
                .unwrap();
            for _ in 0..300 {
                // The second reader hangs up when it has enough.
                if stream.write_all(b"1\r\nx\r\n").await.is_err() {
                    return;
                }
                stream.flush().await.ok();
            }
            stream.write_all(b"0\r\n\r\n").await.ok();
        }
    });
    let capped = |bytes| ReqwestTransport::builder().max_body(bytes).build(&url.parse().unwrap()).unwrap();
    let answer = capped(300).execute(request(&url)).await.unwrap();
    assert_eq!(answer.body().as_bytes(), "x".repeat(300).as_bytes());
    assert!(capped(299).execute(request(&url)).await.is_err());
    serve.abort();
}
