//! Walking lists.

use std::sync::Arc;

use oneflow_client::{
    ListContracts, ListUsers, OneflowClient, PageError, SecretString,
    transport::{NextPage, Paged, ScriptedTransport},
};
use serde_json::{Value, json};

fn oneflow(script: &Arc<ScriptedTransport>) -> OneflowClient {
    OneflowClient::builder()
        .api_token(SecretString::from("token"))
        .transport(Arc::clone(script))
        .build()
        .unwrap()
}

fn page(count: Value, ids: impl IntoIterator<Item = i64>) -> String {
    let data: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
    json!({ "count": count, "data": data }).to_string()
}

fn queries(script: &ScriptedTransport) -> Vec<String> {
    script.requests().iter().map(|request| request.uri().query().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn pages_follow_the_offset_until_the_count_is_reached() {
    let script =
        Arc::new(ScriptedTransport::new().json(200, page(json!(3), 1..=2)).json(200, page(json!(3), 3..=3)));
    let contracts = oneflow(&script).contracts().list(ListContracts::new().limit(2).sort("name")).items();
    let ids: Vec<i64> = contracts.collect().await.unwrap().iter().map(|contract| contract.id.get()).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(queries(&script), ["limit=2&sort=name", "limit=2&offset=2&sort=name"]);
}

#[tokio::test]
async fn a_short_page_is_not_taken_for_the_last() {
    let script =
        Arc::new(ScriptedTransport::new().json(200, page(json!(3), 1..=1)).json(200, page(json!(3), 2..=3)));
    let contracts = oneflow(&script).contracts().list(ListContracts::new().limit(2)).items();
    assert_eq!(contracts.collect().await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_empty_page_ends_the_walk_whatever_the_count_says() {
    let script = Arc::new(ScriptedTransport::new().json(200, page(json!(9), [])));
    let contracts = oneflow(&script).contracts().list(ListContracts::new()).items();
    assert!(contracts.collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_count_the_next_link_says_whether_there_is_more() {
    let next = json!({ "_links": { "next": { "href": "https://api.oneflow.com/v1/users?offset=1" } }, "count": "2", "data": [{ "id": 1 }] });
    let last = json!({ "_links": { "next": { "href": null } }, "data": [{ "id": 2 }] });
    let script = Arc::new(ScriptedTransport::new().json(200, next.to_string()).json(200, last.to_string()));
    let users = oneflow(&script).accounts().users(ListUsers::new()).items();
    assert_eq!(users.collect().await.unwrap().len(), 2);
    assert_eq!(queries(&script), ["", "offset=1"]);
}

#[tokio::test]
async fn an_error_keeps_the_place() {
    let script = ScriptedTransport::new()
        .json(200, page(json!(2), 1..=1))
        .json(500, "{}")
        .json(200, page(json!(2), 2..=2));
    let script = Arc::new(script);
    let mut contracts = oneflow(&script).contracts().list(ListContracts::new().limit(1)).items();
    assert_eq!(contracts.next().await.unwrap().unwrap().id.get(), 1);
    assert!(matches!(contracts.next().await, Some(Err(PageError::Request(_)))));
    assert_eq!(contracts.next().await.unwrap().unwrap().id.get(), 2);
    assert!(contracts.next().await.is_none());
}

#[test]
fn beyond_the_last_offset_the_list_is_out_of_reach_and_not_at_its_end() {
    let page = |count, length| serde_json::from_str(&page(json!(count), 1..=length)).unwrap();
    let from = |offset| ListContracts::new().offset(offset);
    assert_eq!(from(19_800).next_page(&page(20_001, 100)), NextPage::Operation(from(19_900)));
    assert_eq!(from(19_900).next_page(&page(20_001, 100)), NextPage::OutOfReach);
    assert_eq!(from(19_900).next_page(&page(20_000, 100)), NextPage::End);
}
