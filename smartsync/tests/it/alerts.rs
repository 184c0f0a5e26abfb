//! Who is on call is told, in a form that can be verified, and of no value.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use smartsync::server::{self, Backoff};
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use std::time::Duration;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::support::{
    Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, notice, notification, post, sent_contract, signal, until,
};

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
    // Once: a notification brings it forward, and what is brought forward does not count as a try.
    post(&url, notification("bad", 987_654.into())).await;
    let is_asked = |request: &Request| request.url.path().ends_with("/987654");
    until("it has failed", async || between.received_requests().await.unwrap().iter().any(is_asked)).await;
    let mut number = 0;
    until("the alert has come", async || {
        // That others are served makes the failure its own.
        number += 1;
        post(&url, notification(&format!("good {number}"), good.into())).await;
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
async fn credentials_that_are_refused_are_told_of_though_no_notification_comes() {
    let refused = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&refused).await;
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let dead = format!("{}/v1", refused.uri());
    for (oneflow, teamtailor, sweep, errand) in [
        (services.oneflow_url().to_string(), refused.uri(), "off", "read-candidate"),
        (dead, services.teamtailor_url().to_string(), "30m", "read-contract"),
    ] {
        let home = Home::new(&oneflow, &teamtailor);
        home.replace("sweep = \"off\"", &format!("sweep = \"{sweep}\""));
        let receiver = receiver(&home).await;
        let _server = home.serve().await;
        until("the alert has come", async || !received(&receiver).await.is_empty()).await;
        let message = verified(&received(&receiver).await[0]);
        assert_eq!(message["type"], "credentials.refused", "{message}");
        assert_eq!(message["data"], serde_json::json!({ "reason": errand, "dropped": 0 }));
    }
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

#[tokio::test]
async fn a_pass_that_cannot_be_finished_is_told_of_once_by_a_server_as_a_process() {
    let services = MockServer::start().await;
    crate::support::mock_accounts(&services).await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500).set_body_string("canary"))
        .with_priority(200)
        .mount(&services)
        .await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    home.replace("sweep = \"off\"", "sweep = \"30m\"");
    let receiver = receiver(&home).await;
    let _server = home.serve().await;
    until("the alert has come", async || !received(&receiver).await.is_empty()).await;
    let messages = received(&receiver).await;
    let message = verified(&messages[0]);
    assert_eq!((&message["type"], messages.len()), (&"sweep.failed".into(), 1), "{message}");
    assert_eq!(message["data"], serde_json::json!({ "dropped": 0 }));
}

#[tokio::test]
async fn the_limit_of_changes_is_told_of_once_with_the_first_contract_that_waits() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    home.append("\n[limits]\nchanges = 1\n");
    home.replace("sweep = \"off\"", "sweep = \"off\"\nconcurrency = 1");
    let receiver = receiver(&home).await;
    let sandbox = services.sandbox();
    let sent: Vec<_> = (0..4).map(|number| sent_contract(&services, number)).collect();
    sandbox.advance(Duration::from_secs(600));
    let server = home.serve().await;
    let tell = async |round: &str| {
        for (_, contract) in &sent {
            let call = notification(&format!("{round} {contract}"), (*contract).into());
            assert_eq!(post(&server.url, call).await, 200);
        }
    };
    // What fills in an empty field changes nothing; what comes after it does.
    for (_, contract) in &sent {
        sandbox.fill_data_field(*contract, "oneflow-notice", "1 month").unwrap();
    }
    tell("first").await;
    let has = |value: &str| {
        sent.iter().filter(|(candidate, _)| notice(&services, candidate).as_deref() == Some(value)).count()
    };
    until("all are filled in", async || has("1 month") == 4).await;
    for (_, contract) in &sent {
        sandbox.fill_data_field(*contract, "oneflow-notice", "2 months").unwrap();
    }
    tell("second").await;
    let waits =
        "SELECT count(*) FROM waiting WHERE outage = 'limit-of-changes' AND claimed_generation IS NULL";
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let waiting = || database.query_row(waits, [], |row| row.get::<_, i64>(0)).unwrap();
    until("three wait", async || waiting() == 3).await;
    until("the alert has come", async || !received(&receiver).await.is_empty()).await;
    let messages = received(&receiver).await;
    let message = verified(&messages[0]);
    assert_eq!((&message["type"], messages.len(), has("2 months")), (&"limit.reached".into(), 1, 1));
    let waits = message["data"]["contract"].as_i64().unwrap();
    let (candidate, _) = sent.iter().find(|(_, contract)| *contract == waits).unwrap();
    assert_eq!(notice(&services, candidate).as_deref(), Some("1 month"), "{message}");
}

