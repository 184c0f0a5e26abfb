//! Contracts that others have made, as Teamtailor's own integration does: with the lines that `smartsync check` prints, both ways of
//! writing back and the signed document work.

use std::time::Duration;

use oneflow_client::ContractId;
use rusqlite::Connection;
use serde_json::Value;
use smartsync::{SqliteLedger, Store};
use smartsync_core::{Ledger as _, mapping::LinkMethod};
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, Serving, notification, post, until};

const LINK: &str = r#"link = ["ledger", "participant_custom_id", "email"]"#;

/// A contract that was sent, with what the card holds in its salary, and configured as after a first installation.
async fn services() -> (HttpSandbox, Home, ContractId) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment: Ann Sample")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    (services, home, contract.into())
}

/// The lines that `check` says to write into `[sync]`, and nothing else.
async fn lines_to_write(home: &Home) -> Vec<String> {
    let checked: Value = serde_json::from_str(&home.run(&["check", "--json"]).await.out).unwrap();
    let findings = checked["findings"].as_array().unwrap();
    let mut advice = findings.iter().filter_map(|finding| finding["next"].as_str());
    let advice = advice.find(|next| next.contains("are also created outside SmartSync")).unwrap();
    let quoted = advice.split('`').skip(1).step_by(2);
    quoted.filter(|text| text.contains(" = ")).map(str::to_owned).collect()
}

async fn notify(server: &Serving, name: &str, contract: ContractId) {
    assert_eq!(post(&server.url, notification(name, contract)).await, 200);
}

#[tokio::test]
async fn with_the_lines_that_check_prints_both_ways_of_writing_back_and_the_document_work() {
    let (services, home, contract) = services().await;
    let sandbox = services.sandbox();
    let (candidate, kind) = (sandbox.seeded().candidate, sandbox.seeded().template_type);

    let checked = home.run(&["check"]).await;
    assert_eq!(checked.code, 0, "{}", checked.out);
    let told = "1 of the 1 most recently sent contracts carry no SmartSync link and are not linked to a candidate in the \
        database, so they are not synced";
    assert!(checked.out.contains(told), "{}", checked.out);
    let types = format!("template_types = [{kind}]");
    let line = format!("add `{LINK}` and `{types}` to `[sync]`");
    assert!(checked.out.contains(&line), "{}", checked.out);
    let lines = lines_to_write(&home).await;
    assert_eq!(lines, [LINK, &types, "document = { by_email = true }"]);
    home.append(&format!("\n[sync]\n{}\n", lines.join("\n")));
    let checked = home.run(&["check"]).await;
    assert!(checked.code == 0 && !checked.out.contains("no SmartSync link"), "{}", checked.out);

    let server = home.serve().await;
    sandbox.fill_data_field(contract.get(), "oneflow-salary", "45500").unwrap();
    sandbox.fill_data_field(contract.get(), "oneflow-notice", "3 months").unwrap();
    notify(&server, "edited", contract).await;
    let shows = |name: &str| sandbox.candidate_card(&candidate).unwrap().get(name).map(str::to_owned);
    until("the card shows what was changed and what was filled in", async || {
        shows("oneflow-salary").as_deref() == Some("45500")
            && shows("oneflow-notice").as_deref() == Some("3 months")
    })
    .await;

    sandbox.sign_all(contract.get()).unwrap();
    notify(&server, "signed", contract).await;
    let uploads = || sandbox.candidate_card(&candidate).unwrap().uploads;
    until("the signed document is on the card", async || !uploads().is_empty()).await;
    assert!(uploads().len() == 1 && uploads()[0].contains(&format!("({contract})")), "{:?}", uploads());
    drop(server);
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    let entry = ledger.load(contract).await.unwrap();
    assert_eq!((entry.candidate, entry.linked_by), (Some(candidate.into()), Some(LinkMethod::Email)));
    let asked =
        sandbox.request_log().into_iter().filter(|request| request.operation == "list_events").count();
    assert_eq!(asked, 1, "what an address proves is asked once");
}

