//! Many notifications at once: for one contract, and copies of one that were altered.

use std::{env, time::Duration};

use oneflow_client::ContractId;
use smartsync::{
    Inbox, Store,
    store::{Journal as _, SqliteJournal},
};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::time::Instant;

use crate::support::{Gate, Home, Sender, notice, notification, sent_contract, until};

/// So many altered copies are sent, unless `SMARTSYNC_REPLAYS` says another number. More than are looked at in ten times as long as
/// the test waits.
const REPLAYS: i64 = 500;

/// Real contracts have ids below.
const ALTERED: i64 = 1_000_000_000;

async fn services() -> HttpSandbox {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    HttpSandbox::start(settings).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_notifications_during_one_look_cause_at_most_two_more() {
    let services = services().await;
    let sandbox = services.sandbox();
    let gate = Gate::before(services.oneflow_url().as_str()).await;
    let home = Home::new(&format!("{}/v1", gate.origin), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (candidate, contract) = sent_contract(&services, 1);
    sandbox.advance(Duration::from_secs(600));
    let server = home.serve().await;
    let sender = Sender::to(&server.url);
    sender.post_all(vec![notification("first", ContractId::new(contract))]).await;
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let claimed = "SELECT count(*) FROM waiting WHERE claimed_generation IS NOT NULL";
    let is_claimed = || database.query_row(claimed, [], |row| row.get::<_, i64>(0)).unwrap() == 1;
    until("it is looked at", async || is_claimed()).await;

    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let body = |number| notification(&format!("callback {number}"), ContractId::new(contract));
    sender.post_all((0..1_000).map(body).collect()).await;
    assert!(is_claimed(), "the first look is still under way");
    gate.open();

    let store = Store::open(&home.database()).unwrap();
    let inbox = Inbox::new(store.clone());
    until("nothing waits", async || inbox.waiting().await.unwrap().is_empty()).await;
    let looks = SqliteJournal::new(store).looks(ContractId::new(contract), 10_000).await.unwrap().len();
    eprintln!("1,000 notifications during one look: {} more looks", looks - 1);
    assert!((2..=3).contains(&looks), "{looks}");
    assert_eq!(notice(&services, &candidate).as_deref(), Some("3 months"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_notification_after_many_altered_copies_of_another_is_looked_at_at_once() {
    let replays = env::var("SMARTSYNC_REPLAYS").ok().map(|text| text.parse().unwrap());
    let services = services().await;
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (candidate, contract) = sent_contract(&services, 1);
    services.sandbox().advance(Duration::from_secs(600));
    services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let server = home.serve().await;
    let sender = Sender::to(&server.url);
    let copy = |number| notification("captured", ContractId::new(ALTERED + number));
    let answers = sender.post_each((0..replays.unwrap_or(REPLAYS)).map(copy).collect()).await;
    assert!(answers.keys().all(|status| [200, 429].contains(status)), "{answers:?}");

    let sent = Instant::now();
    sender.post_all(vec![notification("real", ContractId::new(contract))]).await;
    until("the value is on the card", async || notice(&services, &candidate).is_some()).await;
    let late = sent.elapsed();
    let waiting = Inbox::new(Store::open(&home.database()).unwrap()).waiting().await.unwrap().len();
    eprintln!(
        "{} altered copies ({answers:?}), {waiting} of them still wait: the real one took {late:?}",
        replays.unwrap_or(REPLAYS)
    );
    assert!(waiting > 300, "the copies are looked at after it: {waiting}");
    // Where nobody asked for a number, the machine may do much else at the same time.
    let limit = Duration::from_secs(if replays.is_some() { 2 } else { 10 });
    assert!(late < limit, "{late:?}");
}
