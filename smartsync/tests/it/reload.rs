//! SIGHUP: another configuration for a server that runs, or none if it is no good.

use std::{fs, time::Duration};

use oneflow_client::ContractId;
use smartsync::{ServeError, server};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{io::AsyncReadExt as _, net::TcpListener, sync::oneshot, time::timeout};

use crate::support::{Home, notice, notification, post, sent_contract, signal, until};

const ENTRY: &str = "\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\n";

async fn services() -> (HttpSandbox, Home) {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    (services, home)
}

#[tokio::test]
async fn a_server_that_ends_leaves_no_check_of_another_configuration_behind() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let server = server::bind(&home.config()).await.unwrap();
    let reload = server.reload();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    home.replace("http://127.0.0.1:9/v1", &format!("{address}/v1"));
    reload.apply(&home.config()).await.unwrap();
    let (mut check, _) = silent.accept().await.unwrap();
    let mut request = [0; 1024];
    assert!(check.read(&mut request).await.unwrap() > 0, "the check asks");
    stop.send(()).unwrap();
    server.await.unwrap();
    // Whoever asks would still wait for the answer, and then ask again.
    let end = async { while check.read(&mut request).await.is_ok_and(|read| read > 0) {} };
    timeout(Duration::from_secs(5), end).await.expect("nobody waits for an answer any more");
}

#[tokio::test]
async fn a_mapping_a_sign_key_and_a_limit_count_from_the_signal_on_and_a_bad_file_changes_nothing() {
    let (services, home) = services().await;
    let sandbox = services.sandbox();
    let (candidate, contract) = sent_contract(&services, 1);
    home.append(&format!("{ENTRY}direction = \"to_oneflow\"\n"));
    let server = home.serve_with_log().await;
    let told = |what: &str| home.log().matches(what).count();
    let look = async |callback: &str| {
        let looks = told("look finished");
        assert_eq!(post(&server.url, notification(callback, ContractId::new(contract))).await, 200);
        until("it is looked at", async || told("look finished") > looks).await;
    };
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    look("before").await;
    assert_eq!(notice(&services, &candidate), None, "the mapping writes nothing back");

    home.replace("direction = \"to_oneflow\"", "direction = \"sideways\"");
    signal(&server.process, "-HUP").await;
    until("it is refused", async || told("the configuration was refused") == 1).await;
    assert!(home.log().contains("SM0003"), "{}", home.log());
    look("still the first").await;
    assert_eq!(notice(&services, &candidate), None);

    home.replace("direction = \"sideways\"", "direction = \"both\"");
    home.secret("sign-key", "another key of thirty-two letters");
    home.replace("sweep = \"off\"", "sweep = \"6h\"");
    signal(&server.process, "-HUP").await;
    until("it counts", async || told("another configuration counts now") == 1).await;
    until("what waits is told", async || told("settings=\"server.sweep\"") == 1).await;
    assert_eq!(post(&server.url, notification("old key", ContractId::new(contract))).await, 401);
    home.secret("sign-key", crate::support::SIGN_KEY);
    signal(&server.process, "-HUP").await;
    until("it counts", async || told("another configuration counts now") == 2).await;
    look("after").await;
    assert_eq!(notice(&services, &candidate).as_deref(), Some("3 months"));
}

#[tokio::test]
async fn a_file_that_is_refused_leaves_the_database_to_the_key_that_counts() {
    let (_services, home) = services().await;
    let names = || {
        let database = rusqlite::Connection::open(home.database()).unwrap();
        let mut names = database.prepare("SELECT name FROM keys").unwrap();
        names.query_map([], |row| row.get::<_, String>(0)).unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    let first = "0123456789abcdef".repeat(4);
    let server = server::bind(&home.config()).await.unwrap();
    let before = names();
    assert_eq!(before.len(), 1);

    // Another key, and something that is found out after it.
    home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    home.secret("alert-key", "no key");
    let alerts = format!(
        "\n[alerts]\nurl = \"https://ops.example.com/hooks\"\nkey = {{ file = \"{}/alert-key\" }}\n",
        home.folder().display()
    );
    home.append(&alerts);
    server.reload().apply(&home.config()).await.unwrap_err();
    assert_eq!(names(), before);
    // A second server that does not start leaves none either.
    home.replace(&alerts, "");
    assert!(matches!(server::bind(&home.config()).await, Err(ServeError::Store(_))), "one runs already");
    assert_eq!(names(), before);

    // The server that runs writes under its key, and starts again with it.
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let creation = "INSERT INTO creations (request_id, creation) VALUES ('one', '{}')";
    database.execute(creation, []).unwrap();
    drop(server);
    home.secret("state.db.key", &first);
    let server = server::bind(&home.config()).await.unwrap();

    // A key that is good counts from the reload on.
    database.execute("DELETE FROM creations", []).unwrap();
    home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    server.reload().apply(&home.config()).await.unwrap();
    assert_ne!(names(), before);
}

/// A look that has begun ends by the configuration that it has begun with.
#[tokio::test]
async fn what_a_look_writes_after_another_key_counts_keeps_the_name_of_its_own() {
    let (services, home) = services().await;
    let (_, contract) = sent_contract(&services, 1);
    home.append(ENTRY);
    let server = server::bind(&home.config()).await.unwrap();
    let state = home.config().store.open().await.unwrap();
    let first = fs::read_to_string(home.folder().join("state.db.key")).unwrap();
    let looking = home.config().engine(&state).await.unwrap();

    // Nothing needs the first key yet.
    home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    server.reload().apply(&home.config()).await.unwrap();
    services.sandbox().advance(Duration::from_secs(600));
    services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    looking.sync(ContractId::new(contract)).await.unwrap();

    drop(server);
    for key in [&first, &"fedcba9876543210".repeat(4)] {
        home.secret("state.db.key", key);
        server::bind(&home.config()).await.expect("there may be rows under either key");
    }
}
