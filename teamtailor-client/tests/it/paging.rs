//! Walking lists over `links.next`.

use std::sync::Arc;

use serde_json::json;
use smartsync_transport::ScriptedTransport;
use teamtailor_client::{PageError, candidates::ListCandidates, custom_fields::ListCustomFields};

use crate::support::fixtures::{client, decode};

fn page(ids: &[&str], next: serde_json::Value) -> String {
    let data: Vec<serde_json::Value> =
        ids.iter().map(|id| json!({ "id": id, "type": "custom-fields", "attributes": {} })).collect();
    json!({ "data": data, "links": { "next": next } }).to_string()
}

fn urls(script: &ScriptedTransport) -> Vec<String> {
    script.requests().iter().map(|request| request.uri().to_string()).collect()
}

#[tokio::test]
async fn items_of_all_pages_come_in_order_over_a_link_with_escaped_brackets() {
    let next = "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2&page%5Bsize%5D=2";
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, page(&["1", "2"], json!(next)))
            .json(200, page(&[], json!("https://api.teamtailor.com/v1/custom-fields?page[after]=abc")))
            .json(200, page(&["3"], json!(null))),
    );
    let client = client(Arc::clone(&script));
    let fields =
        client.custom_fields().list(ListCustomFields::new().page_size(2)).items().collect().await.unwrap();
    let ids: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(
        urls(&script),
        [
            "https://api.teamtailor.com/v1/custom-fields?page%5Bsize%5D=2",
            "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2&page%5Bsize%5D=2",
            "https://api.teamtailor.com/v1/custom-fields?page[after]=abc",
        ]
    );
    let key =
        |position: usize| script.requests()[position].headers()["authorization"].to_str().unwrap().to_owned();
    assert_eq!((key(0), key(1)), ("Token token=key-1".to_owned(), "Token token=key-1".to_owned()));
}

#[tokio::test]
async fn a_link_may_be_an_object() {
    let next = json!({ "href": "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2" });
    let script = Arc::new(ScriptedTransport::new().json(200, page(&["1"], next)).json(200, r#"{"data":[]}"#));
    let client = client(Arc::clone(&script));
    let fields = client.custom_fields().list(ListCustomFields::new()).items().collect().await.unwrap();
    assert_eq!(fields.len(), 1);
    assert_eq!(urls(&script)[1], "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2");
}

#[tokio::test]
async fn a_link_of_unknown_shape_does_not_end_the_list_unseen() {
    let script = ScriptedTransport::new().json(200, page(&["1"], json!(2)));
    let mut pages = client(script).custom_fields().list(ListCustomFields::new());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, PageError::Request(error) if error.is_decode()));
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    for foreign in [
        "https://evil.example.com/v1/custom-fields?page%5Bnumber%5D=2",
        "http://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2",
        "https://api.teamtailor.com:444/v1/custom-fields?page%5Bnumber%5D=2",
        "//evil.example.com/v1/custom-fields",
    ] {
        let script = Arc::new(ScriptedTransport::new().json(200, page(&["1"], json!(foreign))));
        let mut pages = client(Arc::clone(&script)).custom_fields().list(ListCustomFields::new());
        assert!(pages.next().await.unwrap().is_ok());
        let error = pages.next().await.unwrap().unwrap_err();
        assert!(
            matches!(error, PageError::Request(error) if error.was_never_sent() && error.is_terminal()),
            "{foreign}"
        );
        assert_eq!(script.requests().len(), 1, "{foreign}");
    }
}

#[tokio::test]
async fn an_error_keeps_the_place() {
    let next = "https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2";
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, page(&["1"], json!(next)))
            .json(503, "")
            .json(200, page(&["2"], json!(null))),
    );
    let mut items = client(Arc::clone(&script)).custom_fields().list(ListCustomFields::new()).items();
    assert_eq!(items.next().await.unwrap().unwrap().id.as_str(), "1");
    assert!(items.next().await.unwrap().is_err());
    assert_eq!(items.next().await.unwrap().unwrap().id.as_str(), "2");
    assert!(items.next().await.is_none());
    assert_eq!(urls(&script)[1], urls(&script)[2]);
}

#[tokio::test]
async fn a_malformed_item_is_an_error_in_its_place() {
    let body = json!({ "data": [{ "id": "1" }, { "id": [2] }, { "id": "3" }] }).to_string();
    let script = ScriptedTransport::new().json(200, body);
    let mut items = client(script).candidates().list(ListCandidates::new()).items();
    assert_eq!(items.next().await.unwrap().unwrap().id.as_str(), "1");
    assert!(matches!(items.next().await, Some(Err(PageError::Item { position: 1, .. }))));
    assert_eq!(items.next().await.unwrap().unwrap().id.as_str(), "3");
    assert!(items.next().await.is_none());
}

#[test]
fn nothing_depends_on_the_size_of_a_list() {
    for meta in [
        json!(null),
        json!({}),
        json!({ "record-count": null }),
        json!({ "record-count": "42", "page-count": -1 }),
    ] {
        let page = decode(&ListCustomFields::new(), &json!({ "data": [], "meta": meta }).to_string());
        assert_eq!((page.meta.record_count, page.meta.page_count), (None, None), "{meta}");
    }
}
