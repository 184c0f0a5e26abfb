//! When Teamtailor's custom fields are read again.

use smartsync_transport::ScriptedTransport;

use crate::{
    stage::{DEFINITIONS, Hand, OPTIONS, Stage, candidate, contract, summary, token},
    sync::{IDA, NO_DOCUMENT, cold},
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
    let teamtailor = cold(ScriptedTransport::new())
        .json(200, candidate(IDA, &[], &[]))
        .json(200, candidate(IDA, &[("909", "40", r#""Blue""#)], &[]))
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
    let teamtailor = cold(ScriptedTransport::new())
        .json(200, candidate(IDA, &[], &[]))
        .json(200, candidate(IDA, &[], &[]))
        .json(200, candidate(IDA, &[], &[]))
        .json(200, more)
        .json(200, OPTIONS)
        .json(200, candidate(IDA, &[], &[]));
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
    let teamtailor = cold(ScriptedTransport::new())
        .json(200, candidate(IDA, &[], &[]))
        .json(200, candidate(IDA, &[], &[]))
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, candidate(IDA, &[], &[]));
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
async fn a_data_field_without_a_partner_has_nothing_read_again_without_a_clock_or_without_the_convention() {
    let without_convention = "[sync]\nconvention = false\n[sync.document]\nattach = false";
    for (mapping, has_clock) in [(NO_DOCUMENT, false), (without_convention, true)] {
        let body = contract("pending", &token("4711", "hire-1"), &[("oneflow-team", "7")]);
        let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
        let read = ScriptedTransport::new().json(200, DEFINITIONS);
        let read = if has_clock { read } else { read.json(200, OPTIONS) };
        let card = candidate(IDA, &[], &[]);
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
