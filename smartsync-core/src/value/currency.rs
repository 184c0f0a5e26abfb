//! Currencies, and the ways people write one beside an amount.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::value_error::ValueError;

/// A currency by its ISO 4217 code of three capital letters.
///
/// ```
/// use smartsync_core::value::Currency;
///
/// assert_eq!("SEK".parse::<Currency>().map(Currency::as_str), Ok("SEK"));
/// assert!("kr".parse::<Currency>().is_err(), "crowns of four countries");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(&'static str);

/// The codes of ISO 4217 that are money in use, sorted. Left out are those of funds and units of account (`CHE`, `CLF`, `XDR`), of
/// metals, of tests (`XTS`) and of no currency (`XXX`): no salary is paid in them. `BGN` ended with 2025; contracts still name it.
const CODES: [&str; 156] = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP",
    "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD",
    "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK",
    "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP",
    "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP",
    "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD",
    "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG",
    "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Codes that are words of a language as well. They count in capital letters only: `5 top` is no amount.
const ALSO_WORDS: [&str; 15] =
    ["ALL", "ARS", "BAM", "BOB", "BYN", "COP", "CUP", "GEL", "MAD", "MOP", "MUR", "NIO", "PEN", "SOS", "TOP"];

/// What else people write, in small letters. Some words stand for several currencies.
const WORDS: &[(&str, &[&str])] = &[
    ("AUD", &["$", "a$"]),
    ("BRL", &["r$"]),
    ("CAD", &["$", "c$"]),
    ("CHF", &["fr", "sfr"]),
    ("CNY", &["¥"]),
    ("CZK", &["kč"]),
    ("DKK", &["kr", "krone", "kroner"]),
    ("EUR", &["€", "euro", "euros"]),
    ("GBP", &["£"]),
    ("HKD", &["$", "hk$"]),
    ("HUF", &["ft"]),
    ("ILS", &["₪"]),
    ("INR", &["₹"]),
    ("ISK", &["kr"]),
    ("JPY", &["¥"]),
    ("KRW", &["₩"]),
    ("MXN", &["$"]),
    ("NOK", &["kr", "krone", "kroner"]),
    ("NZD", &["$", "nz$"]),
    ("PLN", &["zł"]),
    ("RON", &["lei"]),
    ("SEK", &["kr", "krona", "kronor"]),
    ("SGD", &["$", "s$"]),
    ("THB", &["฿"]),
    ("TRY", &["₺"]),
    ("UAH", &["₴"]),
    ("USD", &["$", "us$"]),
];

impl Currency {
    /// The code: `SEK`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A text that is no code of a currency that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a known currency code: write three capital letters, such as SEK")]
pub struct UnknownCurrency(String);

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = CODES.iter().find(|code| **code == text);
        found.map(|code| Self(code)).ok_or_else(|| UnknownCurrency(text.to_owned()))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The number in `SEK 42 000`, `-€5`, `kr 1.000,-` or `42`: without the currency, its sign in front.
pub(super) fn number_in(text: &str, declared: Option<Currency>) -> Result<String, ValueError> {
    let (mut sign, rest) = split_sign(text);
    let (before, mut rest) = split_word(rest);
    if !before.is_empty() {
        check(before, declared)?;
        if before.ends_with(char::is_alphabetic) {
            // `kr.` is an abbreviation, so its full stop is no decimal point.
            rest = rest.strip_prefix('.').unwrap_or(rest).trim_start();
        }
        rest = rest.trim_start();
        if sign.is_empty() {
            (sign, rest) = split_sign(rest);
        }
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(ValueError::Unreadable);
        }
    }
    if rest.starts_with(['+', '-']) {
        return Err(ValueError::Unreadable);
    }
    let end = rest.rfind(|c: char| c.is_ascii_digit()).ok_or(ValueError::Unreadable)? + 1;
    let (number, tail) = rest.split_at(end);
    let (decimals, tail) = split_dash(tail);
    let after = tail.trim_start();
    if !after.is_empty() {
        let word = after.strip_suffix('.').unwrap_or(after);
        if !before.is_empty() {
            return Err(ValueError::Unreadable);
        }
        check(word, declared)?;
    }
    Ok(format!("{sign}{number}{decimals}"))
}

fn split_sign(text: &str) -> (&'static str, &str) {
    if let Some(rest) = text.strip_prefix('-') {
        return ("-", rest);
    }
    ("", text.strip_prefix('+').unwrap_or(text))
}

/// What stands before the number, if anything does.
fn split_word(text: &str) -> (&str, &str) {
    let ends = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,+-".contains(c);
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

/// A dash in place of the decimals, `1 000,-` or `1 000:-`: the decimals it stands for, and what follows.
fn split_dash(tail: &str) -> (&'static str, &str) {
    for (mark, decimals) in [(',', ",00"), ('.', ".00"), (':', "")] {
        if let Some(rest) = tail.strip_prefix(mark).and_then(|rest| rest.strip_prefix(['-', '\u{2014}'])) {
            return (decimals, rest);
        }
    }
    ("", tail)
}

/// Whether the word is a currency, and could be the declared one.
fn check(word: &str, declared: Option<Currency>) -> Result<(), ValueError> {
    let small = word.to_lowercase();
    let is_code =
        |code: &&&str| **code == word || (code.eq_ignore_ascii_case(&small) && !ALSO_WORDS.contains(*code));
    let is_said = |(_, words): &&(&str, &[&str])| words.contains(&small.as_str());
    let by_word = WORDS.iter().filter(is_said).map(|(code, _)| code);
    let mut found = CODES.iter().filter(is_code).chain(by_word).peekable();
    if found.peek().is_none() {
        return Err(ValueError::Unreadable);
    }
    match declared {
        Some(declared) if !found.any(|code| *code == declared.0) => Err(ValueError::OtherCurrency),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_three_capital_letters_and_stands_there_once() {
        let is_code = |code: &&str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        assert!(CODES.iter().all(is_code));
        assert!(CODES.is_sorted_by(|one, next| one < next), "sorted, and none twice");
    }

    #[test]
    fn what_is_said_of_a_code_is_said_of_one_that_is_there() {
        let mut named = ALSO_WORDS.iter().chain(WORDS.iter().map(|(code, _)| code));
        assert!(named.all(|code| CODES.contains(code)));
        let mut words = WORDS.iter().flat_map(|(_, words)| *words);
        assert!(words.all(|word| word.to_lowercase() == **word));
    }

    #[test]
    fn funds_metals_and_codes_of_tests_are_no_currencies() {
        for code in ["CHE", "CHW", "CLF", "USN", "XAD", "XAU", "XDR", "XTS", "XXX"] {
            assert!(code.parse::<Currency>().is_err(), "{code}");
        }
    }
}
