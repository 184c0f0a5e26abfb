//! Method, URL, headers and body of every operation, as literals.

mod candidates;
mod fields;
mod jobs;
mod organisation;
mod records;
mod table;

use std::{collections::BTreeSet, fmt::Debug};

use serde_json::json;
use smartsync_transport::ScriptedTransport;
use teamtailor_client::{
    CandidateInclude, CandidatePatch, CreateCustomFieldValue, CreateUpload, CustomFieldValueInclude,
    CustomFieldValuePatch, Endpoint, GetCandidate, GetCompany, GetJobApplication, JobApplicationInclude,
    JobApplicationMove, ListCandidateCustomFieldValues, ListCandidateUploads, ListCandidates,
    ListCustomFieldOptions, ListCustomFields, ListJobApplications, MoveJobApplication, NewCustomFieldValue,
    NewUpload, Teamtailor, UpdateCandidate, UpdateCustomFieldValue,
};

use crate::fixtures::{client, operations};

const ONCE: &str = "once";
const REPEATABLE: &str = "repeatable";

/// Operation, request line, body, and whether it may be sent twice.
type Row = (String, String, String, &'static str);

fn row<E: Endpoint<Service = Teamtailor> + Debug>(endpoint: &E) -> Row {
    let request = client(ScriptedTransport::new()).prepare(endpoint).unwrap();
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("authorization"), Some("Token token=key-1"), "{}", E::OPERATION);
    assert_eq!(header("x-api-version"), Some("20240904"), "{}", E::OPERATION);
    assert_eq!(header("accept"), Some("application/vnd.api+json"), "{}", E::OPERATION);
    let has_body = !request.body().is_empty();
    assert_eq!(header("content-type"), has_body.then_some("application/vnd.api+json"), "{}", E::OPERATION);
    assert_eq!(request.headers().len(), if has_body { 4 } else { 3 }, "{}", E::OPERATION);
    table::assert_prints_no_text(endpoint, std::str::from_utf8(request.body().as_bytes()).unwrap());
    (
        E::OPERATION.to_owned(),
        format!("{} {}", request.method(), request.uri()),
        String::from_utf8(request.body().as_bytes().to_vec()).unwrap(),
        if E::IDEMPOTENT { REPEATABLE } else { ONCE },
    )
}

