//! Whose contract it is: which means outranks which, and that nothing is written where they disagree.

use smartsync_core::{LedgerEntry, Reason, SyncKeys, link::LinkToken, mapping::LinkMethod};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    linking::{bound, is_held, stage},
    stage::{BY_ADDRESS, IDA, SENT, Stage, candidate, candidate_page, cold, contract, token},
};

#[tokio::test]
async fn what_a_person_has_linked_outranks_every_link_in_the_contract_and_every_means() {
    let by_token = "[sync]\nlink = [\"participant_custom_id\"]";
    let by_email = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]";
    let forged = "teamtailor:4712:hire-1:00000000000000000000000000000000";
    for custom_id in [forged, &token("4712", "hire-2"), ""] {
        for mapping in ["", by_token, by_email] {
            let stage = stage(custom_id, mapping, cold().json(200, candidate(IDA, &[], &[])));
            let mut entry = bound("4711");
            entry.linked_by_hand = true;
            stage.ledger.put(9001.into(), entry);
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.candidate(), Some(&"4711".into()), "{custom_id} {mapping}");
            assert_eq!(plan.linked_by(), Some(LinkMethod::Ledger));
        }
    }
}

#[tokio::test]
async fn what_is_bound_is_not_left_for_another_candidate_by_any_means() {
    let by_email = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]";
    let by_token = "[sync]\nlink = [\"participant_custom_id\"]";
    for (custom_id, mapping) in [("", by_email), (&*token("4711", "hire-1"), by_token)] {
        let stage = stage(custom_id, mapping, cold().json(200, candidate_page(IDA, &[], &[])));
        stage.ledger.put(9001.into(), bound("4700"));
        is_held(&stage, Reason::LinkDisagrees).await;
    }
}

#[tokio::test]
async fn the_ledger_outranks_an_address_wherever_it_stands_in_the_order() {
    let mapping = "[sync]\nlink = [\"email\", \"ledger\"]\ntemplate_types = [4711]";
    let stage = stage("", mapping, cold().json(200, candidate(IDA, &[], &[])));
    stage.ledger.put(9001.into(), bound("4711"));
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
    assert!(stage.teamtailor_requests().pop().unwrap().starts_with("GET /v1/candidates/4711?"));
}

#[tokio::test]
async fn a_bound_contract_is_followed_without_any_token_and_when_the_key_of_its_token_is_retired() {
    let retired = SyncKeys::new("acme", ["a/key/that/was/retired/long/ago/00000000000".into()]).unwrap();
    let old = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&retired);
    for custom_id in ["", "someone else's id", &old] {
        let stage = stage(custom_id, "", cold().json(200, candidate(IDA, &[], &[])));
        stage.ledger.put(9001.into(), bound("4711"));
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.candidate(), Some(&"4711".into()));
    }
    let other = LinkToken::new("4712".into(), "hire-1".parse().unwrap()).sign(&retired);
    let stage = stage(&other, "", cold());
    stage.ledger.put(9001.into(), bound("4711"));
    is_held(&stage, Reason::LinkForged).await;
}

#[tokio::test]
async fn a_report_says_by_which_means_the_candidate_was_found() {
    let page = || candidate_page(IDA, &[], &[]);
    let card = || candidate(IDA, &[], &[]);
    let ours = token("4711", "hire-1");
    for (means, custom_id, mapping, entry, answer) in [
        ("ledger", "", "", bound("4711"), card()),
        ("participant_custom_id", &*ours, "", LedgerEntry::default(), card()),
        ("email", "", BY_ADDRESS, LedgerEntry::default(), page()),
    ] {
        let stage = stage(custom_id, mapping, cold().json(200, answer));
        stage.ledger.put(9001.into(), entry);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(serde_json::to_value(&plan).unwrap()["linked_by"], means);
        let report = stage.engine.apply(plan).await;
        assert_eq!(serde_json::to_value(&report).unwrap()["linked_by"], means);
    }
    let stage = stage("", "", cold());
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!((report.candidate, report.linked_by), (None, None));
}

#[tokio::test]
async fn an_address_must_lead_to_the_candidate_that_is_bound_where_the_ledger_is_no_means() {
    let by_address = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]";
    for (known, is_found) in [("4711", true), ("4712", false)] {
        let stage = stage("", by_address, cold().json(200, candidate_page(IDA, &[], &[])));
        stage.ledger.put(9001.into(), bound(known));
        if is_found {
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.candidate(), Some(&"4711".into()));
        } else {
            is_held(&stage, Reason::LinkDisagrees).await;
        }
    }
}

#[tokio::test]
async fn what_was_bound_by_an_address_is_held_once_a_token_names_another() {
    let first = contract("pending", "", &[("city", "Oslo")]);
    let second = contract("pending", &token("4712", "hire-2"), &[("city", "Oslo")]);
    let oneflow = ScriptedTransport::new().json(200, first).json(200, SENT).json(200, second);
    let teamtailor = cold().json(200, candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[]));
    let stage = Stage::new(&format!("{BY_ADDRESS}document = {{ attach = false }}"), oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    stage.engine.apply(plan).await;
    assert_eq!(
        stage.ledger.entry(9001.into()).unwrap().candidate,
        Some("4711".into()),
        "bound without a write, since both sides agree"
    );
    is_held(&stage, Reason::LinkDisagrees).await;
}
