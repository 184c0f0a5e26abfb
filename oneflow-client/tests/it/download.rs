//! Files up and down, over real sockets.

use oneflow_client::{
    FilePart, OneflowClient,
    files::{NewFile, UploadKind},
};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

fn oneflow(server: &MockServer) -> OneflowClient {
    let base_url = format!("{}/v1", server.uri()).parse().unwrap();
    OneflowClient::builder()
        .api_token("token-of-this-test")
        .user_email("olle@example.com")
        .base_url(base_url)
        .build()
        .unwrap()
}

/// An API that answers the address of a file with `response`.
async fn api(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/contracts/9001/files/1"))
        .and(query_param("download", "true"))
        .respond_with(response)
        .mount(&server)
        .await;
    server
}

fn redirect(to: &str) -> ResponseTemplate {
    ResponseTemplate::new(302).insert_header("location", to)
}

async fn storage(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(response).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

#[tokio::test]
async fn a_file_is_fetched_without_a_credential() {
    let storage = storage(ResponseTemplate::new(200).set_body_bytes(b"%PDF-1.7 signed")).await;
    let api = api(redirect(&format!("{}/signed.pdf?signature=secret", storage.uri()))).await;
    let mut pdf = Vec::new();
    let bytes = oneflow(&api).download_file(9001, 1, &mut pdf, 15).await.unwrap();
    assert_eq!((bytes, pdf.as_slice()), (15, b"%PDF-1.7 signed".as_slice()));

    let fetched = &requests(&storage).await[0];
    assert_eq!(fetched.url.query(), Some("signature=secret"));
    for name in ["x-oneflow-api-token", "x-oneflow-user-email", "authorization", "cookie"] {
        assert!(!fetched.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_file_larger_than_allowed_is_an_error() {
    let storage = storage(ResponseTemplate::new(200).set_body_bytes(vec![0; 100])).await;
    let api = api(redirect(&storage.uri())).await;
    let error = oneflow(&api).download_file(9001, 1, &mut Vec::new(), 99).await.unwrap_err();
    assert!(error.operation() == "download" && error.is_too_large(), "{error:?}");
}

#[tokio::test]
async fn a_file_that_comes_at_once_is_written_within_the_limit() {
    let api = api(ResponseTemplate::new(200).set_body_bytes(b"%PDF-1.7")).await;
    let mut pdf = Vec::new();
    assert_eq!(oneflow(&api).download_file(9001, 1, &mut pdf, 8).await.unwrap(), 8);
    assert_eq!(pdf, b"%PDF-1.7");
    let error = oneflow(&api).download_file(9001, 1, &mut Vec::new(), 7).await.unwrap_err();
    assert!(error.is_too_large() && error.bytes_written() == Some(0));
    assert_eq!(
        error.to_string(),
        "oneflow.download: the answer is larger than the 7 bytes allowed (0 bytes were written)"
    );
}

#[tokio::test]
async fn an_address_back_to_the_api_or_of_another_scheme_is_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    for address in [format!("{}/v1/users", server.uri()), "ftp://storage.example.com/1".to_owned()] {
        server.reset().await;
        Mock::given(path("/v1/contracts/9001/files/1")).respond_with(redirect(&address)).mount(&server).await;
        let error = oneflow(&server).download_file(9001, 1, &mut Vec::new(), 100).await.unwrap_err();
        assert!(error.was_never_sent(), "{error:?}");
        assert_eq!(requests(&server).await.len(), 1, "only the address was asked for");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_by_the_service_that_misses_it() {
    let api_without = api(ResponseTemplate::new(404)).await;
    let error = oneflow(&api_without).download_file(9001, 1, &mut Vec::new(), 100).await.unwrap_err();
    assert!(error.is_not_found() && error.operation() == "get_file_address");
    let storage = storage(ResponseTemplate::new(403).set_body_string("<Error>expired</Error>")).await;
    let api = api(redirect(&storage.uri())).await;
    let error = oneflow(&api).download_file(9001, 1, &mut Vec::new(), 100).await.unwrap_err();
    assert!(error.operation() == "download");
    assert!(!error.to_string().contains("expired"));
}

#[tokio::test]
async fn a_sink_that_takes_nothing_is_an_error() {
    let api = api(ResponseTemplate::new(200).set_body_bytes(b"%PDF-1.7")).await;
    let mut full = std::io::Cursor::new([0_u8; 4]);
    let mut full = oneflow_client::transport::BlockingWrite(&mut full);
    let error = oneflow(&api).download_file(9001, 1, &mut full, 100).await.unwrap_err();
    assert!(error.is_sink() && error.is_terminal(), "{error:?}");
}

#[tokio::test]
async fn an_upload_is_a_form_with_the_file() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/contracts/9001/files"))
        .and(header("x-oneflow-api-token", "token-of-this-test"))
        .respond_with(ResponseTemplate::new(200).set_body_string(crate::support::answers::FILE))
        .mount(&server)
        .await;
    let terms = FilePart::new("terms \"2031\".pdf", "application/pdf", vec![0, 159, 146, 150]);
    let file =
        oneflow(&server).files().upload(9001, NewFile::new(terms, UploadKind::Attachment)).await.unwrap();
    assert_eq!(file.id.get(), 1);

    let sent = &requests(&server).await[0];
    let content_type = sent.headers["content-type"].to_str().unwrap();
    assert!(content_type.starts_with("multipart/form-data; boundary="), "{content_type}");
    let has = |needle: &[u8]| sent.body.windows(needle.len()).any(|window| window == needle);
    assert!(has(b"name=\"file\"; filename=\"terms %222031%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\x00\x9f\x92\x96\r\n"));
    assert!(has(b"name=\"upload_as\"\r\n\r\nattachment\r\n"));
}

#[test]
fn a_file_is_printed_without_its_name_and_its_bytes() {
    let file = NewFile::new(FilePart::new("ann.pdf", "application/pdf", "secret"), UploadKind::Attachment);
    let shown = format!("{file:?}");
    assert!(!shown.contains("ann") && !shown.contains("secret"), "{shown}");
    assert!(shown.contains("application/pdf") && shown.contains("6 bytes"), "{shown}");
}
