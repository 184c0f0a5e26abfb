//! Questions, referrals, requisitions, notes, tasks, and what happened.

use serde_json::json;
use teamtailor_client::{
    activities::{ActivityInclude, GetActivity},
    answers::{AnswerInclude, GetAnswer, GetAnswerQuestion, ListAnswers, NewAnswer, PutAnswer},
    audit_events::{GetAuditEvent, ListAuditEvents},
    interviews::{GetInterview, InterviewInclude, ListInterviews},
    job_offers::{GetJobOffer, JobOfferInclude, ListJobOffers},
    notes::{CreateNote, DeleteNote, GetNote, ListNotes, NewNote, NotePatch, UpdateNote},
    nps_responses::{GetNpsResponse, ListNpsResponses, NpsResponseInclude},
    partner_results::{GetPartnerResult, ListPartnerResults, PartnerResultInclude, PartnerResultSort},
    picked_questions::ListPickedQuestions,
    questions::{GetQuestion, ListQuestions, QuestionSort},
    referrals::{GetReferral, ListReferrals, ReferralInclude, ReferralSort},
    requisition_step_verdicts::{
        GetRequisitionStepVerdict, RequisitionStepVerdictPatch, UpdateRequisitionStepVerdict,
    },
    requisitions::{
        CreateRequisition, GetRequisition, ListRequisitions, NewRequisition, RequisitionInclude,
        RequisitionPatch, RequisitionStatus, SalaryTimeUnit, UpdateRequisition,
    },
    todos::{
        CreateTodo, DeleteTodo, GetTodo, ListTodos, NewTodo, TodoInclude, TodoPatch, TodoSort, UpdateTodo,
    },
};

use super::table::{ONCE, REPEATABLE, Table};

