//! Method, path, query, headers and body of every operation, as the reference writes them.

mod accounts;
mod address_book;
mod contracts;
mod files;
mod parties;
mod products;
mod templates;
mod webhooks;

use std::collections::BTreeSet;

use oneflow_client::{
    Oneflow, OneflowClient, SecretString,
    accounts::Ping,
    contracts::{DataFieldPatch, GetContract, UpdateDataField},
    transport::{
        Endpoint, Error, Limiter, Request, RetryPolicy, ScriptedTransport, assert_says_nothing,
        hostile_answers,
    },
};
use serde_json::Value;

const TOKEN: &str = "0123456789abcdefABCDEF-0123456789abcdefAB";

fn oneflow() -> OneflowClient {
    OneflowClient::builder()
        .api_token(SecretString::from(TOKEN))
        .user_email("integration@example.com")
        .transport(ScriptedTransport::new())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap()
}

/// An operation as it goes over the wire.
struct Row {
    operation: &'static str,
    idempotent: bool,
    request: Request,
    expected: &'static str,
    body: Sent,
}

/// The body of a request.
enum Sent {
    Nothing,
    Json(Value),
    Form(&'static str),
}

fn row<E: Endpoint<Service = Oneflow>>(endpoint: &E, expected: &'static str) -> Row {
    let request = oneflow().prepare(endpoint).unwrap();
    quotes_nobody(endpoint);
    Row { operation: E::OPERATION, idempotent: E::IDEMPOTENT, request, expected, body: Sent::Nothing }
}

/// Whatever a service answers this operation, an error of it says nothing of whom the answer quotes.
fn quotes_nobody<E: Endpoint<Service = Oneflow>>(endpoint: &E) {
    let (oneflow, mut errors) = (oneflow(), 0);
    for answer in hostile_answers() {
        if let Err(error) = oneflow.finish(endpoint, answer) {
            assert_says_nothing(&error);
            errors += 1;
        }
    }
    assert!(errors > 500, "{}: {errors}", E::OPERATION);
}

impl Row {
    fn json(self, body: Value) -> Self {
        Self { body: Sent::Json(body), ..self }
    }

    fn form(self, body: &'static str) -> Self {
        Self { body: Sent::Form(body), ..self }
    }
}

fn table() -> Vec<Row> {
    let parts = [
        accounts::rows(),
        address_book::rows(),
        contracts::rows(),
        files::rows(),
        parties::rows(),
        products::rows(),
        templates::rows(),
        webhooks::rows(),
    ];
    parts.into_iter().flatten().collect()
}

#[test]
fn every_operation_goes_over_the_wire_as_documented() {
    for row in table() {
        let operation = row.operation;
        let uri = row.request.uri();
        assert_eq!(uri.scheme_str(), Some("https"), "{operation}");
        assert_eq!(uri.host(), Some("api.oneflow.com"), "{operation}");
        let line = format!("{} {}", row.request.method(), uri.path_and_query().unwrap());
        assert_eq!(line, row.expected, "{operation}");

        let header = |name: &str| row.request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("x-oneflow-api-token"), Some(TOKEN), "{operation}");
        assert_eq!(header("x-oneflow-user-email"), Some("integration@example.com"), "{operation}");
        assert_eq!(header("accept"), Some("application/json"), "{operation}");

        let bytes = row.request.body().as_bytes();
        match row.body {
            Sent::Json(expected) => {
                assert_eq!(header("content-type"), Some("application/json"), "{operation}");
                assert_eq!(serde_json::from_slice::<Value>(bytes).unwrap(), expected, "{operation}");
            }
            Sent::Form(expected) => {
                let boundary = "multipart/form-data; boundary=smartsync-form-boundary-0000000000000000";
                assert_eq!(header("content-type"), Some(boundary), "{operation}");
                assert_eq!(std::str::from_utf8(bytes).unwrap(), expected, "{operation}");
            }
            Sent::Nothing => {
                assert_eq!(header("content-type"), None, "{operation}");
                assert!(bytes.is_empty(), "{operation}");
            }
        }
    }
}

#[test]
fn the_table_has_a_row_for_every_operation_of_the_document() {
    let documented = documented();
    let tested: BTreeSet<String> = table().into_iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(tested, documented);
    assert!(documented.contains("get_contract"), "the document is read at all");
}

/// The operations of the document.
pub(crate) fn documented() -> BTreeSet<String> {
    let document = include_str!("../../openapi.yaml");
    let ids = document.lines().filter_map(|line| line.trim().strip_prefix("operationId: "));
    ids.map(snake_case).collect()
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for character in camel.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

#[test]
fn what_creates_something_is_not_sent_twice() {
    let creating: BTreeSet<&str> =
        table().iter().filter(|row| !row.idempotent).map(|row| row.operation).collect();
    assert_eq!(
        creating,
        BTreeSet::from([
            "copy_contract",
            "create_access_link",
            "create_contact",
            "create_contract",
            "create_folder",
            "create_participant",
            "create_party",
            "create_product",
            "create_tag",
            "create_template_type",
            "create_webhook",
            "decline_contract",
            "mark_contract_as_signed",
            "publish_contract",
            "upload_file",
        ])
    );
}

#[test]
fn without_an_email_no_user_header_is_sent() {
    let oneflow = OneflowClient::builder()
        .api_token(SecretString::from(TOKEN))
        .transport(ScriptedTransport::new())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let request = oneflow.prepare(&Ping::new()).unwrap();
    assert!(!request.headers().contains_key("x-oneflow-user-email"));
}

#[test]
fn an_empty_custom_id_is_refused() {
    // `c::` alone names no data field, and an empty segment would be the list of all.
    let error = oneflow().prepare(&UpdateDataField::new(9001, "", DataFieldPatch::new())).unwrap_err();
    assert!(error.was_never_sent(), "{error}");
}

#[test]
fn operations_are_values_that_compare() {
    assert_eq!(GetContract::new(42), GetContract::new(42));
    assert_ne!(GetContract::new(42), GetContract::new(43));
    let update = |patch| UpdateDataField::new(1, "a", patch);
    assert_ne!(update(DataFieldPatch::new()), update(DataFieldPatch::new().clear_value()));
    assert!(DataFieldPatch::new().is_empty());
    assert!(!DataFieldPatch::new().clear_value().is_empty());
}

#[test]
fn a_token_is_required_and_must_be_a_header_value() {
    let build = |token: &str| {
        let builder = OneflowClient::builder()
            .transport(ScriptedTransport::new())
            .retry(RetryPolicy::none())
            .limiter(Limiter::none());
        builder.api_token(token).build().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(build(TOKEN), Ok(()));
    assert_eq!(build("a-short-token-of-a-stand-in"), Ok(()));
    assert_eq!(build(" ").unwrap_err(), "`api_token` is blank");
    assert_eq!(build("secret\n"), Ok(()));
    assert_eq!(build("sec\nret").unwrap_err(), "`api_token` contains white space");
    let none = OneflowClient::builder()
        .transport(ScriptedTransport::new())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build();
    assert_eq!(none.unwrap_err().to_string(), "`api_token` is not set");
}

#[test]
fn a_failed_preparation_names_the_operation() {
    let oneflow = OneflowClient::builder()
        .api_token(TOKEN)
        .transport(ScriptedTransport::new())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let error: Error = oneflow.request(GetContract::new(1)).header("not a name", "1").prepare().unwrap_err();
    assert_eq!(error.operation(), "get_contract");
    assert!(error.was_never_sent());
}
