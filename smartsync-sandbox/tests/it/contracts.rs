//! Contracts from template to signature.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{
    ActionError, ContractSeed, DataFieldSeed, Sandbox, SandboxSettings, TemplateSeed, TemplateTypeSeed,
};

use crate::support::{Got, oneflow, pending_contract, sandbox};

fn create(sandbox: &Sandbox, change: impl FnOnce(&mut Value)) -> Got {
    let seeded = sandbox.seeded();
    let mut body = json!({
        "workspace_id": seeded.workspace,
        "template_id": seeded.template,
        "name": "Employment contract",
        "data_fields": [{ "custom_id": "oneflow-notice", "value": "3 months" }],
        "parties": [{
            "type": "individual",
            "participant": {
                "name": "Ann Sample",
                "email": "ann@example.com",
                "delivery_channel": "email",
                "signatory": true,
                "_permissions": { "contract:update": true },
                "_private_ownerside": { "custom_id": "candidate 4711" },
            },
        }],
    });
    change(&mut body);
    oneflow(sandbox, Method::POST, "/contracts/create", Some(body))
}

fn publish(sandbox: &Sandbox, contract: &Value) -> Got {
    let body = json!({ "subject": "Your contract", "message": "Please sign." });
    oneflow(sandbox, Method::POST, &format!("/contracts/{contract}/publish"), Some(body))
}

#[test]
fn a_new_contract_is_a_draft_with_the_fields_of_its_template_type() {
    let sandbox = sandbox();
    let got = create(&sandbox, |_| {});
    assert_eq!(got.status, 200, "{}", got.json);
    let contract = got.json;
    assert_eq!(contract["state"], "draft");
    assert_eq!(contract["published_time"], Value::Null);
    assert_eq!(contract["_private_ownerside"]["created_time"], "2031-03-03T09:00:00+0000");
    assert_eq!(contract["_private_ownerside"]["template_id"], sandbox.seeded().template);
    let fields = contract["data_fields"].as_array().unwrap();
    assert_eq!(fields.len(), 9);
    let notice =
        fields.iter().find(|field| field["_private_ownerside"]["custom_id"] == "oneflow-notice").unwrap();
    assert_eq!((notice["value"].as_str(), notice.get("custom_id")), (Some("3 months"), None));
}

#[test]
fn the_creator_stands_on_the_owner_side_and_an_individual_has_one_participant() {
    let contract = create(&sandbox(), |_| {}).json;
    let [owner, individual] = &contract["parties"].as_array().unwrap()[..] else { panic!("two parties") };
    assert_eq!((owner["my_party"].as_bool(), owner["type"].as_str()), (Some(true), Some("company")));
    assert_eq!(owner["participants"][0]["email"], "recruiter@example.com");
    assert_eq!((individual["type"].as_str(), individual.get("participants")), (Some("individual"), None));
    assert_eq!(individual["participant"]["_private_ownerside"]["custom_id"], "candidate 4711");
    assert_eq!(individual["participant"]["sign_state"], "undecided");
}

#[test]
fn a_create_that_refers_to_what_is_not_there_is_refused() {
    let sandbox = sandbox();
    assert_eq!(create(&sandbox, |body| body["workspace_id"] = json!(1)).status, 404);
    assert_eq!(create(&sandbox, |body| body["template_id"] = json!(1)).status, 404);
    let kind = sandbox.seeded().template_type;
    let inactive = sandbox.add_template(TemplateSeed::new("Old", Some(kind)).inactive()).unwrap();
    assert_eq!(create(&sandbox, |body| body["template_id"] = json!(inactive)).status, 409);
    let got = create(&sandbox, |body| body["data_fields"][0]["custom_id"] = json!("colour"));
    assert_eq!((got.status, got.complaint().as_str()), (400, "data_fields.0.custom_id"));
    let got = create(&sandbox, |body| body["data_fields"][0]["value"] = json!("x".repeat(1_025)));
    assert_eq!((got.status, got.complaint().as_str()), (400, "data_fields.0.value"));
    let got =
        create(&sandbox, |body| body["parties"][0]["participant"]["phone_number"] = json!("070-174 06 05"));
    assert_eq!((got.status, got.complaint().as_str()), (400, "parties.0.participant.phone_number"));
    assert!(sandbox.contracts().is_empty());
}

#[test]
fn a_new_contract_keeps_its_value_and_refuses_what_the_account_does_not_have() {
    let sandbox = sandbox();
    let value = json!({ "amount": "1200.00", "currency": "SEK" });
    let got = create(&sandbox, |body| body["value"] = value.clone());
    assert_eq!((got.status, &got.json["_private"]["value"]), (200, &value));
    for (member, unknown) in [("tags", json!([{ "id": 1 }])), ("product_groups", json!([{ "id": 1 }]))] {
        let got = create(&sandbox, |body| body[member] = unknown);
        assert_eq!((got.status, got.complaint().as_str()), (400, member));
    }
}

#[test]
fn forty_participants_are_the_most_and_the_creator_is_one_of_them() {
    let sandbox = sandbox();
    let create_with = |counterparties: usize| {
        create(&sandbox, |body| body["parties"] = json!(vec![body["parties"][0].clone(); counterparties]))
    };
    assert_eq!(create_with(39).status, 200);
    assert_eq!(create_with(40).complaint(), "parties");
}

