//! The feature `reqwest` alone: plain http, or an HTTP client of the program's own.

use oneflow_client::{OneflowClient, OneflowClientBuilder, transport::reqwest};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

fn builder() -> OneflowClientBuilder {
    OneflowClient::builder().api_token("token")
}

#[test]
fn https_is_refused_and_the_features_for_it_are_named() {
    assert_eq!(
        builder().build().unwrap_err().to_string(),
        "the base URL is https, and the crate was built without TLS: enable one of the features `rustls`, `rustls-ring` and \
         `native-tls`, or set `http_client`"
    );
    builder().http_client(reqwest::Client::new()).build().unwrap();
}

#[test]
fn a_certificate_is_refused_also_where_the_base_url_is_plain_http() {
    let builder = builder().base_url("http://127.0.0.1:1".parse().unwrap());
    assert_eq!(
        builder.root_certificate("canary").build().unwrap_err().to_string(),
        "`root_certificate` has no effect, since the crate was built without TLS: enable one of the features `rustls`, \
         `rustls-ring` and `native-tls`"
    );
}

#[tokio::test]
async fn plain_http_is_spoken() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let service = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"id\":9001}";
        stream.write_all(answer).await.unwrap();
    });
    let client = builder().base_url(base_url.parse().unwrap()).build().unwrap();
    assert_eq!(client.contracts().get(9001).await.unwrap().id, 9001);
    service.await.unwrap();
}
