//! Whose contract it is, and that nothing is written where that is in doubt.

use smartsync_core::{Creation, Ledger, LedgerEntry, LinkToken, Outcome, Reason, SyncKeys};
use smartsync_transport::ScriptedTransport;

use crate::stage::{DEFINITIONS, OPTIONS, Stage, candidate, candidate_page, contract, keys, token};

const IDA: &str = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;

fn cold() -> ScriptedTransport {
    ScriptedTransport::new().json(200, DEFINITIONS).json(200, OPTIONS)
}

fn stage(custom_id: &str, mapping: &str, teamtailor: ScriptedTransport) -> Stage {
    let contract = contract("signed", custom_id, &[("city", "Oslo")]);
    Stage::new(mapping, ScriptedTransport::new().json(200, contract), teamtailor)
}

fn bound(candidate: &str) -> LedgerEntry {
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(candidate.into());
    entry
}

/// Plans and applies, and expects every field held for `reason` and not one write.
async fn is_held(stage: &Stage, reason: Reason) {
    let before = stage.ledger.entry(9001.into());
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert!(
        report.outcomes.iter().all(|field| field.outcome == Outcome::Held(reason)),
        "{reason:?}: {:?}",
        report.outcomes
    );
    assert!(!report.outcomes.is_empty());
    assert_eq!(stage.writes(), [""; 0], "{reason:?}");
    assert_eq!(stage.ledger.entry(9001.into()), before, "nothing is bound");
}

#[tokio::test]
async fn a_token_of_ours_names_the_candidate_and_is_bound() {
    let stage = stage(
        &token("4711", "hire-1"),
        "[sync.document]\nattach = false",
        cold().json(200, candidate(IDA, &[], &[])).json(201, "{}"),
    );
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    assert_eq!(stage.ledger.entry(9001.into()), None, "planning binds nothing");
    stage.engine.apply(plan).await;
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().candidate, Some("4711".into()));
}

#[tokio::test]
async fn a_forged_token_causes_no_write() {
    let genuine = token("4711", "hire-1");
    let of_another_tenant = {
        let keys = SyncKeys::new("globex", ["the first key of the tenant acme".into()]).unwrap();
        LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&keys)
    };
    let forged = [
        genuine.replace("4711", "4712"),
        genuine.replace("hire-1", "hire-2"),
        genuine[..genuine.len() - 1].to_owned(),
        "teamtailor:4711:hire-1:".to_owned(),
        "teamtailor:4711:hire-1:00000000000000000000000000000000".to_owned(),
        "teamtailor:4711".to_owned(),
        "teamtailor:".to_owned(),
        format!("{genuine}:x"),
        of_another_tenant,
    ];
    for text in forged {
        is_held(&stage(&text, "", cold()), Reason::LinkForged).await;
    }
}

#[tokio::test]
async fn a_token_that_was_moved_from_another_contract_causes_no_write() {
    let stage = stage(&token("4711", "hire-1"), "", cold());
    stage
        .ledger
        .save_creation(
            &"hire-1".parse().unwrap(),
            &Creation::Created { candidate: "4711".into(), contract: 5.into() },
        )
        .await
        .unwrap();
    is_held(&stage, Reason::LinkOfAnotherContract).await;
}

#[tokio::test]
async fn a_token_that_disagrees_with_the_ledger_causes_no_write() {
    let stage = stage(&token("4712", "hire-2"), "", cold());
    stage.ledger.save(9001.into(), &bound("4711")).await.unwrap();
    is_held(&stage, Reason::LinkDisagrees).await;
}

#[tokio::test]
async fn what_is_bound_is_not_left_for_another_candidate_by_any_means() {
    let by_email = "[sync]\nlink = [\"email\"]";
    let by_token = "[sync]\nlink = [\"participant_custom_id\"]";
    for (custom_id, mapping) in [("", by_email), (&*token("4711", "hire-1"), by_token)] {
        let stage = stage(custom_id, mapping, cold().json(200, candidate_page(IDA, &[], &[])));
        stage.ledger.save(9001.into(), &bound("4700")).await.unwrap();
        is_held(&stage, Reason::LinkDisagrees).await;
    }
}

#[tokio::test]
async fn the_ledger_outranks_an_address_wherever_it_stands_in_the_order() {
    let mapping = "[sync]\nlink = [\"email\", \"ledger\"]";
    let stage = stage("", mapping, cold().json(200, candidate(IDA, &[], &[])));
    stage.ledger.save(9001.into(), &bound("4711")).await.unwrap();
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
    assert!(stage.teamtailor_requests().pop().unwrap().starts_with("GET /v1/candidates/4711?"));
}

