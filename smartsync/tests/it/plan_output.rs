//! What `smartsync plan` prints, whole: a text for people, JSON for programs.

use std::time::Duration;

use serde_json::Value;
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Ended, Home};

/// Three mapped fields of a contract in which the notice period was filled in and the salary is no number.
async fn planned(arguments: &[&str]) -> (Ended, HttpSandbox) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    home.append(
        r#"
convention = false

[[field]]
oneflow    = "oneflow-notice"
teamtailor = "custom:oneflow-notice"

[[field]]
oneflow     = "oneflow-salary"
teamtailor  = "custom:oneflow-salary"

[[field]]
oneflow    = "oneflow-has-car"
teamtailor = "custom:oneflow-has-car"
when       = "all_signed"
"#,
    );
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.fill_data_field(contract, "oneflow-salary", "a lot").unwrap();
    let contract = contract.to_string();
    let ended = home.run(&[&["plan", &contract], arguments].concat()).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(!ended.out.contains("3 months") && !ended.out.contains("a lot"), "{}", ended.out);
    (ended, services)
}

#[tokio::test]
async fn for_people_it_is_a_table_with_the_reasons_below() {
    let (ended, _services) = planned(&[]).await;
    assert_eq!(
        ended.out,
        "\
contract 9001, candidate 4711 (found by a participant's e-mail address only)

 contract field     candidate field         outcome      why
 oneflow-has-car    custom:oneflow-has-car  skipped      [1]
 oneflow-notice     custom:oneflow-notice   would write
 oneflow-salary     custom:oneflow-salary   failed       [2]
 (signed document)  (card)                  not due      [3]

 [1] The field is written to the card once everyone has signed.
 [2] The contract's text is not a valid value for the field's type.
 [3] The document is attached once everyone has signed.
"
    );
}

#[tokio::test]
async fn for_programs_it_is_json_with_codes_and_sentences_and_without_values() {
    let (ended, _services) = planned(&["--json"]).await;
    let plan: Value = serde_json::from_str(&ended.out).unwrap();
    let hash = plan["plan"].as_str().unwrap();
    assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    assert_eq!(
        ended.out.replace(hash, "(64 hexadecimal digits)"),
        r#"{
  "contract": 9001,
  "candidate": "4711",
  "linked_by": "email",
  "applied": false,
  "plan": "(64 hexadecimal digits)",
  "fields": [
    {
      "oneflow": "oneflow-has-car",
      "teamtailor": "custom:oneflow-has-car",
      "outcome": "skipped",
      "reason": "waits-for-all-signatures",
      "sentence": "The field is written to the card once everyone has signed."
    },
    {
      "oneflow": "oneflow-notice",
      "teamtailor": "custom:oneflow-notice",
      "outcome": "written",
      "reason": null,
      "sentence": null,
      "sides": {
        "base": "none",
        "contract": "differs",
        "card": "empty"
      }
    },
    {
      "oneflow": "oneflow-salary",
      "teamtailor": "custom:oneflow-salary",
      "outcome": "failed",
      "reason": "contract-value-unreadable",
      "sentence": "The contract's text is not a valid value for the field's type."
    }
  ],
  "document": {
    "outcome": "not_due",
    "reason": "not-signed-yet",
    "sentence": "The document is attached once everyone has signed."
  }
}
"#
    );
}

#[tokio::test]
async fn what_a_sync_would_do_is_said_as_such_and_what_it_did_as_done() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();
    let id = contract.to_string();
    let rows = async |command: &str| {
        let ended = home.run(&[command, &id]).await;
        let lines = ended.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines
            .filter(|line| line.starts_with("oneflow-notice ") || line.starts_with("(signed "))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        rows("plan").await,
        ["oneflow-notice custom:oneflow-notice would write", "(signed document) (card) would attach"]
    );
    assert_eq!(
        rows("sync").await,
        ["oneflow-notice custom:oneflow-notice written", "(signed document) (card) attached"]
    );
    let json: Value = serde_json::from_str(&home.run(&["sync", &id, "--json"]).await.out).unwrap();
    assert_eq!((&json[0]["applied"], &json[0]["plan"]), (&Value::Bool(true), &Value::Null));
}
