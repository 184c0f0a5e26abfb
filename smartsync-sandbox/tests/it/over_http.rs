//! The same over loopback, with webhooks that are delivered.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, HttpSettings, SandboxSettings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::support::over_http::{below, json_of, send};

/// Takes one notification and answers it.
async fn receive(listener: &TcpListener, status: &str) -> Value {
    let (mut stream, _) = timeout(Duration::from_secs(10), listener.accept()).await.unwrap().unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4_096];
        let read = timeout(Duration::from_secs(10), stream.read(&mut chunk)).await.unwrap().unwrap();
        bytes.extend(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((_, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str(body)
        {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            return body;
        }
    }
}

#[tokio::test]
async fn all_three_hosts_answer_and_the_document_travels() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = running.sandbox();
    let token = sandbox.oneflow_token();
    let oneflow = [("x-oneflow-api-token", token.as_str())];
    let contract = crate::support::pending_contract(sandbox);

    let file = below(running.oneflow_url(), &format!("/contracts/{contract}/files/1?download=true"));
    let redirect = send(&file, Method::GET, &oneflow, None).await;
    assert_eq!(redirect.status(), StatusCode::FOUND);
    let location = redirect.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(running.storage_url().as_str()), "{location}");
    let pdf = send(&location.parse().unwrap(), Method::GET, &[], None).await;
    assert!(pdf.body().as_bytes().starts_with(b"%PDF"));

    let key = format!("Token token={}", sandbox.teamtailor_key());
    let teamtailor = [
        ("authorization", key.as_str()),
        ("x-api-version", "20240904"),
        ("content-type", "application/vnd.api+json"),
    ];
    let upload = json!({ "data": {
        "type": "uploads",
        "attributes": { "url": location, "file-name": "contract.pdf" },
        "relationships": { "candidate": { "data": { "type": "candidates", "id": "4711" } } },
    } });
    let url = below(running.teamtailor_url(), "/v1/uploads");
    assert_eq!(send(&url, Method::POST, &teamtailor, Some(upload)).await.status(), StatusCode::CREATED);

    let card =
        send(&running.oneflow_url().join("/sandbox/candidates/4711").unwrap(), Method::GET, &[], None).await;
    assert_eq!(json_of(&card)["uploads"], json!(["contract.pdf"]));
}

#[tokio::test]
async fn a_webhook_is_delivered_and_tried_again_until_it_is_answered_with_200() {
    let settings = HttpSettings::new().time_scale(20.0);
    let running = HttpSandbox::start_with(SandboxSettings::new(), settings).await.unwrap();
    let token = running.sandbox().oneflow_token();
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback = format!("http://{}/webhooks/oneflow", receiver.local_addr().unwrap());
    let headers = [("x-oneflow-api-token", token.as_str()), ("content-type", "application/json")];
    let body = json!({ "callback_url": callback, "sign_key": "key" });
    let webhooks = below(running.oneflow_url(), "/webhooks");
    assert_eq!(send(&webhooks, Method::POST, &headers, Some(body)).await.status(), StatusCode::OK);

    let contract = crate::support::pending_contract(running.sandbox());
    let first = receive(&receiver, "202 Accepted").await;
    let second = receive(&receiver, "200 OK").await;
    assert_eq!((first["contract"]["id"].as_i64(), &first), (Some(contract), &second));
    timeout(Duration::from_secs(10), async {
        while running.sandbox().delivered_notifications() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(running.sandbox().pending_notifications(), []);
}

#[tokio::test]
async fn a_person_acts_over_http_without_credentials() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let contract = crate::support::pending_contract(running.sandbox());
    let sign = running.oneflow_url().join("/sandbox/sign").unwrap();
    let signed = send(&sign, Method::POST, &[], Some(json!({ "contract": contract }))).await;
    assert_eq!(signed.status(), StatusCode::OK);
    assert_eq!(running.sandbox().contract_card(contract).unwrap().state, "signed");
    let elsewhere = running.teamtailor_url().join("/sandbox/sign").unwrap();
    let refused = send(&elsewhere, Method::POST, &[], Some(json!({ "contract": contract }))).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = HttpSettings::new().storage_port(taken.local_addr().unwrap().port());
    assert!(HttpSandbox::start_with(SandboxSettings::new(), settings).await.is_err());
}

/// What a listener answers to a request as it stands.
async fn raw(running: &HttpSandbox, request: &str) -> String {
    let address = running.oneflow_url().socket_addrs(|| None).unwrap()[0];
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn a_control_route_answers_to_no_web_page_and_under_no_other_name() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let port = running.oneflow_url().port().unwrap();
    let ask = async |headers: String| {
        let request = format!("GET /sandbox/candidates HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
        raw(&running, &request).await
    };
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        let answer = ask(format!("host: {host}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("ann@example.com"), "{answer}");
    }
    for headers in [
        "host: pages.example.com\r\n".to_owned(),
        format!("host: 127.0.0.1.example.com:{port}\r\n"),
        format!("host: 127.0.0.1:{port}\r\norigin: https://pages.example.com\r\n"),
        format!("host: 127.0.0.1:{port}\r\norigin: null\r\n"),
    ] {
        let answer = ask(headers).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && !answer.contains("ann@example.com"), "{answer}");
        assert!(answer.contains("under a loopback address"), "{answer}");
    }
}

#[tokio::test]
async fn everything_listens_on_loopback_only() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    for url in [running.oneflow_url(), running.teamtailor_url(), running.storage_url(), running.control_url()]
    {
        assert_eq!(url.host_str(), Some("127.0.0.1"));
    }
}

#[tokio::test]
async fn a_path_of_a_service_is_never_a_control_route() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let token = running.sandbox().oneflow_token();
    let headers = [("x-oneflow-api-token", token.as_str())];
    for path in ["/v1/sandbox", "/v1/sandbox/contracts", "/sandboxes", "/sandbox.json", "//sandbox"] {
        let url = running.oneflow_url().join("/").unwrap().as_str().trim_end_matches('/').to_owned() + path;
        let answer = send(&url.parse().unwrap(), Method::GET, &headers, None).await;
        assert_eq!(
            (answer.status(), &json_of(&answer)["error_code"]),
            (StatusCode::NOT_FOUND, &json!(4_040_000)),
            "{path}"
        );
    }
}

/// A panic while the time moves would end every request from then on.
#[tokio::test]
async fn a_time_that_runs_faster_than_any_clock_ends_nothing() {
    let http = HttpSettings::new().time_scale(f64::MAX);
    let running = HttpSandbox::start_with(SandboxSettings::new(), http).await.unwrap();
    for _ in 0..2 {
        assert_eq!(send(running.control_url(), Method::GET, &[], None).await.status(), 200);
    }
}
