//! Whose contract it is, and that nothing is written where that is in doubt.

use std::time::Duration;

use smartsync_core::{
    Creation, DocumentOutcome, Ledger, LedgerEntry, LinkMeans, LinkToken, Mapping, Next, Outcome, Reason,
    Retry, SyncKeys,
};
use smartsync_sandbox::{DataFieldSeed, SandboxSettings, TemplateSeed, TemplateTypeSeed};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    stage::{
        BY_ADDRESS, DEFINITIONS, MARKED, OPTIONS, SENT, Stage, candidate, candidate_page, contract, keys,
        summary, token,
    },
    story::Story,
};

const IDA: &str = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;

fn cold() -> ScriptedTransport {
    ScriptedTransport::new().json(200, DEFINITIONS).json(200, OPTIONS)
}

fn stage(custom_id: &str, mapping: &str, teamtailor: ScriptedTransport) -> Stage {
    let contract = contract("signed", custom_id, &[("city", "Oslo")]);
    stage_of(contract, mapping, teamtailor)
}

fn bound(candidate: &str) -> LedgerEntry {
    let mut entry = LedgerEntry::default();
    (entry.candidate, entry.linked_by) = (Some(candidate.into()), Some(LinkMeans::Ledger));
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
    assert!(!report.is_complete());
    assert_eq!(report.is_without_candidate(), reason == Reason::NoCandidate, "{reason:?}");
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
        let keys = SyncKeys::new("globex", ["the/first/key/of/the/tenant/acme/0000000000".into()]).unwrap();
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
    stage.ledger.put(9001.into(), bound("4711"));
    is_held(&stage, Reason::LinkDisagrees).await;
}

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
            assert_eq!(plan.linked_by(), Some(LinkMeans::Ledger));
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
async fn any_key_verifies_and_the_first_one_signs() {
    let (old, new) =
        ("the/first/key/of/the/tenant/acme/0000000000", "the/second/key/of/the/tenant/acme/000000000");
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
    let (old, new) =
        ("the/first/key/of/the/tenant/acme/0000000000", "the/second/key/of/the/tenant/acme/000000000");
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
    let stage = stage("", BY_ADDRESS, cold().json(200, candidate_page(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    let search = stage.teamtailor_requests().pop().unwrap();
    assert!(search.starts_with("GET /v1/candidates?"), "{search}");
    assert!(search.contains("filter%5Bemail%5D=ida%40example.com"), "{search}");
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
async fn no_candidate_or_several_hold_the_contract() {
    let nobody = r#"{ "data": [] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, nobody)), Reason::NoCandidate).await;
    let other = r#"{ "data": [ { "id": "4712", "type": "candidates", "attributes": { "email": "ida.m@example.com" } } ] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, other)), Reason::NoCandidate).await;
    let two = r#"{ "data": [
        { "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } },
        { "id": "4712", "type": "candidates", "attributes": { "email": "IDA@example.com" } } ] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, two)), Reason::SeveralCandidates).await;
    let by_ledger_only = "[sync]\nlink = [\"ledger\"]";
    is_held(&stage(&token("4711", "hire-1"), by_ledger_only, cold()), Reason::NoCandidate).await;
}

/// A signed contract whose counterparties are these individuals: the owner's id for each, and the address.
fn with_signers(signers: &[(&str, &str)]) -> String {
    let party = |(position, (custom_id, email)): (usize, &(&str, &str))| {
        format!(
            r#"{{ "id": {id}, "type": "individual", "my_party": false, "participant": {{
                "id": 2{id}, "email": "{email}", "sign_state": "undecided", "signatory": true,
                "_private_ownerside": {{ "custom_id": "{custom_id}", "created_time": "2031-01-02T03:04:05+0000",
                    "updated_time": "2031-01-02T03:04:05+0000" }} }} }}"#,
            id = 30 + position,
        )
    };
    let parties: Vec<String> = signers.iter().enumerate().map(party).collect();
    let mut body: serde_json::Value =
        serde_json::from_str(&contract("signed", "", &[("city", "Oslo")])).unwrap();
    body["parties"] = serde_json::from_str(&format!("[{}]", parties.join(","))).unwrap();
    body.to_string()
}

