use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{
    ApiClient, Body, Endpoint, Error, LONGEST_HINT, Response, RetryPolicy, ScriptedTransport, Sleep,
    TokioSleep, TransportError, Wait,
};

use crate::support::service::{CreateBook, GetBook, Library};

/// Does not wait, and notes what it was asked to wait.
#[derive(Clone, Debug, Default)]
struct NotedSleep(Arc<Mutex<Vec<Wait>>>);

#[async_trait]
impl Sleep for NotedSleep {
    async fn sleep(&self, wait: Wait) {
        self.0.lock().unwrap().push(wait);
    }
}

struct Run<T> {
    result: Result<T, Error>,
    requests: usize,
    waits: Vec<Wait>,
}

async fn run<E: Endpoint<Service = Library>>(
    endpoint: &E,
    script: ScriptedTransport,
    policy: RetryPolicy,
) -> Run<E::Output> {
    let (script, sleep) = (Arc::new(script), NotedSleep::default());
    let client = ApiClient::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(Arc::clone(&script))
        .sleep(sleep.clone())
        .retry(policy)
        .build()
        .unwrap();
    let result = client.send(endpoint).await;
    let waits = sleep.0.lock().unwrap().clone();
    Run { result, requests: script.requests().len(), waits }
}

fn get() -> GetBook {
    GetBook("1".to_owned())
}

fn create() -> CreateBook {
    CreateBook { title: "Title".to_owned() }
}

fn throttled(seconds: &str) -> Result<Response, TransportError> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert("retry-after", seconds.parse().unwrap());
    Ok(response)
}

const BOOK: &str = r#"{"id":1}"#;

#[tokio::test]
async fn a_read_is_tried_again_after_a_passing_failure() {
    for script in [
        ScriptedTransport::new().json(503, "").json(200, BOOK),
        ScriptedTransport::new().json(429, "").json(200, BOOK),
        ScriptedTransport::new().json(502, "<html>").json(500, "").json(200, BOOK),
        ScriptedTransport::new().answer(Err(TransportError::timeout("slow"))).json(200, BOOK),
        ScriptedTransport::new().answer(Err(TransportError::connect("refused"))).json(200, BOOK),
    ] {
        assert_eq!(run(&get(), script, RetryPolicy::default()).await.result.unwrap().id, 1);
    }
}

#[tokio::test]
async fn what_cannot_succeed_later_is_not_tried_again() {
    for status in [400, 401, 403, 404, 409, 422, 501] {
        let run = run(&get(), ScriptedTransport::new().json(status, ""), RetryPolicy::default()).await;
        assert_eq!(run.requests, 1, "{status}");
        assert!(run.result.unwrap_err().is_terminal(), "{status}");
    }
}

#[tokio::test]
async fn a_create_is_tried_again_only_if_it_had_no_effect() {
    let twice = ScriptedTransport::new().answer(Err(TransportError::connect("refused"))).json(201, "");
    assert_eq!(run(&create(), twice, RetryPolicy::default()).await.requests, 2);
    let refused = ScriptedTransport::new().answer(throttled("1")).json(201, "");
    assert_eq!(run(&create(), refused, RetryPolicy::default()).await.requests, 2);
    for once in [
        ScriptedTransport::new().answer(Err(TransportError::timeout("slow"))).json(201, ""),
        ScriptedTransport::new().answer(Err(TransportError::other("reset"))).json(201, ""),
        ScriptedTransport::new().json(502, "").json(201, ""),
    ] {
        let run = run(&create(), once, RetryPolicy::default()).await;
        assert_eq!(run.requests, 1);
        assert!(run.result.is_err());
    }
}

#[tokio::test]
async fn the_wait_is_never_shorter_than_the_services_hint() {
    let script = ScriptedTransport::new().answer(throttled("7")).answer(throttled("9")).json(200, BOOK);
    let waits = run(&get(), script, RetryPolicy::default()).await.waits;
    let seconds = Duration::from_secs;
    assert_eq!(
        waits,
        [
            Wait { at_least: seconds(7), at_most: seconds(8) },
            Wait { at_least: seconds(9), at_most: seconds(11) }
        ]
    );
}

#[tokio::test]
async fn without_a_hint_the_wait_doubles() {
    let script = ScriptedTransport::new().json(500, "").json(500, "").json(500, "").json(200, BOOK);
    let waits = run(&get(), script, RetryPolicy::default().max_attempts(4)).await.waits;
    let at_most: Vec<u128> = waits.iter().map(|wait| wait.at_most.as_millis()).collect();
    assert_eq!(at_most, [50, 100, 200]);
    assert!(waits.iter().all(|wait| wait.at_least.is_zero()));
}

#[tokio::test]
async fn a_hint_beyond_the_budget_is_left_to_the_caller() {
    let run = run(&get(), ScriptedTransport::new().answer(throttled("300")), RetryPolicy::default()).await;
    assert_eq!(run.requests, 1);
    assert_eq!(run.result.unwrap_err().retry_after(), Some(Duration::from_secs(300)));
}

