//! TLS with a certificate that only `root_certificate` makes a trusted one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use oneflow_client::{Error, OneflowClient, RetryPolicy, contracts::Contract};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

/// A certificate of `localhost` that it has signed itself.
struct OwnCertificate {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl OwnCertificate {
    fn until(year: i32) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        Self { certificate: params.self_signed(&key).unwrap(), key }
    }

    fn valid() -> Self {
        Self::until(2120)
    }

    fn expired() -> Self {
        Self::until(2020)
    }

    fn pem(&self) -> String {
        self.certificate.pem()
    }
}

/// A service with this certificate, and its port.
async fn service(own: &OwnCertificate) -> u16 {
    let certificate = CertificateDer::from(own.certificate.der().to_vec());
    let key = PrivateKeyDer::try_from(own.key.serialize_der()).unwrap();
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
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"id\":9001}";
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    port
}

/// Reads a contract, and trusts `roots` besides what the system trusts.
async fn ask(port: u16, roots: &[&str]) -> Result<Contract, Error> {
    let base_url = format!("https://localhost:{port}").parse().unwrap();
    let builder = OneflowClient::builder().api_token("token").base_url(base_url).retry(RetryPolicy::none());
    let builder = roots.iter().fold(builder, |builder, root| builder.root_certificate(*root));
    builder.build().unwrap().contracts().get(9001).await
}

#[tokio::test]
async fn a_certificate_is_trusted_if_it_is_given_alone_or_among_others() {
    let own = OwnCertificate::valid();
    let (port, valid, other) = (service(&own).await, own.pem(), OwnCertificate::expired().pem());
    let both = [other.as_str(), valid.as_str()].concat();
    for roots in [&[valid.as_str()][..], &[other.as_str(), valid.as_str()], &[both.as_str()]] {
        assert_eq!(ask(port, roots).await.unwrap().id, 9001);
    }
}

/// What rustls, or else OpenSSL, says of a certificate that nobody vouches for, and of one that has expired.
const WHY: [&str; 2] = if cfg!(any(feature = "rustls", feature = "rustls-ring")) {
    ["UnknownIssuer", "certificate expired"]
} else {
    ["self-signed certificate", "certificate has expired"]
};

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said() {
    let (valid, expired) = (OwnCertificate::valid(), OwnCertificate::expired());
    let expired_root = expired.pem();
    for (own, roots, why) in [(&valid, &[][..], WHY[0]), (&expired, &[expired_root.as_str()], WHY[1])] {
        let error = ask(service(own).await, roots).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains("could not connect") && said.contains(why), "{said}");
        assert!(error.was_never_sent(), "{error:?}");
    }
}
