//! Contracts that are none of the sync's, such as those of sales in the same account: they have no candidate, and need nobody.

use std::time::Duration;

use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, sent_contract};

#[tokio::test]
async fn contracts_without_a_candidate_are_one_counted_line_and_no_failure() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let (_, ours) = sent_contract(&services, 0);
    let strangers = [1, 2, 3].map(|number| {
        let seed = ContractSeed::new(sandbox.seeded().template, "Sales")
            .counterparty("A Customer", format!("customer{number}@example.com"))
            .published();
        sandbox.add_contract(seed).unwrap()
    });
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(ours, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(strangers[0]).unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);

    let ended = home.run(&["sync", "--all"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let counted = "1 synced, 0 with nothing to do, 0 with held or failed fields, 3 without a candidate, 0 not looked at\n";
    assert!(ended.out.ends_with(counted), "{}", ended.out);
    assert_eq!(ended.out.matches("contract 9").count(), 1, "{}", ended.out);

    let ids = strangers.map(|id| id.to_string());
    let ended = home.run(&["sync", &ids[0], &ids[1]]).await;
    let counted = "0 synced, 0 with nothing to do, 0 with held or failed fields, 2 without a candidate, 0 not looked at\n";
    assert_eq!((ended.code, ended.out.as_str()), (0, counted));

    let ended = home.run(&["sync", &ids[0]]).await;
    assert_eq!(ended.code, 0);
    assert!(ended.out.starts_with(&format!("contract {}, no candidate\n", ids[0])), "{}", ended.out);
    let json = home.run(&["sync", "--all", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 4);
    assert_eq!((&json[1]["applied"], &json[1]["candidate"]), (&true.into(), &serde_json::Value::Null));
}
