//! TLS with a certificate that only `root_certificate` makes a trusted one.

use std::sync::Arc;

use smartsync_transport::{ApiClient, Error, RetryPolicy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use crate::support::service::{Book, GetBook, Library};

/// Of `localhost`, until 2120.
const VALID: &str = include_str!("support/localhost.pem");
/// The same, until 2020.
const EXPIRED: &str = include_str!("support/localhost_expired.pem");
/// Of both. It is the key of nothing else.
const KEY: &str = include_str!("support/localhost_key.pem");

/// A service with this certificate, and its port.
async fn service(certificate: &str) -> u16 {
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            assert_ne!(stream.read(&mut request).await.unwrap(), 0);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{\"id\":7}";
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    port
}

async fn ask(port: u16, roots: &[&str]) -> Result<Book, Error> {
    let base_url = format!("https://localhost:{port}/v1").parse().unwrap();
    let builder = ApiClient::<Library>::builder().base_url(base_url).retry(RetryPolicy::none());
    let builder = roots
        .iter()
        .fold(builder, |builder, root| builder.with_reqwest(|reqwest| reqwest.root_certificate(*root)));
    builder.build().unwrap().send(&GetBook("7".to_owned())).await
}

#[tokio::test]
async fn a_certificate_is_trusted_if_it_is_given_alone_or_among_others() {
    let port = service(VALID).await;
    let both = [EXPIRED, VALID].concat();
    for roots in [&[VALID][..], &[EXPIRED, VALID], &[both.as_str()]] {
        assert_eq!(ask(port, roots).await.unwrap().id, 7);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said() {
    for (certificate, roots, why) in
        [(VALID, &[][..], "UnknownIssuer"), (EXPIRED, &[EXPIRED], "certificate expired")]
    {
        let error = ask(service(certificate).await, roots).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains("could not connect") && said.contains(why), "{said}");
        assert!(error.was_never_sent(), "{error:?}");
    }
}
