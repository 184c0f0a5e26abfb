//! The signed document by way of a document host.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smartsync_core::{
    DocumentOutcome, Mapping, Next, Reason, Report, Retry, Schemas,
    candidate::Definitions,
    engine::{DocumentHost, DocumentHostError, SignedDocument},
    mapping::OneflowSchema,
};
use smartsync_transport::{CauseChain, Response, ScriptedTransport, TransportError, Url};

use crate::support::stage::{MARKED, Noon, Stage, candidate, cold, contract, http_response, redirect, token};

const STORAGE: &str = "https://storage.example/contract-1.pdf?signature=0123&expires=60";
const SERVED: &str = "https://files.example.com/8c1f6a/9001.pdf";

/// Gives every document this address, or has no room for any.
#[derive(Clone, Debug, Default)]
struct Shelf {
    address: Option<&'static str>,
    wants_all: bool,
    documents: Arc<Mutex<Vec<SignedDocument>>>,
}

impl Shelf {
    fn at(address: &'static str) -> Self {
        Self { address: Some(address), ..Self::default() }
    }

    fn wants_all(self) -> Self {
        Self { wants_all: true, ..self }
    }
}

#[async_trait]
impl DocumentHost for Shelf {
    async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError> {
        let address = self.address.ok_or_else(|| DocumentHostError::new("no room"))?;
        self.documents.lock().unwrap().push(document);
        address.parse().map_err(DocumentHostError::new)
    }

    fn serves_every_document(&self) -> bool {
        self.wants_all
    }
}

/// The report on a signed contract without fields to write, after these answers to the questions for its file.
async fn attach(shelf: &Shelf, answers: Vec<Result<Response, TransportError>>) -> (Stage, Report) {
    let body = contract("signed", &token("4711", "hire-1"), &[]);
    let read = ScriptedTransport::new().json(200, body);
    let oneflow = answers.into_iter().fold(read, ScriptedTransport::answer);
    let teamtailor = cold()
        .json(200, candidate("{}", &[], &[]))
        .json(201, r#"{ "data": { "id": "600", "type": "uploads", "attributes": {} } }"#);
    let stage = Stage::build("", oneflow, teamtailor, |builder| {
        builder.clock(Noon).document_host(shelf.clone()).max_document_bytes(8)
    });
    stage.fence.open_for_document_host();
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    (stage, report)
}

fn pdf(text: &str) -> Result<Response, TransportError> {
    Ok(http_response(200, &[("content-type", "application/pdf")], text))
}

#[tokio::test]
async fn a_file_without_an_address_gets_one_from_the_document_host() {
    let shelf = Shelf::at(SERVED);
    let (stage, report) = attach(&shelf, vec![pdf("%PDF-1.7")]).await;
    assert_eq!(report.document, DocumentOutcome::Attached);
    let document = SignedDocument::new(9001.into(), MARKED, "%PDF-1.7");
    assert_eq!(*shelf.documents.lock().unwrap(), [document]);
    assert_eq!(
        stage.writes(),
        [concat!(
            r#"POST /v1/uploads {"data":{"type":"uploads","attributes":{"url":"https://files.example.com/8c1f6a/9001.pdf","#,
            r#""file-name":"Employment- Ida (9001) 45e841ce805cea90.pdf"},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#
        )]
    );
}

#[tokio::test]
async fn a_file_with_an_address_passes_by_the_document_host_unless_the_host_wants_all() {
    let shelf = Shelf::at(SERVED);
    let (stage, report) = attach(&shelf, vec![Ok(redirect(STORAGE))]).await;
    assert_eq!(report.document, DocumentOutcome::Attached);
    assert!(shelf.documents.lock().unwrap().is_empty());
    assert!(stage.writes()[0].contains("https://storage.example/contract-1.pdf"));

    let shelf = Shelf::at(SERVED).wants_all();
    let (stage, report) = attach(&shelf, vec![Ok(redirect(STORAGE)), pdf("%PDF-1.7")]).await;
    assert_eq!(report.document, DocumentOutcome::Attached);
    assert_eq!(shelf.documents.lock().unwrap()[0].bytes.as_bytes(), b"%PDF-1.7");
    assert_eq!(stage.oneflow_requests()[2], "GET /contract-1.pdf?signature=0123&expires=60");
    assert!(stage.writes()[0].contains(SERVED));
}

/// Says no more than it must.
#[derive(Debug)]
struct Terse;

#[async_trait]
impl DocumentHost for Terse {
    async fn serve(&self, _: SignedDocument) -> Result<Url, DocumentHostError> {
        Err(DocumentHostError::new("no room"))
    }
}

#[test]
fn a_host_that_does_not_say_so_does_not_want_all() {
    assert!(!Terse.serves_every_document());
}

#[test]
fn a_host_fetches_only_where_documents_are_attached() {
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    for (mapping, more) in [("", 1), ("sync.document.attach = false", 0)] {
        let schemas = Schemas::new(OneflowSchema::default(), Definitions::default());
        let checked = toml::from_str::<Mapping>(mapping).unwrap().check_against(&schemas).unwrap();
        let rows = checked.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap());
        let without = rows.rows().len();
        assert_eq!(rows.with_document_host().rows().len(), without + more, "{mapping}");
    }
}