fn stage_of(contract: String, mapping: &str, teamtailor: ScriptedTransport) -> Stage {
    Stage::new(mapping, ScriptedTransport::new().json(200, contract).json(200, SENT), teamtailor)
}

const BY_TOKEN: &str = "[sync]\nlink = [\"ledger\", \"participant_custom_id\"]";

#[tokio::test]
async fn tokens_of_several_counterparties_must_name_one_candidate() {
    let (ida, bo) = (token("4711", "hire-1"), token("4712", "hire-2"));
    let two = with_signers(&[(&ida, "ida@example.com"), (&bo, "bo@example.com")]);
    is_held(&stage_of(two, "", cold()), Reason::SeveralCandidates).await;
    let one_forged = with_signers(&[(&ida, ""), (&bo.replace("4712", "4711"), "")]);
    is_held(&stage_of(one_forged, "", cold()), Reason::LinkForged).await;
    let again = token("4711", "hire-3");
    for signers in [[(&*ida, ""), ("customer-17", "")], [("", ""), (&*ida, "")], [(&*ida, ""), (&*again, "")]]
    {
        let stage = stage_of(with_signers(&signers), BY_TOKEN, cold().json(200, candidate(IDA, &[], &[])));
        assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
    }
}

#[tokio::test]
async fn a_token_holds_only_as_far_as_the_creation_it_names_agrees() {
    let intended = |candidate: &str| Creation::Intended { candidate: candidate.into(), template: 88.into() };
    let released = |candidate: &str| Creation::Released { candidate: candidate.into(), template: 88.into() };
    let created = |candidate: &str, contract: i64| Creation::Created {
        candidate: candidate.into(),
        contract: contract.into(),
    };
    for (creation, held) in [
        (intended("4711"), None),
        (released("4711"), None),
        (created("4711", 9001), None),
        (created("4711", 9002), Some(Reason::LinkOfAnotherContract)),
        (intended("4712"), Some(Reason::LinkDisagrees)),
        (released("4712"), Some(Reason::LinkDisagrees)),
        (created("4712", 9001), Some(Reason::LinkDisagrees)),
    ] {
        let stage = stage(&token("4711", "hire-1"), "", cold().json(200, candidate(IDA, &[], &[])));
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &creation).await.unwrap();
        match held {
            Some(reason) => is_held(&stage, reason).await,
            None => {
                let plan = stage.engine.plan(9001.into()).await.unwrap();
                assert_eq!(plan.candidate(), Some(&"4711".into()), "{creation:?}");
            }
        }
    }
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
async fn two_contracts_whose_tokens_were_swapped_cause_no_write() {
    let created = |candidate: &str, contract: i64| Creation::Created {
        candidate: candidate.into(),
        contract: contract.into(),
    };
    for is_bound in [false, true] {
        // This contract was made by `hire-1` for 4711 and carries the token of the other one.
        let stage = stage(&token("4712", "hire-2"), "", cold());
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &created("4711", 9001)).await.unwrap();
        stage.ledger.save_creation(&"hire-2".parse().unwrap(), &created("4712", 9002)).await.unwrap();
        if is_bound {
            stage.ledger.put(9001.into(), bound("4711"));
        }
        let reason = if is_bound { Reason::LinkDisagrees } else { Reason::LinkOfAnotherContract };
        is_held(&stage, reason).await;
    }
}

