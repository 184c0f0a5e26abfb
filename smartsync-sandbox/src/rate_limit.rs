//! How many requests a service still accepts.

use jiff::{SignedDuration, Timestamp};

/// A fixed window: it opens with the first request and closes after `period`.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    limit: u32,
    period: SignedDuration,
    opened: Option<Timestamp>,
    taken: u32,
}

/// What the limit says about one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) allowed: bool,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Whole seconds until the window closes, rounded up.
    pub(crate) reset_seconds: i64,
}

impl RateLimit {
    pub(crate) fn new(limit: u32, period: SignedDuration) -> Self {
        Self { limit, period, opened: None, taken: 0 }
    }

    pub(crate) fn take(&mut self, now: Timestamp) -> Taken {
        let opened = match self.opened {
            Some(opened) if now.duration_since(opened) < self.period => opened,
            _ => {
                self.taken = 0;
                now
            }
        };
        self.opened = Some(opened);
        let allowed = self.taken < self.limit;
        self.taken = self.taken.saturating_add(u32::from(allowed));
        let reset_seconds = self.seconds_left(opened, now);
        Taken { allowed, limit: self.limit, remaining: self.limit - self.taken, reset_seconds }
    }

    /// What the limit would say if it was used up. It is not used up by that.
    pub(crate) fn used_up(&self, now: Timestamp) -> Taken {
        let is_open = |opened: &Timestamp| now.duration_since(*opened) < self.period;
        let opened = self.opened.filter(is_open).unwrap_or(now);
        Taken {
            allowed: false,
            limit: self.limit,
            remaining: 0,
            reset_seconds: self.seconds_left(opened, now),
        }
    }

    fn seconds_left(&self, opened: Timestamp, now: Timestamp) -> i64 {
        let left = self.period - now.duration_since(opened);
        left.as_secs() + i64::from(left.subsec_nanos() > 0)
    }
}
