//! What the causes of an error say, as it may stand in an error of ours.

use std::{borrow::Cow, error::Error};

use crate::{one_line::one_line, plain_text::LEFT_OUT};

/// The most characters of one cause.
const MOST: usize = 300;

/// The innermost of the causes of `error`: it says what happened, where those above it say in which layer.
pub(crate) fn reason(error: &dyn Error) -> Option<String> {
    texts(error).pop()
}

/// All causes of `error` on one line, outermost first, each once.
pub(crate) fn chain(error: &dyn Error) -> String {
    texts(error).join(": ")
}

/// What the causes say, outermost first. One that only begins what the one above it says is left out: OpenSSL's own error does not say
/// what is wrong with a certificate, and the error above it repeats it and does.
fn texts(error: &dyn Error) -> Vec<String> {
    let mut texts: Vec<String> = causes(error).map(shown).collect();
    texts.dedup_by(|inner, outer| outer.starts_with(inner.as_str()));
    texts
}

fn causes<'a>(error: &'a (dyn Error + 'a)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}

/// One line, of a sane length. An address is left out whatever it is of: a query can hold what was searched for.
fn shown(error: &(dyn Error + 'static)) -> String {
    let text = error.to_string();
    if text.contains("://") || text.contains('@') {
        return LEFT_OUT.to_owned();
    }
    let cut = match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text.trim_end()),
    };
    one_line(&cut).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: String,
        source: Option<Box<Layer>>,
    }

    fn layers(texts: &[&str]) -> Layer {
        let (first, rest) = texts.split_first().unwrap();
        let source = (!rest.is_empty()).then(|| Box::new(layers(rest)));
        Layer { text: (*first).to_owned(), source }
    }

    #[test]
    fn the_reason_is_the_innermost_cause_and_the_chain_has_all() {
        let error = layers(&["outer", "error sending request", "refused", "refused"]);
        assert_eq!(reason(&error).as_deref(), Some("refused"));
        assert_eq!(chain(&error), "error sending request: refused");
        assert_eq!(reason(&layers(&["outer"])), None);
        assert_eq!(chain(&layers(&["outer"])), "");
    }

    #[test]
    fn a_cause_that_is_repeated_with_more_is_not_the_reason() {
        let error = layers(&["outer", "sending", "verify failed: (expired)", "verify failed:"]);
        assert_eq!(reason(&error).as_deref(), Some("verify failed: (expired)"));
        assert_eq!(chain(&error), "sending: verify failed: (expired)");
    }

    #[test]
    fn a_cause_is_one_line_without_an_address() {
        for text in ["for url https://api.example/c?q=ann", "ann@example.com is unknown"] {
            assert_eq!(reason(&layers(&["outer", text])).as_deref(), Some(LEFT_OUT));
        }
        assert_eq!(
            reason(&layers(&["outer", "a\nb\u{1b}[31m\n"])).as_deref(),
            Some("a\u{fffd}b\u{fffd}[31m")
        );
        let long = reason(&layers(&["outer", &"å".repeat(301)])).unwrap();
        assert_eq!(long, "å".repeat(300) + "…");
    }
}
