//! Embeds the engine over a `Transport` of the host's own: here one that keeps a record of every request.
//!
//! This is where a host puts its HTTP stack, proxy, metrics or audit log. Verify, plan and apply are the same over any
//! of them. Below this one stands the sandbox, which also signs and sends the webhooks.
//!
//! ```sh
//! cargo run -p smartsync-core --example embed_custom_transport
//! ```
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a host has a terminal and a clock; the core has not"
)]

use std::{
    error::Error,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    time::Instant,
};

use oneflow_client::{OneflowClient, webhook::Verifier, webhooks::NewWebhook};
use smartsync_core::{Engine, Mapping, MemoryLedger, Outcome, SyncKeys, TemplateTypeId, mapping::LinkMethod};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use smartsync_transport::{ByteSink, Request, Response, Transport, TransportError, async_trait};
use teamtailor_client::TeamtailorClient;

/// Passes every request on to `inner`, and records what became of it.
#[derive(Debug)]
struct Recorded<T> {
    inner: T,
    records: Sender<String>,
}

impl<T: Transport> Recorded<T> {
    async fn record(
        &self,
        request: String,
        answer: impl Future<Output = Result<Response, TransportError>> + Send,
    ) -> Result<Response, TransportError> {
        let begun = Instant::now();
        let answer = answer.await;
        let end = answer.as_ref().map_or_else(ToString::to_string, |answer| answer.status().to_string());
        // If nobody reads the records any more, the request counts all the same.
        let _ = self.records.send(format!("{request} -> {end}, {:.1?}", begun.elapsed()));
        answer
    }
}

// ANCHOR: transport
#[async_trait]
impl<T: Transport> Transport for Recorded<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.record(shown(&request), self.inner.execute(request)).await
    }

    // Passed on as well, so that `inner` may pass a file on piece by piece; the default would hold it in memory.
    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        self.record(shown(&request), self.inner.execute_into(request, sink, max_bytes)).await
    }
}
// ANCHOR_END: transport

/// Method and path. The query and the body can hold personal data, the headers hold the credentials.
fn shown(request: &Request) -> String {
    format!("{} {}", request.method(), request.uri().path())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let (sender, records) = channel();
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(Recorded { inner: sandbox.oneflow_transport(), records: sender.clone() })
        .sleep(sandbox.sleep())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(Recorded { inner: sandbox.teamtailor_transport(), records: sender })
        .sleep(sandbox.sleep())
        .build()?;
    let sign_key = "the webhook's sign key";
    oneflow
        .webhooks()
        .create(NewWebhook::new("https://hooks.example.com/oneflow").sign_key(sign_key))
        .await?;

    // ANCHOR: engine
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    let ledger = Arc::new(MemoryLedger::new());
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(sandbox.seeded().template_type));
    let engine = Engine::builder(oneflow, teamtailor, mapping, ledger, keys).build()?;
    // ANCHOR_END: engine
    let verifier = Verifier::new([sign_key])?;

    // A contract that Teamtailor's own integration could have made. It is sent, the participant changes one field and
    // fills in another: three notifications. The first look writes back all there is, and leaves nothing to the others.
    let contract = ContractSeed::new(sandbox.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = sandbox.add_contract(contract)?;
    sandbox.fill_data_field(contract, "oneflow-salary", "43500")?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;

    show("registering the webhook", &records);
    for notification in sandbox.due_notifications() {
        let contract = verifier.verify(&notification.body())?.contract();
        println!("\nnotification of {:?}: look at contract {contract}", notification.events());
        // Answered first: Oneflow does not wait for what follows.
        sandbox.acknowledge(notification.callback_id(), 200);
        let report = engine.sync(contract).await?;
        let written = report.count(|outcome| outcome == Outcome::Written);
        show(&format!("{written} fields written"), &records);
    }
    Ok(())
}

fn show(what: &str, records: &Receiver<String>) {
    println!("{what}");
    for record in records.try_iter() {
        println!("  {record}");
    }
}
