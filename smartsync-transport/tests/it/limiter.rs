use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{ApiClient, Body, Limiter, RateLimit, Response, ScriptedTransport, Sleep, Wait};

use crate::support::service::{GetBook, Library};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// When those who ask at these times are let through, each of whom asks again after the wait that it is told.
fn sent_at(limiter: &Limiter, mut asking: Vec<Duration>) -> Vec<Duration> {
    let mut sent = Vec::new();
    while !asking.is_empty() {
        asking.sort();
        let now = asking.remove(0);
        match limiter.try_acquire(now) {
            Ok(()) => sent.push(now),
            Err(wait) => asking.push(now + wait),
        }
    }
    sent
}

#[test]
fn no_period_ever_holds_more_requests_than_allowed() {
    let limiter = Limiter::new(5, seconds(10));
    // Bursts, pauses and a steady trickle, in milliseconds.
    let asked =
        [0, 0, 0, 1_000, 1_000, 1_000, 1_000, 14_000, 14_000, 14_500, 15_000, 30_000, 30_000, 30_000, 30_000]
            .map(Duration::from_millis);
    let sent = sent_at(&limiter, asked.to_vec());
    for window in sent.windows(6) {
        assert!(window[5] - window[0] >= seconds(10), "{window:?}");
    }
    assert_eq!(sent[4], seconds(1), "the whole budget may be used at once");
    assert_eq!(sent[5], seconds(10), "and not a moment later than needed");
}

#[test]
fn what_others_used_is_gone() {
    let limiter = Limiter::new(3, seconds(10));
    let mut headers = RateLimit::default();
    (headers.limit, headers.remaining) = (Some(3), Some(1));
    assert_eq!(limiter.try_acquire(seconds(100)), Ok(()));
    limiter.observe(seconds(101), &headers);
    assert_eq!(limiter.try_acquire(seconds(102)), Ok(()), "one of three is left");
    assert_eq!(limiter.try_acquire(seconds(102)), Err(seconds(8)), "ours of second 100 has to pass");
    assert_eq!(limiter.try_acquire(seconds(110)), Ok(()));
    assert_eq!(limiter.try_acquire(seconds(110)), Err(seconds(1)), "and then the other's of second 101");
}

#[test]
fn an_exhausted_limit_is_waited_for() {
    let limiter = Limiter::new(50, seconds(10));
    let mut headers = RateLimit::default();
    (headers.limit, headers.remaining, headers.reset) = (Some(50), Some(0), Some(seconds(7)));
    limiter.observe(seconds(100), &headers);
    assert_eq!(
        limiter.try_acquire(seconds(100)),
        Err(seconds(10)),
        "the whole budget was used by others just now"
    );
    let limiter = Limiter::new(1_000, seconds(10));
    limiter.observe(seconds(100), &headers);
    assert_eq!(limiter.try_acquire(seconds(100)), Err(seconds(7)), "nothing before the reset");
}

#[test]
fn a_period_has_no_more_left_of_it_than_its_length() {
    let limiter = Limiter::new(1_000, seconds(10));
    let mut headers = RateLimit::default();
    (headers.limit, headers.remaining, headers.reset) = (Some(50), Some(0), Some(seconds(3_600)));
    limiter.observe(seconds(100), &headers);
    assert_eq!(limiter.try_acquire(seconds(100)), Err(seconds(10)));
}

/// What others used is counted, and not noted one by one: no header makes a client use memory without end.
#[test]
fn no_number_in_a_header_is_too_large_to_be_counted() {
    let limiter = Limiter::new(usize::MAX, seconds(10));
    let mut headers = RateLimit::default();
    (headers.limit, headers.remaining) = (Some(u64::MAX), Some(0));
    limiter.observe(seconds(100), &headers);
    assert_eq!(limiter.try_acquire(seconds(104)), Err(seconds(6)));
    assert_eq!(limiter.try_acquire(seconds(110)), Ok(()));
}

