//! What the program, the people and the judge of one run share.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use smartsync_core::Clock;
use smartsync_sandbox::Sandbox;

use super::judge::Judge;

/// Shares the judge.
pub(super) struct Stage(Mutex<Judge>);

impl Stage {
    pub(super) fn new(judge: Judge) -> Self {
        Self(Mutex::new(judge))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Judge> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}

/// The program's clock is that of the services.
#[derive(Debug)]
pub(super) struct SandboxClock(pub(super) Sandbox);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}
