//! Candidates, their applications, files.

use smartsync_transport::ScriptedTransport;
use teamtailor_client::{
    FilePart,
    activities::ActivityInclude,
    answers::AnswerInclude,
    candidates::{
        AddCandidateLocations, CandidateInclude, CandidateSort, CreateCandidate, DeleteCandidate,
        GetCandidate, ListCandidateActivities, ListCandidateAnswers, ListCandidateJobApplications,
        ListCandidatePartnerResults, ListCandidateQuestions, ListCandidates, NewCandidate,
        SetCandidateDepartment,
    },
    files::{CreateFile, NewFile},
    job_applications::{
        CreateJobApplication, GetJobApplicationJob, GetJobApplicationStage, JobApplicationInclude,
        JobApplicationPatch, JobApplicationSort, ListJobApplications, NewJobApplication,
        UpdateJobApplication,
    },
    partner_results::PartnerResultInclude,
    stages::StageType,
    uploads::{GetUpload, ListUploads, UploadInclude, UploadSort},
};

use super::table::{ONCE, REPEATABLE, Table};
use crate::support::fixtures::client;

pub(super) fn rows(table: &mut Table) {
    table.row(
        &ListCandidates::new()
            .first_name("Ida")
            .last_name("Sample")
            .query("turtle keeper")
            .fields(["first-name", "uploads"])
            .sort(CandidateSort::UpdatedAtDescending)
            .page_number(2)
            .page_after("abc")
            .page_before("def"),
        "list_candidates",
        "GET /candidates?filter%5Bfirst-name%5D=Ida&filter%5Blast-name%5D=Sample&filter%5Bquery%5D=turtle%20keeper\
         &fields%5Bcandidates%5D=first-name%2Cuploads&sort=-updated-at&page%5Bsize%5D=30&page%5Bnumber%5D=2&page%5Bafter%5D=abc&page%5Bbefore%5D=def",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateCandidate::new(NewCandidate::new().email("ida@example.com").first_name("Ida")),
        "create_candidate",
        "POST /candidates",
        r#"{"data":{"type":"candidates","attributes":{"email":"ida@example.com","first-name":"Ida"}}}"#,
        ONCE,
    );
    let candidate = NewCandidate::new()
        .email("ida@example.com")
        .first_name("Ida")
        .last_name("Sample")
        .phone("1")
        .pitch("p")
        .picture("https://images.example.com/a.png")
        .linkedin_url("https://social.example.com/a")
        .linkedin_uid("l")
        .facebook_id("f")
        .resume("transient:/1")
        .resume_summary("s")
        .tags(["a"])
        .sourced(true)
        .internal(false)
        .connected(true)
        .unsubscribed(false)
        .referring_url("https://jobs.example.com")
        .merge(true)
        .set_consent_expiration(true)
        .send_welcome_message(false)
        .consent_given_future_jobs(true)
        .locations(["9", "10"]);
    table.row(
        &CreateCandidate::new(candidate),
        "create_candidate",
        "POST /candidates",
        concat!(
            r#"{"data":{"type":"candidates","attributes":{"email":"ida@example.com","first-name":"Ida","last-name":"Sample","#,
            r#""phone":"1","pitch":"p","picture":"https://images.example.com/a.png","linkedin-url":"https://social.example.com/a","#,
            r#""linkedin-uid":"l","facebook-id":"f","resume":"transient:/1","resume-summary":"s","tags":["a"],"sourced":true,"internal":false,"#,
            r#""connected":true,"unsubscribed":false,"referring-url":"https://jobs.example.com","merge":true,"set-consent-expiration":true,"#,
            r#""send-welcome-message":false,"consent-given-future-jobs":true},"relationships":{"locations":{"data":["#,
            r#"{"type":"locations","id":"9"},{"type":"locations","id":"10"}]}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetCandidate::new("4711").include([
            CandidateInclude::AnswersQuestion,
            CandidateInclude::AnswersPickedQuestion,
            CandidateInclude::JobApplicationsRejectReason,
        ]),
        "get_candidate",
        "GET /candidates/4711?include=answers.question%2Canswers.picked-question%2Cjob-applications.reject-reason",
        "",
        REPEATABLE,
    );
    table.row(
        &GetJobApplicationStage::new("88001"),
        "get_job_application_stage",
        "GET /job-applications/88001/stage",
        "",
        REPEATABLE,
    );
    table.row(
        &GetJobApplicationJob::new("88001"),
        "get_job_application_job",
        "GET /job-applications/88001/job",
        "",
        REPEATABLE,
    );
    table.row(&DeleteCandidate::new("4711"), "delete_candidate", "DELETE /candidates/4711", "", REPEATABLE);
    table.row(
        &ListCandidateActivities::new("4711").include([ActivityInclude::Job]).page_size(30),
        "list_candidate_activities",
        "GET /candidates/4711/activities?include=job&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCandidateAnswers::new("4711").include([AnswerInclude::Question]),
        "list_candidate_answers",
        "GET /candidates/4711/answers?include=question&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCandidateJobApplications::new("4711").include([JobApplicationInclude::Stage]),
        "list_candidate_job_applications",
        "GET /candidates/4711/job-applications?include=stage&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCandidatePartnerResults::new("4711").include([PartnerResultInclude::Job]),
        "list_candidate_partner_results",
        "GET /candidates/4711/partner-results?include=job&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListCandidateQuestions::new("4711"),
        "list_candidate_questions",
        "GET /candidates/4711/questions?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &SetCandidateDepartment::new("4711", "5"),
        "set_candidate_department",
        "PATCH /candidates/4711/relationships/department",
        r#"{"data":{"type":"departments","id":"5"}}"#,
        REPEATABLE,
    );
    table.row(
        &AddCandidateLocations::new("4711", ["9", "10"]),
        "add_candidate_locations",
        "POST /candidates/4711/relationships/locations",
        r#"{"data":[{"type":"locations","id":"9"},{"type":"locations","id":"10"}]}"#,
        ONCE,
    );
    table.row(
        &ListJobApplications::new()
            .stage_type(StageType::InProcess)
            .sort(JobApplicationSort::ChangedStageAtDescending),
        "list_job_applications",
        "GET /job-applications?filter%5Bstage-type%5D=In%20process&sort=-changed-stage-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateJobApplication::new(
            NewJobApplication::new("4711", "60")
                .cover_letter("Hello")
                .referring_url("https://jobs.example.com")
                .sourced(true)
                .send_default_reply(false)
                .send_user_notifications(true),
        ),
        "create_job_application",
        "POST /job-applications",
        concat!(
            r#"{"data":{"type":"job-applications","attributes":{"cover-letter":"Hello","referring-url":"https://jobs.example.com","sourced":true,"#,
            r#""send-default-reply":false,"send-user-notifications":true},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}},"#,
            r#""job":{"data":{"type":"jobs","id":"60"}}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &UpdateJobApplication::new(
            "88001",
            JobApplicationPatch::new()
                .clear_cover_letter()
                .rejected_at("2031-02-03T04:05:06+01:00")
                .clear_referring_url()
                .sourced(false)
                .row_order(2),
        ),
        "update_job_application",
        "PATCH /job-applications/88001",
        concat!(
            r#"{"data":{"id":"88001","type":"job-applications","attributes":{"cover-letter":null,"rejected-at":"2031-02-03T04:05:06+01:00","#,
            r#""referring-url":null,"sourced":false,"row-order":2}}}"#,
        ),
        REPEATABLE,
    );
    table.row(
        &ListUploads::new()
            .include([UploadInclude::Candidate])
            .job("60")
            .candidate("4711")
            .sort(UploadSort::FileName)
            .page_size(30),
        "list_uploads",
        "GET /uploads?include=candidate&filter%5Bjob%5D=60&filter%5Bcandidate%5D=4711&sort=file-name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &GetUpload::new("77").include([UploadInclude::Job]).fields(["file-name"]),
        "get_upload",
        "GET /uploads/77?include=job&fields%5Buploads%5D=file-name",
        "",
        REPEATABLE,
    );
    file(table);
}

/// The one request that is no JSON.
fn file(table: &mut Table) {
    let file = FilePart::new("cv \"1\".pdf", "application/pdf", b"%PDF-1.7".as_slice().to_vec());
    let operation = CreateFile::new(NewFile::new(file));
    let request = client(ScriptedTransport::new()).prepare(&operation).unwrap();
    assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/v1/files"));
    assert_eq!(request.headers()["authorization"], "Token token=key-1");
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!(
        std::str::from_utf8(request.body().as_bytes()).unwrap(),
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cv %221%22.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--{boundary}--\r\n"
        )
    );
    table.seen.insert("create_file");
}
