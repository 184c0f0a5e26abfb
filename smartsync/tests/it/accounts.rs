//! A database is for two accounts: with the credentials of others nothing is written, and it is said what to do.

use std::time::Duration;

use oneflow_client::ContractId;
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::support::{Home, notification, post, until};

async fn sandbox(account: i64, company: &str) -> HttpSandbox {
    let settings = SandboxSettings::new().account(account).company(company);
    HttpSandbox::start(settings).await.unwrap()
}

/// An installation that has made and sent one contract, and other services in place of those of before.
async fn moved(account: i64, company: &str) -> (HttpSandbox, Home, String) {
    let before = sandbox(7, "AcmeA1").await;
    let home = Home::new(before.oneflow_url().as_str(), before.teamtailor_url().as_str());
    let made = create(&before, &home, "hire-1").await;
    assert_eq!(made.code, 0, "{}", made.err);
    let made: Value = serde_json::from_str(&made.out).unwrap();
    let after = sandbox(account, company).await;
    home.replace(before.oneflow_url().as_str(), after.oneflow_url().as_str());
    home.replace(before.teamtailor_url().as_str(), after.teamtailor_url().as_str());
    (after, home, made["contract"].to_string())
}

async fn create(services: &HttpSandbox, home: &Home, request: &str) -> crate::support::Ended {
    let seeded = services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let place = ["--template", &template, "--workspace", &workspace, "--publish", "--json"];
    let what = ["create", "--candidate", &seeded.candidate, "--request", request];
    home.run(&[&what[..], &place[..]].concat()).await
}

fn writes(services: &HttpSandbox) -> usize {
    services.sandbox().request_log().iter().filter(|request| request.method != "GET").count()
}

fn bindings(home: &Home) -> i64 {
    let database = rusqlite::Connection::open(home.database()).unwrap();
    database.query_row("SELECT count(*) FROM ledger", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn with_the_credentials_of_another_account_no_command_writes_and_each_says_what_to_do() {
    for (account, company, error) in [
        (8, "AcmeA1", "the Oneflow credentials belong to account 8, not to 7 as before"),
        (7, "AcmeB1", "the Teamtailor credentials belong to account AcmeB1, not to AcmeA1 as before"),
    ] {
        let (services, home, contract) = moved(account, company).await;
        let made = create(&services, &home, "hire-2").await;
        let candidate = services.sandbox().seeded().candidate;
        let linked = home.run(&["link", &contract, "--candidate", &candidate, "--yes"]).await;
        services.sandbox().clear_request_log();
        let (one, all) = (home.run(&["sync", &contract]).await, home.run(&["sync", "--all", "--json"]).await);
        let asked = services.sandbox().request_log();
        let is_of_accounts = |operation: &str| ["get_account", "get_company"].contains(&operation);
        assert!(asked.iter().all(|asked| is_of_accounts(asked.operation)), "nothing else is asked");
        let (planned, planned_all) =
            (home.run(&["plan", &contract]).await, home.run(&["plan", "--all", "--json"]).await);
        for planned in [&planned, &planned_all] {
            assert_eq!(planned.err.matches(error).count(), 1, "once: {}", planned.err);
        }
        for ended in [made, linked, one, all, planned, planned_all] {
            assert_eq!(ended.code, 1);
            assert!(ended.err.contains(error), "{}", ended.err);
            assert!(
                ended.err.contains("set another database in `[store] url`")
                    && ended.err.contains("`smartsync adopt`")
            );
        }
        let checked = home.run(&["check"]).await;
        assert_eq!(checked.code, 1);
        assert!(checked.out.contains(&format!("FAILED  configuration: {error}")), "{}", checked.out);
        assert_eq!((writes(&services), bindings(&home)), (0, 1));
    }
}

#[tokio::test]
async fn a_server_accepts_notifications_says_once_whose_credentials_they_are_and_looks_at_nothing() {
    let (services, home, _) = moved(8, "AcmeA1").await;
    services.sandbox().clear_request_log();
    let mut server = home.serve().await;
    for contract in [9001, 9002, 9003] {
        let callback = format!("call-{contract}");
        assert_eq!(post(&server.url, notification(&callback, ContractId::new(contract))).await, 200);
    }
    let database = || rusqlite::Connection::open(home.database()).unwrap();
    let waits = "SELECT count(*) FROM waiting WHERE outage = 'accounts'";
    until("all wait", async || database().query_row(waits, [], |row| row.get::<_, i64>(0)).unwrap() == 3)
        .await;
    let log = home.log();
    assert_eq!(log.matches("nothing is synced until someone fixes this").count(), 1, "{log}");
    assert!(!log.contains("outage") && !log.contains("once it is over"), "it never ends by itself: {log}");
    assert!(
        log.contains("belong to account 8, not to 7 as before") && log.contains("smartsync adopt"),
        "{log}"
    );
    let asked = services.sandbox().request_log();
    assert!(!asked.iter().any(|request| request.operation == "get_contract"), "nothing is looked at");
    server.process.kill().await.unwrap();
}

#[tokio::test]
async fn a_server_that_has_never_known_its_accounts_accepts_until_they_can_be_read() {
    let services = sandbox(7, "AcmeA1").await;
    let between = MockServer::start().await;
    let away = ResponseTemplate::new(503);
    Mock::given(path("/v1/company")).respond_with(away).mount(&between).await;
    let home = Home::new(services.oneflow_url().as_str(), &between.uri());
    let mut server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", ContractId::new(9001))).await, 200);
    let database = || rusqlite::Connection::open(home.database()).unwrap();
    let number = |sql: &str| database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    until("it waits", async || number("SELECT count(*) FROM waiting WHERE attempts > 0") == 1).await;
    assert_eq!(number("SELECT count(*) FROM accounts"), 0, "nothing is pinned by half");
    between.reset().await;
    let company = json!({ "data": { "id": "AcmeA1", "type": "companies" } });
    Mock::given(path("/v1/company"))
        .respond_with(ResponseTemplate::new(200).set_body_json(company))
        .mount(&between)
        .await;
    until("they are pinned", async || number("SELECT count(*) FROM accounts") == 2).await;
    server.process.kill().await.unwrap();
}

#[tokio::test]
async fn check_names_both_accounts_and_pins_none_and_nor_does_plan() {
    let services = sandbox(7, "AcmeA1").await;
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let names = "Oneflow account 7 and Teamtailor company AcmeA1";
    let checked = home.run(&["check"]).await;
    assert!(checked.out.contains(&format!("the credentials are for {names}")), "{}", checked.out);
    assert_eq!(home.run(&["plan", "--all"]).await.code, 0);
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let pinned: i64 = database.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0)).unwrap();
    assert_eq!(pinned, 0);
    assert_eq!(create(&services, &home, "hire-1").await.code, 0);
    let checked = home.run(&["check"]).await;
    assert!(checked.out.contains(&format!("credentials and database are for {names}")), "{}", checked.out);
}

