//! The process dies after a write has taken effect and before its answer has come. What a person does then is not
//! overwritten.

use smartsync_core::{Mapping, Next};
use smartsync_sandbox::{FaultyTransport, SandboxSettings, SandboxTransport, WireFault, WireFaults};
use smartsync_transport::{ScriptedTransport, TransportError};

use crate::support::{
    stage::{
        IDA_EXAMPLE, NO_DOCUMENT, Stage, candidate, cold, contract, http_response, summary, token, value,
    },
    story::{Story, engine_between},
};

const SALARY: &str = "oneflow-salary";

fn mapping(rule: &str) -> Mapping {
    toml::from_str(&format!(
        "[[field]]\noneflow = \"{SALARY}\"\nteamtailor = \"custom:{SALARY}\"\non_conflict = \"{rule}\""
    ))
    .unwrap()
}

/// The card held 42000, the contract says 50000, and this was just written when the process died.
async fn cut_off(rule: &str) -> Story {
    let mut story = Story::begin(SandboxSettings::new()).await;
    let mapping = mapping(rule);
    story.map(mapping.clone());
    story.sandbox.fill_data_field(story.contract, SALARY, "50000").unwrap();
    let crash = WireFaults::of_writes(WireFault::CrashAfter);
    let engine = engine_between(&story.sandbox, story.ledger.clone(), mapping, |wire| crash.on(wire));
    let plan = engine.plan(story.contract.into()).await.unwrap();
    tokio::select! {
        biased;
        _ = engine.apply(plan) => panic!("the process has died"),
        () = tokio::task::yield_now() => {}
    }
    assert_eq!(story.field(SALARY).as_deref(), Some("50000"));
    story
}

impl Story {
    fn recruiter_types(&self, salary: &str) {
        let candidate = self.sandbox.seeded().candidate;
        self.sandbox.edit_custom_field(&candidate, SALARY, Some(salary)).unwrap();
    }
}

/// No write goes out.
fn reads_only(wire: SandboxTransport) -> FaultyTransport<SandboxTransport> {
    WireFaults::of_writes(WireFault::NoConnection).on(wire)
}

const RULES: [&str; 3] = ["contract_wins", "candidate_wins", "hold"];

#[tokio::test]
async fn what_has_arrived_is_found_and_is_no_persons_edit() {
    for rule in RULES {
        let story = cut_off(rule).await;
        assert_eq!(story.salary(story.contract).await, "unchanged", "{rule}");
        story.sandbox.fill_data_field(story.contract, SALARY, "55000").unwrap();
        assert_eq!(story.salary(story.contract).await, "written", "{rule}");
        assert_eq!(story.field(SALARY).as_deref(), Some("55000"), "{rule}");
    }
}

#[tokio::test]
async fn a_recruiters_newer_edit_is_not_overwritten_under_any_rule() {
    for rule in RULES {
        let story = cut_off(rule).await;
        story.recruiter_types("60000");
        for _ in 0..2 {
            assert_eq!(story.salary(story.contract).await, "skipped candidate-is-newer", "{rule}");
        }
        assert_eq!(story.field(SALARY).as_deref(), Some("60000"), "{rule}");
    }
}

#[tokio::test]
async fn a_contract_that_is_back_at_what_was_agreed_overwrites_nothing_after_a_write_was_cut_off() {
    for rule in RULES {
        let story = cut_off(rule).await;
        story.sandbox.fill_data_field(story.contract, SALARY, "42000").unwrap();
        story.recruiter_types("60000");
        assert_eq!(story.salary(story.contract).await, "skipped candidate-is-newer", "{rule}");
        assert_eq!(story.field(SALARY).as_deref(), Some("60000"), "{rule}");
    }
}

#[tokio::test]
async fn where_a_recruiter_may_have_undone_the_write_the_rule_decides_and_the_report_says_so() {
    for (rule, outcome, salary) in [
        ("contract_wins", "written cut-off-contract-won", "50000"),
        ("candidate_wins", "held cut-off-held", "42000"),
        ("hold", "held cut-off-held", "42000"),
    ] {
        let story = cut_off(rule).await;
        story.recruiter_types("42000");
        assert_eq!(story.salary(story.contract).await, outcome, "{rule}");
        assert_eq!(story.field(SALARY).as_deref(), Some(salary), "{rule}");
    }
}

