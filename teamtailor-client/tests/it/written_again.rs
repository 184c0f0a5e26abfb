//! With the feature `serialize`, what was read can be written, and read again.

#[path = "../../../smartsync-transport/tests/it/support/comes_back.rs"]
mod comes_back;

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

use self::comes_back::comes_back;
use crate::{
    answers::table::{ANSWER, JOB, PICKED_QUESTION, QUESTION, REQUISITION, USER, document},
    support::fixtures,
};

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
