//! Time, injected: the core has no clock of its own.

use std::fmt;

use jiff::Timestamp;

/// Tells the time. What the engine does without one: [`EngineBuilder::clock`](crate::EngineBuilder::clock).
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}
