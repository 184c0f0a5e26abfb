//! Time, injected: the core has no clock of its own.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

/// Tells the time. What the engine does without one: [`EngineBuilder::clock`](crate::EngineBuilder::clock).
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The host's clock, if there is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptionalClock(pub(crate) Option<Arc<dyn Clock>>);

impl OptionalClock {
    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.0.as_ref().map(|clock| clock.now())
    }
}
