//! No value that a person typed is printed or remembered.

use std::fmt::Debug;

use oneflow_client::contracts::{ContractState, PublishMessage};
use serde_json::json;
use smartsync_core::{
    ContractRequest, LedgerEntry, LedgerError, Mapping, Reason, Schemas, TemplateTypeId, WorkspaceId,
    candidate::{CandidateSnapshot, CardFile, CustomValue, DefaultField, Definition, Definitions},
    contract::{ContractSnapshot, DataFieldSnapshot, Signer},
    engine::{DocumentHostError, SignedDocument},
    ledger::{CardEntry, Digest},
    link::LinkToken,
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema, WorkspaceSchema},
    plan::{Base, PlanInput, Sides, State, plan},
    value::{ChoiceOption, FieldFormat, FieldType, FieldValue},
};
use smartsync_transport::{CauseChain, ScriptedTransport};

use crate::support::{
    case::Case,
    stage::{
        DEFINITIONS, OPTIONS, Stage, candidate, cold, contract, keys, redirect, token, validation_error,
        written_back,
    },
};

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
    let teamtailor = cold()
        .json(200, card)
        .json(422, validation_error("/data/attributes/email", MARK))
        .json(500, MARK)
        .json(500, MARK);
    let stage =
        Stage::new(&written_back(&[("first-name", "first_name"), ("email", "email")]), oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.updates().len(), 3);
    let mut printed =
        vec![format!("{plan:?} {plan:#?} {:?} {:?} {}", plan.updates(), plan.steps(), plan.hash())];
    let report = stage.engine.apply(plan).await;
    printed.push(format!("{report:?} {}", serde_json::to_string(&report).unwrap()));
    let engine = format!("{:?}", stage.engine);
    assert!(engine.starts_with("Engine { oneflow: "), "{engine}");
    printed.push(format!("{engine} {:?}", stage.ledger));
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
    let lost = LedgerError::new(MARK);
    let errors = format!("{error} {error:?} {lost} {lost:?}");
    for text in [format!("{document:?} {document:#?}"), errors] {
        assert!(!text.contains(MARK), "{text}");
    }
}

