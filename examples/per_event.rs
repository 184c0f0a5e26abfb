//! A function that is called once per event, as clouds run them: the engine is made once, the handler is called for each notification.
//!
//! Such a function may be stopped as soon as it has answered, so it looks first and answers then, within a time limit of its own; 503 has
//! Oneflow send the notification again. And it may run in several processes at once, so the engine takes a lease of each contract. The
//! services are the sandbox, in this process.
//!
//! ```sh
//! cargo run -p smartsync-examples --example per_event
//! ```

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use oneflow_client::{OneflowClient, webhook::Verifier, webhooks::NewWebhook};
use smartsync_core::async_trait;
use smartsync_core::{
    Engine, LedgerError, Mapping, MemoryLedger, Outcome, SyncKeys, TemplateTypeId,
    engine::{Lease, Leases, SystemClock},
    mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use teamtailor_client::TeamtailorClient;

/// What a look may take. Dropping one that takes longer is safe: what it began is in the ledger.
const TIME: Duration = Duration::from_secs(20);

struct Function {
    engine: Engine,
    verifier: Verifier,
}

// ANCHOR: handle
impl Function {
    /// One event: the body of a request, and the status of its answer.
    async fn handle(&self, body: &[u8]) -> u16 {
        let Ok(notification) = self.verifier.verify(body) else { return 401 };
        let contract = notification.contract();
        match tokio::time::timeout(TIME, self.engine.sync(contract)).await {
            Ok(Ok(report)) => {
                let written = report.count(|outcome| outcome == Outcome::Written);
                println!("contract {contract}: {written} fields written");
                if report.retry_after().is_some() { 503 } else { 200 }
            }
            Ok(Err(error)) => {
                eprintln!("contract {contract}: {error}");
                if error.is_retryable() { 503 } else { 200 } // what no repetition helps is for a person
            }
            Err(_) => 503,
        }
    }
}
// ANCHOR_END: handle

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let function = cold_start(&sandbox).await?; // once per process
    fill_in(&sandbox)?;
    for notification in sandbox.due_notifications() {
        let status = function.handle(&notification.body()).await; // once per event
        sandbox.acknowledge(notification.callback_id(), status);
        println!("  answered {status}");
    }
    println!("forged: {}", function.handle(b"{}").await);
    Ok(())
}

async fn cold_start(sandbox: &Sandbox) -> Result<Function, Box<dyn Error>> {
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
    let sign_key = "the webhook's sign key";
    oneflow
        .webhooks()
        .create(NewWebhook::new("https://hooks.example.com/oneflow").sign_key(sign_key))
        .await?;

    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(sandbox.seeded().template_type));
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    let ledger = Arc::new(MemoryLedger::new()); // yours is a database that all processes share
    let engine = Engine::builder(oneflow, teamtailor, mapping, ledger, keys)
        .clock(SystemClock)
        .leases(Table::default())
        .build()?;
    Ok(Function { engine, verifier: Verifier::new([sign_key])? })
}

/// Stands in for a table of that database: who works on what, and until when.
#[derive(Debug, Default)]
struct Table(Mutex<BTreeMap<String, (u64, Instant)>>);

impl Table {
    fn rows(&self) -> MutexGuard<'_, BTreeMap<String, (u64, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Leases for Table {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let (mut rows, now) = (self.rows(), Instant::now());
        let (mark, ends) = rows.get(name).copied().unwrap_or((0, now));
        if ends > now {
            return Ok(None);
        }
        rows.insert(name.to_owned(), (mark + 1, now + time));
        Ok(Some(Lease::new(name, (mark + 1).to_string())))
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        let (mut rows, now) = (self.rows(), Instant::now());
        let row =
            rows.get_mut(&lease.name).filter(|(mark, ends)| mark.to_string() == lease.mark && *ends > now);
        Ok(row.map(|(_, ends)| *ends = now + time).is_some())
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        let mut rows = self.rows();
        if let Some((_, ends)) = rows.get_mut(&lease.name).filter(|(mark, _)| mark.to_string() == lease.mark)
        {
            *ends = Instant::now(); // the row stays, so that no mark is given twice
        }
        Ok(())
    }
}

/// A contract of the sample candidate, in which the participant has changed one field and filled in another: three notifications.
fn fill_in(sandbox: &Sandbox) -> Result<(), Box<dyn Error>> {
    let contract = ContractSeed::new(sandbox.seeded().template, "Employment contract")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = sandbox.add_contract(contract)?;
    sandbox.fill_data_field(contract, "oneflow-salary", "43500")?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;
    Ok(())
}
