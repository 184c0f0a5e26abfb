//! Every request in turn goes wrong in every way; a second look ends where an undisturbed one does.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use oneflow_client::{OneflowClient, PublishMessage};
use smartsync_core::{ContractRequest, Engine, EngineError, Mapping, MemoryLedger};
use smartsync_sandbox::{Sandbox, SandboxSettings, SandboxTransport};
use smartsync_transport::{Request, Response, Transport, TransportError};
use teamtailor_client::TeamtailorClient;

use crate::stage::{http_response, keys};

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It never arrives, and no answer comes.
    LostBefore,
    /// It takes effect, and no answer comes.
    LostAfter,
    /// It cannot even be sent.
    NoConnection,
    /// The service is down.
    Unavailable,
    /// The service has had enough.
    Throttled,
    /// The process dies before the request goes out.
    CrashBefore,
    /// The process dies when the request has taken effect.
    CrashAfter,
}

const FAULTS: [Fault; 7] = [
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::NoConnection,
    Fault::Unavailable,
    Fault::Throttled,
    Fault::CrashBefore,
    Fault::CrashAfter,
];

/// Counts the requests to both services; the one at `at` meets the fault.
#[derive(Clone, Debug)]
struct Faulty {
    inner: SandboxTransport,
    seen: Arc<AtomicUsize>,
    at: usize,
    fault: Fault,
}

#[async_trait]
impl Transport for Faulty {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if self.seen.fetch_add(1, Ordering::SeqCst) != self.at {
            return self.inner.execute(request).await;
        }
        match self.fault {
            Fault::LostBefore => Err(TransportError::timeout("lost")),
            Fault::NoConnection => Err(TransportError::connect("refused")),
            Fault::Unavailable => Ok(http_response(503, &[], "<html>down</html>")),
            Fault::Throttled => Ok(http_response(429, &[("retry-after", "1")], "")),
            Fault::CrashBefore => std::future::pending().await,
            Fault::LostAfter => {
                self.inner.execute(request).await?;
                Err(TransportError::timeout("lost"))
            }
            Fault::CrashAfter => {
                self.inner.execute(request).await?;
                std::future::pending().await
            }
        }
    }
}

/// An engine whose request number `at` meets the fault.
fn engine(
    sandbox: &Sandbox,
    ledger: &Arc<MemoryLedger>,
    at: usize,
    fault: Fault,
) -> (Engine, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(0));
    let faulty = |inner| Faulty { inner, seen: Arc::clone(&seen), at, fault };
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token().into())
        .user_email(sandbox.user_email())
        .transport(faulty(sandbox.oneflow_transport()))
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key().into())
        .transport(faulty(sandbox.teamtailor_transport()))
        .build()
        .unwrap();
    let engine =
        Engine::builder(oneflow, teamtailor, Mapping::default(), ledger.clone(), keys()).build().unwrap();
    (engine, seen)
}

/// Runs `work` until it ends, or until the process "dies" in it.
async fn until_crash<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        result = work => Some(result),
        () = tokio::task::yield_now() => None,
    }
}

const NEVER: usize = usize::MAX;

async fn make(engine: &Engine, sandbox: &Sandbox) -> Result<i64, EngineError> {
    let seeded = sandbox.seeded();
    let request = ContractRequest::new(
        "hire-1".parse().unwrap(),
        seeded.candidate.into(),
        seeded.template.into(),
        seeded.workspace.into(),
    )
    .publish(PublishMessage::new("Your contract", "Please sign."));
    let plan = engine.plan_contract(&request).await?;
    engine.create(plan).await.map(|created| created.contract.get())
}

/// A signed contract with four edited fields, of which the ledger knows what it was prefilled with.
async fn signed() -> (Sandbox, Arc<MemoryLedger>, i64) {
    let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
    let (engine, _) = engine(&sandbox, &ledger, NEVER, Fault::LostBefore);
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

async fn look(engine: &Engine, contract: i64) {
    if let Ok(plan) = engine.plan(contract.into()).await {
        engine.apply(plan).await;
    }
}

#[tokio::test]
async fn a_disturbed_sync_ends_after_the_next_look_where_an_undisturbed_one_does() {
    let (sandbox, ledger, contract) = signed().await;
    let candidate = sandbox.seeded().candidate;
    let (calm, seen) = engine(&sandbox, &ledger, NEVER, Fault::LostBefore);
    look(&calm, contract).await;
    let (expected, requests) = (sandbox.candidate_card(&candidate), seen.load(Ordering::SeqCst));
    let remembered = ledger.entry(contract.into());
    assert_eq!(expected.as_ref().unwrap().uploads.len(), 1);
    assert!(requests > 8, "{requests}");
    for fault in FAULTS {
        for at in 0..requests {
            let (sandbox, ledger, contract) = signed().await;
            let (disturbed, _) = engine(&sandbox, &ledger, at, fault);
            until_crash(look(&disturbed, contract)).await;
            let (calm, _) = engine(&sandbox, &ledger, NEVER, fault);
            look(&calm, contract).await;
            assert_eq!(sandbox.candidate_card(&candidate), expected, "{fault:?} at {at}");
            assert_eq!(ledger.entry(contract.into()), remembered, "{fault:?} at {at}");
            let plan = calm.plan(contract.into()).await.unwrap();
            assert!(plan.steps().is_empty(), "{fault:?} at {at}");
        }
    }
}

#[tokio::test]
async fn a_disturbed_creation_never_makes_a_second_contract() {
    let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
    let (calm, seen) = engine(&sandbox, &ledger, NEVER, Fault::LostBefore);
    make(&calm, &sandbox).await.unwrap();
    let requests = seen.load(Ordering::SeqCst);
    let mut parked = Vec::new();
    for fault in FAULTS {
        for at in 0..requests {
            let (sandbox, ledger) = (Sandbox::new(SandboxSettings::new()), Arc::new(MemoryLedger::new()));
            let (disturbed, _) = engine(&sandbox, &ledger, at, fault);
            Box::pin(until_crash(make(&disturbed, &sandbox))).await;
            let (calm, _) = engine(&sandbox, &ledger, NEVER, fault);
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
    assert_eq!(parked, [Fault::LostBefore, Fault::Unavailable, Fault::CrashBefore]);
}