#[tokio::test]
async fn a_token_is_followed_while_no_contract_is_known_for_its_creation() {
    for creation in [
        None,
        // The answer of the service was lost, or the process died before it was remembered.
        Some(Creation::Intended { candidate: "4711".into(), template: 88.into() }),
        // The ledger is a copy from before the try that made the contract.
        Some(Creation::Released { candidate: "4711".into(), template: 88.into() }),
    ] {
        let stage = stage(&token("4711", "hire-1"), "", cold().json(200, candidate(IDA, &[], &[])));
        if let Some(creation) = &creation {
            stage.ledger.save_creation(&"hire-1".parse().unwrap(), creation).await.unwrap();
        }
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.candidate(), Some(&"4711".into()), "{creation:?}");
    }
}

#[tokio::test]
async fn a_token_whose_creation_is_for_another_candidate_causes_no_write() {
    for creation in [
        Creation::Intended { candidate: "4712".into(), template: 88.into() },
        Creation::Released { candidate: "4712".into(), template: 88.into() },
        Creation::Created { candidate: "4712".into(), contract: 9001.into() },
    ] {
        let stage = stage(&token("4711", "hire-1"), "", cold());
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &creation).await.unwrap();
        is_held(&stage, Reason::LinkDisagrees).await;
    }
}

/// What `SECURITY.md` says of it: without the ledger, nothing tells a swapped token from a genuine one.
#[tokio::test]
async fn two_contracts_whose_tokens_were_swapped_are_told_apart_by_the_ledger_alone() {
    let intended = Creation::Intended { candidate: "4711".into(), template: 88.into() };
    for (is_bound, creation) in
        [(false, None), (false, Some(&intended)), (true, None), (true, Some(&intended))]
    {
        // This contract was made for 4712 by `hire-2`, and carries the token that `hire-1` made for 4711.
        let by_token = cold().json(200, candidate(IDA, &[], &[]));
        let stage = stage(&token("4711", "hire-1"), "", if is_bound { cold() } else { by_token });
        if let Some(creation) = creation {
            stage.ledger.save_creation(&"hire-1".parse().unwrap(), creation).await.unwrap();
        }
        if is_bound {
            stage.ledger.put(9001.into(), bound("4712"));
            is_held(&stage, Reason::LinkDisagrees).await;
        } else {
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.candidate(), Some(&"4711".into()), "the token's candidate, not the contract's");
        }
    }
}

#[tokio::test]
async fn a_stripped_token_causes_no_write_where_nothing_else_names_the_candidate() {
    let genuine = token("4711", "hire-1");
    let (without_prefix, nobody) = (genuine.replace("teamtailor:", ""), r#"{ "data": [] }"#);
    for text in ["", &without_prefix] {
        is_held(&stage(text, BY_TOKEN, cold()), Reason::NoCandidate).await;
        is_held(&stage(text, BY_ADDRESS, cold().json(200, nobody)), Reason::NoCandidate).await;
    }
}

#[tokio::test]
async fn a_token_under_a_retired_key_causes_no_write_until_the_contract_is_bound() {
    let retired = SyncKeys::new("acme", ["a/key/that/was/retired/long/ago/00000000000".into()]).unwrap();
    let old = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&retired);
    is_held(&stage(&old, "", cold()), Reason::LinkForged).await;
}