fn rows() -> Vec<(Row, [&'static str; 4])> {
    vec![
        (
            row(&GetCandidate::new("4711")),
            ["get_candidate", "GET https://api.teamtailor.com/v1/candidates/4711", "", REPEATABLE],
        ),
        (
            row(&GetCandidate::new("4711").include([
                CandidateInclude::CustomFieldValues,
                CandidateInclude::CustomFieldValuesCustomField,
                CandidateInclude::Uploads,
            ])),
            [
                "get_candidate",
                "GET https://api.teamtailor.com/v1/candidates/4711?include=custom-field-values%2Ccustom-field-values.custom-field%2Cuploads",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&GetCandidate::new("47/11 ?").include(["job-applications.user"])),
            [
                "get_candidate",
                "GET https://api.teamtailor.com/v1/candidates/47%2F11%20%3F?include=job-applications.user",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListCandidates::new()),
            ["list_candidates", "GET https://api.teamtailor.com/v1/candidates", "", REPEATABLE],
        ),
        (
            row(&ListCandidates::new()
                .email("ida+1@example.com")
                .include([CandidateInclude::Uploads])
                .page_size(30)),
            [
                "list_candidates",
                "GET https://api.teamtailor.com/v1/candidates?include=uploads&filter%5Bemail%5D=ida%2B1%40example.com&page%5Bsize%5D=30",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListCandidates::new()
                .phone("+46700000000")
                .department("1")
                .division("2")
                .role("3")
                .locations("4")
                .regions("5")
                .connected(true)
                .created_at_from("2031-01-01")
                .created_at_to("2031-01-02")
                .updated_at_from("2031-02-03T04:05:06+01:00")
                .updated_at_to("2031-02-04")
                .sort("-updated-at")),
            [
                "list_candidates",
                "GET https://api.teamtailor.com/v1/candidates?filter%5Bphone%5D=%2B46700000000&filter%5Bdepartment%5D=1\
                 &filter%5Bdivision%5D=2&filter%5Brole%5D=3&filter%5Blocations%5D=4&filter%5Bregions%5D=5&filter%5Bconnected%5D=true\
                 &filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01&filter%5Bcreated-at%5D%5Bto%5D=2031-01-02\
                 &filter%5Bupdated-at%5D%5Bfrom%5D=2031-02-03T04%3A05%3A06%2B01%3A00&filter%5Bupdated-at%5D%5Bto%5D=2031-02-04\
                 &sort=-updated-at",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&UpdateCandidate::new("4711", CandidatePatch::new().first_name("Ada").clear_phone())),
            [
                "update_candidate",
                "PATCH https://api.teamtailor.com/v1/candidates/4711",
                r#"{"data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ada","phone":null}}}"#,
                REPEATABLE,
            ],
        ),
        (
            row(&UpdateCandidate::new("4711", whole_patch())),
            [
                "update_candidate",
                "PATCH https://api.teamtailor.com/v1/candidates/4711",
                concat!(
                    r#"{"data":{"id":"4711","type":"candidates","attributes":{"email":"ada@example.com","first-name":"Ada","last-name":"Sample","#,
                    r#""phone":"1","pitch":"p","picture":"https://images.example.com/a.png","linkedin-url":"https://social.example.com/a","#,
                    r#""linkedin-uid":"l","facebook-id":"f","resume":"https://files.example.com/cv.pdf","resume-summary":"s","tags":[],"#,
                    r#""sourced":true,"internal":false,"connected":true,"unsubscribed":false,"referring-url":"https://jobs.example.com","#,
                    r#""set-consent-expiration":true,"consent-given-future-jobs":true}}}"#,
                ),
                REPEATABLE,
            ],
        ),
        (
            row(&ListCandidateUploads::new("4711").page_size(5)),
            [
                "list_candidate_uploads",
                "GET https://api.teamtailor.com/v1/candidates/4711/uploads?page%5Bsize%5D=5",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListCandidateCustomFieldValues::new("4711").include([CustomFieldValueInclude::CustomField])),
            [
                "list_candidate_custom_field_values",
                "GET https://api.teamtailor.com/v1/candidates/4711/custom-field-values?include=custom-field",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListCustomFields::new().page_size(30).sort("name")),
            [
                "list_custom_fields",
                "GET https://api.teamtailor.com/v1/custom-fields?sort=name&page%5Bsize%5D=30",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListCustomFieldOptions::new().custom_field("32").page_size(30)),
            [
                "list_custom_field_options",
                "GET https://api.teamtailor.com/v1/custom-field-options?filter%5Bcustom-field%5D=32&page%5Bsize%5D=30",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&CreateCustomFieldValue::new(NewCustomFieldValue::new(
                json!(["7001", "7002"]),
                "32",
                "4711",
            ))),
            [
                "create_custom_field_value",
                "POST https://api.teamtailor.com/v1/custom-field-values",
                concat!(
                    r#"{"data":{"type":"custom-field-values","attributes":{"value":["7001","7002"]},"relationships":{"#,
                    r#""custom-field":{"data":{"type":"custom-fields","id":"32"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
                ),
                ONCE,
            ],
        ),
        (
            row(&UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new("2031-10-01"))),
            [
                "update_custom_field_value",
                "PATCH https://api.teamtailor.com/v1/custom-field-values/901",
                r#"{"data":{"id":"901","type":"custom-field-values","attributes":{"value":"2031-10-01"}}}"#,
                REPEATABLE,
            ],
        ),
        (
            row(&UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new(json!(null)))),
            [
                "update_custom_field_value",
                "PATCH https://api.teamtailor.com/v1/custom-field-values/901",
                r#"{"data":{"id":"901","type":"custom-field-values","attributes":{"value":null}}}"#,
                REPEATABLE,
            ],
        ),
        (
            row(&CreateUpload::new(NewUpload::new(
                "https://files.example.com/a.pdf",
                "Agreement (42).pdf",
                "4711",
            ))),
            [
                "create_upload",
                "POST https://api.teamtailor.com/v1/uploads",
                concat!(
                    r#"{"data":{"type":"uploads","attributes":{"url":"https://files.example.com/a.pdf","file-name":"Agreement (42).pdf"},"#,
                    r#""relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#,
                ),
                ONCE,
            ],
        ),
        (
            row(&GetCompany::new()),
            ["get_company", "GET https://api.teamtailor.com/v1/company", "", REPEATABLE],
        ),
        (
            row(&GetJobApplication::new("88001")
                .include([JobApplicationInclude::Candidate, JobApplicationInclude::Stage])),
            [
                "get_job_application",
                "GET https://api.teamtailor.com/v1/job-applications/88001?include=candidate%2Cstage",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&ListJobApplications::new()
                .include([JobApplicationInclude::Job])
                .candidate("4711")
                .job("60")
                .stage("5150")
                .created_at_from("2031-01-01")
                .created_at_to("2031-01-02")
                .updated_at_from("2031-01-03")
                .updated_at_to("2031-01-04")
                .changed_stage_at_from("2031-01-05")
                .changed_stage_at_to("2031-01-06")
                .sort("-created-at")
                .page_size(30)),
            [
                "list_job_applications",
                "GET https://api.teamtailor.com/v1/job-applications?include=job&filter%5Bcandidate%5D=4711&filter%5Bjob%5D=60\
                 &filter%5Bstage%5D=5150&filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01&filter%5Bcreated-at%5D%5Bto%5D=2031-01-02\
                 &filter%5Bupdated-at%5D%5Bfrom%5D=2031-01-03&filter%5Bupdated-at%5D%5Bto%5D=2031-01-04\
                 &filter%5Bchanged-stage-at%5D%5Bfrom%5D=2031-01-05&filter%5Bchanged-stage-at%5D%5Bto%5D=2031-01-06\
                 &sort=-created-at&page%5Bsize%5D=30",
                "",
                REPEATABLE,
            ],
        ),
        (
            row(&MoveJobApplication::new("88001", JobApplicationMove::new("5151"))),
            [
                "move_job_application",
                "PATCH https://api.teamtailor.com/v1/job-applications/88001",
                concat!(
                    r#"{"data":{"id":"88001","type":"job-applications","#,
                    r#""relationships":{"stage":{"data":{"type":"stages","id":"5151"}}}}}"#,
                ),
                ONCE,
            ],
        ),
    ]
}

