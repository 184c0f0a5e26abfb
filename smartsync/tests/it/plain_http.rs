//! Credentials and personal data do not travel in the clear, and a proxy of the environment is not asked about this machine.

use std::time::Duration;

use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::Home;

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_by_every_command_unless_it_is_allowed() {
    let create = ["create", "--candidate", "1", "--template", "1", "--workspace", "1"];
    let register = ["webhook", "register", "https://sync.example.com/webhooks/oneflow"];
    let commands = [
        &["serve"][..],
        &["plan", "9001"],
        &["sync", "9001"],
        &["sync", "--all"],
        &create,
        &["link", "9001", "--candidate", "1"],
        &["schema", "save"],
        &["permissions"],
        &["webhook", "list"],
        &register,
        &["webhook", "remove", "5", "--yes"],
    ];
    for (oneflow, teamtailor, section) in [
        ("http://oneflow.invalid/v1", "https://teamtailor.invalid", "oneflow"),
        ("https://oneflow.invalid/v1", "http://teamtailor.invalid", "teamtailor"),
        ("https://oneflow.invalid/v1", "http://127.0.0.1.example.invalid", "teamtailor"),
    ] {
        let home = Home::new(oneflow, teamtailor);
        let is_of_webhooks = |arguments: &[&str]| arguments[0] == "webhook";
        for arguments in
            commands.iter().filter(|arguments| section == "oneflow" || !is_of_webhooks(arguments))
        {
            let ended = home.run(arguments).await;
            assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{arguments:?}");
            let error = format!("error: `{section}.base_url` uses plain http to another machine");
            assert!(ended.err.starts_with(&error), "{arguments:?}: {}", ended.err);
            assert!(ended.err.contains("--insecure-http"), "{arguments:?}: {}", ended.err);
            assert!(!home.database().exists());
        }
        for arguments in [&["check"][..], &["check", "--offline"]] {
            let ended = home.run(arguments).await;
            assert_eq!(ended.code, 1);
            assert!(ended.out.contains("uses plain http to another machine"), "{}", ended.out);
        }
        let allowed = home.run(&["--insecure-http", "plan", "9001"]).await;
        assert!(!allowed.err.contains("uses plain http"), "{}", allowed.err);
    }
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_never_asked_for_this_machine() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(502)).mount(&proxy).await;
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap().to_string();
    sandbox.advance(Duration::from_secs(600));
    let demo: &[&str] = if cfg!(feature = "demo") { &["demo"] } else { &["check"] };
    for arguments in [&["plan", &contract][..], demo] {
        let mut command = home.command(arguments);
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(name, proxy.uri());
        }
        let ended = command.env_remove("NO_PROXY").env_remove("no_proxy").output().await.unwrap();
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    assert!(proxy.received_requests().await.unwrap().is_empty(), "the proxy saw nothing");
}
