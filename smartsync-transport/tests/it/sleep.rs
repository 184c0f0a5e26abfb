//! With the feature `reqwest` somebody can always wait, whatever carries the requests.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{
    ApiClient, ApiClientBuilder, ConfigError, Limiter, ReqwestTransport, ScriptedTransport, Sleep,
    TokioSleep, Wait,
};
use tokio::time::Instant;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::{
    recording_service::RecordingService,
    service::{GetBook, Library},
};

fn builder() -> ApiClientBuilder<Library> {
    ApiClient::builder().base_url("https://library.example".parse().unwrap())
}

fn get() -> GetBook {
    GetBook("1".to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_client_with_another_transport_retries() {
    let script = || ScriptedTransport::new().json(503, "").json(503, "").json(200, r#"{"id":1}"#);
    for built in [builder(), builder().sleep(TokioSleep)] {
        let script = Arc::new(script());
        built.transport(Arc::clone(&script)).build().unwrap().send(&get()).await.unwrap();
        assert_eq!(script.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_client_with_another_timeout_retries() {
    let server = MockServer::start().await;
    let answers = [ResponseTemplate::new(503), ResponseTemplate::new(200).set_body_string(r#"{"id":1}"#)];
    for (answer, times) in answers.into_iter().zip([2, 1]) {
        Mock::given(matchers::any()).respond_with(answer).up_to_n_times(times).mount(&server).await;
    }
    let base_url = server.uri().parse().unwrap();
    let transport = ReqwestTransport::builder().timeout(Duration::from_secs(9)).build(&base_url).unwrap();
    let client = builder().base_url(base_url).transport(transport).build().unwrap();
    client.send(&get()).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_client_with_another_transport_keeps_the_limit() {
    let service = RecordingService::new();
    let limiter = Limiter::new(2, Duration::from_secs(1));
    let client = builder().transport(service.clone()).limiter(limiter).build().unwrap();
    for _ in 0..3 {
        client.send(&get()).await.unwrap();
    }
    assert_eq!(service.times(), [0.0, 0.0, 1.0]);
}

/// Waits, and cannot say how long.
#[derive(Debug)]
struct NoClock;

#[async_trait]
impl Sleep for NoClock {
    async fn sleep(&self, _: Wait) {}
}

#[test]
fn a_limiter_that_could_measure_nothing_is_refused() {
    let limiter = Limiter::new(2, Duration::from_secs(1));
    let with =
        |limiter| builder().transport(ScriptedTransport::new()).sleep(NoClock).limiter(limiter).build();
    let error = with(limiter).unwrap_err();
    assert!(matches!(error, ConfigError::NoClock));
    assert_eq!(
        error.to_string(),
        "`limiter` is set, but `sleep` has no clock: let its `now` return the time"
    );
    with(Limiter::none()).unwrap();
}

#[test]
fn without_a_runtime_the_thread_waits() {
    let script = ScriptedTransport::new().json(503, "").json(200, r#"{"id":1}"#);
    let client = builder().transport(script).build().unwrap();
    let (operation, mut context) = (get(), Context::from_waker(Waker::noop()));
    let answer = pin!(client.send(&operation)).poll(&mut context);
    assert!(matches!(answer, Poll::Ready(Ok(_))), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn the_clocks_of_two_runtimes_agree_though_one_was_moved() {
    tokio::time::sleep(Duration::from_secs(3_000)).await;
    let moved = TokioSleep.now().unwrap();
    let other = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let before = (TokioSleep.now().unwrap(), Instant::now());
            TokioSleep
                .sleep(Wait { at_least: Duration::from_secs(10), at_most: Duration::from_secs(10) })
                .await;
            (before.0, TokioSleep.now().unwrap() - before.0, before.1.elapsed())
        })
    });
    let (before, moved_by, slept) = other.join().unwrap();
    assert!(before < moved);
    assert_eq!(moved_by, slept);
}
