//! Texts, and the light checks on addresses and telephone numbers.

use super::ValueError;

/// Without white space at the ends, no-break spaces and the invisible leftovers of copying included.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// Lines ended by `\n`, however the service ended them.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// One `@` with something on both sides, and no white space: enough to tell an address from a remark.
pub(super) fn email(text: &str) -> Result<String, ValueError> {
    let has_space = text.contains(char::is_whitespace);
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() && is_host(domain) && !has_space => {
            Ok(text.to_lowercase())
        }
        _ => Err(ValueError::Unreadable),
    }
}

fn is_host(domain: &str) -> bool {
    domain.split('.').all(|label| !label.is_empty()) && !domain.contains('@')
}

/// A host with a dot, with or without a scheme in front, and no white space.
pub(super) fn url(text: &str) -> Result<String, ValueError> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let usable = host.contains('.') && is_host(host) && !text.contains(char::is_whitespace);
    if usable { Ok(text.to_owned()) } else { Err(ValueError::Unreadable) }
}

/// Digits and the usual punctuation, at least three digits.
pub(super) fn phone(text: &str) -> Result<String, ValueError> {
    let usual =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits >= 3 && text.chars().all(usual) { Ok(text.to_owned()) } else { Err(ValueError::Unreadable) }
}

/// A telephone number as it is dialled: without spaces and punctuation. Any other character stays.
pub(super) fn dialled(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.' | '/')).collect()
}
