//! Lines as one writes them first.

use teamtailor_client::{
    CandidateId, CustomFieldId, SecretString, TeamtailorClient, TeamtailorClientBuilder,
    candidates::{CandidateSort, GetCandidate, ListCandidates},
    custom_field_values::CreateCustomFieldValue,
    custom_field_values::NewCustomFieldValue,
    jiff,
    transport::{BuildError, Endpoint, ScriptedTransport},
};

#[test]
fn a_candidate_is_asked_for_by_what_one_has_at_hand() {
    let (id, text) = (CandidateId::from("4711"), "4711".to_owned());
    let asked = GetCandidate::new("4711");
    assert_eq!(GetCandidate::new(&id), asked); // 26
    assert_eq!(GetCandidate::new(4711), asked); // 27
    assert_eq!(GetCandidate::new(&text), asked); // 28
    assert_eq!(id, "4711");
    let field = CustomFieldId::from(31);
    assert_eq!(NewCustomFieldValue::new("x", &field, &id), NewCustomFieldValue::new("x", "31", "4711"));
}

#[test]
fn a_list_takes_times_of_jiff_orders_from_text_and_filters_that_nobody_documents() {
    let since: jiff::Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
    let sort: CandidateSort = "-created-at".parse().unwrap(); // 29
    let list = ListCandidates::new()
        .created_at_from(since) // 30
        .sort(&sort)
        .query_param("filter[tags]", "night owl");
    assert_eq!(
        list.call().unwrap().query_string(),
        "filter%5Bcreated-at%5D%5Bfrom%5D=2031-01-01T00%3A00%3A00%2B0000&sort=-created-at&page%5Bsize%5D=30&filter%5Btags%5D=night%20owl"
    );
    assert!(!format!("{list:?}").contains("night"));
}

#[test]
fn a_key_is_a_text_of_any_kind() {
    let builds =
        |builder: TeamtailorClientBuilder| builder.transport(ScriptedTransport::new()).build().is_ok();
    assert!(builds(TeamtailorClient::builder().api_key("key")));
    assert!(builds(TeamtailorClient::builder().api_key(String::from("key"))));
    assert!(builds(TeamtailorClient::builder().api_key(SecretString::from("key"))));
}

fn refusal(endpoint: &impl Endpoint) -> BuildError {
    let base = "https://api.teamtailor.com/v1".parse().unwrap();
    endpoint.call().unwrap().url(&base).unwrap_err()
}

#[test]
fn what_names_nothing_or_selects_everything_is_refused_before_it_is_sent() {
    for id in ["", " "] {
        assert!(matches!(refusal(&GetCandidate::new(id)), BuildError::PathSegment), "{id:?}");
    }
    let list = ListCandidates::new;
    for empty in
        [list().email(""), list().department(" "), list().fields([""]), list().query_param("filter[x]", " ")]
    {
        assert!(matches!(refusal(&empty), BuildError::EmptyQuery(_)));
    }
    assert!(matches!(refusal(&list().fields(["a,b"])), BuildError::ListItem(_)));
    assert!(matches!(refusal(&list().page_size(0)), BuildError::TooSmall { .. }));
    assert!(matches!(refusal(&list().page_number(0)), BuildError::TooSmall { .. }));
}

#[test]
fn a_related_resource_without_an_id_is_refused_before_it_is_sent() {
    let teamtailor = crate::support::fixtures::client(ScriptedTransport::new());
    for (field, candidate) in [("", "4711"), ("31", " ")] {
        let create = CreateCustomFieldValue::new(NewCustomFieldValue::new("x", field, candidate));
        let error = teamtailor.prepare(&create).unwrap_err();
        assert!(
            error.was_never_sent() && format!("{error:?}").contains("related resource is empty"),
            "{error:?}"
        );
    }
}
