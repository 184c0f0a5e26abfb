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
use smartsync_transport::{Request, Response, Sleep, Transport, TransportError, Wait, http::Method};
use tokio::time::{self, Instant};

use super::{fate::Fate, watch::Watch};

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

/// The time as a process sleeps in it, which does not wake up while it stands still.
#[derive(Clone, Debug)]
pub(super) struct ProcessTime {
    pub(super) time: SimulatedTime,
    pub(super) fate: Fate,
}

#[async_trait]
impl Sleep for ProcessTime {
    async fn sleep(&self, wait: Wait) {
        self.time.sleep(wait).await;
        self.fate.awake().await;
        self.time.catch_up();
    }

    fn now(&self) -> Option<Duration> {
        Sleep::now(&self.time)
    }
}

/// The way to both services: it takes some time there and back, so that whatever runs at the same time comes in between.
#[derive(Clone)]
pub(super) struct Wire<T> {
    inner: T,
    time: SimulatedTime,
    rng: Arc<Mutex<Rng>>,
    story: Arc<Mutex<Vec<String>>>,
    /// Whose requests they are, and who watches them.
    of: Option<(Fate, Watch)>,
}

impl<T> fmt::Debug for Wire<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl<T> Wire<T> {
    pub(super) fn new(inner: T, time: SimulatedTime, seed: u64, story: &Arc<Mutex<Vec<String>>>) -> Self {
        Self {
            inner,
            time,
            rng: Arc::new(Mutex::new(Rng::with_seed(seed))),
            story: Arc::clone(story),
            of: None,
        }
    }

    pub(super) fn of(self, fate: &Fate, watch: &Watch) -> Self {
        Self { of: Some((fate.clone(), watch.clone())), ..self }
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
        if let Some((fate, watch)) = &self.of {
            fate.may_stop_here();
            if request.method() != Method::GET {
                watch.writes(&what);
            }
        }
        // On its way, whatever becomes of who has sent it.
        self.takes().await;
        let answer = self.inner.execute(request).await;
        let how = answer.as_ref().map_or_else(ToString::to_string, |answer| answer.status().to_string());
        self.story.lock().unwrap().push(format!("{} {what}: {how}", Clock::now(&self.time)));
        self.takes().await;
        if let Some((fate, _)) = &self.of {
            fate.awake().await;
        }
        answer
    }
}
