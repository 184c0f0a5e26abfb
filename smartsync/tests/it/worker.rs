//! What becomes of a contract whose look fails.

use std::time::Duration;

use oneflow_client::ContractId;
use smartsync::{
    Backoff, Inbox, Store, server,
    store::{Due, Journal as _, Look, NextLook, Parked, SqliteJournal, Trigger},
};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use wiremock::{
    Mock, ResponseTemplate,
    matchers::{any, path},
};

use crate::support::{Home, looks, mock_services, notification, post, until};

const CONTRACT: ContractId = ContractId::new(9001);

/// Services that answer everything in one way, and the inbox after a server has looked at a contract.
async fn inbox_after_a_look(answer: ResponseTemplate, backoff: Backoff) -> (Inbox, Home, usize) {
    inbox_when(|attempts| attempts != Some(0), answer, backoff).await
}

/// The same, once the number of failures (`None`: the contract does not wait any more) is as wanted.
async fn inbox_when(
    wanted: fn(Option<i64>) -> bool,
    answer: ResponseTemplate,
    backoff: Backoff,
) -> (Inbox, Home, usize) {
    let services = mock_services().await;
    Mock::given(any()).respond_with(answer).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = server::bind(&home.config()).await.unwrap().backoff(backoff);
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    assert_eq!(post(&url, notification("one", CONTRACT)).await, 200);
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    let looked = async {
        while !wanted(attempts(&home)) {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), looked).await.expect("the contract is looked at");
    stop.send(()).unwrap();
    server.await.unwrap();
    let requests = looks(&services).await.len();
    (inbox, home, requests)
}

/// Failures noted for the contract; `None` once it does not wait any more.
fn attempts(home: &Home) -> Option<i64> {
    let database = rusqlite::Connection::open(home.database()).unwrap();
    database.query_row("SELECT attempts FROM waiting", [], |row| row.get(0)).ok()
}

/// The looks at the contract that the journal has, the newest first.
async fn looks_at(home: &Home, contract: ContractId) -> Vec<Look> {
    SqliteJournal::new(Store::open(&home.database()).unwrap()).looks(contract, 10).await.unwrap()
}

fn patient(attempts: u32) -> Backoff {
    let mut backoff = Backoff::default();
    backoff.base = Duration::ZERO;
    backoff.attempts = attempts;
    backoff
}

#[tokio::test]
async fn the_hint_of_the_service_is_honoured_and_nothing_is_asked_before() {
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "120");
    let (inbox, _home, requests) = inbox_after_a_look(busy, patient(20)).await;
    let Due::Later(Some(due)) = inbox.claim_due().await.unwrap() else { panic!("the contract waits") };
    let wait = due.as_second() - jiff::Timestamp::now().as_second();
    assert!((110..=121).contains(&wait), "{wait} s");
    // None where the server's own reading of the fields was refused first: then nothing more is sent.
    assert!(requests <= 1, "{requests}");
    assert!(inbox.parked().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_nobody_can_read_is_asked_for_again_and_parks_the_contract_with_its_reason_at_last() {
    let page = ResponseTemplate::new(200).set_body_string("<html>Ann Sample</html>");
    let (inbox, home, requests) = inbox_when(|left| left.is_none(), page, patient(3)).await;
    let parked: Vec<Parked> = inbox.parked().await.unwrap();
    assert_eq!((parked[0].contract, parked[0].attempts), (CONTRACT, 3));
    assert_eq!(requests, 3);
    assert!(parked[0].reason.starts_with("oneflow.get_contract: the answer"), "{}", parked[0].reason);
    assert!(!parked[0].reason.contains("Ann"), "{}", parked[0].reason);
    assert!(inbox.waiting().await.unwrap().is_empty());

    // The journal says the same of each of them.
    let looks = looks_at(&home, CONTRACT).await;
    let triggers: Vec<Trigger> = looks.iter().map(|look| look.occasion.trigger).collect();
    assert_eq!(triggers, [Trigger::Retry(2), Trigger::Retry(1), Trigger::Notification]);
    assert_eq!(looks[0].next, NextLook::Parked);
    assert!(matches!(looks[1].next, NextLook::At(_)), "{:?}", looks[1].next);
    for look in &looks {
        let (code, text) = look.error.as_ref().unwrap();
        assert_eq!((code.as_str(), text), ("answer-unreadable", &parked[0].reason));
        assert_eq!((look.fields.len(), look.drifts), (0, None));
        assert!(look.occasion.requests >= 1);
    }
}

#[tokio::test]
async fn a_fault_in_the_look_at_one_contract_ends_neither_the_server_nor_the_looks_at_others() {
    let services = mock_services().await;
    let fields = ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    Mock::given(path("/v1/custom-fields")).respond_with(fields).with_priority(1).mount(&services).await;
    for contract in [CONTRACT, ContractId::new(9002)] {
        let draft = format!(r#"{{ "id": {contract}, "state": "draft", "data_fields": [], "parties": [] }}"#);
        let draft = ResponseTemplate::new(200).set_body_string(draft);
        Mock::given(path(format!("/v1/contracts/{contract}"))).respond_with(draft).mount(&services).await;
    }
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = server::bind(&home.config()).await.unwrap().backoff(patient(3));
    let server = server.on_report(|report| assert_ne!(report.contract, CONTRACT, "a fault of the host"));
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    for (callback, contract) in [("one", CONTRACT), ("two", ContractId::new(9002))] {
        assert_eq!(post(&url, notification(callback, contract)).await, 200);
        until("nothing waits", async || inbox.waiting().await.unwrap().is_empty()).await;
    }
    assert_eq!(looks(&services).await.iter().filter(|path| path.ends_with("/9002")).count(), 1);
    let parked = inbox.parked().await.unwrap();
    assert_eq!((parked.len(), parked[0].contract, parked[0].attempts), (1, CONTRACT, 3));
    let errors = looks_at(&home, CONTRACT).await.into_iter().map(|look| look.error.unwrap());
    let interrupted = ("interrupted".to_owned(), "a bug in this program interrupted the look".to_owned());
    assert_eq!(errors.collect::<Vec<_>>(), vec![interrupted; 3], "recorded all the same");
    stop.send(()).unwrap();
    server.await.unwrap();
}

#[tokio::test]
async fn a_look_whose_end_could_not_be_noted_is_repeated() {
    let services = mock_services().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "120");
    Mock::given(any()).respond_with(busy.set_delay(Duration::from_millis(500))).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", CONTRACT)).await, 200);
    let asked = async {
        while looks(&services).await.is_empty() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), asked).await.unwrap();
    // Another program holds the database for longer than the server waits for it.
    let other = rusqlite::Connection::open(home.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    sleep(Duration::from_secs(6)).await;
    assert_eq!(attempts(&home), Some(0));
    other.execute_batch("ROLLBACK").unwrap();
    let noted = async {
        while attempts(&home) != Some(1) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), noted).await.expect("the contract is looked at again");
}

