//! With `[store] url = "postgres://..."`, a server and every command that keeps or reads something do what they do with SQLite.

use std::time::Duration;

use oneflow_client::ContractId;
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::time::sleep;

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