#[test]
fn a_contract_made_by_hand_has_only_active_fields() {
    let sandbox = sandbox();
    let kind = TemplateTypeSeed::new("Old").field(DataFieldSeed::new("left-out").inactive());
    let kind = sandbox.add_template_type(kind);
    let template = sandbox.add_template(TemplateSeed::new("Old", Some(kind))).unwrap();
    let seed = ContractSeed::new(template, "Old");
    assert_eq!(sandbox.add_contract(seed.clone().value("left-out", "x")), Err(ActionError::Template));
    let contract = sandbox.add_contract(seed).unwrap();
    assert!(sandbox.contract_card(contract).unwrap().data_fields.is_empty());
}

#[test]
fn a_template_without_a_type_gives_a_contract_without_fields() {
    let sandbox = sandbox();
    let plain = sandbox.add_template(TemplateSeed::new("Plain", None)).unwrap();
    let got = create(&sandbox, |body| {
        body["template_id"] = json!(plain);
        body["data_fields"] = json!([]);
    });
    assert_eq!((got.status, got.json["data_fields"].clone()), (200, json!([])));
}

#[test]
fn only_a_draft_can_be_published() {
    let sandbox = sandbox();
    let contract = create(&sandbox, |_| {}).json["id"].clone();
    let published = publish(&sandbox, &contract);
    assert_eq!((published.status, published.json["state"].as_str()), (200, Some("pending")));
    assert_eq!(published.json["published_time"], "2031-03-03T09:00:00+0000");
    assert_eq!(publish(&sandbox, &contract).status, 409);
}

#[test]
fn the_contract_is_signed_when_the_last_signatory_has_signed() {
    let sandbox = sandbox();
    let contract = create(&sandbox, |body| {
        let mut second = body["parties"][0].clone();
        second["participant"]["email"] = json!("bo@example.com");
        body["parties"].as_array_mut().unwrap().push(second);
    });
    let contract = contract.json["id"].as_i64().unwrap();
    let state = || sandbox.contract_card(contract).unwrap().state;
    assert_eq!(sandbox.sign(contract, None), Err(ActionError::State));
    assert_eq!(sandbox.publish(1), Err(ActionError::Contract));
    sandbox.publish(contract).unwrap();
    assert_eq!(sandbox.publish(contract), Err(ActionError::State));
    sandbox.sign(contract, None).unwrap();
    assert_eq!(state(), "pending");
    sandbox.sign(contract, None).unwrap();
    assert_eq!(state(), "signed");
    assert_eq!(sandbox.sign(contract, None), Err(ActionError::State));
}

#[test]
fn a_contract_ends_declined_overdue_or_deleted() {
    let sandbox = sandbox();
    let [declined, overdue, deleted] = std::array::from_fn(|_| pending_contract(&sandbox));
    sandbox.decline(declined, None).unwrap();
    sandbox.expire(overdue).unwrap();
    sandbox.delete_contract(deleted).unwrap();
    let get = |contract: i64| oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}"), None);
    assert_eq!(get(declined).json["state"], "declined");
    assert_eq!(get(overdue).json["state"], "overdue");
    assert_eq!(get(deleted).status, 404);
}

#[test]
fn a_list_shows_no_data_fields_and_finds_by_the_value_of_one() {
    let sandbox = sandbox();
    let wanted = create(&sandbox, |_| {}).json["id"].clone();
    pending_contract(&sandbox);
    let query = "/contracts?filter%5Bdata_field_match%5D=oneflow-notice%3A3%20months";
    let found = oneflow(&sandbox, Method::GET, query, None).json;
    assert_eq!((&found["count"], &found["data"][0]["id"]), (&json!(1), &wanted));
    assert_eq!(found["data"][0].get("data_fields"), None);
    for (length, status) in [(0, 400), (585, 200), (586, 400)] {
        let target =
            format!("/contracts?filter%5Bdata_field_match%5D=oneflow-notice%3A{}", "x".repeat(length));
        assert_eq!(oneflow(&sandbox, Method::GET, &target, None).status, status, "{length}");
    }
}

#[test]
fn only_active_templates_are_listed_unless_asked_for() {
    let sandbox = sandbox();
    sandbox.add_template(TemplateSeed::new("Old", None).inactive()).unwrap();
    let count = |query: &str| {
        oneflow(&sandbox, Method::GET, &format!("/templates{query}"), None).json["count"].clone()
    };
    assert_eq!(count(""), 1);
    assert_eq!(count("?filter%5Bactive%5D=false"), 1);
    assert_eq!(count("?filter%5Bactive%5D="), 2);
}

#[test]
fn an_unseeded_sandbox_holds_a_workspace_a_user_and_nothing_else() {
    let sandbox = Sandbox::new(SandboxSettings::new().unseeded());
    let count = |path: &str| oneflow(&sandbox, Method::GET, path, None).json["count"].clone();
    assert_eq!((count("/workspaces"), count("/users")), (json!(1), json!(1)));
    assert_eq!(
        (count("/templates"), count("/template_types"), count("/contracts")),
        (json!(0), json!(0), json!(0))
    );
}

#[test]
fn a_contract_is_deleted_over_the_api() {
    let sandbox = sandbox();
    let contract = sandbox.add_contract(ContractSeed::new(sandbox.seeded().template, "A contract")).unwrap();
    let target = format!("/contracts/{contract}");
    assert_eq!(oneflow(&sandbox, Method::DELETE, &target, None).status, 200);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(oneflow(&sandbox, method, &target, None).status, 404);
    }
    assert_eq!(oneflow(&sandbox, Method::GET, "/contracts", None).json["count"], 0);
}
