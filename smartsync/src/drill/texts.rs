//! What participants type: ordinary values, and texts that must never stand on a card.

use fastrand::Rng;

use super::field::Kind;
use crate::words::commands::drill_rules as broken;

/// An ordinary value of the kind, as contract and card both write it.
pub(super) fn ordinary(kind: Kind, rng: &mut Rng) -> String {
    let values: &[&str] = match kind {
        Kind::Text => {
            &["3 months", "- see notes", "C++ and <3 years of C", "José, at work", "a < b", "½ day"]
        }
        Kind::Name => &["José", "O'Brien", "Åsa-Lena", "Nguyễn", "Ида"],
        Kind::Email => &["private@example.org", "jose+work@example.org", "home@example.se"],
        Kind::Phone => &["+46701740611", "+46701740612", "+4915112345678"],
        Kind::Url => &["https://example.org/cv", "https://example.org/a?x=1", "https://example.com"],
        Kind::Linkedin => &["https://www.linkedin.com/in/jose", "https://linkedin.com/in/asa"],
        Kind::Number => &["42000", "38500", "51000"],
        Kind::Date => &["2031-05-01", "2031-06-15", "2032-01-01"],
        Kind::Choice => &super::field::OPTIONS,
        Kind::Checkbox => &["0", "1"],
    };
    pick(values, rng).to_owned()
}

/// A text that must not reach a card in a field of this kind.
pub(super) fn hostile(kind: Kind, rng: &mut Rng) -> String {
    let of_kind: &[&str] = match kind {
        Kind::Text => TEXTS,
        Kind::Name => NAMES,
        Kind::Email => EMAILS,
        Kind::Url => URLS,
        Kind::Linkedin => LINKEDIN,
        Kind::Phone => PHONES,
        Kind::Number | Kind::Date | Kind::Choice | Kind::Checkbox => TYPED,
    };
    let text = pick(of_kind, rng);
    match rng.u8(..8) {
        // White space around it must not help.
        0 => format!(" {text} "),
        1 if kind == Kind::Text && text.starts_with('<') => format!("see notes {text}"),
        2 if kind == Kind::Url => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

fn pick<'a>(texts: &[&'a str], rng: &mut Rng) -> &'a str {
    texts[rng.usize(..texts.len())]
}

const TEXTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</textarea><b>bold</b>",
    "<!-- hidden -->",
    "<?xml version=\"1.0\"?>",
    "<a href=javascript:alert(1)>x</a>",
    "=HYPERLINK(\"https://example.net\",\"pay\")",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+SUM(A1:A9)",
    "-cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "+(1)",
    "\t=1+1",
    "\r=1+1",
    "paid\u{202e}xcod.exe",
    "a\u{2066}b\u{2069}c",
    "\u{202d}reversed",
    "one\u{7}two",
    "esc\u{1b}[2Jape",
    "nul\u{0}l",
    "c1\u{9b}31m",
    "\u{fe64}script\u{fe65}alert(1)",
    "<\u{200b}script>alert(1)</\u{200b}script>",
    "\u{ff1c}\u{2060}img src=x>",
    "\u{fe66}1+1",
    "\u{fe62}SUM(A1)",
    "\u{fe63}cmd|' /C calc'!A0",
    "\u{fe6b}SUM(1,1)",
    "+1+cmd|' /C calc'!A0",
    "-1+HYPERLINK(\"https://example.net\",1)",
    "- cmd|' /C calc'!A0",
    "+1+Sheet1!A1",
    "vertical\u{b}tab",
    "form\u{c}feed",
    "next\u{85}line",
    "line\u{2028}separator",
    "p\u{430}yp\u{430}l is fine",
    "Αpple pays",
];

const NAMES: &[&str] = &[
    "<b>José</b>",
    "<img src=x>",
    "=José",
    "+José",
    "@José",
    "Jos\u{200b}é",
    "Jo\u{202e}sé",
    "J\u{43e}se",
    "Jose\u{1b}[0m",
    "\u{feff}Jose",
    "Jo\nse",
    "Jo\u{2028}se",
    "Jo\u{b}se",
    "\u{fe64}b\u{fe65}Jose",
];

const EMAILS: &[&str] = &[
    "eve@example.net,bo@example.com",
    "<eve@example.net>",
    "eve@example.net\r\nbcc: all@example.net",
    "eve@ex\u{430}mple.com",
    "e\u{200b}ve@example.net",
    "=eve@example.net",
    "eve@example.net\u{202e}",
    "\"a b\"@example.net",
    "eve;mallory@example.net",
    "javascript:alert(1)@example.net",
    "eve@bank.com\u{2044}x.example.net",
    "eve@bank.com\u{a789}x.example.net",
    "eve@bank.com\u{30ce}x.example.net",
    "eve@bank.com\u{b7}x.example.net",
    "+1+cmd|x!a0@example.net",
    "eve@",
];

