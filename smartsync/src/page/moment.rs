//! A time as people read it: how long ago, with the time itself for whoever wants it.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::Timestamp;

use crate::words::Words;

/// A time, ready for a template.
pub(super) struct Moment {
    at: Timestamp,
    distance: String,
}

impl Moment {
    pub(super) fn new(words: &Words, now: Timestamp, at: Timestamp) -> Self {
        let seconds = now.duration_since(at).unsigned_abs().as_secs();
        let say = if at <= now { words.time.ago } else { words.time.ahead };
        Self { at, distance: say(seconds) }
    }
}

/// Digits, and words of our own.
impl HtmlSafe for Moment {}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, distance } = self;
        // To the minute, beside how long ago that is; to the second for programs.
        let (exact, day, time) = (format!("{at:.0}"), at.strftime("%Y-%m-%d"), at.strftime("%H:%M"));
        write!(f, r#"<time datetime="{exact}">{day} {time} UTC</time> <span class="ago">({distance})</span>"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::WORDS;

    #[test]
    fn a_time_is_told_with_its_distance() {
        let now: Timestamp = "2031-03-01T09:00:00Z".parse().unwrap();
        let at: Timestamp = "2031-03-01T08:14:30.5Z".parse().unwrap();
        assert_eq!(
            Moment::new(WORDS, now, at).to_string(),
            r#"<time datetime="2031-03-01T08:14:30Z">2031-03-01 08:14 UTC</time> <span class="ago">(45 minutes ago)</span>"#
        );
        assert!(Moment::new(WORDS, at, now).to_string().contains("(in 45 minutes)"));
    }
}
