//! A member of another shape than expected is noted, and costs nothing else.

use oneflow_client::contracts::{
    Contract, ContractState, DataField, GetContract, ListContracts, ListDataFields, UpdateContract,
};
use oneflow_client::{
    Page,
    contracts::ContractPatch,
    parties::SignState,
    transport::{NextPage, Paged as _},
};
use serde_json::{Value, json};

use crate::{decoding::finish, support::answers};

/// The pointers to all members of all objects.
fn members(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, member) in object {
                let place = format!("{here}/{name}");
                members(member, &place, found);
                found.push(place);
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                members(item, &format!("{here}/{position}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let (object, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(name);
}

fn read(value: &Value) -> Contract {
    finish(&GetContract::new(9001), value.to_string()).unwrap()
}

#[test]
fn every_member_of_a_contract_alone_may_have_another_shape() {
    let whole: Value = serde_json::from_str(answers::CONTRACT).unwrap();
    let original = read(&whole);
    let mut pointers = Vec::new();
    members(&whole, "", &mut pointers);
    assert!(pointers.len() > 130, "{}", pointers.len());
    let mut unmodelled = Vec::new();
    for pointer in pointers.into_iter().filter(|pointer| pointer != "/id") {
        let (mut changed, mut without) = (whole.clone(), whole.clone());
        let member = changed.pointer_mut(&pointer).unwrap();
        *member = if member.is_boolean() { json!("another shape") } else { json!(true) };
        remove(&mut without, &pointer);
        let (changed, without) = (read(&changed), read(&without));
        let name = pointer.rsplit_once('/').unwrap().1;
        if changed == without {
            // Unknown to the model, or that without which there is no object: then its list says so.
            if changed == original {
                unmodelled.push(pointer);
            } else {
                // Or it is always sent, so that absent is unreadable as well.
                let is_expected = ["value", "data_fields", "parties"].contains(&name)
                    || name == "updated_time" && pointer.starts_with("/data_fields/");
                assert!(name == "id" || is_expected, "{pointer}");
            }
            continue;
        }
        let noted = format!("unreadable: {{{name:?}}}");
        let printed = format!("{changed:?}");
        if pointer.starts_with("/_links/") {
            assert!(changed.links.get("self").is_none_or(|link| link.unreadable.contains(name)));
            assert!(changed.links.contains_key("self") || changed.unreadable.contains("_links"));
            continue; // a map prints its size only
        }
        if ["draft_approval_workflow", "pending_approval_workflow"].contains(&name) {
            assert!(!printed.contains(&noted), "any value has the shape of {name}");
            continue;
        }
        assert_eq!(printed.matches(&noted).count(), 1, "{pointer}: {printed}");
        assert_eq!(printed.replace(&noted, "unreadable: {}"), format!("{without:?}"), "{pointer}");
    }
    assert!(unmodelled.len() < 40, "{unmodelled:?}");
}

#[test]
fn what_the_sync_reads_is_told_from_absent() {
    let contract = read(&json!({
        "id": 9001,
        "state": 7,
        "parties": [{ "id": 2, "participants": [{ "id": 21, "_private_ownerside": true }, { "name": "no id" }] }],
        "data_fields": [
            { "id": 5, "value": 45000, "custom_id": ["a"] },
            { "id": 6, "value": "kept", "_private_ownerside": 7, "placeholder": true },
            ["7"],
        ],
    }));
    assert_eq!(contract.state, None);
    assert!(contract.unreadable.contains("state") && contract.unreadable.contains("data_fields"));
    assert!(!contract.unreadable.contains("parties"));
    assert!(contract.parties[0].unreadable.contains("participants"));
    assert!(contract.parties[0].participants[0].unreadable.contains("_private_ownerside"));
    let [first, second] = contract.data_fields.as_slice() else { panic!("two fields can be read") };
    assert!(first.unreadable.contains("value") && first.unreadable.contains("custom_id"));
    assert!(second.unreadable.contains("_private_ownerside"));
    assert_eq!(second.value.as_deref(), Some("kept"));
}

#[test]
fn a_participant_with_members_of_another_shape_costs_these_members_and_no_contract() {
    let participant = json!({
        "id": 21, "name": "Ann Example", "email": "ann@example.com", "signatory": true, "sign_state": "signed",
        "sign_method": { "name": "standard_esign" }, "delivery_channel": ["email"], "delivery_status": 3,
        "two_step_authentication_method": true, "_permissions": [], "_options": "invite",
    });
    let contract = read(&json!({
        "id": 9001,
        "state": "signed",
        "parties": [
            { "id": 1, "my_party": true, "participants": [{ "id": 11, "sign_method": 7, "name": "Olle Owner" }] },
            { "id": 2, "type": "individual", "my_party": false, "participant": participant },
        ],
        "data_fields": [{ "id": 5, "custom_id": "a", "value": "kept" }],
    }));
    assert_eq!(
        (contract.state.as_ref(), contract.unreadable.is_empty()),
        (Some(&ContractState::Signed), true)
    );
    assert_eq!(contract.data_fields[0].value.as_deref(), Some("kept"));
    let participants: Vec<_> = contract.participants().map(|(_, participant)| participant).collect();
    let [owner, signer] = participants.as_slice() else { panic!("both are read") };
    assert_eq!((owner.name.as_deref(), owner.unreadable.contains("sign_method")), (Some("Olle Owner"), true));
    assert_eq!((signer.email.as_deref(), signer.signatory), (Some("ann@example.com"), Some(true)));
    assert_eq!(signer.sign_state, Some(SignState::Signed));
    let unreadable: Vec<_> = signer.unreadable.iter().collect();
    assert_eq!(unreadable.len(), 6, "{unreadable:?}");
}

#[test]
fn objects_written_as_lists_are_not_read_by_position() {
    assert!(serde_json::from_str::<Contract>("[9001]").is_err());
    assert!(serde_json::from_str::<Page<Contract>>("[1, []]").is_err());
    let contract = read(&json!({ "id": 9001, "_private": ["Name", null, "Employment"] }));
    assert!(contract.private.is_none() && contract.unreadable.contains("_private"));
}

#[test]
fn half_an_emoji_costs_the_value_that_it_stands_in() {
    let body =
        r#"{"id":9001,"state":"signed","data_fields":[{"id":5,"value":"\ud83d"},{"id":6,"value":"kept"}]}"#;
    let contract = finish(&GetContract::new(9001), body).unwrap();
    assert_eq!(contract.state, Some(ContractState::Signed));
    let values: Vec<(Option<&str>, bool)> = contract
        .data_fields
        .iter()
        .map(|field: &DataField| (field.value.as_deref(), field.unreadable.contains("value")))
        .collect();
    assert_eq!(values, [(None, true), (Some("kept"), false)]);
}

#[test]
fn an_answer_about_another_contract_is_an_error() {
    for error in [
        finish(&GetContract::new(9002), answers::CONTRACT).unwrap_err(),
        finish(&UpdateContract::new(9002, ContractPatch::new()), answers::CONTRACT).unwrap_err(),
    ] {
        assert!(error.is_decode());
        let cause = error.cause().unwrap().to_string();
        assert_eq!(cause, "the answer is about a different id from the one requested");
    }
}

#[test]
fn a_list_whose_size_and_links_cannot_be_read_goes_on_until_a_page_is_empty() {
    let next = |body: Value| {
        let list = ListDataFields::new(1);
        list.next_page(&finish(&list, body.to_string()).unwrap())
    };
    let goes_on = |body| matches!(next(body), NextPage::Operation(_));
    assert!(goes_on(json!({ "data": [{ "id": 1 }], "count": "many", "_links": 7 })));
    assert!(goes_on(json!({ "data": [{ "id": 1 }], "_links": { "next": 7 } })));
    assert!(goes_on(json!({ "data": [{ "id": 1 }], "_links": { "next": { "href": 7 } } })));
    assert!(!goes_on(json!({ "data": [], "_links": 7 })));
    assert!(!goes_on(json!({ "data": [{ "id": 1 }] })));
    let list = ListContracts::new();
    let page = finish(&list, r#"{"data":[],"count":[],"_links":{"previous":1}}"#).unwrap();
    assert!(page.unreadable.contains("count") && page.links.unreadable.contains("previous"));
}
