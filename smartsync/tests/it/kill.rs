//! A notification that was answered with 200 is acted on, whatever happens to the process afterwards.

use std::time::Duration;

use oneflow_client::ContractId;
use smartsync_sandbox::{ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use tokio::time::{sleep, timeout};

use crate::support::{Gate, Home, notification, post_lenient, until};

/// A published contract of the candidate in which the notice period was filled in, some time after it was sent.
fn edited_contract(sandbox: &Sandbox, email: &str) -> ContractId {
    let template = sandbox.seeded().template;
    let seed = ContractSeed::new(template, "Employment").counterparty("A Candidate", email).published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    contract.into()
}

async fn shows_notice(sandbox: &Sandbox, candidate: &str) {
    let shown = async {
        while sandbox.candidate_card(candidate).unwrap().get("oneflow-notice") != Some("3 months") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), shown).await.expect("the candidate's card shows the value");
}

#[tokio::test]
async fn a_server_killed_between_its_answer_and_its_first_read_takes_the_contract_up_again() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let gate = Gate::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", gate.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let contract = edited_contract(sandbox, "ann@example.com");
    sandbox.clear_request_log();

    let mut server = home.serve().await;
    assert_eq!(post_lenient(&server.url, notification("one", contract)).await, Some(200));
    server.process.kill().await.unwrap();
    assert!(sandbox.request_log().is_empty(), "nothing was read before the kill");

    gate.open();
    let _server = home.serve().await;
    shows_notice(sandbox, &sandbox.seeded().candidate).await;
}

#[tokio::test]
async fn what_a_killed_server_looked_at_is_free_for_a_command_at_once() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let gate = Gate::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", gate.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let contract = edited_contract(sandbox, "ann@example.com");

    let mut server = home.serve().await;
    assert_eq!(post_lenient(&server.url, notification("one", contract)).await, Some(200));
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let claimed =
        "SELECT count(*) FROM waiting WHERE claimed_generation IS NOT NULL AND claimed_until IS NULL";
    until("the server looks at it", async || {
        database.query_row(claimed, [], |row| row.get::<_, i64>(0)).unwrap() == 1
    })
    .await;
    server.process.kill().await.unwrap();
    gate.open();
    let contract = contract.to_string();
    let synced = timeout(Duration::from_secs(30), home.run(&["sync", &contract])).await;
    let synced = synced.expect("it does not wait for a server that is not there");
    assert_eq!(synced.code, 0, "{}{}", synced.out, synced.err);
    shows_notice(sandbox, &sandbox.seeded().candidate).await;
}
