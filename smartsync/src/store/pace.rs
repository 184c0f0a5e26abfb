//! How often what anybody can ask for is looked at: whoever has seen one notification can name any contract with it, any number of times.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{claim::Claim, item::Item, journal::Trigger};

/// No more than one look in this time at what is looked at last: it must not use up what Oneflow lets us ask.
const LAST_LOOK_INTERVAL: Duration = Duration::from_secs(1);

const MINUTE: Duration = Duration::from_secs(60);

/// The looks of the last minute that notifications have brought.
#[derive(Debug)]
pub(super) struct Pace {
    per_minute: usize,
    looks: BTreeMap<Item, VecDeque<Duration>>,
    last: Option<Duration>,
    swept: Duration,
}

impl Pace {
    pub(super) fn new(per_minute: u32) -> Self {
        let per_minute = usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX);
        Self { per_minute, looks: BTreeMap::new(), last: None, swept: Duration::ZERO }
    }

    /// How long the item has to wait, since it was looked at as often as it may be in a minute.
    pub(super) fn wait(&mut self, claim: &Claim, now: Duration) -> Option<Duration> {
        let looks = self.looks.get_mut(&claim.item)?;
        if claim.trigger() != Trigger::Notification {
            return None;
        }
        drop_old(looks, now);
        if looks.len() < self.per_minute {
            return None;
        }
        let wait = looks.front().map(|first| (*first + MINUTE).saturating_sub(now))?;
        tracing::debug!(item = %claim.item, seconds = wait.as_secs(), "put back: looked at often enough for now");
        Some(wait)
    }

    /// A look begins.
    pub(super) fn begins(&mut self, claim: &Claim, is_last: bool, now: Duration) {
        if is_last {
            self.last = Some(now);
        }
        if claim.trigger() == Trigger::Notification {
            self.looks.entry(claim.item.clone()).or_default().push_back(now);
        }
        if now.saturating_sub(self.swept) >= MINUTE {
            self.swept = now;
            self.looks.retain(|_, looks| {
                drop_old(looks, now);
                !looks.is_empty()
            });
        }
    }

    /// How long nothing that is looked at last is looked at.
    pub(super) fn pause_of_last(&self, now: Duration) -> Duration {
        let since = self.last.map(|last| now.saturating_sub(last));
        since.map_or(Duration::ZERO, |since| LAST_LOOK_INTERVAL.saturating_sub(since))
    }
}

fn drop_old(looks: &mut VecDeque<Duration>, now: Duration) {
    while looks.front().is_some_and(|look| now.saturating_sub(*look) >= MINUTE) {
        looks.pop_front();
    }
}
