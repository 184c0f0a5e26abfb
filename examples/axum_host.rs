//! An axum server of one's own around the engine: verify, answer 200, then look.
//!
//! Three routes in one file, without the ready host. The services are the sandbox, over HTTP on loopback: it posts the webhooks
//! itself, several at once for one contract.
//!
//! ```sh
//! cargo run -p smartsync-examples --example axum_host
//! ```

use std::{error::Error, net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use oneflow_client::{OneflowClient, webhook::Verifier, webhooks::NewWebhook};
use smartsync_core::{
    DocumentOutcome, Engine, Mapping, MemoryLedger, Reason, Report, SyncKeys, TemplateTypeId,
    engine::SystemClock, mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, HttpSandbox, Sandbox, SandboxSettings};
use teamtailor_client::TeamtailorClient;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedSender, unbounded_channel},
};

#[derive(Clone)]
struct Host {
    engine: Arc<Engine>,
    verifier: Verifier,
    /// Where this program shows what came of a look; yours has a log.
    reports: UnboundedSender<Report>,
}

/// Anything but 200 is sent again, up to ten times. What is answered and not looked at yet is lost if the process dies: `mount_receiver`
/// has an inbox that keeps it.
async fn receive(State(host): State<Host>, body: Bytes) -> StatusCode {
    let Ok(notification) = host.verifier.verify(&body) else { return StatusCode::UNAUTHORIZED };
    let contract = notification.contract();
    tokio::spawn(async move {
        match host.engine.sync(contract).await {
            Ok(report) => drop(host.reports.send(report)),
            Err(error) => eprintln!("contract {contract}: {error}"),
        }
    });
    StatusCode::OK
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let services = HttpSandbox::start(SandboxSettings::new()).await?;
    let people = services.sandbox();
    let oneflow = OneflowClient::builder()
        .base_url(services.oneflow_url().clone())
        .api_token(people.oneflow_token())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .base_url(services.teamtailor_url().clone())
        .api_key(people.teamtailor_key())
        .build()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let webhook = NewWebhook::new(format!("http://{}/webhooks/oneflow", listener.local_addr()?));
    oneflow.webhooks().create(webhook.sign_key("the webhook's sign key")).await?;

    let (reports, mut looks) = unbounded_channel();
    let host = Host {
        engine: Arc::new(engine(oneflow, teamtailor, people)?),
        verifier: Verifier::new(["the webhook's sign key"])?,
        reports,
    };
    let routes = Router::new()
        .route("/", get("a page of the program's own"))
        .route("/webhooks/oneflow", post(receive))
        .with_state(host);
    tokio::spawn(async move { axum::serve(listener, routes).await });

    fill_in_and_sign(people)?;
    while let Some(report) = looks.recv().await {
        println!("contract {}, the document: {}", report.contract, report.document.as_str());
        for field in &report.outcomes {
            let reason = field.reason().map_or("", Reason::sentence);
            println!("  {:<22} {:<9} {reason}", field.data_field, field.outcome.as_str());
        }
        if matches!(report.document, DocumentOutcome::Attached | DocumentOutcome::AlreadyThere) {
            break; // a server goes on
        }
    }
    let documents = people.candidate_card(&people.seeded().candidate).map_or(0, |card| card.uploads.len());
    println!("{documents} document on the candidate's card, however many notifications came");
    Ok(())
}

fn engine(
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    people: &Sandbox,
) -> Result<Engine, Box<dyn Error>> {
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(people.seeded().template_type));
    mapping.sync.document.by_email = true;
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    let ledger = Arc::new(MemoryLedger::new()); // yours survives the process: see `own_ledger`
    Ok(Engine::builder(oneflow, teamtailor, mapping, ledger, keys).clock(SystemClock).build()?)
}

/// A contract of the sample candidate, in which the participant changes one field, fills in another, and signs.
fn fill_in_and_sign(people: &Sandbox) -> Result<(), Box<dyn Error>> {
    let contract = ContractSeed::new(people.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = people.add_contract(contract)?;
    people.fill_data_field(contract, "oneflow-salary", "43500")?;
    people.fill_data_field(contract, "oneflow-notice", "3 months")?;
    people.sign_all(contract)?;
    Ok(())
}
