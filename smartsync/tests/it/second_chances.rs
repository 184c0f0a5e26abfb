//! What is refused, cut off or unreadable once, through the whole server: looked at again, and parked with its reason at last.

use std::time::Duration;

use smartsync::{Backoff, Inbox, SqliteLedger, Store, server};
use smartsync_core::{
    CandidateId, Ledger as _, LedgerEntry,
    ledger::{DocumentRecord, LedgerChange},
};
use smartsync_sandbox::{ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::support::{Home, notification, post};

/// Both services, and a signed contract of the sample candidate with one edited field.
async fn signed() -> (HttpSandbox, Home, i64) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let contract = contract(sandbox, "Employment");
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();
    (services, home, contract)
}

fn contract(sandbox: &Sandbox, name: &str) -> i64 {
    let seed = ContractSeed::new(sandbox.seeded().template, name)
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    contract
}

/// Serves, tells the server of the contract, and waits until `done`.
async fn serve_until(home: &Home, contract: i64, attempts: u32, done: impl AsyncFn() -> bool) {
    let mut backoff = Backoff::default();
    (backoff.base, backoff.attempts) = (Duration::ZERO, attempts);
    let server = server::bind(&home.config()).await.unwrap().backoff(backoff);
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    assert_eq!(post(&url, notification("one", contract.into())).await, 200);
    let wait = async {
        while !done().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), wait).await.expect("it ends as it must");
    stop.send(()).unwrap();
    server.await.unwrap();
}

fn files(services: &HttpSandbox) -> Vec<String> {
    let sandbox = services.sandbox();
    sandbox.candidate_card(&sandbox.seeded().candidate).unwrap().uploads
}

fn inbox(home: &Home) -> Inbox {
    Inbox::new(Store::open(&home.database()).unwrap())
}

#[tokio::test]
async fn a_signed_document_that_was_refused_twice_is_on_the_card_in_the_end() {
    let (services, home, contract) = signed().await;
    services.sandbox().refuse_uploads(2);
    serve_until(&home, contract, 20, async || !files(&services).is_empty()).await;
    assert_eq!(files(&services).len(), 1);
    assert!(inbox(&home).parked().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_signed_document_that_is_always_refused_is_parked_with_its_reason() {
    let (services, home, contract) = signed().await;
    services.sandbox().refuse_uploads(u32::MAX);
    serve_until(&home, contract, 3, async || !inbox(&home).parked().await.unwrap().is_empty()).await;
    let parked = inbox(&home).parked().await.unwrap();
    assert_eq!((parked[0].attempts, parked[0].reason.as_str()), (3, "document: document-refused"));
    let sandbox = services.sandbox();
    let card = sandbox.candidate_card(&sandbox.seeded().candidate).unwrap();
    assert_eq!(card.get("oneflow-notice"), Some("3 months"), "the fields were written long before");
}

#[tokio::test]
async fn a_service_that_cleans_file_names_gets_one_document_however_often_it_is_looked_at() {
    let (services, home, contract) = signed().await;
    services.sandbox().clean_file_names();
    for _ in 0..3 {
        assert_eq!(home.run(&["sync", &contract.to_string()]).await.code, 0);
    }
    let names = files(&services);
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(!names[0].contains([' ', '(']), "{names:?}");
    // By its mark it is known without the ledger as well.
    std::fs::remove_file(home.database()).unwrap();
    let ended = home.run(&["sync", &contract.to_string()]).await;
    assert!(ended.out.contains("already there"), "{}", ended.out);
    assert_eq!(files(&services).len(), 1);
}

#[tokio::test]
async fn a_cut_off_upload_waits_for_a_person_who_can_have_it_attached() {
    let (services, home, contract) = signed().await;
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    let candidate = CandidateId::from(services.sandbox().seeded().candidate.as_str());
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(candidate.clone());
    entry.document = Some(DocumentRecord::Intended);
    let card = ledger.load_card(&candidate).await.unwrap();
    ledger.update(&LedgerChange::set(contract.into(), candidate, entry, card)).await.unwrap();

    let ended = home.run(&["sync", &contract.to_string()]).await;
    assert_eq!(ended.code, 2);
    assert!(ended.out.contains("An earlier upload was interrupted"), "{}", ended.out);
    assert!(files(&services).is_empty());
    let ended = home.run(&["sync", "--attach-again", &contract.to_string()]).await;
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert_eq!(files(&services).len(), 1);
    let ended = home.run(&["sync", "--attach-again", &contract.to_string()]).await;
    assert!(ended.out.contains("already there"), "{}", ended.out);
    assert_eq!(files(&services).len(), 1, "what is known to be there is not attached again");
    // The history has the look in which a person had it attached, and says so of no other.
    let told = home.run(&["history", &contract.to_string(), "--json"]).await;
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let actions = told.as_array().unwrap().iter().map(|look| look["action"].clone()).collect::<Vec<_>>();
    assert_eq!(serde_json::json!(actions), serde_json::json!([null, "attach_again", null]));
    let told = home.run(&["history", &contract.to_string()]).await;
    assert!(told.out.contains("Z, by hand: document to be attached again, signed, "), "{}", told.out);
}

#[tokio::test]
async fn the_card_follows_the_contract_that_was_signed_though_another_one_wrote_last() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let salary = || {
        let card = sandbox.candidate_card(&sandbox.seeded().candidate).unwrap();
        card.get("oneflow-salary").map(str::to_owned)
    };
    let sync = async |contract: i64| {
        let ended = home.run(&["sync", &contract.to_string()]).await;
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    };
    let first = contract(sandbox, "First");
    sandbox.fill_data_field(first, "oneflow-salary", "30000").unwrap();
    sync(first).await;
    assert_eq!(salary().as_deref(), Some("30000"));
    let second = contract(sandbox, "Second");
    sandbox.fill_data_field(second, "oneflow-salary", "35000").unwrap();
    sync(second).await;
    assert_eq!(salary().as_deref(), Some("35000"));
    sandbox.sign_all(first).unwrap();
    sync(first).await;
    assert_eq!(salary().as_deref(), Some("30000"), "what the other contract wrote is no recruiter's edit");
    sync(second).await;
    assert_eq!(salary().as_deref(), Some("30000"));
}
