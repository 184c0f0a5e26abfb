use std::{sync::Arc, time::Duration};

use smartsync_transport::{ApiClient, CauseChain, PageError, ScriptedTransport};
use tokio::time::Instant;

use crate::support::service::{Library, ListBooks, client_with};

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
    for (link, origin) in [
        ("https://evil.example/v1/books?x=canary", "https://evil.example"),
        ("https://canary:canary@evil.example/v1/canary", "https://evil.example"),
        ("http://library.example/v1/books", "http://library.example"),
        ("https://library.example:8443/v1/books", "https://library.example:8443"),
        ("//evil.example/", "https://evil.example"),
    ] {
        let script =
            Arc::new(ScriptedTransport::new().json(200, format!(r#"{{"books":[],"next":"{link}"}}"#)));
        let mut pages = client_with(Arc::clone(&script)).pages(ListBooks);
        pages.next().await.unwrap().unwrap();
        let Some(Err(PageError::Request(error))) = pages.next().await else { panic!("{link} was followed") };
        assert!(error.was_never_sent());
        let text = CauseChain(&error).to_string();
        assert!(
            text.contains(&format!("points to {origin}, and the base URL is on https://library.example,")),
            "{text}"
        );
        assert!(!text.contains("canary") && !format!("{error:?}").contains("canary"), "{error:?}");
        assert_eq!(script.requests().len(), 1);
        assert!(pages.next().await.is_none());
    }
}

#[tokio::test]
async fn behind_a_gateway_the_query_of_a_foreign_link_is_used_and_nothing_else() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, r#"{"books":[],"next":"https://library.example/v1/books?page=2"}"#)
            .json(200, r#"{"books":[{"id":1}]}"#),
    );
    let client = ApiClient::<Library>::builder()
        .base_url("https://gateway.example/library".parse().unwrap())
        .transport(Arc::clone(&script))
        .allow_foreign_next_links()
        .build()
        .unwrap();
    assert_eq!(client.pages(ListBooks).items().collect().await.unwrap().len(), 1);
    assert_eq!(script.requests()[1].uri(), "https://gateway.example/library/books?page=2");
}

#[tokio::test]
async fn an_empty_link_is_the_end() {
    for link in ["", " "] {
        let script =
            ScriptedTransport::new().json(200, format!(r#"{{"books":[{{"id":1}}],"next":"{link}"}}"#));
        assert_eq!(client_with(script).pages(ListBooks).items().collect().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_long_list_is_walked_to_its_end() {
    let page = |n| format!(r#"{{"books":[{{"id":{n}}}],"next":"/v1/books?page={n}"}}"#);
    let script = (0..10_050).fold(ScriptedTransport::new(), |script, n| script.json(200, page(n)));
    let books = client_with(script.json(200, r#"{"books":[]}"#)).pages(ListBooks).items().collect().await;
    assert_eq!(books.unwrap().len(), 10_050);
}

#[tokio::test]
async fn a_walk_that_looks_over_its_errors_ends_where_they_do_not_pass() {
    for (status, body) in [(401, ""), (403, ""), (404, ""), (200, "no JSON")] {
        let script = (0..9).fold(ScriptedTransport::new(), |script, _| script.json(status, body));
        let script = Arc::new(script);
        let mut items = client_with(Arc::clone(&script)).pages(ListBooks).items();
        let mut found = 0;
        while let Some(item) = items.next().await {
            let Ok(_) = item else { continue };
            found += 1;
        }
        assert_eq!((found, script.requests().len()), (0, 1), "{status}");
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
async fn links_that_lead_in_a_circle_are_noticed_at_the_second_visit() {
    let page = |next| format!(r#"{{"books":[],"next":"/v1/books?page={next}"}}"#);
    let script = (0..9).fold(ScriptedTransport::new(), |script, n| script.json(200, page(n % 3)));
    let script = Arc::new(script);
    let walk = client_with(Arc::clone(&script)).pages(ListBooks).items().collect().await;
    assert!(matches!(walk, Err(PageError::Endless)));
    assert_eq!(script.requests().len(), 4, "the first page, and each of the three once");
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
async fn an_error_that_passes_keeps_the_place() {
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

/// `let Ok(book) = book else { continue };` neither spins nor floods a service that is down.
#[tokio::test(start_paused = true)]
async fn a_loop_that_skips_errors_rests_between_them() {
    let script = (0..5).fold(ScriptedTransport::new(), |script, _| script.json(500, ""));
    let mut items = client_with(script.json(200, r#"{"books":[{"id":1}]}"#)).pages(ListBooks).items();
    let (begun, mut books) = (Instant::now(), Vec::new());
    while let Some(book) = items.next().await {
        let Ok(book) = book else { continue };
        books.push(book.id);
    }
    assert_eq!((books, begun.elapsed()), (vec![1], Duration::from_secs(5)));
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
