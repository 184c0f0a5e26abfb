//! Data fields of a contract.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{
    ContractSeed, DataFieldSeed, Sandbox, SandboxSettings, TemplateSeed, TemplateTypeSeed,
};

use crate::support::{Got, oneflow, pending_contract, sandbox};

fn put(sandbox: &Sandbox, contract: i64, field: &str, body: Value) -> Got {
    oneflow(sandbox, Method::PUT, &format!("/contracts/{contract}/data_fields/{field}"), Some(body))
}

fn value(sandbox: &Sandbox, contract: i64, custom_id: &str) -> String {
    sandbox.contract_card(contract).unwrap().data_fields[custom_id].clone()
}

#[test]
fn a_field_is_named_by_its_id_or_by_its_custom_id() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let got = put(&sandbox, contract, "c%3A%3Aoneflow-notice", json!({ "value": "a" }));
    assert_eq!((got.status, got.json["value"].as_str()), (200, Some("a")));
    let id = got.json["id"].to_string();
    assert_eq!(put(&sandbox, contract, &id, json!({ "value": "b" })).status, 200);
    assert_eq!(value(&sandbox, contract, "oneflow-notice"), "b");
    assert_eq!(put(&sandbox, contract, "oneflow-notice", json!({ "value": "c" })).status, 404);
    assert_eq!(put(&sandbox, contract, &id, json!({ "id": 1, "value": "c" })).status, 400);
}

#[test]
fn null_and_empty_text_clear_and_an_absent_value_changes_nothing() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    sandbox.fill_data_field(contract, "oneflow-notice", "a").unwrap();
    assert_eq!(put(&sandbox, contract, "c::oneflow-notice", json!({})).json["value"], "a");
    assert_eq!(put(&sandbox, contract, "c::oneflow-notice", json!({ "value": null })).json["value"], "");
}

#[test]
fn many_fields_are_written_at_once_as_a_list_or_wrapped() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let path = format!("/contracts/{contract}/data_fields");
    let item = |value| json!({ "_private_ownerside": { "custom_id": "oneflow-notice" }, "value": value });
    assert_eq!(oneflow(&sandbox, Method::PUT, &path, Some(json!([item("a")]))).status, 200);
    assert_eq!(value(&sandbox, contract, "oneflow-notice"), "a");
    assert_eq!(
        oneflow(&sandbox, Method::PUT, &path, Some(json!({ "data_fields": [item("b")] }))).status,
        200
    );
    assert_eq!(value(&sandbox, contract, "oneflow-notice"), "b");
    assert_eq!(oneflow(&sandbox, Method::PUT, &path, Some(json!([{ "value": "c" }]))).status, 400);
    let list = oneflow(&sandbox, Method::GET, &path, None).json;
    assert_eq!(list["count"], 9);
}

#[test]
fn a_field_of_the_system_answers_200_and_changes_nothing() {
    let sandbox = sandbox();
    let kind =
        TemplateTypeSeed::new("Integration").field(DataFieldSeed::new("locked").value("kept").system());
    let kind = sandbox.add_template_type(kind);
    let template = sandbox.add_template(TemplateSeed::new("Locked", Some(kind))).unwrap();
    let contract = sandbox.add_contract(ContractSeed::new(template, "Locked")).unwrap();
    let got = put(&sandbox, contract, "c::locked", json!({ "value": "changed" }));
    assert_eq!((got.status, got.json["value"].as_str()), (200, Some("kept")));
    let kind = oneflow(&sandbox, Method::GET, &format!("/template_types/{kind}"), None).json;
    assert_eq!(kind["data_fields"][0]["source"], "system");
}

#[test]
fn a_signed_or_declined_contract_takes_no_change() {
    let sandbox = sandbox();
    let [signed, declined] = std::array::from_fn(|_| pending_contract(&sandbox));
    sandbox.sign_all(signed).unwrap();
    sandbox.decline(declined, None).unwrap();
    for contract in [signed, declined] {
        assert_eq!(put(&sandbox, contract, "c::oneflow-notice", json!({ "value": "a" })).status, 409);
    }
}

#[test]
fn the_custom_id_stands_where_the_settings_say() {
    let sandbox = Sandbox::new(SandboxSettings::new().custom_id_on_top(true));
    let contract = pending_contract(&sandbox);
    let got = put(&sandbox, contract, "c::oneflow-notice", json!({})).json;
    assert_eq!(
        (got["custom_id"].as_str(), got["_private_ownerside"].get("custom_id")),
        (Some("oneflow-notice"), None)
    );
}
