//! The token that the owner side of a participant carries: whose it is, and when it proves nothing.

use smartsync_core::{Ledger, Reason, SyncKeys, ledger::Creation, link::LinkToken, mapping::LinkMethod};

use crate::support::{
    linking::{BY_TOKEN, bound, bound_by, is_held, stage, stage_of, with_signers},
    stage::{BY_ADDRESS, IDA, candidate, candidate_page, cold, keys, token},
};

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
async fn a_token_of_another_creation_proves_nothing_of_what_an_address_has_bound() {
    for mapping in ["", BY_ADDRESS, "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]"] {
        let stage = stage(&token("4711", "hire-1"), mapping, cold().json(200, candidate_page(IDA, &[], &[])));
        let elsewhere = Creation::Created { candidate: "4711".into(), contract: 5.into() };
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &elsewhere).await.unwrap();
        stage.ledger.put(9001.into(), bound_by(Some(LinkMethod::Email)));
        is_held(&stage, Reason::LinkOfAnotherContract).await;
    }
}
