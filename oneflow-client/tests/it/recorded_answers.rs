//! Answers of Oneflow's shapes, recorded by default: nobody is in the file, and what is played back decodes.

use std::{fs, path::Path, sync::Arc};

use oneflow_client::{
    OneflowClient,
    contracts::{Contract, ContractState, ListContracts},
    parties::SignState,
    test_util::{RecordedAnswers, Recording, ScriptedTransport},
    transport::{Body, Limiter, Method, Response, RetryPolicy, Transport},
};
use serde_json::Value;

use crate::support::answers;

fn client(transport: impl Transport + 'static) -> OneflowClient {
    OneflowClient::builder()
        .api_token("token-of-oneflow")
        .user_email("integration@example.org")
        .transport(transport)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap()
}

/// Records what the client does with these answers, and returns the text of the file.
async fn recorded<T>(
    script: ScriptedTransport,
    path: &Path,
    act: impl AsyncFn(OneflowClient) -> T,
) -> (T, String) {
    let answers = RecordedAnswers::builder(path).recording(Recording::All, script).open().unwrap();
    let result = act(client(answers)).await;
    (result, fs::read_to_string(path).unwrap())
}

fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|item| texts(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What somebody could be known by: texts with a capital, a space, an `@` or many digits that are no time and no type.
fn may_be_somebodys(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_of_the_service = text.starts_with("https://api.oneflow.com/v1/") || text.ends_with("+0000");
    !is_of_the_service
        && text.len() > 3
        && (text.contains(|c: char| c.is_uppercase() || " @".contains(c)) || digits > 4)
}

#[tokio::test]
async fn a_contract_is_played_back_with_its_state_and_its_ids_and_without_its_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contract.json");
    let script = ScriptedTransport::new().on(Method::GET, "/v1/contracts/9001").json(200, answers::CONTRACT);
    let get = async |client: OneflowClient| client.contracts().get(9001).await.unwrap();
    let (original, text) = recorded(script, &path, &get).await;

    let value: Value = serde_json::from_str(answers::CONTRACT).unwrap();
    let mut found = Vec::new();
    texts(&value, &mut found);
    let hidden: Vec<&str> = found.into_iter().filter(|text| may_be_somebodys(text)).collect();
    assert!(
        hidden.contains(&"Ann Example") && hidden.contains(&"556000-0000") && hidden.len() > 10,
        "{hidden:?}"
    );
    for other in hidden.into_iter().chain(["token-of-oneflow", "integration@example.org"]) {
        assert!(!text.contains(&format!("\"{other}\"")) && !text.contains("Ann"), "{other}");
    }

    let played: Contract = get(client(RecordedAnswers::open(&path).unwrap())).await;
    assert_eq!((played.id.get(), played.state.as_ref()), (9001, Some(&ContractState::Pending)));
    assert_eq!(played.unreadable, original.unreadable, "no member has lost its shape");
    assert_eq!(played.published_time, original.published_time);
    let participant = |contract: &Contract| {
        let (_, participant) = contract.counterparty_participants().next().unwrap();
        (participant.id, participant.sign_state.clone(), participant.email.clone())
    };
    assert_eq!(participant(&played).1, Some(SignState::Undecided));
    assert_eq!(participant(&played).0, participant(&original).0);
    assert_eq!(participant(&played).2.as_deref(), Some("person-2@example.com"));
    assert_eq!(played.data_fields.len(), 2);
}

#[tokio::test]
async fn a_signed_file_is_played_back_from_an_address_that_nobody_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.json");
    let mut redirect = Response::new(Body::empty());
    *redirect.status_mut() = oneflow_client::transport::StatusCode::FOUND;
    let address = "https://storage.example/Ann%20Example.pdf?X-Amz-Signature=secret&X-Amz-Credential=key";
    redirect.headers_mut().insert("location", address.parse().unwrap());
    let script = ScriptedTransport::new()
        .on(Method::GET, "/v1/contracts/9001/files/1")
        .answer(Ok(redirect))
        .on(Method::GET, "/Ann Example.pdf")
        .answer(Ok(Response::new(Body::from("%PDF-1.7 of Ann Example"))));
    let fetch = async |client: OneflowClient| {
        let mut pdf = Vec::new();
        client.download_file(9001, 1, &mut pdf, 1_000).await.map(|_| pdf.len()).unwrap()
    };
    let (length, text) = recorded(script, &path, &fetch).await;
    assert_eq!(length, 23);
    for secret in ["Ann", "Amz", "storage", "secret", "PDF"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let answers = Arc::new(RecordedAnswers::open(&path).unwrap());
    assert_eq!(fetch(client(Arc::clone(&answers))).await, 23);
    answers.assert_all_used();
}

#[tokio::test]
async fn a_list_is_played_back_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.json");
    let page = |ids: &[i64], next: &str| {
        let data: Vec<Value> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
        serde_json::json!({ "count": 3, "data": data, "_links": { "next": { "href": next } } }).to_string()
    };
    let next =
        "https://api.oneflow.com/v1/contracts?limit=2&offset=2&filter%5Bdata_field_match%5D=number%3A4711";
    let script = ScriptedTransport::new()
        .on(Method::GET, "/v1/contracts?offset=2")
        .json(200, page(&[3], ""))
        .on(Method::GET, "/v1/contracts")
        .json(200, page(&[1, 2], next));
    let list = async |client: OneflowClient| {
        let filter = ListContracts::new().limit(2).data_field_match("number:4711");
        let contracts = client.contracts().list(filter).items().collect().await.unwrap();
        contracts.iter().map(|contract| contract.id.get()).collect::<Vec<_>>()
    };
    let (ids, text) = recorded(script, &path, &list).await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(!text.contains("4711"), "{text}");
    assert_eq!(list(client(RecordedAnswers::open(&path).unwrap())).await, [1, 2, 3]);
}
