//! A contract of which the ledger knows nothing: made by somebody else, or seen before the ledger was lost.

use std::{sync::Arc, time::Duration};

use smartsync_core::{Engine, Mapping, MemoryLedger, Report};
use smartsync_sandbox::{CandidateSeed, ContractSeed, Sandbox, SandboxSettings};

use crate::support::{
    stage::summary,
    story::{Story, engine_between},
};

/// An hour.
const HOUR: Duration = Duration::from_secs(3_600);

fn ledgerless(sandbox: &Arc<Sandbox>, mapping: &str) -> Engine {
    let mapping: Mapping = toml::from_str(mapping).unwrap();
    engine_between(sandbox, Arc::new(MemoryLedger::new()), mapping, |wire| wire)
}

/// Contracts that somebody else has made, each for a candidate of its own whose card is filled in, as no contract is: an hour
/// after it was made, and before it was sent, if it was.
fn of_others(sandbox: &Sandbox, count: usize) -> Vec<(i64, String)> {
    let made = (0..count).map(|number| {
        let email = format!("candidate-{number}@example.com");
        let seed = CandidateSeed::new(&email)
            .name("Kim", "Sample")
            .custom_field("oneflow-salary", "42000")
            .custom_field("oneflow-notice", "1 month");
        let candidate = sandbox.add_candidate(seed).unwrap();
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment").counterparty("Kim", &email);
        (sandbox.add_contract(seed).unwrap(), candidate)
    });
    let made: Vec<(i64, String)> = made.collect();
    sandbox.advance(HOUR);
    for (contract, _) in &made {
        for (data_field, text) in [
            ("oneflow-salary", "30000"),
            ("oneflow-notice", "3 months"),
            ("oneflow-start-date", "2031-05-01"),
        ] {
            sandbox.fill_data_field(*contract, data_field, text).unwrap();
        }
    }
    sandbox.advance(HOUR);
    for (contract, _) in &made {
        sandbox.publish(*contract).unwrap();
    }
    sandbox.advance(HOUR);
    made
}

/// How the fields end that the contracts of others have, at a look that writes what there is to write.
async fn look(engine: &Engine, (contract, candidate): &(i64, String)) -> Vec<String> {
    engine.link_by_hand((*contract).into(), &candidate.as_str().into(), false).await.unwrap();
    let plan = engine.plan((*contract).into()).await.unwrap();
    let keys = ["oneflow-notice ", "oneflow-salary ", "oneflow-start-date "];
    let lines = summary(&engine.apply(plan).await.outcomes);
    lines.into_iter().filter(|line| keys.iter().any(|key| line.starts_with(key))).collect()
}

#[tokio::test]
async fn fifty_filled_cards_are_not_written_over_without_proof_of_an_edit() {
    let sandbox = Arc::new(Sandbox::new(SandboxSettings::new()));
    let engine = ledgerless(&sandbox, "");
    for made in of_others(&sandbox, 50) {
        // The service's rate limit is not what this is about.
        sandbox.advance(HOUR);
        assert_eq!(
            look(&engine, &made).await,
            [
                "oneflow-notice held edit-not-proven",
                "oneflow-salary held edit-not-proven",
                // The card was empty.
                "oneflow-start-date written",
            ]
        );
        let card = sandbox.candidate_card(&made.1).unwrap();
        assert_eq!(
            (card.get("oneflow-salary"), card.get("oneflow-notice")),
            (Some("42000"), Some("1 month"))
        );
    }
}

#[tokio::test]
async fn what_a_participant_changes_in_a_contract_of_others_comes_back() {
    let sandbox = Arc::new(Sandbox::new(SandboxSettings::new()));
    let engine = ledgerless(&sandbox, "");
    let made = of_others(&sandbox, 1).remove(0);
    sandbox.fill_data_field(made.0, "oneflow-salary", "45000").unwrap();
    assert_eq!(
        look(&engine, &made).await,
        [
            "oneflow-notice held edit-not-proven",
            "oneflow-salary written first-sight-contract-won",
            "oneflow-start-date written",
        ]
    );
    let card = sandbox.candidate_card(&made.1).unwrap();
    assert_eq!((card.get("oneflow-salary"), card.get("oneflow-notice")), (Some("45000"), Some("1 month")));
}

