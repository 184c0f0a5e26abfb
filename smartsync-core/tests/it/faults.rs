//! Every request in turn goes wrong in every way; a second look ends where an undisturbed one does.

use std::sync::Arc;

use async_trait::async_trait;
use oneflow_client::contracts::PublishMessage;
use smartsync_core::{
    DocumentOutcome, Engine, EngineBuilder, EngineError, Mapping, MemoryLedger, Reason, Report,
    engine::{DocumentHost, DocumentHostError, SignedDocument},
    ledger::DocumentRecord,
};
use smartsync_sandbox::{Sandbox, SandboxSettings, WireFault, WireFaults};
use smartsync_transport::{Body, Request, Url};

use crate::support::{
    fenced::Fence,
    in_sandbox::{clients, request},
    stage::keys,
};

const FAULTS: [WireFault; 7] = [
    // It never arrives, or it takes effect, and no answer comes.
    WireFault::LostRequest,
    WireFault::LostAnswer,
    WireFault::NoConnection,
    WireFault::Status(503),
    WireFault::Throttled(1),
    WireFault::CrashBefore,
    WireFault::CrashAfter,
];

/// A host that serves every document from a place of its own.
#[derive(Clone, Debug)]
struct Shelf {
    sandbox: Sandbox,
    faults: WireFaults,
}

#[async_trait]
impl DocumentHost for Shelf {
    async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError> {
        let fault = self.faults.meet(&Request::new(Body::empty()));
        let address = format!("https://files.example.com/{}.pdf", document.contract);
        let put = || self.sandbox.serve_elsewhere(address.clone(), document.bytes.clone().into_bytes());
        match fault {
            None | Some(WireFault::LostAnswer | WireFault::CrashAfter) => put(),
            Some(_) => {}
        }
        match fault {
            None => Ok(address.parse().unwrap()),
            Some(WireFault::CrashBefore | WireFault::CrashAfter) => std::future::pending().await,
            Some(_) => Err(DocumentHostError::new("no room")),
        }
    }

    fn serves_every_document(&self) -> bool {
        true
    }
}

/// An engine whose requests to the services and the storage, and whose document host, meet these faults.
type Build = fn(&Sandbox, &Arc<MemoryLedger>, &WireFaults) -> Engine;

fn engine(sandbox: &Sandbox, ledger: &Arc<MemoryLedger>, faults: &WireFaults) -> Engine {
    let fence = Fence::around(&Mapping::default());
    builder(sandbox, ledger, faults, &fence).build().unwrap()
}

/// The same with a document host.
fn engine_with_host(sandbox: &Sandbox, ledger: &Arc<MemoryLedger>, faults: &WireFaults) -> Engine {
    let fence = Fence::around(&Mapping::default());
    fence.open_for_document_host();
    let shelf = Shelf { sandbox: sandbox.clone(), faults: faults.clone() };
    builder(sandbox, ledger, faults, &fence).document_host(shelf).build().unwrap()
}

fn builder(
    sandbox: &Sandbox,
    ledger: &Arc<MemoryLedger>,
    faults: &WireFaults,
    fence: &Arc<Fence>,
) -> EngineBuilder {
    // A file is fetched over the same wire from the storage.
    let (oneflow, teamtailor) = clients(sandbox, fence, |_| faults.on(sandbox.transport()));
    Engine::builder(oneflow, teamtailor, Mapping::default(), ledger.clone(), keys())
}

/// Runs `work` until it ends, or until the process "dies" in it.
async fn until_crash<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        result = work => Some(result),
        () = tokio::task::yield_now() => None,
    }
}

async fn make(engine: &Engine, sandbox: &Sandbox) -> Result<i64, EngineError> {
    let request = request(sandbox, "hire-1").publish(PublishMessage::new("Your contract", "Please sign."));
    let plan = engine.plan_contract(&request).await?;
    engine.create(plan).await.map(|created| created.contract.get())
}

/// A signed contract with four edited fields, of which the ledger knows what it was prefilled with.
async fn signed() -> (Sandbox, Arc<MemoryLedger>, i64) {
    let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
    let engine = engine(&sandbox, &ledger, &WireFaults::none());
    let contract = make(&engine, &sandbox).await.unwrap();
    sandbox.advance(std::time::Duration::from_secs(3_600));
    for (key, text) in [
        ("oneflow-salary", "45 500,50"),
        ("oneflow-start-date", "31.12.2031"),
        ("oneflow-notice", "3 months"),
        ("last-name", "Example"),
    ] {
        sandbox.fill_data_field(contract, key, text).unwrap();
    }
    sandbox.sign_all(contract).unwrap();
    (sandbox, ledger, contract)
}

