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

    /// The folded letters from this part on, a space for all white space, each with the part that ends behind it, if one does.
    pub(super) fn letters_from(&self, first: usize) -> impl Iterator<Item = (char, Option<usize>)> {
        let start = self.parts[first].folded_start;
        let (mut part, mut is_spaced) = (first, false);
        self.folded[start..].char_indices().filter_map(move |(at, c)| {
            if c.is_whitespace() {
                let is_first = !is_spaced;
                is_spaced = true;
                return is_first.then_some((' ', None));
            }
            is_spaced = false;
            let end = start + at + c.len_utf8();
            while self.parts.get(part).is_some_and(|part| part.folded_end < end) {
                part += 1;
            }
            let is_end = self.parts.get(part).is_some_and(|part| part.folded_end == end);
            Some((c, is_end.then_some(part)))
        })
    }
}

/// Whether the character stands between parts.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ';' | ',' | '\n')
}
