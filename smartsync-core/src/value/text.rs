//! Texts, and what stands at their ends.

use super::{invisible::is_invisible, invisible::is_needed_at_end};

/// Without white space at the ends, no-break spaces and all that no eye sees included. Nothing is left of a text in which
/// nothing can be seen: the field looks empty, so it is.
pub(super) fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

/// [`trim`] at the start only.
pub(super) fn trim_start(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// [`trim`] at the end only: what makes an emoji of the character before it stays.
pub(super) fn trim_end(mut text: &str) -> &str {
    while let Some(last) = text.chars().next_back() {
        let before = &text[..text.len() - last.len_utf8()];
        if !(last.is_whitespace() || is_invisible(last) && !is_needed_at_end(before, last)) {
            break;
        }
        text = before;
    }
    text
}

/// Lines ended by `\n`, however the service ended them.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether the character belongs to no line of any writing: a control character, a tab and a line end among them, or what
/// ends a line or paragraph in some programs and not in others.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}
