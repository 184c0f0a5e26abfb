//! Files that somebody else has put on the card: none of them passes for the signed document, and none keeps it away.

use serde_json::{Value, json};
use smartsync_core::{
    DocumentOutcome, LedgerEntry, Next, Reason, Report, Retry, SyncKeys, keys::DocumentMark,
    ledger::DocumentRecord, mapping::LinkMethod,
};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    DEFINITIONS, MARKED, SENT, Stage, candidate, candidate_page, cold, contract, keys, redirect, token,
};

const UPLOADED: &str = r#"{ "data": { "id": "700", "type": "uploads", "attributes": {} } }"#;

/// A card with these files, as the API shows them or as it shows those of people.
fn card(names: &[&str], is_internal: bool) -> String {
    let mut card: Value = serde_json::from_str(&candidate("{}", &[], names)).unwrap();
    for file in card["included"].as_array_mut().unwrap() {
        file["attributes"]["internal"] = json!(is_internal);
    }
    card.to_string()
}

fn stage(cards: &[String], entry: Option<LedgerEntry>) -> Stage {
    let paper = || contract("signed", &token("4711", "hire-1"), &[]);
    let address = || Ok(redirect("https://storage.example/f?signature=1"));
    let oneflow = cards.iter().fold(ScriptedTransport::new(), |script, _| script.json(200, paper()));
    let read = cold();
    let read = cards.iter().fold(read, |script, card| script.json(200, card.clone()));
    let stage = Stage::new("", oneflow.answer(address()), read.json(201, UPLOADED));
    if let Some(entry) = entry {
        stage.ledger.put(9001.into(), entry);
    }
    stage
}

async fn look(stage: &Stage) -> Report {
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    stage.engine.apply(plan).await
}

fn known(document: Option<DocumentRecord>) -> LedgerEntry {
    let mut entry = LedgerEntry::default();
    (entry.candidate, entry.linked_by) = (Some("4711".into()), Some(LinkMethod::Ledger));
    entry.document = document;
    entry
}

