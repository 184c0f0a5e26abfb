//! When Teamtailor's custom fields are read again.

use smartsync_transport::ScriptedTransport;

use crate::support::{
    creation::{self, TEMPLATE, TEMPLATE_TYPE, WORKSPACES},
    stage::{
        DEFINITIONS, Hand, IDA_EXAMPLE, NO_DOCUMENT, OPTIONS, Stage, candidate, cold, contract, summary,
        token,
    },
};

#[tokio::test]
async fn a_custom_field_that_is_new_on_the_card_has_the_definitions_read_again() {
    let body = contract("pending", &token("4711", "hire-1"), &[("oneflow-team", "Red")]);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
    let more = DEFINITIONS.replacen(
        r#"{ "data": ["#,
        r#"{ "data": [ { "id": "40", "type": "custom-fields", "attributes": {
            "name": "Team", "api-name": "oneflow-team", "field-type": "CustomField::Text" } },"#,
        1,
    );
    let teamtailor = cold()
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, candidate(IDA_EXAMPLE, &[("909", "40", r#""Blue""#)], &[]))
        .json(200, more)
        .json(200, OPTIONS);
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder);
    let first = stage.engine.plan(9001.into()).await.unwrap();
    assert!(!summary(first.outcomes()).iter().any(|line| line.starts_with("oneflow-team")));
    let second = stage.engine.plan(9001.into()).await.unwrap();
    assert!(summary(second.outcomes()).contains(&"oneflow-team written first-sight-contract-won".to_owned()));
    assert_eq!(second.steps().len(), 1);
}

#[tokio::test]
async fn a_custom_field_that_is_new_in_the_contract_has_the_definitions_read_again_after_a_minute() {
    let body = contract("pending", &token("4711", "hire-1"), &[("oneflow-team", "7")]);
    let oneflow = ScriptedTransport::new()
        .json(200, body.clone())
        .json(200, body.clone())
        .json(200, body.clone())
        .json(200, body);
    let more = DEFINITIONS.replace("oneflow-budget", "oneflow-team").replace("\"Job\"", "\"Candidate\"");
    let teamtailor = cold()
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, more)
        .json(200, OPTIONS)
        .json(200, candidate(IDA_EXAMPLE, &[], &[]));
    let clock = Hand::default();
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder.clock(clock.clone()));
    let mut updates = Vec::new();
    for seconds in [0, 59, 1, 0] {
        clock.advance(seconds);
        updates.push(stage.engine.plan(9001.into()).await.unwrap().updates().len());
    }
    assert_eq!(updates, [0, 0, 1, 1]);
    assert_eq!(stage.teamtailor_requests().len(), 8);
}

#[tokio::test]
async fn definitions_are_read_again_after_a_day() {
    let body =
        contract("pending", &token("4711", "hire-1"), &[("oneflow-team", "Red")]).replace("oneflow-", "");
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body.clone()).json(200, body);
    let teamtailor = cold()
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, candidate(IDA_EXAMPLE, &[], &[]));
    let clock = Hand::default();
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder.clock(clock.clone()));
    let mut requests = Vec::new();
    for seconds in [0, 86_399, 1] {
        clock.advance(seconds);
        stage.engine.plan(9001.into()).await.unwrap();
        requests.push(stage.teamtailor_requests().len());
    }
    assert_eq!(requests, [3, 4, 7]);
}

