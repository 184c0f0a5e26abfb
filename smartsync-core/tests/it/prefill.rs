//! A new contract with the candidate's values in it, made at most once.

use std::sync::Arc;

use oneflow_client::{OneflowClient, contracts::PublishMessage};
use smartsync_core::{
    ContractRequest, Creation, CreationPlan, Engine, EngineError, Ledger, LedgerEntry, Mapping, MemoryLedger,
    PreflightProblem,
};
use smartsync_transport::{Request, Response, ScriptedTransport, Transport, TransportError};
use teamtailor_client::TeamtailorClient;

use crate::{
    fenced::Fence,
    stage::{DEFINITIONS, OPTIONS, Stage, candidate, contract, keys, summary, token},
};

pub(crate) const IDA: &str = r#"{ "first-name": "Ida", "last-name": "Example", "email": "ida@example.com", "phone": "+46 70 123 45 67" }"#;
pub(crate) const TEMPLATE: &str = r#"{ "id": 88, "name": "Employment", "template_type": { "id": 4711, "name": "Hiring" }, "template_active": true }"#;
pub(crate) const TEMPLATE_TYPE: &str = r#"{ "id": 4711, "name": "Hiring", "data_fields": [
    { "id": 1, "custom_id": "oneflow-start-date", "active": true },
    { "id": 2, "custom_id": "salary", "active": true },
    { "id": 3, "custom_id": "oneflow-car", "active": true },
    { "id": 4, "custom_id": "oneflow-kind", "active": true },
    { "id": 5, "custom_id": "oneflow-city", "active": true },
    { "id": 6, "custom_id": "first-name", "active": true },
    { "id": 7, "custom_id": "email", "active": false }
] }"#;

pub(crate) const WORKSPACES: &str = r#"{ "count": 2, "_links": {}, "data": [
    { "id": 11, "name": "Elsewhere", "_permissions": { "contract:create": true } },
    { "id": 12, "name": "Here", "_permissions": { "contract:create": true } }
] }"#;

pub(crate) fn request() -> ContractRequest {
    ContractRequest::new("hire-1".parse().unwrap(), "4711".into(), 88.into(), 12.into())
}

fn card() -> String {
    let values = [
        ("901", "31", r#""2031-06-01T00:00:00.000+02:00""#),
        ("902", "32", "1234.5"),
        ("903", "33", r#""true""#),
        ("904", "35", r#"["Permanent"]"#),
    ];
    candidate(IDA, &values, &[])
}

fn reads() -> (ScriptedTransport, ScriptedTransport) {
    (
        ScriptedTransport::new().json(200, TEMPLATE).json(200, TEMPLATE_TYPE).json(200, WORKSPACES),
        ScriptedTransport::new().json(200, card()).json(200, DEFINITIONS).json(200, OPTIONS),
    )
}

/// A stage whose first plan for [`request`] is made; Oneflow goes on with `answers`.
pub(crate) async fn planned(
    request: ContractRequest,
    answers: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, CreationPlan) {
    let (oneflow, teamtailor) = reads();
    let stage = Stage::new("", answers(oneflow), teamtailor);
    let plan = stage.engine.plan_contract(&request).await.unwrap();
    (stage, plan)
}

/// The contract as Oneflow answers it after it was made from [`card`].
pub(crate) fn made(state: &str) -> String {
    let fields = [
        ("oneflow-start-date", "2031-06-01"),
        ("salary", "1234.5"),
        ("oneflow-car", "1"),
        ("oneflow-kind", "Permanent"),
        ("oneflow-city", ""),
        ("first-name", "Ida"),
    ];
    contract(state, &token("4711", "hire-1"), &fields)
}

#[tokio::test]
async fn a_contract_is_made_with_the_candidates_values_and_a_signed_link() {
    let (stage, plan) = planned(request(), |script| script.json(200, made("draft"))).await;
    assert_eq!(
        summary(plan.outcomes()),
        [
            "first-name written",
            "oneflow-car written",
            "oneflow-city skipped candidate-empty",
            "oneflow-kind written",
            "oneflow-start-date written",
            "salary written",
        ]
    );
    assert_eq!(stage.writes(), [""; 0], "planning makes nothing");
    let created = stage.engine.create(plan).await.unwrap();
    assert_eq!((created.contract, created.is_adopted, created.is_published), (9001.into(), false, false));

    let writes = stage.writes();
    assert_eq!(writes.len(), 1);
    let body = writes[0].strip_prefix("POST /v1/contracts/create ").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "workspace_id": 12,
            "template_id": 88,
            "data_fields": [
                { "custom_id": "first-name", "value": "Ida" },
                { "custom_id": "oneflow-car", "value": "1" },
                { "custom_id": "oneflow-kind", "value": "Permanent" },
                { "custom_id": "oneflow-start-date", "value": "2031-06-01" },
                { "custom_id": "salary", "value": "1234.5" }
            ],
            "parties": [ { "type": "individual", "participant": {
                "name": "Ida Example",
                "delivery_channel": "email",
                "email": "ida@example.com",
                "phone_number": "+46701234567",
                "signatory": true,
                "_permissions": { "contract:update": true },
                "_private_ownerside": { "custom_id": token("4711", "hire-1") }
            } } ]
        })
    );
    let entry = stage.ledger.entry(9001.into()).unwrap();
    assert_eq!(entry.candidate, Some("4711".into()));
    let bases: Vec<&str> = entry.bases.keys().map(String::as_str).collect();
    // The city, too: the candidate has none and the contract holds none, and that is agreed on.
    assert_eq!(
        bases,
        ["first-name", "oneflow-car", "oneflow-city", "oneflow-kind", "oneflow-start-date", "salary"]
    );
    let creation = stage.ledger.load_creation(&"hire-1".parse().unwrap()).await.unwrap();
    assert_eq!(creation, Some(Creation::Created { candidate: "4711".into(), contract: 9001.into() }));
}