#[test]
fn a_value_is_printed_as_what_it_is_of_and_not_as_what_it_holds() {
    let mut held = CandidateSnapshot::new("4711");
    held.defaults.insert(DefaultField::Phone, MARK.to_owned());
    held.custom.insert("34".into(), CustomValue::new("903", MARK));
    held.files = Some(vec![CardFile::new("77", MARK)]);
    let mut signer = Signer::default();
    (signer.custom_id, signer.email) = (Some(MARK.to_owned()), Some(MARK.to_owned()));
    let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
    contract.signers.push(signer);
    contract.data_fields.insert("city".to_owned(), DataFieldSnapshot::new(MARK));
    let mut select = Definition::new("35", "kind", FieldType::Choice);
    (select.name, select.options) = (Some(MARK.to_owned()), [ChoiceOption::new("7001", MARK)].into());
    let digest = |text: &str| serde_json::from_value::<Digest>(text.into()).unwrap();
    let mut data_field = DataFieldSchema::new("city");
    data_field.name = Some(MARK.to_owned());
    let request = ContractRequest::new("hire-1".parse().unwrap(), "4711".into(), 88.into(), 12.into());
    let forged = LinkToken::verify(&format!("teamtailor:{MARK}"), &keys()).unwrap().unwrap_err();
    let Ok(Some(FieldValue::Number(number))) = FieldFormat::new(FieldType::Number).read_oneflow("12") else {
        panic!("a number");
    };
    let template_type = TemplateTypeSchema::new(88.into(), MARK, [data_field]);
    let table = [
        (
            format!("{held:?}"),
            r#"CandidateSnapshot { id: CandidateId("4711"), defaults: [Phone], unreadable: {}, custom: {CustomFieldId("34"): CustomValue { id: CustomFieldValueId("903"), is_unreadable: false, .. }}, is_incomplete: false, files: Some(1) }"#,
        ),
        (
            format!("{contract:?}"),
            r#"ContractSnapshot { id: ContractId(9001), state: Some(Pending), created: None, published: None, state_changed: None, last_change: None, template_type: None, workspace: None, data_fields: {"city": DataFieldSnapshot { created: None, updated: None, unreadable: {}, .. }}, signers: [Signer { id: None, is_signatory: None, has_signed: false, created: None, updated: None, seen_or_signed: [], unreadable: {}, .. }], unreadable: {}, .. }"#,
        ),
        (
            format!("{select:?}"),
            r#"Definition { id: CustomFieldId("35"), api_name: Some("kind"), kind: Some(Choice), is_candidates: true, options: [ChoiceOption { id: "7001", .. }], .. }"#,
        ),
        (format!("{:?}", digest("v5:0a1b2c3d:00ff:custom:34")), "Digest(0a1b2c3d)"),
        (format!("{:?}", digest(MARK)), "Digest(_)"),
        (format!("{number:?}"), "Decimal(_)"),
        (format!("{:?}", FieldValue::Number(number)), "FieldValue(number)"),
        (
            format!("{:?}", request.name(MARK).publish(PublishMessage::new(MARK, MARK))),
            r#"ContractRequest { request_id: RequestId("hire-1"), candidate: CandidateId("4711"), template: TemplateId(88), workspace: WorkspaceId(12), publish: true, .. }"#,
        ),
        (format!("{forged:?}"), "InvalidLinkToken"),
        (
            format!("{template_type:?}"),
            r#"TemplateTypeSchema { id: TemplateTypeId(88), data_fields: [DataFieldSchema { key: "city", active: true, source: None, .. }], .. }"#,
        ),
        (
            format!("{:?}", WorkspaceSchema::new(12.into(), MARK)),
            "WorkspaceSchema { id: WorkspaceId(12), .. }",
        ),
        (format!("{:?}", keys()), r#"SyncKeys { tenant: "acme", keys: 1 }"#),
    ];
    for (printed, expected) in table {
        assert_eq!(printed, expected);
    }
}

#[test]
fn a_plan_is_printed_as_its_fields_and_not_as_their_values() {
    let case = Case::new("[[field]]\noneflow = \"city\"\nteamtailor = \"custom:city\"");
    let mut case = case.field("city", MARK);
    (case.contract.state, case.contract.name) = (Some(ContractState::Signed), MARK.to_owned());
    let plan = case.plan();
    assert_eq!(
        format!("{:?}", plan.updates()),
        r#"[FieldUpdate { data_field: "city", candidate_field: Custom("city"), .. }]"#
    );
    let steps = concat!(
        r#"[CreateCustomFieldValue { body: NewCustomFieldValue { value: _, custom_field: CustomFieldId("34"), "#,
        r#"owner: CandidateId("4711") } }, "#,
        r#"AttachDocument { contract: ContractId(9001), candidate: CandidateId("4711"), .. }]"#
    );
    assert_eq!(format!("{:?}", plan.steps()), steps);
    let of_plan = concat!(
        r#"Plan { contract: ContractId(9001), candidate: Some(CandidateId("4711")), outcomes: [FieldOutcome { "#,
        r#"data_field: "city", candidate_field: Custom("city"), outcome: Written, note: None, member: None, is_due: true, "#,
        r#"sides: Some(SideStates { base: None, contract: Differs, card: Empty }) }], steps: "#
    );
    let printed = format!("{plan:?}");
    let rest = printed.strip_prefix(of_plan).and_then(|rest| rest.strip_prefix(steps)).unwrap();
    assert_eq!(rest, format!(r#", document: Attached, hash: "{}", .. }}"#, plan.hash()));
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
    assert!(printed[0].contains(" CreationPlan { request: ContractRequest { request_id: "), "{printed:?}");
    let error = stage.engine.create(plan).await.unwrap_err();
    printed.push(format!("{error} {error:?} {}", CauseChain(&error)));
    printed.push(format!("{:?}", stage.ledger));
    for text in printed {
        assert!(!text.contains(MARK), "{text}");
    }
    assert!(stage.writes().iter().any(|line| line.contains(MARK)), "the mark did travel");
}

/// A contract, a card and a select that hold the mark wherever they have a place for it.
fn marked() -> (ContractSnapshot, CandidateSnapshot, Definitions) {
    let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
    contract.name = MARK.to_owned();
    contract.data_fields.insert("city".to_owned(), DataFieldSnapshot::new(MARK));
    let mut signer = Signer::default();
    signer.custom_id = Some(MARK.to_owned());
    signer.email = Some(format!("{MARK}@example.com"));
    contract.signers.push(signer);
    let mut candidate = CandidateSnapshot::new("4711");
    candidate.defaults = DefaultField::ALL.into_iter().map(|field| (field, MARK.to_owned())).collect();
    candidate.custom.insert("35".into(), CustomValue::new("901", json!([MARK, { "value": MARK }])));
    candidate.files = Some(vec![CardFile::new("77", MARK)]);
    let mut select = Definition::new("35", "oneflow-kind", FieldType::Choice);
    select.name = Some(MARK.to_owned());
    select.options = [ChoiceOption::new("7001", MARK)].into();
    (contract, candidate, Definitions::new([select]))
}

/// Fails if one of these prints the mark, on one line or on several.
fn print_nothing(all: &[&dyn Debug]) {
    for item in all {
        let text = format!("{item:?} {item:#?}");
        assert!(!text.to_lowercase().contains(MARK), "{text}");
    }
}

#[test]
fn what_a_plan_is_made_from_prints_no_value_and_no_name() {
    let (contract, candidate, definitions) = marked();
    let (mapping, entry, keys) = (Mapping::default(), LedgerEntry::default(), keys());
    let input = PlanInput {
        mapping: &mapping,
        definitions: &definitions,
        contract: &contract,
        others: std::slice::from_ref(&contract),
        has_unread_other: false,
        candidate: Ok(&candidate),
        entry: &entry,
        card: &CardEntry::default(),
        resolutions: &[],
        keys: &keys,
    };
    print_nothing(&[&input, &contract, &contract.data_fields, &contract.signers]);
    print_nothing(&[&candidate, &candidate.custom, &definitions, &plan(&input)]);
}

#[test]
fn an_account_prints_no_name_of_what_is_in_it() {
    let (_, _, definitions) = marked();
    let mut field = DataFieldSchema::new("city");
    field.name = Some(MARK.to_owned());
    let kind = TemplateTypeSchema::new(TemplateTypeId::new(7), MARK, [field.clone()]);
    let workspace = WorkspaceSchema::new(WorkspaceId::new(12), MARK);
    let select = definitions.find("35").unwrap().clone();
    print_nothing(&[&field, &kind, &workspace, &select, &select.options, &select.options[0]]);
    let schemas = Schemas::new(OneflowSchema::new([kind], [workspace]), definitions);
    let checked = Mapping::default().check_against(&schemas).unwrap();
    print_nothing(&[&schemas, &schemas.oneflow, &schemas.teamtailor, &checked]);
}

#[test]
fn a_value_and_its_format_print_neither_what_was_typed_nor_an_option() {
    let options = [ChoiceOption::new("7001", MARK)];
    let typed = [
        (FieldType::Text, MARK.to_owned()),
        (FieldType::Url, format!("{MARK}.example")),
        (FieldType::Email, format!("{MARK}@example.com")),
        (FieldType::Choice, MARK.to_owned()),
        (FieldType::Choices, MARK.to_owned()),
    ];
    for (kind, text) in typed {
        let format = FieldFormat::new(kind).options(options.clone());
        let value = format.read_oneflow(&text).unwrap().unwrap();
        let sides = Sides {
            base: Base::Value(value.clone()),
            candidate: State::Value(value.clone()),
            contract: State::Value(value.clone()),
        };
        print_nothing(&[&format, &value, &sides]);
        for error in [
            format.write_oneflow(&FieldValue::Text(MARK.repeat(100))).unwrap_err(),
            FieldFormat::new(FieldType::Number).read_oneflow(&text).unwrap_err(),
        ] {
            assert!(!format!("{error} {error:?}").contains(MARK), "{error}");
        }
    }
    // Of types that cannot hold the mark.
    for (kind, text, digits) in [
        (FieldType::Phone, "+46 70 123 45 67", "123"),
        (FieldType::Number, "4123123", "123"),
        (FieldType::Date, "2031-12-31", "31"),
    ] {
        let value = FieldFormat::new(kind).read_oneflow(text).unwrap().unwrap();
        let mut printed = format!("{value:?}");
        if let FieldValue::Phone(number) = &value {
            printed += &format!("{number:?}");
        }
        if let FieldValue::Number(number) = &value {
            printed += &format!("{number:?}");
        }
        assert!(!printed.contains(digits), "{printed}");
    }
}

#[test]
fn a_link_prints_ids_and_nothing_that_could_be_pasted_into_a_contract() {
    let text = token("4711", "hire-1");
    let genuine = LinkToken::verify(&text, &keys()).unwrap().unwrap();
    let mac = text.rsplit(':').next().unwrap();
    assert!(!format!("{genuine:?} {genuine:#?}").contains(mac));
    for forged in
        [format!("teamtailor:{MARK}"), format!("teamtailor:4711:{MARK}:00"), format!("{text}{MARK}")]
    {
        let error = LinkToken::verify(&forged, &keys()).unwrap().unwrap_err();
        assert!(!format!("{error} {error:?} {error:#?}").contains(MARK), "{error}");
    }
}

#[test]
fn every_reason_has_a_code_and_a_sentence_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for reason in Reason::ALL {
        let (code, sentence) = (reason.code(), reason.sentence());
        assert_eq!(reason.to_string(), sentence);
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
        assert!(seen.insert(code) && seen.insert(sentence), "{code} stands twice");
    }
}
