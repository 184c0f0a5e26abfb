//! Values that are valid and could do harm on a card: to a page that takes them for its own markup, to a spreadsheet that
//! computes them, to an eye that takes them for another word.

use unicode_security::{MixedScript as _, confusable_detection::skeleton};
use url::Url;

use super::{FieldValue, fold, value_error::ValueError};

/// The host of the profiles that people link to.
const LINKEDIN: &str = "linkedin.com";

/// Why a person has to look at the value before it stands on a card, if so. Numbers, days and the options of a select hold
/// nothing that anybody could have typed.
pub(crate) fn harm(value: &FieldValue) -> Option<ValueError> {
    let (text, names_a_host) = match value {
        FieldValue::Text(text) => (text, false),
        FieldValue::Url(text) | FieldValue::Email(text) => (text, true),
        FieldValue::Number(_)
        | FieldValue::Date(_)
        | FieldValue::Checkbox(_)
        | FieldValue::Phone(_)
        | FieldValue::Choice(_)
        | FieldValue::Choices(_) => return None,
    };
    // Some programs take a sign of another width for the ordinary one, or drop what cannot be seen.
    let plain = fold::plain(text);
    let forms = [text.as_str(), &plain];
    if text.contains(turns_direction) {
        Some(ValueError::TurnedText)
    } else if forms.into_iter().any(has_markup) {
        Some(ValueError::Markup)
    } else if forms.into_iter().any(is_formula) {
        Some(ValueError::Formula)
    } else if text.split(is_break).any(|word| mixes_writings(word) || names_a_host && looks_latin(word)) {
        Some(ValueError::LookAlike)
    } else {
        None
    }
}

/// Whether the address is one of `linkedin.com`: the icon on a card says where it leads.
pub(crate) fn is_on_linkedin(address: &str) -> bool {
    let has_scheme = address.contains("://");
    let parsed = Url::parse(&if has_scheme { address.to_owned() } else { format!("https://{address}") });
    let host = parsed.as_ref().ok().and_then(Url::host_str).unwrap_or_default();
    host == LINKEDIN || host.strip_suffix(LINKEDIN).is_some_and(|rest| rest.ends_with('.'))
}

/// Characters that have what follows read the other way round: `gpj.exe` shows as `exe.jpg`.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a page takes for markup: a tag, its end, a comment, an instruction. `<3 years` is none.
fn has_markup(text: &str) -> bool {
    let begins_tag =
        |rest: &str| rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '!' | '?'));
    text.match_indices('<').any(|(at, sign)| begins_tag(&text[at + sign.len()..]))
}

/// What a spreadsheet computes, where the card is exported. `- see notes` and `+46` are none: a sign before a blank or a
/// digit begins a list, a number, a telephone number, unless what follows could reach beyond the cell.
fn is_formula(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some('=') => true,
        Some('+' | '-' | '@') => {
            let rest = characters.as_str();
            rest.starts_with(|c: char| c.is_alphabetic() || c == '(') || reaches_out(rest)
        }
        _ => false,
    }
}

/// Whether there is something of a formula that calls a function, another sheet or another program: `SUM(A1)`, `Sheet!A1`,
/// `cmd|'/C calc'!A0`. Nothing but letters in parentheses, as in `day(s)`, calls none.
fn reaches_out(text: &str) -> bool {
    let is_start = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '"' | '$' | '#');
    text.match_indices(['|', '!', '(']).any(|(at, sign)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        if sign != "(" {
            return after.starts_with(is_start);
        }
        let is_ending = after.trim_start_matches(char::is_alphabetic).starts_with(')');
        before.ends_with(char::is_alphabetic) && !is_ending
    })
}

/// Where a word ends. Accents and signs that belong to no writing do not end one.
fn is_break(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{b7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}')
}

/// Whether the letters of a word are of several writings (UTS 39, highly restrictive): Chinese, Japanese and Korean are written
/// with Latin words in between, others are not.
fn mixes_writings(word: &str) -> bool {
    if word.is_ascii() || word.is_single_script() {
        return false;
    }
    let others: String = word.chars().filter(|c| !is_latin(*c)).collect();
    let set = others.as_str().resolve_script_set();
    !(set.hanb || set.jpan || set.kore)
}

/// Whether the word of an address has no Latin letter and looks like one of Latin letters only (UTS 39, skeleton).
fn looks_latin(word: &str) -> bool {
    !word.is_ascii() && !word.contains(is_latin) && skeleton(word).all(|c| c.is_ascii())
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}
