//! Many requests and few places, on tokio's paused clock.

use std::time::Duration;

use smartsync_transport::{ApiClient, Error, Limiter, RatePermit, RetryPolicy};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::support::{
    recording_service::RecordingService,
    service::{GetBook, Library},
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn client(service: &RecordingService, limiter: Limiter, retry: RetryPolicy) -> ApiClient<Library> {
    ApiClient::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(service.clone())
        .limiter(limiter)
        .retry(retry)
        .build()
        .unwrap()
}

fn get(id: impl ToString) -> GetBook {
    GetBook(id.to_string())
}

/// Sends so many requests, this far apart, each of which is given up after `patience`. Returns how many were answered.
async fn offer(client: &ApiClient<Library>, count: u64, apart: Duration, patience: Duration) -> usize {
    let mut calls = JoinSet::new();
    for id in 0..count {
        let client = client.clone();
        calls.spawn(async move { timeout(patience, client.send(&get(id))).await });
        sleep(apart).await;
    }
    calls.join_all().await.into_iter().filter(|answer| matches!(answer, Ok(Ok(_)))).count()
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_given_up_take_nothing_from_those_that_are_not() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(4, seconds(1)), RetryPolicy::default());
    let answered = offer(&client, 120, Duration::from_millis(100), seconds(1)).await;
    let times = service.times();
    assert_eq!(answered, times.len());
    for second in 0..12 {
        let from = f64::from(second);
        let sent = times.iter().filter(|time| (from..from + 1.0).contains(*time)).count();
        assert_eq!(sent, 4, "in second {second}: {times:?}");
    }
    let before = Instant::now();
    client.send(&get("after")).await.unwrap();
    assert!(before.elapsed() <= seconds(1), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_crowd_that_leaves_leaves_nothing_behind() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(2, seconds(1)), RetryPolicy::default());
    assert_eq!(offer(&client, 40, Duration::ZERO, Duration::from_millis(100)).await, 2);
    client.send(&get("after")).await.unwrap();
    assert_eq!(service.times(), [0.0, 0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_is_served_first_and_who_leaves_lets_the_next_one_up() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(1, seconds(10)), RetryPolicy::default());
    let mut calls = JoinSet::new();
    for (id, patience) in [("a", 99), ("b", 99), ("c", 3), ("d", 99), ("e", 15), ("f", 99)] {
        let client = client.clone();
        calls.spawn(async move { timeout(seconds(patience), client.send(&get(id))).await.is_ok() });
        sleep(Duration::from_millis(1)).await;
    }
    calls.join_all().await;
    assert_eq!(service.paths(), ["/books/a", "/books/b", "/books/d", "/books/f"]);
    assert_eq!(service.times(), [0.0, 10.0, 20.0, 30.0]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_the_service_refuses_whoever_waits_already() {
    let service = RecordingService::new().refuses(2, "5");
    let client = client(&service, Limiter::new(2, seconds(1)), RetryPolicy::default());
    assert_eq!(offer(&client, 8, Duration::ZERO, seconds(99)).await, 8);
    let times = service.times();
    // The third is refused at 1.0, before its neighbour goes out.
    assert_eq!(times[..3], [0.0, 0.0, 1.0]);
    assert!(times[3..].iter().all(|time| *time >= 6.0), "{times:?}");
    assert_eq!(times.len(), 9, "the refused one is sent twice");
}

fn held_back(error: &Error) -> Duration {
    assert!(error.was_held_back() && error.is_rate_limited() && error.was_never_sent());
    assert!(!error.is_terminal() && error.status().is_none());
    error.retry_after().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_an_error_at_once_that_says_how_long() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(1, seconds(300)), RetryPolicy::default());
    client.send(&get(1)).await.unwrap();
    sleep(seconds(40)).await;
    let before = Instant::now();
    let error = client.send(&get(1)).await.unwrap_err();
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(held_back(&error), seconds(260));
    assert_eq!(
        error.to_string(),
        "library.get_book: not sent: the rate limit leaves no room for another 260 s, longer than the client may wait \
         (try again then, or set the retry policy's `max_wait` or `wait_out_limits`)"
    );
    assert!(format!("{error:?}").contains("held_back: 260s"), "{error:?}");
    sleep(seconds(201)).await;
    client.send(&get(1)).await.unwrap();
    assert_eq!(service.times(), [0.0, 300.0]);
}

#[tokio::test(start_paused = true)]
async fn the_most_wait_is_the_callers_to_set() {
    for (retry, longest) in [
        (RetryPolicy::default(), 60),
        (RetryPolicy::none(), 60),
        (RetryPolicy::default().max_wait(seconds(1)), 1),
        (RetryPolicy::default().max_wait(Duration::ZERO), 0),
        (RetryPolicy::default().wait_out_limits(seconds(100)), 100),
        (RetryPolicy::default().wait_out_limits(seconds(5)), 5),
    ] {
        let service = RecordingService::new();
        let client = client(&service, Limiter::new(1, seconds(longest) + Duration::from_millis(1)), retry);
        client.send(&get(1)).await.unwrap();
        assert!(held_back(&client.send(&get(1)).await.unwrap_err()) > seconds(longest));
        sleep(Duration::from_millis(1)).await;
        client.send(&get(1)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_hears_of_a_refusal_that_is_too_long_at_once() {
    let service = RecordingService::new().refuses(1, "120");
    let client = client(&service, Limiter::new(2, seconds(10)), RetryPolicy::default());
    client.send(&get(1)).await.unwrap();
    let waits = {
        let (client, permit) = (client.clone(), client.acquire_permit().await.unwrap());
        let waiting = tokio::spawn({
            let client = client.clone();
            async move { (client.send(&get(3)).await.unwrap_err(), Instant::now()) }
        });
        sleep(seconds(4)).await;
        let refused = client.send_with_permit(permit, &get(2)).await.unwrap_err();
        assert_eq!((refused.retry_after(), refused.was_held_back()), (Some(seconds(120)), false));
        let refused_at = Instant::now();
        let (error, at) = waiting.await.unwrap();
        assert_eq!(at, refused_at);
        error
    };
    assert_eq!(held_back(&waits), seconds(120));
    assert_eq!(service.times(), [0.0, 4.0]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_not_used_goes_back() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(1, seconds(10)), RetryPolicy::default());
    let permit = client.acquire_permit().await.unwrap();
    assert!(permit.is_managed());
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.send(&get(1)).await }
    });
    sleep(seconds(1)).await;
    drop(permit);
    waiting.await.unwrap().unwrap();
    assert_eq!(service.times(), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_from_before_a_refusal_sends_nothing() {
    let service = RecordingService::new().refuses(0, "30");
    let client = client(&service, Limiter::new(5, seconds(1)), RetryPolicy::none());
    let permit = client.acquire_permit().await.unwrap();
    assert!(client.send(&get(1)).await.unwrap_err().is_rate_limited());
    assert_eq!(held_back(&client.send_with_permit(permit, &get(2)).await.unwrap_err()), seconds(30));
    assert_eq!(service.times(), [0.0]);
}

/// Sends with all these permits at once. Returns the waits of those that are held back.
async fn send_all(client: &ApiClient<Library>, permits: Vec<RatePermit>) -> Vec<Duration> {
    let mut waits = Vec::new();
    for permit in permits {
        if let Err(error) = client.send_with_permit(permit, &get(1)).await {
            waits.push(held_back(&error));
        }
    }
    waits
}

async fn permits(client: &ApiClient<Library>, count: usize) -> Vec<RatePermit> {
    let mut permits = Vec::new();
    for _ in 0..count {
        permits.push(client.acquire_permit().await.unwrap());
    }
    permits
}

#[tokio::test(start_paused = true)]
async fn permits_that_are_saved_up_send_no_more_than_the_limit() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(3, seconds(10)), RetryPolicy::none());
    let mut saved = permits(&client, 3).await;
    sleep(seconds(10)).await;
    saved.splice(0..0, permits(&client, 3).await);
    assert_eq!(send_all(&client, saved).await, [seconds(10); 3]);
    assert_eq!(service.times(), [10.0, 10.0, 10.0]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_counts_from_when_its_request_is_sent() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(3, seconds(10)), RetryPolicy::none());
    let kept = permits(&client, 3).await;
    sleep(seconds(9)).await;
    assert!(send_all(&client, kept).await.is_empty());
    for _ in 0..3 {
        client.send(&get(1)).await.unwrap();
    }
    assert_eq!(service.times(), [9.0, 9.0, 9.0, 19.0, 19.0, 19.0]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_older_than_the_period_sends_where_there_is_room() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(2, seconds(10)), RetryPolicy::none());
    let (saved, dropped) = (permits(&client, 1).await, permits(&client, 1).await);
    sleep(seconds(12)).await;
    client.send(&get(1)).await.unwrap();
    assert!(send_all(&client, saved).await.is_empty());
    // Its place went to somebody else, who keeps it.
    drop(dropped);
    client.send(&get(1)).await.unwrap();
    assert_eq!(service.times(), [12.0, 12.0, 22.0]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_could_not_be_used_leaves_its_own_place_and_no_other() {
    let service = RecordingService::new().refuses(0, "5");
    let client = client(&service, Limiter::new(3, seconds(10)), RetryPolicy::none());
    let kept = permits(&client, 2).await;
    assert!(client.send(&get(1)).await.unwrap_err().is_rate_limited());
    assert_eq!(send_all(&client, kept).await, [seconds(5), seconds(5)]);
    for _ in 0..3 {
        client.send(&get(1)).await.unwrap();
    }
    assert_eq!(service.times(), [0.0, 5.0, 5.0, 10.0], "the refused one counts, the two permits do not");
}

/// Each reads before it writes, and waits for that longer than its permit lasts.
#[tokio::test(start_paused = true)]
async fn a_crowd_that_reads_before_it_writes_gets_done_within_the_limit() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(50, seconds(10)), RetryPolicy::default());
    let mut callers = JoinSet::new();
    for _ in 0..60 {
        let client = client.clone();
        callers.spawn(async move {
            client.send(&get("read")).await.unwrap();
            let mut written = 0;
            for _ in 0..6 {
                let permit = client.acquire_permit().await.unwrap();
                client.send(&get("read")).await.unwrap();
                written += usize::from(client.send_with_permit(permit, &get("written")).await.is_ok());
                if written == 2 {
                    break;
                }
            }
            written
        });
    }
    assert_eq!(callers.join_all().await, [2; 60]);
    let times = service.times();
    assert!(times.windows(51).all(|window| window[50] - window[0] >= 10.0), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_permit_of_another_client_lets_nothing_through() {
    let service = RecordingService::new();
    let limited = client(&service, Limiter::new(1, seconds(10)), RetryPolicy::none());
    let other = client(&service, Limiter::new(9, seconds(10)), RetryPolicy::none());
    assert_eq!(send_all(&limited, permits(&other, 3).await).await, [seconds(10), seconds(10)]);
    assert_eq!(permits(&other, 9).await.len(), 9, "where they came from they are given back");
    assert_eq!(service.times(), [0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_second_try_that_is_held_back_tells_of_the_first() {
    let service = RecordingService::new().refuses(0, "1");
    let client = client(&service, Limiter::new(1, seconds(300)), RetryPolicy::default());
    let error = client.send(&get(1)).await.unwrap_err();
    assert!(!error.was_held_back() && !error.was_never_sent());
    assert_eq!(service.times(), [0.0]);
}

/// As in a buffered stream whose consumer asks for something itself.
#[tokio::test(start_paused = true)]
async fn calls_that_are_held_and_not_polled_hold_nobody_up() {
    let service = RecordingService::new();
    let client = client(&service, Limiter::new(2, seconds(1)), RetryPolicy::default());
    assert_eq!(offer(&client, 2, Duration::ZERO, seconds(1)).await, 2);
    let asked: Vec<_> = (0..4).map(get).collect();
    let mut held: Vec<_> = asked.iter().map(|book| Box::pin(client.send(book))).collect();
    for call in &mut held {
        assert!(futures_util::poll!(call).is_pending());
    }
    for id in ["one", "two", "three"] {
        let before = Instant::now();
        client.send(&get(id)).await.unwrap();
        assert!(before.elapsed() <= seconds(5), "{id}: {:?}", before.elapsed());
    }
    for answer in futures_util::future::join_all(held).await {
        answer.unwrap();
    }
}
