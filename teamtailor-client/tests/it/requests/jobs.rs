//! Jobs, stages, triggers, reject reasons.

use teamtailor_client::{
    activities::{ActivityInclude, ActivitySort},
    candidates::CandidateInclude,
    job_applications::JobApplicationInclude,
    jobs::{
        CreateJob, GetJob, GetJobDepartment, GetJobUser, JobFeed, JobInclude, JobPatch, JobSort, JobStatus,
        JobStatusFilter, ListJobActivities, ListJobCandidates, ListJobLocations, ListJobPickedQuestions,
        ListJobQuestions, ListJobStages, ListJobs, NewJob, RemoteStatus, Requirement, UpdateJob,
    },
    reject_reasons::{
        CreateRejectReason, DeleteRejectReason, GetRejectReason, ListRejectReasons, NewRejectReason,
        RejectReasonPatch, UpdateRejectReason,
    },
    stages::{GetStage, ListStageJobApplications, ListStages, StageInclude, StageSort, StageType},
    triggers::{GetTrigger, ListTriggers, TriggerSort},
};

use super::table::{ONCE, REPEATABLE, Table};

pub(super) fn rows(table: &mut Table) {
    table.row(
        &ListJobs::new()
            .include([JobInclude::Department, JobInclude::User])
            .status(JobStatusFilter::All)
            .feed(JobFeed::Internal)
            .department("5")
            .role("3")
            .locations("9")
            .regions("2")
            .fields(["title"])
            .sort(JobSort::UpdatedAtDescending)
            .page_size(30),
        "list_jobs",
        "GET /jobs?include=department%2Cuser&filter%5Bstatus%5D=all&filter%5Bfeed%5D=internal&filter%5Bdepartment%5D=5&filter%5Brole%5D=3\
         &filter%5Blocations%5D=9&filter%5Bregions%5D=2&fields%5Bjobs%5D=title&sort=-updated-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobs::new().sort(JobSort::UpdatedAt),
        "list_jobs",
        "GET /jobs?sort=updated-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateJob::new(NewJob::new("Keeper", "<p>Turtles</p>", "12")),
        "create_job",
        "POST /jobs",
        concat!(
            r#"{"data":{"type":"jobs","attributes":{"title":"Keeper","body":"<p>Turtles</p>"},"#,
            r#""relationships":{"user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    let job = NewJob::new("Keeper", "b", "12")
        .pitch("p")
        .apply_button_text("Go")
        .status(JobStatus::Draft)
        .internal(true)
        .pinned(false)
        .start_date("2031-01-01T00:00:00+01:00")
        .end_date("2031-02-01T00:00:00+01:00")
        .picture("https://images.example.com/job.png")
        .tags(["night"])
        .external_application_url("https://jobs.example.com/1")
        .name_requirement(Requirement::Required)
        .resume_requirement(Requirement::Optional)
        .cover_letter_requirement(Requirement::Off)
        .phone_requirement("required")
        .remote_status(RemoteStatus::Hybrid)
        .internal_name("Keeper north")
        .department("5")
        .location("9")
        .role("3");
    table.row(
        &CreateJob::new(job),
        "create_job",
        "POST /jobs",
        concat!(
            r#"{"data":{"type":"jobs","attributes":{"title":"Keeper","body":"b","pitch":"p","apply-button-text":"Go","status":"draft","internal":true,"#,
            r#""pinned":false,"start-date":"2031-01-01T00:00:00+01:00","end-date":"2031-02-01T00:00:00+01:00","picture":"https://images.example.com/job.png","#,
            r#""tags":["night"],"external-application-url":"https://jobs.example.com/1","name-requirement":"required","resume-requirement":"optional","#,
            r#""cover-letter-requirement":"off","phone-requirement":"required","remote-status":"hybrid","internal-name":"Keeper north"},"relationships":{"#,
            r#""department":{"data":{"type":"departments","id":"5"}},"location":{"data":{"type":"locations","id":"9"}},"#,
            r#""role":{"data":{"type":"roles","id":"3"}},"user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetJob::new("60").include([JobInclude::Stages]),
        "get_job",
        "GET /jobs/60?include=stages",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateJob::new("60", JobPatch::new().title("New").status(JobStatus::Unlisted).clear_end_date().clear_internal_name().user("13")),
        "update_job",
        "PATCH /jobs/60",
        concat!(
            r#"{"data":{"id":"60","type":"jobs","attributes":{"title":"New","status":"unlisted","end-date":null,"internal-name":null},"#,
            r#""relationships":{"user":{"data":{"type":"users","id":"13"}}}}}"#,
        ),
        REPEATABLE,
    );
    table.row(
        &ListJobActivities::new("60")
            .include([ActivityInclude::Candidate, ActivityInclude::User])
            .sort(ActivitySort::CreatedAtDescending),
        "list_job_activities",
        "GET /jobs/60/activities?include=candidate%2Cuser&sort=-created-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobCandidates::new("60").include([CandidateInclude::Uploads]).page_size(30),
        "list_job_candidates",
        "GET /jobs/60/candidates?include=uploads&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobPickedQuestions::new("60"),
        "list_job_picked_questions",
        "GET /jobs/60/picked-questions?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobQuestions::new("60"),
        "list_job_questions",
        "GET /jobs/60/questions?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetJobDepartment::new("60"), "get_job_department", "GET /jobs/60/department", "", REPEATABLE);
    table.row(
        &ListJobLocations::new("60").page_size(30),
        "list_job_locations",
        "GET /jobs/60/locations?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetJobUser::new("60"), "get_job_user", "GET /jobs/60/user", "", REPEATABLE);
    table.row(
        &ListStageJobApplications::new("5150")
            .include([JobApplicationInclude::Candidate])
            .created_at_from("2031-01-01T00:00:00Z")
            .page_number(2),
        "list_stage_job_applications",
        "GET /stages/5150/job-applications?include=candidate&filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01T00%3A00%3A00Z&page%5Bsize%5D=30&page%5Bnumber%5D=2",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobStages::new("60").include([StageInclude::Triggers]),
        "list_job_stages",
        "GET /jobs/60/stages?include=triggers&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListStages::new()
            .include([StageInclude::Job])
            .job("60")
            .stage_type(StageType::Hired)
            .sort(StageSort::RowOrder),
        "list_stages",
        "GET /stages?include=job&filter%5Bjob%5D=60&filter%5Bstage-type%5D=Hired&sort=row-order&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &GetStage::new("5150").include([StageInclude::JobApplications]),
        "get_stage",
        "GET /stages/5150?include=job-applications",
        "",
        REPEATABLE,
    );
    table.row(
        &ListTriggers::new().include(["stage"]).sort(TriggerSort::CreatedAtDescending),
        "list_triggers",
        "GET /triggers?include=stage&sort=-created-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetTrigger::new("1"), "get_trigger", "GET /triggers/1", "", REPEATABLE);
    table.row(
        &ListRejectReasons::new().page_size(30),
        "list_reject_reasons",
        "GET /reject-reasons?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateRejectReason::new(NewRejectReason::new("Not a fit").rejected_by_company(true)),
        "create_reject_reason",
        "POST /reject-reasons",
        r#"{"data":{"type":"reject-reasons","attributes":{"reason":"Not a fit","rejected-by-company":true}}}"#,
        ONCE,
    );
    table.row(&GetRejectReason::new("2"), "get_reject_reason", "GET /reject-reasons/2", "", REPEATABLE);
    table.row(
        &UpdateRejectReason::new("2", RejectReasonPatch::new().reason("Moved away").rejected_by_company(false)),
        "update_reject_reason",
        "PATCH /reject-reasons/2",
        r#"{"data":{"id":"2","type":"reject-reasons","attributes":{"reason":"Moved away","rejected-by-company":false}}}"#,
        REPEATABLE,
    );
    table.row(
        &DeleteRejectReason::new("2"),
        "delete_reject_reason",
        "DELETE /reject-reasons/2",
        "",
        REPEATABLE,
    );
}
