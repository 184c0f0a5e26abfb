//! Several processes over one ledger: who has the lease of a contract works on it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::{BoxFuture, join_all};
use smartsync_core::{
    DocumentOutcome, Engine, EngineBuilder, EngineError, LedgerError, Mapping, Outcome, Reason,
    engine::{Lease, LeaseFault, Leases, leases_conformance},
};

use smartsync_sandbox::SandboxSettings;

use crate::support::{
    shaky_ledger::{Failure, Meanwhile, Shaky},
    slow_sandbox::{counts, signed, slow_engine},
    story::{Story, build_between},
};

/// Leases of a store whose clock is turned by hand.
#[derive(Clone, Debug, Default)]
struct HandLeases(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    marks: u32,
    held: BTreeMap<String, (String, Duration)>,
}

#[async_trait]
impl Leases for HandLeases {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let mut state = self.0.lock().unwrap();
        let now = state.now;
        if state.held.get(name).is_some_and(|(_, ends)| *ends > now) {
            return Ok(None);
        }
        state.marks += 1;
        let mark = state.marks.to_string();
        state.held.insert(name.to_owned(), (mark.clone(), now + time));
        Ok(Some(Lease::new(name, mark)))
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        let mut state = self.0.lock().unwrap();
        let now = state.now;
        let held = state.held.get_mut(&lease.name);
        let ours = held.filter(|(mark, ends)| *mark == lease.mark && *ends > now);
        Ok(ours.map(|(_, ends)| *ends = now + time).is_some())
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        let mut state = self.0.lock().unwrap();
        if state.held.get(&lease.name).is_some_and(|(mark, _)| *mark == lease.mark) {
            state.held.remove(&lease.name);
        }
        Ok(())
    }
}

impl HandLeases {
    fn held(&self) -> usize {
        self.0.lock().unwrap().held.len()
    }
}

/// Two processes over one ledger.
fn two(story: &Story, leases: Option<&HandLeases>) -> [Engine; 2] {
    [(); 2].map(|()| {
        slow_engine(story, |builder| match leases {
            Some(leases) => builder.leases(leases.clone()),
            None => builder,
        })
    })
}

#[tokio::test]
async fn of_two_processes_with_leases_one_looks() {
    let story = signed().await;
    let leases = HandLeases::default();
    let engines = two(&story, Some(&leases));
    let results = join_all(engines.iter().map(|engine| engine.sync(story.contract.into()))).await;
    let other = results[1].as_ref().unwrap_err();
    assert!(matches!(other, EngineError::LeasedElsewhere) && other.is_retryable(), "{other}");
    assert!(results[0].as_ref().unwrap().is_complete());
    assert_eq!((counts(&story).2, leases.held()), (1, 0));
    assert!(engines[1].sync(story.contract.into()).await.unwrap().is_complete());

    // What the leases are for.
    let story = signed().await;
    let engines = two(&story, None);
    join_all(engines.iter().map(|engine| engine.sync(story.contract.into()))).await;
    assert_eq!(counts(&story).2, 2);
}

#[tokio::test]
async fn a_lease_is_of_one_contract() {
    let story = signed().await;
    let (leases, hour) = (HandLeases::default(), Duration::from_secs(3_600));
    let engine = slow_engine(&story, |builder| builder.leases(leases.clone()));
    let contract = story.contract;
    let own = leases.acquire(&format!("contract:{contract}"), hour).await.unwrap().unwrap();
    let error = engine.sync(contract.into()).await.unwrap_err();
    assert!(matches!(error, EngineError::LeasedElsewhere), "{error}");
    leases.release(&own).await.unwrap();
    leases.acquire(&format!("contract:{}", contract + 1), hour).await.unwrap().unwrap();
    assert!(engine.sync(contract.into()).await.unwrap().is_complete());
}

#[tokio::test]
async fn the_lease_of_a_creation_is_that_of_its_request_id() {
    let story = Story::begin(SandboxSettings::new()).await;
    let (leases, hour) = (HandLeases::default(), Duration::from_secs(3_600));
    let engine = slow_engine(&story, |builder| builder.leases(leases.clone()));
    let plan = engine.plan_contract(&story.request("hire-3")).await.unwrap();
    let held = leases.acquire("creation:hire-3", hour).await.unwrap().unwrap();
    let error = engine.create(plan.clone()).await.unwrap_err();
    assert!(matches!(error, EngineError::LeasedElsewhere), "{error}");
    leases.release(&held).await.unwrap();
    leases.acquire("creation:hire-4", hour).await.unwrap().unwrap();
    engine.create(plan).await.unwrap();
}

