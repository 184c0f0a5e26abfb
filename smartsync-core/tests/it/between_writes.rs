//! What happens between two writes of one look is seen before the second.

use std::{sync::Arc, time::Duration};

use smartsync_core::{Ledger, Mapping, MemoryLedger, Report};
use smartsync_sandbox::{Sandbox, SandboxSettings};

use crate::support::{
    linking::bound,
    meanwhile::Meanwhile,
    stage::summary,
    story::{Story, engine_between},
};

/// A look that has a notice period and a salary to write, in this order. Before the answer to the first write comes, 40
/// seconds pass and something happens. Gives back how the two fields end.
async fn look<F: Future<Output = ()> + Send + 'static>(
    event: impl FnOnce(Arc<Sandbox>, Arc<MemoryLedger>, i64) -> F,
) -> (Story, Report, Vec<String>) {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.fill_data_field(story.contract, "oneflow-salary", "50000").unwrap();
    let event = event(story.sandbox.clone(), story.ledger.clone(), story.contract);
    let sandbox = story.sandbox.clone();
    let meanwhile = Meanwhile::new(async move {
        sandbox.advance(Duration::from_secs(40));
        event.await;
    });
    let engine =
        engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), |wire| meanwhile.on(wire));
    let plan = engine.plan(story.contract.into()).await.unwrap();
    assert_eq!(plan.steps().len(), 2);
    let report = engine.apply(plan).await;
    let is_meant = |line: &String| line.starts_with("oneflow-notice ") || line.starts_with("oneflow-salary ");
    let outcomes = summary(&report.outcomes).into_iter().filter(is_meant).collect();
    (story, report, outcomes)
}

#[tokio::test]
async fn a_field_that_a_recruiter_changes_between_two_writes_is_held() {
    let (story, report, outcomes) = look(async |sandbox, _, _| {
        let candidate = sandbox.seeded().candidate;
        sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("60000")).unwrap();
    })
    .await;
    assert_eq!(outcomes, ["oneflow-notice written", "oneflow-salary held changed-meanwhile"]);
    assert!(report.retry_after().is_some());
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("60000"));
}

#[tokio::test]
async fn a_contract_that_is_declined_between_two_writes_writes_no_more() {
    let (story, report, outcomes) = look(async |sandbox, _, contract| {
        sandbox.decline(contract, None).unwrap();
    })
    .await;
    assert_eq!(outcomes, ["oneflow-notice written", "oneflow-salary held changed-meanwhile"]);
    assert!(report.retry_after().is_some());
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("42000"));
    assert_eq!(story.salary(story.contract).await, "skipped contract-declined");
}

#[tokio::test]
async fn for_a_candidate_who_is_forgotten_between_two_writes_nothing_more_is_written() {
    let (story, report, outcomes) = look(async |sandbox, ledger, _| {
        ledger.forget(&sandbox.seeded().candidate.into()).await.unwrap();
    })
    .await;
    assert_eq!(outcomes, ["oneflow-notice written", "oneflow-salary skipped candidate-forgotten"]);
    assert_eq!(report.retry_after(), None);
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("42000"));
    assert_eq!(story.ledger.entry(story.contract.into()), None, "nor is anything remembered");
    assert_eq!(story.ledger.card(&story.sandbox.seeded().candidate.into()), None);
}

#[tokio::test]
async fn a_contract_that_is_given_to_another_candidate_between_two_writes_writes_no_more_to_this_one() {
    let (story, report, outcomes) = look(async |_, ledger, contract| {
        ledger.put(contract.into(), bound("4712"));
    })
    .await;
    assert_eq!(outcomes, ["oneflow-notice written", "oneflow-salary held changed-meanwhile"]);
    assert!(report.retry_after().is_some());
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("42000"));
    assert_eq!(story.ledger.entry(story.contract.into()), Some(bound("4712")), "nothing is noted there");
}
