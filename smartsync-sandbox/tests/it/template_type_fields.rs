//! An administrator changes the data fields of a template type.

use http::Method;
use serde_json::Value;
use smartsync_sandbox::{ActionError, DataFieldSeed, Sandbox};

use crate::support::{oneflow, pending_contract, sandbox};

/// `custom_id` and name of each field of the sample template type.
fn fields(sandbox: &Sandbox) -> Vec<(String, String)> {
    let kind = sandbox.seeded().template_type;
    let read = oneflow(sandbox, Method::GET, &format!("/template_types/{kind}"), None).json;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fields = read["data_fields"].as_array().unwrap().iter();
    fields.map(|field| (text(&field["custom_id"]), text(&field["name"]))).collect()
}

fn has(sandbox: &Sandbox, contract: i64, custom_id: &str) -> bool {
    sandbox.contract_card(contract).unwrap().data_fields.contains_key(custom_id)
}

#[test]
fn new_contracts_have_the_fields_of_their_day_and_old_ones_keep_theirs() {
    let sandbox = sandbox();
    let kind = sandbox.seeded().template_type;
    let old = pending_contract(&sandbox);
    sandbox.add_data_field(kind, DataFieldSeed::new("oneflow-team").value("North")).unwrap();
    sandbox.change_custom_id(kind, "oneflow-salary", "oneflow-pay").unwrap();
    sandbox.rename_data_field(kind, "oneflow-notice", "Term of notice").unwrap();
    sandbox.remove_data_field(kind, "oneflow-has-car").unwrap();
    let new = pending_contract(&sandbox);
    for (custom_id, in_old, in_new) in [
        ("oneflow-team", false, true),
        ("oneflow-salary", true, false),
        ("oneflow-pay", false, true),
        ("oneflow-has-car", true, false),
    ] {
        assert_eq!(
            (has(&sandbox, old, custom_id), has(&sandbox, new, custom_id)),
            (in_old, in_new),
            "{custom_id}"
        );
    }
    assert_eq!(sandbox.contract_card(new).unwrap().data_fields["oneflow-team"], "North");
    sandbox.fill_data_field(old, "oneflow-has-car", "1").unwrap();
    let listed = fields(&sandbox);
    assert!(listed.contains(&("oneflow-notice".to_owned(), "Term of notice".to_owned())));
    assert!(!listed.iter().any(|(custom_id, _)| custom_id == "oneflow-has-car"));
}

#[test]
fn what_is_refused_changes_nothing() {
    let sandbox = sandbox();
    let kind = sandbox.seeded().template_type;
    let read = || oneflow(&sandbox, Method::GET, &format!("/template_types/{kind}"), None).json;
    let before = (read(), sandbox.now());
    assert_eq!(sandbox.remove_data_field(1, "email"), Err(ActionError::TemplateType));
    assert_eq!(sandbox.remove_data_field(kind, "x"), Err(ActionError::DataField));
    assert_eq!(sandbox.rename_data_field(kind, "x", "y"), Err(ActionError::DataField));
    assert_eq!(sandbox.change_custom_id(kind, "email", "phone"), Err(ActionError::Taken));
    assert_eq!(sandbox.add_data_field(kind, DataFieldSeed::new("email")), Err(ActionError::Taken));
    assert_eq!((read(), sandbox.now()), before);
    sandbox.rename_data_field(kind, "email", "Address").unwrap();
    assert_ne!(read()["updated_time"], before.0["updated_time"]);
}
