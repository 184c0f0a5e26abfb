//! Texts, and the light checks on addresses.

use super::ValueError;

/// Without white space at the ends, no-break spaces and the invisible leftovers of copying included.
pub(super) fn trim(text: &str) -> &str {
    let is_invisible = |c| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
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
