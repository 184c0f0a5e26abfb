//! Days, and the ways people write them.

use std::ops::RangeInclusive;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::{fold, month, value_error::ValueError};

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

/// The years of the days that people put into contracts: births, employments, deadlines. Any other is a slip of the pen, such
/// as `0031` for `2031`.
const YEARS: RangeInclusive<i16> = 1900..=2199;

/// Reads a day as [`read`] does, in a year that people write contracts about.
pub(super) fn read_plausible(text: &str, order: Option<DateOrder>) -> Result<Date, ValueError> {
    let read_as = |order| match read(text, order) {
        Ok(date) if !YEARS.contains(&date.year()) => Err(ValueError::ImplausibleDate),
        read => read,
    };
    match read_as(order) {
        // Both readings are in the same year, which would be no help to choose between.
        Err(ValueError::AmbiguousDate) => read_as(Some(DateOrder::Dmy)).and(Err(ValueError::AmbiguousDate)),
        read => read,
    }
}

/// Reads `2031-12-31`, `31/12/2031` or `31.12.2031`, with or without a time behind it, and `31 December 2031`. The
/// time, and the offset with it, is left off: turning it into another zone could shift the day.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Date, ValueError> {
    let text = fold::width(text);
    match in_digits(&text, order) {
        Err(ValueError::Unreadable) => in_words(&text).ok_or(ValueError::Unreadable),
        read => read,
    }
}

fn in_digits(text: &str, order: Option<DateOrder>) -> Result<Date, ValueError> {
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

/// `31 December 2031`, `December 31st, 2031`, `den 31 december 2031`, `31 de diciembre de 2031`: the month by its full
/// name, so that each part can be nothing else.
fn in_words(text: &str) -> Option<Date> {
    let text = text.to_lowercase();
    let is_filler = |word: &&str| matches!(*word, "" | "the" | "of" | "den" | "de" | "le");
    let words: Vec<&str> = text.split([' ', ',', '.']).filter(|word| !is_filler(word)).collect();
    let &[first, second, third] = words.as_slice() else {
        return None;
    };
    let (month, others) = match (month::number(first), month::number(second)) {
        (Some(month), None) => (month, [second, third]),
        (None, Some(month)) => (month, [first, third]),
        _ => return None,
    };
    let [day, year] = others.map(without_ordinal);
    let [day, year] = if day.len() == 4 { [year, day] } else { [day, year] };
    date(year, &month.to_string(), day)
}

/// `31st` and `1er` without their endings.
fn without_ordinal(day: &str) -> &str {
    ["st", "nd", "rd", "th", "er"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day)
}

/// Only four digits are a year: `31/12/31` could be 1931.
fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str, digits: RangeInclusive<usize>| {
        (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())?
    };
    let (month, day) = (number(month, 1..=2)?, number(day, 1..=2)?);
    Date::new(number(year, 4..=4)?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `23:59`, `23:59:59.000+01:00`, `23:59:59 +0100`, `11:59 PM`: one time of day and nothing else, so the text is a date.
fn is_time(text: &str) -> bool {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let is_clock = time.contains(':') && time.parse::<Time>().is_ok();
    is_clock && is_zone(zone.trim_start())
}

/// Nothing, `Z`, `UTC`, an offset such as `+0100`, or the half of the day.
fn is_zone(text: &str) -> bool {
    let is_name = ["", "Z", "UTC", "GMT", "AM", "PM"].iter().any(|name| text.eq_ignore_ascii_case(name));
    let is_offset = text.strip_prefix(['+', '-']).is_some_and(|offset| {
        let digits = offset.replacen(':', "", 1);
        matches!(digits.len(), 2 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_name || is_offset
}
