//! What a PostgreSQL database, its log and what it copies to standbys and backups hold of a person.

use secrecy::ExposeSecret as _;
use smartsync::ContractId;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio_postgres::Client;

use crate::support::{
    Home, ONEFLOW_TOKEN, PostgresServer, SIGN_KEY, TEAMTAILOR_KEY, canary_contract, notice, notification,
    post, until,
};

/// A name that is in nothing else.
const CALLBACK: &str = "callback-of-a-person-who-is-forgotten";

/// All rows of all tables of ours, as text.
async fn rows(client: &Client) -> String {
    let sql =
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'smartsync'::regnamespace";
    let mut text = String::new();
    for table in client.query(sql, &[]).await.unwrap() {
        let sql = format!("SELECT t::text FROM smartsync.{} t", table.get::<_, String>(0));
        for row in client.query(&sql, &[]).await.unwrap() {
            text += &(row.get::<_, String>(0) + "\n");
        }
    }
    text
}

/// Whether the log that goes to standbys and backups has it.
async fn is_logged_ahead(admin: &Client, text: &str) -> bool {
    let sql = "SELECT count(*) FROM pg_ls_waldir() WHERE position($1::text::bytea IN pg_read_binary_file('pg_wal/' || name)) > 0";
    admin.query_one(sql, &[&text]).await.unwrap().get::<_, i64>(0) > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_rows_nor_the_servers_log_hold_a_value_or_a_secret_and_what_is_forgotten_stays_in_the_log_ahead()
 {
    // One that logs each statement, as somebody may have it.
    let server =
        PostgresServer::start(&["fsync = off", "log_statement = all", "log_min_duration_statement = 0"]);
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let database = server.database().await;
    home.keep_in(&database);
    let (candidate, contract) = canary_contract(&services);
    let serving = home.serve().await;
    assert_eq!(post(&serving.url, notification(CALLBACK, ContractId::new(contract))).await, 200);
    until("the value is on the card", async || {
        notice(&services, &candidate).as_deref() == Some("canary notice")
    })
    .await;
    let client = database.connect().await;
    let looked = "SELECT count(*) FROM smartsync.looks";
    until("the look is noted", async || client.query_one(looked, &[]).await.unwrap().get::<_, i64>(0) > 0)
        .await;
    drop(serving);

    let (kept, admin) = (rows(&client).await, server.admin(&database.name).await);
    assert!(kept.contains(CALLBACK) && kept.contains(&contract.to_string()), "{kept}");
    let log = server.log();
    assert!(log.contains("statement: ") || log.contains("execute "), "it logs what it is asked: {log}");
    let secrets = [
        "canary",
        "Canary",
        "+4670",
        ONEFLOW_TOKEN,
        TEAMTAILOR_KEY,
        SIGN_KEY,
        database.password.expose_secret(),
        "0123456789abcdef0123456789abcdef",
    ];
    // The tests' own `CREATE ROLE` names the password.
    let log: String = log.lines().filter(|line| !line.contains("CREATE ROLE")).collect();
    for secret in secrets {
        assert!(!kept.contains(secret), "`{secret}` is in a row: {kept}");
        assert!(!log.contains(secret), "`{secret}` is in the server's log");
    }

    let forgotten = home.run(&["forget", "--candidate", &candidate, "--yes"]).await;
    assert_eq!(forgotten.code, 0, "{}", forgotten.err);
    assert!(!rows(&client).await.contains(CALLBACK), "it is in no row any more");
    // What was written ahead, and goes to standbys and backups, no command can take back.
    assert!(is_logged_ahead(&admin, CALLBACK).await);
}
