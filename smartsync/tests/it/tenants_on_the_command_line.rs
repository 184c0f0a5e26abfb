//! `--tenant`: which tenant a command is for, and what it says where that is not clear.

use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Home, sent_contract, until};

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
        let names = listed.as_array().unwrap().iter().map(|one| one["tenant"].as_str());
        // What `check` has to say of all of them comes first.
        let of_all = (arguments[0] == "check").then_some(None);
        let expected: Vec<_> = of_all.into_iter().chain([Some("acme-se"), Some("acme-no")]).collect();
        assert_eq!(names.collect::<Vec<_>>(), expected, "{arguments:?}");
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

#[tokio::test]
async fn check_says_once_what_all_tenants_share_and_for_each_what_is_its_own() {
    let (services, home) = two().await;
    let receiver = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&receiver).await;
    home.secret("alert-key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let shared =
        format!("[alerts]\nurl = \"{}/hook\"\nkey = {{ file = \"alert-key\" }}\n[store]", receiver.uri());
    home.replace("[store]", &shared);
    let checked = home.run(&["check", "--test-alert"]).await;
    assert!(checked.out.starts_with("all tenants\n\n"), "{}", checked.out);
    let parts: Vec<&str> = checked.out.split("\ntenant ").collect();
    assert!(
        parts.len() == 3 && parts[1].starts_with("acme-se\n\n") && parts[2].starts_with("acme-no\n\n"),
        "{}",
        checked.out
    );
    for once in [
        "the database's folder, ",
        "the key file ",
        "the digest key is in the database's folder",
        "alerts go to ",
        "accepted the test alert",
    ] {
        let told = parts.iter().map(|part| part.matches(once).count()).collect::<Vec<_>>();
        assert_eq!(told, [1, 0, 0], "{once}: {}", checked.out);
    }
    for each in [
        "Oneflow: the token and user e-mail are accepted",
        "at most 50 card values",
        "`oneflow.sign_keys` was found",
    ] {
        let told = parts.iter().map(|part| part.matches(each).count()).collect::<Vec<_>>();
        assert_eq!(told, [0, 1, 1], "{each}: {}", checked.out);
    }
    assert_eq!(receiver.received_requests().await.unwrap().len(), 1, "one test alert is enough");

    let listed: Value = serde_json::from_str(&home.run(&["check", "--json"]).await.out).unwrap();
    assert_eq!((&listed[0]["tenant"], &listed[0]["result"]["errors"]), (&Value::Null, &json!(0)));
    assert_eq!(listed[0]["result"]["diagnostics"], json!([]));
    let of_machine = |part: &Value| {
        let findings = part["result"]["findings"].as_array().unwrap();
        findings.iter().filter(|finding| finding["subject"] == "machine").count()
    };
    assert_eq!([0, 1, 2].map(|part| of_machine(&listed[part]) > 0), [true, false, false], "{listed}");
    // For one that was named, all of it in one.
    let one: Value =
        serde_json::from_str(&home.run(&["check", "--tenant", "acme-no", "--json"]).await.out).unwrap();
    let count = |report: &Value| report["findings"].as_array().unwrap().len();
    assert_eq!(count(&one), count(&listed[0]["result"]) + count(&listed[2]["result"]), "{one}");
    drop(services);

    // What is wrong for all of them is one mistake, and the command fails for it.
    home.replace("sweep = \"off\"", "sweep = \"sometimes\"");
    for arguments in [&["check", "--json"][..], &["check", "--offline", "--json"]] {
        let wrong = home.run(arguments).await;
        let listed: Value = serde_json::from_str(&wrong.out).unwrap();
        let errors = [0, 1, 2].map(|part| {
            listed[part]["result"]["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|finding| finding["text"].as_str().unwrap().contains("server.sweep"))
                .count()
        });
        assert_eq!((wrong.code, errors), (1, [1, 0, 0]), "{listed}");
    }
}

#[tokio::test]
async fn a_command_that_somebody_is_told_to_run_names_the_tenant() {
    let (services, home) = two().await;
    let (candidate, contract) = sent_contract(&services, 1);
    let number = contract.to_string();
    for (arguments, told) in [
        (
            &["link", &number, "--candidate", &candidate][..],
            format!("run `smartsync sync --tenant acme-no {number}`"),
        ),
        (&["parked", "show", &number], "`smartsync parked list --tenant acme-no` shows".to_owned()),
        (&["check"], "run `smartsync webhook register --tenant acme-no` with".to_owned()),
    ] {
        let of_one = home.run(&[arguments, &["--tenant", "acme-no"]].concat()).await;
        let both = format!("{}{}", of_one.out, of_one.err);
        assert!(both.contains(&told), "{arguments:?}: {both}");
        let json = home.run(&[arguments, &["--tenant", "acme-no", "--json"]].concat()).await;
        assert!(arguments[0] == "link" || json.out.contains(&told), "{arguments:?}: {}", json.out);
    }
    // Where the output is about each, each is named.
    let all = home.run(&["check"]).await;
    for name in ["acme-se", "acme-no"] {
        assert_eq!(
            all.out.matches(&format!("`smartsync webhook register --tenant {name}`")).count(),
            1,
            "{}",
            all.out
        );
    }

    // What is about the database of all of them has to be done for each.
    std::fs::write(home.database(), "no database ".repeat(1000)).unwrap();
    let refused = home.run(&["serve"]).await;
    assert!(refused.err.contains("run `smartsync sync --tenant NAME --all`"), "{}", refused.err);
    let refused = home.run(&["sync", &number, "--tenant", "acme-se"]).await;
    assert!(refused.err.contains("run `smartsync sync --tenant acme-se --all`"), "{}", refused.err);
    // One pair of accounts has no name to name.
    let alone = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let shown = alone.run(&["check"]).await;
    assert!(shown.out.contains("run `smartsync webhook register` with"), "{}", shown.out);
}

#[tokio::test]
async fn a_server_logs_the_command_for_the_tenant_that_a_line_is_about() {
    let (_services, home) = two().await;
    // Nobody is there.
    let text = std::fs::read_to_string(home.file()).unwrap();
    let (first, second) = text.split_once("name = \"acme-no\"").unwrap();
    let lines = second
        .lines()
        .map(|line| if line.starts_with("base_url") { "base_url = \"http://127.0.0.1:9/v1\"" } else { line });
    home.write(&format!("{first}name = \"acme-no\"{}", lines.collect::<Vec<_>>().join("\n")));
    let _server = home.serve_with_log().await;
    until("it says that the fields cannot be read", async || {
        home.log().contains("the services' fields cannot be read")
    })
    .await;
    let log = home.log();
    let line = log.lines().find(|line| line.contains("the services' fields cannot be read")).unwrap();
    assert!(line.contains("run `smartsync check --tenant acme-no`"), "{line}");
}
