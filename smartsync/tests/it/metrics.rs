//! What `/metrics` tells, and that it holds no id and no value.

use std::{collections::BTreeSet, process::Stdio};

use smartsync::{ServeError, server};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
};

use crate::support::{
    Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, canary_contract, get, get_text, notification, post, until,
};

/// Who may be told what.
const LABELS: [&str; 11] = [
    "result",
    "cause",
    "trigger",
    "outcome",
    "reason",
    "service",
    "operation",
    "status",
    "errand",
    "version",
    "le",
];

async fn scrape(metrics: &str) -> String {
    let (kind, text) = get_text(metrics).await;
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    text
}

/// The names of the metrics that have a type.
fn names(text: &str) -> BTreeSet<&str> {
    text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

#[tokio::test]
async fn a_story_is_counted_and_neither_an_id_nor_a_value_is_told() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
    let home = home.with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let (candidate, contract) = canary_contract(&services);
    sandbox.sign_all(contract).unwrap();

    let server = server::bind(&home.config()).await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let origin = format!("http://{}", server.metrics_address().unwrap());
    let metrics = format!("{origin}/metrics");
    let server = tokio::spawn(server.run(std::future::pending()));
    let before = scrape(&metrics).await;
    for line in [
        "smartsync_notifications_total{result=\"accepted\"} 0",
        "smartsync_notifications_refused_total{cause=\"signature\"} 0",
        "smartsync_database_readable 1",
        "smartsync_oldest_waiting_seconds 0.0",
    ] {
        assert!(before.lines().any(|found| found == line), "{line} is not in {before}");
    }

    let body = notification("canary-callback", contract.into());
    assert_eq!(post(&url, body.replace("\"signature\":\"", "\"signature\":\"0")).await, 401);
    assert_eq!(post(&url, "canary").await, 400);
    assert_eq!(post(&url, " ".repeat(64 * 1024 + 1)).await, 413);
    assert_eq!(post(&url, body.clone()).await, 200);
    assert_eq!(post(&url, body).await, 200);
    let mut text = String::new();
    let mut look = async |result: &str| {
        let line = format!("smartsync_looks_total{{trigger=\"notification\",result=\"{result}\"}} 1");
        until(&line, async || {
            text = scrape(&metrics).await;
            text.lines().any(|found| found == line)
        })
        .await;
    };
    look("done").await;
    // Of a contract that is not there: its look is repeated.
    assert_eq!(post(&url, notification("another", 987_654.into())).await, 200);
    look("retried").await;
    for line in [
        "smartsync_notifications_total{result=\"accepted\"} 2",
        "smartsync_notifications_total{result=\"repeated\"} 1",
        "smartsync_notifications_refused_total{cause=\"signature\"} 1",
        "smartsync_notifications_refused_total{cause=\"no_notification\"} 1",
        "smartsync_notifications_refused_total{cause=\"too_large\"} 1",
        "smartsync_fields_total{outcome=\"written\",reason=\"\"} 1",
        "smartsync_documents_total{outcome=\"attached\",reason=\"\"} 1",
        "smartsync_requests_total{service=\"teamtailor\",operation=\"create_custom_field_value\",status=\"2xx\"} 1",
        "smartsync_requests_total{service=\"oneflow\",operation=\"get_file_address\",status=\"3xx\"} 1",
        "smartsync_contracts_parked 0",
        concat!("smartsync_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }

    // One or two, by now.
    assert!(text.contains("operation=\"get_contract\",status=\"4xx\"} "), "{text}");
    assert!(text.contains("\nsmartsync_contracts_waiting "), "{text}");

    for secret in
        ["anary", "+4670", "Sample", "987654", ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY, "example.com"]
    {
        assert!(!text.contains(secret), "`{secret}` is in {text}");
    }
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((_, rest)) = line.split_once('{') else { continue };
        for label in rest.split_once('}').unwrap().0.split(',') {
            let (name, value) = label.split_once('=').unwrap();
            assert!(LABELS.contains(&name), "{line}");
            let value = value.trim_matches('"');
            assert!(value != candidate && value != contract.to_string(), "{line}");
            assert!(name == "le" || name == "status" || !is_number(value), "an id? {line}");
        }
    }
    let page = include_str!("../../README.md").split("\n## Monitoring").nth(1).unwrap();
    let page = page.split("\n## ").next().unwrap();
    let told = names(&text);
    assert!(told.len() >= 17, "{told:?}");
    for name in told {
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
        let last = name.rsplit_once('_').unwrap().1;
        let is_there = page.contains(&format!("`{name}`"))
            || name.starts_with("smartsync_contracts_") && page.contains(&format!("`_{last}`"));
        assert!(is_there, "{name} is not in the README");
    }
    for elsewhere in ["/", "/healthz", "/webhooks/oneflow"] {
        assert_eq!(get(&format!("{origin}{elsewhere}")).await, 404, "{elsewhere}");
    }
    assert_eq!(
        get(&url.replace("/webhooks/oneflow", "/metrics")).await,
        404,
        "notifications come from outside"
    );
    server.abort();
}

#[tokio::test]
async fn without_the_setting_nobody_listens_and_an_address_that_is_taken_is_told_by_its_key() {
    let home = Home::new("http://127.0.0.1:1/v1", "http://127.0.0.1:1");
    assert_eq!(server::bind(&home.config()).await.unwrap().metrics_address(), None);
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    home.replace("listen = ", &format!("metrics = \"{address}\"\nlisten = "));
    let error = server::bind(&home.config()).await.unwrap_err();
    assert!(matches!(error, ServeError::Listen { section: "server", key: "metrics", .. }), "{error:?}");
    let ended = home.run(&["serve"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains(&format!("`server.metrics`: cannot listen on {address}")), "{}", ended.err);
    assert!(ended.err.contains("choose a free address in `[server] metrics`"), "{}", ended.err);
    let ended = home.run(&["check", "--offline"]).await;
    assert!(ended.out.contains(&format!("{address} is in use by another program")), "{}", ended.out);
}

#[tokio::test]
async fn the_address_is_printed_once_it_listens() {
    let home = Home::new("http://127.0.0.1:1/v1", "http://127.0.0.1:1");
    home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
    let mut server = home.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("listening on http://127.0.0.1:"));
    let line = lines.next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("metrics on ").unwrap();
    assert!(scrape(url).await.contains("smartsync_build_info"), "{url}");
    server.start_kill().unwrap();
}
