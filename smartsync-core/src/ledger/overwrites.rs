//! How many values of cards were overwritten or cleared in the last hour.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60;
/// What was overwritten within a minute counts until all of that minute is an hour old.
const COUNTS: i64 = 61;

/// How many values of cards were overwritten or cleared, by minute. It names no person and no field, and drops
/// minutes that are older than the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Overwrites {
    /// By the number of the minute since 1970.
    pub minutes: BTreeMap<i64, u32>,
}

/// What became of a change to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a change is applied or is not")]
pub enum Updated {
    /// It was applied, or there was nothing to apply it to.
    Done,
    /// Nothing was changed: more would be overwritten in the hour than is allowed.
    LimitReached {
        /// How many more may be overwritten now.
        room: u32,
        /// When more is allowed.
        until: Timestamp,
    },
}

/// Values that are about to be overwritten, and how many may be in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) count: u32,
    pub(crate) at: Timestamp,
    /// `None`: they are counted, whatever their number.
    pub(crate) limit: Option<u32>,
}

impl Overwrites {
    /// How many count at this time.
    #[must_use]
    pub fn in_the_hour_before(&self, now: Timestamp) -> u32 {
        let oldest = minute_of(now) - COUNTS;
        sum(self.minutes.iter().filter(|(minute, _)| **minute > oldest).map(|(_, count)| *count))
    }

    /// Reserves overwrites, if the limit allows all of them.
    pub(crate) fn take(&mut self, places: Places) -> Updated {
        let now = minute_of(places.at);
        self.put_right(now);
        let taken = sum(self.minutes.values().copied());
        if let Some(limit) = places.limit
            && taken.saturating_add(places.count) > limit
        {
            return Updated::LimitReached {
                room: limit.saturating_sub(taken),
                until: self.has_more_room(limit, now),
            };
        }
        let minute = self.minutes.entry(now).or_default();
        *minute = minute.saturating_add(places.count);
        Updated::Done
    }

    /// Nothing was overwritten after all.
    pub(crate) fn give_back(&mut self, places: Places) {
        if let Some(count) = self.minutes.get_mut(&minute_of(places.at)) {
            *count = count.saturating_sub(places.count);
        }
        self.minutes.retain(|_, count| *count > 0);
    }

    /// Drops what no longer counts. What was recorded by a clock that has been set back since counts from now on: it must
    /// neither be lost nor count until that time comes again.
    fn put_right(&mut self, now: i64) {
        let ahead = self.minutes.split_off(&(now + 1));
        self.minutes.retain(|minute, count| *minute > now - COUNTS && *count > 0);
        let ahead = sum(ahead.into_values());
        if ahead > 0 {
            let minute = self.minutes.entry(now).or_default();
            *minute = minute.saturating_add(ahead);
        }
    }

    /// The end of the oldest minutes without which the limit allows more than now.
    fn has_more_room(&self, limit: u32, now: i64) -> Timestamp {
        let mut left = sum(self.minutes.values().copied());
        for (minute, count) in &self.minutes {
            left = left.saturating_sub(*count);
            if left < limit {
                return start_of(minute + COUNTS);
            }
        }
        // Nothing may be overwritten at all, or not so much at once.
        start_of(now + COUNTS)
    }
}

fn minute_of(time: Timestamp) -> i64 {
    time.as_second().div_euclid(MINUTE)
}

fn start_of(minute: i64) -> Timestamp {
    Timestamp::from_second(minute.saturating_mul(MINUTE)).unwrap_or(Timestamp::MAX)
}

fn sum(counts: impl Iterator<Item = u32>) -> u32 {
    counts.fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2031-02-03T{time}Z").parse().unwrap()
    }

    fn places(count: u32, time: &str) -> Places {
        Places { count, at: at(time), limit: Some(5) }
    }

    fn reached(room: u32, until: &str) -> Updated {
        Updated::LimitReached { room, until: at(until) }
    }

    #[test]
    fn an_hour_slides_and_a_place_is_free_once_all_of_its_minute_is_an_hour_old() {
        let mut overwrites = Overwrites::default();
        for (count, time, expected) in [
            (3, "12:00:59", Updated::Done),
            (2, "12:30:00", Updated::Done),
            (1, "12:30:01", reached(0, "13:01:00")),
            (1, "13:00:59", reached(0, "13:01:00")),
            (4, "13:01:00", reached(3, "13:31:00")),
            (3, "13:01:00", Updated::Done),
            (1, "13:30:59", reached(0, "13:31:00")),
            (2, "13:31:00", Updated::Done),
        ] {
            assert_eq!(overwrites.take(places(count, time)), expected, "{count} at {time}");
        }
        assert_eq!(overwrites.in_the_hour_before(at("13:31:00")), 5);
        assert_eq!(overwrites.minutes.len(), 2, "nothing older is kept");
    }

    #[test]
    fn more_at_once_than_is_ever_allowed_and_a_limit_of_none_never_fit() {
        let mut overwrites = Overwrites::default();
        assert_eq!(overwrites.take(places(6, "12:00:00")), reached(5, "13:01:00"));
        let none = Places { limit: Some(0), ..places(1, "12:00:00") };
        assert_eq!(overwrites.take(none), reached(0, "13:01:00"));
        let any = Places { limit: None, ..places(900, "12:00:00") };
        assert_eq!(overwrites.take(any), Updated::Done);
        assert_eq!(overwrites.take(places(1, "12:00:00")), reached(0, "13:01:00"), "they count all the same");
    }

    #[test]
    fn a_clock_that_was_set_back_neither_frees_a_place_nor_keeps_it_for_a_day() {
        let mut overwrites = Overwrites::default();
        assert_eq!(overwrites.take(places(5, "23:00:00")), Updated::Done);
        assert_eq!(overwrites.take(places(1, "12:00:00")), reached(0, "13:01:00"));
        assert_eq!(overwrites.take(places(1, "12:59:59")), reached(0, "13:01:00"));
        assert_eq!(overwrites.take(places(5, "13:01:00")), Updated::Done);
    }

    #[test]
    fn a_place_is_given_back_once_and_to_its_own_minute() {
        let mut overwrites = Overwrites::default();
        assert_eq!(overwrites.take(places(2, "12:00:00")), Updated::Done);
        assert_eq!(overwrites.take(places(3, "12:10:00")), Updated::Done);
        overwrites.give_back(places(3, "12:10:00"));
        assert_eq!(overwrites.in_the_hour_before(at("12:10:00")), 2);
        overwrites.give_back(places(3, "12:10:00"));
        overwrites.give_back(places(1, "11:00:00"));
        assert_eq!(overwrites.in_the_hour_before(at("12:10:00")), 2);
    }
}
