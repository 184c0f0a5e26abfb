//! A notification that was lost makes a change late, and no more.

use std::time::Duration;

use oneflow_client::webhooks::{CreateWebhook, NewWebhook};
use smartsync::{
    ContractId, Inbox, Store,
    store::{Journal as _, LAST_SWEEP, SqliteJournal, Trigger},
};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::{Home, SIGN_KEY, notice, sent_contract, until};

async fn services() -> (HttpSandbox, Home) {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    home.replace("sweep = \"off\"", "sweep = \"30m\"");
    (services, home)
}

fn journal(home: &Home) -> SqliteJournal {
    SqliteJournal::new(Store::open(&home.database()).unwrap())
}

async fn has_swept(home: &Home) -> bool {
    journal(home).watermark(LAST_SWEEP).await.unwrap().is_some()
}

#[tokio::test]
async fn what_was_filled_in_and_signed_while_the_server_was_down_for_three_hours_is_on_the_card_soon_after_its_start()
 {
    let (services, home) = services().await;
    let sandbox = services.sandbox();
    let (candidate, contract) = sent_contract(&services, 1);
    sandbox.advance(Duration::from_secs(600));
    let mut server = home.serve().await;
    let webhook = NewWebhook::new(server.url.as_str()).sign_key(SIGN_KEY);
    home.config().webhook_client().unwrap().send(&CreateWebhook::new(webhook)).await.unwrap();
    sandbox.fill_data_field(contract, "oneflow-notice", "1 month").unwrap();
    until("a notification brings the value", async || {
        notice(&services, &candidate).as_deref() == Some("1 month")
    })
    .await;
    until("the first pass is over", async || has_swept(&home).await).await;
    until("nothing waits", async || {
        Inbox::new(Store::open(&home.database()).unwrap()).waiting().await.unwrap().is_empty()
    })
    .await;
    server.process.kill().await.unwrap();

    let looks = journal(&home).looks(ContractId::new(contract), 100).await.unwrap().len();
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();
    let back = sandbox.now() + Duration::from_secs(3 * 60 * 60);
    while sandbox.now() < back {
        sandbox.advance(Duration::from_secs(300));
        until("Oneflow has tried", async || sandbox.due_notifications().is_empty()).await;
    }
    assert!(sandbox.pending_notifications().is_empty(), "Oneflow has given up");
    assert!(sandbox.given_up_notifications() > 0);
    assert_eq!(notice(&services, &candidate).as_deref(), Some("1 month"));

    let _server = home.serve().await;
    until("the value is on the card", async || notice(&services, &candidate).as_deref() == Some("3 months"))
        .await;
    until("so is the document", async || !sandbox.candidate_files(&candidate).is_empty()).await;
    let files = sandbox.candidate_files(&candidate);
    assert!(files.len() == 1 && files[0].contents.starts_with(b"%PDF"), "{files:?}");
    assert!(files[0].name.contains(&contract.to_string()), "its own");
    until("the look is noted", async || {
        journal(&home).looks(ContractId::new(contract), 100).await.unwrap().len() > looks
    })
    .await;
    let later = journal(&home).looks(ContractId::new(contract), 100).await.unwrap();
    assert_eq!(later[0].occasion.trigger, Trigger::Sweep);
    assert_eq!(later.len(), looks + 1);
}

#[tokio::test]
async fn a_pass_looks_at_what_has_changed_since_and_at_nothing_else() {
    let (services, home) = services().await;
    let sandbox = services.sandbox();
    let contracts: Vec<_> = (0..8).map(|number| sent_contract(&services, number)).collect();
    let settled = async || {
        let inbox = Inbox::new(Store::open(&home.database()).unwrap());
        has_swept(&home).await && inbox.waiting().await.unwrap().is_empty()
    };
    let server = home.serve().await;
    until("all are looked at", settled).await;
    drop(server);
    journal(&home).set_watermark(LAST_SWEEP, None).await.unwrap();

    let (candidate, changed) = &contracts[3];
    sandbox.advance(Duration::from_secs(3600));
    sandbox.fill_data_field(*changed, "oneflow-notice", "6 months").unwrap();
    sandbox.clear_request_log();
    let _server = home.serve().await;
    until("what has changed is looked at", settled).await;
    assert_eq!(notice(&services, candidate).as_deref(), Some("6 months"));
    let log = sandbox.request_log();
    let asked = |operation: &str| log.iter().filter(|one| one.operation == operation).count();
    let looks = journal(&home).looks(ContractId::new(*changed), 10).await.unwrap();
    assert_eq!((asked("list_contracts"), looks.len()), (1, 2));
    assert_eq!(asked("get_contract"), 1, "{log:?}");
}
