//! A build without PostgreSQL reads the URL of such a database, and says that it cannot use it.

use smartsync::{OpenError, ServeError, StoreError, server};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

const URL: &str = "postgres://smartsync@db.example.com/smartsync";

fn home(oneflow: &str, teamtailor: &str) -> Home {
    let home = Home::new(oneflow, teamtailor);
    home.replace(&format!("sqlite://{}/state.db", home.folder().display()), URL);
    home
}

#[tokio::test]
async fn it_serves_nobody_and_opens_nothing() {
    let home = home("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let error = server::bind(&home.config()).await.unwrap_err();
    assert!(matches!(error, ServeError::Config(_)), "no key is generated: {error:?}");
    home.replace("[store]", "[store]\n            key = { file = \"state.db.key\" }");
    let error = server::bind(&home.config()).await.unwrap_err();
    assert!(matches!(error, ServeError::Store(StoreError::WithoutPostgres)), "{error:?}");
    let error = home.config().store.open_existing().await.unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::WithoutPostgres)), "{error:?}");
    for arguments in [["status"].as_slice(), &["forget", "--candidate", "5", "--yes"]] {
        let ended = home.run(arguments).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}", ended.err);
        assert_eq!(
            ended.err,
            "error: this program was built without PostgreSQL\n next: run one that was built with it (feature `postgres`), or write \
             `sqlite://smartsync.db` in `[store] url`\n"
        );
    }
}

#[tokio::test]
async fn check_says_so_and_what_else_is_wrong_with_the_address() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = home(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let secret = "[store]\n            password = { file = \"password\" }";
    home.replace("[store]", secret);
    home.replace(URL, &format!("{URL}?sslmode=disable"));
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1);
    for line in [
        "FAILED  this machine: this program was built without PostgreSQL",
        "FAILED  this machine: `[store] key` is not set: with PostgreSQL, no key is generated",
        "WARNING this machine: the connection to postgres://db.example.com:5432/smartsync is not encrypted",
        "FAILED  this machine: `store.password`: the file ",
    ] {
        assert!(ended.out.contains(line), "{line}: {}", ended.out);
    }
    assert!(!ended.out.contains("folder, "), "there is none: {}", ended.out);
}
