//! The process dies at every await of a creation, or the ledger fails at every step; a second try never makes a second
//! contract.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use smartsync_core::{Engine, EngineError, Ledger, Mapping, MemoryLedger, PublishMessage};
use smartsync_sandbox::{Sandbox, SandboxSettings, WireFaults};

use crate::support::{
    fenced::Fence,
    in_sandbox::{clients, request},
    shaky_ledger::{Failure, Shaky},
    stage::keys,
};

struct Office {
    sandbox: Sandbox,
    remembered: Arc<MemoryLedger>,
}

impl Office {
    fn open() -> Self {
        Self { sandbox: Sandbox::new(SandboxSettings::new()), remembered: Arc::new(MemoryLedger::new()) }
    }

    /// A process over the same services and the same store.
    fn process(&self, fails_at: Option<(usize, Failure)>) -> (Engine, Arc<Shaky>) {
        let ledger = Arc::new(Shaky::new(self.remembered.clone(), fails_at));
        let mapping = Mapping::default();
        let fence = Fence::around(&mapping);
        // It waits before a request goes out and after it has taken effect, so that a crash may come there.
        let waiting = WireFaults::none().taking_turns();
        let (oneflow, teamtailor) = clients(&self.sandbox, &fence, |wire| waiting.on(wire));
        let engine = Engine::builder(oneflow, teamtailor, mapping, ledger.clone(), keys());
        (engine.build().unwrap(), ledger)
    }

    async fn create(&self, engine: &Engine, name: &str) -> Result<i64, EngineError> {
        let request =
            request(&self.sandbox, name).publish(PublishMessage::new("Your contract", "Please sign."));
        let plan = engine.plan_contract(&request).await?;
        engine.create(plan).await.map(|created| created.contract.get())
    }

    /// A second try by a process that nothing happens to. Whether it had to leave the case to a person.
    async fn second_try(&self, place: &str) -> bool {
        let (engine, _) = self.process(None);
        match Box::pin(self.create(&engine, "hire-1")).await {
            Ok(contract) => {
                assert_eq!(self.sandbox.contracts(), [contract], "{place}");
                assert_eq!(self.sandbox.contract_card(contract).unwrap().state, "pending", "{place}");
                let entry = self.remembered.entry(contract.into()).unwrap();
                assert_eq!(entry.candidate, Some(self.sandbox.seeded().candidate.into()), "{place}");
                assert!(entry.bases.len() > 4, "{place}: {entry:?}");
                false
            }
            Err(error) => {
                assert!(matches!(error, EngineError::CreationUnknown), "{place}: {error}");
                assert_eq!(self.sandbox.contracts(), [0; 0], "{place}");
                true
            }
        }
    }
}

/// Polls `work` this many times, or until it ends; then drops it, as a crash does. How many polls it took, if it ended.
fn poll_times<T>(times: usize, work: impl Future<Output = T>) -> Option<usize> {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    (1..=times).find(|_| matches!(work.as_mut().poll(&mut context), Poll::Ready(_)))
}

#[tokio::test]
async fn a_crash_at_any_await_leaves_at_most_one_contract_however_often_it_is_tried_again() {
    let office = Office::open();
    let (engine, _) = office.process(None);
    let awaits = poll_times(1_000, Box::pin(office.create(&engine, "hire-1"))).unwrap() - 1;
    assert!(awaits > 25, "{awaits}");
    let mut parked = 0;
    for crash in 1..=awaits {
        let office = Office::open();
        let (engine, _) = office.process(None);
        assert_eq!(poll_times(crash, Box::pin(office.create(&engine, "hire-1"))), None);
        let place = format!("a crash at await {crash} of {awaits}");
        let first = office.second_try(&place).await;
        assert_eq!(office.second_try(&place).await, first, "{place}: a third try ends like the second");
        parked += usize::from(first);
    }
    // After the intent was saved and before the request went out: four awaits, where nobody can know. Two of them are the
    // last look for a tombstone.
    assert_eq!(parked, 4);
}

#[tokio::test]
async fn a_ledger_that_fails_at_any_step_leaves_at_most_one_contract() {
    let office = Office::open();
    let (engine, ledger) = office.process(None);
    Box::pin(office.create(&engine, "hire-1")).await.unwrap();
    let steps = ledger.steps();
    assert_eq!(
        steps, 10,
        "forgotten?, the card, forgotten?, the creation, the intent, forgotten?, the entry twice, the creation, forgotten?"
    );
    let mut parked = Vec::new();
    for step in 0..steps {
        for failure in [Failure::Before, Failure::After] {
            let office = Office::open();
            let (engine, _) = office.process(Some((step, failure)));
            let error = Box::pin(office.create(&engine, "hire-1")).await.unwrap_err();
            assert!(matches!(error, EngineError::Ledger(_)) && error.is_retryable(), "{step}: {error}");
            if office.second_try(&format!("{failure:?} step {step}")).await {
                parked.push((step, failure));
            }
        }
    }
    // The intent is on the disk although the ledger said that it is not.
    assert_eq!(parked, [(4, Failure::After)]);
}

#[tokio::test]
async fn another_request_for_the_same_candidate_and_template_makes_another_contract() {
    let office = Office::open();
    let (engine, _) = office.process(None);
    let first = Box::pin(office.create(&engine, "hire-1")).await.unwrap();
    let second = Box::pin(office.create(&engine, "hire-2")).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(Box::pin(office.create(&engine, "hire-1")).await.unwrap(), first);
    assert_eq!(Box::pin(office.create(&engine, "hire-2")).await.unwrap(), second);
    assert_eq!(office.sandbox.contracts(), [first, second]);
    let mut contracts =
        office.remembered.contracts_of(&office.sandbox.seeded().candidate.into()).await.unwrap();
    contracts.sort();
    assert_eq!(contracts, [first, second]);
}