#[tokio::test]
async fn an_absurd_hint_is_an_hour_and_is_left_to_the_caller_as_well() {
    let patient = RetryPolicy::default().max_wait(Duration::MAX);
    for (policy, requests, waits) in [(RetryPolicy::default(), 2, 1), (patient, 3, 2)] {
        let absurd = || throttled(&u64::MAX.to_string());
        let script = ScriptedTransport::new().json(500, "").answer(absurd()).answer(absurd());
        let run = run(&get(), script, policy).await;
        assert_eq!((run.requests, run.waits.len()), (requests, waits));
        assert!(run.waits.iter().all(|wait| wait.at_least <= LONGEST_HINT), "{:?}", run.waits);
        assert_eq!(run.result.unwrap_err().retry_after(), Some(LONGEST_HINT));
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_tokio_waits_within_the_span() {
    let wait = Wait { at_least: Duration::from_secs(7), at_most: Duration::from_secs(8) };
    for _ in 0..20 {
        let before = tokio::time::Instant::now();
        TokioSleep.sleep(wait).await;
        // The timer counts whole milliseconds, rounded up.
        let waited = before.elapsed();
        assert!(wait.at_least <= waited && waited <= wait.at_most + Duration::from_millis(1), "{waited:?}");
    }
}

#[tokio::test]
async fn tries_are_bounded() {
    let script = (0..9).fold(ScriptedTransport::new(), |script, _| script.json(500, ""));
    assert_eq!(run(&get(), script, RetryPolicy::default()).await.requests, 3);
    let script = ScriptedTransport::new().json(500, "").json(200, BOOK);
    assert_eq!(run(&get(), script, RetryPolicy::none()).await.requests, 1);
}

#[tokio::test]
async fn an_outage_is_not_multiplied_by_its_callers() {
    let script = Arc::new((0..1_000).fold(ScriptedTransport::new(), |script, _| script.json(503, "")));
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(Arc::clone(&script))
        .sleep(NotedSleep::default())
        .build()
        .unwrap();
    for _ in 0..200 {
        client.clone().send(&get()).await.unwrap_err();
    }
    assert_eq!(script.requests().len(), 200 + 100, "200 first tries share a budget of 100 retries");
}

#[tokio::test]
async fn retries_that_help_use_up_no_budget() {
    let script = (0..300).fold(ScriptedTransport::new(), |script, _| script.json(503, "").json(200, BOOK));
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(script)
        .sleep(NotedSleep::default())
        .build()
        .unwrap();
    for _ in 0..300 {
        client.send(&get()).await.unwrap();
    }
}

#[tokio::test]
async fn a_throttled_request_without_a_hint_waits_for_long() {
    let script = ScriptedTransport::new().json(429, "").json(429, "").json(200, BOOK);
    let waits = run(&get(), script, RetryPolicy::default()).await.waits;
    let seconds = Duration::from_secs;
    assert_eq!(
        waits,
        [
            Wait { at_least: seconds(10), at_most: seconds(11) },
            Wait { at_least: seconds(10), at_most: seconds(12) }
        ]
    );
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_as_often_as_it_takes_where_that_is_wanted() {
    let limited = || (0..5).fold(ScriptedTransport::new(), |script, _| script.answer(throttled("300")));
    let patient = RetryPolicy::default().wait_out_limits(Duration::from_secs(3600));
    let ended = run(&get(), limited().json(200, BOOK), patient.clone()).await;
    assert_eq!((ended.result.unwrap().id, ended.requests, ended.waits.len()), (1, 6, 5));
    assert!(ended.waits.iter().all(|wait| wait.at_least == Duration::from_secs(300)));
    // A create was refused before it took effect.
    assert!(run(&create(), limited().json(200, BOOK), patient.clone()).await.result.is_ok());

    let impatient = patient.clone().wait_out_limits(Duration::from_secs(1000));
    let ended = run(&get(), limited(), impatient).await;
    assert_eq!(
        (ended.result.unwrap_err().retry_after(), ended.requests),
        (Some(Duration::from_secs(300)), 4)
    );
    let ended = run(&get(), limited(), RetryPolicy::default()).await;
    assert_eq!((ended.result.is_err(), ended.requests), (true, 1), "without it, the hint is the caller's");
    let failing = (0..4).fold(ScriptedTransport::new(), |script, _| script.json(503, ""));
    assert_eq!(run(&get(), failing, patient).await.requests, 3, "a service that fails is another matter");
}

/// Notes which waits are for a limit.
#[derive(Clone, Debug, Default)]
struct Told(Arc<Mutex<Vec<&'static str>>>);

#[async_trait]
impl Sleep for Told {
    async fn sleep(&self, _: Wait) {
        self.0.lock().unwrap().push("failure");
    }

    async fn sleep_for_rate_limit(&self, _: Wait) {
        self.0.lock().unwrap().push("limit");
    }
}

#[tokio::test]
async fn a_wait_for_a_limit_can_be_told_from_one_for_a_service_that_fails() {
    let told = Told::default();
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(ScriptedTransport::new().json(503, "").answer(throttled("1")).json(200, BOOK))
        .sleep(told.clone())
        .build()
        .unwrap();
    client.send(&get()).await.unwrap();
    assert_eq!(*told.0.lock().unwrap(), ["failure", "limit"]);
}
