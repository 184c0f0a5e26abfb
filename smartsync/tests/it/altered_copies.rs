//! A copy of a notification with another contract id does not hide the genuine one.

use std::{collections::BTreeMap, time::Instant};

use oneflow_client::ContractId;
use smartsync::{
    Inbox, Store, server,
    store::{Journal as _, SqliteJournal},
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use crate::support::{Home, Sender, get_text, looks, mock_services, notification, post, until};

const GENUINE: ContractId = ContractId::new(9001);

/// Services that have every contract as a draft, and an installation.
async fn services() -> (MockServer, Home) {
    let services = mock_services().await;
    let fields = ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    Mock::given(path("/v1/custom-fields")).respond_with(fields).with_priority(1).mount(&services).await;
    let draft = |asked: &wiremock::Request| {
        let id = asked.url.path().rsplit('/').next().unwrap_or_default();
        let body = format!(r#"{{ "id": {id}, "state": "draft", "data_fields": [], "parties": [] }}"#);
        ResponseTemplate::new(200).set_body_string(body)
    };
    Mock::given(any()).respond_with(draft).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    (services, home)
}

#[tokio::test]
async fn the_genuine_notification_is_acted_on_though_altered_copies_came_first() {
    for copies in [1, 2, 3, 7] {
        let (services, home) = services().await;
        let server = home.serve_with_log().await;
        for copy in 0..copies {
            assert_eq!(post(&server.url, notification("one", ContractId::new(424_242 + copy))).await, 200);
        }
        assert_eq!(post(&server.url, notification("one", GENUINE)).await, 200);
        assert_eq!(post(&server.url, notification("one", GENUINE)).await, 200);
        let all = usize::try_from(copies + 1).unwrap();
        until("all of them will be looked at", async || looks(&services).await.len() == all).await;
        assert!(looks(&services).await.contains(&"/v1/contracts/9001".to_owned()));
        let told =
            home.log_lines().iter().filter(|line| line.contains("WARN recorded a notification")).count();
        assert_eq!(told, all.min(4) - 1, "{:#?}", home.log_lines());
    }
}

/// So many that are looked at last may have had their look by now: the three that are in their turn, and one a second.
fn one_a_second(begun: Instant) -> usize {
    4 + usize::try_from(begun.elapsed().as_secs()).unwrap()
}

#[tokio::test]
async fn many_altered_copies_are_looked_at_after_everything_else_and_no_faster_than_one_a_second() {
    let (services, home) = services().await;
    let server = home.serve().await;
    let begun = Instant::now();
    for copy in 0..50 {
        assert_eq!(post(&server.url, notification("one", ContractId::new(424_242 + copy))).await, 200);
    }
    for other in 0..5 {
        let contract = ContractId::new(9001 + other);
        assert_eq!(post(&server.url, notification(&format!("genuine {other}"), contract)).await, 200);
    }
    until("the others are looked at", async || {
        looks(&services).await.iter().filter(|path| path.contains("/90")).count() == 5
    })
    .await;
    let altered = looks(&services).await.len() - 5;
    assert!((1..=one_a_second(begun)).contains(&altered), "{altered} in {:?}", begun.elapsed());
}

#[tokio::test]
async fn many_captured_notifications_put_no_contract_that_nobody_knows_before_a_real_one() {
    let (services, home) = services().await;
    let server = home.serve().await;
    let (sender, begun) = (Sender::to(&server.url), Instant::now());
    // Each has come before, for a contract of ours.
    let captured = |pair: i64| format!("captured {pair}");
    sender.post_all((0..60).map(|pair| notification(&captured(pair), GENUINE)).collect()).await;
    let copies = (0..60).flat_map(|pair| [2 * pair, 2 * pair + 1].map(|copy| (pair, copy)));
    let copies = copies.map(|(pair, copy)| notification(&captured(pair), ContractId::new(424_242 + copy)));
    sender.post_all(copies.collect()).await;
    let real = ContractId::new(9002);
    assert_eq!(post(&server.url, notification("real", real)).await, 200);
    let all = async || looks(&services).await;
    until("the real one is looked at", async || all().await.contains(&"/v1/contracts/9002".to_owned())).await;
    let altered = all().await.iter().filter(|path| path.contains("/424")).count();
    assert!(
        altered <= one_a_second(begun),
        "{altered} of 120 were looked at before it in {:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_thousand_contracts_are_noted_under_one_callback_id_and_the_others_counted() {
    let (_services, home) = services().await;
    home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
    let server = server::bind(&home.config()).await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let metrics = format!("http://{}/metrics", server.metrics_address().unwrap());
    tokio::spawn(server.run(std::future::pending()));
    let sender = Sender::to(&url);
    let copies = |contracts: std::ops::Range<i64>| {
        contracts.map(|contract| notification("captured", ContractId::new(contract))).collect()
    };
    sender.post_all(copies(1..2)).await;
    assert_eq!(sender.post_each(copies(2..1101)).await, BTreeMap::from([(200, 999), (429, 100)]));
    let (_, text) = get_text(&metrics).await;
    let counted = "smartsync_notifications_refused_total{cause=\"copies\"} 100";
    assert!(text.lines().any(|line| line == counted), "{text}");
    // They wait on purpose: nobody is told that contracts wait.
    let store = Store::open(&home.database()).unwrap();
    let oldest =
        SqliteJournal::new(store.clone()).status(jiff::Timestamp::now()).await.unwrap().oldest_waiting;
    assert!(Inbox::new(store).waiting().await.unwrap().len() > 900);
    assert!(oldest.is_none_or(|due| due.contract == ContractId::new(1)), "{oldest:?}");
    // Whatever else comes is noted.
    assert_eq!(post(&url, notification("genuine", ContractId::new(2000))).await, 200);
}
