//! What the sync itself put on the card, through whichever contract, is no recruiter's edit.

use std::time::Duration;

use oneflow_client::contracts::PublishMessage;
use smartsync_core::{Engine, Mapping, Next, Plan, Retry};
use smartsync_sandbox::{SandboxSettings, WireFault, WireFaults};

use crate::support::{
    meanwhile::{Meanwhile, SlowCard},
    stage::summary,
    story::{Story, engine_between},
};

const SALARY: &str = "oneflow-salary";

/// Contract A says 30000 and contract B, which was sent later, 35000. Both were looked at, so the card holds 35000.
async fn two_contracts() -> (Story, i64, i64) {
    let story = Story::begin(SandboxSettings::new()).await;
    let first = story.contract;
    story.sandbox.fill_data_field(first, SALARY, "30000").unwrap();
    assert_eq!(story.salary(first).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
    let second = story.second().await;
    story.sandbox.fill_data_field(second, SALARY, "35000").unwrap();
    assert_eq!(story.salary(second).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("35000"));
    assert_eq!(story.salary(first).await, "skipped other-contract-first");
    (story, first, second)
}

#[tokio::test]
async fn the_contract_that_is_signed_writes_over_what_the_other_contract_put_there() {
    let (story, first, second) = two_contracts().await;
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
    assert_eq!(story.salary(second).await, "skipped other-contract-first");

    // And the other way round, once the other is signed as well.
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.sign_all(second).unwrap();
    assert_eq!(story.salary(second).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("35000"));
    assert_eq!(story.salary(first).await, "skipped other-contract-first");
    assert_eq!(story.salary(second).await, "unchanged");
}

#[tokio::test]
async fn a_contract_speaks_again_once_the_one_before_it_is_out() {
    for is_declined in [true, false] {
        let (story, first, second) = two_contracts().await;
        if is_declined {
            story.sandbox.decline(second, None).unwrap();
        } else {
            story.sandbox.delete_contract(second).unwrap();
        }
        assert_eq!(story.salary(first).await, "written");
        assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
    }
}

#[tokio::test]
async fn a_recruiters_edit_in_between_is_not_overwritten_by_any_contract() {
    let (story, first, second) = two_contracts().await;
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_custom_field(&candidate, SALARY, Some("50000")).unwrap();
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "skipped candidate-is-newer");
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.sign_all(second).unwrap();
    assert_eq!(story.salary(second).await, "skipped candidate-is-newer");
    assert_eq!(story.field(SALARY).as_deref(), Some("50000"));
}

#[tokio::test]
async fn a_value_of_ours_that_comes_back_after_a_contract_was_made_from_a_recruiters_is_the_recruiters() {
    let story = Story::begin(SandboxSettings::new()).await;
    let (first, candidate) = (story.contract, story.sandbox.seeded().candidate);
    story.sandbox.fill_data_field(first, SALARY, "30000").unwrap();
    assert_eq!(story.salary(first).await, "written");
    story.sandbox.edit_custom_field(&candidate, SALARY, Some("40000")).unwrap();
    let second = story.second().await;
    story.sandbox.edit_custom_field(&candidate, SALARY, Some("30000")).unwrap();
    assert_eq!(story.salary(second).await, "skipped candidate-is-newer");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
}

#[tokio::test]
async fn a_value_of_ours_that_comes_back_after_an_older_base_was_seen_again_is_the_recruiters() {
    let (story, first, second) = two_contracts().await;
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "written");
    story.sandbox.edit_custom_field(&candidate, SALARY, Some("35000")).unwrap();
    story.sandbox.delete_contract(first).unwrap();
    assert_eq!(story.salary(second).await, "unchanged");
    story.sandbox.edit_custom_field(&candidate, SALARY, Some("30000")).unwrap();
    assert_eq!(story.salary(second).await, "skipped candidate-is-newer");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
}

fn mapping() -> Mapping {
    toml::from_str(&format!(
        "[[field]]\noneflow = \"{SALARY}\"\nteamtailor = \"custom:{SALARY}\"\non_conflict = \"contract_wins\""
    ))
    .unwrap()
}

impl Story {
    fn recruiter_puts(&self, salary: &str) {
        let candidate = self.sandbox.seeded().candidate;
        self.sandbox.edit_custom_field(&candidate, SALARY, Some(salary)).unwrap();
    }

    /// A process that dies before it writes; at most the ledger knows that it was about to.
    fn dying(&self) -> Engine {
        let dies = WireFaults::of_writes(WireFault::CrashBefore);
        engine_between(&self.sandbox, self.ledger.clone(), mapping(), |wire| dies.on(wire))
    }
}

async fn dies(engine: Engine, plan: Plan) {
    assert!(!plan.updates().is_empty());
    tokio::select! {
        biased;
        _ = engine.apply(plan) => panic!("the process has died"),
        () = tokio::task::yield_now() => {}
    }
}

