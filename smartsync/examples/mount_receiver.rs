//! Mounts the receiver of the ready host in an `axum` server of one's own, beside its other routes.
//!
//! The receiver, its inbox and the ledger come from `smartsync`; the server, the engine and what looks at the contracts are
//! the program's own. It sends itself one notification, signed as Oneflow signs them; the contract that it names is in the
//! sandbox.
//!
//! ```sh
//! cargo run -p smartsync --example mount_receiver
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::get};
use oneflow_client::{
    ContractId, OneflowClient,
    webhook::{self, Verifier},
};
use smartsync::{
    Inbox, SqliteLedger, Store,
    config::WebhookPath,
    router,
    store::{Due, Setback},
};
use smartsync_core::{
    Engine, EngineError, Mapping, Reason, SecretString, SyncKeys, TemplateTypeId, mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Request, ReqwestTransport, Response, Transport, Url, http};
use teamtailor_client::TeamtailorClient;
use tokio::net::TcpListener;

/// When a contract is looked at again, unless a service says when. The ready host waits longer each time.
const WAIT: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let contract = filled_in_contract(&sandbox)?;
    let home = tempfile::tempdir()?;
    let store = Store::open(&home.path().join("smartsync.db"))?;
    let inbox = Inbox::new(store.clone());

    let sign_key = SecretString::from("the webhook's sign key");
    let path = WebhookPath::try_from("/webhooks/oneflow".to_owned())?;
    // `/healthz` and `/readyz` come along. The address of the caller is for the log, where a notification is refused.
    let routes = Router::new()
        .route("/", get("a page of the program's own"))
        .merge(router(&path, Verifier::new([sign_key.clone()])?, inbox.clone()))
        .into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let origin: Url = format!("http://{}", listener.local_addr()?).parse()?;
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let page = send(http::Request::get(origin.as_str()).body(Body::empty())?, &origin).await?;
    println!("GET /: {}, {}", page.status(), String::from_utf8_lossy(page.body().as_bytes()));

    // What Oneflow would send. It is answered once the contract's id is on the disk; nothing is asked of either service yet.
    let url = origin.join(path.as_str())?;
    for (signed, key) in [("by somebody else", "another key".into()), ("with the sign key", sign_key)] {
        let body = webhook::test_notification("3f0c5b1e", contract, &["data_field:update"], &key);
        let answer = send(http::Request::post(url.as_str()).body(Body::from(body))?, &origin).await?;
        println!("a notification signed {signed}: {}", answer.status());
    }
    println!("{} contract waits\n", inbox.waiting().await?.len());

    // A program that stays waits for `inbox.changed()` and the next time in `Due::Later`, and goes on from the start.
    let engine = engine(&sandbox, SqliteLedger::new(store))?;
    while let Due::Now(claim) = inbox.claim_due().await? {
        match look(&engine, claim.contract()).await {
            Ok(None) => inbox.done(claim).await?,
            Ok(Some(wait)) => inbox.retry(claim, Setback::new("something is left to do", wait)).await?,
            // The ready host hands a contract that keeps failing to a person: `inbox.park`.
            Err(error) => inbox.retry(claim, Setback::new(error.to_string(), WAIT)).await?,
        }
    }
    println!("\n{} contracts wait", inbox.waiting().await?.len());
    Ok(())
}

/// Reads both sides and writes the difference. The time is when to look again, if that is asked for.
async fn look(engine: &Engine, contract: ContractId) -> Result<Option<Duration>, EngineError> {
    let report = engine.sync(contract).await?;
    for field in &report.outcomes {
        let reason = field.reason().map_or("", Reason::sentence);
        println!("  {:<22} {:<9} {reason}", field.data_field, field.outcome.as_str());
    }
    Ok(report.retry_after().map(|retry| retry.after.unwrap_or(WAIT)))
}

async fn send(request: Request, origin: &Url) -> Result<Response, Box<dyn Error>> {
    Ok(ReqwestTransport::for_base_url(origin)?.execute(request).await?)
}

fn engine(sandbox: &Sandbox, ledger: SqliteLedger) -> Result<Engine, Box<dyn Error>> {
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(sandbox.oneflow_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(sandbox.seeded().template_type));
    Ok(Engine::builder(oneflow, teamtailor, mapping, Arc::new(ledger), keys).build()?)
}

/// A contract of the sample candidate, in which the participant has changed one field and filled in another.
fn filled_in_contract(sandbox: &Sandbox) -> Result<ContractId, Box<dyn Error>> {
    let contract = ContractSeed::new(sandbox.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = sandbox.add_contract(contract)?;
    sandbox.fill_data_field(contract, "oneflow-salary", "43500")?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;
    Ok(ContractId::new(contract))
}
