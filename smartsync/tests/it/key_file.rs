//! A key file that is lost is told, and never replaced in silence.

use std::fs;

use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

/// An installation whose key was made by the program itself, with a contract that was made under it.
async fn installation() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    fs::remove_file(key(&home)).unwrap();
    let seeded = services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
    let made = home.run(&[&what[..], &["--workspace", &workspace]].concat()).await;
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.err.contains("WARN") && made.err.contains("back up this file now"), "{}", made.err);
    (services, home)
}

fn key(home: &Home) -> std::path::PathBuf {
    home.folder().join("state.db.key")
}

#[tokio::test]
async fn a_new_key_is_told_once_and_a_lost_one_is_an_error_in_every_command() {
    let (_services, home) = installation().await;
    let contract = "9001";
    assert!(!home.run(&["plan", contract]).await.err.contains("back up this file"), "told once");

    let held = fs::read(key(&home)).unwrap();
    fs::remove_file(key(&home)).unwrap();
    let create = ["create", "--candidate", "1", "--template", "1", "--workspace", "1"];
    let link = ["link", contract, "--candidate", "1"];
    for arguments in
        [&["plan", contract][..], &["sync", contract], &["sync", "--all"], &["serve"], &create, &link]
    {
        let ended = home.run(arguments).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{arguments:?}");
        assert!(ended.err.contains("state.db.key is missing, and the database "), "{}", ended.err);
        assert!(ended.err.contains("next: restore the key file from its backup"), "{}", ended.err);
        assert!(!key(&home).exists(), "{arguments:?}");
    }
    let checked = home.run(&["check"]).await;
    assert_eq!(checked.code, 1);
    assert!(checked.out.contains("FAILED  this machine: the key file "), "{}", checked.out);

    home.secret("state.db.key", &String::from_utf8(held).unwrap());
    assert_eq!(home.run(&["sync", "--all"]).await.code, 0);
}

#[tokio::test]
async fn a_database_without_what_needs_the_key_gets_a_new_one() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    assert_eq!(home.run(&["sync", "--all"]).await.code, 0);
    assert!(home.database().exists());
    fs::remove_file(key(&home)).unwrap();
    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("back up this file now"), "{}", ended.err);
}

#[tokio::test]
async fn a_database_that_was_made_under_another_key_is_an_error_until_that_key_is_back() {
    let (_services, home) = installation().await;
    let old = fs::read_to_string(key(&home)).unwrap();
    home.secret("new", &"00112233445566778899aabbccddeeff".repeat(2));
    home.secret("old", old.trim());
    let configured = |keys: &str| {
        let text = fs::read_to_string(home.file()).unwrap();
        let without: Vec<&str> = text.lines().filter(|line| !line.trim().starts_with("key =")).collect();
        home.write(&without.join("\n").replace("[store]", &format!("[store]\nkey = {keys}")));
    };
    configured("{ file = \"new\" }");
    let create = ["create", "--candidate", "1", "--template", "1", "--workspace", "1"];
    let link = ["link", "9001", "--candidate", "1"];
    for arguments in
        [&["plan", "9001"][..], &["sync", "9001"], &["sync", "--all"], &["serve"], &create, &link, &["check"]]
    {
        let ended = home.run(arguments).await;
        assert_eq!(ended.code, 1, "{arguments:?}");
        let told = ended.out + &ended.err;
        assert!(told.contains("state.db was created with a different key from the configured one"), "{told}");
        assert!(told.contains("next: put that key back, after the new one"), "{told}");
    }
    // Both count, and from then on the new one alone.
    for keys in ["[{ file = \"new\" }, { file = \"old\" }]", "{ file = \"new\" }"] {
        configured(keys);
        let ended = home.run(&["sync", "--all"]).await;
        assert_eq!(ended.code, 0, "{keys}: {}", ended.err);
    }
    // Another generated key is no better.
    home.replace("key = { file = \"new\" }", "");
    home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("was created with a different key"), "{}", ended.err);
}

#[tokio::test]
async fn without_a_row_any_key_will_do() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    for digits in ["fedcba9876543210", "0123456789abcdef"] {
        home.secret("state.db.key", &digits.repeat(4));
        assert_eq!(home.run(&["sync", "--all"]).await.code, 0);
    }
}