async fn look(engine: &Engine, contract: i64) -> Option<Report> {
    let plan = engine.plan(contract.into()).await.ok()?;
    Some(engine.apply(plan).await)
}

/// Lets everything in turn go wrong that goes out at a sync, in every way, and looks once more. Returns how much goes out.
/// An upload that may have been lost on its way is the one thing that is not done again: of the document there is one copy,
/// or none and the report says so.
async fn disturb_a_sync(engine: Build) -> usize {
    let (sandbox, ledger, contract) = signed().await;
    let candidate = sandbox.seeded().candidate;
    let none = WireFaults::none();
    look(&engine(&sandbox, &ledger, &none), contract).await;
    let (expected, number) = (sandbox.candidate_card(&candidate), none.seen());
    let of_card = |ledger: &MemoryLedger| ledger.card(&candidate.as_str().into());
    let (entry, card) = (ledger.entry(contract.into()), of_card(&ledger));
    assert_eq!(expected.as_ref().unwrap().uploads.len(), 1);
    let mut unknown = Vec::new();
    for fault in FAULTS {
        for at in 0..number {
            let (sandbox, ledger, contract) = signed().await;
            let disturbed = engine(&sandbox, &ledger, &WireFaults::at(at, fault));
            until_crash(look(&disturbed, contract)).await;
            let calm = engine(&sandbox, &ledger, &WireFaults::none());
            let report = look(&calm, contract).await.unwrap();
            let mut found = sandbox.candidate_card(&candidate);
            let (mut found_entry, found_card) = (ledger.entry(contract.into()), of_card(&ledger));
            if report.document == DocumentOutcome::Later(Reason::UploadUnknown) {
                // Nobody can know that it has not arrived, so there is none rather than two.
                assert_eq!(found.as_ref().unwrap().uploads, [""; 0], "{fault:?} at {at}");
                let document = &mut found_entry.as_mut().unwrap().document;
                assert_eq!(*document, Some(DocumentRecord::Intended), "{fault:?} at {at}");
                document.clone_from(&entry.as_ref().unwrap().document);
                found.as_mut().unwrap().uploads.clone_from(&expected.as_ref().unwrap().uploads);
                unknown.push(fault);
            }
            assert_eq!(found, expected, "{fault:?} at {at}");
            assert_eq!(found_entry, entry, "{fault:?} at {at}");
            assert_eq!(found_card, card, "{fault:?} at {at}");
            let plan = calm.plan(contract.into()).await.unwrap();
            assert!(plan.steps().is_empty(), "{fault:?} at {at}");
        }
    }
    let of_each = [WireFault::LostRequest, WireFault::Status(503), WireFault::CrashBefore];
    assert_eq!(unknown, of_each, "one upload of each");
    number
}

#[tokio::test]
async fn a_disturbed_sync_ends_after_the_next_look_where_an_undisturbed_one_does() {
    let requests = disturb_a_sync(engine).await;
    assert!(requests > 8, "{requests}");
}

#[tokio::test]
async fn a_disturbed_document_host_never_leaves_a_second_copy() {
    let outgoing = disturb_a_sync(engine_with_host).await;
    assert!(outgoing > 10, "the file is fetched, and served: {outgoing}");
}

#[tokio::test]
async fn a_disturbed_creation_never_makes_a_second_contract() {
    let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
    let none = WireFaults::none();
    make(&engine(&sandbox, &ledger, &none), &sandbox).await.unwrap();
    let requests = none.seen();
    let mut parked = Vec::new();
    for fault in FAULTS {
        for at in 0..requests {
            let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
            let disturbed = engine(&sandbox, &ledger, &WireFaults::at(at, fault));
            Box::pin(until_crash(make(&disturbed, &sandbox))).await;
            let calm = engine(&sandbox, &ledger, &WireFaults::none());
            match make(&calm, &sandbox).await {
                Ok(contract) => {
                    assert_eq!(sandbox.contracts(), [contract], "{fault:?} at {at}");
                    let state = sandbox.contract_card(contract).unwrap().state;
                    assert_eq!(state, "pending", "{fault:?} at {at}");
                    assert_eq!(
                        ledger.entry(contract.into()).unwrap().candidate,
                        Some(sandbox.seeded().candidate.into())
                    );
                }
                // Only where nothing was made and nobody can know that.
                Err(error) => {
                    assert!(matches!(error, EngineError::CreationUnknown), "{fault:?} at {at}: {error}");
                    assert_eq!(sandbox.contracts(), [0; 0], "{fault:?} at {at}");
                    parked.push(fault);
                }
            }
        }
    }
    assert_eq!(parked, [WireFault::LostRequest, WireFault::Status(503), WireFault::CrashBefore]);
}
