//! Serves signed documents from an address of one's own: the engine hands it to Teamtailor in place of Oneflow's.
//!
//! The documents lie in a folder, each under a name that nobody can guess, and an `axum` route gives them out. The services
//! are the sandbox on loopback, over real HTTP.
//!
//! ```sh
//! cargo run -p smartsync-examples --example own_document_host
//! ```

use std::{error::Error, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use oneflow_client::OneflowClient;
use smartsync_core::{
    Engine, Mapping, MemoryLedger, Reason, SyncKeys, TemplateTypeId, async_trait,
    engine::{DocumentHost, DocumentHostError, SignedDocument},
    mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use smartsync_transport::{Body, ReqwestTransport, Transport, Url, http};
use teamtailor_client::TeamtailorClient;
use tokio::net::TcpListener;

/// A folder, and the address under which its files are served.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    address: Url,
}

#[async_trait]
impl DocumentHost for Folder {
    async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError> {
        // Whoever has the address has the document. Teamtailor does not say when it fetches: an hour later the file may go.
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(DocumentHostError::new)?;
        let name = format!("{}.pdf", hex::encode(random));
        let file = self.path.join(&name);
        tokio::fs::write(file, document.bytes.as_bytes()).await.map_err(DocumentHostError::new)?;
        self.address.join(&name).map_err(DocumentHostError::new)
    }

    /// Without this, only a document for which Oneflow gives no address would come here.
    fn serves_every_document(&self) -> bool {
        true
    }
}

/// `GET /documents/{name}`: a name that was given out, and no other file.
async fn document(
    State(folder): State<PathBuf>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, StatusCode> {
    let random = name.strip_suffix(".pdf").and_then(|random| hex::decode(random).ok());
    if random.is_none_or(|random| random.len() != 16) {
        return Err(StatusCode::NOT_FOUND);
    }
    let bytes = tokio::fs::read(folder.join(name)).await.map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes))
}

/// Teamtailor fetches from the address that it is given. The sandbox makes no request of its own, so this one makes it: as
/// Teamtailor would, without a cookie or a header.
#[derive(Debug)]
struct Fetched<H> {
    host: H,
    sandbox: Sandbox,
}

#[async_trait]
impl<H: DocumentHost> DocumentHost for Fetched<H> {
    async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError> {
        let address = self.host.serve(document).await?;
        println!("served at {address}");
        let request =
            http::Request::get(address.as_str()).body(Body::empty()).map_err(DocumentHostError::new)?;
        let http = ReqwestTransport::for_base_url(&address).map_err(DocumentHostError::new)?;
        let answer = http.execute(request).await.map_err(DocumentHostError::new)?;
        if answer.status() == http::StatusCode::OK {
            self.sandbox.serve_elsewhere(address.as_str(), answer.into_body().into_bytes());
        }
        Ok(address)
    }

    fn serves_every_document(&self) -> bool {
        self.host.serves_every_document()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    // In earnest this is https and public; the engine hands no other address to Teamtailor.
    let address = format!("http://{}/documents/", listener.local_addr()?).parse()?;
    let routes =
        Router::new().route("/documents/{name}", get(document)).with_state(folder.path().to_path_buf());
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let services = HttpSandbox::start(SandboxSettings::new()).await?;
    let people = services.sandbox();
    let host = Folder { path: folder.path().to_path_buf(), address };
    let engine = engine(&services, Fetched { host, sandbox: people.clone() })?;

    let contract = ContractSeed::new(people.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = people.add_contract(contract)?;
    people.sign_all(contract)?;

    let report = engine.sync(contract.into()).await?;
    let reason = report.document.reason().map_or("", Reason::sentence);
    println!("the document: {} {reason}", report.document.as_str());
    for file in people.candidate_files(&people.seeded().candidate) {
        println!("on the card: {}, {} bytes", file.name, file.contents.len());
    }
    Ok(())
}

fn engine(services: &HttpSandbox, host: impl DocumentHost + 'static) -> Result<Engine, Box<dyn Error>> {
    let people = services.sandbox();
    let oneflow = OneflowClient::builder()
        .base_url(services.oneflow_url().clone())
        .api_token(people.oneflow_token())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .base_url(services.teamtailor_url().clone())
        .api_key(people.teamtailor_key())
        .build()?;
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type, and puts a document on a card only where that is said.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(people.seeded().template_type));
    mapping.sync.document.by_email = true;
    let ledger = Arc::new(MemoryLedger::new());
    Ok(Engine::builder(oneflow, teamtailor, mapping, ledger, keys).document_host(host).build()?)
}
