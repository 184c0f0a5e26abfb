//! What fails every contract alike parks none of them, and is said once; what is one contract's own is parked.

use std::time::Duration;

use oneflow_client::ContractId;
use smartsync::{Backoff, Inbox, Store, server, store::Trigger};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, SandboxSettings};
use tokio::{sync::oneshot, task::JoinHandle};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use crate::support::{Home, get_text, looks, mock_accounts, mock_services, notification, post, until};

const CONTRACT: ContractId = ContractId::new(9001);
const OTHER: ContractId = ContractId::new(9002);

/// A server in this process that parks after the third failure of a contract's own, and does not wait between them.
struct Rig {
    home: Home,
    url: String,
    metrics: Option<String>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Rig {
    async fn start(services: &MockServer) -> Self {
        Self::start_at(Home::new(&format!("{}/v1", services.uri()), &services.uri())).await
    }

    async fn start_at(home: Home) -> Self {
        let mut backoff = Backoff::default();
        (backoff.base, backoff.attempts) = (Duration::ZERO, 3);
        let server = server::bind(&home.config()).await.unwrap().backoff(backoff);
        let url = format!("http://{}/webhooks/oneflow", server.address());
        let metrics = server.metrics_address().map(|address| format!("http://{address}/metrics"));
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
        Self { home, url, metrics, stop, server }
    }

    async fn notify(&self, callback: &str, contract: ContractId) {
        assert_eq!(post(&self.url, notification(callback, contract)).await, 200);
    }

    fn inbox(&self) -> Inbox {
        Inbox::new(Store::open(&self.home.database()).unwrap())
    }

    /// The reason for which the contract is parked, and after how many looks.
    async fn parked(&self) -> (u32, String) {
        let inbox = self.inbox();
        until("it is parked", async || !inbox.parked().await.unwrap().is_empty()).await;
        let mut parked = inbox.parked().await.unwrap();
        assert_eq!((parked.len(), parked[0].contract), (1, CONTRACT), "{parked:?}");
        let parked = parked.remove(0);
        (parked.attempts, parked.reason)
    }

    /// Whether an outage of reading contracts is told.
    async fn is_out(&self) -> bool {
        let (_, text) = get_text(self.metrics.as_deref().unwrap()).await;
        text.contains("smartsync_outage{errand=\"read-contract\"} 1")
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap();
    }
}

/// What Oneflow answers for a contract that is sent to nobody yet.
fn draft() -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_string(r#"{ "id": 9002, "state": "draft", "data_fields": [], "parties": [] }"#)
}

/// Services that have one contract, which is a draft, and answer this for every other.
async fn services(answer: ResponseTemplate) -> MockServer {
    let services = mock_services().await;
    let of_other = Mock::given(path("/v1/contracts/9002")).respond_with(draft());
    of_other.with_priority(1).mount(&services).await;
    let fields = ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    Mock::given(path("/v1/custom-fields")).respond_with(fields).with_priority(1).mount(&services).await;
    Mock::given(any()).respond_with(answer).mount(&services).await;
    services
}

async fn looks_at(services: &MockServer, contract: ContractId) -> usize {
    looks(services).await.iter().filter(|path| path.ends_with(&format!("/{contract}"))).count()
}

#[tokio::test]
async fn no_outage_and_no_refused_credential_parks_anything() {
    for status in [401, 403, 404, 429, 500, 503, 301] {
        let services = mock_services().await;
        // Our own patience with a busy service is not what is tried here.
        let answer = ResponseTemplate::new(status).insert_header("retry-after", "0");
        Mock::given(any()).respond_with(answer).mount(&services).await;
        let rig = Rig::start(&services).await;
        rig.notify("one", CONTRACT).await;
        rig.notify("two", OTHER).await;
        until("each is looked at often", async || {
            looks_at(&services, CONTRACT).await > 5 && looks_at(&services, OTHER).await > 5
        })
        .await;
        let inbox = rig.inbox();
        assert_eq!(inbox.parked().await.unwrap(), [], "{status}");
        assert_eq!(inbox.waiting().await.unwrap().len(), 2, "{status}");
        rig.end().await;
    }
}

#[tokio::test]
async fn a_contract_that_is_refused_while_others_are_read_is_parked_after_the_last_try() {
    let services = services(ResponseTemplate::new(403)).await;
    let rig = Rig::start(&services).await;
    rig.notify("one", OTHER).await;
    until("the other is looked at", async || looks_at(&services, OTHER).await > 0).await;
    rig.notify("two", CONTRACT).await;
    let (attempts, reason) = rig.parked().await;
    assert_eq!((attempts, looks_at(&services, CONTRACT).await), (3, 3));
    assert!(reason.contains("403"), "{reason}");
    rig.end().await;
}

#[tokio::test]
async fn a_contract_that_is_refused_alone_is_warned_of_once_and_is_no_outage() {
    let services = services(ResponseTemplate::new(403)).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = home.serve_with_log().await;
    assert_eq!(post(&server.url, notification("one", OTHER)).await, 200);
    until("the other is looked at", async || looks_at(&services, OTHER).await > 0).await;
    assert_eq!(post(&server.url, notification("two", CONTRACT)).await, 200);
    until("it is looked at twice", async || looks_at(&services, CONTRACT).await > 1).await;
    let again =
        || home.log_lines().into_iter().filter(|line| line.contains("will be retried")).collect::<Vec<_>>();
    until("both are told", async || again().len() > 1).await;
    let told = again();
    assert!(
        told[0].contains("WARN") && told[0].contains("contract=9001") && told[0].contains("403"),
        "{told:?}"
    );
    assert!(told[1].contains("INFO"), "{told:?}");
    assert!(!home.log_lines().concat().contains("ERROR"), "{:#?}", home.log_lines());
}

#[tokio::test]
async fn a_contract_that_a_service_cannot_answer_for_is_parked_only_where_it_answers_for_others_meanwhile() {
    let services = services(ResponseTemplate::new(500)).await;
    let rig = Rig::start(&services).await;
    rig.notify("one", CONTRACT).await;
    until("it is looked at often", async || looks_at(&services, CONTRACT).await > 12).await;
    assert_eq!(rig.inbox().parked().await.unwrap(), []);
    let mut notifications = 0;
    let inbox = rig.inbox();
    until("it is parked", async || {
        notifications += 1;
        rig.notify(&format!("other {notifications}"), OTHER).await;
        !inbox.parked().await.unwrap().is_empty()
    })
    .await;
    let (attempts, reason) = rig.parked().await;
    assert!(attempts > 3 && reason.contains("500"), "{attempts} {reason}");
    rig.end().await;
}

#[tokio::test]
async fn what_is_not_shown_is_kept_until_others_are_and_then_it_was_deleted() {
    let services = services(ResponseTemplate::new(404)).await;
    let rig = Rig::start(&services).await;
    rig.notify("one", CONTRACT).await;
    until("it is looked at often", async || looks_at(&services, CONTRACT).await > 12).await;
    let inbox = rig.inbox();
    assert_eq!(
        (inbox.waiting().await.unwrap(), inbox.parked().await.unwrap()),
        (vec![CONTRACT.into()], vec![])
    );
    rig.notify("two", OTHER).await;
    until("nothing waits", async || inbox.waiting().await.unwrap().is_empty()).await;
    assert_eq!(inbox.parked().await.unwrap(), [], "nobody has to do anything");
    rig.end().await;
}

#[tokio::test]
async fn ids_that_captured_notifications_are_sent_again_with_make_no_outage_and_contracts_that_are_known_do()
{
    for status in [404, 403, 500] {
        let services = services(ResponseTemplate::new(status)).await;
        let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
        home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
        let rig = Rig::start_at(home).await;
        // A quiet account: nobody else is looked at.
        let altered = [1, 2, 3].map(ContractId::new);
        for contract in altered {
            rig.notify(&format!("captured {contract}"), contract).await;
        }
        until("each is looked at often", async || {
            let mut all = true;
            for contract in altered {
                all &= looks_at(&services, contract).await > 12;
            }
            all
        })
        .await;
        assert!(!rig.is_out().await, "{status}");

        let database = rusqlite::Connection::open(rig.home.database()).unwrap();
        for contract in [CONTRACT, ContractId::new(9003)] {
            let insert = "INSERT INTO ledger (contract_id, entry) VALUES (?1, '{}')";
            database.execute(insert, [contract.get()]).unwrap();
            rig.notify(&contract.to_string(), contract).await;
        }
        until("an outage is told", async || rig.is_out().await).await;
        rig.end().await;
    }
}

#[tokio::test]
async fn what_a_notification_has_named_tells_of_an_outage_once_a_pass_has_found_it_though_nothing_was_read_yet()
 {
    for status in [403, 500] {
        let services = services(ResponseTemplate::new(status)).await;
        let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
        home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
        let rig = Rig::start_at(home).await;
        let contracts = [CONTRACT, ContractId::new(9003)];
        for contract in contracts {
            rig.notify(&contract.to_string(), contract).await;
        }
        until("each is looked at often", async || {
            looks_at(&services, contracts[0]).await > 12 && looks_at(&services, contracts[1]).await > 12
        })
        .await;
        assert!(!rig.is_out().await, "{status}");
        let found = contracts.iter().map(|contract| (*contract).into()).collect();
        rig.inbox().enqueue(found, Trigger::Sweep).await.unwrap();
        until("an outage is told", async || rig.is_out().await).await;
        rig.end().await;
    }
}

#[tokio::test]
async fn an_outage_for_some_contracts_parks_none_of_them() {
    for status in [500, 503, 403] {
        let services = services(ResponseTemplate::new(status).insert_header("retry-after", "0")).await;
        let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
        let inbox = Inbox::new(Store::open(&home.database()).unwrap());
        let failing: Vec<_> = (1..=4).map(ContractId::new).collect();
        for contract in &failing {
            inbox.accept(&contract.to_string(), *contract).await.unwrap();
        }
        let rig = Rig::start_at(home).await;
        let mut notifications = 0;
        until("each is looked at often", async || {
            notifications += 1;
            rig.notify(&format!("other {notifications}"), OTHER).await;
            let mut all = true;
            for contract in &failing {
                all &= looks_at(&services, *contract).await > 12;
            }
            all
        })
        .await;
        assert!(looks_at(&services, OTHER).await > 2);
        assert_eq!(inbox.parked().await.unwrap(), [], "{status}");
        rig.end().await;
    }
}

#[tokio::test]
async fn an_unreadable_list_that_is_for_all_contracts_parks_none() {
    for answer in [ResponseTemplate::new(404), ResponseTemplate::new(301), ResponseTemplate::new(403)] {
        let services = mock_services().await;
        Mock::given(path("/v1/contracts/9002")).respond_with(draft()).mount(&services).await;
        Mock::given(path("/v1/custom-fields")).respond_with(answer).mount(&services).await;
        let rig = Rig::start(&services).await;
        rig.notify("one", OTHER).await;
        until("it is looked at often", async || looks_at(&services, OTHER).await > 12).await;
        assert_eq!(rig.inbox().parked().await.unwrap(), []);
        rig.end().await;
    }
}

/// The lines of the log with this word.
fn said(home: &Home, word: &str) -> Vec<String> {
    home.log_lines().into_iter().filter(|line| line.contains(word)).collect()
}

#[tokio::test]
async fn a_workspace_that_is_forbidden_while_others_are_served_is_told_of_once() {
    let services = services(ResponseTemplate::new(403)).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = home.serve_with_log().await;
    for round in 0..6 {
        for (number, contract) in
            [OTHER, ContractId::new(round + 100), ContractId::new(round + 200)].into_iter().enumerate()
        {
            let before = looks_at(&services, contract).await;
            assert_eq!(post(&server.url, notification(&format!("{round} {number}"), contract)).await, 200);
            until("it is looked at", async || looks_at(&services, contract).await > before).await;
        }
    }
    // Of each errand.
    let (errors, warnings) = (said(&home, " ERROR "), said(&home, " WARN "));
    assert!(errors.len() <= 1, "{errors:#?}");
    assert!(warnings.len() <= 2, "{warnings:#?}");
    assert_eq!(said(&home, "the outage while"), [""; 0]);
}

#[tokio::test]
async fn a_service_that_comes_and_goes_is_told_of_once() {
    let services = mock_services().await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = home.serve_with_log().await;
    let fields = || ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    for round in 0..6 {
        services.reset().await;
        mock_accounts(&services).await;
        Mock::given(path("/v1/custom-fields")).respond_with(fields()).with_priority(1).mount(&services).await;
        let busy = ResponseTemplate::new(503).insert_header("retry-after", "0");
        Mock::given(any()).respond_with(busy).mount(&services).await;
        for contract in [round + 100, round + 200].map(ContractId::new) {
            assert_eq!(post(&server.url, notification(&contract.to_string(), contract)).await, 200);
            until("it is looked at", async || looks_at(&services, contract).await > 0).await;
        }
        until("both have failed", async || {
            said(&home, "be retried").len() + said(&home, " ERROR ").len() >= 2
        })
        .await;
        Mock::given(path("/v1/contracts/9002")).respond_with(draft()).with_priority(1).mount(&services).await;
        let before = said(&home, "look finished contract=9002").len();
        assert_eq!(post(&server.url, notification(&format!("good {round}"), OTHER)).await, 200);
        until("the good one is served", async || said(&home, "look finished contract=9002").len() > before)
            .await;
    }
    let (errors, over) = (said(&home, " ERROR "), said(&home, "the outage while"));
    assert!(errors.len() <= 1 && over.len() <= 1, "{errors:#?} {over:#?}");
}

/// What the sandbox has, and a sent and edited contract of each of three candidates.
async fn office() -> (HttpSandbox, Home, Vec<(String, ContractId)>) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let work = (0..3).map(|number| {
        let email = format!("candidate{number}@example.com");
        let candidate = sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).unwrap();
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment");
        let contract = sandbox.add_contract(seed.counterparty("A Candidate", &email).published()).unwrap();
        sandbox.advance(Duration::from_secs(600));
        sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        (candidate, contract.into())
    });
    let work = work.collect();
    (services, home, work)
}

