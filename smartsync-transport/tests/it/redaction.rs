//! A marker stands in every place where a secret or a person's text can be; it must not be printed anywhere.

use std::{fmt::Debug, sync::Arc};

use smartsync_transport::{
    ApiClient, Body, Call, CauseChain, ConfigError, NextPage, Patch, Problem, ScriptedTransport,
    SecretString, TransportError,
};

use crate::support::service::{CreateBook, GetBook, ListBooks, client_with};

fn shows_nothing(value: &dyn Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("canary"), "{text}");
    }
}

fn says_nothing(error: &impl std::error::Error) {
    shows_nothing(error);
    assert!(!error.to_string().contains("canary"), "{error}");
    assert!(!CauseChain(error).to_string().contains("canary"), "{error}");
}

#[test]
fn values_print_no_content() {
    shows_nothing(&Body::from("canary"));
    shows_nothing(&Patch::Set("canary"));
    shows_nothing(&SecretString::from("canary"));
    shows_nothing(
        &Call::new()
            .segment("books")
            .query("filter[email]", "canary@example.com")
            .json("application/json", &"canary"),
    );
    let mut problem = Problem::default();
    problem.detail = Some("email - canary has already been taken".to_owned());
    shows_nothing(&problem);
    assert!(!problem.to_string().contains("canary"));
}

#[tokio::test]
async fn a_client_prints_neither_token_nor_answer() {
    let client = client_with(ScriptedTransport::new().json(200, r#""canary""#));
    shows_nothing(&client);
    shows_nothing(&client.prepare(&GetBook("1".to_owned())).unwrap().headers());
    let script = Arc::new(ScriptedTransport::new().json(200, r#""canary""#));
    client_with(Arc::clone(&script)).send(&GetBook("canary".to_owned())).await.unwrap_err();
    shows_nothing(&script);
}

#[tokio::test]
async fn an_error_prints_no_body_and_no_query() {
    let answers = [
        (422, r#"{"code":"100","detail":"canary has already been taken"}"#),
        (500, "canary"),
        (200, r#"{"id":"canary"}"#),
        (200, "canary"),
        (302, "canary"),
    ];
    for (status, body) in answers {
        let client = client_with(ScriptedTransport::new().json(status, body));
        let error = client.send(&CreateBook { title: "canary".to_owned() }).await;
        match error {
            Err(error) => says_nothing(&error),
            Ok(_) => says_nothing(
                &client_with(ScriptedTransport::new().json(status, body))
                    .send(&GetBook("1".to_owned()))
                    .await
                    .unwrap_err(),
            ),
        }
    }
    says_nothing(&TransportError::other("no answer"));
    says_nothing(&ConfigError::Missing("api_token"));
}

#[tokio::test]
async fn an_error_says_operation_status_and_code() {
    let client = client_with(ScriptedTransport::new().json(422, r#"{"code":"100","detail":"canary"}"#));
    let error = client.send(&GetBook("1".to_owned())).await.unwrap_err();
    assert_eq!(error.to_string(), "library.get_book: the service answered 422 Unprocessable Entity: 100");
    assert_eq!(error.problem().unwrap().detail.as_deref(), Some("canary"));
    let client = client_with(ScriptedTransport::new().json(401, ""));
    let error = client.send(&GetBook("1".to_owned())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "library.get_book: the service answered 401 Unauthorized \
         (check the token, and that the base URL belongs to the same account)"
    );
}

#[tokio::test]
async fn a_walk_prints_no_link_to_a_next_page() {
    let page = r#"{"books":[{"id":1}],"next":"https://library.example/v1/books?filter[email]=canary"}"#;
    let script = Arc::new(ScriptedTransport::new().json(200, page).json(200, page));
    let mut pages = client_with(Arc::clone(&script)).pages(ListBooks);
    pages.next().await.unwrap().unwrap();
    shows_nothing(&pages);
    let mut items = client_with(script).pages(ListBooks).items();
    items.next().await.unwrap().unwrap();
    shows_nothing(&items);
    shows_nothing(&NextPage::<ListBooks>::Link("https://library.example/v1/books?q=canary".to_owned()));
}

#[test]
fn a_base_url_with_a_user_is_refused() {
    for base_url in [
        "https://canary@library.example/v1",
        "https://:canary@library.example",
        "https://a:canary@library.example",
    ] {
        let builder = ApiClient::<crate::support::service::Library>::builder()
            .base_url(base_url.parse().unwrap())
            .transport(ScriptedTransport::new());
        shows_nothing(&builder);
        let error = builder.build().unwrap_err();
        assert!(matches!(error, ConfigError::UserInBaseUrl), "{base_url}");
        says_nothing(&error);
    }
}

/// What a service says of an error is shown where it is known, and nowhere else.
#[test]
fn only_known_words_of_a_service_are_shown() {
    let shown = |code: Option<&str>, title: Option<&str>, field: Option<&str>| {
        let mut problem = Problem::default();
        problem.code = code.map(str::to_owned);
        problem.title = title.map(str::to_owned);
        problem.field = field.map(str::to_owned);
        problem.to_string()
    };
    assert_eq!(shown(Some("4040000"), Some("Not Found"), None), "4040000, Not Found");
    assert_eq!(shown(Some("100"), Some("canary has already been taken"), None), "100, (text omitted)");
    assert_eq!(shown(Some("12345678"), None, None), "(text omitted)", "too long for a code");
    assert_eq!(shown(Some("canary"), Some("canary"), Some("/data/attributes/canary")), "(text omitted)");
    assert_eq!(shown(None, None, None), "no code, no title");
}
