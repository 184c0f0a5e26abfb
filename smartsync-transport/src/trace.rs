//! What `tracing` sees of an operation: names, status, attempt, duration. Never a URL, a header or a body.

use std::{future::Future, time::Duration};

use http::StatusCode;

/// Runs `exchange` inside the span of its operation.
#[cfg(feature = "tracing")]
pub(crate) fn operation<F: Future>(
    service: &'static str,
    operation: &'static str,
    exchange: F,
) -> impl Future<Output = F::Output> {
    use tracing::Instrument;
    exchange.instrument(tracing::debug_span!("api_operation", service, operation))
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn operation<F: Future>(_: &'static str, _: &'static str, exchange: F) -> F {
    exchange
}

/// Tells of one try. No status: there was no answer. No duration: the sleep has no clock.
#[cfg(feature = "tracing")]
pub(crate) fn attempt(attempt: u32, status: Option<StatusCode>, took: Option<Duration>) {
    let milliseconds = took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    tracing::debug!(attempt, status = status.map(|status| status.as_u16()), milliseconds, "answered");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt(_: u32, _: Option<StatusCode>, _: Option<Duration>) {}
