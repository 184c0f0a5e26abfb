//! The signed document on the candidate's card.

use smartsync_core::{
    DocumentOutcome, Mapping, Next, Outcome, Reason, Report, Retry,
    keys::DocumentMark,
    ledger::DocumentRecord,
    mapping::{FileNameError, FileNameTemplate},
};
use smartsync_transport::{ScriptedTransport, TransportError};

use crate::support::stage::{
    BY_ADDRESS, DEFINITIONS, IDA, MARKED, Stage, candidate, cold, contract, http_response, keys, redirect,
    token,
};

const ADDRESS: &str = "https://storage.example/contract-1.pdf?signature=0123&expires=60";
const UPLOADED: &str = r#"{ "data": { "id": "600", "type": "uploads", "attributes": {
    "file-name": "Employment- Ida (9001).pdf", "internal": false } } }"#;

/// The report on a signed contract with one field to write, after these answers.
async fn signed(
    files: &[&str],
    oneflow: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
    teamtailor: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, Report) {
    let contract = contract("signed", &token("4711", "hire-1"), &[("city", "Oslo")]);
    let value =
        r#"{ "data": { "id": "905", "type": "custom-field-values", "attributes": { "value": "Oslo" } } }"#;
    let read = cold().json(200, candidate(IDA, &[], files)).json(201, value);
    let stage = Stage::new("", oneflow(ScriptedTransport::new().json(200, contract)), teamtailor(read));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!(report.count(|outcome| outcome == Outcome::Written), 1, "the document never gates the fields");
    (stage, report)
}

#[tokio::test]
async fn the_address_of_the_signed_file_is_handed_to_teamtailor() {
    let (stage, report) = signed(
        &["cv.pdf"],
        |script| script.answer(Ok(redirect(ADDRESS))),
        |script| script.json(201, UPLOADED),
    )
    .await;
    assert_eq!(report.document, DocumentOutcome::Attached);
    assert!(report.is_complete());
    assert_eq!(stage.oneflow_requests()[1..], ["GET /v1/contracts/9001/files/1?download=true"]);
    assert_eq!(
        stage.writes()[1..],
        [concat!(
            r#"POST /v1/uploads {"data":{"type":"uploads","attributes":{"url":"https://storage.example/contract-1.pdf?signature=0123&expires=60","#,
            r#""file-name":"Employment- Ida (9001) 45e841ce805cea90.pdf"},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#
        )]
    );
}

#[tokio::test]
async fn a_document_that_is_on_the_card_is_not_attached_again() {
    for file in [MARKED, "renamed since 45E841CE805CEA90"] {
        let (stage, report) = signed(&["cv.pdf", file], |script| script, |script| script).await;
        assert_eq!(report.document, DocumentOutcome::AlreadyThere);
        assert_eq!(stage.oneflow_requests().len(), 1);
        assert_eq!(stage.writes().len(), 1);
    }
}

#[tokio::test]
async fn a_document_that_came_onto_the_card_after_an_old_plan_is_not_attached_again() {
    let body = contract("signed", &token("4711", "hire-1"), &[]);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
    let teamtailor = cold().json(200, candidate(IDA, &[], &[])).json(200, candidate(IDA, &[], &[MARKED]));
    let stage = Stage::build("", oneflow, teamtailor, |builder| builder);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.document(), DocumentOutcome::Attached);
    assert_eq!(stage.engine.apply(plan).await.document, DocumentOutcome::AlreadyThere);
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_file_without_the_mark_does_not_stand_in_for_the_document_whatever_its_name_says() {
    let (_, report) = signed(
        &["Employment- Ida (9001).pdf", "Employment 9001 0123456789abcdef.pdf", "823a6dcc899f97c.pdf"],
        |script| script.answer(Ok(redirect(ADDRESS))),
        |script| script.json(201, UPLOADED),
    )
    .await;
    assert_eq!(report.document, DocumentOutcome::Attached);
}

