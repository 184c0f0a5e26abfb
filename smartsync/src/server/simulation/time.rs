//! One time for the sandbox, the host and whoever waits: that of the paused runtime.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use fastrand::Rng;
use jiff::Timestamp;
use smartsync_core::Clock;
use smartsync_sandbox::Sandbox;
use smartsync_transport::{Request, Response, Sleep, Transport, TransportError, Wait};
use tokio::time::{self, Instant};

#[derive(Clone, Debug)]
pub(super) struct SimulatedTime {
    sandbox: Sandbox,
    begun: (Instant, Timestamp),
}

impl SimulatedTime {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        Self { sandbox: sandbox.clone(), begun: (Instant::now(), sandbox.now()) }
    }

    /// Has the sandbox's time be that of the runtime, unless an action has put it ahead.
    pub(super) fn catch_up(&self) {
        let of_sandbox = self.sandbox.now().duration_since(self.begun.1).unsigned_abs();
        self.sandbox.advance(self.begun.0.elapsed().saturating_sub(of_sandbox));
    }
}

impl Clock for SimulatedTime {
    fn now(&self) -> Timestamp {
        self.catch_up();
        self.sandbox.now()
    }
}

#[async_trait]
impl Sleep for SimulatedTime {
    async fn sleep(&self, wait: Wait) {
        time::sleep(wait.at_least + (wait.at_most.saturating_sub(wait.at_least)) / 2).await;
        self.catch_up();
    }

    fn now(&self) -> Option<Duration> {
        Some(self.begun.0.elapsed())
    }
}

/// The way to both services: it takes some time there and back, so that whatever runs at the same time comes in between.
#[derive(Clone)]
pub(super) struct Wire<T> {
    inner: T,
    time: SimulatedTime,
    rng: Arc<Mutex<Rng>>,
    story: Arc<Mutex<Vec<String>>>,
}

impl<T> fmt::Debug for Wire<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl<T> Wire<T> {
    pub(super) fn new(inner: T, time: SimulatedTime, seed: u64, story: &Arc<Mutex<Vec<String>>>) -> Self {
        Self { inner, time, rng: Arc::new(Mutex::new(Rng::with_seed(seed))), story: Arc::clone(story) }
    }

    async fn takes(&self) {
        let milliseconds = self.rng.lock().unwrap().u64(1..400);
        time::sleep(Duration::from_millis(milliseconds)).await;
        self.time.catch_up();
    }
}

#[async_trait]
impl<T: Transport> Transport for Wire<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let what = format!("{} {}", request.method(), request.uri().path());
        self.takes().await;
        let answer = self.inner.execute(request).await;
        let how = answer.as_ref().map_or_else(ToString::to_string, |answer| answer.status().to_string());
        self.story.lock().unwrap().push(format!("{} {what}: {how}", Clock::now(&self.time)));
        self.takes().await;
        answer
    }
}
