//! Each rule of the judge accuses who breaks it, and nobody else.

use std::sync::Arc;

use fastrand::Rng;
use smartsync_core::{Next, Reason, Retry};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings, TemplateSeed};

use super::{Card, Judge, Paper, Rule, Sent};
use crate::faults::{
    scenario::{Field, Kind, OnConflict, OnFirstSight, Scenario, When},
    task::Purpose,
};

const CONTRACT: i64 = 9_001;

/// A judge over one candidate, whose card holds "alpha", and a contract that was sent and into which a participant has
/// typed `contract`.
fn judge(on_conflict: OnConflict, contract: &str) -> Judge {
    let mut scenario = Scenario::draw(&mut Rng::with_seed(1));
    scenario.fields = vec![Field {
        key: "d0".to_owned(),
        card: "c0".to_owned(),
        kind: Kind::Text,
        when: When::Edited,
        on_conflict,
        on_first_sight: OnFirstSight::Proven,
        clears: false,
    }];
    let sandbox = Sandbox::new(SandboxSettings::new().unseeded());
    let kind = sandbox.add_template_type(scenario.template_type());
    let template = sandbox.add_template(TemplateSeed::new("Employment", Some(kind))).unwrap();
    let seed = ContractSeed::new(template, "Employment").value("d0", contract).published();
    let made = sandbox.add_contract(seed).unwrap();
    let mut paper = Paper::new(&scenario, 0, &sandbox.contract_card(made).unwrap(), 0);
    // A participant has filled it in, a second after it was made and sent.
    paper.changed_at.fill(1);
    let mut judge = Judge::new(Arc::new(scenario));
    judge.cards.push(Card::new("4711".to_owned(), vec!["alpha".to_owned()]));
    judge.contracts.insert(CONTRACT, paper);
    judge
}

/// A look that has read both sides at this time.
fn look(judge: &mut Judge, at: i64) -> usize {
    let task = judge.call(Purpose::Look { contract: CONTRACT }, false);
    let (contract, card) = (judge.contract_now(CONTRACT, at).unwrap(), judge.card_now(0, at));
    judge.has_read_contract(task, CONTRACT, contract);
    judge.has_read_card(task, 0, card, true);
    task
}

fn write(judge: &mut Judge, task: usize, at: i64, value: &str) {
    judge.engine_put(Sent { task, at, step: 0, is_late: false }, 0, 0, value.to_owned());
}

/// The note that a plan has for its write.
fn note(judge: &mut Judge, task: usize) {
    judge.witnesses[task].notes.insert(0, Some("a-note"));
}

fn accused(judge: &Judge) -> Vec<Rule> {
    judge.violations.iter().map(|violation| violation.rule).collect()
}

#[test]
fn an_edit_that_was_read_is_written_over_by_the_rule_and_with_a_note_only() {
    for (on_conflict, has_note, expected) in [
        (OnConflict::ContractWins, true, vec![]),
        (OnConflict::ContractWins, false, vec![Rule::InSilence]),
        (OnConflict::CandidateWins, true, vec![Rule::AgainstTheRule]),
        (OnConflict::Hold, true, vec![Rule::AgainstTheRule]),
    ] {
        let mut judge = judge(on_conflict, "beta");
        let task = look(&mut judge, 0);
        if has_note {
            note(&mut judge, task);
        }
        write(&mut judge, task, 0, "beta");
        judge.ended(task);
        assert_eq!(accused(&judge), expected, "{on_conflict:?}, a note: {has_note}");
    }
}

#[test]
fn at_first_sight_a_card_is_written_over_by_its_own_rule_and_by_proof() {
    // The rules, when the contract was sent and when it got its value in seconds, and whether that may be written over what the
    // card holds. The contract is made at 0.
    for (on_first_sight, on_conflict, published, changed_at, is_allowed) in [
        (OnFirstSight::Proven, OnConflict::ContractWins, 0, 0, false),
        (OnFirstSight::Proven, OnConflict::ContractWins, 0, 1, true),
        (OnFirstSight::ContractWins, OnConflict::Hold, 0, 0, true),
        (OnFirstSight::Proven, OnConflict::ContractWins, 600, 60, false),
        (OnFirstSight::Proven, OnConflict::ContractWins, 600, 61, false),
        (OnFirstSight::Proven, OnConflict::ContractWins, 600, 599, false),
        (OnFirstSight::Proven, OnConflict::ContractWins, 600, 600, true),
        (OnFirstSight::Proven, OnConflict::Hold, 600, 600, false),
        (OnFirstSight::Proven, OnConflict::CandidateWins, 600, 600, false),
        (OnFirstSight::Hold, OnConflict::ContractWins, 600, 600, false),
        (OnFirstSight::CandidateWins, OnConflict::ContractWins, 600, 600, false),
        (OnFirstSight::ContractWins, OnConflict::Hold, 600, 60, false),
        (OnFirstSight::ContractWins, OnConflict::Hold, 600, 61, true),
        (OnFirstSight::ContractWins, OnConflict::Hold, 600, 600, true),
    ] {
        let mut judge = judge(on_conflict, "beta");
        let mut scenario = (*judge.scenario).clone();
        scenario.fields[0].on_first_sight = on_first_sight;
        judge.scenario = Arc::new(scenario);
        let paper = judge.contracts.get_mut(&CONTRACT).unwrap();
        (paper.published, paper.changed_at[0]) = (published, changed_at);
        let task = look(&mut judge, 700_000);
        note(&mut judge, task);
        write(&mut judge, task, 700_000, "beta");
        judge.ended(task);
        let expected = if is_allowed { vec![] } else { vec![Rule::AgainstTheRule] };
        assert_eq!(accused(&judge), expected, "{on_first_sight:?} {on_conflict:?} {published} {changed_at}");
    }
}

