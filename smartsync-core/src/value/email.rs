//! E-mail addresses.

use super::{domain::is_domain, fold, invisible::is_invisible, value_error::ValueError};

/// The most characters of an address, by RFC 5321: 256 with the angle brackets around it.
const MOST_CHARACTERS: usize = 254;
/// The most characters before the `@`, by the same.
const MOST_IN_FRONT: usize = 64;

/// One address as people have them, in lower case: no name or angle brackets around it, no `mailto:`, no quotes, no comments.
pub(super) fn read(text: &str) -> Result<String, ValueError> {
    let (local, domain) = text.split_once('@').ok_or(ValueError::Unreadable)?;
    let is_address = text.chars().count() <= MOST_CHARACTERS
        && is_local(local)
        && is_domain(domain)
        && !domain.contains('_');
    // Another letter than one of ASCII in front of the `@` is another mailbox in another case; behind it, IDNA has checked the name.
    let lower = || format!("{}@{}", local.to_ascii_lowercase(), domain.to_lowercase());
    if is_address { Ok(lower()) } else { Err(ValueError::Unreadable) }
}

/// What stands before the `@`: letters, digits and the signs that RFC 5322 lets stand without quotes, with single full stops
/// between. An apostrophe at an end is a quote that was copied along.
fn is_local(local: &str) -> bool {
    let is_sign =
        |c| matches!(c, '!'..='\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^'..='`' | '{'..='~') && c != '"';
    let is_allowed = |c: char| is_sign(c) || c.is_alphanumeric() && !is_invisible(c);
    local.len() <= MOST_IN_FRONT
        && !local.starts_with('\'')
        && !local.ends_with('\'')
        && !local.contains(fold::is_ascii_lookalike)
        && local.split('.').all(|part| !part.is_empty())
        && fold::composed(local).chars().all(|c| c == '.' || is_allowed(c))
}
