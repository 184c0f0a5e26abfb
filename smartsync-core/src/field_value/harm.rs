//! Values that are valid and could do harm on a card: to a page that takes them for its own markup, to a spreadsheet that
//! computes them, to an eye that takes them for another word.

use unicode_security::{MixedScript as _, confusable_detection::skeleton};
use url::Url;

use super::{FieldValue, ValueError};

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
    if text.contains(turns_direction) {
        Some(ValueError::TurnedText)
    } else if has_markup(text) {
        Some(ValueError::Markup)
    } else if is_formula(text) {
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
    text.match_indices(['<', '\u{ff1c}']).any(|(at, sign)| begins_tag(&text[at + sign.len()..]))
}

/// What a spreadsheet computes, where the card is exported. `- see notes` and `+46` are none.
fn is_formula(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some('=' | '\u{ff1d}') => true,
        Some('+' | '-' | '@' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}') => {
            characters.next().is_some_and(|next| next.is_alphabetic() || matches!(next, '(' | '\u{ff08}'))
        }
        _ => false,
    }
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