const URLS: &[&str] = &[
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://example.com/%0aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "https://good.example@evil.example.net/",
    "https://user:word@example.net/",
    "https://evil.example.net\\.example.com/",
    "https:\\\\example.net",
    "https://ex\u{430}mple.com/",
    "https://example\u{200b}.net/",
    "https://example.net/\u{202e}fdp",
    "https://example.net/\n<script>",
    "https://example.net/<script>alert(1)</script>",
    "blob:https://example.net/1",
    "https://bank.com\u{2044}login.example.net/",
    "https://bank.com\u{2215}login.example.net/",
    "https://bank.com\u{2571}login.example.net/",
    "https://bank.com\u{29f8}login.example.net/",
    "bank.com\u{a789}443.example.net",
    "https://bank.com\u{2e4a}login.example.net/",
    "https://bank.com\u{3033}login.example.net/",
    "https://bank.com\u{338}login.example.net/",
    "https://bank.com\u{b7}login.example.net/",
    "https://bank.com\u{30ce}login.example.net/",
    "https://bank.com\u{4e3f}login.example.net/",
    "https://bank.com\u{1c3}login.example.net/",
];

const LINKEDIN: &[&str] = &[
    "javascript:alert(document.domain)",
    "https://linkedin.com.example.net/in/jose",
    "https://example.net/in/jose",
    "https://linkedin.com@example.net/in/jose",
    "https://example.net\\.linkedin.com/in/jose",
    "https://l\u{456}nkedin.com/in/jose",
    "https://notlinkedin.com/in/jose",
    "https://example.net\u{2044}.linkedin.com/in/jose",
    "data:text/html,x",
];

const PHONES: &[&str] = &[
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "+46701740611\u{202e}",
    "+4670\u{200b}1740611",
    "+4670\t1740611",
    "+4670\u{b}1740611",
    "+4670\u{85}1740611",
    "+4670\u{2028}1740611",
    "+4670\n1740611",
    "=1+1",
    "@SUM(1)",
    "call me",
    "+46701740611\u{1b}[2J",
    "+46701740611<br>",
];

const TYPED: &[&str] = &[
    "=1+1",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "@SUM(1)",
    "12\u{202e}34",
    "12\u{b}000",
    "2031-05-01\u{2028}12:00",
    "Fixed\u{c}term",
    "NaN",
    "1e999",
    "99/99/9999",
    "\u{1b}[2J",
    "Permanent<b>",
    "maybe",
];

/// Why a text on a card could do harm, if it could. Written apart from the rules of the program, and coarser.
pub(super) fn harm(kind: Kind, text: &str) -> Option<&'static str> {
    let is_free = matches!(kind, Kind::Text | Kind::Name | Kind::Email | Kind::Url | Kind::Linkedin);
    let is_single = kind != Kind::Text;
    if text.chars().any(|one| matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Some(broken::TURNS_TEXT);
    }
    let is_break = |one: char| matches!(one, '\n' | '\t' | '\r');
    let is_control = |one: char| one.is_control() || matches!(one, '\u{2028}' | '\u{2029}');
    if text.chars().any(|one| is_control(one) && (is_single || !is_break(one))) {
        return Some(broken::CONTROL_CHARACTER);
    }
    if is_single && text.contains(['\u{200b}', '\u{feff}', '\u{2060}']) {
        return Some(broken::WITHOUT_WIDTH);
    }
    let opens = |rest: &str| {
        rest.chars().next().is_some_and(|one| one.is_alphabetic() || matches!(one, '/' | '!' | '?'))
    };
    let plain = without_width(text);
    if plain.match_indices('<').any(|(at, mark)| opens(&plain[at + mark.len()..])) {
        return Some(broken::MARKUP);
    }
    if is_free && is_formula(&plain) {
        return Some(broken::FORMULA);
    }
    if is_free && text.split(|one: char| !one.is_alphabetic()).any(is_mixed) {
        return Some(broken::TWO_SCRIPTS);
    }
    match kind {
        Kind::Url | Kind::Linkedin => harm_of_url(kind, text),
        Kind::Phone if !text.chars().all(|one| one.is_ascii_digit() || "+ -().".contains(one)) => {
            Some(broken::NO_NUMBER)
        }
        Kind::Email if text.contains([',', ';', '<', '>', '"', ' ', ':']) => Some(broken::MORE_THAN_ADDRESS),
        Kind::Email if !text.split_once('@').is_some_and(|(_, host)| is_plain_host(host)) => {
            Some(broken::HOST_LOOKS_OTHERWISE)
        }
        Kind::Choice if !super::field::OPTIONS.contains(&text) => Some(broken::NO_OPTION),
        Kind::Checkbox if !["true", "false"].contains(&text) => Some(broken::NO_CHECKBOX),
        Kind::Number if !text.chars().all(|one| one.is_ascii_digit() || ".-".contains(one)) => {
            Some(broken::NO_NUMBER)
        }
        Kind::Text
        | Kind::Name
        | Kind::Email
        | Kind::Phone
        | Kind::Number
        | Kind::Date
        | Kind::Choice
        | Kind::Checkbox => None,
    }
}

