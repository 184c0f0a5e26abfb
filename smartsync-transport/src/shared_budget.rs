//! One rate limit that several processes keep together: what a client asks of it, and what it is told.

#[cfg(feature = "test-util")]
mod memory;
mod window;

use std::{error, fmt, time::Duration};

use async_trait::async_trait;

#[cfg(feature = "test-util")]
pub use self::memory::MemoryBudget;
pub use self::window::SharedWindow;

/// How long a permit may be used after it was asked for, unless it is asked for again. It is also the longest that a client waits for an
/// answer: one that comes later would bring permits that are over.
pub const PERMIT_VALIDITY: Duration = Duration::from_millis(500);

/// The budget of one key of one service, for all processes that use the key.
///
/// An implementation keeps one [`SharedWindow`] for the key where all processes reach it, has one exchange at a time change it, and gives it the
/// time of one clock: that of the store. Everything else is the window's and the client's. A client is given it by
/// [`ApiClient::share_limit`](crate::ApiClient::share_limit).
///
/// An exchange that fails, or takes longer than [`PERMIT_VALIDITY`], stops nobody and lifts no limit: see
/// [`Limiter`](crate::Limiter).
///
/// ```
/// use std::{sync::Mutex, time::{Duration, Instant}};
/// use smartsync_transport::{
///     SharedBudget, SharedBudgetError, SharedWindow, async_trait, {Grant, Report},
/// };
///
/// /// For the threads of one process: each has a client and a limiter of its own.
/// #[derive(Debug)]
/// struct OneProcess { begun: Instant, window: Mutex<SharedWindow> }
///
/// #[async_trait]
/// impl SharedBudget for OneProcess {
///     async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError> {
///         Ok(self.window.lock().unwrap().exchange(self.begun.elapsed(), report))
///     }
/// }
/// ```
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait SharedBudget: fmt::Debug + Send + Sync {
    /// Tells what the process did with its permits, and asks for more.
    ///
    /// # Errors
    ///
    /// [`SharedBudgetError`]: nobody knows whether the report has arrived.
    async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError>;
}

/// The shared budget could not be reached.
#[derive(Debug, thiserror::Error)]
#[error("the shared rate limit could not be reached")]
pub struct SharedBudgetError(#[source] Box<dyn error::Error + Send + Sync>);

impl SharedBudgetError {
    /// One with this cause, whose text a log may show.
    pub fn new(cause: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// What a process tells of its permits, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Which process: a random number that it keeps.
    pub member: u64,
    /// Its reports are numbered. One that comes after a later one counts for nothing.
    pub number: u64,
    /// So many requests are allowed in any [`period`](Self::period).
    pub requests: usize,
    /// See [`requests`](Self::requests).
    pub period: Duration,
    /// How long ago each request was sent of which no report has told.
    pub sent: Vec<Duration>,
    /// So many permits that it was given it still has, and keeps. Of the others, it used those that [`sent`](Self::sent) has, and no more.
    pub keeps: usize,
    /// So many more requests wait to be sent.
    pub wants: usize,
    /// So many permits it would take beyond that, where there are plenty.
    pub spare: usize,
    /// What the service said last of all requests with the key.
    pub seen: Option<SeenUse>,
    /// The service has asked to send nothing for so long.
    pub closed_for: Duration,
    /// Whether the process was answered before: then it knows of requests that a window which was lost has forgotten.
    pub returns: bool,
    /// Whether the process stops: it gives back what it has.
    pub leaves: bool,
}

/// How much of the budget the service has counted as used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a count has a time")]
pub struct SeenUse {
    /// So many requests in the service's current period, whoever sent them.
    pub requests: usize,
    /// How long ago it said so.
    pub ago: Duration,
}

impl Report {
    /// The report of a process that has sent nothing and asks for nothing.
    #[must_use]
    pub fn new(member: u64, requests: usize, period: Duration) -> Self {
        let (sent, keeps, wants, spare) = (Vec::new(), 0, 0, 0);
        Self {
            member,
            number: 0,
            requests,
            period,
            sent,
            keeps,
            wants,
            spare,
            seen: None,
            closed_for: Duration::ZERO,
            returns: false,
            leaves: false,
        }
    }
}

/// What a process may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// So many of the permits that it keeps are still good, for another [`PERMIT_VALIDITY`].
    pub kept: usize,
    /// So many new ones it has, for as long.
    pub granted: usize,
    /// When it is worth asking again, if it got fewer than it wants: the earliest that one can be free.
    pub free_in: Duration,
    /// Nothing may be sent for so long.
    pub closed_for: Duration,
    /// So many processes have used the key lately, this one among them.
    pub members: usize,
    /// The window was lost with what it knew: nothing is given until the process has told of all requests of the last period.
    pub is_lost: bool,
}
