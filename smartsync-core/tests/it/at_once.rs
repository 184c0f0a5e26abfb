//! What several callers do at the same time: one contract raises several notifications at once.

use futures_util::future::join_all;
use smartsync_core::{
    CandidateId, DocumentOutcome, Engine, EngineError, Ledger, LedgerEntry, Report,
    ledger::{CardEntry, DocumentRecord, LedgerChange},
};
use smartsync_sandbox::SandboxSettings;
use tokio::task::yield_now;

use crate::support::{
    slow_sandbox::{counts, signed, slow_engine},
    story::Story,
};

fn slow(story: &Story) -> Engine {
    slow_engine(story, |builder| builder)
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

#[tokio::test]
async fn who_asks_while_a_shared_look_is_under_way_gets_one_of_its_own() {
    let story = signed().await;
    let engine = slow(&story);
    let three = join_all([(); 3].map(|()| engine.sync(story.contract.into())));
    let late = async {
        while counts(&story).0 < 2 {
            yield_now().await;
        }
        engine.sync(story.contract.into()).await
    };
    let (three, late) = tokio::join!(three, late);
    assert!(three.into_iter().chain([late]).all(|report| report.unwrap().is_complete()));
    assert_eq!(counts(&story).0, 3, "the second look began before the fourth caller asked");
}

#[tokio::test]
async fn an_upload_whose_end_is_unknown_is_taken_back_once() {
    let story = signed().await;
    let candidate = CandidateId::from(story.sandbox.seeded().candidate);
    let mut entry = LedgerEntry::default();
    (entry.candidate, entry.document) = (Some(candidate.clone()), Some(DocumentRecord::Intended));
    let change = LedgerChange::set(story.contract.into(), candidate, entry, CardEntry::default());
    story.ledger.update(&change).await.unwrap();
    let taken_back = [(); 2].map(|()| story.engine.attach_again(story.contract.into()));
    let [first, second] = taken_back;
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (true, false));
}