#[tokio::test]
async fn each_rule_for_the_first_sight_decides_as_it_says() {
    // The rules, and how a field ends that was filled in before the contract was sent, and one that was after.
    for (rules, before, after) in [
        ("", "held edit-not-proven", "written first-sight-contract-won"),
        ("on_first_sight = \"proven\"", "held edit-not-proven", "written first-sight-contract-won"),
        (
            "on_first_sight = \"proven\"\non_conflict = \"candidate_wins\"",
            "held edit-not-proven",
            "skipped first-sight-candidate-won",
        ),
        ("on_conflict = \"hold\"", "held edit-not-proven", "held first-sight-held"),
        ("on_first_sight = \"hold\"", "held first-sight-held", "held first-sight-held"),
        (
            "on_first_sight = \"contract_wins\"\non_conflict = \"hold\"",
            "written first-sight-contract-won",
            "written first-sight-contract-won",
        ),
        (
            "on_first_sight = \"candidate_wins\"",
            "skipped first-sight-candidate-won",
            "skipped first-sight-candidate-won",
        ),
    ] {
        let entry = |name: &str| {
            format!("[[field]]\noneflow = \"{name}\"\nteamtailor = \"custom:{name}\"\n{rules}\n")
        };
        let mapping = entry("oneflow-notice") + &entry("oneflow-salary");
        let sandbox = Arc::new(Sandbox::new(SandboxSettings::new()));
        let engine = ledgerless(&sandbox, &mapping);
        let made = of_others(&sandbox, 1).remove(0);
        sandbox.fill_data_field(made.0, "oneflow-salary", "45000").unwrap();
        let found = look(&engine, &made).await;
        let expected = [format!("oneflow-notice {before}"), format!("oneflow-salary {after}")];
        assert_eq!(found[..2], expected, "{rules}");
    }
}

#[tokio::test]
async fn a_lost_ledger_writes_over_no_card_what_nobody_is_known_to_have_edited() {
    let mut story = Story::begin_with_a_draft(SandboxSettings::new()).await;
    story.lose_ledger(Mapping::default());
    let candidate = story.sandbox.seeded().candidate;
    for (field, text) in [("oneflow-salary", "50000"), ("oneflow-contract-type", "Fixed term")] {
        story.sandbox.edit_custom_field(&candidate, field, Some(text)).unwrap();
    }
    let before = story.sandbox.candidate_card(&candidate);
    story.sync().await;
    assert_eq!(story.requests().0, 0);
    assert_eq!(story.sandbox.candidate_card(&candidate), before);
}

#[tokio::test]
async fn a_lost_ledger_takes_what_we_filled_in_and_sent_within_a_second_for_no_edit() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.lose_ledger(Mapping::default());
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("50000")).unwrap();
    assert_eq!(story.salary(story.contract).await, "held edit-not-proven");
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("50000"), "a recruiter's newer edit stays");
    story.sandbox.fill_data_field(story.contract, "oneflow-salary", "60000").unwrap();
    assert_eq!(story.salary(story.contract).await, "written first-sight-contract-won");
    assert_eq!(
        story.field("oneflow-salary").as_deref(),
        Some("60000"),
        "what a participant edits comes back"
    );
}

#[tokio::test]
async fn the_state_on_a_card_goes_on_once_the_ledger_is_lost() {
    const STATUS: &str = r#"
        [[field]]
        oneflow    = "contract:state"
        teamtailor = "custom:oneflow-notice"
        direction  = "to_teamtailor"
    "#;
    let mapping = || -> Mapping { toml::from_str(STATUS).unwrap() };
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(mapping());
    let state = |report: &Report| {
        summary(&report.outcomes).into_iter().find(|line| line.starts_with("contract:state "))
    };
    story.sync().await;
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("pending"), "ours");
    story.lose_ledger(mapping());
    story.sandbox.sign_all(story.contract).unwrap();
    let expected = "contract:state written first-sight-contract-won";
    assert_eq!(state(&story.sync().await).as_deref(), Some(expected));
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("signed"));
}
