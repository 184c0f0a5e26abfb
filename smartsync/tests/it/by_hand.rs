//! What a person did with a contract stands in its history: its creation and its link, without a name and without a value.

use serde_json::{Value, json};
use smartsync_sandbox::{CandidateSeed, Fault, HttpSandbox, Origin, SandboxSettings};

use crate::support::{Ended, Home};

struct Office {
    services: HttpSandbox,
    home: Home,
}

impl Office {
    async fn open() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        Self { services, home }
    }

    async fn create(&self, more: &[&str]) -> String {
        let seeded = self.services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
        let made = self.home.run(&[&what[..], &["--workspace", &workspace, "--json"], more].concat()).await;
        assert_eq!(made.code, 0, "{}", made.err);
        serde_json::from_str::<Value>(&made.out).unwrap()["contract"].to_string()
    }

    async fn history(&self, contract: &str) -> Vec<Value> {
        let ended = self.home.run(&["history", contract, "--json"]).await;
        names_nobody(&ended);
        serde_json::from_str(&ended.out).unwrap()
    }

    /// The lines of the rows, without their times and costs.
    async fn lines(&self, contract: &str) -> Vec<String> {
        let ended = self.home.run(&["history", contract]).await;
        names_nobody(&ended);
        let rows = ended.out.lines().filter_map(|line| line.split_once(", by hand: "));
        rows.map(|(_, row)| row.rsplit_once(", ").map_or(row, |(row, _)| row).to_owned()).collect()
    }
}

fn names_nobody(ended: &Ended) {
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    for text in ["Ann", "Sample", "@example.com", "42000", "hire-1", "Bo"] {
        assert!(!ended.out.contains(text), "{text}: {}", ended.out);
    }
}

fn each(rows: &[Value], key: &str) -> Value {
    rows.iter().map(|row| row[key].clone()).collect()
}

#[tokio::test]
async fn who_created_or_linked_a_contract_by_hand_is_no_riddle() {
    let office = Office::open().await;
    let candidate = office.services.sandbox().seeded().candidate;
    let other = CandidateSeed::new("bo@example.com").name("Bo", "Sample");
    let other = office.services.sandbox().add_candidate(other).unwrap();
    let contract = office.create(&["--request", "hire-1"]).await;
    assert_eq!(office.create(&["--request", "hire-1"]).await, contract);
    // Refused, for it is the other one's: nothing was done, and nothing is told.
    assert_eq!(office.home.run(&["link", &contract, "--candidate", &other]).await.code, 1);
    assert_eq!(office.home.run(&["link", &contract, "--candidate", &other, "--yes"]).await.code, 0);

    let rows = office.history(&contract).await;
    assert_eq!(each(&rows, "action"), json!(["linked", "adopted", "created"]));
    assert_eq!(each(&rows, "candidate"), json!([other, candidate, candidate]));
    assert_eq!(each(&rows, "trigger"), json!(["by_hand", "by_hand", "by_hand"]));
    assert_eq!(each(&rows, "state"), json!([null, null, "draft"]));
    assert_eq!(each(&rows, "drifts"), json!([null, null, null]));
    assert_eq!(each(&rows, "next"), json!(["left", "none", "none"]));
    assert!(rows.iter().all(|row| row["requests"].as_u64().unwrap() > 0), "{rows:?}");
    let salary =
        rows[2]["fields"].as_array().unwrap().iter().find(|field| field["oneflow"] == "oneflow-salary");
    assert_eq!(salary.unwrap()["outcome"], "written");
    assert_eq!(rows[0]["fields"], json!([]));
    let linked = format!("linked to candidate {other}");
    let expected = [linked.as_str(), "found as an earlier attempt created it", "created as a draft"];
    assert_eq!(office.lines(&contract).await, expected);

    // None of that was a look.
    let status: Value = serde_json::from_str(&office.home.run(&["status", "--json"]).await.out).unwrap();
    assert_eq!((&status["last_look"], &status["drift"]["contracts"]), (&Value::Null, &json!(0)));

    let sent = office.create(&["--publish"]).await;
    assert_eq!(office.lines(&sent).await, ["created and sent"]);
}

#[tokio::test]
async fn a_contract_that_was_created_and_perhaps_not_sent_is_told_as_such() {
    let office = Office::open().await;
    let sandbox = office.services.sandbox();
    sandbox.add_fault(Fault::status(503, "").of(Origin::Oneflow).operation("publish_contract")).unwrap();
    let seeded = sandbox.seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template, "--publish"];
    let failed =
        office.home.run(&[&what[..], &["--workspace", &workspace, "--request", "hire-1"]].concat()).await;
    assert!(failed.code == 1 && failed.err.contains("it is not known whether it was sent"), "{}", failed.err);
    let contract = sandbox.contracts()[0].to_string();
    assert_eq!(office.lines(&contract).await, ["created, and not known whether it was sent"]);
    sandbox.clear_faults();
    assert_eq!(office.create(&["--publish", "--request", "hire-1"]).await, contract);
    let rows = office.history(&contract).await;
    assert_eq!(each(&rows, "action"), json!(["adopted", "created"]));
}

#[tokio::test]
async fn what_a_person_did_goes_with_the_candidate() {
    let office = Office::open().await;
    let candidate = office.services.sandbox().seeded().candidate;
    let contract = office.create(&["--publish"]).await;
    assert_eq!(office.home.run(&["link", &contract, "--candidate", &candidate]).await.code, 0);
    assert_eq!(each(&office.history(&contract).await, "action"), json!(["linked", "created"]));
    assert_eq!(office.home.run(&["forget", "--candidate", &candidate]).await.code, 0);
    assert_eq!(office.history(&contract).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_fails_neither_a_creation_nor_a_link() {
    let office = Office::open().await;
    let candidate = office.services.sandbox().seeded().candidate;
    let contract = office.create(&[]).await;
    let database = rusqlite::Connection::open(office.home.database()).unwrap();
    database.execute_batch("ALTER TABLE looks RENAME TO gone").unwrap();
    office.create(&[]).await;
    let linked = office.home.run(&["link", &contract, "--candidate", &candidate]).await;
    assert!(linked.code == 0 && linked.err.contains("the journal could not be written"), "{}", linked.err);
}
