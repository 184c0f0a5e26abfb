//! Custom field values: written in one form, read in another.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{CustomFieldKind, CustomFieldSeed, ReadBack, Sandbox, SandboxSettings};

use crate::support::{Got, custom_field, post_value, sandbox, teamtailor};

fn patch(sandbox: &Sandbox, id: &str, value: Value) -> Got {
    let body =
        json!({ "data": { "id": id, "type": "custom-field-values", "attributes": { "value": value } } });
    teamtailor(sandbox, Method::PATCH, &format!("/custom-field-values/{id}"), Some(body))
}

fn value(got: &Got) -> &Value {
    &got.json["data"]["attributes"]["value"]
}

/// Options of the field, by label.
fn option(sandbox: &Sandbox, api_name: &str, label: &str) -> Value {
    let field = custom_field(sandbox, api_name)["id"].as_str().unwrap().to_owned();
    let target = format!("/custom-field-options?filter%5Bcustom-field%5D={field}");
    let options = teamtailor(sandbox, Method::GET, &target, None).json;
    let options = options["data"].as_array().unwrap();
    options.iter().find(|option| option["attributes"]["value"] == label).unwrap()["id"].clone()
}

#[test]
fn an_empty_field_has_no_value_resource_until_one_is_posted() {
    let sandbox = sandbox();
    let list = || {
        teamtailor(&sandbox, Method::GET, "/candidates/4711/custom-field-values?include=custom-field", None)
    };
    assert_eq!(list().json["meta"]["record-count"], 4);
    let got = post_value(&sandbox, "oneflow-notice", json!("3 months"));
    assert_eq!((got.status, value(&got)), (201, &json!("3 months")));
    assert_eq!(list().json["meta"]["record-count"], 5);
    let id = got.json["data"]["id"].as_str().unwrap();
    let read = teamtailor(&sandbox, Method::GET, &format!("/custom-field-values/{id}"), None);
    assert_eq!(read.json["data"], got.json["data"]);
}

#[test]
fn a_second_value_for_the_same_field_and_owner_is_refused() {
    let sandbox = sandbox();
    let got = post_value(&sandbox, "oneflow-start-date", json!("2031-06-01"));
    assert_eq!((got.status, got.complaint().as_str()), (422, "has already been taken"));
    assert_eq!(sandbox.candidate_card("4711").unwrap().get("oneflow-start-date"), Some("2031-05-01"));
}

#[test]
fn a_value_stays_with_its_field_and_owner_and_an_identifier_has_no_other_members() {
    let sandbox = sandbox();
    let with = |relationships: Value| {
        let body = json!({ "data": {
            "id": "903", "type": "custom-field-values",
            "attributes": { "value": "2031-06-01" }, "relationships": relationships,
        } });
        teamtailor(&sandbox, Method::PATCH, "/custom-field-values/903", Some(body))
    };
    let owner = json!({ "type": "candidates", "id": "4711" });
    assert_eq!(with(json!({ "owner": { "data": owner } })).status, 200);
    let other = json!({ "custom-field": { "data": { "type": "custom-fields", "id": "32" } } });
    let got = with(other);
    assert_eq!(
        (got.status, &got.json["errors"][0]["source"]["pointer"]),
        (422, &json!("/data/relationships/custom-field"))
    );
    for odd in [
        json!({ "owner": { "data": owner, "colour": "red" } }),
        json!({ "owner": { "data": { "type": "candidates", "id": "4711", "colour": "red" } } }),
        json!({ "owner": { "data": { "id": "4711" } } }),
        json!({ "owner": owner }),
    ] {
        let got = with(odd);
        assert_eq!((got.status, got.json["errors"][0]["code"].as_str()), (400, Some("103")), "{}", got.json);
    }
}

#[test]
fn a_select_is_written_as_option_id_and_read_as_label() {
    let sandbox = sandbox();
    sandbox.edit_custom_field("4711", "oneflow-contract-type", None).unwrap();
    let hourly = option(&sandbox, "oneflow-contract-type", "Hourly");
    assert_eq!(post_value(&sandbox, "oneflow-contract-type", json!("Hourly")).status, 422);
    let got = post_value(&sandbox, "oneflow-contract-type", json!([hourly]));
    assert_eq!((got.status, value(&got)), (201, &json!("Hourly")));
    let permanent = option(&sandbox, "oneflow-contract-type", "Permanent");
    let got = patch(&sandbox, got.json["data"]["id"].as_str().unwrap(), permanent);
    assert_eq!((got.status, value(&got)), (200, &json!("Permanent")));
}

