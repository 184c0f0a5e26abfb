//! How long ago the last look at a contract may have been.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::contract_filter::ContractFilter;

/// How long ago the last look at a contract began, as a person asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Age {
    /// Within the last hour.
    WithinHour,
    /// Within the last 24 hours.
    WithinDay,
    /// Within the last 7 days.
    WithinWeek,
    /// More than 24 hours ago.
    BeforeDay,
    /// More than 7 days ago.
    BeforeWeek,
    /// More than 30 days ago.
    BeforeMonth,
}

impl Age {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::WithinHour,
        Self::WithinDay,
        Self::WithinWeek,
        Self::BeforeDay,
        Self::BeforeWeek,
        Self::BeforeMonth,
    ];

    /// The name, as in an address and behind an option: `within-24h`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WithinHour => "within-1h",
            Self::WithinDay => "within-24h",
            Self::WithinWeek => "within-7d",
            Self::BeforeDay => "before-24h",
            Self::BeforeWeek => "before-7d",
            Self::BeforeMonth => "before-30d",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.as_str() == name)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ContractFilter {
    /// The same, and last looked at so long before `now`.
    ///
    /// ```
    /// use smartsync::store::{Age, ContractFilter};
    ///
    /// let now = "2031-03-08T09:00:00Z".parse()?;
    /// let week = "2031-03-01T09:00:00Z".parse()?;
    /// assert_eq!(ContractFilter::new().age(Age::BeforeWeek, now), ContractFilter::new().looked_before(week));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn age(self, age: Age, now: Timestamp) -> Self {
        let ago = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
        match age {
            Age::WithinHour => self.looked_from(ago(1)),
            Age::WithinDay => self.looked_from(ago(24)),
            Age::WithinWeek => self.looked_from(ago(7 * 24)),
            Age::BeforeDay => self.looked_before(ago(24)),
            Age::BeforeWeek => self.looked_before(ago(7 * 24)),
            Age::BeforeMonth => self.looked_before(ago(30 * 24)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_age_says_on_which_side_of_which_time_the_look_was() {
        let now: Timestamp = "2031-03-31T09:00:00Z".parse().unwrap();
        for age in Age::ALL {
            let (side, span) = age.as_str().split_once('-').unwrap();
            let (number, unit) = span.split_at(span.len() - 1);
            let hours = number.parse::<i64>().unwrap() * if unit == "d" { 24 } else { 1 };
            let limit = now.checked_sub(SignedDuration::from_hours(hours)).unwrap();
            let expected = match side {
                "within" => ContractFilter::new().looked_from(limit),
                _ => ContractFilter::new().looked_before(limit),
            };
            assert_eq!(ContractFilter::new().age(age, now), expected, "{age}");
            assert_eq!(Age::named(age.as_str()), Some(age));
        }
        assert_eq!(Age::named("ever"), None);
    }
}
