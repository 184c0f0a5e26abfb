//! A list of candidates that fails with its includes is read one by one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use smartsync_transport::{Limiter, RetryPolicy, ScriptedTransport, Sleep, Wait, async_trait};
use teamtailor_client::{
    CandidatePages, PageError, TeamtailorClient,
    candidates::{Candidate, CandidateInclude, ListCandidates},
    jsonapi::ListDocument,
};

use crate::support::fixtures::client;

const HOST: &str = "https://api.teamtailor.com/v1";
const INCLUDE: &str = "include=custom-field-values%2Ccustom-field-values.custom-field";

fn list() -> ListCandidates {
    ListCandidates::new()
        .include([CandidateInclude::CustomFieldValues, CandidateInclude::CustomFieldValuesCustomField])
        .email("ida@example.com")
        .page_size(2)
}

fn listed(id: &str) -> Value {
    json!({ "id": id, "type": "candidates", "attributes": { "first-name": format!("Name {id}") } })
}

/// The candidate with one value, of the field that all share.
fn with_value(id: &str) -> (Value, Value) {
    let mut candidate = listed(id);
    candidate["relationships"] = json!({ "custom-field-values": { "data": [{ "type": "custom-field-values", "id": format!("9{id}") }] } });
    let value = json!({
        "id": format!("9{id}"), "type": "custom-field-values", "attributes": { "value": format!("Value {id}") },
        "relationships": { "custom-field": { "data": { "type": "custom-fields", "id": "31" } } },
    });
    (candidate, value)
}

fn field() -> Value {
    json!({ "id": "31", "type": "custom-fields", "attributes": { "api-name": "shirt-size" } })
}

/// A page as it comes with its includes.
fn whole(ids: &[&str], next: Option<&str>) -> String {
    let (candidates, mut included): (Vec<Value>, Vec<Value>) = ids.iter().map(|id| with_value(id)).unzip();
    included.push(field());
    json!({ "data": candidates, "included": included, "links": { "next": next } }).to_string()
}

fn bare(ids: &[&str], next: Option<&str>) -> String {
    let candidates: Vec<Value> = ids.iter().map(|id| listed(id)).collect();
    json!({ "data": candidates, "links": { "next": next }, "meta": { "record-count": 3 } }).to_string()
}

fn alone(id: &str) -> String {
    let (candidate, value) = with_value(id);
    json!({ "data": candidate, "included": [value, field()] }).to_string()
}

fn told(page: &ListDocument<Candidate>) -> Vec<(String, String)> {
    let candidates = page.data.iter().map(|candidate| candidate.as_result().unwrap());
    candidates
        .flat_map(|candidate| {
            page.included.custom_field_values(candidate).map(|pair| {
                let (value, field) = pair.unwrap();
                assert_eq!(field.attributes.api_name.as_deref(), Some("shirt-size"));
                (
                    candidate.id.as_str().to_owned(),
                    value.attributes.value.unwrap().as_str().unwrap().to_owned(),
                )
            })
        })
        .collect()
}

fn row(id: &str) -> (String, String) {
    (id.to_owned(), format!("Value {id}"))
}

fn urls(script: &ScriptedTransport) -> Vec<String> {
    script.requests().iter().map(|request| request.uri().to_string()).collect()
}

fn pages(script: &Arc<ScriptedTransport>) -> CandidatePages {
    client(Arc::clone(script)).candidates().pages_with_values(list())
}