#[tokio::test]
async fn a_candidate_is_found_by_address_only_if_one_participant_has_that_of_one_candidate() {
    let page = |id: &str, email: &str| {
        format!(
            r#"{{ "data": [ {{ "id": "{id}", "type": "candidates", "attributes": {{ "email": "{email}" }} }} ] }}"#
        )
    };
    let nobody = r#"{ "data": [] }"#;
    let two = || with_signers(&[("", "ida@example.com"), ("", "Bo@Example.com")]);
    let both = cold().json(200, page("4711", "ida@example.com")).json(200, page("4712", "bo@example.com"));
    is_held(&stage_of(two(), BY_ADDRESS, both), Reason::SeveralCandidates).await;
    let no_one = cold().json(200, nobody).json(200, nobody);
    is_held(&stage_of(two(), BY_ADDRESS, no_one), Reason::NoCandidate).await;
    let unreadable = cold().json(200, r#"{ "data": [ "nonsense" ] }"#);
    is_held(&stage_of(two(), BY_ADDRESS, unreadable), Reason::AnswerUnreadable).await;
    let without_address = with_signers(&[("", ""), ("", " ")]);
    is_held(&stage_of(without_address, BY_ADDRESS, cold()), Reason::NoCandidate).await;
    let addresses: Vec<String> = (0..11).map(|number| format!("{number}@example.com")).collect();
    let crowd: Vec<(&str, &str)> = addresses.iter().map(|email| ("", email.as_str())).collect();
    is_held(&stage_of(with_signers(&crowd), BY_ADDRESS, cold()), Reason::SeveralCandidates).await;
    let ten = (0..10).fold(cold(), |script, _| script.json(200, nobody));
    is_held(&stage_of(with_signers(&crowd[..10]), BY_ADDRESS, ten), Reason::NoCandidate).await;

    let alone = r#"{ "data": { "id": "4712", "type": "candidates", "attributes": {} } }"#;
    let one = cold().json(200, nobody).json(200, page("4712", "bo@example.com")).json(200, alone);
    let stage = stage_of(two(), BY_ADDRESS, one);
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4712".into()));
}

#[tokio::test]
async fn what_cannot_be_read_while_looking_for_an_address_is_looked_at_again() {
    let stage = stage_of(
        with_signers(&[("", "ida@example.com")]),
        BY_ADDRESS,
        cold().json(200, r#"{ "data": [ 1 ] }"#),
    );
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!(summary(&report.outcomes)[0], "city held answer-unreadable");
    assert_eq!(report.next, Next::Retry(Retry::default()));
}

#[tokio::test]
async fn a_candidate_whose_address_cannot_be_read_may_be_the_one_or_a_second_one() {
    for lost in [r#""attributes": { "email": ["ida@example.com"] }"#, r#""attributes": [1]"#] {
        for order in [[lost, IDA_ALONE], [IDA_ALONE, lost]] {
            let item =
                |id: usize| format!(r#"{{ "id": "{}", "type": "candidates", {} }}"#, 4711 + id, order[id]);
            let page = format!(r#"{{ "data": [ {}, {} ] }}"#, item(0), item(1));
            let stage =
                stage_of(with_signers(&[("", "ida@example.com")]), BY_ADDRESS, cold().json(200, page));
            is_held(&stage, Reason::AnswerUnreadable).await;
        }
    }
}

const IDA_ALONE: &str = r#""attributes": { "email": "ida@example.com" }"#;

#[tokio::test]
async fn values_that_came_along_with_a_list_and_belong_to_nobody_have_the_card_read_as_a_whole() {
    let listed = candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
    let mut unlinked: serde_json::Value = serde_json::from_str(&listed).unwrap();
    unlinked["data"][0]["relationships"]["custom-field-values"]["data"] = serde_json::json!([]);
    let whole = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
    let teamtailor = cold().json(200, unlinked.to_string()).json(200, whole);
    let stage = stage_of(with_signers(&[("", "ida@example.com")]), BY_ADDRESS, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(summary(plan.outcomes())[0], "city unchanged");
}

#[tokio::test]
async fn a_card_of_which_the_list_shows_a_part_only_is_read_as_a_whole() {
    for shown in ["", r#""uploads": { "data": [] }"#, r#""custom-field-values": { "data": [] }"#] {
        let listed = format!(
            r#"{{ "data": [ {{ "id": "4711", "type": "candidates", "attributes": {{ "email": "ida@example.com" }},
                "relationships": {{ {shown} }} }} ] }}"#
        );
        let whole = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
        let teamtailor = cold().json(200, listed).json(200, whole);
        let mapping = format!("{BY_ADDRESS}document = {{ by_email = true }}");
        let stage = stage_of(with_signers(&[("", "ida@example.com")]), &mapping, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(summary(plan.outcomes())[0], "city unchanged", "{shown}");
        assert_eq!(plan.document(), DocumentOutcome::AlreadyThere, "{shown}");
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

#[tokio::test]
async fn an_address_alone_binds_no_contract_before_anything_was_agreed_or_written() {
    let waits = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]\nconvention = false\ndocument = { attach = false }\n\
        [[field]]\noneflow = \"city\"\nteamtailor = \"custom:34\"\nwhen = \"all_signed\"";
    let oneflow =
        ScriptedTransport::new().json(200, contract("pending", "", &[("city", "Oslo")])).json(200, SENT);
    let teamtailor = ScriptedTransport::new().json(200, DEFINITIONS).json(200, candidate_page(IDA, &[], &[]));
    let stage = Stage::new(waits, oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    stage.engine.apply(plan).await;
    assert_eq!(stage.ledger.entry(9001.into()).unwrap_or_default().candidate, None);
}

#[tokio::test]
async fn an_address_binds_no_candidate_who_turns_out_to_be_gone_whatever_else_was_agreed() {
    // The city is on the card already, the salary is not.
    let paper = contract("pending", "", &[("city", "Oslo"), ("oneflow-salary", "45000")]);
    let card = candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[]);
    let gone = r#"{ "errors": [ { "title": "is invalid", "source": { "pointer": "/data/relationships/owner" } } ] }"#;
    let stage = stage_of(
        paper,
        &format!("{BY_ADDRESS}document = {{ attach = false }}"),
        cold().json(200, card).json(422, gone),
    );
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.steps().len(), 1);
    let report = stage.engine.apply(plan).await;
    let ends = summary(&report.outcomes);
    assert!(ends.contains(&"city unchanged".to_owned()), "{ends:?}");
    assert!(ends.contains(&"oneflow-salary held candidate-gone".to_owned()), "{ends:?}");
    let entry = stage.ledger.entry(9001.into()).unwrap_or_default();
    assert_eq!((entry.candidate, entry.bases.len()), (None, 0));
}

const BY_FIELD: &str =
    "[sync]\nlink = [\"data_field\", \"participant_custom_id\"]\nlink_data_field = \"candidate-link\"";

#[tokio::test]
async fn a_token_in_a_data_field_that_a_participant_changed_causes_no_write() {
    let (ida, bo) = (token("4711", "hire-1"), token("4712", "hire-2"));
    let stage = |text: &str, custom_id: &str| {
        let body = contract("signed", custom_id, &[("candidate-link", text), ("city", "Oslo")]);
        stage_of(body, BY_FIELD, cold())
    };
    is_held(&stage(&ida.replace("4711", "4712"), ""), Reason::LinkForged).await;
    is_held(&stage(&ida.replace("4711", "4712"), &ida), Reason::LinkForged).await;
    is_held(&stage(&bo, &ida), Reason::SeveralCandidates).await;
    is_held(&stage("", ""), Reason::NoCandidate).await;
    let pasted = stage(&bo, "");
    let other = Creation::Created { candidate: "4712".into(), contract: 9002.into() };
    pasted.ledger.save_creation(&"hire-2".parse().unwrap(), &other).await.unwrap();
    is_held(&pasted, Reason::LinkOfAnotherContract).await;
}

#[tokio::test]
async fn a_token_in_a_data_field_raises_no_binding_by_an_address() {
    for means in [r#""ledger", "data_field", "email""#, r#""data_field", "email""#] {
        let mapping = format!(
            "[sync]\nlink = [{means}]\nlink_data_field = \"candidate-link\"\ntemplate_types = [4711]"
        );
        let elsewhere = Creation::Created { candidate: "4711".into(), contract: 5.into() };
        for creation in [None, Some(elsewhere)] {
            // The token of contract 5, which is the same candidate's.
            let body =
                contract("signed", "", &[("candidate-link", &token("4711", "hire-1")), ("city", "Oslo")]);
            let card = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[]);
            let stage = stage_of(body, &mapping, cold().json(200, card));
            let mut entry = bound("4711");
            entry.linked_by = Some(LinkMeans::Email);
            stage.ledger.put(9001.into(), entry);
            if let Some(creation) = &creation {
                stage.ledger.save_creation(&"hire-1".parse().unwrap(), creation).await.unwrap();
            }
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.linked_by(), Some(LinkMeans::Email), "{means} {creation:?}");
            let report = stage.engine.apply(plan).await;
            assert_eq!(report.document, DocumentOutcome::NotDue(Reason::DocumentByAddress), "{means}");
            assert_eq!(stage.writes(), [""; 0], "{means}");
            let noted = stage.ledger.entry(9001.into()).unwrap().linked_by;
            assert_eq!(noted, Some(LinkMeans::Email), "{means} {creation:?}");
        }
    }
}