#[tokio::test]
async fn what_can_go_wrong_with_the_document_is_an_outcome_of_its_own() {
    let retry = Next::Retry(Retry::default());
    let own = "https://api.oneflow.com/v1/contracts/9001/files/1";
    let table = [
        (Ok(http_response(404, &[], "{}")), DocumentOutcome::Later(Reason::FileNotReady), retry),
        (Ok(http_response(503, &[], "")), DocumentOutcome::Later(Reason::Unavailable), retry),
        (Err(TransportError::timeout("late")), DocumentOutcome::Later(Reason::Unavailable), retry),
        (Ok(http_response(200, &[], "%PDF-1.7")), DocumentOutcome::Later(Reason::FileWithoutAddress), retry),
        (Ok(redirect("https://10.0.0.1/f")), DocumentOutcome::Later(Reason::AddressNotPublic), retry),
        (Ok(redirect("http://storage.example/f")), DocumentOutcome::Later(Reason::AddressNotPublic), retry),
        (Ok(redirect(own)), DocumentOutcome::Later(Reason::AddressNotPublic), retry),
        (Ok(http_response(403, &[], "{}")), DocumentOutcome::Later(Reason::NotAuthorized), retry),
    ];
    for (answer, outcome, next) in table {
        let (stage, report) = signed(&[], |script| script.answer(answer), |script| script).await;
        assert_eq!((report.document, report.next), (outcome, next));
        assert_eq!(stage.writes().len(), 1, "nothing is uploaded");
        assert!(!report.is_complete());
    }
}

