//! Lets the virtual time follow the real one.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
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
        self.sandbox.advance(now.saturating_duration_since(*last).mul_f64(self.scale));
        *last = now;
        &self.sandbox
    }
}
