//! The same over loopback, with webhooks that are delivered.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, HttpSettings, SandboxSettings};
use smartsync_transport::{Body, Request, ReqwestTransport, Response, Transport, Url};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};

async fn send(url: &Url, method: Method, headers: &[(&str, &str)], body: Option<Value>) -> Response {
    let mut builder = http::Request::builder().method(method).uri(url.as_str());
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let request: Request =
        builder.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
    ReqwestTransport::for_base_url(url).unwrap().execute(request).await.unwrap()
}

fn below(base: &Url, path: &str) -> Url {
    format!("{}{path}", base.as_str().trim_end_matches('/')).parse().unwrap()
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(response.body().as_bytes()).unwrap()
}

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
