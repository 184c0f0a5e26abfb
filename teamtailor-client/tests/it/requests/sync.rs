//! The requests that a sync of candidates and contracts is made of.

use serde_json::json;
use teamtailor_client::{
    candidates::{
        CandidateInclude, CandidatePatch, GetCandidate, ListCandidateCustomFieldValues, ListCandidateUploads,
        ListCandidates, UpdateCandidate,
    },
    companies::GetCompany,
    custom_field_options::ListCustomFieldOptions,
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValueInclude, CustomFieldValuePatch, NewCustomFieldValue,
        UpdateCustomFieldValue,
    },
    custom_fields::ListCustomFields,
    job_applications::{
        GetJobApplication, JobApplicationInclude, JobApplicationMove, ListJobApplications, MoveJobApplication,
    },
    uploads::{CreateUpload, NewUpload},
};

use super::table::{ONCE, REPEATABLE, Table};

pub(super) fn rows(table: &mut Table) {
    table.row(&GetCandidate::new("4711"), "get_candidate", "GET /candidates/4711", "", REPEATABLE);
    table.row(
        &GetCandidate::new("4711").include([
            CandidateInclude::CustomFieldValues,
            CandidateInclude::CustomFieldValuesCustomField,
            CandidateInclude::Uploads,
        ]),
        "get_candidate",
        "GET /candidates/4711?include=custom-field-values%2Ccustom-field-values.custom-field%2Cuploads",
        "",
        REPEATABLE,
    );
    table.row(
        &GetCandidate::new("47/11 ?").include(["job-applications.user"]),
        "get_candidate",
        "GET /candidates/47%2F11%20%3F?include=job-applications.user",
        "",
        REPEATABLE,
    );
    table.row(&ListCandidates::new(), "list_candidates", "GET /candidates?page%5Bsize%5D=30", "", REPEATABLE);
    table.row(
        &ListCandidates::new().email("ida+1@example.com").include([CandidateInclude::Uploads]).page_size(30),
        "list_candidates",
        "GET /candidates?include=uploads&filter%5Bemail%5D=ida%2B1%40example.com&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&ListCandidates::new()
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
                .sort("-updated-at"), "list_candidates",
                "GET /candidates?filter%5Bphone%5D=%2B46700000000&filter%5Bdepartment%5D=1\
                 &filter%5Bdivision%5D=2&filter%5Brole%5D=3&filter%5Blocations%5D=4&filter%5Bregions%5D=5&filter%5Bconnected%5D=true\
                 &filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01&filter%5Bcreated-at%5D%5Bto%5D=2031-01-02\
                 &filter%5Bupdated-at%5D%5Bfrom%5D=2031-02-03T04%3A05%3A06%2B01%3A00&filter%5Bupdated-at%5D%5Bto%5D=2031-02-04\
                 &sort=-updated-at&page%5Bsize%5D=30",
                "",
                REPEATABLE);
    table.row(
        &UpdateCandidate::new("4711", CandidatePatch::new().first_name("Ada").clear_phone()),
        "update_candidate",
        "PATCH /candidates/4711",
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ada","phone":null}}}"#,
        REPEATABLE,
    );
    table.row(&UpdateCandidate::new("4711", whole_patch()), "update_candidate",
                "PATCH /candidates/4711",
                concat!(
                    r#"{"data":{"id":"4711","type":"candidates","attributes":{"email":"ada@example.com","first-name":"Ada","last-name":"Sample","#,
                    r#""phone":"1","pitch":"p","picture":"https://images.example.com/a.png","linkedin-url":"https://social.example.com/a","#,
                    r#""linkedin-uid":"l","facebook-id":"f","resume":"https://files.example.com/cv.pdf","resume-summary":"s","tags":[],"#,
                    r#""sourced":true,"internal":false,"connected":true,"unsubscribed":false,"referring-url":"https://jobs.example.com","#,
                    r#""set-consent-expiration":true,"consent-given-future-jobs":true}}}"#,
                ),
                REPEATABLE);
    table.row(
        &ListCandidateUploads::new("4711").page_size(5),
        "list_candidate_uploads",
        "GET /candidates/4711/uploads?page%5Bsize%5D=5",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCandidateCustomFieldValues::new("4711").include([CustomFieldValueInclude::CustomField]),
        "list_candidate_custom_field_values",
        "GET /candidates/4711/custom-field-values?include=custom-field&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCustomFields::new().page_size(30).sort("name"),
        "list_custom_fields",
        "GET /custom-fields?sort=name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCustomFieldOptions::new().custom_field(["32", "33"]).page_size(30),
        "list_custom_field_options",
        "GET /custom-field-options?filter%5Bcustom-field%5D=32%2C33&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&CreateCustomFieldValue::new(NewCustomFieldValue::new(
                json!(["7001", "7002"]),
                "32",
                "4711",
            )), "create_custom_field_value",
                "POST /custom-field-values",
                concat!(
                    r#"{"data":{"type":"custom-field-values","attributes":{"value":["7001","7002"]},"relationships":{"#,
                    r#""custom-field":{"data":{"type":"custom-fields","id":"32"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
                ),
                ONCE);
    table.row(
        &UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new("2031-10-01")),
        "update_custom_field_value",
        "PATCH /custom-field-values/901",
        r#"{"data":{"id":"901","type":"custom-field-values","attributes":{"value":"2031-10-01"}}}"#,
        REPEATABLE,
    );
    table.row(
        &UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new(json!(null))),
        "update_custom_field_value",
        "PATCH /custom-field-values/901",
        r#"{"data":{"id":"901","type":"custom-field-values","attributes":{"value":null}}}"#,
        REPEATABLE,
    );
    table.row(&CreateUpload::new(NewUpload::new(
                "https://files.example.com/a.pdf",
                "Agreement (42).pdf",
                "4711",
            )), "create_upload",
                "POST /uploads",
                concat!(
                    r#"{"data":{"type":"uploads","attributes":{"url":"https://files.example.com/a.pdf","file-name":"Agreement (42).pdf"},"#,
                    r#""relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#,
                ),
                ONCE);
    table.row(&GetCompany::new(), "get_company", "GET /company", "", REPEATABLE);
    table.row(
        &GetJobApplication::new("88001")
            .include([JobApplicationInclude::Candidate, JobApplicationInclude::Stage]),
        "get_job_application",
        "GET /job-applications/88001?include=candidate%2Cstage",
        "",
        REPEATABLE,
    );
    table.row(&ListJobApplications::new()
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
                .page_size(30), "list_job_applications",
                "GET /job-applications?include=job&filter%5Bcandidate%5D=4711&filter%5Bjob%5D=60\
                 &filter%5Bstage%5D=5150&filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01&filter%5Bcreated-at%5D%5Bto%5D=2031-01-02\
                 &filter%5Bupdated-at%5D%5Bfrom%5D=2031-01-03&filter%5Bupdated-at%5D%5Bto%5D=2031-01-04\
                 &filter%5Bchanged-stage-at%5D%5Bfrom%5D=2031-01-05&filter%5Bchanged-stage-at%5D%5Bto%5D=2031-01-06\
                 &sort=-created-at&page%5Bsize%5D=30",
                "",
                REPEATABLE);
    table.row(
        &MoveJobApplication::new("88001", JobApplicationMove::new("5151")),
        "move_job_application",
        "PATCH /job-applications/88001",
        concat!(
            r#"{"data":{"id":"88001","type":"job-applications","#,
            r#""relationships":{"stage":{"data":{"type":"stages","id":"5151"}}}}}"#,
        ),
        ONCE,
    );
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
