//! Questions, referrals, requisitions, notes, tasks, and what happened.

use serde_json::{Number, json};
use teamtailor_client::{
    CandidateId, UserId,
    activities::GetActivity,
    answers::{Answer, GetAnswer, GetAnswerQuestion, ListAnswers, NewAnswer, PutAnswer},
    audit_events::{GetAuditEvent, ListAuditEvents},
    interviews::{GetInterview, InterviewStatus, ListInterviews},
    job_offers::{GetJobOffer, ListJobOffers},
    notes::{CreateNote, DeleteNote, GetNote, ListNotes, NewNote, Note, NotePatch, UpdateNote},
    nps_responses::{GetNpsResponse, ListNpsResponses},
    partner_results::{GetPartnerResult, ListPartnerResults, PartnerResultStatus},
    picked_questions::ListPickedQuestions,
    questions::{GetQuestion, ListQuestions},
    referrals::{GetReferral, ListReferrals},
    requisition_step_verdicts::{
        GetRequisitionStepVerdict, RequisitionStepVerdictPatch, UpdateRequisitionStepVerdict,
    },
    requisitions::{
        CreateRequisition, GetRequisition, ListRequisitions, NewRequisition, Requisition, RequisitionPatch,
        RequisitionStatus, SalaryTimeUnit, UpdateRequisition,
    },
    todos::{CreateTodo, DeleteTodo, GetTodo, ListTodos, NewTodo, Todo, TodoPatch, UpdateTodo},
};

use super::table::{
    ACTIVITY, ANSWER, AUDIT_EVENT, INTERVIEW, JOB_OFFER, NOTE, NPS_RESPONSE, PARTNER_RESULT, PICKED_QUESTION,
    QUESTION, REFERRAL, REQUISITION, REQUISITION_STEP_VERDICT, TODO, Table, assert_complete, document,
};

pub(super) fn rows(table: &mut Table) {
    questions(table);
    requisitions(table);
    notes_and_todos(table);
    let activity = table.one(&GetActivity::new("1"), ACTIVITY).data;
    assert_complete(&activity.attributes);
    assert_eq!(activity.attributes.data.as_deref(), Some("{}"));
    for event in [
        table.first(&ListAuditEvents::new(), AUDIT_EVENT),
        table.one(&GetAuditEvent::new("1"), AUDIT_EVENT).data,
    ] {
        assert_complete(&event.attributes);
        // One is a number on the wire, the other a text.
        assert_eq!(event.attributes.actor_id, event.attributes.source_id);
        assert_eq!(event.attributes.action.as_deref(), Some("bulk-delete"));
    }
    let (list, get) =
        (ListPartnerResults::new(), GetPartnerResult::new("85ab953c-0000-0000-0000-000000000001"));
    for result in [table.first(&list, PARTNER_RESULT), table.one(&get, PARTNER_RESULT).data] {
        assert_eq!(result.id.as_str(), "85ab953c-0000-0000-0000-000000000001");
        assert_eq!(result.attributes.status, Some(PartnerResultStatus::Completed));
        assert_eq!(result.attributes.assessment_score, Number::from_f64(97.5));
        assert_eq!(result.attributes.attachments[0].description.as_deref(), Some("Report"));
    }
    for offer in
        [table.first(&ListJobOffers::new(), JOB_OFFER), table.one(&GetJobOffer::new("1"), JOB_OFFER).data]
    {
        assert_complete(&offer.attributes);
        let details = offer.attributes.details.unwrap();
        assert_eq!((details.salary, details.start_date.as_deref()), (Some(json!(31000)), Some("2031-09-01")));
    }
    let (list, get) = (ListNpsResponses::new(), GetNpsResponse::new("1"));
    for response in [table.first(&list, NPS_RESPONSE), table.one(&get, NPS_RESPONSE).data] {
        assert_complete(&response.attributes);
        assert_eq!(response.attributes.score, Some(9.into()));
    }
    for interview in
        [table.first(&ListInterviews::new(), INTERVIEW), table.one(&GetInterview::new("1"), INTERVIEW).data]
    {
        assert_eq!(interview.attributes.status, Some(InterviewStatus::Published));
        assert_eq!(interview.attributes.note.as_deref(), Some("Calm"));
    }
}

