//! Lines as one writes them first.

use std::sync::Arc;

use oneflow_client::{
    ContractId, OneflowClient, TimeRange, async_trait,
    contracts::{Contract, ContractState, DataFieldPatch, GetContract, ListContracts, UpdateDataField},
    http, jiff,
    transport::{
        Body, BuildError, Endpoint, Request, Response, ScriptedTransport, Transport, TransportError,
    },
};

use crate::support::answers;

/// Answers everything with a contract.
#[derive(Debug)]
struct Fixed;

#[async_trait] // 15
impl Transport for Fixed {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        Ok(http::Response::new(Body::from(answers::CONTRACT)))
    }
}

fn oneflow(transport: impl Transport + 'static) -> OneflowClient {
    OneflowClient::builder().api_token("token").transport(transport).build().unwrap() // 25
}

#[tokio::test]
async fn a_contract_is_asked_for_by_reference_and_says_its_name() {
    let id = ContractId::new(9001);
    let contract = oneflow(Fixed).contracts().get(&id).await.unwrap(); // 16
    assert_eq!(contract.name(), Some("Employment of Ann Example")); // 17
    assert_eq!(contract.created().unwrap().as_str(), "2031-01-02T03:04:05+0000"); // 18
    assert_eq!(contract.workspace(), Some(12.into())); // 19
    assert_eq!((contract.template(), contract.template_type()), (Some(34.into()), Some(4711.into())));
    let changed = contract.data_fields[0].updated().and_then(|time| time.instant()); // 20
    assert_eq!(changed, Some("2031-02-03T04:05:06Z".parse().unwrap()));

    let bare: Contract = serde_json::from_str(r#"{"id": 1}"#).unwrap();
    assert_eq!((bare.name(), bare.created(), bare.workspace(), bare.template()), (None, None, None, None));
}

#[test]
fn a_list_takes_borrowed_states_times_of_jiff_and_filters_that_nobody_documents() {
    let since: jiff::Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
    let list = ListContracts::new()
        .states(&[ContractState::Signed]) // 21
        .published_time(TimeRange::since(since)) // 22
        .query_param("filter[created_time]", TimeRange::since(since)); // 23
    assert_eq!(
        list.call().unwrap().query_string(),
        "filter%5Bstates%5D=signed&filter%5Bpublished_time%5D=2031-01-01T00%3A00%3A00%2B0000%7C&filter%5Bcreated_time%5D=2031-01-01T00%3A00%3A00%2B0000%7C"
    );
    assert!(!format!("{:?}", list.query_param("filter[x]", "canary")).contains("canary"));
}

#[tokio::test]
async fn a_parameter_of_the_callers_own_stays_on_every_page() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(200, r#"{"count": 2, "data": [{"id": 1}]}"#)
            .json(200, r#"{"count": 2, "data": [{"id": 2}]}"#),
    );
    let list = ListContracts::new().query_param("filter[odd]", 1);
    let contracts = oneflow(Arc::clone(&script)).contracts().list(list).items().collect().await.unwrap();
    assert_eq!(contracts.len(), 2);
    let queries: Vec<String> =
        script.requests().iter().map(|request| request.uri().query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["filter%5Bodd%5D=1", "offset=1&filter%5Bodd%5D=1"]);
}

fn refusal(endpoint: &impl Endpoint) -> BuildError {
    let base = "https://api.oneflow.com/v1".parse().unwrap();
    endpoint.call().unwrap().url(&base).unwrap_err()
}

#[test]
fn what_names_nothing_or_selects_everything_is_refused_before_it_is_sent() {
    for key in ["", " ", "c::", "c:: "] {
        let update = UpdateDataField::new(9001, key, DataFieldPatch::new().value("x"));
        assert!(matches!(refusal(&update), BuildError::PathSegment), "{key:?}");
    }
    let list = ListContracts::new;
    for empty in [
        list().name(""),
        list().query(" "),
        list().data_field_match(""),
        list().states([""; 1]),
        list().query_param("filter[x]", ""),
    ] {
        assert!(matches!(refusal(&empty), BuildError::EmptyQuery(_)));
    }
    let no_state = list().states(Vec::<ContractState>::new());
    assert!(matches!(refusal(&no_state), BuildError::EmptyQuery(_)), "no state is not every state");
    assert!(matches!(refusal(&list().states(["signed,declined"])), BuildError::ListItem(_)));
    assert!(matches!(refusal(&list().limit(0)), BuildError::TooSmall { .. }));
}

#[test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "as one writes it first")]
fn an_operation_takes_what_one_has_at_hand() {
    let (id, key) = (ContractId::new(9001), "start-date".to_owned());
    let update = UpdateDataField::new(&id, &key, DataFieldPatch::new().value("x")); // 24
    assert_eq!(update.contract_id, 9001);
    assert_eq!(GetContract::new(ContractId::try_from(9001_u64).unwrap()), GetContract::new(9001));
}
