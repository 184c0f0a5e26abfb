//! What several callers do at the same time: one contract raises several notifications at once.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use smartsync_core::{
    DocumentOutcome, Engine, EngineError, LedgerError, Outcome, Reason, Report,
    engine::{Lease, Leases},
};
use smartsync_sandbox::SandboxSettings;
use tokio::task::yield_now;

use crate::support::{slow_sandbox::slow_engine, story::Story};

/// A contract that was changed, signed by all and never looked at.
async fn signed() -> Story {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    story.sandbox.clear_request_log();
    story
}

fn slow(story: &Story) -> Engine {
    slow_engine(story, |builder| builder)
}

/// How often the contract was read, the value written and the document attached.
fn counts(story: &Story) -> (usize, usize, usize) {
    let log = story.sandbox.request_log();
    let count = |method: &str, path: &str| {
        log.iter().filter(|request| request.method == *method && request.path.ends_with(path)).count()
    };
    let contract = format!("/contracts/{}", story.contract);
    (count("GET", &contract), count("POST", "/custom-field-values"), count("POST", "/uploads"))
}

#[tokio::test]
async fn three_notifications_at_once_attach_one_document_and_cost_two_looks() {
    let story = signed().await;
    let engine = slow(&story);
    let reports = join_all([(); 3].map(|()| engine.sync(story.contract.into()))).await;
    let reports: Vec<Report> = reports.into_iter().map(Result::unwrap).collect();
    assert_eq!(reports[0].document, DocumentOutcome::Attached);
    assert_eq!(reports[1], reports[2], "both were told by one look");
    assert!(reports.iter().all(Report::is_complete), "{reports:?}");
    let (reads, writes, uploads) = counts(&story);
    assert_eq!((writes, uploads), (1, 1));
    assert_eq!(story.uploads().len(), 1);
    assert_eq!(reads, 2, "two looks");
}

#[tokio::test]
async fn plans_that_were_made_at_once_attach_one_document() {
    let story = signed().await;
    let engine = slow(&story);
    let handle = async || {
        let plan = engine.plan(story.contract.into()).await.unwrap();
        engine.apply(plan).await
    };
    let reports = join_all([(); 3].map(|()| handle())).await;
    let attached = reports.iter().filter(|report| report.document == DocumentOutcome::Attached).count();
    let (_, writes, uploads) = counts(&story);
    assert_eq!((attached, writes, uploads, story.uploads().len()), (1, 1, 1, 1));
    assert!(engine.sync(story.contract.into()).await.unwrap().is_complete());
}

#[tokio::test]
async fn who_gives_up_leaves_the_turn_to_the_next() {
    let story = signed().await;
    let engine = slow(&story);
    tokio::select! {
        biased;
        _ = engine.sync(story.contract.into()) => panic!("it takes more than one request"),
        () = async { for _ in 0..5 { yield_now().await } } => {}
    }
    assert!(engine.sync(story.contract.into()).await.unwrap().is_complete());
    assert_eq!(story.uploads().len(), 1);
}

#[tokio::test]
async fn a_look_that_fails_is_shared_and_the_next_one_is_anew() {
    let story = signed().await;
    let engine = slow(&story);
    story.sandbox.take_away_key();
    let results = join_all([(); 3].map(|()| engine.sync(story.contract.into()))).await;
    assert!(matches!(&results[0], Err(EngineError::Service(_))), "{:?}", results[0]);
    assert!(results[1..].iter().all(|result| matches!(result, Err(EngineError::Shared(_)))));
    let errors = results.into_iter().map(Result::unwrap_err);
    let told: Vec<_> = errors.map(|error| (error.to_string(), error.is_retryable())).collect();
    assert_eq!(told[0], told[1]);
    story.sandbox.give_back_key();
    assert!(engine.sync(story.contract.into()).await.unwrap().is_complete());
}

#[tokio::test]
async fn two_attempts_at_once_under_one_request_id_create_one_contract() {
    let story = Story::begin(SandboxSettings::new()).await;
    let engine = slow(&story);
    let request = story.request("hire-2");
    let plan = engine.plan_contract(&request).await.unwrap();
    let created = join_all([plan.clone(), plan].map(|plan| engine.create(plan))).await;
    let created: Vec<_> = created.into_iter().map(Result::unwrap).collect();
    assert_eq!(created[0].contract, created[1].contract);
    assert_eq!([created[0].is_adopted, created[1].is_adopted], [false, true]);
}

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