#[tokio::test]
async fn a_recruiters_edit_stays_one_when_another_contract_was_about_to_write_over_it() {
    let (mut story, first, second) = two_contracts().await;
    story.map(mapping());
    story.recruiter_puts("50000");
    story.sandbox.fill_data_field(second, SALARY, "60000").unwrap();
    let engine = story.dying();
    let plan = engine.plan(second.into()).await.unwrap();
    dies(engine, plan).await;
    assert_eq!(story.field(SALARY).as_deref(), Some("50000"));
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "skipped candidate-is-newer");
    assert_eq!(story.field(SALARY).as_deref(), Some("50000"));
}

#[tokio::test]
async fn a_plan_that_finds_both_sides_equal_and_is_applied_late_does_not_make_our_own_write_a_recruiters() {
    let story = Story::begin(SandboxSettings::new()).await;
    let first = story.contract;
    story.sandbox.fill_data_field(first, SALARY, "30000").unwrap();
    story.recruiter_puts("30000");
    let plan = story.engine.plan(first.into()).await.unwrap();
    let second = story.second().await;
    story.sandbox.fill_data_field(second, SALARY, "35000").unwrap();
    assert_eq!(story.salary(second).await, "written");
    story.engine.apply(plan).await;
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
}

#[tokio::test]
async fn what_another_contract_has_written_after_a_write_was_cut_off_is_no_recruiters_edit() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(mapping());
    let first = story.contract;
    story.sandbox.fill_data_field(first, SALARY, "30000").unwrap();
    let engine = story.dying();
    let plan = engine.plan(first.into()).await.unwrap();
    dies(engine, plan).await;
    let second = story.second_at_once().await;
    story.sandbox.fill_data_field(second, SALARY, "35000").unwrap();
    assert_eq!(story.salary(second).await, "written");
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
}

#[tokio::test]
async fn a_contract_that_comes_first_since_the_plan_was_made_is_seen_before_the_write() {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, SALARY, "30000").unwrap();
    let plan = story.plan().await;
    let second = story.second().await;
    story.sandbox.fill_data_field(second, SALARY, "35000").unwrap();
    let report = story.engine.apply(plan).await;
    let salary = summary(&report.outcomes).into_iter().find(|line| line.starts_with(SALARY)).unwrap();
    assert_eq!(salary, "oneflow-salary held changed-meanwhile");
    assert_eq!(report.next, Next::Retry(Retry::default()));
    assert_eq!(story.field(SALARY).as_deref(), Some("42000"), "what it held before");
}

#[tokio::test]
async fn what_another_look_has_written_since_the_plan_was_made_is_not_written_over() {
    let story = Story::begin(SandboxSettings::new()).await;
    let second = story.second().await;
    story.sandbox.fill_data_field(second, SALARY, "31000").unwrap();
    let plan = story.engine.plan(second.into()).await.unwrap();
    assert_eq!(plan.updates().len(), 1);
    // The other contract is signed and looked at, all within the 30 s for which the plan is trusted.
    story.sandbox.fill_data_field(story.contract, SALARY, "35000").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    assert_eq!(story.salary(story.contract).await, "written");
    let report = story.engine.apply(plan).await;
    let salary = summary(&report.outcomes).into_iter().find(|line| line.starts_with(SALARY)).unwrap();
    assert_eq!(salary, "oneflow-salary held changed-meanwhile");
    assert_eq!(report.next, Next::Retry(Retry::default()));
    assert_eq!(story.field(SALARY).as_deref(), Some("35000"));
    assert_eq!(story.salary(second).await, "skipped other-contract-first");
}

#[tokio::test]
async fn what_another_look_writes_while_the_card_is_read_is_no_recruiters_edit() {
    let story = Story::begin(SandboxSettings::new()).await;
    let first = story.contract;
    let second = story.second().await;
    assert_eq!(story.salary(second).await, "unchanged");
    story.sandbox.fill_data_field(second, SALARY, "35000").unwrap();
    let other = engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), |wire| wire);
    let plan = other.plan(second.into()).await.unwrap();
    story.sandbox.sign_all(first).unwrap();
    // The first contract's look has its answer of the card under way, with the value of before.
    let meanwhile = Meanwhile::new(async move {
        other.apply(plan).await;
    });
    let engine = engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), |wire| SlowCard {
        wire,
        meanwhile: meanwhile.clone(),
    });
    let plan = engine.plan(first.into()).await.unwrap();
    engine.apply(plan).await;
    assert_eq!(story.field(SALARY).as_deref(), Some("35000"));
    story.sandbox.advance(Duration::from_secs(3_600));
    assert_eq!(story.salary(first).await, "written");
    assert_eq!(story.field(SALARY).as_deref(), Some("42000"));
}

#[tokio::test]
async fn a_value_of_ours_from_which_another_contract_was_made_stays_ours() {
    let (story, first, _) = two_contracts().await;
    let request = story.request("hire-3").publish(PublishMessage::new("Your contract", "Please sign."));
    let plan = story.engine.plan_contract(&request).await.unwrap();
    story.engine.create(plan).await.unwrap();
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.sign_all(first).unwrap();
    assert_eq!(story.salary(first).await, "written", "no person has typed what the card holds");
    assert_eq!(story.field(SALARY).as_deref(), Some("30000"));
}
