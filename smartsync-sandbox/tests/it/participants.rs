//! Participants hand over, change their details, and bring others along.

use http::Method;
use serde_json::Value;
use smartsync_sandbox::{ActionError, ContractSeed, Delegation, OwnDetails, Sandbox, SandboxSettings};

use crate::support::{oneflow, pending_contract, sandbox};

fn contract(sandbox: &Sandbox, contract: i64) -> Value {
    oneflow(sandbox, Method::GET, &format!("/contracts/{contract}"), None).json
}

fn signer(sandbox: &Sandbox, contract: i64) -> i64 {
    sandbox.contract_card(contract).unwrap().participants[1].id
}

fn kinds(sandbox: &Sandbox, contract: i64) -> Vec<String> {
    let list = oneflow(sandbox, Method::GET, &format!("/contracts/{contract}/events"), None).json;
    list["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn handing_over_gives_the_same_participant_another_name_and_a_later_time() {
    let sandbox = sandbox();
    let id = pending_contract(&sandbox);
    let from = signer(&sandbox, id);
    assert_eq!(sandbox.delegate(id, from, "Eve Other", "eve@example.com"), Ok(from));
    let one = &contract(&sandbox, id)["parties"][1]["participant"];
    assert_eq!((one["id"].as_i64(), one["email"].as_str()), (Some(from), Some("eve@example.com")));
    assert_eq!(one["_private_ownerside"]["created_time"], "2031-03-03T09:00:01+0000");
    assert_eq!(one["_private_ownerside"]["updated_time"], "2031-03-03T09:00:02+0000");
    assert_eq!(kinds(&sandbox, id), ["contract:publish", "participant:delegate"]);
}

#[test]
fn handing_over_can_be_told_as_an_update() {
    let sandbox = Sandbox::new(SandboxSettings::new().delegation_as_update(true));
    let id = pending_contract(&sandbox);
    sandbox.delegate(id, signer(&sandbox, id), "Eve Other", "eve@example.com").unwrap();
    assert_eq!(kinds(&sandbox, id), ["contract:publish", "participant:update"]);
}

#[test]
fn handing_over_can_make_a_new_participant() {
    let sandbox = Sandbox::new(SandboxSettings::new().delegation(Delegation::NewParticipant));
    let id = pending_contract(&sandbox);
    let from = signer(&sandbox, id);
    let to = sandbox.delegate(id, from, "Eve Other", "eve@example.com").unwrap();
    assert_ne!(from, to);
    let parties = &contract(&sandbox, id)["parties"];
    assert_eq!(
        (&parties[1]["participant"]["signatory"], &parties[2]["participant"]["signatory"]),
        (&false.into(), &true.into())
    );
    assert_eq!(
        kinds(&sandbox, id),
        ["contract:publish", "participant:delegate", "party:create", "participant:create"]
    );
    assert_eq!(sandbox.sign(id, Some(from)), Err(ActionError::Participant));
    sandbox.sign(id, Some(to)).unwrap();
    assert_eq!(sandbox.contract_card(id).unwrap().state, "signed");
}

#[test]
fn who_is_not_there_or_has_signed_hands_nothing_over() {
    let sandbox = sandbox();
    let id = pending_contract(&sandbox);
    let owner = sandbox.contract_card(id).unwrap().participants[0].id;
    for nobody in [owner, 1] {
        assert_eq!(sandbox.delegate(id, nobody, "Eve", "eve@example.com"), Err(ActionError::Participant));
    }
    let one = signer(&sandbox, id);
    sandbox.sign_all(id).unwrap();
    assert_eq!(sandbox.delegate(id, one, "Eve", "eve@example.com"), Err(ActionError::State));
    let details = OwnDetails::new().phone_number("+46701740600");
    assert_eq!(sandbox.change_own_details(id, one, details), Err(ActionError::State));
}

#[test]
fn others_are_brought_in_by_a_participant_or_by_the_owner_side() {
    let sandbox = sandbox();
    let id = pending_contract(&sandbox);
    let by = signer(&sandbox, id);
    sandbox.add_participant(id, by, "Eve Other", "eve@example.com").unwrap();
    sandbox.add_counterparty(id, "Bo Third", "bo@example.com").unwrap();
    let read = contract(&sandbox, id);
    assert_eq!(read["parties"].as_array().unwrap().len(), 4);
    assert_eq!(read["parties"][2]["participant"]["signatory"], true);
    let list = oneflow(&sandbox, Method::GET, &format!("/contracts/{id}/events"), None).json;
    assert_eq!(list["data"][1]["actor"]["id"], by);
    assert_eq!((&list["data"][3]["type"], &list["data"][3]["actor"]), (&"party:create".into(), &Value::Null));
}

#[test]
fn an_observer_may_fill_in_and_has_not_to_sign() {
    let sandbox = sandbox();
    let seed =
        ContractSeed::new(sandbox.seeded().template, "Watched").observer("Eve Other", "eve@example.com");
    let id = sandbox.add_contract(seed.counterparty("Ann Sample", "ann@example.com").published()).unwrap();
    let read = contract(&sandbox, id);
    let eve = &read["parties"][1]["participant"];
    assert_eq!((&eve["signatory"], &eve["_permissions"]["contract:update"]), (&false.into(), &true.into()));
    sandbox.sign(id, None).unwrap();
    assert_eq!(sandbox.contract_card(id).unwrap().state, "signed");
}

#[test]
fn times_and_sides_can_be_out_of_sight() {
    let settings =
        SandboxSettings::new().participant_times(false).data_field_times(false).my_party_hidden(true);
    let sandbox = Sandbox::new(settings);
    let read = contract(&sandbox, pending_contract(&sandbox));
    assert_eq!(read["data_fields"][0]["_private_ownerside"]["updated_time"], Value::Null);
    assert_eq!(read["parties"][0].get("my_party"), None);
    assert_eq!(read["parties"][1]["participant"]["_private_ownerside"]["created_time"], Value::Null);
}
