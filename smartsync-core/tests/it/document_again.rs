//! The signed document at a second look: uploaded again where it was refused, and never where it may be there.

use smartsync_core::{DocumentOutcome, Reason, Report, ledger::DocumentRecord};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{MARKED, Stage, candidate, cold, contract, redirect, token, validation_error};

const UPLOADED: &str =
    r#"{ "data": { "id": "600", "type": "uploads", "attributes": { "internal": false } } }"#;
const FIRST: &str = "https://storage.example/contract-1.pdf?signature=0123";
const SECOND: &str = "https://storage.example/contract-1.pdf?signature=4567";

/// The card with a file whose name is this JSON, or without any.
fn card(file: Option<&str>) -> String {
    match file {
        Some(name) => candidate("{}", &[], &["NAME"]).replace("\"NAME\"", name),
        None => candidate("{}", &[], &[]),
    }
}

/// A Oneflow with a signed contract without fields, which gives its file these addresses, one at each look.
fn addresses(addresses: &[&str]) -> ScriptedTransport {
    addresses.iter().fold(ScriptedTransport::new(), |script, address| {
        let body = contract("signed", &token("4711", "hire-1"), &[]);
        script.json(200, body).answer(Ok(redirect(address)))
    })
}

async fn look(stage: &Stage) -> Report {
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    stage.engine.apply(plan).await
}

#[tokio::test]
async fn a_refused_upload_is_made_again_with_a_fresh_address() {
    let refused = validation_error("/data/attributes/url", "could not be fetched");
    let teamtailor =
        cold().json(200, card(None)).json(422, refused).json(200, card(None)).json(201, UPLOADED);
    let stage = Stage::new("", addresses(&[FIRST, SECOND]), teamtailor);
    let report = look(&stage).await;
    assert_eq!(report.document, DocumentOutcome::Later(Reason::DocumentRefused));
    assert!(report.retry_after().is_some());
    let report = look(&stage).await;
    assert_eq!(report.document, DocumentOutcome::Attached);
    assert!(report.is_complete());
    let writes = stage.writes();
    assert_eq!(writes.len(), 2);
    assert!(writes[0].contains(FIRST) && writes[1].contains(SECOND), "{writes:?}");
}

#[tokio::test]
async fn a_document_whose_name_was_changed_is_known_by_its_id() {
    for (name, outcome) in [
        (r#""Employment-_Ida_9001_45e841ce805cea90.pdf""#, DocumentOutcome::AlreadyThere),
        (r#""contract.pdf""#, DocumentOutcome::AlreadyThere),
        ("null", DocumentOutcome::AlreadyThere),
    ] {
        let teamtailor = cold().json(200, card(None)).json(201, UPLOADED).json(200, card(Some(name)));
        let again = contract("signed", &token("4711", "hire-1"), &[]);
        let stage = Stage::new("", addresses(&[FIRST]).json(200, again), teamtailor);
        assert_eq!(look(&stage).await.document, DocumentOutcome::Attached);
        assert_eq!(look(&stage).await.document, outcome, "{name}");
        assert_eq!(stage.writes().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_document_that_the_card_does_not_show_is_not_attached_again() {
    let teamtailor = cold().json(200, card(None)).json(201, UPLOADED).json(200, card(None));
    let again = contract("signed", &token("4711", "hire-1"), &[]);
    let stage = Stage::new("", addresses(&[FIRST]).json(200, again), teamtailor);
    look(&stage).await;
    assert_eq!(look(&stage).await.document, DocumentOutcome::NotDue(Reason::DocumentNotShown));
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn with_a_lost_ledger_the_document_is_known_by_its_mark_and_remembered() {
    for name in [MARKED, "Employment-_Ida_9001_45E841CE805CEA90.pdf", "45e841ce805cea90"] {
        let body = contract("signed", &token("4711", "hire-1"), &[]);
        let oneflow = ScriptedTransport::new().json(200, body);
        let stage = Stage::new("", oneflow, cold().json(200, card(Some(&format!("\"{name}\"")))));
        let report = look(&stage).await;
        assert_eq!(report.document, DocumentOutcome::AlreadyThere, "{name}");
        assert_eq!(stage.writes(), [""; 0], "{name}");
        let entry = stage.ledger.entry(9001.into()).unwrap();
        assert_eq!(entry.document, Some(DocumentRecord::Uploaded { upload: "600".into() }), "{name}");
    }
}
