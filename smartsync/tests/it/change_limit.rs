//! The limit of what may be overwritten: for a run, for an hour of the server, and as `plan --all` foresees it.

use std::time::Duration;

use oneflow_client::ContractId;
use rusqlite::Connection;
use serde_json::{Value, json};
use smartsync_core::{ContractRequest, PublishMessage};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, notification, post, sent_contract, until};

const NOTICE: &str = "oneflow-notice";

/// An installation with contracts that it has made and synced, and whose notice has changed since.
struct Office {
    services: HttpSandbox,
    home: Home,
    /// Candidate and contract, the contract with the lowest id first.
    sent: Vec<(String, i64)>,
}

impl Office {
    async fn open(contracts: usize, limit: u32) -> Self {
        let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
        let services = HttpSandbox::start(settings).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        let mut office = Self { services, home, sent: Vec::new() };
        let (_, engine) = office.home.config().open().await.unwrap();
        for number in 0..contracts {
            let seed = CandidateSeed::new(format!("candidate{number}@example.com"))
                .name("A", "Candidate")
                .field("phone", "+46701234567");
            let candidate = office.services.sandbox().add_candidate(seed).unwrap();
            let seeded = office.services.sandbox().seeded();
            let name = format!("hire-{number}").parse().unwrap();
            let (template, workspace) = (seeded.template.into(), seeded.workspace.into());
            let request = ContractRequest::new(name, candidate.as_str().into(), template, workspace)
                .publish(PublishMessage::new("Your contract", "Please sign."));
            let plan = engine.plan_contract(&request).await.unwrap();
            let contract = engine.create(plan).await.unwrap().contract;
            office.sent.push((candidate, contract.get()));
        }
        office.services.sandbox().advance(Duration::from_secs(600));
        office.fill("3 months");
        assert_eq!(office.home.run(&["sync", "--all"]).await.code, 0, "empty fields are filled in");
        assert_eq!(office.notices(), vec!["3 months"; contracts]);
        office.fill("6 months");
        office.home.append(&format!("\n[limits]\nchanges = {limit}\n"));
        office
    }

    fn fill(&self, text: &str) {
        for (_, contract) in &self.sent {
            self.services.sandbox().fill_data_field(*contract, NOTICE, text).unwrap();
        }
    }

    fn notices(&self) -> Vec<String> {
        let notice = |(candidate, _): &(String, i64)| {
            let card = self.services.sandbox().candidate_card(candidate).unwrap();
            card.get(NOTICE).unwrap_or_default().to_owned()
        };
        self.sent.iter().map(notice).collect()
    }

    fn overwritten(&self) -> usize {
        self.notices().iter().filter(|notice| *notice == "6 months").count()
    }

    fn database(&self) -> Connection {
        let database = Connection::open(self.home.database()).unwrap();
        database.busy_timeout(Duration::from_secs(5)).unwrap();
        database
    }