#[tokio::test]
async fn a_token_of_another_creation_proves_nothing_of_what_an_address_has_bound() {
    for mapping in ["", BY_ADDRESS, "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]"] {
        let stage = stage(&token("4711", "hire-1"), mapping, cold().json(200, candidate_page(IDA, &[], &[])));
        let elsewhere = Creation::Created { candidate: "4711".into(), contract: 5.into() };
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &elsewhere).await.unwrap();
        let mut entry = bound("4711");
        entry.linked_by = Some(LinkMeans::Email);
        stage.ledger.put(9001.into(), entry);
        is_held(&stage, Reason::LinkOfAnotherContract).await;
    }
}

#[tokio::test]
async fn what_is_typed_into_the_link_field_shakes_nothing_that_the_ledger_or_the_owner_side_proves() {
    let by_all = "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"data_field\"]\n\
        link_data_field = \"candidate-link\"";
    let by_tokens = BY_FIELD;
    let ida = token("4711", "hire-1");
    let forged = ida.replace("4711", "4712");
    let of = |means: Option<LinkMeans>| {
        let mut entry = bound("4711");
        entry.linked_by = means;
        entry
    };
    for text in [&*forged, "teamtailor:", &token("4712", "hire-2")] {
        for (mapping, custom_id, entry) in [
            (by_all, "", of(Some(LinkMeans::Ledger))),
            (by_all, "", of(Some(LinkMeans::DataField))),
            (by_all, &*ida, of(Some(LinkMeans::Ledger))),
            (by_all, &ida, of(None)),
            (by_all, &ida, of(Some(LinkMeans::Email))),
            (by_tokens, &ida, of(Some(LinkMeans::Ledger))),
            (by_tokens, &ida, of(None)),
        ] {
            let name = format!("{text} {mapping} {custom_id} {entry:?}");
            let body = contract("signed", custom_id, &[("candidate-link", text), ("city", "Oslo")]);
            let stage = stage_of(body, mapping, cold().json(200, candidate(IDA, &[], &[])));
            stage.ledger.put(9001.into(), entry);
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.candidate(), Some(&"4711".into()), "{name}");
            assert_ne!(plan.linked_by(), Some(LinkMeans::Email), "{name}");
            assert_eq!(plan.document(), DocumentOutcome::Attached, "{name}");
        }
        // Where nothing is proven, or nothing else would link the contract, a person has to see it.
        for (mapping, entry) in
            [(by_all, of(Some(LinkMeans::Email))), (by_tokens, of(Some(LinkMeans::Ledger)))]
        {
            let body = contract("signed", "", &[("candidate-link", text), ("city", "Oslo")]);
            let stage = stage_of(body, mapping, cold());
            stage.ledger.put(9001.into(), entry);
            let of_bo = text == token("4712", "hire-2");
            is_held(&stage, if of_bo { Reason::LinkDisagrees } else { Reason::LinkForged }).await;
        }
    }
}

