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

    /// How long the item has to wait, since it was looked at as often as it may be in a minute, or what only notifications speak of was. `None`:
    /// the look begins.
    pub(super) fn wait(&mut self, claim: &Claim, now: Duration) -> Option<Duration> {
        if let Some(wait) = self.wait_of_item(claim, now) {
            return Some(wait);
        }
        if claim.is_known {
            self.unknown.give_back(&claim.item);
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

    /// How long nothing that is looked at last is looked at: one a second, and only while what only notifications speak of has turns left, of which
    /// it takes none ahead. Asked again in a second at most.
    pub(super) fn pause_of_last(&self, now: Duration) -> Duration {
        let since = self.last.map(|last| now.saturating_sub(last));
        let pause = since.map_or(Duration::ZERO, |since| LAST_LOOK_INTERVAL.saturating_sub(since));
        pause.max(self.unknown.pause(now).min(LAST_LOOK_INTERVAL))
    }
}

/// What only notifications speak of has turns, so many in a minute. What finds none free is given one of its own later: it is put back once, not
/// again and again in front of what is known.
#[derive(Debug, Default)]
struct Unknown {
    per_minute: usize,
    /// The turns of the last minute, and those to come, in their order.
    turns: VecDeque<Duration>,
    /// Whose those to come are.
    given: BTreeMap<Item, Duration>,
    /// When the looks of the last minute began: some of them later than their turn was.
    begun: VecDeque<Duration>,
}

impl Unknown {
    /// How long until the item's turn. `None`: it is its turn, and its look begins.
    fn wait(&mut self, item: &Item, now: Duration) -> Option<Duration> {
        let turn = match self.given.get(item) {
            Some(turn) => *turn,
            None => self.take_turn(now),
        };
        drop_old(&mut self.begun, now);
        // Looks that begin after their turn may meet those of the next minute.
        let turn = turn.max(free_from(&self.begun, self.per_minute));
        if turn > now {
            self.given.insert(item.clone(), turn);
            return Some(turn - now);
        }
        self.given.remove(item);
        self.begun.push_back(now);
        None
    }

    /// How long until a turn is free that is nobody's.
    fn pause(&self, now: Duration) -> Duration {
        let free = free_from(&self.turns, self.per_minute).max(free_from(&self.begun, self.per_minute));
        free.saturating_sub(now)
    }

    /// The first turn that is nobody's.
    fn take_turn(&mut self, now: Duration) -> Duration {
        drop_old(&mut self.turns, now);
        let turn = free_from(&self.turns, self.per_minute).max(now);
        let place = self.turns.partition_point(|other| *other <= turn);
        self.turns.insert(place, turn);
        turn
    }

    /// The item needs no turn any more: it has become known.
    fn give_back(&mut self, item: &Item) {
        if let Some(turn) = self.given.remove(item)
            && let Ok(place) = self.turns.binary_search(&turn)
        {
            self.turns.remove(place);
        }
    }

    /// Of what was never claimed again, that is another's work.
    fn drop_lost(&mut self, now: Duration) {
        self.given.retain(|_, turn| *turn + LONGEST_PUT_BACK > now);
    }
}

/// From when on one more is within so many a minute, after these, which are in their order.
fn free_from(looks: &VecDeque<Duration>, per_minute: usize) -> Duration {
    let before = looks.len().checked_sub(per_minute).and_then(|index| looks.get(index));
    before.map_or(Duration::ZERO, |before| *before + MINUTE)
}

fn drop_old(looks: &mut VecDeque<Duration>, now: Duration) {
    while looks.front().is_some_and(|look| now.saturating_sub(*look) >= MINUTE) {
        looks.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use oneflow_client::ContractId;

    use super::*;

    fn claim(number: i64, is_known: bool) -> Claim {
        Claim {
            item: ContractId::new(number).into(),
            trigger: Trigger::Notification,
            generation: 1,
            mark: None,
            attempts: 0,
            faults: 0,
            early_of: None,
            is_known,
            created: false,
        }
    }

    /// One look a minute at what nobody knows, whose first begins at once: how long this one has to wait, by what is known of it and when it is asked for.
    fn waits(asked: &[(i64, bool, u64)]) -> Vec<Option<u64>> {
        let mut pace = Pace::new(WorkLimits { unknown_per_minute: 1, ..WorkLimits::default() });
        let mut wait = |(number, is_known, at): &(i64, bool, u64)| {
            pace.wait(&claim(*number, *is_known), Duration::from_secs(*at)).map(|wait| wait.as_secs())
        };
        asked.iter().map(&mut wait).collect()
    }

    #[test]
    fn what_has_become_known_leaves_its_turn_to_others() {
        let asked = [(1, false, 0), (2, false, 1), (2, true, 2), (3, false, 3), (4, false, 4)];
        assert_eq!(waits(&asked), [None, Some(59), None, Some(57), Some(116)]);
    }

    #[test]
    fn a_look_that_begins_after_its_turn_counts_from_then() {
        let asked =
            [(1, false, 0), (2, false, 1), (3, false, 2), (2, false, 100), (3, false, 120), (3, false, 160)];
        assert_eq!(waits(&asked), [None, Some(59), Some(118), None, Some(40), None]);
    }

    #[test]
    fn what_is_looked_at_last_takes_no_turn_ahead() {
        let mut pace = Pace::new(WorkLimits { unknown_per_minute: 2, ..WorkLimits::default() });
        for (at, expected) in [(0, 0), (2, 0), (4, 1000), (59, 1000), (60, 0)] {
            let now = Duration::from_secs(at);
            let pause = pace.pause_of_last(now);
            assert_eq!(pause, Duration::from_millis(expected), "at {at}");
            if pause.is_zero() {
                let copy = claim(at.cast_signed(), false);
                assert_eq!(pace.wait(&copy, now), None);
                pace.begins(&copy, true, now);
            }
        }
    }
}
