//! The part of a text that a diagnostic is drawn with: drawing costs as much as the text that it is given.

use std::ops::Range;

use crate::config::source_text::SourceText;

/// A line of more bytes than these is not drawn: its number and the column must do.
const MAX_LINE_LENGTH: usize = 2_000;

/// A text for people to see, of which parts are taken.
pub(super) struct Excerpts<'a> {
    source: &'a SourceText,
    shown: String,
}

/// The lines around some places. Those in between that are not drawn are empty, so that the numbers of lines are right.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The number of its first line, from 1.
    pub(super) line: usize,
    /// Where each line that has something begins: in the text, and in the excerpt.
    starts: Vec<(usize, usize)>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(source: &'a SourceText) -> Self {
        Self { source, shown: source.shown() }
    }

    /// Whether the line of a place is short enough.
    pub(super) fn can_show(&self, span: &Range<usize>) -> bool {
        self.source.line(self.source.line_at(span.start)).len() <= MAX_LINE_LENGTH
    }

    /// What is drawn for these places, each within one line. `None` if a line is too long.
    pub(super) fn of(&self, spans: impl Iterator<Item = Range<usize>>) -> Option<Excerpt> {
        let mut lines = Vec::new();
        for span in spans {
            if !self.can_show(&span) {
                return None;
            }
            let line = self.source.line_at(span.start);
            // A line between two arrows is drawn if there is just one.
            lines.extend([line.saturating_sub(1), line, line + 1]);
        }
        lines.sort_unstable();
        lines.dedup();
        let first = *lines.first()?;
        let mut excerpt = Excerpt { text: String::new(), line: first + 1, starts: Vec::new() };
        let mut next = first;
        for line in lines {
            excerpt.text.extend(std::iter::repeat_n('\n', line - next));
            next = line;
            let bytes = self.source.line(line);
            if bytes.len() <= MAX_LINE_LENGTH {
                excerpt.starts.push((bytes.start, excerpt.text.len()));
                excerpt.text.push_str(self.shown.get(bytes).unwrap_or_default());
            }
        }
        Some(excerpt)
    }
}

impl Excerpt {
    /// Where a place of the text stands in the excerpt.
    pub(super) fn within(&self, span: &Range<usize>) -> Range<usize> {
        let line = self.starts.partition_point(|(start, _)| *start <= span.start).checked_sub(1);
        let (start, here) = line.and_then(|line| self.starts.get(line).copied()).unwrap_or_default();
        let moved = here + span.start.saturating_sub(start);
        moved..moved + span.len()
    }
}
