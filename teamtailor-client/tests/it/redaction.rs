//! No text that a person typed is in any `Debug`.

use serde_json::{Value, json};
use smartsync_transport::ScriptedTransport;
use teamtailor_client::{
    FilePart, Teamtailor,
    activities::GetActivity,
    answers::{GetAnswer, NewAnswer, PutAnswer},
    audit_events::GetAuditEvent,
    candidates::{
        CandidatePatch, GetCandidate, ListCandidateCustomFieldValues, ListCandidateUploads, ListCandidates,
        UpdateCandidate,
    },
    companies::GetCompany,
    custom_field_options::ListCustomFieldOptions,
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValuePatch, NewCustomFieldValue, UpdateCustomFieldValue,
    },
    custom_fields::ListCustomFields,
    departments::GetDepartment,
    files::{CreateFile, NewFile},
    interviews::GetInterview,
    job_applications::{GetJobApplication, ListJobApplications},
    job_offers::GetJobOffer,
    jobs::GetJob,
    locations::GetLocation,
    notes::{CreateNote, GetNote, NewNote},
    nps_responses::GetNpsResponse,
    partner_results::GetPartnerResult,
    questions::GetQuestion,
    referrals::GetReferral,
    regions::GetRegion,
    reject_reasons::GetRejectReason,
    requisitions::GetRequisition,
    roles::GetRole,
    stages::GetStage,
    teams::GetTeam,
    todos::GetTodo,
    transport::Endpoint,
    triggers::GetTrigger,
    uploads::{CreateUpload, NewUpload},
    users::{GetUser, UpdateUser, UserPatch},
};

use crate::support::fixtures::{
    CANDIDATE, CANDIDATES, COMPANY, CUSTOM_FIELD_OPTIONS, CUSTOM_FIELD_VALUE, CUSTOM_FIELD_VALUES,
    CUSTOM_FIELDS, JOB_APPLICATION, JOB_APPLICATIONS, UPLOAD, UPLOADS, asked, client, decode,
};

const MARKER: &str = "canary-7f3a";

/// Texts that `Debug` shows: names of kinds, levels and states, a language, a day, a currency.
pub(crate) const SHOWN: [&str; 15] = [
    "action",
    "actor-type",
    "code",
    "currency",
    "due",
    "employment-level",
    "employment-type",
    "language-code",
    "locale",
    "question-type",
    "response",
    "sharing-image-layout",
    "source-type",
    "status",
    "timestamp",
];

/// Puts the marker into every text but ids, JSON:API types and what is shown.
fn mark(value: &mut Value) -> usize {
    match value {
        Value::String(text) => {
            *text = MARKER.to_owned();
            1
        }
        Value::Array(items) => items.iter_mut().map(mark).sum(),
        Value::Object(members) => {
            let texts = members.iter_mut().filter(|(name, _)| {
                !matches!(name.as_str(), "id" | "type")
                    && !name.ends_with("-id")
                    && !SHOWN.contains(&name.as_str())
            });
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
    let output = decode(endpoint, &asked(endpoint, &marked(body)));
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

fn check_resource<E: Endpoint<Service = Teamtailor>>(endpoint: &E, resource: &str)
where
    E::Output: std::fmt::Debug,
{
    check(endpoint, &format!(r#"{{"data":{resource}}}"#));
}

#[test]
fn no_other_resource_prints_a_text() {
    macro_rules! resource {
        ($file:literal) => {
            include_str!(concat!("../fixtures/resources/", $file, ".json"))
        };
    }
    check_resource(&GetActivity::new("1"), resource!("activity"));
    check_resource(&GetAnswer::new("1"), resource!("answer"));
    check_resource(&GetAuditEvent::new("1"), resource!("audit_event"));
    check_resource(&GetDepartment::new("1"), resource!("department"));
    check_resource(&GetInterview::new("1"), resource!("interview"));
    check_resource(&GetJob::new("1"), resource!("job"));
    check_resource(&GetJobOffer::new("1"), resource!("job_offer"));
    check_resource(&GetLocation::new("1"), resource!("location"));
    check_resource(&GetNote::new("1"), resource!("note"));
    check_resource(&GetNpsResponse::new("1"), resource!("nps_response"));
    check_resource(&GetPartnerResult::new("1"), resource!("partner_result"));
    check_resource(&GetQuestion::new("1"), resource!("question"));
    check_resource(&GetReferral::new("1"), resource!("referral"));
    check_resource(&GetRegion::new("1"), resource!("region"));
    check_resource(&GetRejectReason::new("1"), resource!("reject_reason"));
    check_resource(&GetRequisition::new("1"), resource!("requisition"));
    check_resource(&GetRole::new("1"), resource!("role"));
    check_resource(&GetStage::new("1"), resource!("stage"));
    check_resource(&GetTeam::new("1"), resource!("team"));
    check_resource(&GetTodo::new("1"), resource!("todo"));
    check_resource(&GetTrigger::new("1"), resource!("trigger"));
    check_resource(&GetUser::new("1"), resource!("user"));
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
        format!("{:?}", ListCandidates::new().email(MARKER).phone(MARKER)),
        format!("{:?}", CreateCustomFieldValue::new(value)),
        format!("{:?}", UpdateCustomFieldValue::new("1", CustomFieldValuePatch::new(MARKER))),
        format!("{:?}", CreateUpload::new(NewUpload::new(MARKER, MARKER, "1"))),
        format!("{:?}", CreateNote::new(NewNote::new(MARKER, "1", "2"))),
        format!("{:?}", UpdateUser::new("1", UserPatch::new().email(MARKER).name(MARKER).phone(MARKER))),
        format!("{:?}", PutAnswer::new(NewAnswer::new("1", "2").text(MARKER))),
    ];
    for printed in operations {
        assert!(!printed.contains(MARKER), "{printed}");
        assert!(printed.contains('1') || printed.contains("ListCandidates"), "ids are printed: {printed}");
    }
}

#[test]
fn a_file_prints_neither_its_name_nor_its_bytes() {
    let file = CreateFile::new(NewFile::new(FilePart::new(MARKER, "text/plain", MARKER.to_owned())));
    assert!(!format!("{file:?}").contains(MARKER));
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
        let operation = ListCandidates::new().email(MARKER);
        let error = client.send(&operation).await.unwrap_err();
        let printed = format!("{error} {error:?} {}", smartsync_transport::CauseChain(&error));
        assert!(!printed.contains(MARKER), "{printed}");
    }
}
