//! Links between resources, and what came along.

use serde_json::json;
use teamtailor_client::{
    CustomField, CustomFieldValue, GetCandidate, JobApplication, Upload,
    jsonapi::{Linkage, ResourceIdentifier, ToMany, ToOne},
};

use crate::fixtures::{CANDIDATE, changed, decode};

#[test]
fn a_to_one_relationship_tells_not_loaded_from_empty() {
    let rows = [
        (json!({}), None),
        (json!({ "links": { "self": "https://api.teamtailor.com/v1/x" } }), None),
        (json!({ "data": null }), Some(None)),
        (json!({ "data": { "type": "stages", "id": "5150" }, "meta": {} }), Some(Some("5150"))),
    ];
    for (text, expected) in rows {
        let relationship: ToOne = serde_json::from_value(text).unwrap();
        let id = relationship.identifier().map(|identifier| identifier.id.as_str());
        assert_eq!(relationship.is_loaded().then_some(id), expected);
    }
    assert_eq!(ToOne::default().data, Linkage::NotLoaded);
}

#[test]
fn a_to_many_relationship_tells_not_loaded_from_empty_and_keeps_its_order() {
    let rows = [
        (json!({ "links": {} }), None),
        (json!({ "data": [] }), Some(vec![])),
        (json!({ "data": null }), Some(vec![])),
        (
            json!({ "data": [{ "type": "uploads", "id": "9" }, { "type": "uploads", "id": "10" }] }),
            Some(vec!["9", "10"]),
        ),
    ];
    for (text, expected) in rows {
        let relationship: ToMany = serde_json::from_value(text).unwrap();
        let ids: Vec<&str> =
            relationship.identifiers().iter().map(|identifier| identifier.id.as_str()).collect();
        assert_eq!(relationship.is_loaded().then_some(ids), expected);
    }
}

#[test]
fn relationships_of_a_candidate_are_told_apart() {
    let relationships = decode(&GetCandidate::new("4711"), CANDIDATE).data.relationships;
    assert!(!relationships.activities.is_loaded());
    assert!(!relationships.questions.is_loaded());
    assert_eq!(relationships.department.data, Linkage::Empty);
    assert_eq!(relationships.role.data, Linkage::NotLoaded);
    assert_eq!(relationships.locations.data, Some(Vec::new()));
    assert_eq!(format!("{:?}", relationships.job_applications.identifiers()), "[job-applications/88001]");
}

#[test]
fn null_relationships_are_not_loaded() {
    for null in ["/data/relationships", "/data/relationships/uploads"] {
        let body = changed(CANDIDATE, |document| *document.pointer_mut(null).unwrap() = json!(null));
        assert!(!decode(&GetCandidate::new("4711"), &body).data.relationships.uploads.is_loaded(), "{null}");
    }
}

#[test]
fn what_came_along_is_found_by_type_and_id() {
    let included = decode(&GetCandidate::new("4711"), CANDIDATE).included;
    assert_eq!(included.len(), 11);
    let upload = included.get::<Upload>("77").unwrap().unwrap();
    assert_eq!(upload.attributes.file_name.as_deref(), Some("Agreement (42).pdf"));
    assert!(included.get::<Upload>("31").is_none());
    assert!(included.get::<CustomField>("31").is_some());
    assert!(included.get::<CustomField>("32").is_some());
    assert!(included.get::<JobApplication>("88001").is_some());
    let ids: Vec<String> =
        included.all::<CustomFieldValue>().map(|value| value.unwrap().id.as_str().to_owned()).collect();
    assert_eq!(ids, ["901", "902", "903", "904"]);
}

#[test]
fn a_relationship_is_followed_to_its_type_only() {
    let included = decode(&GetCandidate::new("4711"), CANDIDATE).included;
    let rows = [
        (ResourceIdentifier::new("custom-fields", "31"), true),
        (ResourceIdentifier::new("custom-field-selects", "31"), true),
        (ResourceIdentifier::new("custom-fields", "32"), true),
        (ResourceIdentifier::new("custom-fields", "99"), false),
        (ResourceIdentifier::new("uploads", "77"), false),
        (ResourceIdentifier::new("turtles", "1"), false),
    ];
    for (identifier, expected) in rows {
        assert_eq!(included.resolve::<CustomField>(&identifier).is_some(), expected, "{identifier:?}");
    }
}

#[test]
fn an_unknown_type_stays_reachable_as_json() {
    let included = decode(&GetCandidate::new("4711"), CANDIDATE).included;
    assert!(included.raw().any(|text| text.contains(r#""name": "Tom""#)));
}

#[test]
fn a_malformed_resource_that_came_along_costs_nothing_else() {
    let body = changed(CANDIDATE, |document| {
        let included = document["included"].as_array_mut().unwrap();
        included.insert(0, json!(42));
        included.insert(0, json!(null));
        included.insert(0, json!({ "type": "uploads" }));
        included.insert(0, json!({ "type": "uploads", "id": [5] }));
        included.insert(0, json!({ "type": "uploads", "id": "79", "attributes": { "file-name": 7 } }));
    });
    let document = decode(&GetCandidate::new("4711"), &body);
    assert_eq!(document.data.attributes.first_name.as_deref(), Some("Ida"));
    assert_eq!(document.included.len(), 16);
    assert!(document.included.get::<Upload>("77").unwrap().is_ok());
    let error = document.included.get::<Upload>("79").unwrap().unwrap_err();
    assert_eq!(error.to_string(), "unexpected shape at `attributes.file-name`");
    let are_fine: Vec<bool> = document.included.all::<Upload>().map(|upload| upload.is_ok()).collect();
    assert_eq!(are_fine, [false, true]);
}

#[test]
fn null_and_absent_included_are_empty() {
    for body in [r#"{"data":{"id":"1","type":"candidates"},"included":null}"#, r#"{"data":{"id":"1"}}"#] {
        assert!(decode(&GetCandidate::new("1"), body).included.is_empty());
    }
}

#[test]
fn escapes_in_type_and_id_are_read() {
    let body = r#"{"data":{"id":"1"},"included":[{"type":"upload\u0073","id":"\u0037","attributes":{}}]}"#;
    assert!(decode(&GetCandidate::new("1"), body).included.get::<Upload>("7").unwrap().is_ok());
}