#[tokio::test]
async fn by_default_nothing_of_them_is_touched_and_the_reason_says_what_to_write() {
    let (services, home, contract) = services().await;
    let sandbox = services.sandbox();
    sandbox.fill_data_field(contract.get(), "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract.get()).unwrap();
    let before = sandbox.candidate_card(&sandbox.seeded().candidate);
    let ended = home.run(&["sync", &contract.to_string()]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("no candidate"), "{}", ended.out);
    for word in ["`email`", "`link`", "`template_types`", "smartsync link"] {
        assert!(ended.out.contains(word), "{word}: {}", ended.out);
    }
    assert_eq!(sandbox.candidate_card(&sandbox.seeded().candidate), before);
}

#[tokio::test]
async fn check_counts_what_is_in_scope_and_carries_no_link_and_keeps_a_scope_that_is_there() {
    let (services, home, _) = services().await;
    let sandbox = services.sandbox();
    let seeded = sandbox.seeded();
    let made = ["--candidate", &seeded.candidate, "--template", &seeded.template.to_string()];
    let workspace = seeded.workspace.to_string();
    let made = home.run(&[&["create"], &made[..], &["--workspace", &workspace, "--publish"]].concat()).await;
    assert_eq!(made.code, 0, "{}", made.err);
    let draft = ContractSeed::new(seeded.template, "A draft").counterparty("Bo Sample", "bo@example.com");
    sandbox.add_contract(draft).unwrap();
    let says = async |what: &str| home.run(&["check"]).await.out.contains(what);
    assert!(says("1 of the 2 most recently sent contracts carry no SmartSync link").await);

    home.append(&format!("\n[sync]\nworkspaces = [{workspace}]\n"));
    assert!(says(&format!("add `{LINK}` to `[sync]`")).await, "the scope is there");
    home.replace(&format!("workspaces = [{workspace}]"), "workspaces = [1]");
    assert!(!says("carry no SmartSync link").await, "none of them is kept in step");
}

#[tokio::test]
async fn check_counts_what_the_database_has_bound_as_linked_where_a_look_follows_it() {
    let (services, home, contract) = services().await;
    let says = async |what: &str| home.run(&["check"]).await.out.contains(what);
    assert!(says("1 of the 1 most recently sent contracts").await);
    let candidate = services.sandbox().seeded().candidate;
    let linked = home.run(&["link", &contract.to_string(), "--candidate", &candidate]).await;
    assert_eq!(linked.code, 0, "{}", linked.err);
    assert!(!says("carry no SmartSync link").await, "a person has linked it");

    let bound = |entry: &str| {
        let database = Connection::open(home.database()).unwrap();
        database.execute("UPDATE ledger SET entry = ?1", [entry]).unwrap();
    };
    bound(r#"{"candidate":"4711"}"#);
    assert!(!says("carry no SmartSync link").await, "the database knows whose it is");
    bound("{}");
    assert!(says("1 of the 1 most recently sent contracts").await);
    home.append("\n[sync]\nlink = [\"participant_custom_id\"]\n");
    bound(r#"{"candidate":"4711"}"#);
    assert!(says("1 of the 1 most recently sent contracts").await, "the database is no means");
    bound(r#"{"candidate":"4711","linked_by_hand":true}"#);
    assert!(!says("carry no SmartSync link").await, "what a person has said holds by any means");
}

#[tokio::test]
async fn a_document_that_an_address_alone_would_place_is_told_to_a_person_everywhere() {
    let (services, home, contract) = services().await;
    let sandbox = services.sandbox();
    let (candidate, kind) = (sandbox.seeded().candidate, sandbox.seeded().template_type);
    home.append(&format!("\n[sync]\n{LINK}\ntemplate_types = [{kind}]\n"));
    sandbox.sign_all(contract.get()).unwrap();
    let remedy = format!("smartsync link {contract} --candidate ID");

    let planned = home.run(&["plan", "--all"]).await;
    let line = format!(
        "1 signed documents would not be attached, because only an e-mail address links the contract to the candidate: {contract}. Run `smartsync link"
    );
    assert!(planned.out.contains(&line), "{}", planned.out);
    let planned: Value = serde_json::from_str(&home.run(&["plan", "--all", "--json"]).await.out).unwrap();
    assert_eq!(planned["documents_by_address"], serde_json::json!([contract.get()]));

    let server = home.serve_with_log().await;
    let told = || home.log_lines().iter().filter(|line| line.contains("document-by-address")).count();
    let looked = || home.log_lines().iter().filter(|line| line.contains("look finished contract=")).count();
    for (name, looks) in [("signed", 1), ("again", 2)] {
        notify(&server, name, contract).await;
        until("it is looked at", async || looked() >= looks).await;
    }
    assert_eq!(told(), 1, "{:#?}", home.log_lines());
    let log = home.log_lines();
    let warning = log.iter().find(|line| line.contains("document-by-address")).unwrap();
    for word in ["WARN", r#"document="not_due""#, &format!("next=\"{remedy}\"")] {
        assert!(warning.contains(word), "{word}: {warning}");
    }
    drop(server);

    for arguments in [&["sync", &*contract.to_string()][..], &["sync", "--all"]] {
        let ended = home.run(arguments).await;
        assert_eq!(ended.code, 2, "{}", ended.out);
        assert!(ended.out.contains("Only a participant's e-mail address"), "{}", ended.out);
    }
    assert_eq!(home.run(&["link", &contract.to_string(), "--candidate", &candidate]).await.code, 0);
    assert_eq!(home.run(&["sync", &contract.to_string()]).await.code, 0);
    assert_eq!(sandbox.candidate_card(&candidate).unwrap().uploads.len(), 1);
}
