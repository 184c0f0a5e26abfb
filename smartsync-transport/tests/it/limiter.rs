use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{ApiClient, Body, Limiter, RateLimit, Response, ScriptedTransport, Sleep, Wait};

use crate::service::{GetBook, Library};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_full_budget_may_be_used_at_once_and_then_the_rate_is_kept() {
    let limiter = Limiter::new(50, seconds(10));
    let mut sent = Vec::new();
    for _ in 0..500 {
        sent.push(limiter.reserve(Duration::ZERO));
    }
    assert_eq!(sent[49], Duration::ZERO);
    assert_eq!(sent[50], Duration::from_millis(200));
    assert_eq!(sent[499], Duration::from_millis(450 * 200));
}

#[test]
fn a_budget_that_was_left_alone_is_full_again() {
    let limiter = Limiter::new(2, seconds(10));
    for now in [0, 20, 40] {
        assert_eq!(limiter.reserve(seconds(now)), Duration::ZERO);
        assert_eq!(limiter.reserve(seconds(now)), Duration::ZERO);
        assert_eq!(limiter.reserve(seconds(now)), seconds(5));
    }
}

#[test]
fn what_others_used_is_gone() {
    let limiter = Limiter::new(50, seconds(10));
    let mut headers = RateLimit::default();
    (headers.limit, headers.remaining, headers.reset) = (Some(50), Some(0), Some(seconds(7)));
    limiter.observe(seconds(100), &headers);
    assert_eq!(limiter.reserve(seconds(100)), seconds(7), "nothing before the reset");
}

#[test]
fn a_refusal_closes_the_limiter_for_every_clone() {
    let limiter = Limiter::new(50, seconds(10));
    limiter.clone().close(seconds(100), seconds(30));
    assert_eq!(limiter.reserve(seconds(110)), seconds(20));
    assert_eq!(limiter.reserve(seconds(130)), Duration::ZERO);
}

/// A clock that only sleeping moves.
#[derive(Clone, Debug, Default)]
struct Clockwork {
    now: Arc<AtomicU64>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

#[async_trait]
impl Sleep for Clockwork {
    async fn sleep(&self, wait: Wait) {
        self.waits.lock().unwrap().push(wait.at_least);
        let milliseconds = u64::try_from(wait.at_most.as_millis()).unwrap();
        self.now.fetch_add(milliseconds, Ordering::Relaxed);
    }

    fn now(&self) -> Option<Duration> {
        Some(Duration::from_millis(self.now.load(Ordering::Relaxed)))
    }
}

#[tokio::test]
async fn a_client_waits_for_its_turn() {
    let clock = Clockwork::default();
    let script = (0..4).fold(ScriptedTransport::new(), |script, _| script.json(200, r#"{"id":1}"#));
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(script)
        .sleep(clock.clone())
        .limiter(Limiter::new(2, seconds(10)))
        .build()
        .unwrap();
    for _ in 0..4 {
        client.clone().send(&GetBook("1".to_owned())).await.unwrap();
    }
    assert_eq!(*clock.waits.lock().unwrap(), [seconds(5), seconds(5)]);
}

#[tokio::test]
async fn a_client_yields_to_the_headers_of_an_answer() {
    let clock = Clockwork::default();
    let mut last = Response::new(Body::from(r#"{"id":1}"#));
    for (name, value) in
        [("x-rate-limit-limit", "50"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "4")]
    {
        last.headers_mut().insert(name, value.parse().unwrap());
    }
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(ScriptedTransport::new().answer(Ok(last)).json(200, r#"{"id":1}"#))
        .sleep(clock.clone())
        .limiter(Limiter::new(50, seconds(10)))
        .build()
        .unwrap();
    client.send(&GetBook("1".to_owned())).await.unwrap();
    client.send(&GetBook("1".to_owned())).await.unwrap();
    assert_eq!(*clock.waits.lock().unwrap(), [seconds(4)]);
}
