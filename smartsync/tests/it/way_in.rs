//! `smartsync webhook test`: which stage of the way a notification does not get through.

use std::{process::Stdio, sync::Arc, time::Duration};

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair, date_time_ymd};
use serde_json::Value;
use smartsync::{Inbox, Store};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Ended, Home, notification, post};

fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

/// Each stage with its verdict, as JSON has them.
fn stages(ended: &Ended) -> Vec<(String, String)> {
    let told: Value =
        serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{}{}", ended.out, ended.err));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let stages = told["stages"].as_array().unwrap().iter();
    stages.map(|found| (word(&found["stage"]), word(&found["verdict"]))).collect()
}

/// That the test ends at this stage: what it found, and what to do.
async fn fails_at(home: &Home, url: &str, stage: &str, more: &[&str]) -> (String, String) {
    fails(home.command(&[&["webhook", "test", url, "--json"], more].concat()), stage).await
}

async fn fails(mut command: Command, stage: &str) -> (String, String) {
    let output = command.stdin(Stdio::null()).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    let ended = Ended { code: output.status.code().unwrap(), out, err };
    assert_eq!(ended.code, 1, "{}", ended.out);
    let stages = stages(&ended);
    let (last, before) = stages.split_last().unwrap();
    assert_eq!((last.0.as_str(), last.1.as_str()), (stage, "bad"), "{}", ended.out);
    assert!(before.iter().all(|(_, verdict)| verdict != "bad"), "{}", ended.out);
    let told: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(told["reached"], false);
    let last = told["stages"].as_array().unwrap().last().unwrap();
    (last["text"].as_str().unwrap().to_owned(), last["next"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_notification_that_gets_through_is_told_stage_by_stage_and_leaves_nothing_behind() {
    let home = home();
    let server = home.serve().await;
    let tested = home.run(&["webhook", "test", &server.url]).await;
    assert_eq!(
        (tested.code, tested.err.as_str(), tested.out.as_str()),
        (
            0,
            "",
            &*format!(
                "ok      connection: the connection was accepted\n\
                 ok      proxy: SmartSync answered\n\
                 ok      path: it receives notifications at this path\n\
                 ok      body: the body arrived as it was sent\n\
                 ok      signature: a sign key of the server fits\n\
                 ok      database: the server could record it, and answered 200\n\
                 {}: a notification gets through\n",
                server.url
            )
        )
    );
    let tested = home.run(&["webhook", "test", &server.url, "--json"]).await;
    assert_eq!(tested.code, 0);
    assert_eq!(stages(&tested).len(), 6);
    // By the name of this machine, which leads to no public address.
    let named = home.run(&["webhook", "test", &server.url.replace("127.0.0.1", "localhost"), "--json"]).await;
    assert_eq!(named.code, 0, "{}", named.out);
    assert_eq!(stages(&named)[0], ("name".to_owned(), "warning".to_owned()));
    assert!(Inbox::new(Store::open(&home.database()).unwrap()).waiting().await.unwrap().is_empty());
    assert!(home.log().contains("a test notification arrived; nothing was recorded"), "{}", home.log());

    // One that is named is recorded, and looked at.
    let tested = home.run(&["webhook", "test", &server.url, "--contract", "9001"]).await;
    assert_eq!(tested.code, 0, "{}", tested.out);
    assert!(home.log().contains("notification recorded contract=9001"), "{}", home.log());
}

/// What is answered to a request with this path, header and body.
async fn answer(server: &str, path: &str, ticket: Option<&str>, body: &str) -> String {
    let origin = server.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(origin).await.unwrap();
    let ticket = ticket.map(|ticket| format!("smartsync-test: {ticket}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {origin}\r\n{ticket}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn who_has_no_key_is_not_told_who_receives() {
    let home = home();
    let server = home.serve().await;
    let body = notification("one", 9001.into());
    let forged = format!("smartsync-test-{}-00-00.{}", i64::from(u32::MAX), "0".repeat(40));
    for path in ["/webhooks/oneflow", "/elsewhere", "/healthz"] {
        for ticket in [None, Some("1"), Some(forged.as_str())] {
            let answer = answer(&server.url, path, ticket, &body).await;
            assert!(!answer.to_lowercase().contains("smartsync"), "{path} {ticket:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_test_that_somebody_has_seen_is_good_for_nothing() {
    let home = home();
    let server = home.serve().await;
    let target = server.url.trim_start_matches("http://").split('/').next().unwrap();
    // What a test sends, as seen by whoever stands on the way.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", listener.local_addr().unwrap());
    let seen = tokio::spawn({
        let target = target.to_owned();
        async move {
            let (mut from_client, _) = listener.accept().await.unwrap();
            let mut on = TcpStream::connect(&target).await.unwrap();
            let request = request_of(&mut from_client).await;
            on.write_all(request.as_bytes()).await.unwrap();
            tokio::spawn(async move { tokio::io::copy(&mut on, &mut from_client).await });
            request
        }
    });
    let tested = home.run(&["webhook", "test", &url]).await;
    assert_eq!(tested.code, 0, "{}{}", tested.out, tested.err);
    let request = seen.await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let ticket = head.lines().find_map(|line| line.strip_prefix("smartsync-test: ")).unwrap();
    for path in ["/webhooks/oneflow", "/elsewhere"] {
        for ticket in [Some(ticket), None] {
            let answer = answer(&server.url, path, ticket, body).await;
            assert!(!answer.to_lowercase().contains("smartsync"), "{answer}");
            let refused = if path == "/elsewhere" { "HTTP/1.1 404 " } else { "HTTP/1.1 401 " };
            assert!(answer.starts_with(refused), "{answer}");
        }
    }
    // Nor is a contract looked at that somebody else has put in.
    let of_another = body.replace(&i64::MAX.to_string(), "9001");
    assert_ne!(of_another, body);
    let answer = answer(&server.url, "/webhooks/oneflow", None, &of_another).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(Inbox::new(Store::open(&home.database()).unwrap()).waiting().await.unwrap().is_empty());
    assert!(home.log().contains("or was used before"), "{}", home.log());
}

#[tokio::test]
async fn a_name_that_leads_nowhere_fails_at_the_name() {
    // Longer than a label may be, so no name server is asked for it.
    let url = format!("https://{}.example/webhooks/oneflow", "a".repeat(64));
    let (text, next) = fails_at(&home(), &url, "name", &[]).await;
    assert!(text.contains("leads nowhere"), "{text}");
    assert!(next.contains("A or AAAA record"), "{next}");
}

#[tokio::test]
async fn where_nobody_listens_the_connection_fails() {
    // Port 1 of an address of its own: no test listens there.
    let (text, next) = fails_at(&home(), "http://127.0.0.1:1/webhooks/oneflow", "connection", &[]).await;
    assert_eq!(text, "nobody listens on port 1 of 127.0.0.1: the connection was refused");
    assert!(next.contains("start the proxy"), "{next}");
}

/// An authority of this test, and a certificate of it.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    /// A server with a certificate for this name, valid until that year: its port. Each connection that gets through TLS is passed on to `target`.
    async fn server(&self, name: &str, until: i32, target: &str) -> u16 {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &*self.issuer).unwrap();
        let certificate = CertificateDer::from(certificate.der().to_vec());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut on = TcpStream::connect(&target).await.unwrap();
                tokio::io::copy_bidirectional(&mut stream, &mut on).await.ok();
            }
        });
        port
    }

    /// A test of `https://localhost` that trusts this authority and nobody else.
    fn test(&self, home: &Home, port: u16) -> Command {
        let file = home.folder().join("authority.pem");
        std::fs::write(&file, self.issuer.pem()).unwrap();
        let url = format!("https://localhost:{port}/webhooks/oneflow");
        let mut command = home.command(&["webhook", "test", &url, "--json"]);
        command.env("SSL_CERT_FILE", file).env_remove("SSL_CERT_DIR");
        command
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_apart() {
    let (home, authority) = (home(), Authority::new("of this test"));
    let server = home.serve().await;
    let target = server.url.trim_start_matches("http://").split('/').next().unwrap().to_owned();

    let port = authority.server("localhost", 2120, &target).await;
    let through = authority.test(&home, port).output().await.unwrap();
    let out = String::from_utf8(through.stdout).unwrap();
    assert_eq!(through.status.code(), Some(0), "{out}");
    assert!(out.contains("\"certificate\""), "{out}");

    let port = authority.server("localhost", 2020, &target).await;
    let (text, next) = fails(authority.test(&home, port), "certificate").await;
    assert_eq!(text, "the certificate of localhost has expired");
    assert!(next.contains("renew it"), "{next}");

    let port = authority.server("sync.example.com", 2120, &target).await;
    let (text, _) = fails(authority.test(&home, port), "certificate").await;
    assert_eq!(text, "the certificate is not for localhost");

    let port = Authority::new("of somebody else").server("localhost", 2120, &target).await;
    let (text, next) = fails(authority.test(&home, port), "certificate").await;
    assert_eq!(text, "nobody whom this machine trusts vouches for the certificate of localhost");
    assert!(next.contains("intermediate certificates"), "{next}");

    let plain = server.url.rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap();
    let (text, _) = fails(authority.test(&home, plain), "certificate").await;
    assert!(text.ends_with("does not speak https"), "{text}");
}

#[tokio::test]
async fn what_a_proxy_answers_itself_is_told_from_what_smartsync_answers() {
    let home = home();
    for (status, said) in [
        (200, "something else than SmartSync answered with 200"),
        (301, "it was redirected (301) to https://elsewhere.example.com"),
        (401, "asks for credentials"),
        (403, "asks for credentials"),
        (404, "does not know this path (404)"),
        (405, "does not know this path (405)"),
        (413, "too large (413)"),
        (500, "something else than SmartSync answered with 500"),
        (502, "the proxy does not reach SmartSync (502)"),
    ] {
        let proxy = MockServer::start().await;
        let answer = ResponseTemplate::new(status)
            .insert_header("location", "https://elsewhere.example.com/hidden")
            .insert_header("www-authenticate", "Basic");
        Mock::given(any()).respond_with(answer).mount(&proxy).await;
        let url = format!("{}/webhooks/oneflow", proxy.uri());
        let (text, _) = fails_at(&home, &url, "proxy", &[]).await;
        assert!(text.contains(said), "{status}: {text}");
        assert!(!text.contains("hidden"), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_waits_for_ever_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", listener.local_addr().unwrap());
    let keep = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    let (text, _) = fails_at(&home(), &url, "proxy", &["--timeout", "1"]).await;
    assert_eq!(text, "no answer within 1 s");
    keep.abort();
}

#[tokio::test]
async fn another_path_than_that_of_the_server_is_told_with_the_right_one() {
    let home = home();
    let server = home.serve().await;
    let (text, next) = fails_at(&home, &server.at("/hooks"), "path", &[]).await;
    assert!(text.contains("(404)"), "{text}");
    assert!(next.contains("`/webhooks/oneflow`"), "{next}");
}

/// What a client sends: the head and the body may come apart.
async fn request_of(client: &mut TcpStream) -> String {
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut bytes = [0; 4096];
        let count = client.read(&mut bytes).await.unwrap();
        assert!(count > 0, "{request}");
        request.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    request
}

/// Passes what is sent on to a server, and has a part of it be another of the same length.
async fn altering(target: &str, from: &'static str, to: &'static str) -> String {
    assert_eq!(from.len(), to.len());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let target = target.to_owned();
    tokio::spawn(async move {
        while let Ok((mut from_client, _)) = listener.accept().await {
            let mut on = TcpStream::connect(&target).await.unwrap();
            let request = request_of(&mut from_client).await;
            assert!(request.contains(from), "{request}");
            on.write_all(request.replace(from, to).as_bytes()).await.unwrap();
            tokio::spawn(async move { tokio::io::copy(&mut on, &mut from_client).await });
        }
    });
    origin
}

#[tokio::test]
async fn a_body_or_a_method_that_was_changed_on_the_way_is_told() {
    let home = home();
    let server = home.serve().await;
    let target = server.url.trim_start_matches("http://").split('/').next().unwrap();
    let changed = altering(target, "content_update", "content-update").await;
    let (text, _) = fails_at(&home, &format!("{changed}/webhooks/oneflow"), "body", &[]).await;
    assert_eq!(text, "the body was changed on the way");
    let changed = altering(target, "POST /", "PUT / ").await;
    let (text, _) = fails_at(&home, &format!("{changed}/webhooks/oneflow"), "proxy", &[]).await;
    assert!(!text.is_empty());
    let changed = altering(target, "POST /w", "HEAD /w").await;
    let (text, next) = fails_at(&home, &format!("{changed}/webhooks/oneflow"), "path", &[]).await;
    assert_eq!(text, "it arrived as another method than POST (405)");
    assert!(next.contains("without a redirect"), "{next}");
}

#[tokio::test]
async fn a_server_with_another_sign_key_fails_at_the_signature() {
    let home = home();
    let server = home.serve().await;
    home.secret("sign-key", "another sign key for tests");
    let (text, next) = fails_at(&home, &server.url, "signature", &[]).await;
    assert!(text.contains("(401)"), "{text}");
    assert!(next.contains("systemctl reload smartsync"), "{next}");
}

#[tokio::test]
async fn a_server_that_cannot_record_fails_at_the_database() {
    let home = home();
    let server = home.serve().await;
    std::fs::remove_file(home.database()).unwrap();
    assert_eq!(post(&server.url, notification("one", 9001.into())).await, 503);
    let (text, _) = fails_at(&home, &server.url, "database", &[]).await;
    assert!(text.contains("(503)"), "{text}");
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_to_another_machine_or_without_a_key() {
    let home = home();
    let plain = home.run(&["webhook", "test", "http://sync.example.com/webhooks/oneflow"]).await;
    assert_eq!(plain.code, 1);
    assert!(plain.err.starts_with("error: the address does not use https\n next: "), "{}", plain.err);
    let keys = format!("sign_keys = [{{ file = \"{}/sign-key\" }}]", home.folder().display());
    home.replace(&keys, "sign_keys = []");
    let url = "https://sync.example.com/webhooks/oneflow";
    let without = timeout(Duration::from_secs(20), home.run(&["webhook", "test", url])).await.unwrap();
    assert_eq!(without.code, 1);
    assert!(without.err.starts_with("error: `oneflow.sign_keys` is empty\n next: "), "{}", without.err);
}