#[tokio::test]
async fn adopt_takes_a_database_over_after_a_question_and_drops_what_it_remembers_of_others() {
    let (services, home, _) = moved(8, "AcmeB1").await;
    assert_eq!(home.run(&["forget", "--candidate", "5", "--yes"]).await.code, 0);
    let refused = home.run(&["adopt"]).await;
    assert_eq!((refused.code, bindings(&home)), (1, 1), "without a terminal it wants `--yes`");
    let database = || rusqlite::Connection::open(home.database()).unwrap();
    database()
        .execute_batch(
            "INSERT INTO inbox VALUES ('', 'call', 'contract', 9001, unixepoch() * 1000);
             INSERT INTO waiting (tenant, kind, id, cause, generation, run_at)
                 VALUES ('', 'contract', 9001, 'notification', 1, 32503680000000);
             INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason)
                 VALUES ('', 'contract', 9002, 1, 8, 'a reason');
             INSERT INTO overwrites VALUES ('', unixepoch() / 60, 50);
             INSERT INTO watermarks VALUES ('', 'page', '17');",
        )
        .unwrap();
    let mut server = home.serve().await;
    let locked = home.run(&["adopt", "--yes"]).await;
    assert!(locked.code == 1 && locked.err.contains("another `smartsync serve`"), "{}", locked.err);
    server.process.kill().await.unwrap();
    let adopted = home.run(&["adopt", "--yes", "--json"]).await;
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    let adopted: Value = serde_json::from_str(&adopted.out).unwrap();
    assert_eq!(
        adopted,
        json!({ "oneflow": "8", "teamtailor": "AcmeB1", "new": true,
            "dropped": { "contracts": 1, "cards": 1, "creations": 1, "notifications": 1, "waiting": 1, "parked": 1, "looks": 2 } })
    );
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> = {
        let database = database();
        let mut statement = database.prepare(tables).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let rows = |table: &String| -> i64 {
        // The number of the last look is of no account: none is given again.
        let but = if table == "watermarks" { " WHERE (tenant, name) <> ('*', 'last-number')" } else { "" };
        database().query_row(&format!("SELECT count(*) FROM {table}{but}"), [], |row| row.get(0)).unwrap()
    };
    let kept: Vec<&String> = tables.iter().filter(|table| rows(table) > 0).collect();
    assert_eq!(
        kept,
        ["accounts", "forgotten", "keys"],
        "whatever else there is, is of the accounts of before"
    );
    assert_eq!(bindings(&home), 0);
    let made = create(&services, &home, "hire-1").await;
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(services.sandbox().contracts().len(), 1);
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let forgotten: i64 = database.query_row("SELECT count(*) FROM forgotten", [], |row| row.get(0)).unwrap();
    assert_eq!(forgotten, 1);
    let again = home.run(&["adopt"]).await;
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "the database already belonged to Oneflow account 8 and Teamtailor company AcmeB1\n")
    );
    services.sandbox().advance(Duration::from_secs(1));
}

#[tokio::test]
async fn adopt_says_what_it_has_dropped() {
    let (_services, home, _) = moved(8, "AcmeB1").await;
    let adopted = home.run(&["adopt", "--yes"]).await;
    let expected = "\
the database now belongs to Oneflow account 8 and Teamtailor company AcmeB1

 dropped        rows
 contracts      1
 cards          1
 creations      1
 notifications  0
 waiting        0
 parked         0
 looks          1

Forgotten candidates stay forgotten, by id.
Run `smartsync sync --all` to sync the contracts of these accounts.
";
    assert_eq!((adopted.code, adopted.err.as_str(), adopted.out.as_str()), (0, "", expected));
}