#[tokio::test]
async fn custom_fields_that_cannot_be_read_to_the_end_are_held_and_read_again_at_the_next_look() {
    let body = contract("pending", &token("4711", "hire-1"), &[("oneflow-city", "Oslo")]);
    let round = r#""links": { "next": "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2" }"#;
    let endless = format!(r#"{{ "data": [], {round} }}"#);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
    let card = || candidate(IDA_EXAMPLE, &[], &[]);
    let teamtailor = ScriptedTransport::new().json(200, endless.clone()).json(200, endless).json(200, card());
    let teamtailor = teamtailor.json(200, DEFINITIONS).json(200, OPTIONS).json(200, card());
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let city = summary(plan.outcomes()).into_iter().find(|line| line.starts_with("oneflow-city"));
    assert_eq!(city.as_deref(), Some("oneflow-city held answer-unreadable"));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(summary(plan.outcomes())[0], "oneflow-car skipped not-in-contract");
}

/// What Oneflow answers to so many plans for a new contract.
fn templates(plans: usize) -> ScriptedTransport {
    (0..plans).fold(ScriptedTransport::new(), |script, _| {
        script.json(200, TEMPLATE).json(200, TEMPLATE_TYPE).json(200, WORKSPACES)
    })
}

/// Ida's card with this value, as JSON, of the custom field.
fn card(field: &str, json: &str) -> String {
    candidate(creation::IDA, &[("904", field, json)], &[])
}

/// The lines on this data field, in plans for a new contract that are made so many seconds after each other.
async fn of_new_contracts(
    data_field: &str,
    mapping: &str,
    teamtailor: ScriptedTransport,
    seconds: &[i64],
) -> (Vec<String>, usize) {
    let clock = Hand::default();
    let stage =
        Stage::build(mapping, templates(seconds.len()), teamtailor, |builder| builder.clock(clock.clone()));
    let mut lines = Vec::new();
    for seconds in seconds {
        clock.advance(*seconds);
        let plan = stage.engine.plan_contract(&creation::request()).await.unwrap();
        let line = summary(plan.outcomes()).into_iter().find(|line| line.starts_with(data_field));
        lines.push(line.unwrap_or_default());
    }
    (lines, stage.teamtailor_requests().len())
}

#[tokio::test]
async fn an_option_that_is_new_on_the_card_is_known_when_a_contract_is_made() {
    let new = || card("35", r#"["Hourly"]"#);
    let teamtailor = ScriptedTransport::new()
        .json(200, card("35", r#"["Permanent"]"#))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, new())
        .json(200, DEFINITIONS)
        .json(200, OPTIONS.replace("Fixed term", "Hourly"));
    let (lines, requests) = of_new_contracts("oneflow-kind", "", teamtailor, &[0, 1]).await;
    assert_eq!(lines, ["oneflow-kind written"; 2], "a second later: no next look would make it good");
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn a_contract_for_which_nothing_is_unknown_is_made_with_the_definitions_at_hand() {
    let known = || card("35", r#"["Permanent"]"#);
    let teamtailor = ScriptedTransport::new()
        .json(200, known())
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, known());
    let (lines, requests) = of_new_contracts("oneflow-kind", "", teamtailor, &[0, 1]).await;
    assert_eq!(lines, ["oneflow-kind written"; 2]);
    assert_eq!(requests, 4);
}

#[tokio::test]
async fn a_custom_field_that_is_new_in_teamtailor_is_known_when_a_contract_is_made() {
    let mapping = "[[field]]\noneflow = \"oneflow-city\"\nteamtailor = \"custom:town\"";
    let teamtailor = ScriptedTransport::new()
        .json(200, card("34", r#""Oslo""#))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, card("34", r#""Oslo""#))
        .json(200, DEFINITIONS.replace("\"unrelated\"", "\"town\"").replace("oneflow-city", "city"))
        .json(200, OPTIONS);
    let (lines, requests) = of_new_contracts("oneflow-city", mapping, teamtailor, &[0, 60]).await;
    let unknown = "oneflow-city failed unknown-custom-field";
    assert_eq!(lines, [unknown, "oneflow-city skipped candidate-empty"]);
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn what_stays_unknown_is_asked_for_once_for_a_new_contract() {
    let unknown = || card("35", r#"["Hourly"]"#);
    let teamtailor = ScriptedTransport::new()
        .json(200, unknown())
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, unknown())
        .json(200, DEFINITIONS)
        .json(200, OPTIONS);
    let (lines, requests) = of_new_contracts("oneflow-kind", "", teamtailor, &[0, 60]).await;
    assert_eq!(lines, ["oneflow-kind failed unknown-option"; 2]);
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn without_a_clock_something_unknown_has_the_definitions_read_again_for_a_new_contract_too() {
    let teamtailor = ScriptedTransport::new()
        .json(200, card("35", r#"["Permanent"]"#))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, card("35", r#"["Hourly"]"#))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS.replace("Fixed term", "Hourly"));
    let stage = Stage::build("", templates(2), teamtailor, |builder| builder);
    for _ in 0..2 {
        let plan = stage.engine.plan_contract(&creation::request()).await.unwrap();
        assert!(summary(plan.outcomes()).contains(&"oneflow-kind written".to_owned()), "{plan:?}");
    }
}

#[tokio::test]
async fn a_data_field_without_a_partner_has_nothing_read_again_where_none_is_looked_for() {
    let without_convention = "[sync]\nconvention = false\n[sync.document]\nattach = false";
    let for_the_link = concat!(
        "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"data_field\"]\nlink_data_field = \"oneflow-team\"\n",
        "[sync.document]\nattach = false"
    );
    for (mapping, has_clock) in [(NO_DOCUMENT, false), (without_convention, true), (for_the_link, true)] {
        let body = contract("pending", &token("4711", "hire-1"), &[("oneflow-team", "7")]);
        let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
        let read = ScriptedTransport::new().json(200, DEFINITIONS);
        let read = if mapping == without_convention { read } else { read.json(200, OPTIONS) };
        let card = candidate(IDA_EXAMPLE, &[], &[]);
        let clock = Hand::default();
        let stage = Stage::build(mapping, oneflow, read.json(200, card.clone()).json(200, card), |builder| {
            if has_clock { builder.clock(clock.clone()) } else { builder }
        });
        stage.engine.plan(9001.into()).await.unwrap();
        let before = stage.teamtailor_requests().len();
        clock.advance(60);
        stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(stage.teamtailor_requests().len(), before + 1, "only the card, {mapping}");
    }
}
