//! What the headers of an answer say about the next request.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, StatusCode, header};

use crate::transport::Response;

/// No wait that a service asks for counts for longer. An hour is far beyond the period of either rate limit; a service that
/// writes more has most likely written it by mistake, and a wait without end would silence what waits for it.
pub const LONGEST_HINT: Duration = Duration::from_secs(60 * 60);

const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// The state of the rate limit as the answer's `X-Rate-Limit-*` headers give it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the period.
    pub limit: Option<u64>,
    /// Requests left in the period.
    pub remaining: Option<u64>,
    /// Time until the period ends, an hour at most ([`LONGEST_HINT`]).
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads `X-Rate-Limit-Limit`, `-Remaining` and `-Reset` (seconds left, not a time of day).
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
        let number = |name| text(name)?.parse::<u64>().ok();
        Self { limit: number(LIMIT), remaining: number(REMAINING), reset: text(RESET).and_then(seconds) }
    }
}

/// A wait in whole seconds, or `None` for any other text.
fn seconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number beyond the largest that we can hold is a long wait as well.
    is_number.then(|| capped(Duration::from_secs(text.parse().unwrap_or(u64::MAX))))
}

/// What a service's number is worth as a wait.
fn capped(wait: Duration) -> Duration {
    wait.min(LONGEST_HINT)
}

/// How long the service asks to wait before the same request is sent again: an hour at most.
///
/// `Retry-After` in seconds, or as a date measured against the answer's own `Date`, so that no clock of ours can be
/// wrong; else the reset of the rate limit, if that is what refused the request.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let headers = response.headers();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(wait) = text(header::RETRY_AFTER) {
        if let Some(wait) = seconds(wait) {
            return Some(wait);
        }
        if let (Ok(at), Some(Ok(now))) =
            (httpdate::parse_http_date(wait), text(header::DATE).map(httpdate::parse_http_date))
        {
            let (at, now) = (at.duration_since(UNIX_EPOCH).ok()?, now.duration_since(UNIX_EPOCH).ok()?);
            return Some(capped(at.saturating_sub(now)));
        }
    }
    (response.status() == StatusCode::TOO_MANY_REQUESTS)
        .then(|| RateLimit::from_headers(headers).reset)
        .flatten()
}
