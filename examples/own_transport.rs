//! Applies a plan through a `Transport` of one's own: here one that prints every request before it passes it on.
//!
//! This is how a host brings its own HTTP stack, proxy or audit log. Below it stands the sandbox, so no account is
//! needed.
//!
//! ```sh
//! cargo run -p smartsync-examples --example own_transport
//! ```

use std::{error::Error, sync::Arc, time::Duration};

use async_trait::async_trait;
use oneflow_client::{ContractId, OneflowClient};
use smartsync_core::{Engine, Mapping, MemoryLedger, SyncKeys};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use smartsync_transport::{Request, Response, Transport, TransportError};
use teamtailor_client::TeamtailorClient;

/// Prints method and path of each request. The query and the body can hold personal data, so it leaves them alone.
#[derive(Debug)]
struct Printed<T>(T);

#[async_trait]
impl<T: Transport> Transport for Printed<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let line = format!("{} {}", request.method(), request.uri().path());
        let response = self.0.execute(request).await?;
        println!("  {line} -> {}", response.status());
        Ok(response)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    // A contract as Teamtailor's own integration would have made it: found by the candidate's e-mail address.
    let contract = sandbox.add_contract(
        ContractSeed::new(sandbox.seeded().template, "Employment contract")
            .counterparty("Ann Sample", "ann@example.com")
            .value("oneflow-salary", "42000")
            .published(),
    )?;
    // An hour later the participant changes one field and fills in an empty one.
    sandbox.advance(Duration::from_secs(3600));
    sandbox.fill_data_field(contract, "oneflow-salary", "43500")?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;

    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token().into())
        .transport(Printed(sandbox.oneflow_transport()))
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key().into())
        .transport(Printed(sandbox.teamtailor_transport()))
        .build()?;
    let keys = SyncKeys::new("example", ["a key of at least 16 characters".into()])?;
    let engine =
        Engine::builder(oneflow, teamtailor, Mapping::default(), Arc::new(MemoryLedger::new()), keys)
            .build()?;

    for look in ["first look", "second look: nothing changed, nothing is written"] {
        println!("{look}");
        let plan = engine.plan(ContractId::new(contract)).await?;
        let report = engine.apply(plan).await;
        for field in &report.outcomes {
            let reason = field.outcome.reason().map_or("", |reason| reason.sentence());
            println!("  {} -> {}: {} {reason}", field.data_field, field.target, field.outcome.as_str());
        }
    }
    Ok(())
}
