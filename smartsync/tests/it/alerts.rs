//! Who is on call is told, in a form that can be verified, and of no value.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use smartsync::server::{self, Backoff};
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use std::time::Duration;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::support::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, notification, post, until};

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A receiver of alerts, and `home` configured for it.
async fn receiver(home: &Home) -> MockServer {
    let receiver = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&receiver).await;
    home.secret("alert-key", KEY);
    home.append(&format!(
        "\n[alerts]\nurl = \"{}/hooks/1\"\nkey = {{ file = \"alert-key\" }}\n",
        receiver.uri()
    ));
    receiver
}

/// The message, if the signature is right.
fn verified(request: &Request) -> Value {
    let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/hooks/1"));
    assert_eq!(header("content-type"), "application/json");
    let (id, seconds) = (header("webhook-id"), header("webhook-timestamp"));
    assert!(id.starts_with("msg_") && seconds.parse::<u32>().is_ok(), "{id} {seconds}");
    let key = STANDARD.decode(KEY.trim_start_matches("whsec_")).unwrap();
    let code = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(format!("{id}.{seconds}."));
    let code = code.chain_update(&request.body).finalize().into_bytes();
    assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(code)));
    let text = String::from_utf8(request.body.clone()).unwrap();
    for secret in ["anary", "example.com", ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY, KEY] {
        assert!(!text.contains(secret), "`{secret}` is in {text}");
    }
    serde_json::from_str(&text).unwrap()
}

async fn received(receiver: &MockServer) -> Vec<Request> {
    receiver.received_requests().await.unwrap()
}

#[tokio::test]
async fn a_contract_that_is_parked_is_told_of_once_and_signed() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Canary contract")
        .counterparty("Canary Counterparty", "ann@example.com")
        .published();
    let good = sandbox.add_contract(seed).unwrap();
    // Oneflow answers for it, and for the other it never does.
    let between = MockServer::start().await;
    crate::support::mock_accounts(&between).await;
    let home = Home::new(&format!("{}/v1", between.uri()), services.teamtailor_url().as_str());
    let real = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    crate::support::pass(&between, &real, &oneflow_client::contracts::GetContract::new(good)).await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500).set_body_string("canary"))
        .with_priority(200)
        .mount(&between)
        .await;
    let receiver = receiver(&home).await;
    let mut backoff = Backoff::default();
    (backoff.base, backoff.cap, backoff.attempts) = (Duration::from_millis(10), Duration::from_millis(20), 2);
    let server = server::bind(&home.config()).await.unwrap().backoff(backoff);
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let server = tokio::spawn(server.run(std::future::pending()));
    let mut number = 0;
    until("the alert has come", async || {
        number += 1;
        post(&url, notification(&format!("good {number}"), good.into())).await;
        post(&url, notification(&format!("bad {number}"), 987_654.into())).await;
        !received(&receiver).await.is_empty()
    })
    .await;
    let message = verified(&received(&receiver).await[0]);
    assert_eq!(message["type"], "contract.parked", "{message}");
    assert_eq!(message["data"]["contract"], 987_654, "{message}");
    assert!(message["data"]["reason"].is_string(), "{message}");
    server.abort();
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_of_once() {
    let services = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let receiver = receiver(&home).await;
    let server = server::bind(&home.config()).await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let server = tokio::spawn(server.run(std::future::pending()));
    for contract in [9001, 9002] {
        assert_eq!(post(&url, notification(&contract.to_string(), contract.into())).await, 200);
    }
    until("the alert has come", async || !received(&receiver).await.is_empty()).await;
    let message = verified(&received(&receiver).await[0]);
    assert_eq!(message["type"], "credentials.refused", "{message}");
    assert_eq!(message["data"], serde_json::json!({ "reason": "read-contract", "dropped": 0 }));
    assert_eq!(received(&receiver).await.len(), 1);
    server.abort();
}

#[tokio::test]
async fn a_key_that_cannot_be_used_and_plain_http_keep_the_server_from_starting() {
    let home = Home::new("http://127.0.0.1:1/v1", "http://127.0.0.1:1");
    let _receiver = receiver(&home).await;
    home.secret("alert-key", "canary, and no key");
    let ended = home.run(&["serve"]).await;
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains("`alerts.key` must be `whsec_` and 24 to 64 random bytes in base64"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("canary"), "{}", ended.err);
    home.secret("alert-key", KEY);
    home.replace(&_receiver.uri(), "http://ops.example.com");
    let ended = home.run(&["serve"]).await;
    assert!(ended.err.contains("`alerts.url` uses plain http to another machine"), "{}", ended.err);
    assert!(!format!("{:?}", home.config().alerts).contains("hooks"), "the path may be a secret");
}
