//! Days, and the ways people write them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ValueError;

/// Which of day and month comes first where both could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum DateOrder {
    /// `31/12/2031`
    Dmy,
    /// `12/31/2031`
    Mdy,
}

/// Reads `2031-12-31`, `31/12/2031` or `31.12.2031`, with or without a time behind it. The time, and the offset with
/// it, is left off: turning it into another zone could shift the day.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Date, ValueError> {
    let day = match text.split_once(['T', 't', ' ']) {
        Some((day, time)) if is_time(time.trim_start()) => day,
        Some(_) => return Err(ValueError::Unreadable),
        None => text,
    };
    let separator = day.chars().find(|c| matches!(c, '-' | '/' | '.')).ok_or(ValueError::Unreadable)?;
    let parts: Vec<&str> = day.split(separator).collect();
    let &[first, second, third] = parts.as_slice() else {
        return Err(ValueError::Unreadable);
    };
    if first.len() == 4 {
        return date(first, second, third).ok_or(ValueError::Unreadable);
    }
    match (date(third, second, first), date(third, first, second), order) {
        (None, None, _) => Err(ValueError::Unreadable),
        (Some(only), None, _) | (None, Some(only), _) => Ok(only),
        (Some(day_first), Some(month_first), _) if day_first == month_first => Ok(day_first),
        (Some(day_first), _, Some(DateOrder::Dmy)) => Ok(day_first),
        (_, Some(month_first), Some(DateOrder::Mdy)) => Ok(month_first),
        (Some(_), Some(_), None) => Err(ValueError::AmbiguousDate),
    }
}

/// Only four digits are a year: `31/12/31` could be 1931.
fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())?
    };
    let (month, day) = (number(month, 1..=2)?, number(day, 1..=2)?);
    Date::new(number(year, 4..=4)?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `23:59`, `23:59:59.000+01:00`, `23:59:59 +0100`: looks like a time, so the text is a date and nothing else.
fn is_time(text: &str) -> bool {
    let usual = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | ' ');
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':') && text.chars().all(usual)
}