#[tokio::test]
async fn the_data_field_alone_leads_back_to_the_candidate_when_the_ledger_is_lost() {
    let mapping = || {
        let text = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"candidate-link\"";
        toml::from_str::<Mapping>(text).unwrap()
    };
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(mapping());
    let kind = TemplateTypeSeed::new("With a link")
        .field(DataFieldSeed::new("candidate-link"))
        .field(DataFieldSeed::new("oneflow-notice"));
    let kind = story.sandbox.add_template_type(kind);
    let template = story.sandbox.add_template(TemplateSeed::new("With a link", Some(kind))).unwrap();
    let mut request = story.request("hire-2");
    request.template = template.into();
    let plan = story.engine.plan_contract(&request).await.unwrap();
    story.contract = story.engine.create(plan).await.unwrap().contract.get();
    story.sandbox.publish(story.contract).unwrap();
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let genuine = story.sandbox.contract_card(story.contract).unwrap().data_fields["candidate-link"].clone();

    story.lose_ledger(mapping());
    let forged = genuine.replace("hire-2", "hire-1");
    story.sandbox.fill_data_field(story.contract, "candidate-link", &forged).unwrap();
    let report = story.sync().await;
    assert!(report.outcomes.iter().all(|field| field.outcome == Outcome::Held(Reason::LinkForged)));
    assert_eq!(story.requests(), (0, 3), "the contract, the definitions and their options");

    story.sandbox.fill_data_field(story.contract, "candidate-link", &genuine).unwrap();
    let report = story.sync().await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.linked_by, Some(LinkMeans::DataField));
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
    let bound = story.ledger.entry(story.contract.into()).unwrap().candidate;
    assert_eq!(bound, Some(story.sandbox.seeded().candidate.into()));
}

