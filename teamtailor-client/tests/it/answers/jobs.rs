//! Jobs, stages, triggers, reject reasons.

use serde_json::Number;
use teamtailor_client::{
    jobs::{
        CreateJob, GetJob, GetJobDepartment, GetJobUser, Job, JobHumanStatus, JobPatch, JobStatus,
        ListJobActivities, ListJobCandidates, ListJobLocations, ListJobPickedQuestions, ListJobQuestions,
        ListJobStages, ListJobs, NewJob, RemoteStatus, Requirement, UpdateJob,
    },
    jsonapi::Linkage,
    reject_reasons::{
        CreateRejectReason, DeleteRejectReason, GetRejectReason, ListRejectReasons, NewRejectReason,
        RejectReason, RejectReasonPatch, UpdateRejectReason,
    },
    requisitions::SalaryTimeUnit,
    stages::{GetStage, ListStages, Stage, StageType},
    triggers::{GetTrigger, ListTriggers, TriggerType},
};

use super::table::{
    ACTIVITY, DEPARTMENT, JOB, LOCATION, PICKED_QUESTION, QUESTION, REJECT_REASON, STAGE, TRIGGER, Table,
    USER, assert_complete, document,
};

pub(super) fn rows(table: &mut Table) {
    check_job(&table.first(&ListJobs::new(), JOB));
    check_job(&table.one(&GetJob::new("60"), JOB).data);
    check_job(&table.one(&CreateJob::new(NewJob::new("", "", "1")), JOB).data);
    check_job(&table.one(&UpdateJob::new("60", JobPatch::new()), JOB).unwrap().data);
    assert_eq!(table.nothing(&UpdateJob::new("60", JobPatch::new())), None);
    assert_eq!(table.first(&ListJobActivities::new("1"), ACTIVITY).id.as_str(), "1");
    let candidate = table.first(&ListJobCandidates::new("1"), r#"{"id":"4711","type":"candidates"}"#);
    assert_eq!(candidate.id.as_str(), "4711");
    assert_eq!(
        table.first(&ListJobPickedQuestions::new("1"), PICKED_QUESTION).attributes.mandatory,
        Some(true)
    );
    assert_eq!(table.first(&ListJobQuestions::new("1"), QUESTION).id.as_str(), "6039");

    let department = table.decode(&GetJobDepartment::new("60"), &document(DEPARTMENT)).data;
    assert_eq!(department.id.as_str(), "5");
    assert_eq!(table.first(&ListJobLocations::new("60"), LOCATION).id.as_str(), "9");
    let user = table.decode(&GetJobUser::new("60"), &document(USER)).data;
    assert_eq!((user.id.as_str(), user.attributes.name.as_deref()), ("12", Some("Kim Sample")));

    check_stage(&table.first(&ListJobStages::new("1"), STAGE));
    check_stage(&table.first(&ListStages::new(), STAGE));
    check_stage(&table.one(&GetStage::new("1"), STAGE).data);
    for trigger in
        [table.first(&ListTriggers::new(), TRIGGER), table.one(&GetTrigger::new("1"), TRIGGER).data]
    {
        assert_complete(&trigger.attributes);
        assert_eq!(trigger.attributes.trigger_type, Some(TriggerType::Tag));
        assert_eq!(trigger.attributes.data.as_deref(), Some(r#"{"tags":["interesting"]}"#));
        assert_eq!(trigger.relationships.stage.identifier().unwrap().id, "5150");
    }
    let check = |reason: &RejectReason| {
        assert_eq!(reason.attributes.reason.as_deref(), Some("Not a fit"));
        assert_eq!(reason.attributes.rejected_by_company, Some(true));
    };
    check(&table.first(&ListRejectReasons::new(), REJECT_REASON));
    check(&table.one(&GetRejectReason::new("1"), REJECT_REASON).data);
    check(&table.one(&CreateRejectReason::new(NewRejectReason::new("")), REJECT_REASON).data);
    let update = UpdateRejectReason::new("1", RejectReasonPatch::new());
    check(&table.one(&update, REJECT_REASON).unwrap().data);
    table.nothing(&DeleteRejectReason::new("1"));
}

fn check_job(job: &Job) {
    assert_complete(&job.attributes);
    assert_eq!(job.id.as_str(), "60");
    assert_eq!(job.attributes.title.as_deref(), Some("Turtle keeper"));
    assert_eq!(job.attributes.status, Some(JobStatus::Open));
    assert_eq!(job.attributes.human_status, Some(JobHumanStatus::Published));
    assert_eq!(job.attributes.remote_status, Some(RemoteStatus::Hybrid));
    assert_eq!(job.attributes.name_requirement, Some(Requirement::Required));
    assert_eq!(job.attributes.tags, ["night"]);
    assert_eq!(job.attributes.picture["standard"], "https://images.example.com/job.jpg");
    let links = job.links.as_ref().unwrap();
    assert_eq!(links.careersite_job_url.as_deref(), Some("https://career.example.com/jobs/60"));
    let attributes = &job.attributes;
    assert_eq!(attributes.internal_name.as_deref(), Some("Keeper north"));
    assert_eq!(attributes.template_name.as_deref(), Some("Keepers"));
    assert_eq!(attributes.company_name.as_deref(), Some("Turtle House"));
    assert_eq!(attributes.employment_type.as_deref(), Some("fulltime"));
    assert_eq!(attributes.employment_level.as_deref(), Some("none"));
    assert_eq!(attributes.min_salary, Some(30_000.into()));
    assert_eq!(attributes.max_salary, Number::from_f64(35_000.5));
    assert_eq!(attributes.currency.as_deref(), Some("SEK"));
    assert_eq!(attributes.salary_time_unit, Some(SalaryTimeUnit::Monthly));
    assert_eq!(job.relationships.division.identifier().unwrap().id, "8");
    assert_eq!(job.relationships.user.identifier().unwrap().kind, "users");
    assert_eq!(job.relationships.requisition.data, Linkage::Empty);
    assert_eq!(job.relationships.department.data, Linkage::NotLoaded);
}

fn check_stage(stage: &Stage) {
    assert_complete(&stage.attributes);
    assert_eq!(stage.attributes.stage_type, Some(StageType::InProcess));
    assert_eq!(
        (stage.attributes.row_order, stage.attributes.active_job_applications_count),
        (Some(3), Some(7))
    );
    assert_eq!(stage.relationships.stage_type.identifier().unwrap().kind, "stage-types");
}