#[tokio::test]
async fn a_list_that_works_costs_one_request_per_page() {
    let next = format!("{HOST}/candidates?page%5Bafter%5D=2&{INCLUDE}");
    let script = Arc::new(
        ScriptedTransport::new().json(200, whole(&["1", "2"], Some(&next))).json(200, whole(&["3"], None)),
    );
    let mut pages = pages(&script);
    assert_eq!(told(&pages.next().await.unwrap().unwrap()), [row("1"), row("2")]);
    assert_eq!(told(&pages.next().await.unwrap().unwrap()), [row("3")]);
    assert!(pages.next().await.is_none());
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn a_list_that_answers_500_is_read_one_by_one_and_looks_the_same() {
    let next = format!("{HOST}/candidates?page%5Bafter%5D=2&page%5Bsize%5D=2");
    let script = Arc::new(
        ScriptedTransport::new()
            .json(500, "{}")
            .json(200, bare(&["1", "2"], Some(&next)))
            .json(200, alone("1"))
            .json(200, alone("2"))
            .json(200, bare(&["3"], None))
            .json(200, alone("3")),
    );
    let mut pages = pages(&script);
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(told(&page), [row("1"), row("2")]);
    assert_eq!((page.included.len(), page.meta.record_count), (3, Some(3)), "the field came along once");
    assert_eq!(told(&pages.next().await.unwrap().unwrap()), [row("3")]);
    assert!(pages.next().await.is_none());
    let bare = "filter%5Bemail%5D=ida%40example.com&page%5Bsize%5D=2";
    assert_eq!(
        urls(&script),
        [
            format!("{HOST}/candidates?{INCLUDE}&{bare}"),
            format!("{HOST}/candidates?{bare}"),
            format!("{HOST}/candidates/1?{INCLUDE}"),
            format!("{HOST}/candidates/2?{INCLUDE}"),
            next,
            format!("{HOST}/candidates/3?{INCLUDE}"),
        ]
    );
}

#[tokio::test]
async fn a_later_page_that_fails_is_the_one_that_is_read_again() {
    for (origin, place) in
        [(HOST, "page%5Bafter%5D=2"), (HOST, "page%5Bnumber%5D=2"), ("/v1", "page%5Bafter%5D=2")]
    {
        let next = format!("{origin}/candidates?{INCLUDE}&{place}&page%5Bsize%5D=2");
        let script = Arc::new(
            ScriptedTransport::new()
                .json(200, whole(&["1", "2"], Some(&next)))
                .json(500, "{}")
                .json(200, bare(&["3"], None))
                .json(200, alone("3")),
        );
        let mut pages = pages(&script);
        assert_eq!(told(&pages.next().await.unwrap().unwrap()), [row("1"), row("2")]);
        assert_eq!(told(&pages.next().await.unwrap().unwrap()), [row("3")]);
        assert!(pages.next().await.is_none());
        let read_again = &urls(&script)[2];
        assert!(read_again.contains(place) && read_again.contains("ida%40example.com"), "{read_again}");
        assert!(!read_again.contains("include"), "{read_again}");
    }
}

#[tokio::test]
async fn after_an_error_the_walk_goes_on_where_it_was() {
    let script = Arc::new(
        ScriptedTransport::new()
            .json(500, "{}")
            .json(200, bare(&["1", "2", "3"], None))
            .json(200, alone("1"))
            .json(503, "{}")
            .json(200, alone("2"))
            .json(404, "{}"),
    );
    let mut pages = pages(&script);
    let Some(Err(PageError::Request(error))) = pages.next().await else { panic!("the second one fails") };
    assert_eq!(error.operation(), "get_candidate");
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(told(&page), [row("1"), row("2")], "the third one is gone by now");
    assert!(pages.next().await.is_none());
}

/// A clock that only sleeping moves.
#[derive(Clone, Debug, Default)]
struct Clockwork(Arc<AtomicU64>);

#[async_trait]
impl Sleep for Clockwork {
    async fn sleep(&self, wait: Wait) {
        self.0.fetch_add(wait.at_most.as_secs(), Ordering::Relaxed);
    }

    fn now(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.0.load(Ordering::Relaxed)))
    }
}

/// How many pages a loop gets that skips errors, and how long it takes by the client's clock.
async fn skips_errors(script: &Arc<ScriptedTransport>) -> (usize, Duration) {
    let clock = Clockwork::default();
    let client = TeamtailorClient::builder()
        .api_key("key-1")
        .transport(Arc::clone(script))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .sleep(clock.clone())
        .build()
        .unwrap();
    let (mut pages, mut found, mut errors) = (client.candidates().pages_with_values(list()), 0, 0);
    while let Some(page) = pages.next().await {
        let Ok(_) = page else {
            errors += 1;
            assert!(errors < 1_000, "the walk does not end");
            continue;
        };
        found += 1;
    }
    (found, clock.now().unwrap())
}