/// The signs of other widths as those of ASCII, without what has no width.
fn without_width(text: &str) -> String {
    let small = ['\u{fe62}', '\u{fe63}', '\u{fe64}', '\u{fe66}', '\u{fe6b}'].into_iter().zip("+-<=@".chars());
    let ordinary = |one: char| match one {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(one) - 0xfee0).unwrap_or(one),
        _ => small.clone().find(|(other, _)| *other == one).map_or(one, |(_, sign)| sign),
    };
    let has_none = |one: char| matches!(one, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.chars().filter(|one| !has_none(*one)).map(ordinary).collect()
}

fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    let mut characters = text.chars();
    match characters.next() {
        Some('=' | '\t' | '\r') => true,
        Some('+' | '-' | '@') => {
            let is_name = characters.next().is_some_and(|one| one.is_alphabetic() || one == '(');
            let has = |pair: fn(char, char) -> bool| {
                text.chars().zip(text.chars().skip(1)).any(|(one, next)| pair(one, next))
            };
            is_name
                || has(|one, next| matches!(one, '|' | '!') && (next.is_alphanumeric() || next == '\''))
                || has(|one, next| one.is_ascii_uppercase() && next == '(')
        }
        _ => false,
    }
}

fn is_mixed(word: &str) -> bool {
    let is_latin = |one: char| one.is_ascii_alphabetic() || matches!(one, 'À'..='ɏ');
    let is_other = |one: char| matches!(one, 'Ͱ'..='Ͽ' | 'Ѐ'..='ӿ');
    word.chars().any(is_latin) && word.chars().any(is_other)
}

/// Whether a host has letters and digits alone, and none that passes for a slash.
fn is_plain_host(host: &str) -> bool {
    let is_slash = |one: char| matches!(one, '\u{1c3}' | '\u{3033}' | '\u{30ce}' | '\u{4e36}' | '\u{4e3f}');
    host.chars().all(|one| ".-_:".contains(one) || one.is_alphanumeric() && !is_slash(one))
}

fn harm_of_url(kind: Kind, text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let rest = match lower.split_once("://") {
        Some(("http" | "https", rest)) => rest,
        Some(_) => return Some(broken::OTHER_SCHEME),
        None if lower.contains(':') => return Some(broken::OTHER_SCHEME),
        None => &lower,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') || text.contains('\\') || !is_plain_host(host) {
        return Some(broken::HOST_LOOKS_OTHERWISE);
    }
    let host = host.split(':').next().unwrap_or_default();
    let is_linkedin = host == "linkedin.com" || host.ends_with(".linkedin.com");
    (kind == Kind::Linkedin && !is_linkedin).then_some(broken::NOT_LINKEDIN)
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::{super::field, EMAILS, Kind, LINKEDIN, NAMES, PHONES, TEXTS, TYPED, URLS, harm, ordinary};

    #[test]
    fn ordinary_values_do_no_harm() {
        let mut rng = Rng::with_seed(1);
        for kind in field::all().map(|field| field.kind) {
            for _ in 0..40 {
                let text = ordinary(kind, &mut rng);
                let shown = if kind == Kind::Checkbox { (text == "1").to_string() } else { text };
                assert_eq!(harm(kind, &shown), None, "{kind:?} {shown:?}");
            }
        }
    }

    #[test]
    fn hostile_texts_are_seen_and_are_many() {
        let tables = [
            (Kind::Text, TEXTS),
            (Kind::Name, NAMES),
            (Kind::Email, EMAILS),
            (Kind::Url, URLS),
            (Kind::Linkedin, LINKEDIN),
            (Kind::Phone, &PHONES[..4]),
        ];
        for (kind, texts) in tables {
            for text in texts.iter().filter(|text| !text.ends_with('@')) {
                assert!(harm(kind, text).is_some(), "{kind:?} {text:?}");
            }
        }
        assert!(TYPED.iter().filter(|text| harm(Kind::Choice, text).is_some()).count() == TYPED.len());
        assert!(tables.iter().map(|(_, texts)| texts.len()).sum::<usize>() + TYPED.len() >= 80);
    }
}
