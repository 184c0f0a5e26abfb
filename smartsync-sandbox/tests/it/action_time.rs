//! What people do takes a second each.

use std::time::Duration;

use http::Method;
use serde_json::Value;
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, DataFieldSeed, OwnDetails, Sandbox, SandboxSettings,
};

use crate::support::{oneflow, pending_contract, sandbox};

fn seconds_of(sandbox: &Sandbox, action: impl FnOnce(&Sandbox)) -> i64 {
    let before = sandbox.now();
    action(sandbox);
    sandbox.now().duration_since(before).as_secs()
}

#[test]
fn what_is_filled_in_right_after_sending_is_newer_in_whole_seconds() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();
    let contract = oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}"), None).json;
    let fields = contract["data_fields"].as_array().unwrap();
    let notice =
        fields.iter().find(|field| field["_private_ownerside"]["custom_id"] == "oneflow-notice").unwrap();
    let times: Vec<&str> = [
        &contract["published_time"],
        &notice["_private_ownerside"]["updated_time"],
        &contract["state_updated_time"],
    ]
    .map(Value::as_str)
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(times, ["2031-03-03T09:00:01+0000", "2031-03-03T09:00:02+0000", "2031-03-03T09:00:03+0000"]);
}

#[test]
fn each_thing_that_a_person_does_takes_a_second() {
    let sandbox = sandbox();
    let template = sandbox.seeded().template;
    let mut contract = 0;
    let seed = ContractSeed::new(template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .counterparty("Bo Sample", "bo@example.com");
    assert_eq!(seconds_of(&sandbox, |one| contract = one.add_contract(seed).unwrap()), 1);
    assert_eq!(seconds_of(&sandbox, |one| one.publish(contract).unwrap()), 1);
    let ann = sandbox.contract_card(contract).unwrap().participants[1].id;
    let kind = sandbox.seeded().template_type;
    let actions: [&dyn Fn(&Sandbox); 23] = [
        &|one| one.fill_data_field(contract, "oneflow-notice", "3 months").unwrap(),
        &|one| one.change_own_details(contract, ann, OwnDetails::new().name("Ann")).unwrap(),
        &|one| one.delegate(contract, ann, "Eve", "eve@example.com").map(drop).unwrap(),
        &|one| one.add_counterparty(contract, "Al", "al@example.com").map(drop).unwrap(),
        &|one| one.sign(contract, None).unwrap(),
        &|one| one.edit_candidate("4711", "phone", None).unwrap(),
        &|one| one.edit_custom_field("4711", "shirt-size", Some("L")).unwrap(),
        &|one| one.put_file("4711", "x.pdf", true, "x").map(drop).unwrap(),
        &|one| one.add_candidate(CandidateSeed::new("eva@example.com")).map(drop).unwrap(),
        &|one| one.add_job_application("4711").map(drop).unwrap(),
        &|one| one.rename_custom_field("shirt-size", "Size").unwrap(),
        &|one| one.change_api_name("shirt-size", "size").unwrap(),
        &|one| one.change_custom_field_kind("size", CustomFieldKind::Select).unwrap(),
        &|one| one.add_option("size", "M").map(drop).unwrap(),
        &|one| one.rename_option("size", "M", "L").unwrap(),
        &|one| one.delete_option("size", "L").unwrap(),
        &|one| one.delete_custom_field("size").unwrap(),
        &|one| one.add_data_field(kind, DataFieldSeed::new("size")).unwrap(),
        &|one| one.rename_data_field(kind, "size", "Size").unwrap(),
        &|one| one.change_custom_id(kind, "size", "shirt").unwrap(),
        &|one| one.remove_data_field(kind, "shirt").unwrap(),
        &|one| one.merge_candidate("4712", "4711").unwrap(),
        &|one| one.delete_candidate("4711").unwrap(),
    ];
    for (number, action) in actions.into_iter().enumerate() {
        assert_eq!(seconds_of(&sandbox, action), 1, "action {number}");
    }
    assert_eq!(seconds_of(&sandbox, |one| one.sign_all(contract).unwrap()), 2, "two have not signed yet");
    assert_eq!(seconds_of(&sandbox, |one| one.delete_contract(contract).unwrap()), 1);
}

#[test]
fn what_is_refused_and_what_is_set_up_takes_no_time() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    sandbox.sign_all(contract).unwrap();
    let refused = |one: &Sandbox| {
        assert!(one.fill_data_field(contract, "oneflow-notice", "late").is_err());
        assert!(one.sign(contract, None).is_err());
        assert!(one.edit_candidate("4711", "email", Some("no address")).is_err());
    };
    assert_eq!(seconds_of(&sandbox, refused), 0);
    let set_up = |one: &Sandbox| {
        one.set_file_missing(contract, true).unwrap();
        one.take_away_key();
    };
    assert_eq!(seconds_of(&sandbox, set_up), 0);
}

#[test]
fn the_time_of_an_action_can_be_set() {
    let sandbox = Sandbox::new(SandboxSettings::new().action_time(Duration::ZERO));
    assert_eq!(seconds_of(&sandbox, |one| one.edit_candidate("4711", "phone", None).unwrap()), 0);
    let sandbox = Sandbox::new(SandboxSettings::new().action_time(Duration::from_secs(60)));
    assert_eq!(seconds_of(&sandbox, |one| one.edit_candidate("4711", "phone", None).unwrap()), 60);
}
