use std::sync::Arc;

use smartsync_transport::{PageError, ScriptedTransport};

use crate::support::service::{ListBooks, client_with};

#[tokio::test]
async fn items_are_walked_over_every_page_including_an_empty_one() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, r#"{"books":[{"id":1},{"id":2}],"next":"https://library.example/v1/books?page%5Bsize%5D=2&page%5Bafter%5D=b"}"#)
            .json(200, r#"{"books":[],"next":"/v1/books?page%5Bafter%5D=c"}"#)
            .json(200, r#"{"books":[{"id":3}]}"#),
    );
    let books = client_with(Arc::clone(&script)).pages(ListBooks).items().collect().await.unwrap();
    assert_eq!(books.iter().map(|book| book.id).collect::<Vec<_>>(), [1, 2, 3]);
    let queries: Vec<_> =
        script.requests().iter().map(|request| request.uri().query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["page%5Bsize%5D=2", "page%5Bsize%5D=2&page%5Bafter%5D=b", "page%5Bafter%5D=c"]);
}

#[tokio::test]
async fn a_next_link_to_another_origin_is_refused_before_anything_is_sent() {
    for link in [
        "https://evil.example/v1/books?x=1",
        "http://library.example/v1/books",
        "https://library.example:8443/v1/books",
        "//evil.example/",
    ] {
        let script =
            Arc::new(ScriptedTransport::new().json(200, format!(r#"{{"books":[],"next":"{link}"}}"#)));
        let mut pages = client_with(Arc::clone(&script)).pages(ListBooks);
        pages.next().await.unwrap().unwrap();
        let Some(Err(PageError::Request(error))) = pages.next().await else { panic!("{link} was followed") };
        assert!(error.was_never_sent());
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_next_link_to_the_same_page_ends_the_walk_with_an_error() {
    let page = r#"{"books":[{"id":1}],"next":"/v1/books?page=2"}"#;
    let script = Arc::new(ScriptedTransport::new().json(200, page).json(200, page));
    let mut pages = client_with(Arc::clone(&script)).pages(ListBooks);
    assert!(pages.next().await.unwrap().is_ok() && pages.next().await.unwrap().is_ok());
    assert!(matches!(pages.next().await, Some(Err(PageError::Endless))));
    assert!(pages.next().await.is_none());
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn links_that_lead_in_a_circle_end_with_an_error() {
    let page = |next| format!(r#"{{"books":[],"next":"/v1/books?page={next}"}}"#);
    let script = (0..10_001).fold(ScriptedTransport::new(), |script, n| script.json(200, page(n % 2)));
    let script = Arc::new(script);
    let walk = client_with(Arc::clone(&script)).pages(ListBooks).items().collect().await;
    assert!(matches!(walk, Err(PageError::Endless)));
    assert_eq!(script.requests().len(), 10_000);
}

#[tokio::test]
async fn only_the_query_is_taken_from_a_next_link() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, r#"{"books":[],"next":"https://library.example/v1/secrets?page=2"}"#)
            .json(200, r#"{"books":[]}"#),
    );
    client_with(Arc::clone(&script)).pages(ListBooks).items().collect().await.unwrap();
    assert_eq!(script.requests()[1].uri(), "https://library.example/v1/books?page=2");
}

#[tokio::test]
async fn an_error_keeps_the_place() {
    let script = ScriptedTransport::new()
        .json(200, r#"{"books":[{"id":1}],"next":"/v1/books?page=2"}"#)
        .json(500, "")
        .json(200, r#"{"books":[{"id":2}]}"#);
    let mut items = client_with(script).pages(ListBooks).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, 1);
    assert!(matches!(items.next().await, Some(Err(PageError::Request(_)))));
    assert_eq!(items.next().await.unwrap().unwrap().id, 2);
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_malformed_item_is_an_error_and_the_walk_goes_on() {
    let script = ScriptedTransport::new().json(200, r#"{"books":[{"id":1},{"id":"two"},{"id":3}]}"#);
    let mut items = client_with(script).pages(ListBooks).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, 1);
    assert!(matches!(items.next().await, Some(Err(PageError::Item { position: 1, .. }))));
    assert_eq!(items.next().await.unwrap().unwrap().id, 3);
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_list_beyond_reach_ends_with_an_error_and_not_quietly() {
    let script = ScriptedTransport::new().json(200, r#"{"books":[{"id":1}],"too_far":true}"#);
    let mut items = client_with(script).pages(ListBooks).items();
    assert!(items.next().await.unwrap().is_ok());
    assert!(matches!(items.next().await, Some(Err(PageError::OutOfReach))));
    assert!(items.next().await.is_none());
}
