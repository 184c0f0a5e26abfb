//! What a new contract holds of the candidate's values, and what of it is agreed on.

use smartsync_core::{EngineError, Ledger, creation::PreflightProblem, ledger::Creation};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    creation::{IDA, TEMPLATE, TEMPLATE_TYPE, WORKSPACES, card, made, planned, reads, request, stage_with},
    stage::{DEFINITIONS, OPTIONS, Stage, candidate, contract, summary, token},
};

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
async fn a_text_that_is_no_value_of_the_field_was_not_accepted_either_and_is_no_base() {
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
async fn a_value_in_other_words_was_accepted() {
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
    let stage = stage_with(mapping);
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
    let stage = stage_with(mapping);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    let outcomes = summary(plan.outcomes());
    assert!(outcomes.contains(&"contract:state skipped only-taken-over".to_owned()), "{outcomes:?}");
    stage.engine.create(plan).await.unwrap();
    assert!(!stage.writes()[0].contains("contract:state"));
    assert!(!stage.ledger.entry(9001.into()).unwrap().bases.contains_key("contract:state"));
}

#[tokio::test]
async fn a_field_that_is_only_written_back_is_required_and_gets_no_value_but_a_base() {
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
    let stage = stage_with(mapping);
    let Err(EngineError::Preflight(problems)) = stage.engine.plan_contract(&request()).await else {
        panic!("the preflight fails");
    };
    assert_eq!(problems, [PreflightProblem::NoDataField("bank-account".to_owned())]);

    let (mapping, _) = mapping.split_at(mapping.rfind("[[field]]").unwrap());
    let stage = stage_with(mapping);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    assert!(summary(plan.outcomes()).contains(&"oneflow-city skipped only-taken-over".to_owned()));
    stage.engine.create(plan).await.unwrap();
    assert!(!stage.writes()[0].contains("oneflow-city"));
    assert!(stage.ledger.entry(9001.into()).unwrap().bases.contains_key("oneflow-city"));
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
