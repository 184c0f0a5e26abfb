//! With `[store] url = "postgres://..."`, a server and every command that keeps or reads something do what they do with SQLite.

use std::time::Duration;

use oneflow_client::ContractId;
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::time::{Instant, sleep};

use crate::support::{Database, Home, PostgresServer, get, notice, notification, post, sent_contract, until};

struct Office {
    services: HttpSandbox,
    home: Home,
    database: Database,
}

impl Office {
    async fn open() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
            .with_contracts_of_others(&services);
        let database = PostgresServer::shared().database().await;
        home.keep_in(&database);
        Self { services, home, database }
    }

    /// The output of a command that must succeed, as JSON.
    async fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.home.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
        serde_json::from_str(&ended.out).unwrap()
    }

    async fn refused(&self, arguments: &[&str]) -> String {
        let ended = self.home.run(arguments).await;
        assert_ne!(ended.code, 0, "{arguments:?}: {}", ended.out);
        ended.err
    }

    /// How many rows of a table there are, of the candidate or at all.
    async fn rows(&self, sql: &str) -> i64 {
        let client = self.database.connect().await;
        client.batch_execute("SET search_path = smartsync").await.unwrap();
        client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_and_every_command_work_on_a_postgresql_database() {
    let office = Office::open().await;
    let checked = office.json(&["check"]).await;
    let is_bad = |finding: &&Value| finding["level"] == "error" || finding["level"] == "bad";
    let findings = checked["findings"].as_array().cloned().unwrap_or_default();
    assert!(!findings.iter().any(|finding| is_bad(&finding)), "{checked}");

    let (candidate, contract) = sent_contract(&office.services, 1);
    let number = contract.to_string();
    let sandbox = office.services.sandbox();
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    office.json(&["plan", &number]).await;
    assert_eq!(notice(&office.services, &candidate), None, "a plan writes nothing");

    // A notification.
    let server = office.home.serve().await;
    assert_eq!(get(&server.at("/readyz")).await, 200);
    assert_eq!(post(&server.url, notification("one", ContractId::new(contract))).await, 200);
    until("the value is on the card", async || {
        notice(&office.services, &candidate).as_deref() == Some("3 months")
    })
    .await;
    until("the look has ended", async || office.rows("SELECT count(*) FROM waiting").await == 0).await;
    let history = office.json(&["history", &number]).await;
    assert_eq!(history[0]["trigger"], "notification");
    let status = office.json(&["status"]).await;
    assert_eq!((&status["is_served"], &status["waiting"]), (&json!(true), &json!(0)));

    // By hand, beside the server.
    sandbox.fill_data_field(contract, "oneflow-notice", "1 month").unwrap();
    office.home.run(&["sync", &number]).await;
    let looks = office.json(&["history", &number]).await;
    assert_eq!(looks[0]["trigger"], "by_hand");
    office.home.run(&["link", &number, "--candidate", &candidate, "--yes"]).await;
    assert_eq!(office.json(&["parked", "list"]).await, json!([]));
    drop(server);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(office.json(&["status"]).await["is_served"], false, "its connection is gone");

    // Another key.
    office.home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    let refused = office.refused(&["sync", &number]).await;
    assert!(refused.contains("was created with a different key"), "{refused}");
    office.home.secret("state.db.key", &"0123456789abcdef".repeat(4));

    let forgotten = office.json(&["forget", "--candidate", &candidate]).await;
    assert!(forgotten["contracts"] == 1 || forgotten["erased"]["contracts"] == 1, "{forgotten}");
    for table in ["ledger", "cards", "looks", "standing", "inbox", "waiting"] {
        assert_eq!(office.rows(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(office.rows("SELECT count(*) FROM forgotten").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_page_shows_and_does_is_a_command_on_a_postgresql_database() {
    let office = Office::open().await;
    office.home.append(
        "\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\non_first_sight = \"hold\"\n",
    );
    let (candidate, contract) = sent_contract(&office.services, 1);
    let sandbox = office.services.sandbox();
    sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("1 month")).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let server = office.home.serve().await;
    assert_eq!(post(&server.url, notification("one", ContractId::new(contract))).await, 200);
    until("it is looked at", async || office.rows("SELECT count(*) FROM standing").await == 1).await;
    let listed = office.json(&["contracts", "list", "--outcome", "held", "--age", "within-1h"]).await;
    assert_eq!((&listed["count"], &listed["contracts"][0]["contract"]), (&json!(1), &json!(contract)));
    let held = office.json(&["held"]).await;
    let field = &held["fields"][0];
    assert_eq!((&held["count"], &field["teamtailor"]), (&json!(1), &json!("custom:oneflow-notice")));
    let plan = field["plan"].as_str().unwrap();
    assert!(plan.len() == 64 && field["may_be_decided"] == true, "{held}");
    let intake = office.json(&["intake"]).await;
    assert_eq!(intake["day"]["field-held"], 1);
    let looked = office.json(&["contracts", "look", "--outcome", "held", "--yes"]).await;
    assert_eq!((&looked["count"], &looked["looked_at"]), (&json!(1), &json!(1)));
    let number = contract.to_string();
    assert_eq!(office.json(&["history", &number]).await[0]["trigger"], "by_hand");

    // What the list has is what a decision takes.
    let decided = office
        .home
        .run(&["resolve", &number, "custom:oneflow-notice", "--take", "contract", "--plan", plan])
        .await;
    assert_eq!(
        notice(&office.services, &candidate).as_deref(),
        Some("3 months"),
        "{}{}",
        decided.out,
        decided.err
    );
    assert_eq!(office.json(&["held"]).await["fields"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contracts_are_created_once_and_synced_all_together_on_a_postgresql_database() {
    let office = Office::open().await;
    let sandbox = office.services.sandbox();
    let seeded = sandbox.seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let create =
        ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
    let create = [&create[..], &["--request", "hire-1", "--publish"]].concat();
    let made = office.json(&create).await;
    assert_eq!((&made["adopted"], &made["published"]), (&json!(false), &json!(true)), "{made}");
    // Two at the same time, as of two people: one waits for the other, or is told of it, and neither makes another.
    let again = tokio::join!(office.home.run(&create), office.home.run(&create));
    for ended in [&again.0, &again.1] {
        let is_busy = ended.err.contains("another process is working on this contract or request id");
        assert!(ended.code == 0 || is_busy, "{}{}", ended.out, ended.err);
    }
    assert!(again.0.code == 0 || again.1.code == 0);
    let adopted = office.json(&create).await;
    assert_eq!((&adopted["adopted"], &adopted["contract"]), (&json!(true), &made["contract"]));
    assert_eq!(sandbox.contracts().len(), 1);
    assert_eq!(office.rows("SELECT count(*) FROM creations").await, 1);
    let history = office.json(&["history", &made["contract"].to_string()]).await;
    let actions: Vec<_> = history.as_array().unwrap().iter().rev().map(|row| row["action"].clone()).collect();
    assert_eq!((&actions[0], actions.last().unwrap()), (&json!("created"), &json!("adopted")));

    let sent: Vec<_> = (1..=3).map(|number| sent_contract(&office.services, number)).collect();
    sandbox.advance(Duration::from_secs(600));
    for (_, contract) in &sent {
        sandbox.fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    let synced = office.home.run(&["sync", "--all"]).await;
    assert_eq!((synced.code, synced.err.as_str()), (0, ""), "{}", synced.out);
    let summary = "3 synced, 1 with nothing to do, 0 with held or failed fields, 0 not looked at\n";
    assert!(synced.out.ends_with(summary), "{}", synced.out);
    for (candidate, contract) in &sent {
        assert_eq!(notice(&office.services, candidate).as_deref(), Some("3 months"));
        assert_eq!(office.json(&["history", &contract.to_string()]).await[0]["trigger"], "by_hand");
    }
    let again = office.home.run(&["sync", "--all"]).await;
    let summary = "0 synced, 4 with nothing to do, 0 with held or failed fields, 0 not looked at\n";
    assert_eq!((again.code, again.out.as_str()), (0, summary), "{}", again.err);
    for left in ["leases", "waiting"] {
        assert_eq!(office.rows(&format!("SELECT count(*) FROM {left}")).await, 0, "{left}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parked_contracts_are_retried_by_the_server_or_dropped_on_a_postgresql_database() {
    let office = Office::open().await;
    let sandbox = office.services.sandbox();
    let [retried, dropped] = [1, 2].map(|number| sent_contract(&office.services, number));
    for (_, contract) in [&retried, &dropped] {
        sandbox.fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    assert_eq!(office.json(&["parked", "list"]).await, json!([]), "the tables are there");
    let client = office.database.connect().await;
    for (_, contract) in [&retried, &dropped] {
        let park = "INSERT INTO smartsync.parked (tenant, kind, id, parked_at, attempts, reason)
            VALUES ('', 'contract', $1, 1930118400000, 20, 'a reason')";
        client.execute(park, &[contract]).await.unwrap();
    }
    let listed = office.json(&["parked", "list"]).await;
    let contracts: Vec<_> =
        listed.as_array().unwrap().iter().map(|parked| parked["contract"].clone()).collect();
    assert_eq!(contracts, [json!(retried.1), json!(dropped.1)]);
    assert!(office.refused(&["parked", "retry", "77"]).await.contains("contract 77: it is not parked"));

    let number = dropped.1.to_string();
    assert_eq!(office.json(&["parked", "drop", &number]).await, json!({ "dropped": [dropped.1] }));
    assert_eq!(office.json(&["history", &number]).await[0]["action"], "dropped");
    // Beside a server, which another process has to tell of it.
    let _server = office.home.serve().await;
    let number = retried.1.to_string();
    assert_eq!(office.json(&["parked", "retry", &number]).await, json!({ "retried": [retried.1] }));
    until("the value is on the card", async || {
        notice(&office.services, &retried.0).as_deref() == Some("3 months")
    })
    .await;
    until("the look has ended", async || office.rows("SELECT count(*) FROM waiting").await == 0).await;
    assert_eq!(office.json(&["history", &number]).await[0]["trigger"], "by_hand");
    assert_eq!(office.json(&["parked", "list"]).await, json!([]));
    assert_eq!(notice(&office.services, &dropped.0), None, "what was dropped is left alone");
}

/// Each server asks for the list at its start, and then every half an hour, unless another does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_on_a_postgresql_database_one_makes_the_passes_until_it_is_gone() {
    let office = Office::open().await;
    let sandbox = office.services.sandbox();
    let other = Home::new(office.services.oneflow_url().as_str(), office.services.teamtailor_url().as_str())
        .with_contracts_of_others(&office.services);
    other.keep_in(&office.database);
    for home in [&office.home, &other] {
        home.replace("sweep = \"off\"", "sweep = \"5m\"");
    }
    let (candidate, contract) = sent_contract(&office.services, 1);
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let passes = || {
        let log = sandbox.request_log();
        log.iter().filter(|request| request.operation == "list_contracts").count()
    };
    let first = office.home.serve().await;
    until("the first pass brings the value", async || {
        notice(&office.services, &candidate).as_deref() == Some("3 months")
    })
    .await;
    until("the pass has ended", async || {
        office.rows("SELECT count(*) FROM watermarks WHERE name = 'last-sweep'").await == 1
    })
    .await;
    let mut command = other.command(&["serve"]);
    command.env("RUST_LOG", "smartsync=debug");
    let second = other.serve_by(command).await;
    until("the second server has asked", async || {
        other.log().contains("no pass over all contracts by this server")
    })
    .await;
    assert_eq!(passes(), 1, "the second server leaves it to the first");
    assert_eq!(office.rows("SELECT count(*) FROM leases WHERE name = 'sweep'").await, 1);
    assert_eq!(office.json(&["status"]).await["is_served"], true);
    assert!(!other.log().contains("was interrupted"), "{}", other.log());
    drop(first);
    // It asks once a minute.
    let end = Instant::now() + Duration::from_secs(100);
    while passes() < 2 {
        assert!(Instant::now() < end, "no other pass: {}", other.log());
        sleep(Duration::from_millis(100)).await;
    }
    drop(second);
}
