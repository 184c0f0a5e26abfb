//! Several processes on one key, each with a limiter of its own and one budget in common, on tokio's paused clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{
    ApiClient, Grant, Limiter, PERMIT_VALIDITY, Report, RetryPolicy, SharedBudget, SharedBudgetError,
    Sleep as _, TokioSleep, test_util::MemoryBudget,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::support::{
    limited_service::{LIMIT, LimitedService, PERIOD},
    service::{GetBook, Library},
};

/// What a client allows itself of the service's limit.
const REQUESTS: usize = 48;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A budget behind a wire, which may be cut. Clones are one.
#[derive(Clone, Debug)]
struct Remote {
    budget: MemoryBudget,
    /// How long an exchange takes, in milliseconds.
    takes: Arc<AtomicU64>,
    /// Whether it fails: 0 no, 1 with an error, 2 by saying nothing.
    fails: Arc<AtomicU64>,
    exchanges: Arc<AtomicUsize>,
}

impl Remote {
    fn new() -> Self {
        let budget = MemoryBudget::new(|| TokioSleep.now().unwrap());
        Self { budget, takes: Arc::new(AtomicU64::new(3)), fails: Arc::default(), exchanges: Arc::default() }
    }

    fn exchanges(&self) -> usize {
        self.exchanges.load(Relaxed)
    }
}

#[async_trait]
impl SharedBudget for Remote {
    async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError> {
        self.exchanges.fetch_add(1, Relaxed);
        match self.fails.load(Relaxed) {
            0 => {}
            1 => return Err(SharedBudgetError::new("no connection")),
            _ => sleep(seconds(9_999)).await,
        }
        let half = Duration::from_micros(self.takes.load(Relaxed) * 500);
        sleep(half).await;
        let grant = self.budget.exchange(report).await;
        sleep(half).await;
        grant
    }
}

fn get() -> GetBook {
    GetBook("1".to_owned())
}

/// A process with a limiter of its own.
fn process(service: &LimitedService, name: &'static str, budget: &Remote) -> ApiClient<Library> {
    let client = alone(service, name);
    client.share_limit(Arc::new(budget.clone()));
    client
}

fn alone(service: &LimitedService, name: &'static str) -> ApiClient<Library> {
    ApiClient::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(service.by(name))
        .limiter(Limiter::new(REQUESTS, PERIOD))
        .retry(RetryPolicy::default().wait_out_limits(seconds(9_999)))
        .build()
        .unwrap()
}

/// So many workers that send one request after the other, until they are dropped.
fn busy(client: &ApiClient<Library>, workers: usize) -> JoinSet<()> {
    let mut all = JoinSet::new();
    for _ in 0..workers {
        let client = client.clone();
        all.spawn(async move {
            loop {
                client.send(&get()).await.unwrap();
            }
        });
    }
    all
}

/// How many requests were sent from then on, in whole periods, as a part of what the service allows.
fn used(service: &LimitedService, from: Duration, periods: u32) -> f64 {
    let to = from + PERIOD * periods;
    let sent = service.asked().iter().filter(|asked| asked.sent >= from && asked.sent < to).count();
    sent as f64 / (LIMIT * u64::from(periods)) as f64
}

fn of(service: &LimitedService, user: &str) -> usize {
    service.asked().iter().filter(|asked| asked.user == user).count()
}

#[tokio::test(start_paused = true)]
async fn two_processes_use_the_limit_up_share_it_fairly_and_are_never_refused() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let (one, two) = (process(&service, "one", &budget), process(&service, "two", &budget));
    let workers = (busy(&one, 4), busy(&two, 4));
    sleep(PERIOD * 20 + seconds(1)).await;
    drop(workers);
    assert_eq!(service.refused(), 0);
    let used = used(&service, Duration::ZERO, 20);
    assert!(used >= 0.95, "{used}");
    let (one, two) = (of(&service, "one"), of(&service, "two"));
    assert!(one * 3 > two && two * 3 > one, "{one} and {two}");
    let most = budget.exchanges();
    assert!(most < (one + two) * 3, "{most} exchanges for {one} and {two}");
    eprintln!("{used}, {one} and {two} requests, {most} exchanges");
}

#[tokio::test(start_paused = true)]
async fn eight_processes_that_come_and_go_are_never_refused() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let mut running = Vec::new();
    for (number, name) in (0..).zip(["a", "b", "c", "d", "e", "f", "g", "h"]) {
        let workers = busy(&process(&service, name, &budget), 2);
        sleep(Duration::from_millis(3_300)).await;
        // Some die in the middle of it.
        if number % 3 != 0 {
            running.push(workers);
        }
    }
    sleep(PERIOD * 5).await;
    assert_eq!(service.refused(), 0);
    let used = used(&service, PERIOD * 3, 4);
    assert!(used >= 0.9, "{used}");
}

