//! A sleep that lets others go on, and after which time jumps only if all wait.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use async_trait::async_trait;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use smartsync_transport::{Sleep, Wait};

use super::turn::take_turns;
use crate::sandbox::Sandbox;

/// Who waits until when.
#[derive(Debug)]
pub(super) struct Timers {
    rng: Rng,
    last: u64,
    waiting: BTreeMap<(Timestamp, u64), Waker>,
}

impl Timers {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, last: 0, waiting: BTreeMap::new() }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Takes out those that are due, the one that has waited longest first.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<Waker> {
        let mut due = Vec::new();
        while let Some(first) = self.waiting.first_entry()
            && first.key().0 <= now
        {
            due.push(first.remove());
        }
        due
    }
}

/// A sleep for the tasks of one [`Schedule`](super::Schedule), which makes it with [`Schedule::sleep`](super::Schedule::sleep). It has a clock: a client
/// with it keeps the rate limit by itself.
#[derive(Clone, Debug)]
pub struct ScheduledSleep {
    sandbox: Sandbox,
    timers: Arc<Mutex<Timers>>,
}

impl ScheduledSleep {
    pub(super) fn new(sandbox: Sandbox, timers: Arc<Mutex<Timers>>) -> Self {
        Self { sandbox, timers }
    }

    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A moment within `wait` from now, drawn evenly, and a number for who waits for it.
    fn draw(&self, wait: Wait) -> (Timestamp, u64) {
        let span = wait.at_most.saturating_sub(wait.at_least).as_nanos();
        let now = self.sandbox.now();
        let mut timers = self.timers();
        let more = timers.rng.u64(..=u64::try_from(span).unwrap_or(u64::MAX));
        timers.last += 1;
        let whole = wait.at_least.saturating_add(Duration::from_nanos(more));
        let whole = SignedDuration::try_from(whole).unwrap_or(SignedDuration::MAX);
        (now.saturating_add(whole).unwrap_or(Timestamp::MAX), timers.last)
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Sleep for ScheduledSleep {
    async fn sleep(&self, wait: Wait) {
        if wait.at_most.is_zero() {
            take_turns().await;
        } else {
            Sleeping { place: self.draw(wait), sleep: self }.await;
        }
    }

    /// Since 1970, on the sandbox's clock.
    fn now(&self) -> Option<Duration> {
        self.sandbox.now().as_duration().try_into().ok()
    }
}

struct Sleeping<'a> {
    sleep: &'a ScheduledSleep,
    place: (Timestamp, u64),
}

impl Future for Sleeping<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.sleep.sandbox.now() >= self.place.0 {
            return Poll::Ready(());
        }
        self.sleep.timers().waiting.insert(self.place, context.waker().clone());
        Poll::Pending
    }
}

/// Whoever is dropped while it waits holds up no time.
impl Drop for Sleeping<'_> {
    fn drop(&mut self) {
        self.sleep.timers().waiting.remove(&self.place);
    }
}
