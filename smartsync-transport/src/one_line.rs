//! Text of somebody else, as it may be shown.

use std::borrow::Cow;

/// `text` for a terminal or a log: one line, and nothing in it that a terminal acts on or that turns the order of what is read.
/// Each such character becomes `\u{FFFD}`.
///
/// Whatever came from a service passes through here before it is shown to a person. JSON escapes by itself.
///
/// ```
/// # use smartsync_transport::one_line;
/// assert_eq!(one_line("Start date (år)"), "Start date (år)");
/// assert_eq!(one_line("red\u{1b}[31m\nERROR forged"), "red\u{fffd}[31m\u{fffd}ERROR forged");
/// ```
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(is_acted_on) {
        Cow::Owned(text.replace(is_acted_on, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The most characters of a name.
const MOST: usize = 80;

/// A name that somebody chose in a service, as it may stand in a sentence of ours: [`one_line`], and cut behind 80 characters.
///
/// ```
/// # use smartsync_transport::short_name;
/// assert_eq!(short_name("Employment\n(år)"), "Employment\u{fffd}(år)");
/// assert_eq!(short_name(&"å".repeat(81)), "å".repeat(80) + "…");
/// ```
#[must_use]
pub fn short_name(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", one_line(&text[..end]))),
        None => one_line(text),
    }
}

/// Controls of either kind (escape, bell, line breaks, the one-character form of `ESC [`), the separators of lines and
/// paragraphs, and what changes the direction of writing.
fn is_acted_on(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_taken_out_and_everything_else_stays() {
        for (text, shown) in [
            ("Ärende: lön 1 000,50 €", "Ärende: lön 1 000,50 €"),
            ("\u{1b}]0;title\u{7}", "\u{fffd}]0;title\u{fffd}"),
            ("\u{9b}2J", "\u{fffd}2J"),
            ("a\r\nb\tc\u{7f}", "a\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}"),
            ("a\u{2028}b\u{2029}", "a\u{fffd}b\u{fffd}"),
            ("fdp.\u{202e}exe\u{2066}", "fdp.\u{fffd}exe\u{fffd}"),
        ] {
            assert_eq!(one_line(text), shown, "{text:?}");
        }
    }
}
