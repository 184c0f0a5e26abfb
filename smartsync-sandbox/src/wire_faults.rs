//! Which exchanges meet which fault, and transports that meet them.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use fastrand::Rng;
use smartsync_transport::{Method, Request, Response, Sleep, Transport, TransportError};

use crate::{schedule::take_turns, wire_fault::WireFault};

/// Decides which exchanges meet which [`WireFault`]. All transports that it is [`on`](WireFaults::on) share one count of requests, so
/// that "the fourth request of a look" is one, whichever service it is for. A clone shares the count, too.
///
/// ```
/// use smartsync_sandbox::{Sandbox, SandboxSettings, WireFault, WireFaults};
/// use smartsync_transport::Transport;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::new(SandboxSettings::new());
/// // By number; `when` decides by the request, `seeded` by a seed.
/// let faults = WireFaults::at(1, WireFault::LostAnswer);
/// let teamtailor = faults.on(sandbox.teamtailor_transport());
/// # let request = || http::Request::get("https://api.teamtailor.com/v1/company").body(smartsync_transport::Body::empty());
///
/// assert!(teamtailor.execute(request()?).await.is_ok());
/// assert!(teamtailor.execute(request()?).await.is_err());
/// assert_eq!((faults.seen(), sandbox.request_log().len()), (2, 2), "both have arrived");
///
/// // Of the second service alone, and only while it is asked for the company.
/// WireFaults::when(|_, request| request.uri().path().ends_with("/company").then_some(WireFault::Status(503)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WireFaults {
    decide: Arc<Decide>,
    seen: Arc<AtomicUsize>,
    sleep: Option<Arc<dyn Sleep>>,
    takes_turns: bool,
}

type Decide = dyn Fn(usize, &Request) -> Option<WireFault> + Send + Sync;

impl WireFaults {
    /// By the request and its number, counted from 0. What `decide` does itself happens before the request goes out: a
    /// recruiter edits the card, time passes.
    #[must_use]
    pub fn when(decide: impl Fn(usize, &Request) -> Option<WireFault> + Send + Sync + 'static) -> Self {
        Self { decide: Arc::new(decide), seen: Arc::default(), sleep: None, takes_turns: false }
    }

    /// None; the requests are counted all the same.
    #[must_use]
    pub fn none() -> Self {
        Self::when(|_, _| None)
    }

    /// The request of this number, counted from 0, and no other.
    #[must_use]
    pub fn at(number: usize, fault: WireFault) -> Self {
        Self::when(move |seen, _| (seen == number).then_some(fault))
    }

    /// Every request that may change something: any but a `GET`.
    #[must_use]
    pub fn of_writes(fault: WireFault) -> Self {
        Self::when(move |_, request| (request.method() != Method::GET).then_some(fault))
    }

    /// One request in so many, on average, each with one of these faults: [`WireFault::EACH`], or your own choice. The same seed decides the
    /// same of the request of the same number. None, if there is no fault to choose from or `one_in` is 0.
    #[must_use]
    pub fn seeded(seed: u64, one_in: u32, among: impl Into<Vec<WireFault>>) -> Self {
        let among = among.into();
        Self::when(move |number, _| {
            if one_in == 0 || among.is_empty() {
                return None;
            }
            // From the number alone, whatever came before.
            let number = u64::try_from(number).unwrap_or(u64::MAX);
            let mut rng = Rng::with_seed(seed ^ number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            (rng.u32(..one_in) == 0).then(|| among[rng.usize(..among.len())])
        })
    }

    /// What a [latency](WireFault::Latency) is waited for with: [`Sandbox::sleep`](crate::Sandbox::sleep) moves the sandbox's time, and
    /// [`Schedule::sleep`](crate::schedule::Schedule::sleep) lets others go on.
    #[must_use]
    pub fn sleep(mut self, sleep: impl Sleep + 'static) -> Self {
        self.sleep = Some(Arc::new(sleep));
        self
    }

    /// Before each request goes out, and before its answer comes, everybody else gets a turn: two tasks come between each other, and
    /// a crash may come there.
    #[must_use]
    pub fn taking_turns(mut self) -> Self {
        self.takes_turns = true;
        self
    }

    /// A transport whose exchanges meet these faults.
    #[must_use]
    pub fn on<T: Transport>(&self, wire: T) -> FaultyTransport<T> {
        FaultyTransport { wire, faults: self.clone() }
    }

    /// Counts a request, and says what it meets: for something that goes out another way and is to be counted with the others.
    #[must_use]
    pub fn meet(&self, request: &Request) -> Option<WireFault> {
        (self.decide)(self.seen.fetch_add(1, Ordering::SeqCst), request)
    }

    /// How many requests were counted so far.
    #[must_use]
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for WireFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireFaults")
            .field("seen", &self.seen())
            .field("takes_turns", &self.takes_turns)
            .finish_non_exhaustive()
    }
}

/// A transport of which some exchanges go wrong, as [`WireFaults`] decides: around the sandbox's, or any other.
#[derive(Clone, Debug)]
pub struct FaultyTransport<T> {
    wire: T,
    faults: WireFaults,
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<T: Transport> Transport for FaultyTransport<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let faults = &self.faults;
        if faults.takes_turns {
            take_turns().await;
        }
        let result = match faults.meet(&request) {
            None => self.wire.execute(request).await,
            Some(fault) => fault.meet(self.wire.execute(request), faults.sleep.as_deref()).await,
        };
        if faults.takes_turns {
            take_turns().await;
        }
        result
    }
}
