//! How often what anybody can ask for is looked at: whoever has seen one notification can name any contract with it, any number of times.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{claim::Claim, item::Item, journal::Trigger, work::WorkLimits};

/// No more than one look in this time at what is looked at last: it must not use up what Oneflow lets us ask.
const LAST_LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Nothing is put back for longer at once, so that no store takes the wait for that of a clock that was set back.
const LONGEST_PUT_BACK: Duration = Duration::from_secs(30 * 60);

const MINUTE: Duration = Duration::from_secs(60);

/// The looks of the last minute that notifications have brought.
#[derive(Debug)]
pub(super) struct Pace {
    per_minute: usize,
    looks: BTreeMap<Item, VecDeque<Duration>>,
    unknown: Unknown,
    last: Option<Duration>,
    swept: Duration,
}

impl Pace {
    pub(super) fn new(limits: WorkLimits) -> Self {
        let at_least_one = |per_minute: u32| usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX);
        Self {
            per_minute: at_least_one(limits.looks_per_minute),
            looks: BTreeMap::new(),
            unknown: Unknown { per_minute: at_least_one(limits.unknown_per_minute), ..Unknown::default() },
            last: None,
            swept: Duration::ZERO,
        }
    }

    /// How long the item has to wait, since it was looked at as often as it may be in a minute, or what only notifications speak of was.
    pub(super) fn wait(&mut self, claim: &Claim, now: Duration) -> Option<Duration> {
        if let Some(wait) = self.wait_of_item(claim, now) {
            return Some(wait);
        }
        if claim.is_known || claim.trigger() == Trigger::ByHand {
            return None;
        }
        let wait = self.unknown.wait(&claim.item, now)?.min(LONGEST_PUT_BACK);
        tracing::debug!(item = %claim.item, seconds = wait.as_secs(), "put back: enough that only notifications name was looked at for now");
        Some(wait)
    }

    fn wait_of_item(&mut self, claim: &Claim, now: Duration) -> Option<Duration> {
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
            self.unknown.drop_lost(now);
        }
    }

    /// How long nothing that is looked at last is looked at.
    pub(super) fn pause_of_last(&self, now: Duration) -> Duration {
        let since = self.last.map(|last| now.saturating_sub(last));
        since.map_or(Duration::ZERO, |since| LAST_LOOK_INTERVAL.saturating_sub(since))
    }
}

/// What only notifications speak of has turns, so many in a minute. What finds none free is given one of its own later: it is put back once, not
/// again and again in front of what is known.
#[derive(Debug, Default)]
struct Unknown {
    per_minute: usize,
    /// The turns of the last minute, and those to come.
    turns: VecDeque<Duration>,
    /// Whose those to come are.
    given: BTreeMap<Item, Duration>,
}

impl Unknown {
    /// How long until the item's turn. `None`: it is its turn.
    fn wait(&mut self, item: &Item, now: Duration) -> Option<Duration> {
        if let Some(turn) = self.given.get(item).copied() {
            if turn <= now {
                self.given.remove(item);
            }
            return turn.checked_sub(now).filter(|wait| !wait.is_zero());
        }
        drop_old(&mut self.turns, now);
        let before = self.turns.len().checked_sub(self.per_minute).and_then(|index| self.turns.get(index));
        let turn = before.map_or(now, |before| *before + MINUTE);
        self.turns.push_back(turn);
        if turn > now {
            self.given.insert(item.clone(), turn);
        }
        turn.checked_sub(now).filter(|wait| !wait.is_zero())
    }

    /// Of what was never claimed again, that is another's work.
    fn drop_lost(&mut self, now: Duration) {
        self.given.retain(|_, turn| *turn + LONGEST_PUT_BACK > now);
    }
}

fn drop_old(looks: &mut VecDeque<Duration>, now: Duration) {
    while looks.front().is_some_and(|look| now.saturating_sub(*look) >= MINUTE) {
        looks.pop_front();
    }
}
