//! Links between resources, and what came along.

use serde_json::json;
use teamtailor_client::{
    candidates::GetCandidate,
    custom_field_values::CustomFieldValue,
    custom_fields::CustomField,
    job_applications::JobApplication,
    jsonapi::{Linkage, ResourceIdentifier, ToMany, ToOne},
    uploads::Upload,
};

use crate::support::fixtures::{CANDIDATE, changed, decode};

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
fn a_relationship_that_cannot_be_read_is_neither_empty_nor_not_loaded() {
    let identifiers = [
        json!(7),
        json!(["uploads", "9"]),
        json!({ "type": "uploads" }),
        json!({ "type": "uploads", "id": "" }),
        json!({ "type": "", "id": "9" }),
        json!({ "type": 7, "id": "9" }),
    ];
    for identifier in &identifiers {
        let to_one: ToOne = serde_json::from_value(json!({ "data": identifier })).unwrap();
        assert!(to_one.is_unreadable() && !to_one.is_loaded(), "{identifier}");
        assert_eq!((to_one.identifier(), &to_one.data), (None, &Linkage::Unreadable));
    }
    let fine = json!({ "type": "uploads", "id": "9" });
    let mut lists: Vec<_> = identifiers.iter().map(|bad| json!({ "data": [fine, bad] })).collect();
    lists.extend([
        json!({ "data": null }),
        json!({ "data": fine }),
        json!({ "data": [null] }),
        json!(7),
        json!([]),
    ]);
    for list in lists {
        let to_many: ToMany = serde_json::from_value(list.clone()).unwrap();
        assert!(to_many.is_unreadable() && !to_many.is_loaded(), "{list}");
        assert!(to_many.identifiers().is_empty(), "{list}");
    }
}

#[test]
fn a_candidate_says_which_relationship_could_not_be_read() {
    let body = changed(CANDIDATE, |document| {
        document["data"]["relationships"]["custom-field-values"]["data"] = json!(null);
        document["data"]["relationships"]["department"] = json!(7);
    });
    let document = decode(&GetCandidate::new("4711"), &body);
    let relationships = &document.data.relationships;
    assert_eq!(relationships.unreadable.iter().collect::<Vec<_>>(), ["custom-field-values", "department"]);
    assert!(relationships.custom_field_values.is_unreadable() && relationships.department.is_unreadable());
    let errors: Vec<String> =
        document.custom_field_values().map(|value| value.unwrap_err().to_string()).collect();
    assert_eq!(errors, ["the answer's custom field values could not be read"]);
    let error = document.related_one::<Upload>(&relationships.department).unwrap_err();
    assert_eq!(error.to_string(), "the answer's related resource could not be read");
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
fn a_malformed_resource_that_came_along_costs_nothing_else_and_is_noticed() {
    assert!(!decode(&GetCandidate::new("4711"), CANDIDATE).included.has_unreadable());
    let malformed = [
        json!(42),
        json!(null),
        json!({ "type": "uploads" }),
        json!({ "type": "uploads", "id": [5] }),
        json!({ "type": "uploads", "id": "" }),
        json!({ "type": ["uploads"], "id": "5" }),
        json!(["uploads", "5"]),
    ];
    for resource in malformed {
        let body = changed(CANDIDATE, |document| {
            document["included"].as_array_mut().unwrap().insert(0, resource.clone());
        });
        let included = decode(&GetCandidate::new("4711"), &body).included;
        assert!(included.has_unreadable(), "{resource}");
        assert_eq!(included.len(), 11);
        assert!(included.get::<Upload>("77").unwrap().is_ok());
    }
    let body = changed(CANDIDATE, |document| document["included"] = json!({ "type": "uploads", "id": "77" }));
    let document = decode(&GetCandidate::new("4711"), &body);
    assert!(document.included.has_unreadable() && document.unreadable.contains("included"));
    let error = document.uploads().next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the answer's uploads could not be read");
    let body = changed(CANDIDATE, |document| {
        let resource = json!({ "type": "uploads", "id": "79", "attributes": { "file-name": 7 } });
        document["included"].as_array_mut().unwrap().insert(0, resource);
    });
    let included = decode(&GetCandidate::new("4711"), &body).included;
    let upload = included.get::<Upload>("79").unwrap().unwrap();
    assert!(upload.attributes.unreadable.contains("file-name"));
}

#[test]
fn of_two_resources_with_one_type_and_id_that_differ_neither_counts() {
    let twice = |change: fn(&mut serde_json::Value)| {
        let body = changed(CANDIDATE, |document| {
            let included = document["included"].as_array_mut().unwrap();
            let mut second = included.iter().find(|item| item["id"] == "77").unwrap().clone();
            change(&mut second);
            included.push(second);
        });
        decode(&GetCandidate::new("4711"), &body)
    };
    let same = twice(|_| {});
    assert!(same.included.get::<Upload>("77").unwrap().is_ok(), "the same twice is fine");
    assert_eq!(same.included.all::<Upload>().count(), 1);
    let document = twice(|upload| upload["attributes"]["file-name"] = json!("Another.pdf"));
    let error = document.included.get::<Upload>("77").unwrap().unwrap_err();
    assert!(error.is_contradiction());
    assert_eq!(error.to_string(), "the answer contains two different resources with the same type and id");
    assert!(document.uploads().next().unwrap().is_err());
    assert_eq!(document.included.text(&ResourceIdentifier::new("uploads", "77")), None);
    let all: Vec<bool> = document.included.all::<Upload>().map(|upload| upload.is_ok()).collect();
    assert_eq!(all, [false]);
    assert!(document.custom_field_values().all(|pair| pair.is_ok()), "the others are fine");
}

#[test]
fn what_stands_before_type_and_id_may_be_anything() {
    let body =
        r#"{"data":{"id":"1"},"included":[{"attributes":{"file-name":"\ud83d"},"type":"uploads","id":"7"}]}"#;
    let included = decode(&GetCandidate::new("1"), body).included;
    let upload = included.get::<Upload>("7").unwrap().unwrap();
    assert!(upload.attributes.unreadable.contains("file-name") && !included.has_unreadable());
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