#[test]
fn the_wait_doubles_up_to_its_cap_never_undercuts_the_hint_and_is_an_hour_at_most() {
    let mut backoff = Backoff::default();
    backoff.base = Duration::from_secs(5);
    backoff.cap = Duration::from_secs(60);
    let longest: Vec<u64> = (1..=7).map(|failures| backoff.wait(failures, None, 1.0).as_secs()).collect();
    assert_eq!(longest, [5, 10, 20, 40, 60, 60, 60]);
    assert_eq!(backoff.wait(3, None, 0.0), Duration::ZERO);
    let hint = Duration::from_secs(90);
    assert_eq!(backoff.wait(1, Some(hint), 0.0), hint);
    assert_eq!(backoff.wait(1, Some(hint), 1.0), hint + backoff.base);
    let hour = Duration::from_secs(3600);
    for hint in [hour, Duration::from_secs(3599), Duration::MAX] {
        assert_eq!(backoff.wait(u32::MAX, Some(hint), 1.0), hour);
    }
    (backoff.base, backoff.cap) = (Duration::MAX, Duration::MAX);
    assert_eq!(backoff.wait(u32::MAX, None, 1.0), hour);
    assert_eq!(Backoff::default().wait(200, None, 1.0), Duration::from_secs(1800));
    assert!(!Backoff::default().is_used_up(19) && Backoff::default().is_used_up(20));
}

#[tokio::test]
async fn a_slow_contract_delays_no_other() {
    let services = mock_services().await;
    let fields = ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    Mock::given(path("/v1/custom-fields")).respond_with(fields).with_priority(1).mount(&services).await;
    let slow = ContractId::new(9002);
    for (contract, delay) in [(CONTRACT, Duration::ZERO), (slow, Duration::from_secs(60))] {
        let draft = format!(r#"{{ "id": {contract}, "state": "draft", "data_fields": [], "parties": [] }}"#);
        let draft = ResponseTemplate::new(200).set_body_string(draft).set_delay(delay);
        Mock::given(path(format!("/v1/contracts/{contract}"))).respond_with(draft).mount(&services).await;
    }
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = server::bind(&home.config()).await.unwrap();
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let server = tokio::spawn(server.run(std::future::pending()));
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    assert_eq!(post(&url, notification("one", slow)).await, 200);
    until("it is asked for", async || looks(&services).await.len() == 1).await;
    assert_eq!(post(&url, notification("two", CONTRACT)).await, 200);
    until("the other is done", async || inbox.waiting().await.unwrap() == [slow]).await;
    server.abort();
}
