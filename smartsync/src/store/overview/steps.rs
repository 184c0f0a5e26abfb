//! Steps of time, each of so many hours.

use std::iter::successors;

use jiff::Timestamp;

use super::tallied::{Tallied, Tallies};

const SECONDS: i64 = 60 * 60;

/// So long is kept what was counted: a month, and some days.
pub(in crate::store) const KEPT_HOURS: u32 = 35 * 24;

/// The hour of a time, counted from 1970.
pub(in crate::store) fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS)
}

/// Steps of time up to a time.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Steps {
    /// The first hour.
    pub(in crate::store) first: i64,
    /// The hour behind the last.
    pub(in crate::store) end: i64,
    /// How many each step has.
    pub(in crate::store) hours: i64,
}

impl Steps {
    /// So many steps of so many hours, at least one of one and no more than are kept, the last of which ends with the hour of this time.
    pub(in crate::store) fn until(now: Timestamp, hours: u32, steps: u32) -> Self {
        let (hours, steps) = (hours.clamp(1, KEPT_HOURS).into(), i64::from(steps.clamp(1, KEPT_HOURS)));
        let end = hour(now) + 1;
        Self { first: end - hours * steps, end, hours }
    }

    /// All of them, with what was counted: number of the step, name and count. Names that this version does not know are left out.
    pub(in crate::store) fn filled(&self, rows: Vec<(i64, String, i64)>) -> Vec<Tallies> {
        let begin =
            |hour: i64| Timestamp::from_second(hour.saturating_mul(SECONDS)).unwrap_or(Timestamp::MIN);
        let hours = successors(Some(self.first), |hour| Some(hour + self.hours));
        let mut steps: Vec<_> =
            hours.take_while(|hour| *hour < self.end).map(|hour| Tallies::empty(begin(hour))).collect();
        for (step, name, count) in rows {
            let step = usize::try_from(step).ok().and_then(|step| steps.get_mut(step));
            if let (Some(step), Some(what)) = (step, Tallied::named(&name)) {
                step.counts.insert(what, u64::try_from(count).unwrap_or_default());
            }
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_ends_with_the_hour_of_now_and_each_begins_where_the_one_before_ends() {
        let now: Timestamp = "2031-03-02T09:30:00Z".parse().unwrap();
        let steps = Steps::until(now, 24, 2);
        let filled = steps.filled(vec![
            (1, "look-wrote".to_owned(), 3),
            (1, "of a later version".to_owned(), 4),
            (7, "look-wrote".to_owned(), 5),
        ]);
        let begins: Vec<String> = filled.iter().map(|step| step.from.to_string()).collect();
        assert_eq!(begins, ["2031-02-28T10:00:00Z", "2031-03-01T10:00:00Z"]);
        assert_eq!((filled[0].of(Tallied::LookWrote), filled[1].all(&Tallied::LOOKS)), (0, 3));
        assert_eq!(filled[1].counts.len(), 1);
        let one = Steps::until(now, 0, 0).filled(Vec::new());
        assert_eq!(one, [Tallies::empty("2031-03-02T09:00:00Z".parse().unwrap())]);
    }
}
