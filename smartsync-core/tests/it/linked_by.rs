//! By which means a candidate was found: what is remembered of it, and what it lets the document do.

use serde_json::json;
use smartsync_core::{
    DocumentOutcome, Ledger, LedgerEntry, Reason, Report, SyncKeys, ledger::Creation, link::LinkToken,
    mapping::LinkMethod,
};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    linking::bound_by,
    stage::{BY_ADDRESS, IDA, Stage, candidate, cold, contract, redirect, token},
};

/// The report on a signed contract that is bound so.
async fn signed(mapping: &str, custom_id: &str, entry: LedgerEntry) -> (Stage, Report) {
    signed_of(mapping, custom_id, entry, None).await
}

/// The same, of one that names the creation `hire-1`, of which the ledger knows this.
async fn signed_of(
    mapping: &str,
    custom_id: &str,
    entry: LedgerEntry,
    creation: Option<Creation>,
) -> (Stage, Report) {
    let read = cold();
    let uploaded = r#"{ "data": { "id": "600", "type": "uploads", "attributes": {} } }"#;
    let read = read.json(200, candidate(IDA, &[], &[])).json(201, uploaded);
    let oneflow = ScriptedTransport::new()
        .json(200, contract("signed", custom_id, &[]))
        .answer(Ok(redirect("https://storage.example/f?signature=1")));
    let stage = Stage::new(mapping, oneflow, read);
    stage.ledger.put(9001.into(), entry);
    if let Some(creation) = creation {
        stage.ledger.save_creation(&"hire-1".parse().unwrap(), &creation).await.unwrap();
    }
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    (stage, report)
}

#[tokio::test]
async fn what_was_bound_before_anybody_noted_by_what_is_proven_by_the_creation_that_made_it() {
    let retired = SyncKeys::new("acme", ["a/key/that/was/retired/long/ago/00000000000".into()]).unwrap();
    let old = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&retired);
    let created = |candidate: &str, contract: i64| Creation::Created {
        candidate: candidate.into(),
        contract: contract.into(),
    };
    let by_both = "[sync]\nlink = [\"email\", \"ledger\"]\ntemplate_types = [4711]";
    for mapping in ["", by_both] {
        for before in [None, Some(LinkMethod::Email)] {
            let (stage, report) =
                signed_of(mapping, &old, bound_by(before), Some(created("4711", 9001))).await;
            assert_eq!(report.document, DocumentOutcome::Attached, "{mapping} {before:?}");
            assert_eq!(report.linked_by, Some(LinkMethod::Ledger), "{mapping} {before:?}");
            let entry = stage.ledger.entry(9001.into()).unwrap();
            assert_eq!(entry.linked_by, Some(LinkMethod::Ledger), "it is noted now");
        }
    }
    // Another contract's creation, another candidate's, one that may have made nothing, none at all, or none that is named.
    let intended = Creation::Intended { candidate: "4711".into(), template: 88.into() };
    for (custom_id, creation) in [
        (&*old, Some(created("4711", 9002))),
        (&old, Some(created("4712", 9001))),
        (&old, Some(intended)),
        (&old, None),
        ("hire-1", Some(created("4711", 9001))),
    ] {
        let (stage, report) = signed_of("", custom_id, bound_by(None), creation.clone()).await;
        assert_eq!(report.document, DocumentOutcome::NotDue(Reason::DocumentByAddress), "{creation:?}");
        assert_eq!(report.linked_by, Some(LinkMethod::Email), "{creation:?}");
        assert!(stage.writes().is_empty(), "{creation:?}");
    }
}

#[tokio::test]
async fn the_document_goes_only_where_more_than_an_address_says_so_or_the_mapping_does() {
    let (held, attached) = (DocumentOutcome::NotDue(Reason::DocumentByAddress), DocumentOutcome::Attached);
    let by_email = format!("{BY_ADDRESS}document = {{ by_email = true }}");
    let by_hand = || {
        let mut entry = bound_by(Some(LinkMethod::Email));
        entry.linked_by_hand = true;
        entry
    };
    let token = token("4711", "hire-1");
    for (mapping, custom_id, entry, document, linked_by) in [
        (BY_ADDRESS, "", bound_by(Some(LinkMethod::Ledger)), attached, LinkMethod::Ledger),
        (BY_ADDRESS, "", bound_by(Some(LinkMethod::ParticipantCustomId)), attached, LinkMethod::Ledger),
        (BY_ADDRESS, "", bound_by(Some(LinkMethod::DataField)), attached, LinkMethod::Ledger),
        (BY_ADDRESS, "", by_hand(), attached, LinkMethod::Ledger),
        // The ledger knows that it was an address.
        (BY_ADDRESS, "", bound_by(Some(LinkMethod::Email)), held, LinkMethod::Email),
        ("", "", bound_by(Some(LinkMethod::Email)), held, LinkMethod::Email),
        (&by_email, "", bound_by(Some(LinkMethod::Email)), attached, LinkMethod::Email),
        // What an older version has bound, it may have bound by an address, unless our token is there.
        ("", "", bound_by(None), held, LinkMethod::Email),
        ("", &token, bound_by(None), attached, LinkMethod::ParticipantCustomId),
        ("", &token, bound_by(Some(LinkMethod::Email)), attached, LinkMethod::ParticipantCustomId),
    ] {
        let name = format!("{mapping} {custom_id} {entry:?}");
        let (stage, report) = signed(mapping, custom_id, entry).await;
        assert_eq!((report.document, report.linked_by), (document, Some(linked_by)), "{name}");
        assert_eq!(report.is_complete(), document == attached, "a person has to act: {name}");
        assert_eq!(stage.writes().len(), usize::from(document == attached), "{name}");
    }
}

#[tokio::test]
async fn the_ledger_remembers_the_best_of_the_means_that_have_found_the_candidate() {
    let token = token("4711", "hire-1");
    for (custom_id, before, after) in [
        ("", bound_by(Some(LinkMethod::Email)), Some(LinkMethod::Email)),
        ("", bound_by(None), None),
        (&*token, bound_by(Some(LinkMethod::Email)), Some(LinkMethod::ParticipantCustomId)),
        (&token, LedgerEntry::default(), Some(LinkMethod::ParticipantCustomId)),
    ] {
        let (stage, _) = signed("", custom_id, before.clone()).await;
        assert_eq!(stage.ledger.entry(9001.into()).unwrap().linked_by, after, "{before:?}");
    }
    let text = serde_json::to_value(bound_by(Some(LinkMethod::Email))).unwrap();
    assert_eq!(text, json!({ "candidate": "4711", "linked_by": "email" }));
    let old: LedgerEntry = serde_json::from_value(json!({ "candidate": "4711" })).unwrap();
    assert_eq!(old, bound_by(None));
}