/// Two threads may read the clock in one order and ask in the other.
#[test]
fn a_moment_that_comes_late_is_counted_where_it_belongs() {
    let limiter = Limiter::new(2, seconds(10));
    assert_eq!(limiter.try_acquire(seconds(101)), Ok(()));
    assert_eq!(limiter.try_acquire(seconds(100)), Ok(()));
    assert_eq!(limiter.try_acquire(seconds(102)), Err(seconds(8)), "that of second 100 passes first");
    assert_eq!(limiter.try_acquire(seconds(110)), Ok(()));
    assert_eq!(limiter.try_acquire(seconds(110)), Err(seconds(1)));
}

#[test]
fn asking_books_nothing() {
    let limiter = Limiter::new(1, seconds(10));
    assert_eq!(limiter.try_acquire(seconds(0)), Ok(()));
    for _ in 0..1_000 {
        assert_eq!(limiter.try_acquire(seconds(4)), Err(seconds(6)));
    }
    assert_eq!(limiter.try_acquire(seconds(10)), Ok(()));
}

#[test]
fn no_limit_is_no_limit() {
    let limiter = Limiter::none();
    limiter.close(seconds(0), seconds(10));
    assert!((0..10_000).all(|_| limiter.try_acquire(seconds(0)).is_ok()));
}

#[test]
fn no_number_overflows() {
    let limiter = Limiter::new(1, Duration::MAX);
    limiter.close(seconds(1), Duration::MAX);
    assert_eq!(limiter.try_acquire(seconds(2)), Err(Duration::MAX - seconds(2)));
    let limiter = Limiter::new(usize::MAX, Duration::MAX);
    assert_eq!(limiter.try_acquire(Duration::MAX), Ok(()));
}

#[test]
fn a_refusal_closes_the_limiter_for_every_clone() {
    let limiter = Limiter::new(50, seconds(10));
    limiter.clone().close(seconds(100), seconds(30));
    assert_eq!(limiter.try_acquire(seconds(110)), Err(seconds(20)));
    assert_eq!(limiter.try_acquire(seconds(130)), Ok(()));
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
    assert_eq!(
        *clock.waits.lock().unwrap(),
        [seconds(10)],
        "the third waits for the first to pass, the fourth need not"
    );
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
        .limiter(Limiter::new(100, seconds(10)))
        .build()
        .unwrap();
    client.send(&GetBook("1".to_owned())).await.unwrap();
    client.send(&GetBook("1".to_owned())).await.unwrap();
    assert_eq!(*clock.waits.lock().unwrap(), [seconds(4)]);
}

#[tokio::test]
async fn a_wait_that_is_left_to_the_caller_is_waited_for_by_nobody() {
    let clock = Clockwork::default();
    let refused = || {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert("retry-after", "120".parse().unwrap());
        Ok(response)
    };
    let script = Arc::new(ScriptedTransport::new().answer(refused()));
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(Arc::clone(&script))
        .sleep(clock.clone())
        .limiter(Limiter::new(100, seconds(10)))
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = client.send(&GetBook("1".to_owned())).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(seconds(120)));
    }
    assert!(clock.waits.lock().unwrap().is_empty());
    assert_eq!(script.requests().len(), 1, "what the service refuses is not asked for again");
}

/// Always has the same time.
#[derive(Debug)]
struct StoppedClock;

#[async_trait]
impl Sleep for StoppedClock {
    async fn sleep(&self, _: Wait) {}

    fn now(&self) -> Option<Duration> {
        Some(seconds(1))
    }
}

#[tokio::test]
async fn a_clock_that_stands_still_lets_nobody_wait_for_ever() {
    let script = (0..3).fold(ScriptedTransport::new(), |script, _| script.json(200, r#"{"id":1}"#));
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(script)
        .sleep(StoppedClock)
        .limiter(Limiter::new(1, seconds(10)))
        .build()
        .unwrap();
    for _ in 0..3 {
        client.send(&GetBook("1".to_owned())).await.unwrap();
    }
}
