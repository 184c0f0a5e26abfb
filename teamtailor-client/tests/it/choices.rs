//! Ids and labels of selects.

use serde_json::{Value, json};
use teamtailor_client::{ChoiceError, Choices, CustomFieldOptionId, custom_field_options::CustomFieldOption};

fn choices() -> Choices {
    let options: Vec<CustomFieldOption> = serde_json::from_value(json!([
        { "id": "7001", "type": "custom-field-options", "attributes": { "value": "Nights" } },
        { "id": "7002", "type": "custom-field-options", "attributes": { "value": "Weekends " } },
        { "id": "7003", "type": "custom-field-options", "attributes": { "value": "Days" } },
        { "id": "7004", "type": "custom-field-options", "attributes": { "value": "Days" } },
        { "id": "7005", "type": "custom-field-options", "attributes": { "value": null } },
        { "id": "7006", "type": "custom-field-options", "attributes": { "value": "7001" } },
    ]))
    .unwrap();
    Choices::new(&options)
}

#[test]
fn a_value_as_read_names_its_options() {
    let ids = |ids: &[&str]| Ok(ids.iter().map(|id| CustomFieldOptionId::from(*id)).collect::<Vec<_>>());
    let rows: [(Value, Result<Vec<CustomFieldOptionId>, ChoiceError>); 11] = [
        (json!("Nights"), ids(&["7001"])),
        (json!(["Nights"]), ids(&["7001"])),
        (json!(["Weekends", "Nights"]), ids(&["7002", "7001"])),
        (json!([]), ids(&[])),
        (json!(null), ids(&[])),
        (json!(""), ids(&[])),
        (json!("7002"), ids(&["7002"])),
        (json!("7001"), ids(&["7006"])), // a label wins over an id
        (json!("Evenings"), Err(ChoiceError::Unknown)),
        (json!(["Days"]), Err(ChoiceError::Ambiguous)),
        (json!([1]), Err(ChoiceError::Shape)),
    ];
    for (value, expected) in rows {
        assert_eq!(choices().chosen(&value), expected, "{value}");
    }
    assert_eq!(choices().chosen(&json!({ "label": "Nights" })), Err(ChoiceError::Shape));
}

#[test]
fn a_value_to_write_holds_ids() {
    assert_eq!(choices().one("Weekends"), Ok(json!("7002")));
    assert_eq!(choices().several(["Nights", "Weekends"]), Ok(json!(["7001", "7002"])));
    assert_eq!(choices().several([]), Ok(json!([])));
    assert_eq!(choices().several(["Nights", "Never"]), Err(ChoiceError::Unknown));
}

#[test]
fn an_id_has_its_label_and_none_is_printed() {
    assert_eq!(choices().label(&"7001".into()), Some("Nights"));
    assert_eq!(choices().label(&"7005".into()), None);
    let printed = format!("{:?} {:?}", choices(), choices().id("Never"));
    assert!(
        printed.contains("7001") && !printed.contains("Nights") && !printed.contains("Never"),
        "{printed}"
    );
}