#[tokio::test(start_paused = true)]
async fn without_a_shared_budget_two_processes_are_refused() {
    let service = LimitedService::new();
    let workers = (busy(&alone(&service, "one"), 4), busy(&alone(&service, "two"), 4));
    sleep(PERIOD * 4).await;
    drop(workers);
    assert!(service.refused() > 0, "else the tests beside this one show nothing");
}

/// Others use the key and report nothing. What a process sends in the moment before it can know of a refusal is not held against it.
#[tokio::test(start_paused = true)]
async fn nobody_sends_what_the_service_refused_to_another_process() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let (one, two) = (process(&service, "one", &budget), process(&service, "two", &budget));
    let workers = (busy(&one, 4), busy(&two, 4));
    let stranger = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(service.by("stranger"))
        .limiter(Limiter::none())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    for _ in 0..100 {
        // An error is a refusal: strangers try again all the same.
        for _ in 0..20 {
            stranger.send(&get()).await.ok();
        }
        sleep(Duration::from_millis(2_900)).await;
    }
    drop(workers);
    let ours = |name: &str| {
        let asked = service.asked();
        let ours: Vec<_> = asked.into_iter().filter(|asked| asked.user == name).collect();
        ours
    };
    let both: Vec<_> = [ours("one"), ours("two")].concat();
    let refused = both.iter().filter(|asked| asked.is_refused).count();
    assert!(refused > 0, "else nobody had to be told");
    assert!(refused * 10 < both.len(), "{refused} of {}", both.len());
    // Refusals of the stranger's own requests are nobody's business but its own.
    for refusal in service.refusals().into_iter().filter(|refusal| refusal.user != "stranger") {
        // A permit that was given before is good for a moment, and the news take another to get around.
        let known = refusal.told + PERMIT_VALIDITY + Duration::from_millis(20);
        let late: Vec<_> =
            both.iter().filter(|asked| asked.sent > known && asked.sent < refusal.until).collect();
        assert!(late.is_empty(), "{refusal:?}: {late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_costs_what_it_had_for_as_long_as_it_could_have_used_it() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let (one, two) = (process(&service, "one", &budget), process(&service, "two", &budget));
    // It dies with permits in its hands.
    let mut kept = Vec::new();
    for _ in 0..6 {
        kept.push(one.acquire_permit().await.unwrap());
    }
    let died = Instant::now();
    std::mem::forget((one, kept));
    let mut sent = Vec::new();
    for _ in 0..REQUESTS * 2 {
        two.send(&get()).await.unwrap();
        sent.push(died.elapsed());
    }
    let within = |time: Duration| sent.iter().filter(|sent| **sent < time).count();
    let first = within(PERIOD - seconds(1));
    assert!((REQUESTS - 8..=REQUESTS - 6).contains(&first), "{first}");
    assert!(within(PERIOD + PERMIT_VALIDITY + seconds(1)) >= REQUESTS, "{sent:?}");
    assert_eq!(service.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_back_at_the_end_is_free_at_once() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let (one, two) = (process(&service, "one", &budget), process(&service, "two", &budget));
    let mut kept = Vec::new();
    for _ in 0..40 {
        kept.push(one.acquire_permit().await.unwrap());
    }
    drop(kept);
    one.leave_shared_limit().await;
    let begun = Instant::now();
    for _ in 0..REQUESTS {
        two.send(&get()).await.unwrap();
    }
    assert!(begun.elapsed() < seconds(5), "{:?}", begun.elapsed());
    // Whoever has left may come back.
    timeout(PERIOD * 2, one.send(&get())).await.unwrap().unwrap();
    assert_eq!(service.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_cannot_be_reached_stops_nobody_and_lifts_no_limit() {
    for fault in [1, 2] {
        let (service, budget) = (LimitedService::new(), Remote::new());
        let (one, two) = (process(&service, "one", &budget), process(&service, "two", &budget));
        // One does most of it, so the other has nearly nothing of the limit left when the wire is cut.
        let workers = busy(&one, 4);
        sleep(seconds(3)).await;
        let workers = (workers, busy(&two, 4));
        sleep(seconds(12)).await;
        budget.fails.store(fault, Relaxed);
        let cut = service.asked().last().unwrap().sent + seconds(1);
        sleep(PERIOD * 6).await;
        assert_eq!(service.refused(), 0, "{fault}");
        let part = used(&service, cut + PERIOD, 4);
        assert!(part >= 0.8, "{part}, {fault}");
        let (first, second) = (of(&service, "one"), of(&service, "two"));
        budget.fails.store(0, Relaxed);
        sleep(PERIOD * 5).await;
        assert_eq!(service.refused(), 0, "{fault}");
        assert!(of(&service, "one") > first + 40 && of(&service, "two") > second + 40);
        drop(workers);
    }
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_was_never_there_leaves_each_process_a_share() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    budget.fails.store(2, Relaxed);
    let workers = (busy(&process(&service, "one", &budget), 4), busy(&process(&service, "two", &budget), 4));
    sleep(PERIOD * 4).await;
    drop(workers);
    assert_eq!(service.refused(), 0);
    // For a period nobody knows what the others have just used.
    let part = used(&service, PERIOD + seconds(1), 2);
    assert!(part >= 0.8, "{part}");
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_answers_too_late_is_one_that_does_not() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    budget.takes.store(900, Relaxed);
    let workers = busy(&process(&service, "one", &budget), 4);
    sleep(PERIOD * 3).await;
    drop(workers);
    let sent = of(&service, "one");
    assert!((REQUESTS..=REQUESTS * 2).contains(&sent), "{sent}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_alone_asks_once_and_the_next_ones_ask_nobody() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let client = process(&service, "one", &budget);
    let begun = Instant::now();
    client.send(&get()).await.unwrap();
    assert_eq!(budget.exchanges(), 1);
    assert!(begun.elapsed() <= Duration::from_millis(45), "{:?}", begun.elapsed());
    client.send(&get()).await.unwrap();
    assert_eq!(budget.exchanges(), 1);
    sleep(seconds(5)).await;
    client.send(&get()).await.unwrap();
    assert_eq!(budget.exchanges(), 2, "what was spare is over");
}

/// Each reads before it writes, and waits for that longer than a permit is valid.
#[tokio::test(start_paused = true)]
async fn a_crowd_that_reads_before_it_writes_gets_done_in_two_processes() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let mut callers = JoinSet::new();
    for name in ["one", "two"] {
        let client = process(&service, name, &budget);
        for _ in 0..10 {
            let client = client.clone();
            callers.spawn(async move {
                client.send(&get()).await.unwrap();
                let mut written = 0;
                for _ in 0..6 {
                    let permit = client.acquire_permit().await.unwrap();
                    client.send(&get()).await.unwrap();
                    written += usize::from(client.send_with_permit(permit, &get()).await.is_ok());
                    if written == 2 {
                        break;
                    }
                }
                written
            });
        }
    }
    assert_eq!(callers.join_all().await, [2; 20]);
    assert_eq!(service.refused(), 0);
}

/// As in a buffered stream whose consumer asks for something itself.
#[tokio::test(start_paused = true)]
async fn a_call_that_asks_and_is_not_polled_holds_nobody_up() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let client = process(&service, "one", &budget);
    let asked = get();
    let mut held: Vec<_> = (0..4).map(|_| Box::pin(client.send(&asked))).collect();
    for call in &mut held {
        assert!(futures_util::poll!(call).is_pending());
    }
    for _ in 0..3 {
        timeout(seconds(5), client.send(&get())).await.unwrap().unwrap();
    }
    for answer in futures_util::future::join_all(held).await {
        answer.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_while_it_asks_holds_nobody_up() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    budget.takes.store(300, Relaxed);
    let client = process(&service, "one", &budget);
    let waiting = tokio::spawn({
        let client = client.clone();
        async move {
            sleep(Duration::from_millis(10)).await;
            client.send(&get()).await.is_ok()
        }
    });
    assert!(timeout(Duration::from_millis(100), client.send(&get())).await.is_err());
    assert!(timeout(seconds(1), waiting).await.unwrap().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_the_budget_is_capped_like_any_other() {
    let (service, budget) = (LimitedService::new(), Remote::new());
    let one = process(&service, "one", &budget);
    for _ in 0..REQUESTS {
        one.send(&get()).await.unwrap();
    }
    let two = ApiClient::<Library>::builder()
        .base_url("https://library.example".parse().unwrap())
        .transport(service.by("two"))
        .limiter(Limiter::new(REQUESTS, PERIOD))
        .retry(RetryPolicy::none().max_wait(seconds(2)))
        .build()
        .unwrap();
    two.share_limit(Arc::new(budget));
    let error = two.send(&get()).await.unwrap_err();
    assert!(error.was_held_back());
    let wait = error.retry_after().unwrap();
    assert!(wait > seconds(5) && wait <= PERIOD, "{wait:?}");
    sleep(wait).await;
    two.send(&get()).await.unwrap();
}