#[tokio::test]
async fn a_bound_contract_is_followed_without_any_token_and_when_the_key_of_its_token_is_retired() {
    let retired = SyncKeys::new("acme", ["a key that was retired long ago".into()]).unwrap();
    let old = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&retired);
    for custom_id in ["", "someone else's id", &old] {
        let stage = stage(custom_id, "", cold().json(200, candidate(IDA, &[], &[])));
        stage.ledger.save(9001.into(), &bound("4711")).await.unwrap();
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.candidate(), Some(&"4711".into()));
    }
    let other = LinkToken::new("4712".into(), "hire-1".parse().unwrap()).sign(&retired);
    let stage = stage(&other, "", cold());
    stage.ledger.save(9001.into(), &bound("4711")).await.unwrap();
    is_held(&stage, Reason::LinkForged).await;
}

#[tokio::test]
async fn any_key_verifies_and_the_first_one_signs() {
    let (old, new) = ("the first key of the tenant acme", "the second key of the tenant acme");
    let rotated = SyncKeys::new("acme", [new.into(), old.into()]).unwrap();
    let signed_before = token("4711", "hire-1");
    let signed_after = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&rotated);
    assert_ne!(signed_before, signed_after);
    for text in [&signed_before, &signed_after] {
        assert!(matches!(LinkToken::verify(text, &rotated), Some(Ok(_))));
    }
    assert!(matches!(LinkToken::verify(&signed_after, &keys()), Some(Err(_))));
    assert_eq!(LinkToken::verify("customer-17", &keys()), None, "someone else's id is no token");
}

#[tokio::test]
async fn a_contract_made_before_a_rotation_keeps_its_link_until_the_old_key_is_dropped() {
    let (old, new) = ("the first key of the tenant acme", "the second key of the tenant acme");
    let rotated = SyncKeys::new("acme", [new.into(), old.into()]).unwrap();
    let dropped = SyncKeys::new("acme", [new.into()]).unwrap();
    let text = token("4711", "hire-1");
    let expected = LinkToken::new("4711".into(), "hire-1".parse().unwrap());
    assert_eq!(LinkToken::verify(&text, &rotated), Some(Ok(expected.clone())));
    assert!(
        matches!(LinkToken::verify(&text, &dropped), Some(Err(_))),
        "forged, for all that anyone can tell"
    );
    let signed_anew = expected.sign(&rotated);
    assert_eq!(LinkToken::verify(&signed_anew, &dropped), Some(Ok(expected)));
}

#[tokio::test]
async fn a_token_fits_into_what_oneflow_can_search_for() {
    let longest = token("1234567890", "123e4567-e89b-12d3-a456-426614174000");
    assert!(longest.len() <= 100, "{} characters", longest.len());
}

#[tokio::test]
async fn a_token_in_a_data_field_names_the_candidate_where_that_is_configured() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"candidate-link\"";
    let fields = [("candidate-link", &*token("4711", "hire-1")), ("city", "Oslo")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", "", &fields));
    let stage = Stage::new(mapping, oneflow, cold().json(200, candidate(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
}

#[tokio::test]
async fn the_one_candidate_with_the_one_address_is_found_in_one_request() {
    let stage = stage("", "", cold().json(200, candidate_page(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    let search = stage.teamtailor_requests().pop().unwrap();
    assert!(search.starts_with("GET /v1/candidates?"), "{search}");
    assert!(search.contains("filter%5Bemail%5D=ida%40example.com"), "{search}");
}

#[tokio::test]
async fn no_candidate_or_several_hold_the_contract() {
    let nobody = r#"{ "data": [] }"#;
    is_held(&stage("", "", cold().json(200, nobody)), Reason::NoCandidate).await;
    let other = r#"{ "data": [ { "id": "4712", "type": "candidates", "attributes": { "email": "ida.m@example.com" } } ] }"#;
    is_held(&stage("", "", cold().json(200, other)), Reason::NoCandidate).await;
    let two = r#"{ "data": [
        { "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } },
        { "id": "4712", "type": "candidates", "attributes": { "email": "IDA@example.com" } } ] }"#;
    is_held(&stage("", "", cold().json(200, two)), Reason::SeveralCandidates).await;
    let by_ledger_only = "[sync]\nlink = [\"ledger\"]";
    is_held(&stage(&token("4711", "hire-1"), by_ledger_only, cold()), Reason::NoCandidate).await;
}
