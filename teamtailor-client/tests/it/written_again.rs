//! With the feature `serialize`, what was read can be written, and read again.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use teamtailor_client::{
    answers::Answer,
    candidates::Candidate,
    companies::Company,
    custom_field_options::CustomFieldOption,
    custom_field_values::CustomFieldValue,
    custom_fields::CustomField,
    job_applications::JobApplication,
    jobs::Job,
    jsonapi::{Document, ListDocument},
    picked_questions::PickedQuestion,
    questions::Question,
    requisitions::Requisition,
    uploads::Upload,
    users::User,
};

use crate::{
    answers::table::{ANSWER, JOB, PICKED_QUESTION, QUESTION, REQUISITION, USER, document},
    support::fixtures,
};

/// The places of all members and items, at every depth.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in below {
        let place = format!("{at}/{name}");
        places(value, &place, found);
        found.push(place);
    }
}

/// The document is the same after it was written and read, whatever stood in any place.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> usize {
    let comes_back = |value: &Value| {
        let Ok(model) = serde_json::from_str::<T>(&value.to_string()) else { return true };
        let written = serde_json::to_string(&model).unwrap();
        let again = serde_json::from_str::<T>(&written);
        again.unwrap_or_else(|error| panic!("{error}: {written}")) == model
    };
    let whole: Value = serde_json::from_str(text).unwrap();
    assert!(comes_back(&whole));
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let shapes = [json!(null), json!(true), json!("x"), json!([null, 1]), json!({ "data": [1] })];
    for place in &found {
        for shape in &shapes {
            let mut altered = whole.clone();
            *altered.pointer_mut(place).unwrap() = shape.clone();
            assert!(comes_back(&altered), "{place}: {shape}");
        }
    }
    found.len() * shapes.len()
}

#[test]
fn every_document_comes_back_with_what_could_not_be_read_and_what_came_along() {
    let tried = [
        comes_back::<Document<Candidate>>(fixtures::CANDIDATE),
        comes_back::<ListDocument<Candidate>>(fixtures::CANDIDATES),
        comes_back::<Document<Company>>(fixtures::COMPANY),
        comes_back::<ListDocument<CustomField>>(fixtures::CUSTOM_FIELDS),
        comes_back::<ListDocument<CustomFieldOption>>(fixtures::CUSTOM_FIELD_OPTIONS),
        comes_back::<Document<CustomFieldValue>>(fixtures::CUSTOM_FIELD_VALUE),
        comes_back::<Document<JobApplication>>(fixtures::JOB_APPLICATION),
        comes_back::<Document<Upload>>(fixtures::UPLOAD),
        comes_back::<Document<Job>>(&document(JOB)),
        comes_back::<Document<User>>(&document(USER)),
        comes_back::<Document<Answer>>(&document(ANSWER)),
        comes_back::<Document<PickedQuestion>>(&document(PICKED_QUESTION)),
        comes_back::<Document<Question>>(&document(QUESTION)),
        comes_back::<Document<Requisition>>(&document(REQUISITION)),
    ];
    assert!(tried.iter().sum::<usize>() > 1_000);
}

#[test]
fn what_is_written_has_values_and_debug_stays_without() {
    let text = r#"{"data":{"id":"1","type":"candidates","attributes":{"first-name":"Canary"}}}"#;
    let document: Document<Candidate> = serde_json::from_str(text).unwrap();
    let written = serde_json::to_value(&document).unwrap();
    assert_eq!(written["data"]["type"], "candidates");
    assert_eq!(written["data"]["attributes"]["first-name"], "Canary");
    assert!(!format!("{document:?}").contains("Canary"));
}