#[tokio::test]
async fn a_plan_that_another_process_is_ahead_of_is_held() {
    let story = signed().await;
    let leases = HandLeases::default();
    let [engine, other] = two(&story, Some(&leases));
    let plan = engine.plan(story.contract.into()).await.unwrap();
    let (report, applied) = tokio::join!(other.sync(story.contract.into()), engine.apply(plan));
    assert!(report.unwrap().is_complete());
    assert!(applied.retry_after().is_some());
    assert_eq!(applied.document, DocumentOutcome::Later(Reason::ChangedMeanwhile));
    assert_eq!(applied.count(|outcome| outcome == Outcome::Written), 0);
    assert_eq!(story.uploads().len(), 1);
}

/// Leases that are lost after so many renewals.
#[derive(Debug)]
struct Lost(AtomicU32);

#[async_trait]
impl Leases for Lost {
    async fn acquire(&self, name: &str, _: Duration) -> Result<Option<Lease>, LedgerError> {
        Ok(Some(Lease::new(name, "1")))
    }

    async fn renew(&self, _: &Lease, _: Duration) -> Result<bool, LedgerError> {
        Ok(self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok())
    }

    async fn release(&self, _: &Lease) -> Result<(), LedgerError> {
        Ok(())
    }
}

#[tokio::test]
async fn whoever_has_lost_the_lease_writes_nothing_more() {
    let mut written = Vec::new();
    for renewals in 0..8 {
        let story = signed().await;
        let lost = Lost(AtomicU32::new(renewals));
        let engine = slow_engine(&story, |builder| builder.leases(lost));
        let report = engine.sync(story.contract.into()).await.unwrap();
        let (_, values, uploads) = counts(&story);
        assert_eq!(report.is_complete(), (values, uploads) == (1, 1), "{renewals}: {report:?}");
        assert_eq!(report.retry_after().is_some(), !report.is_complete(), "{renewals}");
        written.push((values, uploads));
    }
    assert_eq!(written[0], (0, 0));
    assert!(written.contains(&(1, 0)), "the value was written, then the lease was lost: {written:?}");
    assert_eq!(written.last(), Some(&(1, 1)));
}

/// What becomes of a look that stands still at this step of the ledger for longer than its lease lasts, while another process looks. `None`: it
/// has not so many steps.
async fn stands_still(at: (usize, Failure)) -> Option<usize> {
    let story = signed().await;
    let (leases, contract) = (HandLeases::default(), story.contract.into());
    let other = Arc::new(slow_engine(&story, |builder| builder.leases(leases.clone())));
    let sent_before = Arc::new(AtomicUsize::new(usize::MAX));
    let others = {
        let (sandbox, leases) = (story.sandbox.clone(), leases.clone());
        let (other, sent_before) = (Arc::clone(&other), Arc::clone(&sent_before));
        move || {
            sandbox.advance(Duration::from_secs(120));
            leases.0.lock().unwrap().now += Duration::from_secs(120);
            let (sandbox, other, sent_before) = (sandbox.clone(), other.clone(), sent_before.clone());
            Box::pin(async move {
                other.sync(contract).await.unwrap();
                sent_before.store(sandbox.request_log().len(), Ordering::SeqCst);
            }) as BoxFuture<'static, ()>
        }
    };
    let meanwhile = Meanwhile { at, others: Box::new(others) };
    let ledger = Arc::new(Shaky::new(story.ledger.clone(), None).meanwhile(meanwhile));
    let finish = |builder: EngineBuilder| builder.leases(leases.clone());
    let engine = build_between(&story.sandbox, ledger.clone(), Mapping::default(), |wire| wire, finish);
    let report = engine.sync(contract).await;
    if ledger.steps() <= at.0 {
        return None;
    }
    let log = story.sandbox.request_log();
    let late = log.iter().skip(sent_before.load(Ordering::SeqCst)).filter(|request| request.method != *"GET");
    let late: Vec<_> = late.map(|request| &request.path).collect();
    assert!(late.is_empty(), "{at:?}: {late:?}, {report:?}");
    // What was begun and not sent is a person's to decide on; nothing is done twice.
    leases.0.lock().unwrap().now += Duration::from_secs(120);
    let last = other.sync(contract).await.unwrap();
    let is_open = last.document == DocumentOutcome::Later(Reason::UploadUnknown);
    assert!(last.is_complete() || is_open, "{at:?}: {last:?}");
    let uploads = story.uploads().len();
    assert_eq!(uploads, usize::from(!is_open), "{at:?}");
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"), "{at:?}");
    Some(uploads)
}

