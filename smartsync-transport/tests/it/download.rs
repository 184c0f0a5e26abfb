use std::{io, sync::Arc, time::Duration};

use async_trait::async_trait;
use smartsync_transport::{
    ApiClient, BlockingWrite, Body, ByteSink, Error, OperationName, ScriptedTransport, Url,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
    time::Instant,
};
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
    assert_eq!(request.extensions().get(), Some(&OperationName::new("library", "download")));
}

#[tokio::test]
async fn a_file_larger_than_the_cap_is_refused() {
    let client = client_with(ScriptedTransport::new().json(200, "%PDF-"));
    let address = "https://storage.example/f".parse().unwrap();
    let error = client.download(&address, &mut Vec::new(), 4).await.unwrap_err();
    assert!(error.is_too_large() && error.is_terminal());
    assert_eq!(
        error.to_string(),
        "library.download: the answer is larger than the 4 bytes allowed (0 bytes were written)"
    );
    let error = client.write_file(&Body::from("%PDF-"), &mut Vec::new(), 4).await.unwrap_err();
    assert!(error.is_too_large() && error.bytes_written() == Some(0));
}

async fn over_http(answer: ResponseTemplate, max_bytes: u64) -> (Result<u64, Error>, Vec<u8>) {
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
    let error = result.unwrap_err();
    assert!(error.is_too_large() && file.len() <= 199_999);
    assert_eq!(error.bytes_written(), Some(file.len() as u64));
}

#[tokio::test]
async fn an_expired_address_writes_nothing_and_keeps_the_answer() {
    let (result, file) = over_http(ResponseTemplate::new(403).set_body_string("<Expired/>"), 1_000).await;
    let error = result.unwrap_err();
    assert_eq!(error.response().unwrap().body().as_bytes(), b"<Expired/>");
    assert!(file.is_empty());
}

/// A storage that sends `pieces` of 50 bytes, waits before each, and then never says another word.
async fn slow_storage(pieces: usize, length: usize, wait: Duration) -> (Url, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/f?signature=canary", listener.local_addr().unwrap()).parse().unwrap();
    let serve = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.unwrap());
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..pieces {
            tokio::time::sleep(wait).await;
            stream.write_all(&[7; 50]).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    (address, serve)
}

/// The client of a service on plain http, with the timeouts that are the default.
fn default_client() -> ApiClient<Library> {
    ApiClient::builder().base_url("http://127.0.0.1:1".parse().unwrap()).build().unwrap()
}

/// The total timeout of 30 s is that of an exchange, and no file's: 200 s of a slow line are nothing to give up for.
#[tokio::test(start_paused = true)]
async fn a_file_may_take_any_time_as_long_as_bytes_come() {
    let (address, serve) = slow_storage(10, 500, Duration::from_secs(20)).await;
    let (begun, mut file) = (Instant::now(), Vec::new());
    let bytes = default_client().download(&address, &mut file, 1_000).await.unwrap();
    assert_eq!((bytes, file.len()), (500, 500));
    assert!(begun.elapsed() >= Duration::from_secs(200));
    serve.abort();
}

#[tokio::test(start_paused = true)]
async fn a_file_that_stalls_ends_with_what_was_written() {
    let (address, serve) = slow_storage(3, 500, Duration::from_secs(1)).await;
    let (begun, mut file) = (Instant::now(), Vec::new());
    let error = default_client().download(&address, &mut file, 1_000).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 33, "the last byte came after 3 s, the idle timeout is 30 s");
    assert!(error.is_timeout() && !error.is_terminal() && !error.was_never_sent());
    assert_eq!((error.bytes_written(), file.len()), (Some(150), 150));
    assert_eq!(
        error.to_string(),
        "library.download: no answer in time: no byte came for 30s (150 bytes were written)"
    );
    serve.abort();
}

#[tokio::test]
async fn a_file_of_tokios_is_a_sink_and_whole_when_the_download_is() {
    let storage = MockServer::start().await;
    let big = ResponseTemplate::new(200).set_body_bytes(vec![7; 200_000]);
    Mock::given(matchers::any()).respond_with(big).mount(&storage).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contract.pdf");
    let mut file = tokio::fs::File::create(&path).await.unwrap();
    let address = storage.uri().parse().unwrap();
    assert_eq!(default_client().download(&address, &mut file, 200_000).await.unwrap(), 200_000);
    // Not closed, and not flushed by us.
    assert_eq!(std::fs::read(&path).unwrap(), vec![7; 200_000]);
    drop(file);
}

#[tokio::test]
async fn a_blocking_writer_is_a_sink_in_a_wrapper() {
    let client = client_with(ScriptedTransport::new().json(200, "%PDF"));
    let mut out = BlockingWrite(io::Cursor::new([0_u8; 4]));
    client.download(&"https://storage.example/f".parse().unwrap(), &mut out, 4).await.unwrap();
    assert_eq!(&out.0.into_inner(), b"%PDF");
}

/// Takes so many pieces, and says whether it was told of the end.
#[derive(Default)]
struct Picky {
    pieces: usize,
    taken: usize,
    is_finished: bool,
    keeps_nothing: bool,
}

#[async_trait]
impl ByteSink for Picky {
    async fn put(&mut self, _: &[u8]) -> io::Result<()> {
        if self.taken == self.pieces {
            return Err(io::Error::other("the disk is full"));
        }
        self.taken += 1;
        Ok(())
    }

    async fn finish(&mut self) -> io::Result<()> {
        self.is_finished = true;
        if self.keeps_nothing { Err(io::Error::other("the disk is full")) } else { Ok(()) }
    }
}

async fn put_into(sink: &mut Picky) -> Result<u64, Error> {
    let client = client_with(ScriptedTransport::new().json(200, "%PDF"));
    client.download(&"https://storage.example/f?s=canary".parse().unwrap(), sink, 4).await
}

#[tokio::test]
async fn a_sink_that_fails_is_told_apart_from_a_connection_and_is_not_asked_again() {
    let mut full = Picky::default();
    let error = put_into(&mut full).await.unwrap_err();
    assert!(error.is_sink() && error.is_terminal() && !error.is_timeout() && !full.is_finished);
    assert_eq!(
        error.to_string(),
        "library.download: the answer could not be written: the disk is full (0 bytes were written)"
    );
    let mut late = Picky { pieces: 9, keeps_nothing: true, ..Picky::default() };
    let error = put_into(&mut late).await.unwrap_err();
    assert!(error.is_sink() && late.is_finished);
    let mut good = Picky { pieces: 9, ..Picky::default() };
    assert_eq!(put_into(&mut good).await.unwrap(), 4);
    assert!(good.is_finished);
}
