//! Walking lists.

use std::sync::Arc;

use oneflow_client::{
    Oneflow, OneflowClient, PageError,
    accounts::{ListUsers, ListWorkspaces},
    contacts::ListContacts,
    contracts::{ContractSort, ListContracts, ListDataFields},
    events::ListContractEvents,
    files::ListFiles,
    folders::ListFolders,
    logs::ListLogs,
    parties::ListParties,
    products::ListProductGroups,
    tags::ListTags,
    templates::{ListTemplateTypes, ListTemplates},
    transport::{Limiter, NextPage, Paged, RetryPolicy, ScriptedTransport},
    webhooks::ListWebhooks,
};
use serde_json::{Value, json};

fn oneflow(script: &Arc<ScriptedTransport>) -> OneflowClient {
    OneflowClient::builder()
        .api_token("token")
        .transport(Arc::clone(script))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
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
    let contracts =
        oneflow(&script).contracts().list(ListContracts::new().limit(2).sort([ContractSort::Name])).items();
    let ids: Vec<i64> = contracts.collect().await.unwrap().iter().map(|contract| contract.id.get()).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(queries(&script), ["limit=2&sort=name", "limit=2&offset=2&sort=name"]);
}

#[tokio::test]
async fn a_bare_list_of_webhooks_is_all_there_is() {
    let webhooks: Vec<Value> = (1..=150).map(|id| json!({ "webhook_id": id })).collect();
    let script = Arc::new(ScriptedTransport::new().json(200, json!(webhooks).to_string()));
    let webhooks = oneflow(&script).webhooks().list(ListWebhooks::new()).items().collect().await.unwrap();
    assert_eq!((webhooks.len(), script.requests().len()), (150, 1));
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

/// The queries of a walk over two pages.
async fn walk<E: Paged<Service = Oneflow>>(list: E) -> Vec<String> {
    let script =
        Arc::new(ScriptedTransport::new().json(200, page(json!(3), 1..=2)).json(200, page(json!(3), 3..=3)));
    let items = oneflow(&script).pages(list).items().collect().await.unwrap();
    assert_eq!(items.len(), 3, "{}", E::OPERATION);
    queries(&script)
}

#[tokio::test]
async fn every_list_goes_on_where_it_stopped() {
    assert_eq!(walk(ListUsers::new()).await, ["", "offset=2"]);
    assert_eq!(
        walk(ListWorkspaces::new().name("HR")).await,
        ["filter%5Bname%5D=HR", "offset=2&filter%5Bname%5D=HR"]
    );
    assert_eq!(walk(ListContracts::new().limit(2)).await, ["limit=2", "limit=2&offset=2"]);
    assert_eq!(walk(ListDataFields::new(1)).await, ["", "offset=2"]);
    assert_eq!(walk(ListContractEvents::new(1).sort(["-id"])).await, ["sort=-id", "sort=-id&offset=2"]);
    assert_eq!(walk(ListParties::new(1)).await, ["", "offset=2"]);
    assert_eq!(walk(ListProductGroups::new(1)).await, ["", "offset=2"]);
    assert_eq!(walk(ListFiles::new(1)).await, ["", "offset=2"]);
    assert_eq!(walk(ListTemplates::new()).await, ["", "offset=2"]);
    assert_eq!(walk(ListTemplateTypes::new()).await, ["", "offset=2"]);
    assert_eq!(walk(ListFolders::new()).await, ["", "offset=2"]);
    assert_eq!(walk(ListTags::new()).await, ["", "offset=2"]);
    assert_eq!(walk(ListContacts::new(12)).await, ["workspace_id=12", "workspace_id=12&offset=2"]);
    assert_eq!(walk(ListLogs::new()).await, ["", "offset=2"]);
    assert_eq!(walk(ListWebhooks::new()).await, ["", "offset=2"]);
}

#[tokio::test]
async fn a_page_without_data_is_an_error_and_surprises_around_it_are_not() {
    let script = Arc::new(ScriptedTransport::new().json(200, r#"{ "count": 3 }"#));
    let error = oneflow(&script).send(&ListUsers::new()).await.unwrap_err();
    assert!(error.is_decode());
    for around in [
        r#""count": null, "_links": null"#,
        r#""count": "many", "_links": []"#,
        r#""_links": { "next": { "href": null }, "previous": null }, "more": 1"#,
        r#""_links": { "next": {} }"#,
    ] {
        let script = Arc::new(
            ScriptedTransport::new()
                .json(200, format!(r#"{{ {around}, "data": [{{ "id": 1 }}] }}"#))
                // Where neither size nor links can be read, the end is a page without items.
                .json(200, r#"{ "data": [] }"#),
        );
        let users = oneflow(&script).accounts().users(ListUsers::new()).items().collect().await.unwrap();
        assert_eq!(users.len(), 1, "{around}");
    }
}