#[tokio::test]
async fn whoever_stands_still_at_a_step_of_the_ledger_writes_nothing_once_another_has_the_lease() {
    let mut uploads = Vec::new();
    for step in 0.. {
        let (before, after) = (
            Box::pin(stands_still((step, Failure::Before))).await,
            Box::pin(stands_still((step, Failure::After))).await,
        );
        assert_eq!(before.is_some(), after.is_some());
        let Some((before, after)) = before.zip(after) else { break };
        uploads.extend([before, after]);
    }
    assert!(uploads.len() > 20, "{uploads:?}");
    // Right behind the note that the upload has begun.
    assert_eq!(uploads.iter().filter(|uploads| **uploads == 0).count(), 1, "{uploads:?}");
}

#[tokio::test]
async fn a_lease_is_given_back_where_nothing_could_be_read() {
    let story = signed().await;
    let leases = HandLeases::default();
    let engine = slow_engine(&story, |builder| builder.leases(leases.clone()));
    story.sandbox.take_away_key();
    engine.sync(story.contract.into()).await.unwrap_err();
    engine.attach_again(story.contract.into()).await.unwrap();
    let plan = engine.plan_contract(&story.request("hire-3")).await;
    assert_eq!((plan.is_err(), leases.held()), (true, 0));
}

/// Leases that break one rule.
#[derive(Debug)]
struct Broken(HandLeases, &'static str);

#[async_trait]
impl Leases for Broken {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let name = if self.1 == "mixes names" { &name[..13] } else { name };
        if self.1 == "grants twice" {
            self.0.0.lock().unwrap().held.clear();
        }
        let time = if self.1 == "never ends" { time.max(Duration::from_secs(1)) } else { time };
        let lease = self.0.acquire(name, time).await?;
        // The check takes a name three times, and another one after the first.
        let repeated = match (self.1, lease.as_ref().map(|lease| lease.mark.as_str())) {
            ("repeats the first mark", Some("3")) => Some("1"),
            ("repeats the second mark", Some("4")) => Some("3"),
            ("comes back to the first mark", Some("4")) => Some("1"),
            _ => None,
        };
        if let (Some(mark), Some(lease)) = (repeated, &lease) {
            self.0.0.lock().unwrap().held.get_mut(&lease.name).unwrap().0 = mark.to_owned();
            return Ok(Some(Lease::new(lease.name.as_str(), mark)));
        }
        Ok(lease.filter(|_| self.1 != "grants nothing"))
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        match self.1 {
            "renews nothing" => Ok(false),
            "renews all" => Ok(true),
            _ => self.0.renew(lease, time).await,
        }
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        match self.1 {
            "releases nothing" => Ok(()),
            "releases another's" => {
                self.0.0.lock().unwrap().held.remove(&lease.name);
                Ok(())
            }
            _ => self.0.release(lease).await,
        }
    }
}

#[tokio::test]
async fn the_conformance_check_of_leases_notices_each_broken_rule() {
    leases_conformance(&HandLeases::default()).await.unwrap();
    let chosen_at_run_time: Arc<dyn Leases> = Arc::new(HandLeases::default());
    leases_conformance(&chosen_at_run_time).await.unwrap();
    let found = |fault: &LeaseFault| format!("{fault:?}");
    for (broken, expected) in [
        ("grants nothing", "NotGranted"),
        ("grants twice", "GrantedTwice"),
        ("mixes names", "NamesMixed"),
        ("renews nothing", "NotRenewed"),
        ("renews all", "RenewedAfterEnd"),
        ("releases nothing", "RenewedAfterEnd"),
        ("never ends", "RenewedAfterEnd"),
        ("repeats the first mark", "MarkRepeated"),
        ("repeats the second mark", "MarkRepeated"),
        ("comes back to the first mark", "MarkRepeated"),
        ("releases another's", "NotReleased"),
    ] {
        let error = leases_conformance(&Broken(HandLeases::default(), broken)).await.unwrap_err();
        assert_eq!(found(&error), expected, "{broken}");
    }
}