#[tokio::test]
async fn participants_who_share_the_address_of_the_candidate_hold_the_contract() {
    let page = |candidates: &str| format!(r#"{{ "data": [ {candidates} ] }}"#);
    let ida = r#"{ "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } }"#;
    let bo = r#"{ "id": "4712", "type": "candidates", "attributes": { "email": "bo@example.com" } }"#;
    let twin = ida.replace("4711", "4713");
    let shared = || with_signers(&[("", "ida@example.com"), ("", " Ida@Example.com ")]);

    let stage = stage_of(shared(), BY_ADDRESS, cold().json(200, page(ida)));
    is_held(&stage, Reason::AddressShared).await;
    assert_eq!(stage.teamtailor_requests().len(), 3, "it is looked for once");
    is_held(&stage_of(shared(), BY_ADDRESS, cold().json(200, page(""))), Reason::NoCandidate).await;
    let both = cold().json(200, page(&format!("{ida}, {twin}")));
    is_held(&stage_of(shared(), BY_ADDRESS, both), Reason::SeveralCandidates).await;
    let three = with_signers(&[("", "ida@example.com"), ("", "bo@example.com"), ("", "ida@example.com")]);
    let others = cold().json(200, page(ida)).json(200, page(bo));
    is_held(&stage_of(three, BY_ADDRESS, others), Reason::SeveralCandidates).await;

    // Of the addresses, only that of the candidate has to be one participant's.
    let crowd = with_signers(&[("", "ida@example.com"), ("", "bo@example.com"), ("", "bo@example.com")]);
    let found = cold().json(200, page(ida)).json(200, page("")).json(200, candidate(IDA, &[], &[]));
    let stage = stage_of(crowd, BY_ADDRESS, found);
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
    // A token names its own participant, whatever the addresses are.
    let with_token = with_signers(&[(&token("4711", "hire-1"), "ida@example.com"), ("", "ida@example.com")]);
    let stage = stage_of(with_token, BY_ADDRESS, cold().json(200, candidate(IDA, &[], &[])));
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
}
