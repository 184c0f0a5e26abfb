//! An administrator changes custom fields and options; what the API answers from then on.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{ActionError, CustomFieldKind, CustomFieldSeed, Sandbox};

use crate::support::{custom_field, post_value, sandbox, teamtailor};

/// Labels of a field's options, by its id.
fn options(sandbox: &Sandbox, field: &Value) -> Vec<String> {
    let target = format!("/custom-field-options?filter%5Bcustom-field%5D={}", field["id"].as_str().unwrap());
    let list = teamtailor(sandbox, Method::GET, &target, None).json;
    let labels = list["data"].as_array().unwrap().iter();
    labels.map(|one| one["attributes"]["value"].as_str().unwrap().to_owned()).collect()
}

fn value_of(sandbox: &Sandbox, api_name: &str) -> Option<String> {
    sandbox.candidate_card("4711").unwrap().get(api_name).map(str::to_owned)
}

/// The definition as the list has it, by id.
fn definition(sandbox: &Sandbox, id: &Value) -> Option<Value> {
    let list = teamtailor(sandbox, Method::GET, "/custom-fields?page%5Bsize%5D=30", None).json;
    list["data"].as_array().unwrap().iter().find(|field| field["id"] == *id).cloned()
}

#[test]
fn a_renamed_field_has_its_id_its_values_and_a_newer_time() {
    let sandbox = sandbox();
    let before = custom_field(&sandbox, "oneflow-salary");
    sandbox.rename_custom_field("oneflow-salary", "Pay").unwrap();
    let named = definition(&sandbox, &before["id"]).unwrap();
    assert_eq!(
        (&named["attributes"]["name"], &named["attributes"]["api-name"]),
        (&json!("Pay"), &json!("oneflow-salary"))
    );
    assert_ne!(named["attributes"]["updated-at"], before["attributes"]["updated-at"]);
    assert_eq!(named["attributes"]["created-at"], before["attributes"]["created-at"]);

    sandbox.change_api_name("oneflow-salary", "oneflow-pay").unwrap();
    let moved = definition(&sandbox, &before["id"]).unwrap();
    assert_eq!(moved["attributes"]["api-name"], "oneflow-pay");
    assert_eq!(
        (value_of(&sandbox, "oneflow-pay"), value_of(&sandbox, "oneflow-salary")),
        (Some("42000".to_owned()), None)
    );
    assert_eq!(sandbox.rename_custom_field("oneflow-salary", "x"), Err(ActionError::Field));
    assert_eq!(sandbox.change_api_name("oneflow-pay", "shirt-size"), Err(ActionError::Taken));
    sandbox.change_api_name("oneflow-pay", "oneflow-pay").unwrap();
}

#[test]
fn a_deleted_field_is_in_no_list_takes_its_values_along_and_takes_no_new_one() {
    let sandbox = sandbox();
    let field = custom_field(&sandbox, "oneflow-contract-type");
    sandbox.delete_custom_field("oneflow-contract-type").unwrap();
    assert_eq!(definition(&sandbox, &field["id"]), None);
    assert_eq!((value_of(&sandbox, "oneflow-contract-type"), options(&sandbox, &field).len()), (None, 0));
    let target = "/candidates/4711?include=custom-field-values.custom-field";
    let card = teamtailor(&sandbox, Method::GET, target, None).json;
    assert!(!card["included"].as_array().unwrap().iter().any(|one| one["id"] == field["id"]));
    let body = json!({ "data": {
        "type": "custom-field-values",
        "attributes": { "value": "7001" },
        "relationships": {
            "custom-field": { "data": { "type": field["type"], "id": field["id"] } },
            "owner": { "data": { "type": "candidates", "id": "4711" } },
        },
    } });
    let got = teamtailor(&sandbox, Method::POST, "/custom-field-values", Some(body));
    assert_eq!((got.status, got.complaint().as_str()), (422, "must exist"));
    assert_eq!(sandbox.delete_custom_field("oneflow-contract-type"), Err(ActionError::Field));
}

