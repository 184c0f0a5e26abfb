//! Contracts that others have made, in the sandbox: what links them by address, and what a stranger can do about it.

use std::time::Duration;

use smartsync_core::{
    DocumentOutcome, FieldOutcome, Outcome, Reason, candidate::CandidateField, mapping::LinkMethod,
};
use smartsync_sandbox::{CandidateSeed, ContractSeed, Delegation, OwnDetails, Sandbox, SandboxSettings};

use crate::support::story::{Story, by_address};

const STRANGER: &str = "Mallory Example";

/// A contract that somebody else has made for the sample candidate, and that was sent.
fn foreign(sandbox: &Sandbox) -> i64 {
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    sandbox.add_contract(seed).unwrap()
}

/// A contract that was sent to a stranger of this name a minute ago, under the mapping that links by address.
async fn quote_of_a_stranger(settings: SandboxSettings) -> Story {
    let mut story = Story::begin(settings).await;
    let seed = ContractSeed::new(story.sandbox.seeded().template, "A quote")
        .counterparty(STRANGER, "mallory@example.com")
        .published();
    story.contract = story.sandbox.add_contract(seed).unwrap();
    story.map(by_address(&story.sandbox));
    story.sandbox.advance(Duration::from_secs(60));
    story
}

/// A contract that others have made for the sample candidate and sent a minute ago, under the same mapping.
async fn contract_of_others(settings: SandboxSettings) -> Story {
    let mut story = Story::begin(settings).await;
    story.contract = foreign(&story.sandbox);
    story.map(by_address(&story.sandbox));
    story.sandbox.advance(Duration::from_secs(60));
    story
}

/// The stranger hands the contract over to the sample candidate's address.
fn delegate(story: &Story) {
    let stranger = signatory(story, STRANGER);
    story.sandbox.delegate(story.contract, stranger, "Ann Sample", "ann@example.com").unwrap();
}

/// The stranger takes the sample candidate's address for its own.
fn take_the_address(story: &Story) {
    let details = OwnDetails::new().email("ann@example.com");
    story.sandbox.change_own_details(story.contract, signatory(story, STRANGER), details).unwrap();
}

fn signatory(story: &Story, name: &str) -> i64 {
    let card = story.sandbox.contract_card(story.contract).unwrap();
    card.participants.iter().find(|one| one.name == name).unwrap().id
}

/// What is only prefilled says so; everything else waits for a person.
fn waits_for_a_link(field: &FieldOutcome) -> bool {
    let is_only_prefilled = matches!(field.candidate_field, CandidateField::Default(_));
    let ended = if is_only_prefilled {
        Outcome::Skipped(Reason::IdentityOnlyPrefilled)
    } else {
        Outcome::Held(Reason::LinkUnconfirmed)
    };
    field.outcome == ended
}

#[tokio::test]
async fn a_contract_of_others_is_synced_by_its_address_and_its_document_once_a_person_has_linked_it() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.contract = foreign(&story.sandbox);
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let report = story.sync().await;
    assert!(report.is_without_candidate(), "by default, an address says nothing: {report:?}");
    let written = story.requests().0;

    story.map(by_address(&story.sandbox));
    let report = story.sync().await;
    assert_eq!(report.linked_by, Some(LinkMethod::Email));
    assert_eq!((story.field("oneflow-notice").as_deref(), written), (Some("3 months"), 0));

    story.sandbox.sign_all(story.contract).unwrap();
    for _ in 0..2 {
        let report = story.sync().await;
        assert_eq!(report.document, DocumentOutcome::NotDue(Reason::DocumentByAddress));
        assert_eq!(report.linked_by, Some(LinkMethod::Email), "the second look is no better proof");
    }
    let candidate = story.sandbox.seeded().candidate.into();
    story.engine.link_by_hand(story.contract.into(), &candidate, false).await.unwrap();
    assert_eq!(story.sync().await.document, DocumentOutcome::Attached);
}

