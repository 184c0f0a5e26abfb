//! Lets the virtual time follow the real one.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::sandbox::Sandbox;

/// A sandbox whose time follows the real clock.
#[derive(Debug)]
pub(super) struct Ticking {
    sandbox: Sandbox,
    scale: f64,
    last: Mutex<Instant>,
}

impl Ticking {
    pub(super) fn new(sandbox: Sandbox, scale: f64) -> Self {
        Self { sandbox, scale, last: Mutex::new(Instant::now()) }
    }

    /// The sandbox, at the time it is now.
    pub(super) fn now(&self) -> &Sandbox {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let passed = now.saturating_duration_since(*last).as_secs_f64() * self.scale;
        // The virtual time has an end, and stays there.
        self.sandbox.advance(Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX));
        *last = now;
        &self.sandbox
    }
}
