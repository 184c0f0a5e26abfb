//! A service that enforces a limit, on tokio's clock: 50 requests in a period of ten seconds, which begins with the first request after the last
//! one.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::StatusCode;
use smartsync_transport::{Body, Request, Response, Transport, TransportError};
use tokio::time::{Instant, sleep};

pub(crate) const LIMIT: u64 = 50;
pub(crate) const PERIOD: Duration = Duration::from_secs(10);

/// One that takes its time there and back. Clones are one.
#[derive(Clone, Debug)]
pub(crate) struct LimitedService {
    begun: Instant,
    state: Arc<Mutex<State>>,
    user: &'static str,
    seed: Arc<Mutex<u64>>,
}

#[derive(Debug, Default)]
struct State {
    opened: Option<Instant>,
    taken: u64,
    asked: Vec<Asked>,
    refusals: Vec<Refusal>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) sent: Duration,
    pub(crate) user: &'static str,
    pub(crate) is_refused: bool,
}

/// A user was told at `told` to send nothing before `until`.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) user: &'static str,
    pub(crate) told: Duration,
    pub(crate) until: Duration,
}

impl LimitedService {
    /// Its time begins now.
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), state: Arc::default(), user: "", seed: Arc::new(Mutex::new(7)) }
    }

    /// The same service, for this user of the key.
    pub(crate) fn by(&self, user: &'static str) -> Self {
        Self { user, ..self.clone() }
    }

    /// All requests, in the order in which they were sent.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut asked = self.state.lock().unwrap().asked.clone();
        asked.sort_by_key(|asked| asked.sent);
        asked
    }

    pub(crate) fn refusals(&self) -> Vec<Refusal> {
        self.state.lock().unwrap().refusals.clone()
    }

    pub(crate) fn refused(&self) -> usize {
        self.asked().iter().filter(|asked| asked.is_refused).count()
    }

    /// Between 5 and 20 ms, as some service on the same continent.
    fn travel(&self) -> Duration {
        let mut seed = self.seed.lock().unwrap();
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_micros(5_000 + (*seed >> 33) % 15_000)
    }
}

#[async_trait]
impl Transport for LimitedService {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        let sent = self.begun.elapsed();
        sleep(self.travel()).await;
        let (is_refused, remaining, reset) = {
            let mut state = self.state.lock().unwrap();
            if state.opened.is_none_or(|opened| opened.elapsed() >= PERIOD) {
                (state.opened, state.taken) = (Some(Instant::now()), 0);
            }
            let is_refused = state.taken >= LIMIT;
            state.taken = (state.taken + 1).min(LIMIT);
            state.asked.push(Asked { sent, user: self.user, is_refused });
            let left = PERIOD.saturating_sub(state.opened.unwrap().elapsed());
            (is_refused, LIMIT - state.taken, left.as_secs() + u64::from(left.subsec_nanos() > 0))
        };
        sleep(self.travel()).await;
        let mut response = Response::new(Body::from(r#"{"id":1}"#));
        let mut header = |name, value: u64| response.headers_mut().insert(name, value.into());
        header("x-rate-limit-limit", LIMIT);
        header("x-rate-limit-remaining", remaining);
        header("x-rate-limit-reset", reset);
        if is_refused {
            header("retry-after", reset);
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let told = self.begun.elapsed();
            let refusal = Refusal { user: self.user, told, until: told + Duration::from_secs(reset) };
            self.state.lock().unwrap().refusals.push(refusal);
        }
        Ok(response)
    }
}
