//! Embeds the engine in a program without an async runtime, over a blocking HTTP stack (here `ureq`).
//!
//! Two ways, both shown. An operation is a value: it makes its request and reads its answer, and what sends in between
//! is the program's affair. And the engine runs over a `Transport` that blocks. The services are the sandbox on loopback.
//!
//! ```sh
//! cargo run -p smartsync-examples --example embed_blocking_host
//! ```

use std::{error::Error, io, sync::Arc, time::Duration};

use oneflow_client::{ContractId, OneflowClient, contracts::GetContract};
use pollster::block_on;
use smartsync_core::{Engine, Mapping, MemoryLedger, Reason, SyncKeys, TemplateTypeId, mapping::LinkMethod};
use smartsync_sandbox::{ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Request, Response, Transport, TransportError, async_trait, http};
use teamtailor_client::TeamtailorClient;

/// The program's own HTTP stack. A clone shares its connections.
#[derive(Clone, Debug)]
struct Blocking(ureq::Agent);

impl Blocking {
    /// What the clients rely on: every status is an answer, and no redirect is followed.
    fn new() -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        // Loopback is behind no proxy, whatever the environment says.
        Self(config.timeout_global(Some(Duration::from_secs(30))).proxy(None).build().new_agent())
    }

    fn send(&self, request: Request) -> Result<Response, TransportError> {
        let (parts, body) = request.into_parts();
        let answer = match body.as_bytes() {
            [] => self.0.run(http::Request::from_parts(parts, ())),
            bytes => self.0.run(http::Request::from_parts(parts, bytes)),
        };
        let (parts, mut body) = answer.map_err(no_answer)?.into_parts();
        Ok(Response::from_parts(parts, Body::from(body.read_to_vec().map_err(no_answer)?)))
    }
}

/// What was never sent may be sent again, even if it creates something. So that is told apart, and only where it is sure.
fn no_answer(error: ureq::Error) -> TransportError {
    match &error {
        ureq::Error::HostNotFound => TransportError::connect(error),
        ureq::Error::Io(io) if io.kind() == io::ErrorKind::ConnectionRefused => {
            TransportError::connect(error)
        }
        ureq::Error::Timeout(_) => TransportError::timeout(error),
        _ => TransportError::other(error),
    }
}

/// No future of it ever waits: it is ready when it is first asked.
#[async_trait]
impl Transport for Blocking {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.send(request)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // The stand-in for the services needs a runtime, on threads of its own. What follows knows nothing of it.
    let runtime = tokio::runtime::Runtime::new()?;
    let services = runtime.block_on(HttpSandbox::start(SandboxSettings::new()))?;
    let people = services.sandbox();
    let contract = filled_in_contract(people)?;

    let http = Blocking::new();
    let oneflow = OneflowClient::builder()
        .base_url(services.oneflow_url().clone())
        .api_token(people.oneflow_token())
        .transport(http.clone())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .base_url(services.teamtailor_url().clone())
        .api_key(people.teamtailor_key())
        .transport(http.clone())
        .build()?;

    // One operation, without a future.
    let operation = GetContract::new(contract);
    let answer = http.send(oneflow.prepare(&operation)?)?;
    let read = oneflow.finish(&operation, answer)?.value;
    println!("contract {} has {} data fields\n", read.id, read.data_fields.len());

    // The engine.
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    let ledger = Arc::new(MemoryLedger::new());
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(people.seeded().template_type));
    mapping.sync.document.by_email = true;
    let engine = Engine::builder(oneflow, teamtailor, mapping, ledger, keys).build()?;
    println!("it was filled in");
    look(&engine, contract)?;
    people.sign_all(contract.get())?;
    println!("everyone has signed");
    look(&engine, contract)
}

fn look(engine: &Engine, contract: ContractId) -> Result<(), Box<dyn Error>> {
    let report = block_on(engine.sync(contract))?;
    for field in &report.outcomes {
        let reason = field.reason().map_or("", Reason::sentence);
        println!("  {:<22} {:<9} {reason}", field.data_field, field.outcome.as_str());
    }
    let reason = report.document.reason().map_or("", Reason::sentence);
    println!("  {:<22} {:<9} {reason}\n", "the document", report.document.as_str());
    Ok(())
}

/// A contract of the sample candidate, in which the participant has changed one field and filled in another.
fn filled_in_contract(people: &Sandbox) -> Result<ContractId, Box<dyn Error>> {
    let contract = ContractSeed::new(people.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = people.add_contract(contract)?;
    people.fill_data_field(contract, "oneflow-salary", "43500")?;
    people.fill_data_field(contract, "oneflow-notice", "3 months")?;
    Ok(ContractId::new(contract))
}
