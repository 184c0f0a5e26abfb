//! A text in parts, between `;`, commas or line ends, in which names are found that may hold separators themselves.

use super::{fold, text};

/// A text in parts. It is folded once, so that finding a name costs no more than comparing it.
pub(super) struct Separated<'a> {
    text: &'a str,
    /// The text with every letter as [`fold::label`] would have it.
    folded: String,
    parts: Vec<Part>,
}

/// What can be seen of a part, as it was written and as it was folded.
struct Part {
    start: usize,
    end: usize,
    folded_start: usize,
    folded_end: usize,
}

impl<'a> Separated<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let (mut folded, mut parts, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
        for part in text.split_inclusive(is_separator).chain(text.ends_with(is_separator).then_some("")) {
            let whole = part.strip_suffix(is_separator).unwrap_or(part);
            let from_first = text::trim_start(whole);
            let start = whole.len() - from_first.len();
            let end = start + text::trim_end(from_first).len();
            fold::letters(&whole[..start], &mut folded);
            let before = folded.len();
            fold::letters(&whole[start..end], &mut folded);
            // A few letters are folded into a space and a mark.
            let visible = folded[before..].trim_start();
            let folded_start = folded.len() - visible.len();
            let folded_end = folded_start + visible.trim_end().len();
            fold::letters(&whole[end..], &mut folded);
            folded.push_str(&part[whole.len()..]);
            parts.push(Part { start: at + start, end: at + end, folded_start, folded_end });
            at += part.len();
        }
        Self { text, folded, parts }
    }

    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether nothing can be seen of the part.
    pub(super) fn is_blank(&self, part: usize) -> bool {
        self.parts[part].start == self.parts[part].end
    }

    /// The text from one part to another, as it was written.
    pub(super) fn between(&self, first: usize, last: usize) -> &'a str {
        &self.text[self.parts[first].start..self.parts[last].end]
    }

    /// The folded letter with which the text from this part on begins.
    pub(super) fn first_letter(&self, first: usize) -> Option<char> {
        self.folded[self.parts[first].folded_start..].chars().next()
    }

    /// The last part of this folded name, if the text has it from the first part on.
    pub(super) fn ends_at(&self, first: usize, name: &str) -> Option<usize> {
        let mut rest = &self.folded[self.parts[first].folded_start..];
        for word in name.split_inclusive(' ') {
            rest = match word.strip_suffix(' ') {
                Some(word) => {
                    let spaces = rest.strip_prefix(word)?;
                    let rest = spaces.trim_start();
                    if rest.len() == spaces.len() {
                        return None;
                    }
                    rest
                }
                None => rest.strip_prefix(word)?,
            };
        }
        let end = self.folded.len() - rest.len();
        self.parts.binary_search_by(|part| part.folded_end.cmp(&end)).ok().filter(|last| *last >= first)
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ';' | ',' | '\n')
}