fn questions(table: &mut Table) {
    for question in
        [table.first(&ListQuestions::new(), QUESTION), table.one(&GetQuestion::new("1"), QUESTION).data]
    {
        assert_complete(&question.attributes);
        assert_eq!(question.attributes.question_type.as_deref(), Some("Range"));
        assert_eq!(question.attributes.end_with, Number::from_f64(7.5));
        let alternatives = question.attributes.alternatives.iter();
        let alternatives: Vec<_> = alternatives.map(|one| (one.id, one.title.as_deref())).collect();
        assert_eq!(alternatives, [(Some(3), Some("Some")), (Some(4), Some("Many"))]);
    }
    let picked = table.first(&ListPickedQuestions::new(), PICKED_QUESTION);
    assert_eq!(picked.relationships.question.identifier().unwrap().id, "6039");
    let check = |answer: &Answer| {
        assert_complete(&answer.attributes);
        assert_eq!((answer.attributes.boolean, &*answer.attributes.choices), (Some(true), &[3, 4][..]));
        assert_eq!(answer.attributes.range, Some(7.into()));
        assert_eq!(answer.attributes.number, Number::from_f64(12.5));
        assert_eq!(answer.attributes.date.as_deref(), Some("2031-04-05"));
        assert_eq!(answer.attributes.answer, Some(json!("Seven")));
        assert_eq!(answer.attributes.question_type.as_deref(), Some("text"));
        assert_eq!(answer.relationships.picked_question.identifier().unwrap().id, "4");
    };
    check(&table.first(&ListAnswers::new(), ANSWER));
    check(&table.one(&GetAnswer::new("1"), ANSWER).data);
    check(&table.one(&PutAnswer::new(NewAnswer::new("1", "2")), ANSWER).data);
    let question = table.decode(&GetAnswerQuestion::new("1337"), &document(QUESTION)).data;
    assert_eq!(
        (question.id.as_str(), question.attributes.title.as_deref()),
        ("6039", Some("How many turtles?"))
    );
}

fn requisitions(table: &mut Table) {
    for referral in
        [table.first(&ListReferrals::new(), REFERRAL), table.one(&GetReferral::new("1"), REFERRAL).data]
    {
        assert_complete(&referral.attributes);
        assert_eq!(referral.attributes.comment.as_deref(), Some("Knows turtles"));
    }
    let check = |requisition: &Requisition| {
        assert_complete(&requisition.attributes);
        assert_eq!(requisition.attributes.status, Some(RequisitionStatus::Pending));
        assert_eq!(requisition.attributes.requisition_status, Some(RequisitionStatus::Pending));
        assert_eq!(requisition.attributes.salary_time_unit, Some(SalaryTimeUnit::Monthly));
        assert_eq!(requisition.attributes.max_salary, Number::from_f64(35_000.5));
        let created = requisition.attributes.created().map(|time| time.as_str());
        assert_eq!(
            (requisition.attributes.hired(), created),
            (Some(1), Some("2031-01-01T00:00:00.000+01:00"))
        );
        assert_eq!(requisition.attributes.hired_count_with_hyphen, Some(2));
        assert_eq!(requisition.attributes.custom_form_answers, Some(json!({ "division": "North" })));
    };
    check(&table.first(&ListRequisitions::new(), REQUISITION));
    check(&table.one(&GetRequisition::new("1"), REQUISITION).data);
    check(&table.one(&CreateRequisition::new(NewRequisition::new()), REQUISITION).data);
    check(&table.one(&UpdateRequisition::new("1", RequisitionPatch::new()), REQUISITION).unwrap().data);
    let update = UpdateRequisitionStepVerdict::new("1", RequisitionStepVerdictPatch::new(""));
    let get = GetRequisitionStepVerdict::new("1");
    for verdict in [
        table.one(&get, REQUISITION_STEP_VERDICT).data,
        table.one(&update, REQUISITION_STEP_VERDICT).unwrap().data,
    ] {
        assert_complete(&verdict.attributes);
        assert_eq!(verdict.attributes.status.as_deref(), Some("approved"));
    }
}

fn notes_and_todos(table: &mut Table) {
    let check = |note: &Note| {
        assert_complete(&note.attributes);
        assert_eq!(note.id.as_str(), "2");
        assert_eq!(note.attributes.candidate_id, Some(CandidateId::from("4711")));
        assert_eq!(note.attributes.mentioned_user_ids, [UserId::from("12"), UserId::from("13")]);
    };
    check(&table.first(&ListNotes::new(), NOTE));
    check(&table.one(&GetNote::new("2"), NOTE).data);
    check(&table.one(&CreateNote::new(NewNote::new("", "1", "2")), NOTE).data);
    check(&table.one(&UpdateNote::new("2", NotePatch::new("")), NOTE).unwrap().data);
    table.nothing(&DeleteNote::new("1"));
    let check = |todo: &Todo| {
        assert_complete(&todo.attributes);
        assert_eq!(todo.attributes.due.as_deref(), Some("2031-02-03"));
        assert_eq!(todo.relationships.assignee.identifier().unwrap().id, "28");
    };
    check(&table.first(&ListTodos::new(), TODO));
    check(&table.one(&GetTodo::new("1"), TODO).data);
    check(&table.one(&CreateTodo::new(NewTodo::new("", "1", "2")), TODO).data);
    check(&table.one(&UpdateTodo::new("1", TodoPatch::new()), TODO).unwrap().data);
    table.nothing(&DeleteTodo::new("1"));
}