/// The salary at two looks, where the first write is answered like this and the card shows what it held before.
async fn after(answer: Result<smartsync_transport::Response, TransportError>) -> [String; 2] {
    let body = || contract("pending", &token("4711", "hire-1"), &[("oneflow-salary", "50000")]);
    let card = || candidate(IDA_EXAMPLE, &[("905", "32", r#""42000""#)], &[]);
    let oneflow = ScriptedTransport::new().json(200, body()).json(200, body());
    let written = cold().json(200, card()).answer(answer).json(200, card());
    let teamtailor = written.json(200, card()).json(200, value(r#""50000""#));
    let stage = Stage::new(NO_DOCUMENT, oneflow, teamtailor);
    let mut looks = Vec::new();
    for _ in 0..2 {
        let report = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
        looks.extend(summary(&report.outcomes).into_iter().find(|line| line.starts_with(SALARY)));
    }
    looks.try_into().unwrap()
}

#[tokio::test]
async fn a_write_that_was_never_answered_may_have_been_there_for_a_while_and_be_undone() {
    let [first, second] = after(Err(TransportError::timeout("late"))).await;
    assert_eq!(first, "oneflow-salary failed unavailable");
    assert_eq!(second, "oneflow-salary written cut-off-contract-won");
    // One that failed at once was not: nobody is that quick.
    let [first, second] = after(Ok(http_response(500, &[], "{}"))).await;
    assert_eq!(first, "oneflow-salary failed unavailable");
    assert_eq!(second, "oneflow-salary written first-sight-contract-won");
}

#[tokio::test]
async fn whether_a_recruiter_has_undone_the_write_is_as_uncertain_after_one_that_never_went_out() {
    for (rule, outcome) in [("contract_wins", "written cut-off-contract-won"), ("hold", "held cut-off-held")]
    {
        let story = cut_off(rule).await;
        story.recruiter_types("42000");
        let engine = engine_between(&story.sandbox, story.ledger.clone(), mapping(rule), reads_only);
        engine.apply(engine.plan(story.contract.into()).await.unwrap()).await;
        assert_eq!(story.salary(story.contract).await, outcome, "{rule}");
    }
}

#[tokio::test]
async fn that_the_write_has_arrived_is_remembered_when_the_next_one_never_goes_out() {
    for (rule, outcome) in
        [("contract_wins", "written conflict-contract-won"), ("hold", "held conflict-held")]
    {
        let story = cut_off(rule).await;
        story.sandbox.fill_data_field(story.contract, SALARY, "55000").unwrap();
        let engine = engine_between(&story.sandbox, story.ledger.clone(), mapping(rule), reads_only);
        engine.apply(engine.plan(story.contract.into()).await.unwrap()).await;
        story.recruiter_types("42000");
        assert_eq!(story.salary(story.contract).await, outcome, "{rule}");
    }
}

#[tokio::test]
async fn after_a_write_that_failed_the_card_says_how_it_has_ended() {
    let lost = || Err(TransportError::timeout("late"));
    let failed = || Ok(http_response(500, &[], "{}"));
    for (salary, ends, is_done) in [
        ("50000", "oneflow-salary written first-sight-contract-won", true),
        ("42000", "oneflow-salary failed unavailable", false),
        // Of a person, who was quicker or is so since.
        ("46000", "oneflow-salary held changed-meanwhile", false),
    ] {
        for answer in [lost(), failed()] {
            let paper = contract("pending", &token("4711", "hire-1"), &[("oneflow-salary", "50000")]);
            let card = |salary: &str| candidate(IDA_EXAMPLE, &[("905", "32", salary)], &[]);
            let teamtailor = cold().json(200, card("42000")).answer(answer).json(200, card(salary));
            let stage = Stage::new(NO_DOCUMENT, ScriptedTransport::new().json(200, paper), teamtailor);
            let report = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
            assert!(summary(&report.outcomes).contains(&ends.to_owned()), "{salary}: {report:?}");
            assert_eq!(report.next == Next::Done, is_done, "{salary}");
        }
    }
}

#[tokio::test]
async fn a_recruiter_and_a_participant_who_both_type_after_a_write_was_cut_off_are_in_conflict() {
    for (rule, outcome, salary) in [
        ("contract_wins", "written conflict-contract-won", "55000"),
        ("candidate_wins", "skipped conflict-candidate-won", "60000"),
        ("hold", "held conflict-held", "60000"),
    ] {
        let story = cut_off(rule).await;
        story.recruiter_types("60000");
        story.sandbox.fill_data_field(story.contract, SALARY, "55000").unwrap();
        assert_eq!(story.salary(story.contract).await, outcome, "{rule}");
        assert_eq!(story.field(SALARY).as_deref(), Some(salary), "{rule}");
    }
}