/// Names that only look like ours: one without a mark, and each mark that may be copied from elsewhere.
fn lookalikes() -> Vec<String> {
    let mark = |keys: &SyncKeys, contract: i64, candidate: &str| {
        DocumentMark::new(keys, contract.into(), &candidate.into()).as_str().to_owned()
    };
    let other_tenant =
        SyncKeys::new("globex", ["the/first/key/of/the/tenant/acme/0000000000".into()]).unwrap();
    let other_key = SyncKeys::new("acme", ["a/key/that/a/stranger/has/made/up/000000000".into()]).unwrap();
    let of_a_link = token("4711", "hire-1");
    let marks = [
        mark(&keys(), 9002, "4711"),
        mark(&keys(), 9001, "4712"),
        mark(&other_tenant, 9001, "4711"),
        mark(&other_key, 9001, "4711"),
        // A code of ours for another purpose.
        of_a_link.rsplit(':').next().unwrap()[..16].to_owned(),
        "0123456789abcdef".to_owned(),
        "823a6dcc899f97c".to_owned(),
        "823a6dcc 899f97cf".to_owned(),
    ];
    let marked = marks.iter().map(|mark| format!("Employment- Ida (9001) {mark}.pdf"));
    let plain = ["Employment- Ida (9001).pdf", "holiday (9001).jpg", "signed.pdf", " "];
    marked.chain(plain.map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_file_that_only_looks_like_ours_is_nobodys_and_the_document_is_attached_beside_it() {
    assert!(MARKED.contains(DocumentMark::new(&keys(), 9001.into(), &"4711".into()).as_str()));
    for is_internal in [true, false] {
        for name in lookalikes() {
            let stage = stage(&[card(&[&name], is_internal)], Some(known(None)));
            let report = look(&stage).await;
            assert_eq!(report.document, DocumentOutcome::Attached, "{name} {is_internal}");
            let document = stage.ledger.entry(9001.into()).unwrap().document;
            assert_eq!(document, Some(DocumentRecord::Uploaded { upload: "700".into() }), "{name}");
        }
        let all = lookalikes();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let stage = stage(&[card(&all, is_internal)], Some(known(None)));
        assert_eq!(look(&stage).await.document, DocumentOutcome::Attached, "{is_internal}");
    }
}

#[tokio::test]
async fn with_a_lost_ledger_no_unmarked_copy_is_adopted_and_none_keeps_the_document_away() {
    for is_internal in [true, false] {
        for name in lookalikes().iter().filter(|name| !name.trim().is_empty()) {
            let stage = stage(&[card(&[name], is_internal)], None);
            assert_eq!(look(&stage).await.document, DocumentOutcome::Attached, "{name} {is_internal}");
        }
        let stage = stage(&[card(&["a.pdf", MARKED], is_internal)], None);
        assert_eq!(look(&stage).await.document, DocumentOutcome::AlreadyThere, "{is_internal}");
        let document = stage.ledger.entry(9001.into()).unwrap().document;
        assert_eq!(document, Some(DocumentRecord::Uploaded { upload: "601".into() }));
    }
}

#[tokio::test]
async fn a_file_without_a_name_keeps_the_document_away_for_one_look_and_no_longer() {
    for name in ["null", "7", "\" \""] {
        let card = card(&["NAME"], true).replace("\"NAME\"", name);
        let stage = stage(&[card.clone(), card], None);
        let report = look(&stage).await;
        assert_eq!(report.document, DocumentOutcome::Later(Reason::UploadsUnknown), "{name}");
        assert_eq!(report.next, Next::Retry(Retry::default()), "{name}");
        // By now the ledger knows the contract, and of no upload: there was none.
        let report = look(&stage).await;
        assert_eq!(report.document, DocumentOutcome::Attached, "{name}");
    }
}

#[tokio::test]
async fn a_file_without_a_name_keeps_the_document_of_an_address_away_for_one_look_and_no_longer() {
    let mapping = "[sync]\nlink = [\"ledger\", \"email\"]\ntemplate_types = [4711]\nconvention = false\n\
        document = { by_email = true }";
    let ida = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;
    let nameless = |card: String| card.replace("\"NAME\"", "null");
    let page = nameless(candidate_page(ida, &[], &["NAME"]));
    let read = ScriptedTransport::new().json(200, DEFINITIONS).json(200, page);
    let read = read.json(200, nameless(candidate(ida, &[], &["NAME"]))).json(201, UPLOADED);
    let paper = || contract("signed", "", &[]);
    let oneflow = ScriptedTransport::new().json(200, paper()).json(200, SENT).json(200, paper());
    let oneflow = oneflow.answer(Ok(redirect("https://storage.example/f?signature=1")));
    let stage = Stage::new(mapping, oneflow, read);
    assert_eq!(look(&stage).await.document, DocumentOutcome::Later(Reason::UploadsUnknown));
    let entry = stage.ledger.entry(9001.into()).unwrap();
    assert_eq!((entry.candidate, entry.linked_by), (Some("4711".into()), Some(LinkMethod::Email)));
    assert_eq!(look(&stage).await.document, DocumentOutcome::Attached);
}

#[tokio::test]
async fn a_file_without_a_name_that_came_after_the_plan_keeps_nothing_away() {
    // Without a clock, everything is read again before anything is written.
    let paper = || contract("signed", &token("4711", "hire-1"), &[]);
    let oneflow = ScriptedTransport::new().json(200, paper()).json(200, paper()).json(200, paper());
    let oneflow = oneflow.answer(Ok(redirect("https://storage.example/f?signature=1")));
    let nameless = card(&["NAME"], true).replace("\"NAME\"", "null");
    let read = cold().json(200, card(&[], true));
    let read = read.json(200, nameless.clone()).json(200, nameless).json(201, UPLOADED);
    let stage = Stage::build("", oneflow, read, |builder| builder);
    stage.ledger.put(9001.into(), known(None));
    assert_eq!(look(&stage).await.document, DocumentOutcome::Attached);
}

#[tokio::test]
async fn an_upload_of_unknown_end_is_ended_by_a_marked_file_and_by_no_other() {
    let intended = || Some(known(Some(DocumentRecord::Intended)));
    for is_internal in [true, false] {
        for name in lookalikes() {
            let stage = stage(&[card(&[&name], is_internal)], intended());
            let report = look(&stage).await;
            assert_eq!(
                report.document,
                DocumentOutcome::Later(Reason::UploadUnknown),
                "{name} {is_internal}"
            );
            assert_eq!(report.next, Next::Retry(Retry::default()), "{name}");
            assert_eq!(stage.writes(), [""; 0], "{name}");
            assert_eq!(stage.ledger.entry(9001.into()), intended(), "{name}");
        }
        let stage = stage(&[card(&["a.pdf", MARKED], is_internal)], intended());
        assert_eq!(look(&stage).await.document, DocumentOutcome::AlreadyThere);
        let document = stage.ledger.entry(9001.into()).unwrap().document;
        assert_eq!(document, Some(DocumentRecord::Uploaded { upload: "601".into() }));
    }
}

#[tokio::test]
async fn a_file_whose_id_the_ledger_knows_is_ours_whatever_its_name_and_no_other_is() {
    let uploaded = || Some(known(Some(DocumentRecord::Uploaded { upload: "600".into() })));
    for is_internal in [true, false] {
        let stage = stage(&[card(&["renamed.pdf", MARKED], is_internal)], uploaded());
        assert_eq!(look(&stage).await.document, DocumentOutcome::AlreadyThere);
        assert_eq!(stage.ledger.entry(9001.into()), uploaded());
    }
    // It was taken away. A copy of its mark in another file does not bring it back.
    let mut other: Value = serde_json::from_str(&card(&[MARKED], false)).unwrap();
    other["included"][0]["id"] = json!("650");
    other["data"]["relationships"]["uploads"]["data"][0]["id"] = json!("650");
    let stage = stage(&[other.to_string()], uploaded());
    assert_eq!(look(&stage).await.document, DocumentOutcome::NotDue(Reason::DocumentNotShown));
    assert_eq!(stage.ledger.entry(9001.into()), uploaded());
    assert_eq!(stage.writes(), [""; 0]);
}