#[tokio::test]
async fn what_was_prefilled_is_the_base_of_the_first_look() {
    let edited = made("pending").replace(r#""value": "1234.5""#, r#""value": "2 000""#);
    let (oneflow, teamtailor) = reads();
    let moved = card().replace("2031-06-01T00:00:00.000+02:00", "2031-07-01");
    let oneflow = oneflow.json(200, made("draft")).json(200, edited);
    let stage = Stage::new("[sync.document]\nattach = false", oneflow, teamtailor.json(200, moved));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    stage.engine.create(plan).await.unwrap();
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(
        summary(plan.outcomes()),
        [
            "first-name skipped identity-only-prefilled",
            "oneflow-car unchanged",
            "oneflow-city unchanged",
            "oneflow-kind unchanged",
            "oneflow-start-date skipped candidate-is-newer",
            "salary written",
        ]
    );
}

/// What Oneflow answers after it has taken neither the salary, which stays empty, nor the kind, where the template has a
/// text.
fn made_without_salary_and_kind(state: &str) -> String {
    made(state)
        .replace(r#""value": "1234.5""#, r#""value": """#)
        .replace(r#""value": "Permanent""#, r#""value": "Fixed term""#)
}

#[tokio::test]
async fn a_value_that_oneflow_did_not_take_is_failed_and_not_written() {
    let answer = made_without_salary_and_kind("draft");
    let (stage, plan) = planned(request(), |script| script.json(200, answer)).await;
    let planned = summary(plan.outcomes());
    assert!(planned.contains(&"salary written".to_owned()), "{planned:?}");
    let created = stage.engine.create(plan).await.unwrap();
    assert_eq!(
        summary(&created.outcomes),
        [
            "first-name written",
            "oneflow-car written",
            "oneflow-city skipped candidate-empty",
            "oneflow-kind failed not-taken-over-by-oneflow",
            "oneflow-start-date written",
            "salary failed not-taken-over-by-oneflow",
        ]
    );
}

#[tokio::test]
async fn a_text_that_is_no_value_of_the_field_was_not_taken_over_either_and_is_no_base() {
    let answer = made("draft").replace(r#""value": "1234.5""#, r#""value": "by agreement""#);
    let (stage, plan) = planned(request(), |script| script.json(200, answer)).await;
    let outcomes = summary(&stage.engine.create(plan).await.unwrap().outcomes);
    assert!(outcomes.contains(&"salary failed not-taken-over-by-oneflow".to_owned()), "{outcomes:?}");
    assert!(!stage.ledger.entry(9001.into()).unwrap().bases.contains_key("salary"));
}

#[tokio::test]
async fn what_was_left_empty_is_agreed_on_whatever_text_the_template_has_there() {
    let answer = contract("draft", &token("4711", "hire-1"), &[("salary", "by agreement")]);
    let oneflow = ScriptedTransport::new().json(200, TEMPLATE).json(200, TEMPLATE_TYPE).json(200, WORKSPACES);
    let teamtailor = ScriptedTransport::new()
        .json(200, candidate(IDA, &[], &[]))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS);
    let stage = Stage::new("", oneflow.json(200, answer), teamtailor);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    let outcomes = summary(&stage.engine.create(plan).await.unwrap().outcomes);
    assert!(outcomes.contains(&"salary skipped candidate-empty".to_owned()), "{outcomes:?}");
    assert!(stage.ledger.entry(9001.into()).unwrap().bases.contains_key("salary"));
}

#[tokio::test]
async fn a_value_in_other_words_was_taken_over() {
    let answer = made("draft").replace(r#""value": "1234.5""#, r#""value": "1 234,50""#);
    let (stage, plan) = planned(request(), |script| script.json(200, answer)).await;
    let outcomes = summary(&stage.engine.create(plan).await.unwrap().outcomes);
    assert!(outcomes.contains(&"salary written".to_owned()), "{outcomes:?}");
}

#[tokio::test]
async fn a_field_that_the_answer_does_not_show_counts_as_written_and_waits_for_the_next_look_to_be_agreed_on()
{
    let answer = contract("draft", &token("4711", "hire-1"), &[]);
    let (stage, plan) = planned(request(), |script| script.json(200, answer)).await;
    let planned = summary(plan.outcomes());
    let created = stage.engine.create(plan).await.unwrap();
    assert_eq!(summary(&created.outcomes), planned);
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 0);
}

/// The first look at a contract that was made with [`made_without_salary_and_kind`], and now is as `now` says.
async fn first_look(now: String) -> Vec<String> {
    let (oneflow, teamtailor) = reads();
    let oneflow = oneflow.json(200, made_without_salary_and_kind("draft")).json(200, now);
    let stage = Stage::new("[sync.document]\nattach = false", oneflow, teamtailor.json(200, card()));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    stage.engine.create(plan).await.unwrap();
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    summary(plan.outcomes())
        .into_iter()
        .filter(|line| !line.ends_with(" unchanged") && !line.ends_with(" identity-only-prefilled"))
        .collect()
}

#[tokio::test]
async fn what_oneflow_did_not_take_is_not_written_back_over_the_card() {
    let untouched = made_without_salary_and_kind("pending");
    // The empty field has nothing to say. The template's text was chosen by nobody, so the card stays.
    assert_eq!(
        first_look(untouched.clone()).await,
        ["oneflow-kind skipped candidate-is-newer", "salary skipped nothing-to-say"]
    );
    let mut filled = untouched.clone();
    let salary = filled.find(r#""custom_id": "salary""#).unwrap();
    let value = filled[..salary].rfind(r#""value": """#).unwrap();
    filled.replace_range(value..value + r#""value": """#.len(), r#""value": "2000""#);
    // Filled in since: on the contract's side there never was another value, so this is no conflict.
    assert_eq!(
        first_look(filled).await,
        ["oneflow-kind skipped candidate-is-newer", "salary written first-sight-contract-won"]
    );
}

#[tokio::test]
async fn a_field_that_is_filled_in_seconds_after_the_contract_was_made_is_written() {
    let filled = made("pending")
        .replace(r#""value": """#, r#""value": "Oslo""#)
        .replace("2031-02-03T04:05:06+0000", "2031-01-02T03:04:30+0000");
    let (oneflow, teamtailor) = reads();
    let oneflow = oneflow.json(200, made("draft")).json(200, filled);
    let stage = Stage::new("[sync.document]\nattach = false", oneflow, teamtailor.json(200, card()));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    stage.engine.create(plan).await.unwrap();
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert!(summary(plan.outcomes()).contains(&"oneflow-city written".to_owned()), "{plan:?}");
}

#[tokio::test]
async fn a_contract_is_sent_at_once_where_that_is_asked_for() {
    let request =
        request().name("Employment of Ida").publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) =
        planned(request, |script| script.json(200, made("draft")).json(200, made("pending"))).await;
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_published);
    let writes = stage.writes();
    assert!(writes[0].contains(r#""name":"Employment of Ida""#), "{}", writes[0]);
    assert_eq!(
        writes[1],
        r#"POST /v1/contracts/9001/publish {"subject":"Your contract","message":"Please sign."}"#
    );
}

#[tokio::test]
async fn every_problem_is_named_at_once() {
    let mapping = r#"
        [sync]
        link = ["data_field"]
        link_data_field = "candidate-link"
        [[field]]
        oneflow    = "mail"
        teamtailor = "email"
        direction  = "to_oneflow"
        [[field]]
        oneflow    = "email"
        teamtailor = "custom:oneflow-city"
    "#;
    let inactive = TEMPLATE.replace("\"template_active\": true", "\"template_active\": false");
    let oneflow = ScriptedTransport::new().json(200, inactive).json(200, TEMPLATE_TYPE).json(200, WORKSPACES);
    let nameless = candidate(r#"{ "first-name": " ", "last-name": "Example", "email": null }"#, &[], &[]);
    let teamtailor = ScriptedTransport::new().json(200, nameless).json(200, DEFINITIONS).json(200, OPTIONS);
    let stage = Stage::new(mapping, oneflow, teamtailor);
    let long = request().name("x".repeat(131));
    let Err(EngineError::Preflight(problems)) = stage.engine.plan_contract(&long).await else {
        panic!("the preflight fails");
    };
    use PreflightProblem::*;
    use smartsync_core::DefaultField::*;
    assert_eq!(
        problems,
        [
            CandidateLacks(FirstName),
            CandidateLacks(Email),
            CandidateLacks(Phone),
            TemplateInactive,
            NoDataField("mail".to_owned()),
            NoDataField("email".to_owned()),
            NoDataField("candidate-link".to_owned()),
            NameTooLong,
        ]
    );
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_name_of_130_characters_is_not_too_long() {
    let (_, plan) = planned(request().name("å".repeat(130)), |script| script).await;
    assert_eq!(plan.operation().body.name, Some("å".repeat(130)));
}

/// A stage for [`request`] with this mapping, whose Oneflow has these data fields and workspaces.
fn stage_with(mapping: &str, template_type: &str, workspaces: (u16, &str)) -> Stage {
    let (_, teamtailor) = reads();
    let oneflow = ScriptedTransport::new()
        .json(200, TEMPLATE)
        .json(200, template_type)
        .json(workspaces.0, workspaces.1)
        .json(200, made("draft"));
    Stage::new(mapping, oneflow, teamtailor)
}

#[tokio::test]
async fn an_entry_for_other_contracts_is_neither_required_nor_filled_in() {
    let mapping = r#"
        [[field]]
        oneflow        = "bonus"
        teamtailor     = "custom:oneflow-city"
        template_types = [4712]
        [[field]]
        oneflow        = "salary"
        teamtailor     = "custom:oneflow-salary"
        workspaces     = [13, 14]
        [[field]]
        oneflow        = "oneflow-car"
        teamtailor     = "custom:oneflow-car"
        template_types = [4711, 4712]
        workspaces     = [12]
    "#;
    let stage = stage_with(mapping, TEMPLATE_TYPE, (200, WORKSPACES));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    assert_eq!(
        summary(plan.outcomes()),
        [
            "bonus skipped out-of-scope",
            "first-name written",
            "oneflow-car written",
            "oneflow-kind written",
            "oneflow-start-date written",
            "salary skipped out-of-scope",
        ]
    );
    stage.engine.create(plan).await.unwrap();
    let body = stage.writes().remove(0);
    assert!(!body.contains("salary") && !body.contains("bonus"), "{body}");
    let bases = stage.ledger.entry(9001.into()).unwrap().bases;
    assert!(!bases.contains_key("salary"), "there is no base for what was left alone");
}

#[tokio::test]
async fn a_contract_that_would_never_be_kept_in_step_is_not_made() {
    for (setting, is_refused) in [
        ("template_types = [4712]", true),
        ("workspaces = [13]", true),
        ("template_types = [4711]\nworkspaces = [13]", true),
        ("template_types = [4711, 4712]\nworkspaces = [12]", false),
    ] {
        // What the entry needs is not asked for where the whole contract is left alone.
        let mapping =
            format!("[sync]\n{setting}\n[[field]]\noneflow = \"first-name\"\nteamtailor = \"first_name\"");
        let stage = stage_with(&mapping, TEMPLATE_TYPE, (200, WORKSPACES));
        match stage.engine.plan_contract(&request()).await {
            Err(EngineError::Preflight(problems)) => {
                assert_eq!((problems, is_refused), (vec![PreflightProblem::OutOfScope], true), "{setting}");
            }
            other => assert!(other.is_ok() && !is_refused, "{setting}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_workspace_is_a_problem_only_where_oneflow_says_so() {
    let other = r#"{ "count": 1, "_links": {}, "data": [ { "id": 11, "name": "Elsewhere" } ] }"#;
    let closed = WORKSPACES.replace("true } }\n]", "false } }\n]");
    let silent = r#"{ "count": 1, "_links": {}, "data": [ { "id": 12, "name": "Here" } ] }"#;
    let none = r#"{ "count": 0, "_links": {}, "data": [] }"#;
    let unreadable = r#"{ "count": 1, "_links": {}, "data": [ { "id": "twelve" } ] }"#;
    for (status, workspaces, expected) in [
        (200, WORKSPACES, None),
        (200, silent, None),
        (200, other, Some(PreflightProblem::NoWorkspace)),
        (200, closed.as_str(), Some(PreflightProblem::WorkspaceClosed)),
        (200, none, None),
        (200, unreadable, None),
        (403, "{}", None),
        (503, "", None),
    ] {
        let stage = stage_with("", TEMPLATE_TYPE, (status, workspaces));
        let problem = match stage.engine.plan_contract(&request()).await {
            Err(EngineError::Preflight(problems)) => Some(problems),
            other => {
                other.unwrap();
                None
            }
        };
        assert_eq!(problem, expected.map(|problem| vec![problem]), "{status} {workspaces}");
    }
}

#[tokio::test]
async fn without_a_sender_nothing_is_made() {
    let (oneflow, teamtailor) = reads();
    let oneflow = OneflowClient::builder().api_token("a token".into()).transport(oneflow).build().unwrap();
    let teamtailor =
        TeamtailorClient::builder().api_key("a key".into()).transport(teamtailor).build().unwrap();
    let ledger = Arc::new(MemoryLedger::new());
    let engine = Engine::builder(oneflow, teamtailor, Mapping::default(), ledger, keys()).build().unwrap();
    let Err(EngineError::Preflight(problems)) = engine.plan_contract(&request()).await else {
        panic!("the preflight fails");
    };
    assert_eq!(problems, [PreflightProblem::NoSender]);
}

#[tokio::test]
async fn a_value_that_does_not_fit_or_cannot_be_read_ends_its_field_and_not_the_contract() {
    let long = format!("\"{}\"", "x".repeat(1_025));
    let values = [("901", "31", r#""next spring""#), ("902", "34", long.as_str()), ("903", "32", "1234.5")];
    let oneflow = ScriptedTransport::new().json(200, TEMPLATE).json(200, TEMPLATE_TYPE).json(200, WORKSPACES);
    let oneflow = oneflow.json(200, made("draft"));
    let teamtailor = ScriptedTransport::new()
        .json(200, candidate(IDA, &values, &[]))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS);
    let stage = Stage::new("", oneflow, teamtailor);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    let outcomes = summary(plan.outcomes());
    assert!(outcomes.contains(&"oneflow-city failed too-long".to_owned()), "{outcomes:?}");
    assert!(
        outcomes.contains(&"oneflow-start-date failed candidate-value-unreadable".to_owned()),
        "{outcomes:?}"
    );
    assert!(outcomes.contains(&"salary written".to_owned()), "{outcomes:?}");
    stage.engine.create(plan).await.unwrap();
    let body = stage.writes().remove(0);
    assert!(body.contains("1234.5") && !body.contains("xxx") && !body.contains("spring"), "{body}");
    let bases = stage.ledger.entry(9001.into()).unwrap().bases;
    assert!(!bases.contains_key("oneflow-city") && bases.contains_key("salary"));
}

#[tokio::test]
async fn a_source_that_is_the_contract_itself_is_neither_required_nor_filled_in() {
    let mapping = r#"
        [[field]]
        oneflow    = "contract:state"
        teamtailor = "custom:oneflow-city"
        direction  = "to_teamtailor"
    "#;
    let stage = stage_with(mapping, TEMPLATE_TYPE, (200, WORKSPACES));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    let outcomes = summary(plan.outcomes());
    assert!(outcomes.contains(&"contract:state skipped only-taken-over".to_owned()), "{outcomes:?}");
    stage.engine.create(plan).await.unwrap();
    assert!(!stage.writes()[0].contains("contract:state"));
    assert!(!stage.ledger.entry(9001.into()).unwrap().bases.contains_key("contract:state"));
}

#[tokio::test]
async fn a_field_that_is_only_taken_over_is_required_and_gets_no_value_but_a_base() {
    let mapping = r#"
        [[field]]
        oneflow    = "oneflow-city"
        teamtailor = "custom:oneflow-city"
        direction  = "to_teamtailor"
        [[field]]
        oneflow    = "bank-account"
        teamtailor = "custom:oneflow-budget"
        direction  = "to_teamtailor"
    "#;
    let stage = stage_with(mapping, TEMPLATE_TYPE, (200, WORKSPACES));
    let Err(EngineError::Preflight(problems)) = stage.engine.plan_contract(&request()).await else {
        panic!("the preflight fails");
    };
    assert_eq!(problems, [PreflightProblem::NoDataField("bank-account".to_owned())]);

    let (mapping, _) = mapping.split_at(mapping.rfind("[[field]]").unwrap());
    let stage = stage_with(mapping, TEMPLATE_TYPE, (200, WORKSPACES));
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    assert!(summary(plan.outcomes()).contains(&"oneflow-city skipped only-taken-over".to_owned()));
    stage.engine.create(plan).await.unwrap();
    assert!(!stage.writes()[0].contains("oneflow-city"));
    assert!(stage.ledger.entry(9001.into()).unwrap().bases.contains_key("oneflow-city"));
}

#[test]
fn every_problem_has_a_code_of_its_own_and_says_what_to_do() {
    use PreflightProblem::*;
    let all = [
        CandidateForgotten,
        NoCandidate,
        CandidateLacks(smartsync_core::DefaultField::Phone),
        NoTemplate,
        TemplateInactive,
        NoTemplateType,
        NoDataField("city".to_owned()),
        OutOfScope,
        NoWorkspace,
        WorkspaceClosed,
        NoSender,
        NameTooLong,
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(PreflightProblem::code).collect();
    assert_eq!(codes.len(), all.len());
    for problem in all {
        let (what, remedy) = problem.to_string().split_once(": ").map(|(a, b)| (a.len(), b.len())).unwrap();
        assert!(what > 10 && remedy > 5, "{problem}");
    }
}

#[tokio::test]
async fn a_candidate_and_a_template_that_do_not_exist_are_named_together() {
    let oneflow = ScriptedTransport::new().json(404, "{}").json(200, WORKSPACES);
    let teamtailor = ScriptedTransport::new().json(404, "{}").json(200, DEFINITIONS).json(200, OPTIONS);
    let stage = Stage::new("", oneflow, teamtailor);
    let error = stage.engine.plan_contract(&request()).await.unwrap_err();
    let EngineError::Preflight(problems) = &error else { panic!("the preflight fails") };
    assert_eq!(problems, &[PreflightProblem::NoCandidate, PreflightProblem::NoTemplate]);
    assert!(error.to_string().contains("; the template does not exist"), "{error}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_template_without_a_template_type_is_refused() {
    let oneflow = ScriptedTransport::new()
        .json(200, r#"{ "id": 88, "name": "Empty", "template_type": null }"#)
        .json(200, WORKSPACES);
    let (_, teamtailor) = reads();
    let stage = Stage::new("", oneflow, teamtailor);
    let Err(EngineError::Preflight(problems)) = stage.engine.plan_contract(&request()).await else {
        panic!("the preflight fails");
    };
    assert_eq!(problems, [PreflightProblem::NoTemplateType]);
}

/// A second try after the first ended like `first`: Oneflow then goes on with `answers`.
async fn second_try(
    first: Result<u16, TransportError>,
    answers: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, Result<smartsync_core::CreatedContract, EngineError>) {
    let (stage, plan) = planned(request(), |script| {
        answers(match first {
            Ok(status) => script.json(status, "{}"),
            Err(error) => script.answer(Err(error)),
        })
    })
    .await;
    stage.engine.create(plan.clone()).await.unwrap_err();
    let second = stage.engine.create(plan).await;
    (stage, second)
}

fn list(contracts: &[String]) -> String {
    format!(r#"{{ "count": {}, "data": [{}], "_links": {{}} }}"#, contracts.len(), contracts.join(","))
}

#[tokio::test]
async fn a_lost_answer_is_made_good_by_adopting_the_contract_that_carries_our_token() {
    let other = contract("draft", &token("4711", "hire-2"), &[]).replace("9001", "9002");
    let first = || Err(TransportError::timeout("late"));
    let (stage, second) = second_try(first(), |script| {
        script.json(200, list(&[other.clone(), made("draft")])).json(200, made("draft"))
    })
    .await;
    let created = second.unwrap();
    assert_eq!((created.contract, created.is_adopted), (9001.into(), true));
    assert_eq!(stage.writes().len(), 1, "the contract is not made twice");
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().candidate, Some("4711".into()));
    assert_eq!(
        stage.ledger.entry(9001.into()).unwrap().bases.len(),
        6,
        "the five that were filled in, and the city that both left empty"
    );

    let bare = r#"{ "id": 9001, "state": "draft" }"#.to_owned();
    let (stage, second) = second_try(first(), |script| {
        script.json(200, list(&[bare])).json(200, made("draft")).json(200, made("draft"))
    })
    .await;
    assert_eq!(second.unwrap().contract, 9001.into(), "the list may leave the parties out");
    assert_eq!(stage.writes().len(), 1);
}

/// The same contract without what Oneflow says of its data fields, or of one of them.
fn hidden(made: &str) -> [String; 3] {
    let mut without: serde_json::Value = serde_json::from_str(made).unwrap();
    without.as_object_mut().unwrap().remove("data_fields").unwrap();
    [
        without.to_string(),
        made.replacen(r#""value": "1234.5""#, r#""value": 1234.5"#, 1),
        made.replacen(r#""custom_id": "salary""#, r#""custom_id": ["salary"]"#, 1),
    ]
}

#[tokio::test]
async fn a_contract_of_which_a_value_cannot_be_read_is_not_taken_over() {
    for unreadable in hidden(&made("pending")) {
        let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
            script.json(200, list(&[made("pending")])).json(200, unreadable)
        })
        .await;
        let error = second.unwrap_err();
        assert!(matches!(&error, EngineError::AnswerUnreadable { member: "data_fields", .. }), "{error}");
        assert!(error.is_retryable());
        assert_eq!(stage.ledger.entry(9001.into()), None, "without bases it is not bound");
    }
    // A field that was not to be filled in costs nothing.
    let other = made("pending").replacen(
        r#""data_fields": ["#,
        r#""data_fields": [{ "id": 1, "custom_id": "x", "value": 7 },"#,
        1,
    );
    let (_, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(&[made("pending")])).json(200, other)
    })
    .await;
    assert!(second.unwrap().is_adopted);
}

#[tokio::test]
async fn a_contract_whose_answer_hides_values_is_read_once_more_for_its_bases() {
    for unreadable in hidden(&made("draft")) {
        let (stage, plan) =
            planned(request(), |script| script.json(200, unreadable.clone()).json(200, made("draft"))).await;
        stage.engine.create(plan).await.unwrap();
        assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 6, "{unreadable}");
        assert_eq!(stage.oneflow_requests().last().unwrap(), "GET /v1/contracts/9001");
    }
}

#[tokio::test]
async fn a_contract_that_is_a_draft_after_it_was_sent_was_not_sent() {
    let request = || request().publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) = planned(request(), |script| {
        let script = script.json(200, made("draft")).json(200, made("draft")).json(200, made("draft"));
        // The next try finds it so, and sends it.
        script.json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    let error = stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(matches!(&error, EngineError::NotPublished { source: None, .. }), "{error}");
    assert!(error.is_retryable());
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_adopted && created.is_published);

    let (stage, plan) = planned(request(), |script| {
        script.json(200, made("draft")).json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    assert!(stage.engine.create(plan).await.unwrap().is_published, "the answer was of a moment before");
    assert_eq!(stage.writes().len(), 2);
}

#[tokio::test]
async fn of_an_adopted_contract_is_said_what_it_holds_and_not_what_this_try_would_have_sent() {
    let edited = made("pending")
        .replace(r#""value": "1234.5""#, r#""value": "2000""#)
        .replace(r#""custom_id": "oneflow-car""#, r#""custom_id": "oneflow-bike""#);
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(std::slice::from_ref(&edited))).json(200, edited)
    })
    .await;
    let created = second.unwrap();
    assert!(created.is_adopted);
    assert_eq!(
        summary(&created.outcomes),
        [
            "first-name written",
            "oneflow-car skipped not-in-contract",
            "oneflow-city skipped candidate-empty",
            "oneflow-kind written",
            "oneflow-start-date written",
            "salary skipped contract-holds-another",
        ]
    );
    let bases = stage.ledger.entry(9001.into()).unwrap().bases;
    let bases: Vec<&str> = bases.keys().map(String::as_str).collect();
    assert_eq!(bases, ["first-name", "oneflow-city", "oneflow-kind", "oneflow-start-date"]);
}

#[tokio::test]
async fn an_earlier_try_is_looked_for_page_by_page_until_one_is_not_full() {
    let others = vec![contract("draft", "", &[]); 100];
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(&others)).json(200, list(&others)).json(200, list(&others[..99]))
    })
    .await;
    assert!(matches!(second, Err(EngineError::CreationUnknown)), "{second:?}");
    let requests = stage.oneflow_requests();
    assert_eq!(
        requests[4..],
        [
            "GET /v1/contracts?limit=100&offset=0",
            "GET /v1/contracts?limit=100&offset=100",
            "GET /v1/contracts?limit=100&offset=200",
        ]
    );
}

#[tokio::test]
async fn a_token_in_a_data_field_that_is_no_link_does_not_make_the_contract_ours() {
    let copied = contract("draft", "", &[("note", &token("4711", "hire-1"))]);
    let (stage, second) =
        second_try(Err(TransportError::timeout("late")), |script| script.json(200, list(&[copied]))).await;
    assert!(matches!(second, Err(EngineError::CreationUnknown)), "{second:?}");
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_known_is_never_doubled() {
    for first in
        [Err(TransportError::timeout("late")), Err(TransportError::other("broken")), Ok(502), Ok(200)]
    {
        let (stage, second) = second_try(first, |script| script.json(200, list(&[]))).await;
        assert!(matches!(second, Err(EngineError::CreationUnknown)));
        assert_eq!(stage.writes().len(), 1);
    }
}

#[tokio::test]
async fn a_thousand_contracts_are_searched_as_oneflow_lists_them_and_no_more() {
    let others: Vec<String> =
        (0..100).map(|_| contract("draft", &token("4711", "hire-2"), &[]).replace("9001", "9002")).collect();
    let full = list(&others);
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        (0..10).fold(script, |script, _| script.json(200, full.clone()))
    })
    .await;
    let error = second.unwrap_err();
    assert!(
        error.to_string().contains("among those that were searched, 1,000 at most: look for it"),
        "{error}"
    );
    let requests = stage.oneflow_requests();
    let lists: Vec<&str> =
        requests.iter().filter(|line| line.contains("/contracts?")).map(String::as_str).collect();
    assert_eq!(lists.len(), 10);
    // The documentation has no sort by the time of creation, so none is asked for.
    assert_eq!(
        (lists[0], lists[9]),
        ("GET /v1/contracts?limit=100&offset=0", "GET /v1/contracts?limit=100&offset=900")
    );
}

/// A Oneflow that never answers a creation.
#[derive(Debug)]
struct Silent(ScriptedTransport);

#[async_trait::async_trait]
impl Transport for Silent {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if request.uri().path().ends_with("/create") {
            std::future::pending::<()>().await;
        }
        self.0.execute(request).await
    }
}

#[tokio::test]
async fn the_intent_is_in_the_ledger_before_the_request_goes_out() {
    let (oneflow, teamtailor) = reads();
    let ledger = Arc::new(MemoryLedger::new());
    let oneflow = OneflowClient::builder()
        .api_token("a token".into())
        .user_email("integration@example.com")
        .transport(Silent(oneflow))
        .build()
        .unwrap();
    let teamtailor =
        TeamtailorClient::builder().api_key("a key".into()).transport(teamtailor).build().unwrap();
    let engine =
        Engine::builder(oneflow, teamtailor, Mapping::default(), ledger.clone(), keys()).build().unwrap();
    let plan = engine.plan_contract(&request()).await.unwrap();
    tokio::select! {
        biased;
        _ = engine.create(plan) => panic!("Oneflow never answers"),
        () = tokio::task::yield_now() => {}
    }
    let creation = ledger.load_creation(&"hire-1".parse().unwrap()).await.unwrap();
    assert_eq!(creation, Some(Creation::Intended { candidate: "4711".into(), template: 88.into() }));
}

#[tokio::test]
async fn a_try_that_surely_made_nothing_may_be_repeated() {
    for first in [Err(TransportError::connect("refused")), Ok(429), Ok(400), Ok(409)] {
        let (stage, second) = second_try(first, |script| script.json(200, made("draft"))).await;
        let created = second.unwrap();
        assert_eq!((created.contract, created.is_adopted), (9001.into(), false));
        assert_eq!(stage.writes().len(), 2);
    }
}

#[tokio::test]
async fn the_same_request_after_a_success_makes_nothing_and_finishes_what_is_left() {
    let request = request().publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) = planned(request, |script| {
        script.json(200, made("draft")).json(503, "").json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    let error = stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(matches!(&error, EngineError::NotPublished { contract, .. } if *contract == 9001.into()));
    assert!(error.is_retryable());
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_adopted && created.is_published);
    let creates = stage.writes().iter().filter(|line| line.contains("/create")).count();
    assert_eq!(creates, 1);
}

#[tokio::test]
async fn a_request_id_of_another_creation_is_refused() {
    let (stage, plan) = planned(request(), |script| script.json(200, made("pending"))).await;
    for (candidate, template) in [("4712", 88), ("4711", 89)] {
        let candidate = || candidate.into();
        for other in [
            Creation::Intended { candidate: candidate(), template: template.into() },
            Creation::Released { candidate: candidate(), template: template.into() },
        ] {
            stage.ledger.save_creation(&"hire-1".parse().unwrap(), &other).await.unwrap();
            let refused = stage.engine.create(plan.clone()).await;
            assert!(matches!(refused, Err(EngineError::RequestReused)), "{other:?}: {refused:?}");
        }
    }
    let of_another = Creation::Created { candidate: "4712".into(), contract: 9001.into() };
    stage.ledger.save_creation(&"hire-1".parse().unwrap(), &of_another).await.unwrap();
    assert!(matches!(stage.engine.create(plan.clone()).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), None);
    assert_eq!(stage.oneflow_requests().len(), 3, "the contract of the other creation is not even read");
    let made_for_another = Creation::Created { candidate: "4711".into(), contract: 9001.into() };
    stage.ledger.save_creation(&"hire-1".parse().unwrap(), &made_for_another).await.unwrap();
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4712".into());
    stage.ledger.put(9001.into(), entry.clone());
    assert!(matches!(stage.engine.create(plan).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), Some(entry));
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_request_id_of_a_contract_from_another_template_is_refused() {
    let of_another = made("pending").replace(r#""template_id": 88"#, r#""template_id": 89"#);
    let (stage, plan) = planned(request(), |script| script.json(200, of_another)).await;
    stage
        .ledger
        .save_creation(
            &"hire-1".parse().unwrap(),
            &Creation::Created { candidate: "4711".into(), contract: 9001.into() },
        )
        .await
        .unwrap();
    assert!(matches!(stage.engine.create(plan).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

#[tokio::test]
async fn a_request_id_whose_contract_was_deleted_makes_no_other() {
    let (stage, plan) =
        planned(request(), |script| script.json(200, made("draft")).json(404, "{}").json(404, "{}")).await;
    stage.engine.create(plan.clone()).await.unwrap();
    for _ in 0..2 {
        let error = stage.engine.create(plan.clone()).await.unwrap_err();
        assert!(
            matches!(error, EngineError::CreatedAndGone { contract } if contract == 9001.into()),
            "{error}"
        );
        assert!(!error.is_retryable());
    }
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn a_contract_made_before_a_rotation_of_keys_is_found_by_the_token_of_that_time() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"link\"";
    let with_link = TEMPLATE_TYPE.replacen("[", r#"[ { "id": 9, "custom_id": "link", "active": true },"#, 1);
    let before = contract("draft", "", &[("link", &token("4711", "hire-1"))]);
    let oneflow = Arc::new(
        ScriptedTransport::new()
            .json(200, TEMPLATE)
            .json(200, with_link)
            .json(200, WORKSPACES)
            .json(200, list(&[]))
            .json(200, list(std::slice::from_ref(&before)))
            .json(200, before),
    );
    let (_, teamtailor) = reads();
    let ledger = Arc::new(MemoryLedger::new());
    let intent = Creation::Intended { candidate: "4711".into(), template: 88.into() };
    ledger.save_creation(&"hire-1".parse().unwrap(), &intent).await.unwrap();
    let mapping: Mapping = toml::from_str(mapping).unwrap();
    let fence = Fence::around(&mapping);
    let oneflow_client = OneflowClient::builder()
        .api_token("a token".into())
        .user_email("integration@example.com")
        .transport(fence.fenced(Arc::clone(&oneflow)))
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key("a key".into())
        .transport(fence.fenced(teamtailor))
        .build()
        .unwrap();
    let keys = smartsync_core::SyncKeys::new(
        "acme",
        [
            "the/second/key/of/the/tenant/acme/000000000".into(),
            "the/first/key/of/the/tenant/acme/0000000000".into(),
        ],
    );
    let engine = Engine::builder(oneflow_client, teamtailor, mapping, ledger, keys.unwrap()).build().unwrap();
    let plan = engine.plan_contract(&request()).await.unwrap();
    let created = engine.create(plan).await.unwrap();
    assert_eq!((created.contract, created.is_adopted), (9001.into(), true));
    assert!(oneflow.requests().iter().all(|request| request.method() == "GET"), "nothing was made");
}

#[tokio::test]
async fn the_token_is_found_by_a_filter_where_a_data_field_holds_it() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"link\"";
    let with_link = TEMPLATE_TYPE.replacen("[", r#"[ { "id": 9, "custom_id": "link", "active": true },"#, 1);
    let found = contract("draft", "", &[("link", &token("4711", "hire-1"))]);
    let oneflow = ScriptedTransport::new()
        .json(200, TEMPLATE)
        .json(200, with_link)
        .json(200, WORKSPACES)
        .answer(Err(TransportError::timeout("late")))
        .json(200, list(std::slice::from_ref(&found)))
        .json(200, found);
    let (_, teamtailor) = reads();
    let stage = Stage::new(mapping, oneflow, teamtailor);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(stage.engine.create(plan).await.unwrap().is_adopted);
    let requests = stage.oneflow_requests();
    let search = requests.iter().find(|line| line.starts_with("GET /v1/contracts?")).unwrap();
    assert!(search.contains("filter%5Bdata_field_match%5D=link%3Ateamtailor%3A4711%3Ahire-1%3A"), "{search}");
    assert!(
        stage.writes()[0]
            .contains(&format!(r#"{{"custom_id":"link","value":"{}"}}"#, token("4711", "hire-1")))
    );
}

#[tokio::test]
async fn the_data_field_of_the_link_is_sent_once_and_holds_the_token() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"oneflow-start-date\"";
    let (oneflow, teamtailor) = reads();
    let stage = Stage::new(mapping, oneflow, teamtailor);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    let body = serde_json::to_value(&plan.operation().body).unwrap();
    let sent = body["data_fields"].as_array().unwrap();
    let link: Vec<_> = sent.iter().filter(|field| field["custom_id"] == "oneflow-start-date").collect();
    assert_eq!(
        link,
        [&serde_json::json!({ "custom_id": "oneflow-start-date", "value": token("4711", "hire-1") })]
    );
}
