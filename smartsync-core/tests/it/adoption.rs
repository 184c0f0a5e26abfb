//! A second try looks for the contract of the first one, whose answer was lost, and takes it over.

use std::sync::Arc;

use oneflow_client::OneflowClient;
use smartsync_core::{Engine, EngineError, Ledger, Mapping, MemoryLedger, ledger::Creation};
use smartsync_transport::{Limiter, RetryPolicy, ScriptedTransport, TransportError};
use teamtailor_client::TeamtailorClient;

use crate::support::{
    creation::{TEMPLATE, TEMPLATE_TYPE, WORKSPACES, list, made, reads, request, second_try},
    fenced::Fence,
    stage::{Stage, contract, summary, token},
};

#[tokio::test]
async fn a_lost_answer_is_made_good_by_adopting_the_contract_that_carries_our_token() {
    let other = contract("draft", &token("4711", "hire-2"), &[]).replace("9001", "9002");
    let first = || Err(TransportError::timeout("late"));
    let (stage, second) = second_try(first(), |script| {
        script.json(200, list(&[other.clone(), made("draft")])).json(200, made("draft"))
    })
    .await;
    let created = second.unwrap();
    assert_eq!((created.contract, created.is_adopted), (9001.into(), true));
    assert_eq!(stage.writes().len(), 1, "the contract is not made twice");
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().candidate, Some("4711".into()));
    assert_eq!(
        stage.ledger.entry(9001.into()).unwrap().bases.len(),
        6,
        "the five that were filled in, and the city that both left empty"
    );

    let bare = r#"{ "id": 9001, "state": "draft" }"#.to_owned();
    let (stage, second) = second_try(first(), |script| {
        script.json(200, list(&[bare])).json(200, made("draft")).json(200, made("draft"))
    })
    .await;
    assert_eq!(second.unwrap().contract, 9001, "the list may leave the parties out");
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn of_an_adopted_contract_is_said_what_it_holds_and_not_what_this_try_would_have_sent() {
    let edited = made("pending")
        .replace(r#""value": "1234.5""#, r#""value": "2000""#)
        .replace(r#""custom_id": "oneflow-car""#, r#""custom_id": "oneflow-bike""#);
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(std::slice::from_ref(&edited))).json(200, edited)
    })
    .await;
    let created = second.unwrap();
    assert!(created.is_adopted);
    assert_eq!(
        summary(&created.outcomes),
        [
            "first-name written",
            "oneflow-car skipped not-in-contract",
            "oneflow-city skipped candidate-empty",
            "oneflow-kind written",
            "oneflow-start-date written",
            "salary skipped contract-holds-another",
        ]
    );
    let bases = stage.ledger.entry(9001.into()).unwrap().bases;
    let bases: Vec<&str> = bases.keys().map(String::as_str).collect();
    assert_eq!(bases, ["first-name", "oneflow-city", "oneflow-kind", "oneflow-start-date"]);
}

#[tokio::test]
async fn an_earlier_try_is_looked_for_page_by_page_until_one_is_not_full() {
    let others = vec![contract("draft", "", &[]); 100];
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(&others)).json(200, list(&others)).json(200, list(&others[..99]))
    })
    .await;
    assert!(matches!(second, Err(EngineError::CreationUnknown)), "{second:?}");
    let requests = stage.oneflow_requests();
    assert_eq!(
        requests[4..],
        [
            "GET /v1/contracts?limit=100&offset=0",
            "GET /v1/contracts?limit=100&offset=100",
            "GET /v1/contracts?limit=100&offset=200",
        ]
    );
}