#[tokio::test]
async fn what_can_go_wrong_on_the_way_through_the_host_is_an_outcome_and_uploads_nothing() {
    let later = |reason| (DocumentOutcome::Later(reason), Next::Retry(Retry::default()));
    let (all, some) = (|| Shelf::at(SERVED).wants_all(), || Shelf::at(SERVED));
    let storage = || Ok(redirect(STORAGE));
    let endless = format!("https://storage.example/{}", "f".repeat(65_536));
    let table = [
        (some(), vec![pdf("%PDF-1.7.")], later(Reason::FileTooLarge)),
        (all(), vec![storage(), pdf("%PDF-1.7.")], later(Reason::FileTooLarge)),
        (Shelf::default(), vec![pdf("%PDF-1.7")], later(Reason::DocumentHostFailed)),
        (Shelf::at("http://files.example.com/f"), vec![pdf("%PDF")], later(Reason::AddressNotPublic)),
        (Shelf::at("https://10.0.0.1/f"), vec![pdf("%PDF")], later(Reason::AddressNotPublic)),
        (Shelf::at("https://api.oneflow.com/f"), vec![pdf("%PDF")], later(Reason::AddressNotPublic)),
        (all(), vec![Ok(redirect("http://storage.example/f"))], later(Reason::AddressNotPublic)),
        (all(), vec![Ok(redirect("https://api.oneflow.com/f"))], later(Reason::AddressNotPublic)),
        // Nothing inside our own network is fetched, whatever Oneflow says.
        (all(), vec![Ok(redirect("https://10.0.0.1/f")), pdf("%PDF")], later(Reason::AddressNotPublic)),
        (
            all(),
            vec![Ok(redirect("https://169.254.169.254/f")), pdf("%PDF")],
            later(Reason::AddressNotPublic),
        ),
        // One that makes no request will not make one later.
        (all(), vec![Ok(redirect(&endless)), pdf("%PDF")], later(Reason::AddressNotPublic)),
        // The storage is no service of ours: what it refuses says nothing about our credentials.
        (all(), vec![storage(), Ok(http_response(403, &[], ""))], later(Reason::Unavailable)),
        (all(), vec![storage(), Ok(http_response(404, &[], ""))], later(Reason::Unavailable)),
        (all(), vec![storage(), Err(TransportError::timeout("late"))], later(Reason::Unavailable)),
        (all(), vec![storage(), Err(TransportError::connect("no"))], later(Reason::Unavailable)),
        (all(), vec![Ok(http_response(404, &[], "{}"))], later(Reason::FileNotReady)),
    ];
    for (number, (shelf, answers, expected)) in table.into_iter().enumerate() {
        let (stage, report) = attach(&shelf, answers).await;
        assert_eq!((report.document, report.next), expected, "row {number}");
        assert_eq!(stage.writes(), [""; 0], "row {number}");
    }
}

#[tokio::test]
async fn neither_the_name_nor_the_bytes_of_a_document_are_printed() {
    let document = SignedDocument::new(9001.into(), "Employment- Ida (9001).pdf", "%PDF-1.7");
    assert_eq!(
        format!("{document:?}"),
        "SignedDocument { contract: ContractId(9001), bytes: Body(8 bytes), .. }"
    );
    let error = DocumentHostError::new("no room");
    assert_eq!(error.to_string(), "the document could not be served");
    assert_eq!(CauseChain(&error).to_string(), "the document could not be served: no room");
}
