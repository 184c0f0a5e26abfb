//! No text that a person typed is in any `Debug`.

use serde_json::{Value, json};
use smartsync_transport::ScriptedTransport;
use teamtailor_client::{
    CandidatePatch, CreateCustomFieldValue, CreateUpload, CustomFieldValuePatch, Endpoint, GetCandidate,
    GetCompany, GetJobApplication, ListCandidateCustomFieldValues, ListCandidateUploads, ListCandidates,
    ListCustomFieldOptions, ListCustomFields, ListJobApplications, NewCustomFieldValue, NewUpload,
    Teamtailor, UpdateCandidate, UpdateCustomFieldValue,
};

use crate::fixtures::{
    CANDIDATE, CANDIDATES, COMPANY, CUSTOM_FIELD_OPTIONS, CUSTOM_FIELD_VALUE, CUSTOM_FIELD_VALUES,
    CUSTOM_FIELDS, JOB_APPLICATION, JOB_APPLICATIONS, UPLOAD, UPLOADS, client, decode,
};

const MARKER: &str = "canary-7f3a";

/// Puts the marker into every text but ids, JSON:API types and the company's language.
fn mark(value: &mut Value) -> usize {
    match value {
        Value::String(text) => {
            *text = MARKER.to_owned();
            1
        }
        Value::Array(items) => items.iter_mut().map(mark).sum(),
        Value::Object(members) => {
            let texts =
                members.iter_mut().filter(|(name, _)| !matches!(name.as_str(), "id" | "type" | "locale"));
            texts.map(|(_, value)| mark(value)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn marked(body: &str) -> String {
    let mut document: Value = serde_json::from_str(body).unwrap();
    assert!(mark(&mut document) > 0);
    document.to_string()
}

fn check<E: Endpoint<Service = Teamtailor>>(endpoint: &E, body: &str)
where
    E::Output: std::fmt::Debug,
{
    let output = decode(endpoint, &marked(body));
    for printed in [format!("{output:?}"), format!("{output:#?}")] {
        assert!(!printed.contains(MARKER), "{}: {printed}", E::OPERATION);
    }
}

#[test]
fn no_answer_prints_a_text() {
    check(&GetCandidate::new("4711"), CANDIDATE);
    check(&ListCandidates::new(), CANDIDATES);
    check(&GetCompany::new(), COMPANY);
    check(&ListCustomFields::new(), CUSTOM_FIELDS);
    check(&ListCustomFieldOptions::new(), CUSTOM_FIELD_OPTIONS);
    check(&CreateCustomFieldValue::new(NewCustomFieldValue::new("", "1", "2")), CUSTOM_FIELD_VALUE);
    check(&ListCandidateCustomFieldValues::new("1"), CUSTOM_FIELD_VALUES);
    check(&GetJobApplication::new("1"), JOB_APPLICATION);
    check(&ListJobApplications::new(), JOB_APPLICATIONS);
    check(&CreateUpload::new(NewUpload::new("", "", "1")), UPLOAD);
    check(&ListCandidateUploads::new("1"), UPLOADS);
}

#[test]
fn what_came_along_prints_no_text_when_decoded() {
    let document = decode(&GetCandidate::new("4711"), &marked(CANDIDATE));
    let pairs: Vec<_> = document.custom_field_values().collect();
    let uploads: Vec<_> = document.uploads().collect();
    assert_eq!((pairs.len(), uploads.len()), (4, 1));
    assert!(pairs.iter().all(Result::is_ok) && uploads.iter().all(Result::is_ok));
    assert!(!format!("{pairs:?} {uploads:?}").contains(MARKER));
}

#[test]
fn no_operation_prints_a_text() {
    let patch =
        CandidatePatch::new().email(MARKER).first_name(MARKER).phone(MARKER).tags([MARKER]).pitch(MARKER);
    let value = NewCustomFieldValue::new(json!([MARKER]), "1", "2");
    let operations = [
        format!("{:?}", UpdateCandidate::new("1", patch)),
        format!("{:?}", ListCandidates::new().filter_email(MARKER).filter_phone(MARKER)),
        format!("{:?}", CreateCustomFieldValue::new(value)),
        format!("{:?}", UpdateCustomFieldValue::new("1", CustomFieldValuePatch::new(MARKER))),
        format!("{:?}", CreateUpload::new(NewUpload::new(MARKER, MARKER, "1"))),
    ];
    for printed in operations {
        assert!(!printed.contains(MARKER), "{printed}");
        assert!(printed.contains('1') || printed.contains("ListCandidates"), "ids are printed: {printed}");
    }
}

#[tokio::test]
async fn no_error_prints_a_value() {
    let bodies = [
        (200, json!({ "data": { "id": [MARKER] } })),
        (200, json!(MARKER)),
        (422, json!({ "errors": [{ "title": "is invalid", "detail": MARKER, "code": "100" }] })),
        (500, json!(MARKER)),
    ];
    for (status, body) in bodies {
        let client = client(ScriptedTransport::new().json(status, body.to_string()));
        let operation = ListCandidates::new().filter_email(MARKER);
        let error = client.send(&operation).await.unwrap_err();
        let printed = format!("{error} {error:?} {}", smartsync_transport::CauseChain(&error));
        assert!(!printed.contains(MARKER), "{printed}");
    }
}
