//! One request makes one contract and sends it once, however often it is repeated.

use std::sync::Arc;

use oneflow_client::{OneflowClient, contracts::PublishMessage};
use smartsync_core::{Engine, EngineError, Ledger, LedgerEntry, Mapping, MemoryLedger, ledger::Creation};
use smartsync_sandbox::{WireFault, WireFaults};
use smartsync_transport::{Limiter, Request, RetryPolicy, TransportError};
use teamtailor_client::TeamtailorClient;

use crate::support::{
    creation::{made, planned, reads, request, second_try},
    stage::keys,
};

#[tokio::test]
async fn a_contract_is_sent_at_once_where_that_is_asked_for() {
    let request =
        request().name("Employment of Ida").publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) =
        planned(request, |script| script.json(200, made("draft")).json(200, made("pending"))).await;
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_published);
    let writes = stage.writes();
    assert!(writes[0].contains(r#""name":"Employment of Ida""#), "{}", writes[0]);
    assert_eq!(
        writes[1],
        r#"POST /v1/contracts/9001/publish {"subject":"Your contract","message":"Please sign."}"#
    );
}

#[tokio::test]
async fn a_contract_that_is_a_draft_after_it_was_sent_was_not_sent() {
    let request = || request().publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) = planned(request(), |script| {
        let script = script.json(200, made("draft")).json(200, made("draft")).json(200, made("draft"));
        // The next try finds it so, and sends it.
        script.json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    let error = stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(matches!(&error, EngineError::NotPublished { source: None, .. }), "{error}");
    assert!(error.is_retryable());
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_adopted && created.is_published);

    let (stage, plan) = planned(request(), |script| {
        script.json(200, made("draft")).json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    assert!(stage.engine.create(plan).await.unwrap().is_published, "the answer was of a moment before");
    assert_eq!(stage.writes().len(), 2);
}

#[tokio::test]
async fn the_intent_is_in_the_ledger_before_the_request_goes_out() {
    let (oneflow, teamtailor) = reads();
    let ledger = Arc::new(MemoryLedger::new());
    let is_create = |request: &Request| request.uri().path().ends_with("/create");
    let silent = WireFaults::when(move |_, request| is_create(request).then_some(WireFault::CrashBefore));
    let oneflow = OneflowClient::builder()
        .api_token("a-token")
        .user_email("integration@example.com")
        .transport(silent.on(oneflow))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key("a-key")
        .transport(teamtailor)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let engine =
        Engine::builder(oneflow, teamtailor, Mapping::default(), ledger.clone(), keys()).build().unwrap();
    let plan = engine.plan_contract(&request()).await.unwrap();
    tokio::select! {
        biased;
        _ = engine.create(plan) => panic!("Oneflow never answers"),
        () = tokio::task::yield_now() => {}
    }
    let creation = ledger.load_creation(&"hire-1".parse().unwrap()).await.unwrap();
    assert_eq!(creation, Some(Creation::Intended { candidate: "4711".into(), template: 88.into() }));
}

#[tokio::test]
async fn a_try_that_surely_made_nothing_may_be_repeated() {
    for first in [Err(TransportError::connect("refused")), Ok(429), Ok(400), Ok(409)] {
        let (stage, second) = second_try(first, |script| script.json(200, made("draft"))).await;
        let created = second.unwrap();
        assert_eq!((created.contract, created.is_adopted), (9001.into(), false));
        assert_eq!(stage.writes().len(), 2);
    }
}

#[tokio::test]
async fn the_same_request_after_a_success_makes_nothing_and_finishes_what_is_left() {
    let request = request().publish(PublishMessage::new("Your contract", "Please sign."));
    let (stage, plan) = planned(request, |script| {
        script.json(200, made("draft")).json(503, "").json(200, made("draft")).json(200, made("pending"))
    })
    .await;
    let error = stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(matches!(&error, EngineError::NotPublished { contract, .. } if *contract == 9001));
    assert!(error.is_retryable());
    let created = stage.engine.create(plan).await.unwrap();
    assert!(created.is_adopted && created.is_published);
    let creates = stage.writes().iter().filter(|line| line.contains("/create")).count();
    assert_eq!(creates, 1);
}

#[tokio::test]
async fn a_request_id_of_another_creation_is_refused() {
    let (stage, plan) = planned(request(), |script| script.json(200, made("pending"))).await;
    for (candidate, template) in [("4712", 88), ("4711", 89)] {
        let candidate = || candidate.into();
        for other in [
            Creation::Intended { candidate: candidate(), template: template.into() },
            Creation::Released { candidate: candidate(), template: template.into() },
        ] {
            stage.ledger.save_creation(&"hire-1".parse().unwrap(), &other).await.unwrap();
            let refused = stage.engine.create(plan.clone()).await;
            assert!(matches!(refused, Err(EngineError::RequestReused)), "{other:?}: {refused:?}");
        }
    }
    let of_another = Creation::Created { candidate: "4712".into(), contract: 9001.into() };
    stage.ledger.save_creation(&"hire-1".parse().unwrap(), &of_another).await.unwrap();
    assert!(matches!(stage.engine.create(plan.clone()).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), None);
    assert_eq!(stage.oneflow_requests().len(), 3, "the contract of the other creation is not even read");
    let made_for_another = Creation::Created { candidate: "4711".into(), contract: 9001.into() };
    stage.ledger.save_creation(&"hire-1".parse().unwrap(), &made_for_another).await.unwrap();
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4712".into());
    stage.ledger.put(9001.into(), entry.clone());
    assert!(matches!(stage.engine.create(plan).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), Some(entry));
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_request_id_of_a_contract_from_another_template_is_refused() {
    let of_another = made("pending").replace(r#""template_id": 88"#, r#""template_id": 89"#);
    let (stage, plan) = planned(request(), |script| script.json(200, of_another)).await;
    stage
        .ledger
        .save_creation(
            &"hire-1".parse().unwrap(),
            &Creation::Created { candidate: "4711".into(), contract: 9001.into() },
        )
        .await
        .unwrap();
    assert!(matches!(stage.engine.create(plan).await, Err(EngineError::RequestReused)));
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

#[tokio::test]
async fn a_request_id_whose_contract_was_deleted_makes_no_other() {
    let (stage, plan) =
        planned(request(), |script| script.json(200, made("draft")).json(404, "{}").json(404, "{}")).await;
    stage.engine.create(plan.clone()).await.unwrap();
    for _ in 0..2 {
        let error = stage.engine.create(plan.clone()).await.unwrap_err();
        assert!(matches!(error, EngineError::CreatedAndGone { contract } if contract == 9001), "{error}");
        assert!(!error.is_retryable());
    }
    assert_eq!(stage.writes().len(), 1);
}
