//! Looks that follow each other share what they read of a candidate's contracts, and write nothing on older knowledge than others.

use std::time::Duration;

use smartsync_core::{Plan, engine::SharedReads};
use smartsync_sandbox::SandboxSettings;

use crate::support::{stage::summary, story::Story};

const NOTICE: &str = "oneflow-notice";

/// Two contracts of one candidate. The newer one has a notice period to write.
async fn two_contracts() -> (Story, i64, SharedReads) {
    let story = Story::begin(SandboxSettings::new()).await;
    let newer = story.second().await;
    story.sandbox.fill_data_field(newer, NOTICE, "3 months").unwrap();
    (story, newer, SharedReads::new())
}

/// A plan, and how many contracts were read for it.
async fn planned(story: &Story, contract: i64, reads: &SharedReads) -> (Plan, usize) {
    story.sandbox.clear_request_log();
    let plan = story.engine.plan_with_shared_reads(contract.into(), reads).await.unwrap();
    let log = story.sandbox.request_log();
    (plan, log.iter().filter(|request| request.operation == "get_contract").count())
}

/// How the notice period ends.
async fn applied(story: &Story, plan: Plan) -> String {
    let outcomes = summary(&story.engine.apply(plan).await.outcomes);
    outcomes.into_iter().find(|line| line.starts_with(NOTICE)).unwrap()
}

#[tokio::test]
async fn another_contract_is_read_once_in_fifteen_seconds_and_the_contract_itself_at_every_look() {
    let (story, newer, reads) = two_contracts().await;
    assert_eq!(planned(&story, story.contract, &reads).await.1, 2);
    assert_eq!(planned(&story, newer, &reads).await.1, 1);
    story.sandbox.advance(Duration::from_secs(15));
    assert_eq!(planned(&story, story.contract, &reads).await.1, 1, "the newer one was just read");
    story.sandbox.advance(Duration::from_secs(16));
    assert_eq!(planned(&story, story.contract, &reads).await.1, 2);
    story.sandbox.fill_data_field(story.contract, NOTICE, "1 month").unwrap();
    let (plan, _) = planned(&story, story.contract, &reads).await;
    assert!(summary(plan.outcomes()).contains(&format!("{NOTICE} skipped other-contract-first")));
    assert_eq!(format!("{reads:?}"), "SharedReads { contracts: 2 }");
}

#[tokio::test]
async fn a_plan_is_as_old_as_the_oldest_contract_that_it_rests_on() {
    let (story, newer, reads) = two_contracts().await;
    planned(&story, story.contract, &reads).await;
    story.sandbox.advance(Duration::from_secs(10));
    let (plan, count) = planned(&story, newer, &reads).await;
    assert_eq!((count, plan.steps().len()), (1, 1));
    // From now on the older one comes first, and 31 seconds after it was read the plan is trusted no more.
    story.sandbox.sign_all(story.contract).unwrap();
    story.sandbox.advance(Duration::from_secs(21));
    assert_eq!(applied(&story, plan).await, format!("{NOTICE} held changed-meanwhile"));
    assert_eq!(story.field(NOTICE), None);
}