#[tokio::test]
async fn a_token_in_a_data_field_that_is_no_link_does_not_make_the_contract_ours() {
    let copied = contract("draft", "", &[("note", &token("4711", "hire-1"))]);
    let (stage, second) =
        second_try(Err(TransportError::timeout("late")), |script| script.json(200, list(&[copied]))).await;
    assert!(matches!(second, Err(EngineError::CreationUnknown)), "{second:?}");
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_known_is_never_doubled() {
    for first in
        [Err(TransportError::timeout("late")), Err(TransportError::other("broken")), Ok(502), Ok(200)]
    {
        let (stage, second) = second_try(first, |script| script.json(200, list(&[]))).await;
        assert!(matches!(second, Err(EngineError::CreationUnknown)));
        assert_eq!(stage.writes().len(), 1);
    }
}

#[tokio::test]
async fn a_thousand_contracts_are_searched_as_oneflow_lists_them_and_no_more() {
    let others: Vec<String> =
        (0..100).map(|_| contract("draft", &token("4711", "hire-2"), &[]).replace("9001", "9002")).collect();
    let full = list(&others);
    let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
        (0..10).fold(script, |script, _| script.json(200, full.clone()))
    })
    .await;
    let error = second.unwrap_err();
    assert!(
        error.to_string().contains("among the contracts searched (1,000 at most): look for it"),
        "{error}"
    );
    let requests = stage.oneflow_requests();
    let lists: Vec<&str> =
        requests.iter().filter(|line| line.contains("/contracts?")).map(String::as_str).collect();
    assert_eq!(lists.len(), 10);
    // The documentation has no sort by the time of creation, so none is asked for.
    assert_eq!(
        (lists[0], lists[9]),
        ("GET /v1/contracts?limit=100&offset=0", "GET /v1/contracts?limit=100&offset=900")
    );
}

#[tokio::test]
async fn a_contract_made_before_a_rotation_of_keys_is_found_by_the_token_of_that_time() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"link\"";
    let with_link = TEMPLATE_TYPE.replacen("[", r#"[ { "id": 9, "custom_id": "link", "active": true },"#, 1);
    let before = contract("draft", "", &[("link", &token("4711", "hire-1"))]);
    let oneflow = Arc::new(
        ScriptedTransport::new()
            .json(200, TEMPLATE)
            .json(200, with_link)
            .json(200, WORKSPACES)
            .json(200, list(&[]))
            .json(200, list(std::slice::from_ref(&before)))
            .json(200, before),
    );
    let (_, teamtailor) = reads();
    let ledger = Arc::new(MemoryLedger::new());
    let intent = Creation::Intended { candidate: "4711".into(), template: 88.into() };
    ledger.save_creation(&"hire-1".parse().unwrap(), &intent).await.unwrap();
    let mapping: Mapping = toml::from_str(mapping).unwrap();
    let fence = Fence::around(&mapping);
    let oneflow_client = OneflowClient::builder()
        .api_token("a-token")
        .user_email("integration@example.com")
        .transport(fence.fenced(Arc::clone(&oneflow)))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key("a-key")
        .transport(fence.fenced(teamtailor))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let keys = smartsync_core::SyncKeys::new(
        "acme",
        [
            "the/second/key/of/the/tenant/acme/000000000".into(),
            "the/first/key/of/the/tenant/acme/0000000000".into(),
        ],
    );
    let engine = Engine::builder(oneflow_client, teamtailor, mapping, ledger, keys.unwrap()).build().unwrap();
    let plan = engine.plan_contract(&request()).await.unwrap();
    let created = engine.create(plan).await.unwrap();
    assert_eq!((created.contract, created.is_adopted), (9001.into(), true));
    assert!(oneflow.requests().iter().all(|request| request.method() == "GET"), "nothing was made");
}

#[tokio::test]
async fn the_token_is_found_by_a_filter_where_a_data_field_holds_it() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"link\"";
    let with_link = TEMPLATE_TYPE.replacen("[", r#"[ { "id": 9, "custom_id": "link", "active": true },"#, 1);
    let found = contract("draft", "", &[("link", &token("4711", "hire-1"))]);
    let oneflow = ScriptedTransport::new()
        .json(200, TEMPLATE)
        .json(200, with_link)
        .json(200, WORKSPACES)
        .answer(Err(TransportError::timeout("late")))
        .json(200, list(std::slice::from_ref(&found)))
        .json(200, found);
    let (_, teamtailor) = reads();
    let stage = Stage::new(mapping, oneflow, teamtailor);
    let plan = stage.engine.plan_contract(&request()).await.unwrap();
    stage.engine.create(plan.clone()).await.unwrap_err();
    assert!(stage.engine.create(plan).await.unwrap().is_adopted);
    let requests = stage.oneflow_requests();
    let search = requests.iter().find(|line| line.starts_with("GET /v1/contracts?")).unwrap();
    assert!(search.contains("filter%5Bdata_field_match%5D=link%3Ateamtailor%3A4711%3Ahire-1%3A"), "{search}");
    assert!(
        stage.writes()[0]
            .contains(&format!(r#"{{"custom_id":"link","value":"{}"}}"#, token("4711", "hire-1")))
    );
}
