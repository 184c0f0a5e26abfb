//! No value that a person typed is printed or remembered.

use oneflow_client::PublishMessage;
use smartsync_core::{ContractRequest, DocumentHostError, Reason, SignedDocument};
use smartsync_transport::{CauseChain, ScriptedTransport};

use crate::stage::{DEFINITIONS, OPTIONS, Stage, candidate, contract, redirect, token, validation_error};

/// Stands wherever a person could have typed something.
const MARK: &str = "kanarienvogel";

#[tokio::test]
async fn no_value_is_printed_or_remembered_by_a_sync() {
    let body = contract(
        "signed",
        &token("4711", "hire-1"),
        &[
            ("first-name", MARK),
            ("email", "kanarienvogel@example.com"),
            ("city", MARK),
            ("oneflow-kind", MARK),
            ("oneflow-salary", MARK),
        ],
    )
    .replace("Employment: Ida", MARK);
    let attributes = format!(r#"{{ "first-name": "{MARK} 2", "last-name": "{MARK}", "phone": "{MARK}" }}"#);
    let card = candidate(&attributes, &[("903", "34", r#""kanarienvogel 3""#)], &["kanarienvogel.pdf"]);
    let oneflow = ScriptedTransport::new()
        .json(200, body)
        .answer(Ok(redirect("https://storage.example/kanarienvogel.pdf?signature=kanarienvogel")));
    let teamtailor = ScriptedTransport::new()
        .json(200, DEFINITIONS)
        .json(200, OPTIONS)
        .json(200, card)
        .json(422, validation_error("/data/attributes/email", MARK))
        .json(500, MARK)
        .json(500, MARK);
    let stage = Stage::new("", oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.updates().len(), 3);
    let mut printed =
        vec![format!("{plan:?} {plan:#?} {:?} {:?} {}", plan.updates(), plan.steps(), plan.hash())];
    let report = stage.engine.apply(plan).await;
    printed.push(format!("{report:?} {}", serde_json::to_string(&report).unwrap()));
    printed.push(format!("{:?} {:?}", stage.engine, stage.ledger));
    printed.push(serde_json::to_string(&stage.ledger.entry(9001.into()).unwrap()).unwrap());
    for text in printed {
        assert!(!text.contains(MARK), "{text}");
        assert!(!text.contains("oneflow-token") && !text.contains("teamtailor-key"), "{text}");
        assert!(!text.contains("the first key"), "{text}");
    }
    assert!(stage.writes().iter().any(|line| line.contains(MARK)), "the mark did travel");
}

#[test]
fn a_document_on_its_way_to_a_host_prints_neither_its_name_nor_its_bytes() {
    let document = SignedDocument::new(9001.into(), MARK, MARK);
    let error = DocumentHostError::new(MARK);
    for text in [format!("{document:?} {document:#?}"), error.to_string()] {
        assert!(!text.contains(MARK), "{text}");
    }
}

#[tokio::test]
async fn no_value_is_printed_or_remembered_by_a_creation() {
    let attributes = format!(
        r#"{{ "first-name": "{MARK}", "last-name": "{MARK}", "email": "{MARK}@example.com", "phone": "+4670{MARK}" }}"#
    );
    let card = candidate(&attributes, &[("903", "34", r#""kanarienvogel""#)], &[]);
    let kind = r#"{ "id": 4711, "data_fields": [ { "id": 1, "custom_id": "city" } ] }"#;
    let oneflow = ScriptedTransport::new()
        .json(200, r#"{ "id": 88, "name": "kanarienvogel", "template_type": { "id": 4711 } }"#)
        .json(200, kind)
        .json(400, r#"{ "error_code": 4000000, "detail": "kanarienvogel" }"#);
    let teamtailor = ScriptedTransport::new().json(200, card).json(200, DEFINITIONS).json(200, OPTIONS);
    let stage = Stage::new("", oneflow, teamtailor);
    let request = ContractRequest::new("hire-1".parse().unwrap(), "4711".into(), 88.into(), 12.into())
        .name(MARK)
        .publish(PublishMessage::new(MARK, MARK));
    let plan = stage.engine.plan_contract(&request).await.unwrap();
    let mut printed = vec![format!("{request:?} {plan:?} {:?}", plan.operation())];
    let error = stage.engine.create(plan).await.unwrap_err();
    printed.push(format!("{error} {error:?} {}", CauseChain(&error)));
    printed.push(format!("{:?}", stage.ledger));
    for text in printed {
        assert!(!text.contains(MARK), "{text}");
    }
    assert!(stage.writes().iter().any(|line| line.contains(MARK)), "the mark did travel");
}

#[test]
fn every_reason_has_a_code_and_a_sentence_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for reason in Reason::ALL {
        let (code, sentence) = (reason.code(), reason.sentence());
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
        assert!(seen.insert(code) && seen.insert(sentence), "{code} stands twice");
    }
}
