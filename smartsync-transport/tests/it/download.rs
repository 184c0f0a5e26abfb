use std::sync::Arc;

use smartsync_transport::{ApiClient, ScriptedTransport, Url};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::service::{Library, client_with};

#[tokio::test]
async fn an_address_that_must_not_be_fetched_is_refused_before_anything_is_sent() {
    for address in [
        "http://storage.example/f",
        "https://user@storage.example/f",
        "https://library.example/v1/books/1",
        "ftp://storage.example/f",
    ] {
        let script = Arc::new(ScriptedTransport::new());
        let error = client_with(Arc::clone(&script))
            .download(&address.parse().unwrap(), &mut Vec::new(), 1_000)
            .await
            .unwrap_err();
        assert!(error.was_never_sent(), "{address}");
        assert!(script.requests().is_empty());
    }
}

#[tokio::test]
async fn no_credential_goes_to_the_storage() {
    let script = Arc::new(ScriptedTransport::new().json(200, "%PDF"));
    let (client, mut file) = (client_with(Arc::clone(&script)), Vec::new());
    let bytes =
        client.download(&"https://storage.example/f?s=1".parse().unwrap(), &mut file, 4).await.unwrap();
    assert_eq!((bytes, file.as_slice()), (4, &b"%PDF"[..]));
    let [request] = script.requests().try_into().unwrap();
    assert!(request.headers().is_empty(), "{:?}", request.headers());
}

#[tokio::test]
async fn a_file_larger_than_the_cap_is_refused() {
    let client = client_with(ScriptedTransport::new().json(200, "%PDF-"));
    let address = "https://storage.example/f".parse().unwrap();
    assert!(client.download(&address, &mut Vec::new(), 4).await.is_err());
}

async fn over_http(
    answer: ResponseTemplate,
    max_bytes: u64,
) -> (Result<u64, smartsync_transport::Error>, Vec<u8>) {
    let storage = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(answer).mount(&storage).await;
    let client =
        ApiClient::<Library>::builder().base_url("http://127.0.0.1:1".parse().unwrap()).build().unwrap();
    let (address, mut file): (Url, Vec<u8>) = (storage.uri().parse().unwrap(), Vec::new());
    (client.download(&address, &mut file, max_bytes).await, file)
}

#[tokio::test]
async fn over_http_a_file_is_written_as_it_arrives_and_stops_at_the_cap() {
    let big = ResponseTemplate::new(200).set_body_bytes(vec![7; 200_000]);
    let (result, file) = over_http(big.clone(), 200_000).await;
    assert_eq!((result.unwrap(), file.len()), (200_000, 200_000));
    let (result, file) = over_http(big, 199_999).await;
    assert!(result.is_err());
    assert!(file.len() <= 199_999);
}

#[tokio::test]
async fn an_expired_address_writes_nothing_and_keeps_the_answer() {
    let (result, file) = over_http(ResponseTemplate::new(403).set_body_string("<Expired/>"), 1_000).await;
    let error = result.unwrap_err();
    assert_eq!(error.response().unwrap().body().as_bytes(), b"<Expired/>");
    assert!(file.is_empty());
}