/// Every field that a patch can set.
fn whole_patch() -> CandidatePatch {
    CandidatePatch::new()
        .email("ada@example.com")
        .first_name("Ada")
        .last_name("Sample")
        .phone("1")
        .pitch("p")
        .picture("https://images.example.com/a.png")
        .linkedin_url("https://social.example.com/a")
        .linkedin_uid("l")
        .facebook_id("f")
        .resume("https://files.example.com/cv.pdf")
        .resume_summary("s")
        .tags(Vec::<String>::new())
        .sourced(true)
        .internal(false)
        .connected(true)
        .unsubscribed(false)
        .referring_url("https://jobs.example.com")
        .set_consent_expiration(true)
        .consent_given_future_jobs(true)
}

#[test]
fn every_operation_makes_the_documented_request() {
    for ((operation, line, body, repeat), expected) in rows() {
        assert_eq!([&*operation, &*line, &*body, repeat], expected);
    }
}

#[test]
fn every_operation_of_the_document_has_a_row() {
    let mut table = table::Table::default();
    candidates::rows(&mut table);
    fields::rows(&mut table);
    jobs::rows(&mut table);
    organisation::rows(&mut table);
    records::rows(&mut table);
    let rows = rows();
    let names = rows.iter().map(|((operation, ..), _)| operation.as_str()).chain(table.seen.iter().copied());
    let names: BTreeSet<String> = names.map(|name| name.replace('_', "")).collect();
    let wanted = operations();
    assert!(wanted.len() > 120, "the document is read at all");
    assert_eq!(names, wanted);
}

#[test]
fn an_id_that_would_address_another_resource_is_refused() {
    for id in ["", ".", ".."] {
        let error = client(ScriptedTransport::new()).prepare(&GetCandidate::new(id)).unwrap_err();
        assert!(error.was_never_sent() && error.is_terminal(), "{id}");
    }
}

#[test]
fn a_patch_says_whether_it_changes_anything() {
    assert!(CandidatePatch::new().is_empty());
    assert!(!CandidatePatch::new().clear_pitch().is_empty());
}