pub(super) fn rows(table: &mut Table) {
    questions(table);
    requisitions(table);
    notes_and_todos(table);
    table.row(
        &GetActivity::new("1").include([ActivityInclude::Candidate]),
        "get_activity",
        "GET /activities/1?include=candidate",
        "",
        REPEATABLE,
    );
    table.row(
        &ListAuditEvents::new().page_size(10),
        "list_audit_events",
        "GET /audit-events?page%5Bsize%5D=10",
        "",
        REPEATABLE,
    );
    table.row(&GetAuditEvent::new("1"), "get_audit_event", "GET /audit-events/1", "", REPEATABLE);
    table.row(
        &ListPartnerResults::new()
            .include([PartnerResultInclude::Candidate])
            .candidate("4711")
            .sort(PartnerResultSort::CreatedAt),
        "list_partner_results",
        "GET /partner-results?include=candidate&filter%5Bcandidate%5D=4711&sort=created-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &GetPartnerResult::new("85ab953c-0000-0000-0000-000000000001"),
        "get_partner_result",
        "GET /partner-results/85ab953c-0000-0000-0000-000000000001",
        "",
        REPEATABLE,
    );
    table.row(
        &ListJobOffers::new().include([JobOfferInclude::JobApplication]),
        "list_job_offers",
        "GET /job-offers?include=job-application&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetJobOffer::new("6"), "get_job_offer", "GET /job-offers/6", "", REPEATABLE);
    table.row(
        &ListNpsResponses::new().include([NpsResponseInclude::Stage]),
        "list_nps_responses",
        "GET /nps-responses?include=stage&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetNpsResponse::new("7"), "get_nps_response", "GET /nps-responses/7", "", REPEATABLE);
    table.row(
        &ListInterviews::new().include([InterviewInclude::Answers]),
        "list_interviews",
        "GET /interviews?include=answers&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetInterview::new("8"), "get_interview", "GET /interviews/8", "", REPEATABLE);
}

fn questions(table: &mut Table) {
    table.row(
        &ListQuestions::new().sort(QuestionSort::TitleDescending),
        "list_questions",
        "GET /questions?sort=-title&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetQuestion::new("6039"), "get_question", "GET /questions/6039", "", REPEATABLE);
    table.row(
        &ListPickedQuestions::new().include(["question"]),
        "list_picked_questions",
        "GET /picked-questions?include=question&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &ListAnswers::new().include([AnswerInclude::Candidate]).question("6039"),
        "list_answers",
        "GET /answers?include=candidate&filter%5Bquestion%5D=6039&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &GetAnswerQuestion::new("1337"),
        "get_answer_question",
        "GET /answers/1337/question",
        "",
        REPEATABLE,
    );
    table.row(
        &PutAnswer::new(NewAnswer::new("4711", "6039").choices([3, 4])),
        "put_answer",
        "POST /answers",
        concat!(
            r#"{"data":{"type":"answers","attributes":{"choices":[3,4]},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}},"#,
            r#""question":{"data":{"type":"questions","id":"6039"}}}}}"#,
        ),
        REPEATABLE,
    );
    table.row(
        &GetAnswerQuestion::new("1337"),
        "get_answer_question",
        "GET /answers/1337/question",
        "",
        REPEATABLE,
    );
    table.row(
        &PutAnswer::new(NewAnswer::new("4711", "6039").text("Yes").boolean(true).range(7)),
        "put_answer",
        "POST /answers",
        concat!(
            r#"{"data":{"type":"answers","attributes":{"text":"Yes","boolean":true,"range":7},"relationships":{"#,
            r#""candidate":{"data":{"type":"candidates","id":"4711"}},"question":{"data":{"type":"questions","id":"6039"}}}}}"#,
        ),
        REPEATABLE,
    );
    table.row(&GetAnswer::new("1337"), "get_answer", "GET /answers/1337", "", REPEATABLE);
}

fn requisitions(table: &mut Table) {
    table.row(
        &ListReferrals::new()
            .include([ReferralInclude::User])
            .candidate("4711")
            .department("5")
            .email("a@example.com")
            .job("60")
            .phone("1")
            .role("3")
            .user("12")
            .sort(ReferralSort::CreatedAt),
        "list_referrals",
        "GET /referrals?include=user&filter%5Bcandidate%5D=4711&filter%5Bdepartment%5D=5&filter%5Bemail%5D=a%40example.com&filter%5Bjob%5D=60\
         &filter%5Bphone%5D=1&filter%5Brole%5D=3&filter%5Buser%5D=12&sort=created-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetReferral::new("1"), "get_referral", "GET /referrals/1", "", REPEATABLE);
    table.row(
        &ListRequisitions::new().include([RequisitionInclude::RequisitionStepVerdicts]),
        "list_requisitions",
        "GET /requisitions?include=requisition-step-verdicts&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateRequisition::new(
            NewRequisition::new()
                .job_title("Keeper")
                .job_description("Turtles")
                .country("Sweden")
                .min_salary(30_000)
                .max_salary(35_000)
                .currency("SEK")
                .salary_time_unit(SalaryTimeUnit::Monthly)
                .number_of_openings(2)
                .custom_form_answers(json!({ "division": "North" }))
                .status(RequisitionStatus::Approved)
                .location("9")
                .department("5")
                .role("3")
                .recruiter("12"),
        ),
        "create_requisition",
        "POST /requisitions",
        concat!(
            r#"{"data":{"type":"requisitions","attributes":{"job-title":"Keeper","job-description":"Turtles","country":"Sweden","min-salary":30000,"#,
            r#""max-salary":35000,"currency":"SEK","salary-time-unit":"monthly","number-of-openings":2,"custom-form-answers":{"division":"North"},"#,
            r#""status":"approved"},"relationships":{"department":{"data":{"type":"departments","id":"5"}},"location":{"data":{"type":"locations","id":"9"}},"#,
            r#""recruiter":{"data":{"type":"users","id":"12"}},"role":{"data":{"type":"roles","id":"3"}}}}}"#,
        ),
        ONCE,
    );
    table.row(&GetRequisition::new("1"), "get_requisition", "GET /requisitions/1", "", REPEATABLE);
    table.row(
        &UpdateRequisition::new(
            "1",
            RequisitionPatch::new()
                .job_title("Head keeper")
                .clear_max_salary()
                .status(RequisitionStatus::Pending),
        ),
        "update_requisition",
        "PUT /requisitions/1",
        concat!(
            r#"{"data":{"id":"1","type":"requisitions","attributes":"#,
            r#"{"job-title":"Head keeper","max-salary":null,"status":"pending"}}}"#,
        ),
        REPEATABLE,
    );
    table.row(
        &GetRequisitionStepVerdict::new("1").include(["user"]),
        "get_requisition_step_verdict",
        "GET /requisition-step-verdicts/1?include=user",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateRequisitionStepVerdict::new("1", RequisitionStepVerdictPatch::new("approved")),
        "update_requisition_step_verdict",
        "PATCH /requisition-step-verdicts/1",
        r#"{"data":{"id":"1","type":"requisition-step-verdicts","attributes":{"status":"approved"}}}"#,
        ONCE,
    );
}

fn notes_and_todos(table: &mut Table) {
    table.row(&ListNotes::new().page_size(30), "list_notes", "GET /notes?page%5Bsize%5D=30", "", REPEATABLE);
    table.row(
        &CreateNote::new(NewNote::new("Contract signed.", "4711", "12")),
        "create_note",
        "POST /notes",
        concat!(
            r#"{"data":{"type":"notes","attributes":{"note":"Contract signed."},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}},"#,
            r#""user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(&GetNote::new("2"), "get_note", "GET /notes/2", "", REPEATABLE);
    table.row(
        &UpdateNote::new("2", NotePatch::new("Signed.")),
        "update_note",
        "PATCH /notes/2",
        r#"{"data":{"id":"2","type":"notes","attributes":{"note":"Signed."}}}"#,
        REPEATABLE,
    );
    table.row(&DeleteNote::new("2"), "delete_note", "DELETE /notes/2", "", REPEATABLE);
    table.row(
        &ListTodos::new()
            .include([TodoInclude::Assignee])
            .assignee("28")
            .assigner("25")
            .candidate("4711")
            .due("2031-02-03")
            .user("12")
            .sort(TodoSort::Due),
        "list_todos",
        "GET /todos?include=assignee&filter%5Bassignee%5D=28&filter%5Bassigner%5D=25&filter%5Bcandidate%5D=4711&filter%5Bdue%5D=2031-02-03\
         &filter%5Buser%5D=12&sort=due&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateTodo::new(NewTodo::new("Call", "4711", "12").due("2031-02-03").assigner("25").assignee("28")),
        "create_todo",
        "POST /todos",
        concat!(
            r#"{"data":{"type":"todos","attributes":{"value":"Call","due":"2031-02-03"},"relationships":{"assignee":{"data":{"type":"users","id":"28"}},"#,
            r#""assigner":{"data":{"type":"users","id":"25"}},"candidate":{"data":{"type":"candidates","id":"4711"}},"#,
            r#""user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(&GetTodo::new("15"), "get_todo", "GET /todos/15", "", REPEATABLE);
    table.row(
        &UpdateTodo::new(
            "15",
            TodoPatch::new().value("Write").clear_due().completed_at("2031-02-03T04:05:06Z"),
        ),
        "update_todo",
        "PATCH /todos/15",
        concat!(
            r#"{"data":{"id":"15","type":"todos","attributes":"#,
            r#"{"value":"Write","due":null,"completed-at":"2031-02-03T04:05:06Z"}}}"#,
        ),
        REPEATABLE,
    );
    table.row(&DeleteTodo::new("15"), "delete_todo", "DELETE /todos/15", "", REPEATABLE);
}
