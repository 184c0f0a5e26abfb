//! What keeps a contract from being made, all of it named before anything is sent.

use std::sync::Arc;

use smartsync_core::{Engine, EngineError, Mapping, MemoryLedger, creation::PreflightProblem};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    creation::{TEMPLATE, TEMPLATE_TYPE, WORKSPACES, planned, reads, request, stage_in, stage_with},
    plain_clients::plain_clients,
    stage::{DEFINITIONS, OPTIONS, Stage, candidate, keys},
};

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
    use smartsync_core::candidate::DefaultField::*;
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
        let stage = stage_with(&mapping);
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
        let stage = stage_in("", status, workspaces);
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
    let (oneflow, teamtailor) = plain_clients(oneflow, teamtailor);
    let ledger = Arc::new(MemoryLedger::new());
    let engine = Engine::builder(oneflow, teamtailor, Mapping::default(), ledger, keys()).build().unwrap();
    let Err(EngineError::Preflight(problems)) = engine.plan_contract(&request()).await else {
        panic!("the preflight fails");
    };
    assert_eq!(problems, [PreflightProblem::NoSender]);
}

#[test]
fn every_problem_has_a_code_of_its_own_and_says_what_to_do() {
    use PreflightProblem::*;
    let all = [
        CandidateForgotten,
        NoCandidate,
        CandidateLacks(smartsync_core::candidate::DefaultField::Phone),
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