#[tokio::test]
async fn a_refused_upload_is_tried_again_and_one_whose_end_is_not_known_is_not() {
    let address = |script: ScriptedTransport| script.answer(Ok(redirect(ADDRESS)));
    let retry = Next::Retry(Retry::default());
    let document = |stage: &Stage| stage.ledger.entry(9001.into()).unwrap().document;
    let (stage, report) = signed(&[], address, |script| script.json(422, "{}")).await;
    assert_eq!((report.document, report.next), (DocumentOutcome::Later(Reason::DocumentRefused), retry));
    assert_eq!(document(&stage), None);
    for answer in [Err(TransportError::timeout("late")), Ok(http_response(503, &[], ""))] {
        let card = candidate(IDA, &[("905", "34", r#""Oslo""#)], &[]);
        let (stage, report) = signed(&[], address, |script| script.answer(answer).json(200, card)).await;
        assert_eq!((report.document, report.next), (DocumentOutcome::Later(Reason::UploadUnknown), retry));
        assert_eq!(document(&stage), Some(DocumentRecord::Intended));
    }
    let lost = TransportError::timeout("late");
    let card = candidate(IDA, &[("905", "34", r#""Oslo""#)], &[MARKED]);
    let (stage, report) = signed(&[], address, |script| script.answer(Err(lost)).json(200, card)).await;
    assert_eq!((report.document, report.next), (DocumentOutcome::Attached, Next::Done));
    assert_eq!(document(&stage), Some(DocumentRecord::Uploaded { upload: "600".into() }));
}

#[tokio::test]
async fn a_document_is_not_tried_where_the_fields_have_shown_that_it_would_fail() {
    let later = DocumentOutcome::Later(Reason::NotAttempted);
    for (status, document, requests) in
        [(429, later, 1), (401, later, 1), (409, DocumentOutcome::Attached, 2)]
    {
        let contract = contract("signed", &token("4711", "hire-1"), &[("city", "Oslo")]);
        let oneflow = ScriptedTransport::new().json(200, contract).answer(Ok(redirect(ADDRESS)));
        let teamtailor = cold().json(200, candidate(IDA, &[], &[])).json(status, "{}").json(201, UPLOADED);
        let stage = Stage::new("", oneflow, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let report = stage.engine.apply(plan).await;
        assert_eq!(report.document, document, "{status}");
        assert_eq!(stage.oneflow_requests().len(), requests, "{status}");
        assert!(!report.is_complete(), "{status}");
    }
}

#[tokio::test]
async fn nothing_is_attached_before_everyone_has_signed_or_when_it_is_not_wanted() {
    for (state, mapping, reason) in [
        ("pending", "", Reason::NotSignedYet),
        ("signed", "[sync.document]\nattach = false", Reason::DocumentNotWanted),
    ] {
        let oneflow = ScriptedTransport::new().json(200, contract(state, &token("4711", "hire-1"), &[]));
        let teamtailor = cold().json(200, candidate(IDA, &[], &[]));
        let stage = Stage::new(mapping, oneflow, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.document(), DocumentOutcome::NotDue(reason));
        let report = stage.engine.apply(plan).await;
        assert_eq!(report.document, DocumentOutcome::NotDue(reason));
        assert_eq!(stage.writes(), [""; 0]);
    }
}

#[tokio::test]
async fn nothing_is_attached_to_a_card_whose_files_are_unknown() {
    let oneflow = ScriptedTransport::new().json(200, contract("signed", &token("4711", "hire-1"), &[]));
    let card = r#"{ "data": { "id": "4711", "type": "candidates", "attributes": {}, "relationships": {
        "custom-field-values": { "data": [] }, "uploads": { "links": {} } } } }"#;
    let teamtailor = cold().json(200, card);
    let stage = Stage::new("", oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(stage.engine.apply(plan).await.document, DocumentOutcome::Later(Reason::UploadsUnknown));
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_card_that_does_not_show_its_files_right_before_the_upload_is_looked_at_again() {
    // Without a clock, everything is read again before anything is written.
    let body = || contract("signed", &token("4711", "hire-1"), &[]);
    let oneflow = ScriptedTransport::new().json(200, body()).json(200, body());
    let without_files = candidate(IDA, &[], &[]).replace(r#""uploads":"#, r#""no-uploads":"#);
    let read = cold();
    let teamtailor = read.json(200, candidate(IDA, &[], &[])).json(200, without_files);
    let stage = Stage::build("", oneflow, teamtailor, |builder| builder);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.document(), DocumentOutcome::Attached);
    let report = stage.engine.apply(plan).await;
    assert_eq!(report.document, DocumentOutcome::Later(Reason::UploadsUnknown));
    assert_eq!(report.next, Next::Retry(Retry::default()));
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_signed_document_for_which_no_candidate_is_found_is_not_done() {
    let table = [
        (r#"{ "data": [] }"#, DocumentOutcome::Failed(Reason::NoCandidate), Next::Done),
        (
            r#"{ "data": [ "nonsense" ] }"#,
            DocumentOutcome::Later(Reason::AnswerUnreadable),
            Next::Retry(Retry::default()),
        ),
    ];
    for (found, document, next) in table {
        let oneflow = ScriptedTransport::new().json(200, contract("signed", "", &[]));
        let teamtailor = ScriptedTransport::new().json(200, DEFINITIONS).json(200, found);
        let stage = Stage::new(&format!("{BY_ADDRESS}convention = false"), oneflow, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let report = stage.engine.apply(plan).await;
        assert!(report.outcomes.is_empty(), "no field says that there is no candidate");
        assert_eq!((report.document, report.next), (document, next));
        assert!(!report.is_complete());
        assert_eq!(report.is_without_candidate(), next == Next::Done);
    }
}

#[test]
fn the_mark_is_the_same_in_every_version_or_documents_of_old_would_not_be_known() {
    assert_eq!(mark().as_str(), "45e841ce805cea90");
}

/// The mark of the document of contract 9001 on the card of candidate 4711.
fn mark() -> DocumentMark {
    DocumentMark::new(&keys(), 9001.into(), &"4711".into())
}

#[test]
fn a_file_name_holds_the_contract_id_and_nothing_unsafe() {
    let name = |template: &str, contract_name: &str| {
        template.parse::<FileNameTemplate>().map(|template| {
            template.name(9001.into(), contract_name, &mark()).replace(mark().as_str(), "MARK")
        })
    };
    let table = [
        ("{contract_name} ({contract_id}).pdf", "Employment", Ok("Employment (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "", Ok("Contract (9001) MARK.pdf")),
        (
            "{contract_name} ({contract_id}).pdf",
            r#"a/b\c:d*e?f"g<h>i|j"#,
            Ok("a-b-c-d-e-f-g-h-i-j (9001) MARK.pdf"),
        ),
        ("{contract_name} ({contract_id}).pdf", "Line\nbreak", Ok("Line-break (9001) MARK.pdf")),
        ("({contract_id}) signed.pdf", "Employment", Ok("(9001) signed MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "{contract_id}", Ok("{contract_id} (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "  .. /etc/passwd", Ok("-etc-passwd (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", ".hidden.", Ok("hidden (9001) MARK.pdf")),
        (
            "{contract_name} ({contract_id}).pdf",
            "\u{202e}fdp\u{2066}.exe\u{200b}",
            Ok("-fdp-.exe- (9001) MARK.pdf"),
        ),
        ("{contract_name} ({contract_id}).pdf", "\u{0}a\u{85}b\u{2028}c", Ok("-a-b-c (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "con.txt", Ok("con-txt (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "LPT9 .x", Ok("LPT9 -x (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "COM¹.x", Ok("COM¹-x (9001) MARK.pdf")),
        ("{contract_name} ({contract_id}).pdf", "Contra.x", Ok("Contra.x (9001) MARK.pdf")),
        (
            "{contract_name} ({contract_id}).pdf",
            "Renewal of (17) and (b) (",
            Ok("Renewal of [17] and (b) ( (9001) MARK.pdf"),
        ),
        (
            "{contract_name} ({contract_id}).pdf",
            "Terms () (17 pages",
            Ok("Terms () (17 pages (9001) MARK.pdf"),
        ),
        ("({contract_name}) ({contract_id}).pdf", "17", Ok("[17] (9001) MARK.pdf")),
        ("{contract_name}{contract_name} ({contract_id}).pdf", ")(17", Ok(")[17](17 (9001) MARK.pdf")),
        ("{contract_name} ({contract_id})", "\u{1}", Ok("- (9001) MARK")),
        (".{contract_name}/({contract_id}).pdf", "Employment", Ok("Employment-(9001) MARK.pdf")),
        ("{contract_name}.pdf", "Employment", Err(FileNameError::NoContractId)),
        ("contract {contract_id}.pdf", "Employment", Err(FileNameError::NoContractId)),
        ("{candidate} ({contract_id}).pdf", "Employment", Err(FileNameError::UnknownPlaceholder)),
    ];
    for (template, contract_name, expected) in table {
        assert_eq!(name(template, contract_name), expected.map(str::to_owned), "{template}");
    }
}

#[test]
fn a_long_contract_name_is_cut_and_the_contract_id_and_the_extension_stay() {
    let name = FileNameTemplate::default().name(9001.into(), &"å".repeat(300), &mark());
    assert_eq!(name, format!("{} (9001) {}.pdf", "å".repeat(113), mark().as_str()));
    assert_eq!(name.len(), 254);
    let twice: FileNameTemplate = "{contract_name}/{contract_name} ({contract_id}).pdf".parse().unwrap();
    assert_eq!(twice.name(9001.into(), &"x".repeat(300), &mark()).len(), 255, "two halves of equal length");
    let exact = "x".repeat(227);
    let name = FileNameTemplate::default().name(9001.into(), &exact, &mark());
    assert_eq!(name, format!("{exact} (9001) {}.pdf", mark().as_str()));
    let long = format!("{}({{contract_id}})", "x".repeat(216));
    assert!(long.parse::<FileNameTemplate>().is_ok());
    assert_eq!(format!("{long}x").parse::<FileNameTemplate>(), Err(FileNameError::TooLong));
}

#[test]
fn a_contracts_name_cannot_carry_the_mark_of_another_contract() {
    let another = DocumentMark::new(&keys(), 9002.into(), &"4711".into());
    for contract_name in
        [another.as_str().to_owned(), another.as_str().to_uppercase(), another.as_str().repeat(3)]
    {
        let name = FileNameTemplate::default().name(9001.into(), &contract_name, &mark());
        assert!(mark().is_in(&name) && !another.is_in(&name), "{name}");
    }
}

#[test]
fn a_file_name_without_the_contract_id_is_a_configuration_error() {
    let error =
        toml::from_str::<Mapping>("[sync.document]\nfile_name = \"contract.pdf\"").unwrap_err().to_string();
    assert!(error.contains("({contract_id})"), "{error}");
}
