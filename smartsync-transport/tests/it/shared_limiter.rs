//! Clients of one key in one process keep one limit.

use std::time::Duration;

use async_trait::async_trait;
use http::HeaderName;
use smartsync_transport::{ApiClient, Limiter, Sleep, TokioSleep, Wait};
use tokio::time::Instant;

use crate::support::{
    recording_service::RecordingService,
    service::{GetBook, Library},
};

const KEY: HeaderName = HeaderName::from_static("x-library-token");

type Builder = smartsync_transport::ApiClientBuilder<Library>;

/// Two requests in ten seconds for each key.
fn builder(base_url: &str, key: &str) -> Builder {
    ApiClient::builder()
        .base_url(base_url.parse().unwrap())
        .credential(KEY, key.into())
        .documented_limit(KEY, 2, Duration::from_secs(10))
        .transport(RecordingService::new())
}

/// How many seconds three requests take, one by each of these in turn.
async fn three_requests(first: Builder, second: Builder) -> u64 {
    let clients = [first, second].map(|builder| builder.build().unwrap());
    let begun = Instant::now();
    for client in [&clients[0], &clients[1], &clients[0]] {
        client.send(&GetBook("1".to_owned())).await.unwrap();
    }
    begun.elapsed().as_secs()
}

/// Another clock than tokio's, or the same, under its own name or none.
#[derive(Clone, Debug)]
struct Renamed(Option<&'static str>);

#[async_trait]
impl Sleep for Renamed {
    async fn sleep(&self, wait: Wait) {
        TokioSleep.sleep(wait).await;
    }

    fn now(&self) -> Option<Duration> {
        TokioSleep.now()
    }

    fn shared_clock(&self) -> Option<&'static str> {
        self.0
    }
}

const URL: &str = "https://library.example/v1";

#[tokio::test(start_paused = true)]
async fn clients_of_one_key_share_its_limit_by_themselves() {
    let base = || builder(URL, "key-1");
    assert_eq!(three_requests(base(), base()).await, 10);
    let slash = || builder("https://library.example/v1/", "key-1");
    assert_eq!(three_requests(base(), slash()).await, 10);
    let around = || base().sleep(Renamed(TokioSleep.shared_clock()));
    assert_eq!(three_requests(base(), around()).await, 10);
}

#[tokio::test(start_paused = true)]
async fn another_key_or_base_url_or_clock_or_a_given_limiter_is_another_limit() {
    let base = || builder(URL, "key-2");
    for other in [
        builder(URL, "key-3"),
        builder("https://library.example/v2", "key-2"),
        builder("https://eu.library.example/v1", "key-2"),
        base().sleep(Renamed(None)),
        base().sleep(Renamed(Some("another"))),
        base().limiter(Limiter::new(2, Duration::from_secs(10))),
        base().limiter(Limiter::none()),
    ] {
        assert_eq!(three_requests(base(), other).await, 0);
    }
    assert_eq!(three_requests(base().sleep(Renamed(None)), base().sleep(Renamed(None))).await, 0);
    let given = Limiter::new(2, Duration::from_secs(10));
    let with = |key| builder(URL, key).limiter(given.clone());
    assert_eq!(three_requests(with("key-4"), with("key-5")).await, 10, "a given one is shared by its clones");
}

#[tokio::test(start_paused = true)]
async fn a_limit_ends_with_the_last_client_of_its_key() {
    let base = || builder(URL, "key-6");
    let (first, second) = (base().build().unwrap(), base().build().unwrap());
    first.send(&GetBook("1".to_owned())).await.unwrap();
    second.send(&GetBook("1".to_owned())).await.unwrap();
    drop(first);
    let begun = Instant::now();
    base().build().unwrap().send(&GetBook("1".to_owned())).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 10, "one of its clients is left");
    drop(second);
    assert_eq!(three_requests(base(), base()).await, 10);
    let begun = Instant::now();
    base().build().unwrap().send(&GetBook("1".to_owned())).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 0);
}
