//! What a person must do is a WARN; what nobody has to do anything about is counted.

use std::time::Duration;

use oneflow_client::ContractId;
use smartsync::{Inbox, Store};
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, Serving, notification, post, until};

async fn services() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    (services, home)
}

/// A sent contract of whoever has this address.
fn contract(services: &HttpSandbox, email: &str) -> ContractId {
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment");
    let contract = sandbox.add_contract(seed.counterparty("Ann Sample", email).published()).unwrap();
    sandbox.advance(Duration::from_secs(600));
    contract.into()
}

async fn notify(server: &Serving, callback: &str, contract: ContractId) {
    assert_eq!(post(&server.url, notification(callback, contract)).await, 200);
}

/// The warnings of the log, without their times.
fn warnings(home: &Home) -> Vec<String> {
    let log = home.log_lines();
    log.iter().filter_map(|line| line.split_once("WARN ")).map(|(_, rest)| rest.to_owned()).collect()
}

#[tokio::test]
async fn a_field_that_is_held_and_a_document_that_is_not_attached_are_each_warned_of_once() {
    let (services, home) = services().await;
    home.append("[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\non_conflict = \"hold\"\n");
    let sandbox = services.sandbox();
    let contract = contract(&services, "ann@example.com");
    let candidate = sandbox.seeded().candidate;
    assert_eq!(home.run(&["sync", &contract.to_string()]).await.code, 0);
    sandbox.fill_data_field(contract.get(), "oneflow-notice", "3 months").unwrap();
    sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("6 months")).unwrap();
    sandbox.sign_all(contract.get()).unwrap();
    sandbox.refuse_uploads(2);

    let server = home.serve_with_log().await;
    notify(&server, "one", contract).await;
    until("both are told", async || warnings(&home).len() >= 2).await;
    let all = warnings(&home);
    let tells =
        |words: &[&str]| all.iter().filter(|line| words.iter().all(|word| line.contains(word))).count();
    let of_contract = format!("contract={contract}");
    let held =
        [&*of_contract, r#"data_field="oneflow-notice""#, r#"outcome="held""#, r#"reason="conflict-held""#];
    assert_eq!(tells(&held), 1, "{all:#?}");
    let document = [&*of_contract, r#"document="later""#, r#"reason="document-refused""#];
    assert_eq!(tells(&document), 1, "{all:#?}");
    until("the document is there in the end", async || {
        !sandbox.candidate_card(&candidate).unwrap().uploads.is_empty()
    })
    .await;
    notify(&server, "two", contract).await;
    let looked = || home.log_lines().iter().filter(|line| line.contains("look finished contract=")).count();
    let before = looked();
    until("it is looked at again", async || looked() > before).await;
    assert_eq!(warnings(&home), all, "as long as nothing changes, nothing is told again");
    assert!(!home.log_lines().concat().contains("months"), "no value is told");
}

#[tokio::test]
async fn contracts_without_a_candidate_are_counted_and_need_nobody() {
    let (services, home) = services().await;
    let contracts: Vec<_> =
        (0..5).map(|number| contract(&services, &format!("customer{number}@example.com"))).collect();
    services.sandbox().sign_all(contracts[0].get()).unwrap();
    let database = {
        let server = home.serve().await;
        // Noted together, so that they are looked at together.
        drop(server);
        home.database()
    };
    let inbox = Inbox::new(Store::open(&database).unwrap());
    for (number, contract) in contracts.iter().enumerate() {
        inbox.accept(&number.to_string(), *contract).await.unwrap();
    }
    let _server = home.serve_with_log().await;
    let counted =
        || home.log_lines().into_iter().filter(|line| line.contains("no candidate")).collect::<Vec<_>>();
    until("they are counted", async || !counted().is_empty()).await;
    let counted = counted();
    assert!(
        counted.len() == 1 && counted[0].contains("contracts=5") && counted[0].contains("INFO"),
        "{counted:?}"
    );
    assert_eq!(warnings(&home), [""; 0]);
    assert_eq!((inbox.waiting().await.unwrap(), inbox.parked().await.unwrap()), (vec![], vec![]));
}

#[tokio::test]
async fn a_forged_link_is_warned_of_with_the_command_that_puts_it_right() {
    let (services, home) = services().await;
    let seeded = services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let made =
        ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
    let made = home.run(&[&made[..], &["--publish", "--json"]].concat()).await;
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    let contract = ContractId::new(made["contract"].as_i64().unwrap());
    // With database and key lost, nobody can tell the link from a forged one.
    std::fs::remove_file(home.database()).unwrap();
    home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    let server = home.serve_with_log().await;
    notify(&server, "one", contract).await;
    let told = || warnings(&home).into_iter().find(|line| line.contains("link-forged"));
    until("it is told", async || told().is_some()).await;
    let told = told().unwrap();
    assert!(told.contains(&format!("smartsync link {contract} --candidate ID")), "{told}");
}
