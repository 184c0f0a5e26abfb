//! The clock of this machine, for hosts that have one.

use jiff::Timestamp;

use super::clock::Clock;

/// The clock of this machine. With the feature `system-clock`, and not on wasm32, which has none: the core asks for no time by itself.
///
/// ```
/// use smartsync_core::{Clock, engine::SystemClock};
///
/// assert!(SystemClock.now() > "2026-01-01T00:00:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it holds nothing")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "a host asks for it by the feature; the core never does")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
