//! Commands that sync say what keeps them from it before they touch anything.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use tokio::io::AsyncReadExt as _;

use crate::support::Home;

/// Services that do not answer.
fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

/// Services, and a sent contract.
async fn services() -> (HttpSandbox, Home, String) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap().to_string();
    sandbox.advance(Duration::from_secs(600));
    (services, home, contract)
}

const CREATE: [&str; 7] = ["create", "--candidate", "1", "--template", "1", "--workspace", "1"];

#[tokio::test]
async fn errors_in_the_mapping_are_shown_and_nothing_is_started() {
    let home = home();
    home.append("\n[sync]\nlink = [\"e-mail\"]\n[[field]]\noneflow = \"notes\"\n");
    for arguments in [&["serve"][..], &["plan", "9001"], &["sync", "9001"], &["sync", "--all"], &CREATE] {
        let ended = home.run(arguments).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{arguments:?}");
        assert_eq!(ended.err, EXPECTED, "{arguments:?}");
    }
    assert!(!home.database().exists());

    let ended = home.run(&["plan", "9001", "--json"]).await;
    let json: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((ended.code, ended.err.as_str()), (1, EXPECTED));
    assert_eq!(json["error"], "smartsync.toml: 2 errors in the mapping");
    assert_eq!(
        (&json["diagnostics"][1]["code"], &json["diagnostics"][1]["line"]),
        (&"SM0004".into(), &20.into())
    );
}

const EXPECTED: &str = r#"error[SM0003]: `e-mail` is not a valid value for `link`
  --> smartsync.toml:19:9
   |
19 | link = ["e-mail"]
   |         ^^^^^^^^
   |
   = help: write `email`, `ledger`, `data_field` or `participant_custom_id`

error[SM0004]: the entry is missing `teamtailor`
  --> smartsync.toml:20:1
   |
20 | [[field]]
   | ^^^^^^^^^
   |
   = help: write `teamtailor = "custom:..."` with the api-name of a custom field, or a default field such as "phone"

error: smartsync.toml: 2 errors in the mapping
 next: correct the errors above; `smartsync check` also shows warnings
"#;

#[tokio::test]
async fn warnings_are_shown_once_and_do_not_keep_from_anything() {
    let (services, _, contract) = services().await;
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.append("\n[sync]\nlink = [\"ledger\", \"ledger\"]\n");
    for arguments in [["plan", &contract], ["sync", &contract]] {
        let ended = home.run(&arguments).await;
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(
            ended.err,
            r#"warning[SM0015]: this item is already in the list
  --> smartsync.toml:19:19
   |
19 | link = ["ledger", "ledger"]
   |         --------  ^^^^^^^^
   |         |
   |         first listed here
   |
   = help: remove one of them

"#
        );
        assert!(!ended.out.contains("SM0015"), "{}", ended.out);
    }
}

#[tokio::test]
async fn a_secret_that_is_missing_is_said_before_a_database_is_made() {
    for (secret, key) in [("oneflow", "oneflow.token"), ("teamtailor", "teamtailor.token")] {
        let home = home();
        std::fs::remove_file(home.folder().join(secret)).unwrap();
        for arguments in [&["serve"][..], &["plan", "9001"], &["sync", "9001"], &["sync", "--all"], &CREATE] {
            let ended = home.run(arguments).await;
            assert_eq!(ended.code, 1);
            assert!(ended.err.starts_with(&format!("error: `{key}`: the file ")), "{}", ended.err);
            assert!(!home.database().exists(), "{arguments:?}");
        }
    }
    let home = home();
    home.replace("[store]", "[store]\n            key = { env = \"SMARTSYNC_TEST_KEY_THAT_NOBODY_SETS\" }");
    let ended = home.run(&["plan", "9001"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: `store.key`: the environment variable "), "{}", ended.err);
    assert!(!home.database().exists());
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_error() {
    let (_services, home, contract) = services().await;
    for arguments in
        [&["plan", &contract][..], &["plan", &contract, "--json"], &["schema", "config"], &["check"]]
    {
        let mut process =
            home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        let mut told = String::new();
        process.stderr.take().unwrap().read_to_string(&mut told).await.unwrap();
        let status = process.wait().await.unwrap();
        assert_eq!((status.code(), told.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_contract_that_could_not_be_synced_is_in_the_json_as_well() {
    let (_services, home, contract) = services().await;
    let ended = home.run(&["sync", "77", &contract, "--json"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: contract 77: The contract was deleted"), "{}", ended.err);
    let json: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(json[0]["contract"].to_string(), contract);
    let failed = r#"{"contract":77,"error":"The contract was deleted, or SmartSync has no access to it.","next":"check the id, and what the user in `oneflow.user_email` has access to"}"#;
    assert_eq!(json[1].to_string(), failed);
    assert_eq!(json.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_command_that_fails_says_so_in_json_as_well() {
    let ended = home().run(&["plan", "9001", "--json"]).await;
    assert_eq!(ended.code, 1);
    let json: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(json["contract"], 9001);
    assert!(json["error"].as_str().unwrap().starts_with("oneflow.get_account: "), "{json}");
    assert_eq!(json["diagnostics"], Value::Null);
}
