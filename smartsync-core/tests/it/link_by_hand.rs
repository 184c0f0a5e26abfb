//! A person says whose a contract is.

use smartsync_core::{CandidateId, Mapping, engine::LinkError};
use smartsync_sandbox::{CandidateSeed, SandboxSettings};

use crate::support::story::Story;

#[tokio::test]
async fn a_contract_that_its_token_says_is_anothers_is_reassigned_only_if_that_is_asked_for() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.lose_ledger(Mapping::default());
    let named = CandidateId::from(story.sandbox.seeded().candidate.as_str());
    let other = story.sandbox.add_candidate(CandidateSeed::new("new@example.com")).unwrap();
    let (contract, other) = (story.contract.into(), CandidateId::from(other.as_str()));

    let error = story.engine.link_by_hand(contract, &other, false).await.unwrap_err();
    assert!(matches!(&error, LinkError::OfAnother { candidate, .. } if *candidate == named), "{error}");
    let linked = story.engine.link_by_hand(contract, &other, true).await.unwrap();
    assert_eq!((linked.candidate, linked.before), (other, Some(named)));
}
