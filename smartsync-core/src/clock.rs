//! Time, injected: the core has no clock of its own.

use std::fmt;

use jiff::Timestamp;

/// Tells the time. Without one, the engine takes everything it read before for outdated.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}
