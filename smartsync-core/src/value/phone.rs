//! Telephone numbers.

use std::fmt;

use super::{country::Country, fold, numbering_plan, text, value_error::ValueError};

/// A telephone number: as it was written, and as it is compared. `Debug` prints neither.
///
/// A number with `+`, and any number whose country is declared, is compared in its international form (E.164). Without
/// a country a national number is compared as it is dialled, and equals no international one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use smartsync_core::value::PhoneNumber;
///
/// let number = PhoneNumber::read("070-123 45 67", Some("SE".parse()?))?;
/// assert_eq!(number.e164(), Some("+46701234567"));
/// assert_eq!(number.as_written(), "070-123 45 67");
/// assert_eq!(PhoneNumber::read("070-123 45 67", None)?.e164(), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PhoneNumber {
    written: String,
    normal: String,
    is_e164: bool,
}

/// The fewest digits of a number that is dialled within a country we do not know.
const FEWEST_DIGITS: usize = 3;
/// The most digits of a number, by E.164.
const MOST_DIGITS: usize = 15;
/// The most digits of an extension.
const MOST_EXTENSION_DIGITS: usize = 10;

impl PhoneNumber {
    /// Reads a number with `+` or `00` in front, or as it is dialled in `country`.
    ///
    /// # Errors
    ///
    /// [`ValueError::Unreadable`] when the text is no number, or none that the country's numbering plan has.
    pub fn read(text: &str, country: Option<Country>) -> Result<Self, ValueError> {
        let written = text::trim(text);
        let plain = fold::width(written);
        let (number, extension) = split_extension(&plain).ok_or(ValueError::Unreadable)?;
        let dialled = dialled(number).filter(|dialled| dialled.contains(|c| matches!(c, '1'..='9')));
        let dialled = dialled.ok_or(ValueError::Unreadable)?;
        let dialled = numbering_plan::without_inserts(&dialled, country).into_owned();
        let international = match country {
            Some(country) => phonelib::PhoneNumber::parse_with_country(&dialled, country.as_str()),
            // Without a mark the library would take some digits for a number of North America.
            None if dialled.starts_with('+') || dialled.starts_with("00") => {
                phonelib::PhoneNumber::parse(&dialled)
            }
            None => None,
        };
        let is_national = country.is_none() && !dialled.starts_with('+');
        let mut normal = match &international {
            Some(number) => {
                numbering_plan::of_today(number.e164()).ok_or(ValueError::Unreadable)?.into_owned()
            }
            None if is_national && (FEWEST_DIGITS..=MOST_DIGITS).contains(&dialled.len()) => dialled,
            None => return Err(ValueError::Unreadable),
        };
        if let Some(extension) = extension {
            normal.push_str(";ext=");
            normal.push_str(extension);
        }
        let is_e164 = international.is_some() && extension.is_none();
        Ok(Self { written: written.to_owned(), normal, is_e164 })
    }

    /// A number on a candidate's card, where any text may stand: what is no number equals only itself.
    pub(super) fn from_card(text: &str, country: Option<Country>) -> Self {
        Self::read(text, country).unwrap_or_else(|_| Self {
            written: text.to_owned(),
            normal: text.split_whitespace().collect::<Vec<_>>().join(" "),
            is_e164: false,
        })
    }

    /// The number as it was written: `070-123 45 67`.
    #[must_use]
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The international form, `+46701234567`, if the number has no extension and its country is known.
    #[must_use]
    pub fn e164(&self) -> Option<&str> {
        self.is_e164.then_some(self.normal.as_str())
    }

    pub(super) fn normal(&self) -> &str {
        &self.normal
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(_)")
    }
}

/// The number, and the digits of the extension behind `ext.` or `x`. Letters are nothing else: `1-800-FLOWERS` would
/// have to be guessed, and so would a second number behind a comma.
fn split_extension(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(start) = text.find(char::is_alphabetic) else {
        return Some((text, None));
    };
    let (number, rest) = text.split_at(start);
    let (word, digits) = rest.split_at(rest.find(|c: char| !c.is_alphabetic())?);
    let is_marker = ["ext", "extn", "extension", "x"].iter().any(|marker| word.eq_ignore_ascii_case(marker));
    let digits = digits.trim_start_matches(['.', ':', ' ']);
    let is_number = (1..=MOST_EXTENSION_DIGITS).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_marker && is_number).then_some((number, Some(digits)))
}

/// Digits, with `+` in front if it was there: the usual punctuation left off, anything else refused.
fn dialled(text: &str) -> Option<String> {
    let mut dialled = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => dialled.push(c),
            '+' if dialled.is_empty() => dialled.push(c),
            ' ' | '-' | '(' | ')' | '.' | '/' => {}
            _ => return None,
        }
    }
    Some(dialled)
}