#[tokio::test]
async fn from_sighup_on_another_receiver_is_told() {
    let services = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = home.serve_with_log().await;
    let counts = |what: &str| home.log().matches(what).count();
    let receiver = receiver(&home).await;
    home.secret("alert-key", "no key");
    signal(&server.process, "-HUP").await;
    until("it is refused", async || counts("the configuration was refused") == 1).await;
    home.secret("alert-key", KEY);
    signal(&server.process, "-HUP").await;
    until("it counts", async || counts("the configuration was read again") == 1).await;
    assert_eq!(counts("at the next start"), 0, "{}", home.log());
    for contract in [9001, 9002] {
        assert_eq!(post(&server.url, notification(&contract.to_string(), contract.into())).await, 200);
    }
    until("the alert has come", async || !received(&receiver).await.is_empty()).await;
    assert_eq!(verified(&received(&receiver).await[0])["type"], "credentials.refused");
}

#[tokio::test]
async fn a_check_reads_address_and_key_and_sends_a_signed_message_if_it_is_asked_to() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let nobody = home.run(&["check", "--test-alert"]).await;
    assert_eq!(nobody.code, 1, "{}", nobody.out);
    assert!(nobody.out.contains("no test alert was sent: there is no `[alerts]`"), "{}", nobody.out);

    let receiver = receiver(&home).await;
    let ended = home.run(&["check"]).await;
    assert_eq!((ended.code, received(&receiver).await.len()), (0, 0), "{}", ended.out);
    assert!(ended.out.contains(&format!("alerts go to {}, signed", receiver.uri())), "{}", ended.out);
    let ended = home.run(&["check", "--test-alert"]).await;
    assert_eq!(ended.code, 0, "{}", ended.out);
    let accepted = format!("ok      configuration: {} accepted the test alert (204)\n", receiver.uri());
    assert!(ended.out.contains(&accepted), "{}", ended.out);
    let messages = received(&receiver).await;
    assert_eq!((messages.len(), &verified(&messages[0])["type"]), (1, &"alert.test".into()));

    receiver.reset().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(403).set_body_string("canary"))
        .mount(&receiver)
        .await;
    let ended = home.run(&["check", "--test-alert", "--json"]).await;
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((ended.code, &report["errors"]), (1, &1.into()), "{}", ended.out);
    assert!(ended.out.contains("did not accept the test alert (403)"), "{}", ended.out);

    home.secret("alert-key", "canary, and no key");
    for arguments in [["check"].as_slice(), &["check", "--test-alert"]] {
        let ended = home.run(arguments).await;
        assert_eq!(ended.code, 1);
        assert_eq!(ended.out.matches("FAILED").count(), 1, "{}", ended.out);
        assert!(ended.out.contains("`alerts.key` must be `whsec_`"), "{}", ended.out);
        assert!(ended.out.contains("`echo whsec_$(openssl rand -base64 32)` makes one"), "{}", ended.out);
        for secret in ["canary", "hooks/1", KEY] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{}", ended.out);
        }
    }
}

#[tokio::test]
async fn a_check_without_network_reads_the_address_and_needs_no_key() {
    let home = Home::new("http://127.0.0.1:1/v1", "http://127.0.0.1:1");
    home.append("\n[alerts]\nurl = \"http://ops.example.com/hooks/1\"\nkey = { file = \"nowhere\" }\n");
    let ended = home.run(&["check", "--offline"]).await;
    assert!(ended.out.contains("`alerts.url` uses plain http to another machine"), "{}", ended.out);
    home.replace("http://ops", "https://ops");
    let ended = home.run(&["check", "--offline"]).await;
    assert!(!ended.out.contains("alerts"), "{}", ended.out);
    let both = home.run(&["check", "--offline", "--test-alert"]).await;
    assert!(both.code == 1 && both.err.contains("cannot be used with"), "{}", both.err);
}