#[test]
fn values_that_suit_another_type_stay_and_the_others_are_gone() {
    use CustomFieldKind as K;
    for (api_name, kind, kept) in [
        ("oneflow-salary", K::Text, Some("42000")),
        ("oneflow-start-date", K::Number, None),
        ("oneflow-contract-type", K::MultiSelect, Some("Permanent")),
        ("oneflow-contract-type", K::Text, Some("Permanent")),
        ("shirt-size", K::Select, None),
        ("shirt-size", K::Phone, Some("M")),
    ] {
        let sandbox = sandbox();
        let id = custom_field(&sandbox, api_name)["id"].clone();
        sandbox.change_custom_field_kind(api_name, kind).unwrap();
        let field = definition(&sandbox, &id).unwrap();
        let has_options = matches!(kind, K::Select | K::MultiSelect);
        let type_name = if has_options { "custom-field-selects" } else { "custom-fields" };
        assert_eq!(
            (&field["type"], &field["attributes"]["field-type"]),
            (&json!(type_name), &json!(format!("CustomField::{kind:?}"))),
        );
        assert_eq!(value_of(&sandbox, api_name).as_deref(), kept, "{api_name} {kind:?}");
        let keeps_options = api_name == "oneflow-contract-type" && has_options;
        assert_eq!(options(&sandbox, &field).len(), if keeps_options { 3 } else { 0 }, "{api_name} {kind:?}");
    }
}

#[test]
fn options_come_change_their_text_and_go() {
    let sandbox = sandbox();
    let field = custom_field(&sandbox, "oneflow-contract-type");
    let seasonal = sandbox.add_option("oneflow-contract-type", "Seasonal").unwrap();
    sandbox.rename_option("oneflow-contract-type", "Permanent", "Until further notice").unwrap();
    assert_eq!(
        options(&sandbox, &field),
        ["Until further notice", "Fixed term", "Hourly", "Seasonal"],
        "an option keeps its id and place"
    );
    assert_eq!(value_of(&sandbox, "oneflow-contract-type").as_deref(), Some("Until further notice"));

    sandbox.delete_option("oneflow-contract-type", "Until further notice").unwrap();
    assert_eq!(value_of(&sandbox, "oneflow-contract-type"), None);
    let got = post_value(&sandbox, "oneflow-contract-type", json!("7001"));
    assert_eq!((got.status, got.complaint().as_str()), (422, "is invalid"), "the option is gone");
    assert_eq!(post_value(&sandbox, "oneflow-contract-type", json!(seasonal)).status, 201);

    assert_eq!(sandbox.add_option("oneflow-contract-type", "Hourly"), Err(ActionError::Taken));
    assert_eq!(sandbox.add_option("shirt-size", "L"), Err(ActionError::Field));
    assert_eq!(sandbox.rename_option("oneflow-contract-type", "Hourly", "Seasonal"), Err(ActionError::Taken));
    assert_eq!(sandbox.rename_option("oneflow-contract-type", "x", "y"), Err(ActionError::Option));
    assert_eq!(sandbox.delete_option("oneflow-contract-type", "x"), Err(ActionError::Option));
    assert_eq!(sandbox.delete_option("nothing", "x"), Err(ActionError::Field));
}

#[test]
fn of_several_choices_the_others_stay() {
    let sandbox = sandbox();
    let seed = CustomFieldSeed::new("days", CustomFieldKind::MultiSelect).options(["Mon", "Tue"]);
    sandbox.add_custom_field(seed);
    sandbox.edit_custom_field("4711", "days", Some("Mon, Tue")).unwrap();
    sandbox.delete_option("days", "Mon").unwrap();
    assert_eq!(value_of(&sandbox, "days").as_deref(), Some("Tue"));
    sandbox.delete_option("days", "Tue").unwrap();
    assert_eq!(value_of(&sandbox, "days"), None);
}

#[test]
fn what_is_refused_changes_nothing_and_takes_no_time() {
    let sandbox = sandbox();
    let (before, field) = (sandbox.now(), custom_field(&sandbox, "shirt-size"));
    assert!(sandbox.change_api_name("shirt-size", "oneflow-salary").is_err());
    assert!(sandbox.add_option("shirt-size", "L").is_err());
    assert_eq!((sandbox.now(), custom_field(&sandbox, "shirt-size")), (before, field));
}
