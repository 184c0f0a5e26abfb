//! What files a card has could not be read: the document may be among them, so it is not attached a second time.

use serde_json::{Value, json};
use smartsync_core::{DocumentOutcome, LedgerEntry, Next, Reason, Retry, ledger::DocumentRecord};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    BY_ADDRESS, IDA, MARKED, SENT, Stage, candidate, candidate_page, cold, contract, token,
};

/// A card with the document, with one change.
fn changed(change: impl Fn(&mut Value)) -> String {
    let mut card = serde_json::from_str(&candidate(IDA, &[], &[MARKED]));
    change(card.as_mut().unwrap());
    card.unwrap().to_string()
}

/// How the document of a signed contract ends, with a ledger that knows nothing of it.
async fn look(custom_id: &str, teamtailor: ScriptedTransport) -> (DocumentOutcome, Next) {
    let paper = contract("signed", custom_id, &[]);
    let mapping = format!("{BY_ADDRESS}document = {{ by_email = true }}");
    let stage = Stage::new(&mapping, ScriptedTransport::new().json(200, paper).json(200, SENT), teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let planned = plan.document();
    let report = stage.engine.apply(plan).await;
    assert_eq!(stage.writes(), [""; 0]);
    assert_eq!(report.document, planned);
    (planned, report.next)
}

fn later() -> (DocumentOutcome, Next) {
    (DocumentOutcome::Later(Reason::UploadsUnknown), Next::Retry(Retry::default()))
}

#[tokio::test]
async fn where_the_files_are_not_all_known_none_is_attached() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 12] = [
        // The file came along, and the card is said to have none.
        ("data []", |card| card["data"]["relationships"]["uploads"]["data"] = json!([])),
        ("data null", |card| card["data"]["relationships"]["uploads"]["data"] = Value::Null),
        ("data 7", |card| card["data"]["relationships"]["uploads"]["data"] = json!(7)),
        ("linked twice", |card| {
            let other = json!({ "id": "601", "type": "uploads", "attributes": { "file-name": "cv.pdf" } });
            card["included"][0] = other;
            let link = json!({ "id": "601", "type": "uploads" });
            card["data"]["relationships"]["uploads"]["data"] = json!([link, link]);
        }),
        // One without a legible id may be the document.
        ("no link and no id", |card| {
            card["included"][0]["id"] = json!(true);
            card["data"]["relationships"]["uploads"] = json!({});
        }),
        ("no id beside none", |card| {
            card["included"][0]["id"] = json!(true);
            card["data"]["relationships"]["uploads"]["data"] = json!([]);
        }),
        // One without a name may be the document.
        ("name null", |card| card["included"][0]["attributes"]["file-name"] = Value::Null),
        ("name 7", |card| card["included"][0]["attributes"]["file-name"] = json!(7)),
        ("name empty", |card| card["included"][0]["attributes"]["file-name"] = json!(" ")),
        ("no name", |card| {
            drop(card["included"][0]["attributes"].as_object_mut().unwrap().remove("file-name"));
        }),
        ("no attributes", |card| drop(card["included"][0].as_object_mut().unwrap().remove("attributes"))),
        ("attributes null", |card| card["included"][0]["attributes"] = Value::Null),
    ];
    for (name, change) in table {
        let card = changed(change);
        assert_eq!(look(&token("4711", "hire-1"), cold().json(200, card)).await, later(), "{name}");
    }
}

#[tokio::test]
async fn a_file_without_a_name_beside_the_document_costs_nothing() {
    let mut card: Value = serde_json::from_str(&candidate(IDA, &[], &["cv.pdf", MARKED])).unwrap();
    card["included"][0]["attributes"]["file-name"] = Value::Null;
    let (document, next) = look(&token("4711", "hire-1"), cold().json(200, card.to_string())).await;
    assert_eq!((document, next), (DocumentOutcome::AlreadyThere, Next::Done));
}

#[tokio::test]
async fn a_list_that_brings_a_file_of_nobody_is_not_trusted() {
    let mut page: Value = serde_json::from_str(&candidate_page(IDA, &[], &[MARKED])).unwrap();
    page["data"][0]["relationships"]["uploads"]["data"] = json!([]);
    let mut card: Value = serde_json::from_str(&candidate(IDA, &[], &[MARKED])).unwrap();
    let read = cold().json(200, page.to_string()).json(200, card.to_string());
    assert_eq!(look("", read).await, (DocumentOutcome::AlreadyThere, Next::Done), "the card itself tells");
    card["data"]["relationships"]["uploads"]["data"] = json!([]);
    assert_eq!(look("", cold().json(200, page.to_string()).json(200, card.to_string())).await, later());
}

#[tokio::test]
async fn a_document_that_the_ledger_knows_needs_no_name() {
    let card = changed(|card| card["included"][0]["attributes"]["file-name"] = Value::Null);
    let paper = contract("signed", &token("4711", "hire-1"), &[]);
    let stage = Stage::new("", ScriptedTransport::new().json(200, paper), cold().json(200, card));
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    entry.document = Some(DocumentRecord::Uploaded { upload: "600".into() });
    stage.ledger.put(9001.into(), entry);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.document(), DocumentOutcome::AlreadyThere);
}
