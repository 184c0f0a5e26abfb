//! Telephone numbers that are written in more than one way, by the numbering plans of a few countries.

use std::borrow::Cow;

use super::country::Country;

/// The number as the library reads it: without the digits that some plans put in between, or had before they were changed.
///
/// * Mexico, since 2019: `+52 1`, `01`, `044` and `045` are no longer dialled before the ten digits.
/// * Argentina: a mobile number is dialled with `15` behind the area code within the country, and with `9` before it from abroad.
/// * Lithuania: the trunk prefix `8` within an international number.
pub(super) fn without_inserts(dialled: &str, country: Option<Country>) -> Cow<'_, str> {
    let international = dialled.strip_prefix('+').or_else(|| dialled.strip_prefix("00"));
    let national = |code: &str, name: &str| match international {
        Some(digits) => digits.strip_prefix(code),
        None => country.filter(|country| country.as_str() == name).map(|_| dialled),
    };
    let rewritten = if let Some(digits) = national("52", "MX") {
        mexican(digits).map(|digits| format!("+52{digits}"))
    } else if let Some(digits) = national("54", "AR") {
        argentine(digits).map(|digits| format!("+54{digits}"))
    } else if let Some(digits) = national("370", "LT") {
        digits.strip_prefix('8').filter(|rest| rest.len() == 8).map(|digits| format!("+370{digits}"))
    } else {
        None
    };
    rewritten.map_or(Cow::Borrowed(dialled), Cow::Owned)
}

fn mexican(digits: &str) -> Option<&str> {
    let prefixes = ["1", "01", "044", "045", "521"];
    prefixes.iter().filter_map(|prefix| digits.strip_prefix(prefix)).find(|rest| rest.len() == 10)
}

/// `9`, area code and number of a mobile number that is written with `15` behind its area code.
fn argentine(digits: &str) -> Option<String> {
    let digits = digits.strip_prefix('0').unwrap_or(digits);
    let digits = digits.strip_prefix('9').unwrap_or(digits);
    let area_codes = match digits.as_bytes() {
        [b'1', b'1', ..] => 2..=2,
        [b'2' | b'3', ..] => 3..=4,
        _ => return None,
    };
    // No two places can hold the `15`, as they are next to each other.
    let (area, number) =
        area_codes.filter_map(|at| digits.split_at_checked(at)).find(|(_, rest)| rest.starts_with("15"))?;
    (digits.len() == 12).then(|| format!("9{area}{}", &number[2..]))
}

/// The international form of today, from one that the library lets pass; `None` if the area code is missing, without which
/// nobody can call.
///
/// * Brazil, since 2016: a `9` before mobile numbers of eight digits.
/// * Colombia, since 2021: `60` before the area codes of fixed lines.
/// * Benin, since 2024: `01` before all numbers of eight digits.
pub(super) fn of_today(e164: &str) -> Option<Cow<'_, str>> {
    let of = |code| e164.strip_prefix(code);
    if let Some(digits) = of("+55") {
        return match (digits.len(), digits.as_bytes().get(2)) {
            (10, Some(b'6' | b'8' | b'9')) => {
                let (area, number) = digits.split_at(2);
                Some(Cow::Owned(format!("+55{area}9{number}")))
            }
            (8, _) if !digits.starts_with("300") && !digits.starts_with("400") => None,
            (9, _) => None,
            _ => Some(Cow::Borrowed(e164)),
        };
    }
    if let Some(digits) = of("+57").filter(|digits| digits.len() == 8) {
        return Some(Cow::Owned(format!("+5760{digits}")));
    }
    if let Some(digits) = of("+229").filter(|digits| digits.len() == 8) {
        return Some(Cow::Owned(format!("+22901{digits}")));
    }
    // `15` is no area code of Argentina: it marks a mobile number whose area code was left out.
    if of("+5415").is_some() { None } else { Some(Cow::Borrowed(e164)) }
}
