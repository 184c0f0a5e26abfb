//! `--tenant`: which tenant a command is for, and what it says where that is not clear.

use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::{Home, sent_contract};

async fn two() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::of_tenants(&[("acme-se", &services), ("acme-no", &services)]);
    (services, home)
}

#[tokio::test]
async fn a_command_about_one_contract_names_the_tenants_if_none_was_named() {
    let (services, home) = two().await;
    let (candidate, contract) = sent_contract(&services, 1);
    let contract = contract.to_string();
    for arguments in [
        &["plan", &contract][..],
        &["plan", "--all"],
        &["sync", &contract],
        &["create", "--candidate", &candidate, "--template", "1", "--workspace", "1"],
        &["link", &contract, "--candidate", &candidate],
        &["forget", "--candidate", &candidate],
        &["adopt"],
        &["history", &contract],
        &["parked", "list"],
        &["parked", "show", &contract],
        &["parked", "retry", &contract],
        &["parked", "drop", &contract],
        &["webhook", "register", "https://sync.example.com/webhooks/oneflow/acme-se"],
        &["webhook", "remove", "1", "--yes"],
        &["schema", "save", "--output", "saved.json"],
        &["check", "--offline", "--schema", "saved.json"],
    ] {
        let ended = home.run(arguments).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{arguments:?}");
        assert_eq!(
            ended.err,
            "error: the configuration has several tenants: acme-se, acme-no\n next: name one of them with `--tenant NAME`\n",
            "{arguments:?}"
        );
        let unknown = home.run(&[arguments, &["--tenant", "acme-dk"]].concat()).await;
        assert_eq!(unknown.code, 1, "{arguments:?}");
        assert!(
            unknown.err.starts_with("error: the configuration has no tenant `acme-dk`: acme-se, acme-no\n"),
            "{arguments:?}: {}",
            unknown.err
        );
    }
    assert!(services.sandbox().request_log().is_empty(), "no service was asked");
    assert!(!home.database().exists(), "no database was made");
}

#[tokio::test]
async fn what_shows_how_things_stand_shows_it_for_all_or_for_the_one_that_was_named() {
    let (services, home) = two().await;
    let (_, contract) = sent_contract(&services, 1);
    assert_eq!(home.run(&["sync", &contract.to_string(), "--tenant", "acme-se"]).await.code, 0);
    let all = home.run(&["status"]).await;
    assert_eq!(all.code, 0, "{}", all.err);
    let parts: Vec<&str> = all.out.split("\ntenant ").collect();
    assert!(
        parts.len() == 2 && parts[0].starts_with("tenant acme-se\n\n") && parts[1].starts_with("acme-no\n\n"),
        "{}",
        all.out
    );
    assert!(
        parts[0].contains(&format!("contract {contract}")) && !parts[1].contains("contract "),
        "{}",
        all.out
    );
    let listed: Value = serde_json::from_str(&home.run(&["status", "--json"]).await.out).unwrap();
    assert_eq!((&listed[0]["tenant"], &listed[1]["tenant"]), (&json!("acme-se"), &json!("acme-no")));
    let one = home.run(&["status", "--tenant", "acme-se", "--json"]).await;
    let one: Value = serde_json::from_str(&one.out).unwrap();
    assert!(one["last_look"].is_object() && one["last_look"] == listed[0]["result"]["last_look"], "{one}");
    assert_eq!(listed[1]["result"]["last_look"], Value::Null);

    for arguments in [
        &["check", "--json"][..],
        &["permissions", "--json"],
        &["webhook", "list", "--json"],
        &["schema", "save", "--json"],
    ] {
        let listed: Value = serde_json::from_str(&home.run(arguments).await.out).unwrap();
        let names: Vec<&Value> = listed.as_array().unwrap().iter().map(|one| &one["tenant"]).collect();
        assert_eq!(names, ["acme-se", "acme-no"], "{arguments:?}");
    }
    for name in ["acme-se", "acme-no"] {
        assert!(home.folder().join(format!("smartsync-schema-{name}.json")).exists(), "{name}");
    }
    let offline = home.run(&["check", "--offline", "--tenant", "acme-no"]).await;
    assert_eq!(offline.code, 0, "{}{}", offline.out, offline.err);
}

#[tokio::test]
async fn check_warns_of_two_tenants_with_the_same_credentials_for_both_services() {
    let (_services, home) = two().await;
    let warned = home.run(&["check", "--offline"]).await;
    for name in ["acme-se", "acme-no"] {
        let told = format!("tenant {name} has the same credentials for both services");
        assert!(warned.out.contains(&told), "{}", warned.out);
    }
    // With the same key for one service only, they are two pairs.
    let text = std::fs::read_to_string(home.file()).unwrap();
    let (first, second) = text.split_once("name = \"acme-no\"").unwrap();
    home.write(&format!(
        "{first}name = \"acme-no\"{}",
        second.replace("{ file = \"oneflow\" }", "{ env = \"ANOTHER\" }")
    ));
    let quiet = home.run(&["check", "--offline"]).await;
    assert!(!quiet.out.contains("the same credentials"), "{}", quiet.out);
}

#[tokio::test]
async fn a_tenant_that_fails_hides_no_other_and_is_named() {
    let (_services, home) = two().await;
    let text = std::fs::read_to_string(home.file()).unwrap();
    home.write(&text.replacen("{ file = \"oneflow\" }", "{ env = \"NOBODY_SETS_THIS\" }", 1));
    let ended = home.run(&["webhook", "list"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: tenant acme-se: `oneflow.token`: "), "{}", ended.err);
    assert!(ended.out.contains("tenant acme-no"), "{}", ended.out);
    let listed: Value = serde_json::from_str(&home.run(&["webhook", "list", "--json"]).await.out).unwrap();
    assert_eq!(listed[0]["tenant"], "acme-se");
    assert!(listed[0]["result"]["error"].is_string() && listed[1]["result"].is_array(), "{listed}");
}

#[tokio::test]
async fn serve_says_at_which_path_it_listens_for_whom() {
    let (_services, home) = two().await;
    let server = home.serve().await;
    assert!(server.url.ends_with("/webhooks/oneflow/acme-se for tenant acme-se"), "{}", server.url);
    let refused = home.run(&["serve", "--tenant", "acme-se"]).await;
    assert_eq!(refused.code, 1, "a server is for all tenants");
}