#[tokio::test]
async fn a_contract_that_was_delegated_to_a_candidates_address_is_held_whatever_a_delegation_looks_like() {
    for as_update in [false, true] {
        for form in [Delegation::SameParticipant, Delegation::NewParticipant] {
            let settings = SandboxSettings::new().delegation(form).delegation_as_update(as_update);
            let story = quote_of_a_stranger(settings).await;
            delegate(&story);
            story.sandbox.fill_data_field(story.contract, "oneflow-notice", "never").unwrap();
            let report = story.sync().await;
            let held = Outcome::Held(Reason::LinkUnconfirmed);
            let oneflow = |field: &&FieldOutcome| field.data_field == "oneflow-notice";
            assert_eq!(report.outcomes.iter().find(oneflow).unwrap().outcome, held, "{form:?} {as_update}");
            assert_eq!(story.requests().0, 0, "{form:?} {as_update}");
        }
    }
}

#[tokio::test]
async fn a_participant_who_takes_a_candidates_address_or_brings_one_in_is_no_link() {
    for brings_in in [false, true] {
        let story = quote_of_a_stranger(SandboxSettings::new()).await;
        if brings_in {
            let stranger = signatory(&story, STRANGER);
            story.sandbox.add_participant(story.contract, stranger, "Ann Sample", "ann@example.com").unwrap();
        } else {
            take_the_address(&story);
        }
        let report = story.sync().await;
        assert!(report.outcomes.iter().all(waits_for_a_link), "{brings_in}: {report:?}");
        assert_eq!(story.requests().0, 0, "{brings_in}");
    }
}

#[tokio::test]
async fn who_takes_a_candidates_address_in_an_account_whose_events_leave_out_participants_is_no_link() {
    for form in [Delegation::SameParticipant, Delegation::NewParticipant] {
        for delegates in [false, true] {
            let settings = SandboxSettings::new().participant_events(false).delegation(form);
            let story = quote_of_a_stranger(settings).await;
            if delegates {
                delegate(&story);
            } else {
                take_the_address(&story);
            }
            story.sandbox.fill_data_field(story.contract, "oneflow-notice", "never").unwrap();
            let report = story.sync().await;
            assert!(report.outcomes.iter().all(waits_for_a_link), "{form:?} {delegates}: {report:?}");
            assert_eq!(story.requests().0, 0, "{form:?} {delegates}");
        }
    }
    // What nobody has touched is still linked there.
    let story = contract_of_others(SandboxSettings::new().participant_events(false)).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    assert_eq!(story.sync().await.linked_by, Some(LinkMethod::Email));
}

/// What a participant can do before an address has bound the contract: have it held, and no more.
#[tokio::test]
async fn before_an_address_has_bound_a_contract_a_participant_can_have_it_held() {
    for brings_in in [false, true] {
        let story = contract_of_others(SandboxSettings::new()).await;
        let ann = signatory(&story, "Ann Sample");
        let reason = if brings_in {
            story.sandbox.add_candidate(CandidateSeed::new("bo@example.com")).unwrap();
            story.sandbox.add_participant(story.contract, ann, "Bo Sample", "bo@example.com").unwrap();
            Reason::SeveralCandidates
        } else {
            for number in 0..500 {
                let text = format!("{number} months");
                story.sandbox.fill_data_field(story.contract, "oneflow-notice", &text).unwrap();
            }
            Reason::LinkUnconfirmed
        };
        let report = story.sync().await;
        let notice = report.outcomes.iter().find(|field| field.data_field == "oneflow-notice").unwrap();
        assert_eq!(notice.outcome, Outcome::Held(reason), "{brings_in}");
        assert_eq!(story.requests().0, 0, "{brings_in}");
    }
}

#[tokio::test]
async fn without_the_times_or_the_events_of_others_a_contract_of_others_is_held() {
    for settings in
        [SandboxSettings::new().participant_times(false), SandboxSettings::new().contract_events(false)]
    {
        let story = contract_of_others(settings).await;
        let report = story.sync().await;
        assert!(report.outcomes.iter().all(waits_for_a_link), "{report:?}");
    }
}
