//! No feature at all: the program brings the transport, and who waits. There is no runtime either.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use oneflow_client::{
    ConfigError, OneflowClient, OneflowClientBuilder, RetryPolicy, Sleep, Transport, async_trait,
    http::StatusCode,
    transport::{Limiter, Request, Response, TransportError, Wait},
};
use pollster::block_on;

/// Fails every other request, the first of all among them.
#[derive(Clone, Debug, Default)]
struct Flaky(Arc<AtomicUsize>);

impl Flaky {
    fn requests(&self) -> usize {
        self.0.load(Relaxed)
    }
}

#[async_trait]
impl Transport for Flaky {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let mut answer = Response::new(r#"{"id":9001}"#.into());
        if self.0.fetch_add(1, Relaxed).is_multiple_of(2) {
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        Ok(answer)
    }
}

/// A clock that only waiting moves.
#[derive(Clone, Debug, Default)]
struct ByHand(Arc<Mutex<Duration>>);

#[async_trait]
impl Sleep for ByHand {
    async fn sleep(&self, wait: Wait) {
        *self.0.lock().unwrap() += wait.at_most;
    }

    fn now(&self) -> Option<Duration> {
        Some(*self.0.lock().unwrap())
    }
}

/// Waits, and cannot say how long.
#[derive(Debug)]
struct WithoutClock;

#[async_trait]
impl Sleep for WithoutClock {
    async fn sleep(&self, _wait: Wait) {}
}

fn builder(transport: &Flaky) -> OneflowClientBuilder {
    OneflowClient::builder().api_token("token").transport(transport.clone())
}

/// One request in ten seconds.
fn limiter() -> Limiter {
    Limiter::new(1, Duration::from_secs(10))
}

#[test]
fn a_client_without_a_transport_is_refused() {
    let refused = OneflowClient::builder().api_token("token").build().unwrap_err();
    assert_eq!(refused.to_string(), "no transport is set: set `transport`, or enable the feature `reqwest`");
}

#[test]
fn what_has_to_wait_is_refused_where_nothing_can() {
    let builder = || builder(&Flaky::default());
    let wait_out = RetryPolicy::none().wait_out_limits(Duration::from_secs(1));
    for (setting, refused) in [
        ("limiter", builder().limiter(limiter())),
        ("limiter", builder().limiter(limiter()).retry(RetryPolicy::none())),
        ("retry", builder().retry(RetryPolicy::default())),
        ("retry", builder().retry(wait_out)),
    ] {
        assert_eq!(
            refused.build().unwrap_err().to_string(),
            format!(
                "`{setting}` is set, but nothing can wait: set `sleep` as well, or enable the feature `reqwest`"
            )
        );
    }
    let refused = builder().limiter(limiter()).sleep(WithoutClock).build();
    assert!(matches!(refused, Err(ConfigError::NoClock)));
    builder().limiter(Limiter::none()).retry(RetryPolicy::none()).build().unwrap();
}

#[test]
fn a_sleep_written_by_hand_makes_a_client_try_again() {
    let transport = Flaky::default();
    let builder = || builder(&transport).sleep(WithoutClock);
    for client in [builder().retry(RetryPolicy::default()).build().unwrap(), builder().build().unwrap()] {
        let before = transport.requests();
        assert_eq!(block_on(client.contracts().get(9001)).unwrap().id, 9001);
        assert_eq!(transport.requests(), before + 2);
    }
}

#[test]
fn a_sleep_with_a_clock_keeps_the_limiter() {
    let clock = ByHand::default();
    let builder = builder(&Flaky::default()).retry(RetryPolicy::none()).limiter(limiter());
    let client = builder.sleep(clock.clone()).build().unwrap();
    assert_eq!(
        block_on(client.contracts().get(9001)).unwrap_err().status(),
        Some(StatusCode::SERVICE_UNAVAILABLE)
    );
    assert_eq!(clock.now(), Some(Duration::ZERO));
    block_on(client.contracts().get(9001)).unwrap();
    assert!(clock.now() >= Some(Duration::from_secs(10)), "{:?}", clock.now());
}

#[test]
fn without_a_sleep_a_request_is_sent_once() {
    let transport = Flaky::default();
    let client = builder(&transport).build().unwrap();
    let error = block_on(client.contracts().get(9001)).unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(transport.requests(), 1);
}
