//! `smartsync sync --all` syncs every contract that is sent, and no failure of one ends the others.

use std::time::Duration;

use oneflow_client::{
    ContractId,
    contracts::{GetContract, ListContracts},
    events::ListContractEvents,
};
use smartsync::engine::sent_contracts;
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use wiremock::{Mock, ResponseTemplate, matchers::path};

use crate::support::{Home, mock_services, notice, pass, sent_contract};

/// Services without limits and with `contracts` sent contracts, each of a candidate of its own; and an installation.
async fn services(contracts: usize) -> (HttpSandbox, Home, Vec<(String, i64)>) {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let sent = (0..contracts).map(|number| sent_contract(&services, number)).collect();
    services.sandbox().advance(Duration::from_secs(600));
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    (services, home, sent)
}

#[tokio::test]
async fn pending_and_signed_contracts_are_synced_and_no_other_is_looked_at() {
    let (services, home, sent) = services(4).await;
    let sandbox = services.sandbox();
    for (_, contract) in &sent {
        sandbox.fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    let [pending, signed, declined, overdue] = sent.as_slice() else { panic!("four contracts") };
    sandbox.sign_all(signed.1).unwrap();
    sandbox.decline(declined.1, None).unwrap();
    sandbox.expire(overdue.1).unwrap();
    let draft =
        ContractSeed::new(sandbox.seeded().template, "Employment").counterparty("Ann", "ann@example.com");
    sandbox.add_contract(draft).unwrap();
    sandbox.clear_request_log();

    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let summary = "2 synced, 0 with nothing to do, 0 with held or failed fields, 0 not looked at\n";
    assert!(ended.out.ends_with(summary), "{}", ended.out);
    for (candidate, expected) in [(pending, true), (signed, true), (declined, false), (overdue, false)] {
        assert_eq!(notice(&services, &candidate.0).is_some(), expected, "contract {}", candidate.1);
    }
    let looks =
        sandbox.request_log().into_iter().filter(|request| request.operation == "get_contract").count();
    assert_eq!(looks, 2);

    let again = home.run(&["sync", "--all"]).await;
    let summary = "0 synced, 2 with nothing to do, 0 with held or failed fields, 0 not looked at\n";
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, summary),
        "what stayed as it was is counted, not listed"
    );
    let json: serde_json::Value =
        serde_json::from_str(&home.run(&["sync", "--all", "--json"]).await.out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn every_sent_contract_is_looked_at_where_its_state_is_put_on_the_card() {
    let (services, home, sent) = services(4).await;
    home.append(
        r#"
convention = false
[[field]]
oneflow    = "contract:state"
teamtailor = "custom:oneflow-notice"
direction  = "to_teamtailor"
"#,
    );
    let sandbox = services.sandbox();
    let [_, signed, declined, overdue] = sent.as_slice() else { panic!("four contracts") };
    sandbox.sign_all(signed.1).unwrap();
    sandbox.decline(declined.1, None).unwrap();
    sandbox.expire(overdue.1).unwrap();
    let draft =
        ContractSeed::new(sandbox.seeded().template, "Employment").counterparty("Ann", "ann@example.com");
    sandbox.add_contract(draft).unwrap();

    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let summary = "4 synced, 0 with nothing to do, 0 with held or failed fields, 0 not looked at\n";
    assert!(ended.out.ends_with(summary), "{}", ended.out);
    for ((candidate, _), state) in sent.iter().zip(["pending", "signed", "declined", "overdue"]) {
        assert_eq!(notice(&services, candidate).as_deref(), Some(state));
    }
}

#[tokio::test]
async fn the_list_is_walked_to_its_last_page() {
    let (services, home, sent) = services(230).await;
    let config = home.config();
    let found = sent_contracts(&config.oneflow_client().unwrap(), &config.mapping).await.unwrap();
    assert!(found.unreadable.is_empty());
    let expected = sent.iter().map(|(_, contract)| ContractId::new(*contract)).collect();
    assert_eq!(found.contracts, expected);
    let pages = services.sandbox().request_log().len();
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn a_contract_that_fails_is_told_at_the_end_and_does_not_end_the_others() {
    let (services, home, sent) = services(3).await;
    for (_, contract) in &sent {
        services.sandbox().fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    // Between us and Oneflow: everything as it is, but the first contract cannot be read.
    let between = mock_services().await;
    pass(&between, &home, &ListContracts::new()).await;
    for (_, contract) in &sent[1..] {
        pass(&between, &home, &GetContract::new(*contract)).await;
        pass(&between, &home, &ListContractEvents::new(*contract)).await;
    }
    Mock::given(path(format!("/v1/contracts/{}", sent[0].1)))
        .respond_with(ResponseTemplate::new(200).set_body_string("<html>Ann Sample</html>"))
        .mount(&between)
        .await;
    home.replace(services.oneflow_url().as_str(), &format!("{}/v1", between.uri()));

    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!(ended.code, 1, "{}", ended.out);
    let line = format!("error: contract {}: oneflow.get_contract: the answer", sent[0].1);
    assert!(ended.err.starts_with(&line) && !ended.err.contains("Ann"), "{}", ended.err);
    let summary = "2 synced, 0 with nothing to do, 0 with held or failed fields, 1 not looked at\n";
    assert!(ended.out.ends_with(summary), "{}", ended.out);
    assert_eq!(notice(&services, &sent[0].0), None);
    assert_eq!(notice(&services, &sent[1].0).as_deref(), Some("3 months"));
    assert_eq!(notice(&services, &sent[2].0).as_deref(), Some("3 months"));
}

#[tokio::test]
async fn a_field_that_cannot_be_written_ends_with_2_and_the_rest_is_synced() {
    let (services, home, sent) = services(2).await;
    services.sandbox().fill_data_field(sent[0].1, "oneflow-salary", "a lot").unwrap();
    services.sandbox().fill_data_field(sent[1].1, "oneflow-notice", "3 months").unwrap();
    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (2, ""), "{}", ended.out);
    let summary = "1 synced, 0 with nothing to do, 1 with held or failed fields, 0 not looked at\n";
    assert!(ended.out.ends_with(summary), "{}", ended.out);
    assert_eq!(notice(&services, &sent[1].0).as_deref(), Some("3 months"));
}

#[tokio::test]
async fn a_refused_key_leaves_the_rest_alone_after_three_contracts() {
    let (services, home, _) = services(6).await;
    // It has run before.
    home.config().open().await.unwrap();
    home.secret("teamtailor", "another-key");
    services.sandbox().clear_request_log();
    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!(ended.code, 1);
    assert_eq!(ended.err.matches("401").count(), 3, "{}", ended.err);
    assert!(ended.out.ends_with("6 not looked at\n"), "{}", ended.out);
    let looks = services
        .sandbox()
        .request_log()
        .into_iter()
        .filter(|request| request.operation == "get_contract")
        .count();
    assert_eq!(looks, 3);
}

#[tokio::test]
async fn all_and_an_id_exclude_each_other() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let ended = home.run(&["sync", "--all", "9001"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("cannot be used with"), "{}", ended.err);
}
