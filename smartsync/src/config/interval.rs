//! `[server] sweep`: how often.

use std::time::Duration;

use serde::Deserialize;

/// `"off"`, or a number of minutes or hours such as `"30m"`, which is the default, and `"6h"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SweepInterval(Option<Duration>);

const MINUTE: u64 = 60;

/// More often, the passes would use up what Oneflow lets one ask.
const MIN: u64 = 5 * MINUTE;

/// A lost notification would be found no more the same day.
const MAX: u64 = 24 * 60 * MINUTE;

impl SweepInterval {
    /// `None`: never.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        self.0
    }
}

impl Default for SweepInterval {
    fn default() -> Self {
        Self(Some(Duration::from_secs(30 * MINUTE)))
    }
}

impl TryFrom<String> for SweepInterval {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "off" {
            return Ok(Self(None));
        }
        let units = [("m", MINUTE), ("h", 60 * MINUTE)];
        let seconds = units.into_iter().find_map(|(unit, seconds)| {
            let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
            number.checked_mul(seconds)
        });
        match seconds.filter(|seconds| (MIN..=MAX).contains(seconds)) {
            Some(seconds) => Ok(Self(Some(Duration::from_secs(seconds)))),
            None => Err("write \"off\", or a time from \"5m\" to \"24h\""),
        }
    }
}
