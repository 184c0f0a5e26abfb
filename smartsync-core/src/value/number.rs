//! Exact decimal numbers, and the ways people write them.

use std::fmt;

use serde_json::Number;

use super::{currency, fold, locale::DecimalMark, locale::Locale, value_error::ValueError};

/// A decimal number as text in normal form: no exponent, no leading and no trailing zeros, `-0` is `0`.
#[derive(Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// The normal form: `-1234.5`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads what a person wrote: a number with either decimal mark, with groups of thousands, with a currency. The
    /// locale decides between two readings.
    pub(super) fn read(text: &str, locale: &Locale) -> Result<Self, ValueError> {
        let number = currency::number_in(&fold::width(text), locale.currency)?;
        Self::parse(&number, locale.decimal)
    }

    /// How many digits it has.
    pub(super) fn digits(&self) -> usize {
        self.0.bytes().filter(u8::is_ascii_digit).count()
    }

    /// Reads what a machine wrote: `1.234` has one reading.
    pub(super) fn from_machine(text: &str) -> Result<Self, ValueError> {
        Self::parse(text, Some(DecimalMark::Point))
    }

    fn parse(text: &str, mark: Option<DecimalMark>) -> Result<Self, ValueError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let comma = reading(digits, DecimalMark::Comma);
        let point = reading(digits, DecimalMark::Point);
        let number = match (comma, point, mark) {
            (None, None, _) => return Err(ValueError::Unreadable),
            (Some(only), None, _) | (None, Some(only), _) => only,
            (Some(comma), Some(point), _) if comma == point => comma,
            (Some(comma), _, Some(DecimalMark::Comma)) => comma,
            (_, Some(point), Some(DecimalMark::Point)) => point,
            (Some(_), Some(_), None) => return Err(ValueError::AmbiguousNumber),
        };
        Ok(Self::normal(negative, number.whole.as_str(), number.fraction.as_str()))
    }

    fn normal(negative: bool, whole: &str, fraction: &str) -> Self {
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if whole.is_empty() && fraction.is_empty() {
            return Self("0".to_owned());
        }
        let sign = if negative { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Self(format!("{sign}{whole}{point}{fraction}"))
    }

    /// A JSON number. `f64` prints the shortest text that reads back as the same number, never an exponent.
    pub(super) fn from_json(number: &Number) -> Result<Self, ValueError> {
        let text = match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        };
        Self::from_machine(&text)
    }

    /// The number as JSON, if JSON keeps every digit.
    pub(super) fn to_json(&self) -> Result<Number, ValueError> {
        if let Ok(whole) = self.0.parse::<i64>() {
            return Ok(Number::from(whole));
        }
        let number = self.0.parse().ok().and_then(Number::from_f64).ok_or(ValueError::Lossy)?;
        if Self::from_json(&number)? == *self { Ok(number) } else { Err(ValueError::Lossy) }
    }

    /// The number with a decimal mark, by default a point. `1.234` would have two readings, so it becomes `1.2340`.
    pub(super) fn write(&self, mark: Option<DecimalMark>) -> String {
        let text = self.0.replace('.', &mark.unwrap_or(DecimalMark::Point).as_char().to_string());
        match Self::parse(&text, mark) {
            Err(ValueError::AmbiguousNumber) => text + "0",
            _ => text,
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decimal(_)")
    }
}

#[derive(PartialEq)]
struct Digits {
    whole: String,
    fraction: String,
}

/// The number, if `mark` is its decimal mark.
fn reading(text: &str, mark: DecimalMark) -> Option<Digits> {
    let (whole, fraction) = match text.split_once(mark.as_char()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_some_and(|fraction| !is_digits(fraction)) {
        return None;
    }
    let whole = match whole {
        "" if fraction.is_some() => String::new(),
        whole if is_digits(whole) => whole.to_owned(),
        whole => ungroup(whole, mark)?,
    };
    Some(Digits { whole, fraction: fraction.unwrap_or_default().to_owned() })
}

/// `1 234 567` without its group marks: one kind of mark, then always three digits. Indian groups (`12,34,567`) are
/// refused: a mistyped number looks the same.
fn ungroup(text: &str, decimal: DecimalMark) -> Option<String> {
    let group_mark = text.chars().find(|c| !c.is_ascii_digit())?;
    let is_group_mark =
        group_mark != decimal.as_char() && matches!(group_mark, ' ' | '.' | ',' | '\'' | '\u{2019}');
    let mut groups = text.split(group_mark);
    let first = groups.next()?;
    let first_fits = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    (is_group_mark && first_fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}