#[tokio::test]
async fn a_loop_that_skips_errors_rests_between_them_also_one_by_one() {
    let script = ScriptedTransport::new().json(500, "{}").json(200, bare(&["1", "2"], None));
    let script = (0..60).fold(script, |script, _| script.json(503, "{}")).json(200, alone("1"));
    let script = (0..40).fold(script, |script, _| script.json(500, "{}")).json(200, alone("2"));
    let script = Arc::new(script);
    assert_eq!(skips_errors(&script).await, (1, Duration::from_secs(100)));
    assert_eq!(script.requests().len(), 104);
    // And before it goes one by one, and where the list without its includes fails as well.
    let script = (0..3).fold(ScriptedTransport::new(), |script, _| script.json(503, "{}"));
    let script = (0..3).fold(script, |script, _| script.json(500, "{}"));
    let script = Arc::new(script.json(200, bare(&["1"], None)).json(200, alone("1")));
    assert_eq!(skips_errors(&script).await, (1, Duration::from_secs(5)));
}

#[tokio::test]
async fn an_error_that_does_not_pass_ends_the_walk_also_one_by_one() {
    let next = format!("{HOST}/candidates?page%5Bafter%5D=2");
    for (status, body) in [(401, ""), (403, ""), (422, ""), (200, "no JSON")] {
        let script = ScriptedTransport::new().json(500, "{}").json(200, bare(&["1", "2"], Some(&next)));
        let script = (0..9).fold(script.json(200, alone("1")), |script, _| script.json(status, body));
        let script = Arc::new(script);
        assert_eq!(skips_errors(&script).await, (0, Duration::ZERO), "{status}");
        assert_eq!(script.requests().len(), 4, "{status}: the list twice, and each candidate once");
    }
}

#[tokio::test]
async fn another_refusal_is_no_reason_to_go_one_by_one() {
    for status in [401, 403, 429, 502, 503] {
        let script = Arc::new(ScriptedTransport::new().json(status, "{}"));
        let error = pages(&script).next().await.unwrap().unwrap_err();
        assert!(matches!(error, PageError::Request(_)), "{status}");
        assert_eq!(script.requests().len(), 1, "{status}");
    }
    // Nor is a 500 where nothing is to come along, or where the list without it fails as well.
    let script = Arc::new(ScriptedTransport::new().json(500, "{}"));
    let mut pages = client(Arc::clone(&script)).candidates().pages_with_values(ListCandidates::new());
    assert!(pages.next().await.unwrap().is_err());
    let script = Arc::new(ScriptedTransport::new().json(500, "{}").json(500, "{}"));
    assert!(self::pages(&script).next().await.unwrap().is_err());
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_costs_nothing_else() {
    let page = json!({ "data": [listed("1"), { "id": {} }, listed("2")] }).to_string();
    let (second, _) = with_value("2");
    let script = Arc::new(
        ScriptedTransport::new()
            .json(500, "{}")
            .json(200, page)
            .json(200, alone("1"))
            .json(200, json!({ "data": second, "included": 7 }).to_string()),
    );
    let page = pages(&script).next().await.unwrap().unwrap();
    let readable: Vec<bool> = page.data.iter().map(|candidate| candidate.as_result().is_ok()).collect();
    assert_eq!(readable, [true, false, true]);
    assert!(page.unreadable.contains("included") && page.included.has_unreadable());
    assert_eq!(page.included.custom_field_values(page.data[0].as_result().unwrap()).count(), 1);
}

#[tokio::test]
async fn nothing_of_a_candidate_is_printed() {
    let script =
        Arc::new(ScriptedTransport::new().json(500, "{}").json(200, bare(&["1"], None)).json(503, "{}"));
    let mut pages = pages(&script);
    assert!(pages.next().await.unwrap().is_err());
    let printed = format!("{pages:?}");
    assert!(!printed.contains("Name 1") && !printed.contains("ida@example"), "{printed}");
}