#[test]
fn an_edit_that_was_not_read_may_be_written_over_for_30_seconds() {
    for (at, expected) in [(30_900, vec![]), (31_001, vec![Rule::UnreadEdit])] {
        let mut judge = judge(OnConflict::Hold, "beta");
        let task = look(&mut judge, 0);
        judge.recruiter_put(0, 0, "gamma".to_owned());
        write(&mut judge, task, at, "beta");
        assert_eq!(accused(&judge), expected, "after {at} ms");
    }
}

#[test]
fn an_edit_after_our_own_write_of_the_value_is_newer() {
    // What was there before is an undo, which nobody can tell from a write that never arrived.
    for (value, has_note, expected) in [
        ("gamma", true, vec![Rule::NewerEdit]),
        ("alpha", true, vec![]),
        ("alpha", false, vec![Rule::InSilence]),
    ] {
        let mut judge = judge(OnConflict::ContractWins, "beta");
        let first = look(&mut judge, 0);
        note(&mut judge, first);
        write(&mut judge, first, 0, "beta");
        judge.recruiter_put(0, 0, value.to_owned());
        let second = look(&mut judge, 0);
        if has_note {
            note(&mut judge, second);
        }
        write(&mut judge, second, 0, "beta");
        judge.ended(second);
        assert_eq!(accused(&judge), expected, "{value}, a note: {has_note}");
    }
}

#[test]
fn a_value_of_our_own_is_nobodys_edit() {
    let mut judge = judge(OnConflict::Hold, "beta");
    judge.cards[0].fields[0].own = vec!["alpha".to_owned()];
    let task = look(&mut judge, 0);
    write(&mut judge, task, 0, "beta");
    assert_eq!(accused(&judge), []);
}

#[test]
fn a_value_that_the_contract_does_not_hold_is_invented() {
    let mut judge = judge(OnConflict::ContractWins, "beta");
    let task = look(&mut judge, 0);
    note(&mut judge, task);
    write(&mut judge, task, 0, "gamma");
    assert!(accused(&judge).contains(&Rule::Invented));
}

#[test]
fn nothing_is_written_after_forgetting() {
    let mut judge = judge(OnConflict::ContractWins, "beta");
    let task = look(&mut judge, 0);
    note(&mut judge, task);
    judge.forgotten(0, "2031-03-03T09:00:00Z".parse().unwrap());
    write(&mut judge, task, i64::MAX, "beta");
    assert_eq!(accused(&judge), [Rule::AfterForgetting]);
}

#[test]
fn a_second_document_and_a_second_contract_are_too_many() {
    let mut judge = judge(OnConflict::ContractWins, "beta");
    let task = look(&mut judge, 0);
    judge.contract_made(task, "hire-1", CONTRACT, false);
    assert_eq!(accused(&judge), [Rule::Invented], "the card holds another value");
    judge.violations.clear();
    judge.contract_made(task, "hire-1", CONTRACT, false);
    assert!(accused(&judge).contains(&Rule::TwoContracts));
    judge.violations.clear();
    judge.scenario = Arc::new(Scenario { attaches: true, ..(*judge.scenario).clone() });
    let sent = Sent { task, at: 0, step: 0, is_late: false };
    judge.document_put(sent, 0);
    assert_eq!(accused(&judge), [Rule::NotItsMoment], "the contract is not signed");
    judge.violations.clear();
    judge.document_put(sent, 0);
    assert!(accused(&judge).contains(&Rule::TwoDocuments));
}

#[test]
fn there_are_no_more_bases_than_shared_values() {
    let mut judge = judge(OnConflict::ContractWins, "alpha");
    let task = look(&mut judge, 0);
    judge.note_shared();
    judge.remembered(task, CONTRACT, [("d0", "one digest")].into_iter());
    assert_eq!(accused(&judge), []);
    judge.remembered(task, CONTRACT, [("d0", "another digest")].into_iter());
    assert_eq!(accused(&judge), [Rule::FalseBase]);
}

#[test]
fn what_may_pass_is_looked_at_again() {
    for (next, reason, expected) in [
        (Next::Done, Reason::CandidateGone, vec![Rule::GivenUp]),
        (Next::Done, Reason::AnswerUnreadable, vec![Rule::GivenUp]),
        (Next::Done, Reason::Refused, vec![Rule::GivenUp]),
        (Next::Done, Reason::ConflictHeld, vec![]),
        (Next::Done, Reason::NoCandidate, vec![]),
        (Next::Retry(Retry::default()), Reason::CandidateGone, vec![]),
    ] {
        let mut judge = judge(OnConflict::Hold, "beta");
        judge.check_next(next, std::iter::once(reason));
        assert_eq!(accused(&judge), expected, "{next:?} {reason:?}");
    }
}
