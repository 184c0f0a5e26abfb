//! A field is written once the answer to the write shows its value, and not before.

use smartsync_core::{Ledger, Next, Outcome, Report, Retry, ledger::CardField};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    DEFINITIONS, IDA_EXAMPLE, NO_DOCUMENT, OPTIONS, Stage, candidate, cold, contract, summary, token, value,
};

/// A contract with the salary 45500.5 is looked at twice, over a card with 42000; these are the answers to the two writes,
/// and what the card shows at the second look.
async fn two_looks(first: &str, then: &str, second: &str) -> (Stage, Report, Report) {
    let body = || contract("pending", &token("4711", "hire-1"), &[("oneflow-salary", "45500.5")]);
    let card = |salary: &str| candidate(IDA_EXAMPLE, &[("905", "32", salary)], &[]);
    let oneflow = ScriptedTransport::new().json(200, body()).json(200, body());
    let teamtailor = cold().json(200, card("42000")).json(200, value(first));
    // The field, or its option, may be another by now: both are read again.
    let teamtailor =
        teamtailor.json(200, DEFINITIONS).json(200, OPTIONS).json(200, card(then)).json(200, value(second));
    let stage = Stage::new(NO_DOCUMENT, oneflow, teamtailor);
    let first = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
    assert_eq!(stage.writes().len(), 1);
    let second = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
    (stage, first, second)
}

fn salary(report: &Report) -> String {
    summary(&report.outcomes).into_iter().find(|line| line.starts_with("oneflow-salary ")).unwrap()
}

#[tokio::test]
async fn a_write_that_is_answered_with_another_number_is_not_written_and_is_written_again() {
    let (stage, first, second) = two_looks("45500", "45500", r#""45500.50""#).await;
    assert_eq!(salary(&first), "oneflow-salary failed not-as-written");
    assert_eq!(first.next, Next::Retry(Retry::default()));
    assert_eq!(first.count(|outcome| outcome == Outcome::Written), 0);
    // Whether the service has made it of ours or a person has typed it, nobody knows: the rule decides, and the report says so.
    assert_eq!(salary(&second), "oneflow-salary written cut-off-contract-won");
    assert_eq!(second.next, Next::Done);
    let write = r#"PATCH /v1/custom-field-values/905 {"data":{"id":"905","type":"custom-field-values","attributes":{"value":45500.5}}}"#;
    assert_eq!(stage.writes(), [write, write]);
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 1);
}

#[tokio::test]
async fn another_number_is_no_base_however_often_it_is_answered() {
    let (stage, first, second) = two_looks("42000", "42000", "42000").await;
    for report in [first, second] {
        assert_eq!(salary(&report), "oneflow-salary failed not-as-written");
    }
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 0);
}

/// What is remembered of the card's salary once the write was answered with this value.
async fn remembered(answer: &str) -> CardField {
    let (stage, ..) = two_looks(answer, answer, answer).await;
    let card = stage.ledger.load_card(&"4711".into()).await.unwrap();
    card.field("custom:32").cloned().unwrap()
}

#[tokio::test]
async fn what_an_answer_shows_instead_does_not_count_as_written_by_the_sync() {
    // What was there before, which may be a person's: what was sent may still arrive.
    let before = remembered("42000").await;
    assert_eq!((before.ours, before.attempts, before.late.len()), (None, vec![], 1));
    // A third value: of a person who was quicker, or what the service has made of ours.
    let third = remembered("41000").await;
    assert_eq!((third.ours, third.attempts, third.late.len()), (None, vec![], 2));
}