    fn number(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn plan_all_says_what_the_first_sync_would_write_and_where_the_limit_would_be_reached() {
    let office = Office::open(3, 2).await;
    let sandbox = office.services.sandbox();
    // Of one more, an empty field would be filled in.
    sandbox.fill_data_field(office.sent[0].1, "oneflow-start-date", "2031-05-01").unwrap();
    sandbox.clear_request_log();
    let planned = office.home.run(&["plan", "--all"]).await;
    assert_eq!((planned.code, planned.err.as_str()), (0, ""));
    let last = office.sent[2].1;
    assert!(
        planned.out.ends_with(&format!(
            "\
3 of 3 contracts planned: 1 empty fields would be filled in, 3 values overwritten or cleared, 0 documents attached; 0 fields would be held, 0 would fail
The limit of 2 overwritten values would be reached at contract {last}: `smartsync sync --all` would hold everything beyond it
Based on the cards as they are now: a field that several contracts would write counts once, for the first of them; if a contract with precedence is synced later, the sync writes the field again
Nothing was written.
"
        )),
        "{}",
        planned.out
    );
    assert_eq!(planned.out.lines().count(), 9, "a line for each contract: {}", planned.out);
    let planned: Value =
        serde_json::from_str(&office.home.run(&["plan", "--all", "--json"]).await.out).unwrap();
    assert_eq!(
        planned["totals"],
        json!({ "filled": 1, "overwritten": 3, "documents": 0, "held": 0, "failed": 0 })
    );
    assert_eq!((&planned["limit"], &planned["limit_reached_at"]), (&json!(2), &json!(last)));
    assert_eq!(planned["changes"].as_array().unwrap().len(), 3);
    assert!(sandbox.request_log().iter().all(|request| request.method == "GET"));
    assert_eq!((office.overwritten(), office.number("SELECT count(*) FROM overwrites")), (0, 0));
}

#[tokio::test]
async fn plan_all_counts_a_field_of_a_card_once_however_many_contracts_would_write_it() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (sandbox, (candidate, first)) = (services.sandbox(), sent_contract(&services, 0));
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("A Candidate", "candidate0@example.com")
        .published();
    let second = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    for (contract, field) in [(first, NOTICE), (second, NOTICE), (second, "oneflow-start-date")] {
        sandbox.fill_data_field(contract, field, "2031-05-01").unwrap();
    }
    let planned = home.run(&["plan", "--all", "--json"]).await;
    let planned: Value = serde_json::from_str(&planned.out).unwrap();
    let line = |contract: i64| json!({ "contract": contract, "candidate": candidate, "filled": 1, "overwritten": 0, "documents": 0, "held": 0, "failed": 0 });
    assert_eq!(planned["changes"], json!([line(first), line(second)]));
    assert_eq!(planned["totals"]["filled"], 2);
}

#[tokio::test]
async fn a_run_overwrites_no_more_than_is_allowed_unless_a_person_says_so() {
    let office = Office::open(3, 1).await;
    let first = office.home.run(&["sync", "--all"]).await;
    assert_eq!(first.code, 2, "something is held: {}", first.err);
    let left = "values left unchanged because of the limit: 2. If the contracts' values are right, repeat the command with `--max-changes 2`\n";
    assert!(first.out.ends_with(left), "{}", first.out);
    assert_eq!(office.overwritten(), 1);
    let again = office.home.run(&["sync", "--all", "--json"]).await;
    assert_eq!((again.code, office.overwritten()), (2, 1), "the hour counts, also in another process");
    assert_eq!(again.out.matches("\"limit-reached\"").count(), 2);
    let named = office.home.run(&["sync", "--all", "--max-changes", "1"]).await;
    // By this command nothing is looked at again, and not the hour is what it has reached.
    assert!(
        named.out.contains(
            "limit on overwritten and cleared values has been reached, so this value was left as it is."
        ),
        "{}",
        named.out
    );
    assert!(!named.out.contains("hour") && !named.out.contains("retried"), "{}", named.out);
    assert_eq!(
        (named.code, office.overwritten()),
        (2, 2),
        "what a person names is all that counts for this run"
    );
    assert_eq!(office.home.run(&["sync", "--all", "--max-changes", "1"]).await.code, 0);
    assert_eq!(office.overwritten(), 3);
    assert_eq!(
        office.number("SELECT sum(count) FROM overwrites"),
        3,
        "and counts for the hours of the server"
    );
    assert_eq!(
        office.number("SELECT count(*) FROM waiting"),
        0,
        "a command leaves nothing to be done behind one's back"
    );
}

#[tokio::test]
async fn a_server_holds_says_so_once_parks_nothing_does_not_spin_and_goes_on_when_there_is_room() {
    let office = Office::open(4, 1).await;
    // Looks that are under way at the same time find it out each for itself.
    office.home.replace("sweep = \"off\"", "sweep = \"off\"\nconcurrency = 1");
    let mut server = office.home.serve().await;
    for (number, (_, contract)) in office.sent.iter().enumerate() {
        let contract = ContractId::new(*contract);
        assert_eq!(post(&server.url, notification(&format!("call-{number}"), contract)).await, 200);
    }
    let waits =
        "SELECT count(*) FROM waiting WHERE outage = 'limit-of-changes' AND claimed_generation IS NULL";
    until("three wait", async || office.number(waits) == 3).await;
    assert_eq!(office.overwritten(), 1);
    let told = || office.home.log().matches("the hourly limit on overwritten and cleared values").count();
    assert_eq!(told(), 1, "{}", office.home.log());
    assert!(office.home.log().contains("smartsync sync --all --max-changes N"), "the remedy");
    let minutes = "SELECT (max(run_at) - strftime('%s') * 1000) / 60000 FROM waiting";
    assert!((55..=61).contains(&office.number(minutes)), "{}", office.number(minutes));
    assert_eq!(office.number("SELECT max(faults) FROM waiting"), 0, "no failure of theirs");

    // Their time comes, and there is still no room: one of them finds out for all.
    let sandbox = office.services.sandbox();
    sandbox.clear_request_log();
    office.database().execute("UPDATE waiting SET run_at = 1, retry_at = 1", []).unwrap();
    assert_eq!(post(&server.url, notification("call-wake", ContractId::new(office.sent[0].1))).await, 200);
    until("all wait again", async || {
        office.number(&format!("{waits} AND run_at > 1")) == 3
            && office.number("SELECT count(*) FROM waiting") == 3
    })
    .await;
    let waiting: Vec<String> =
        office.sent.iter().map(|(_, contract)| format!("/contracts/{contract}")).collect();
    let log = sandbox.request_log();
    let looked =
        waiting.iter().filter(|path| log.iter().any(|asked| asked.path.ends_with(path.as_str()))).count();
    assert!(looked <= 2, "the one that woke it, and one for all: {looked}");

    // An hour later.
    office
        .database()
        .execute_batch(
            "UPDATE overwrites SET minute = minute - 61; UPDATE waiting SET run_at = 1, retry_at = 1",
        )
        .unwrap();
    assert_eq!(post(&server.url, notification("call-wake-2", ContractId::new(office.sent[0].1))).await, 200);
    until("one more is written", async || office.overwritten() == 2).await;
    until("the others wait", async || office.number(waits) == 2).await;
    assert_eq!((told(), office.number("SELECT count(*) FROM parked")), (1, 0));
    server.process.kill().await.unwrap();
}