#[tokio::test]
async fn a_key_that_is_taken_away_is_said_once_and_once_it_is_back_what_waited_is_done() {
    let (services, home, work) = office().await;
    let sandbox = services.sandbox();
    sandbox.take_away_key();
    let server = home.serve_with_log().await;
    for (number, (_, contract)) in work.iter().enumerate() {
        assert_eq!(post(&server.url, notification(&number.to_string(), *contract)).await, 200);
    }
    let said = |word: &str| home.log_lines().iter().filter(|line| line.contains(word)).count();
    until("it is said", async || said(" ERROR ") > 0).await;
    let failed = || {
        let database = rusqlite::Connection::open(home.database()).unwrap();
        let failed = "SELECT count(*) FROM waiting WHERE outage = 'read-candidate'";
        database.query_row(failed, [], |row| row.get::<_, u32>(0)).unwrap()
    };
    until("all wait", async || failed() == 3).await;
    assert_eq!(said(" ERROR "), 1, "{:#?}", home.log_lines());
    assert_eq!(said("outage while reading candidates from Teamtailor"), 1, "{:#?}", home.log_lines());
    // They have failed often enough to wait for half an hour.
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let half_an_hour = jiff::Timestamp::now().as_millisecond() + 1_800_000;
    database.execute("UPDATE waiting SET run_at = ?1, retry_at = ?1, attempts = 50", [half_an_hour]).unwrap();

    sandbox.give_back_key();
    // One of them is heard of.
    database.execute("UPDATE waiting SET not_before = 0", []).unwrap();
    assert_eq!(post(&server.url, notification("again", work[0].1)).await, 200);
    until("all are done", async || {
        work.iter().all(|(candidate, _)| {
            sandbox.candidate_card(candidate).unwrap().get("oneflow-notice") == Some("3 months")
        })
    })
    .await;
    // It is said once the look is over that has written the last of them.
    until("its end is said", async || {
        said("the outage while reading candidates from Teamtailor is over") > 0
    })
    .await;
    assert_eq!(
        (said(" ERROR "), said("the outage while reading candidates from Teamtailor is over")),
        (1, 1),
        "{:#?}",
        home.log_lines()
    );
}

#[tokio::test]
async fn a_restart_looks_at_what_waits_at_once() {
    let (services, home, work) = office().await;
    let sandbox = services.sandbox();
    sandbox.take_away_key();
    let mut server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", work[0].1)).await, 200);
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let half_an_hour = jiff::Timestamp::now().as_millisecond() + 1_800_000;
    let wait = "UPDATE waiting SET run_at = ?1, retry_at = ?1, not_before = 0 WHERE outage IS NOT NULL";
    until("it waits", async || database.execute(wait, [half_an_hour]).unwrap() == 1).await;
    server.process.kill().await.unwrap();
    sandbox.give_back_key();
    let _server = home.serve().await;
    until("it is done", async || {
        sandbox.candidate_card(&work[0].0).unwrap().get("oneflow-notice") == Some("3 months")
    })
    .await;
}
