//! A small picture of what was counted, with the same in words beside it.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::{
    store::{Tallied, Tallies},
    words::Words,
};

/// Height of the picture, and width of a step, in its own units.
const HEIGHT: u64 = 60;
const STEP: usize = 10;

/// Over which time something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Month,
}

impl Period {
    /// As an address has it.
    pub(super) fn named(name: Option<&str>) -> Self {
        if name == Some("30d") { Self::Month } else { Self::Day }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Month => "30d",
        }
    }

    /// How many hours a step has, and how many steps there are.
    pub(super) fn hours_and_steps(self) -> (u32, u32) {
        match self {
            Self::Day => (1, 24),
            Self::Month => (24, 30),
        }
    }

    fn said(self, words: &Words) -> &'static str {
        match self {
            Self::Day => words.chart.steps_of_day,
            Self::Month => words.chart.steps_of_month,
        }
    }

    fn label(self, at: Timestamp) -> String {
        match self {
            Self::Day => at.strftime("%H:%M").to_string(),
            Self::Month => at.strftime("%m-%d").to_string(),
        }
    }
}

/// A stack of bars per step, one path per series.
pub(super) struct Chart {
    pub(super) title: &'static str,
    /// What the picture shows, for who does not see it.
    pub(super) alternative: String,
    pub(super) width: usize,
    pub(super) height: u64,
    pub(super) paths: Vec<String>,
    /// Of each series its name and its number.
    pub(super) legend: Vec<(&'static str, u64)>,
    pub(super) most: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) is_empty: bool,
}

impl Chart {
    pub(super) fn new(
        words: &Words,
        title: &'static str,
        period: Period,
        steps: &[Tallies],
        series: &[Tallied],
    ) -> Self {
        let most = steps.iter().map(|step| step.all(series)).max().unwrap_or_default();
        let mut paths = vec![String::new(); series.len()];
        for (position, step) in steps.iter().enumerate() {
            let mut below: u64 = 0;
            for (what, path) in series.iter().zip(&mut paths) {
                let number = step.of(*what);
                let (from, to) = (scaled(below, most), scaled(below.saturating_add(number), most));
                below = below.saturating_add(number);
                // What is there is seen, however little it is.
                let height = (to - from).max(u64::from(number > 0));
                if height > 0 {
                    let (left, top) = (position * STEP, HEIGHT.saturating_sub(from + height));
                    // Writing into a text does not fail.
                    write!(path, "M{left} {top}h{}v{height}h-{0}z", STEP - 1).ok();
                }
            }
        }
        let legend: Vec<_> = series
            .iter()
            .map(|what| {
                let all = steps.iter().fold(0_u64, |all, step| all.saturating_add(step.of(*what)));
                ((words.chart.counted)(*what), all)
            })
            .collect();
        let said: Vec<String> = legend.iter().map(|(name, number)| format!("{name}: {number}")).collect();
        let label = |step: Option<&Tallies>| step.map(|step| period.label(step.from)).unwrap_or_default();
        Self {
            title,
            alternative: format!("{title}, {}. {}", period.said(words), said.join(", ")),
            width: steps.len() * STEP,
            height: HEIGHT,
            paths,
            legend,
            most: (words.chart.most)(most),
            from: label(steps.first()),
            to: label(steps.last()),
            is_empty: most == 0,
        }
    }
}

fn scaled(number: u64, most: u64) -> u64 {
    if most == 0 {
        0
    } else {
        u64::try_from(u128::from(number) * u128::from(HEIGHT) / u128::from(most)).unwrap_or(HEIGHT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::WORDS;

    #[test]
    fn a_step_is_a_stack_and_the_highest_has_the_whole_height() {
        let mut steps: Vec<Tallies> = (0..24)
            .map(|hour| Tallies::empty(Timestamp::from_second(1_930_003_200 + hour * 3_600).unwrap()))
            .collect();
        steps[0].counts.extend([(Tallied::LookWrote, 1), (Tallied::LookFailed, 1)]);
        steps[23].counts.extend([(Tallied::LookWrote, 9_999)]);
        let chart = Chart::new(WORDS, "Looks", Period::Day, &steps, &Tallied::LOOKS);
        assert_eq!(chart.paths[0], "M0 59h9v1h-9zM230 0h9v60h-9z");
        assert_eq!(chart.paths[3], "M0 59h9v1h-9z");
        assert_eq!((chart.paths[1].as_str(), chart.width), ("", 240));
        assert_eq!(chart.legend[0], ("wrote something", 10_000));
        assert!(
            chart
                .alternative
                .ends_with("wrote something: 10000, found nothing to do: 0, left something: 0, failed: 1")
        );
        let huge = Chart::new(
            WORDS,
            "Looks",
            Period::Day,
            &{
                steps[5].counts.insert(Tallied::LookWrote, u64::MAX);
                steps
            },
            &Tallied::LOOKS,
        );
        assert_eq!(huge.paths[0].matches("v60").count(), 1);
    }
}