#[test]
fn a_multi_select_is_written_as_ids_and_read_as_labels() {
    let sandbox = sandbox();
    sandbox.add_custom_field(
        CustomFieldSeed::new("languages", CustomFieldKind::MultiSelect).options(["sv", "en"]),
    );
    let ids = [option(&sandbox, "languages", "en"), option(&sandbox, "languages", "sv")];
    let got = post_value(&sandbox, "languages", json!(ids));
    assert_eq!((got.status, value(&got)), (201, &json!(["en", "sv"])));
    assert_eq!(sandbox.candidate_card("4711").unwrap().get("languages"), Some("en, sv"));
}

#[test]
fn a_checkbox_is_written_as_a_boolean_and_read_as_text() {
    let sandbox = sandbox();
    assert_eq!(post_value(&sandbox, "oneflow-has-car", json!("yes")).status, 422);
    let got = post_value(&sandbox, "oneflow-has-car", json!(true));
    assert_eq!((got.status, value(&got)), (201, &json!("true")));
}

#[test]
fn a_value_that_does_not_suit_the_field_is_refused() {
    let sandbox = sandbox();
    for (api_name, kind) in
        [("mail", CustomFieldKind::Email), ("site", CustomFieldKind::Url), ("day", CustomFieldKind::Date)]
    {
        sandbox.add_custom_field(CustomFieldSeed::new(api_name, kind));
    }
    for (api_name, bad, good) in [
        ("mail", json!("nowhere"), json!("ann@example.com")),
        ("site", json!("example"), json!("https://www.example.com")),
        ("day", json!("1 May 2031"), json!("2031-05-01T00:00:00.000+02:00")),
        ("oneflow-notice", json!(3), json!("3")),
    ] {
        let refused = post_value(&sandbox, api_name, bad);
        assert_eq!((refused.status, refused.complaint().as_str()), (422, "is invalid"), "{api_name}");
        let taken = post_value(&sandbox, api_name, good.clone());
        assert_eq!((taken.status, value(&taken)), (201, &good), "{api_name}");
    }
    assert_eq!(post_value(&sandbox, "shirt-size", Value::Null).status, 422);
}

#[test]
fn null_is_refused_unless_the_settings_let_it_clear() {
    let strict = sandbox();
    let list = teamtailor(&strict, Method::GET, "/candidates/4711/custom-field-values", None).json;
    let id = list["data"][0]["id"].as_str().unwrap();
    assert_eq!(patch(&strict, id, Value::Null).complaint(), "can't be blank");

    let lenient = Sandbox::new(SandboxSettings::new().null_clears(true));
    let got = patch(&lenient, id, Value::Null);
    assert_eq!((got.status, value(&got)), (200, &Value::Null));
    assert_eq!(patch(&lenient, id, json!("x")).status, 404);
    assert_eq!(lenient.candidate_card("4711").unwrap().custom_fields.len(), 3);
}

#[test]
fn the_other_reported_forms_of_reading_can_be_switched_on() {
    let forms = ReadBack::new().number_as_text(true).select_as_list(true).date_with_time(true);
    let sandbox = Sandbox::new(SandboxSettings::new().read_back(forms));
    let list = teamtailor(&sandbox, Method::GET, "/candidates/4711/custom-field-values", None).json;
    let of_kind = |kind: &str| {
        let values = list["data"].as_array().unwrap().iter().map(|value| &value["attributes"]);
        values
            .filter(|value| value["field-type"] == kind)
            .map(|value| value["value"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of_kind("CustomField::Date"), [json!("2031-05-01T00:00:00.000+01:00")]);
    assert_eq!(of_kind("CustomField::Number"), [json!("42000")]);
    assert_eq!(of_kind("CustomField::Select"), [json!(["Permanent"])]);
    assert_eq!(of_kind("CustomField::Text"), [json!("M")]);
}
