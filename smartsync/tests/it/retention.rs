//! Digests are kept for ever, or until nothing has changed for as long as the configuration says; looks for 90 days, or as it says.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use smartsync::{
    Config, Store,
    store::{Action, Journal as _, Look, NextLook, Occasion, SqliteJournal, Trigger},
};
use smartsync_sandbox::{CandidateSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, until};

/// An installation that keeps digests for 30 days.
async fn installation() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.replace("[store]", "[store]\n            keep_bases = \"30d\"");
    (services, home)
}

/// Makes a contract that is sent, and gives its id.
async fn create(services: &HttpSandbox, home: &Home, candidate: &str) -> i64 {
    let seeded = services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", candidate, "--template", &template, "--workspace", &workspace];
    let made = home.run(&[&what[..], &["--publish", "--json"]].concat()).await;
    assert_eq!(made.code, 0, "{}", made.err);
    serde_json::from_str::<Value>(&made.out).unwrap()["contract"].as_i64().unwrap()
}

/// What the database knows of a contract.
fn entry(home: &Home, contract: i64) -> Value {
    let database = Connection::open(home.database()).unwrap();
    let entry = "SELECT entry FROM ledger WHERE contract_id = ?1";
    serde_json::from_str(&database.query_row(entry, [contract], |row| row.get::<_, String>(0)).unwrap())
        .unwrap()
}

fn cards(home: &Home) -> Vec<String> {
    let database = Connection::open(home.database()).unwrap();
    let mut cards = database.prepare("SELECT candidate_id FROM cards ORDER BY candidate_id").unwrap();
    cards.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn let_days_pass(home: &Home, days: i64) {
    let database = Connection::open(home.database()).unwrap();
    database.execute("UPDATE ledger SET changed_at = changed_at - ?1 * 86400", [days]).unwrap();
}

#[tokio::test]
async fn digests_are_erased_once_nothing_has_changed_for_long_and_nothing_is_written_any_more() {
    let (services, home) = installation().await;
    let sandbox = services.sandbox();
    let seed = CandidateSeed::new("other@example.com").name("Bo", "Sample").field("phone", "+46701740605");
    let other = sandbox.add_candidate(seed).unwrap();
    let ida = sandbox.seeded().candidate;
    let old = create(&services, &home, &ida).await;
    assert!(entry(&home, old)["bases"].is_object());

    let_days_pass(&home, 29);
    create(&services, &home, &other).await;
    assert!(entry(&home, old)["bases"].is_object(), "not yet");
    let_days_pass(&home, 2);
    assert_eq!(home.run(&["sync", &old.to_string()]).await.code, 0);
    assert!(entry(&home, old)["bases"].is_object(), "only with a change of another");
    let new = create(&services, &home, &other).await;
    assert_eq!(
        (&entry(&home, old)["candidate"], &entry(&home, old)["bases"], &entry(&home, old)["is_retired"]),
        (&Value::from(ida.as_str()), &Value::Null, &Value::from(true)),
        "whose it is stays"
    );
    assert!(entry(&home, new)["bases"].is_object());
    assert_eq!(cards(&home), [other.as_str()], "of the other candidate something is kept");

    // A recruiter's edit could not be told from what was agreed on.
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(old, "oneflow-notice", "3 months").unwrap();
    let contract = old.to_string();
    let ended = home.run(&["sync", &contract, "--json"]).await;
    assert!(ended.code == 0 && ended.out.contains("\"reason\": \"contract-retired\""), "{}", ended.out);
    assert!(!ended.out.contains("\"written\""), "{}", ended.out);

    // A person takes it back.
    assert_eq!(home.run(&["link", &contract, "--candidate", &ida]).await.code, 0);
    assert_eq!(entry(&home, old)["is_retired"], Value::Null);
    let ended = home.run(&["sync", &contract, "--json"]).await;
    assert!(ended.out.contains("\"written\""), "{}", ended.out);
}

#[test]
fn for_ever_is_the_default_and_what_is_no_time_is_refused() {
    let read = |store: &str| {
        Config::from_toml(&format!(
            "[oneflow]\ntoken = {{ env = \"A\" }}\n[teamtailor]\ntoken = {{ env = \"B\" }}\n[store]\n{store}"
        ))
    };
    let days =
        |store: &str| read(store).unwrap().store.keep_bases.duration().map(|kept| kept.as_secs() / 86_400);
    assert_eq!(days(""), None);
    assert_eq!(days("keep_bases = \"forever\""), None);
    assert_eq!(days("keep_bases = \"30d\""), Some(30));
    assert_eq!(days("keep_bases = \"36500d\""), Some(36_500));
    for wrong in ["29d", "36501d", "0d", "-730d", "730", "730 d", "2y", "", "99999999999999999999d"] {
        let error = read(&format!("keep_bases = \"{wrong}\"")).unwrap_err().to_string();
        assert!(
            error.contains("`store.keep_bases`") && error.contains("from \"30d\" to \"36500d\""),
            "{error}"
        );
    }
}

#[test]
fn looks_are_kept_for_90_days_or_as_long_as_the_configuration_says_and_what_is_no_time_is_refused() {
    let read = |server: &str| {
        Config::from_toml(&format!(
            "[oneflow]\ntoken = {{ env = \"A\" }}\n[teamtailor]\ntoken = {{ env = \"B\" }}\n[server]\n{server}"
        ))
    };
    let days =
        |server: &str| read(server).unwrap().server.journal.duration().map(|kept| kept.as_secs() / 86_400);
    assert_eq!(days(""), Some(90));
    assert_eq!(days("journal = \"forever\""), None);
    assert_eq!(days("journal = \"1d\""), Some(1));
    for wrong in ["0d", "36501d", "-1d", "90", "90 d", "12h", ""] {
        let error = read(&format!("journal = \"{wrong}\"")).unwrap_err().to_string();
        assert!(error.contains("`server.journal`") && error.contains("from \"1d\" to \"36500d\""), "{error}");
    }
}

#[tokio::test]
async fn a_server_drops_looks_that_are_older_than_they_are_kept() {
    let (_services, home) = installation().await;
    home.replace("[server]", "[server]\n            journal = \"7d\"");
    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    let record = async |contract: i64, days: i64| {
        let at =
            jiff::Timestamp::now() - Duration::from_secs(86_400).saturating_mul(days.try_into().unwrap());
        let occasion = Occasion::new(contract.into(), Trigger::Notification, at);
        journal.record(&Look::without_end(occasion, NextLook::None)).await.unwrap();
    };
    for _ in 0..20 {
        record(9001, 8).await;
    }
    record(9001, 6).await;
    let week = jiff::Timestamp::now() - Duration::from_secs(8 * 86_400);
    journal.record(&Look::by_hand(Action::Linked, 9001.into(), week, None)).await.unwrap();
    let mut server = home.serve().await;
    until("the old ones are gone", async || journal.looks(9001.into(), 100).await.unwrap().len() == 1).await;
    server.process.kill().await.unwrap();
}
