//! Lines and columns of a text, found without reading it again for each.

use std::ops::Range;

/// So many bytes are read at most to count the characters before one.
const STRIDE: usize = 256;

/// Where the lines of a text begin, and how many characters stand before every so many bytes. A text may have as many
/// faults as lines, or all of them in one line, so neither is counted from the start for each.
pub(super) struct Positions {
    lines: Vec<usize>,
    characters: Vec<usize>,
}

impl Positions {
    pub(super) fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = [0].into_iter().chain(ends.map(|(byte, _)| byte + 1)).collect();
        let mut before = 0;
        let characters = text.as_bytes().chunks(STRIDE).map(|chunk| {
            let here = before;
            before += characters_in(chunk);
            here
        });
        Self { characters: characters.collect(), lines }
    }

    /// How many lines there are. A text that ends with the end of a line has an empty one behind it.
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// The line of a byte, from 0.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The bytes of a line, its end included.
    pub(super) fn bytes(&self, line: usize, text: &str) -> Range<usize> {
        let start = |line: usize| self.lines.get(line).copied().unwrap_or(text.len());
        start(line)..start(line + 1)
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub(super) fn line_and_column(&self, byte: usize, text: &str) -> (usize, usize) {
        let line = self.line(byte);
        let before_line = self.characters_before(self.bytes(line, text).start, text);
        (line + 1, self.characters_before(byte, text) - before_line + 1)
    }

    fn characters_before(&self, byte: usize, text: &str) -> usize {
        let byte = byte.min(text.len());
        let chunk = byte / STRIDE;
        let rest = text.as_bytes().get(chunk * STRIDE..byte).unwrap_or_default();
        // Where the text ends with a chunk, no other one begins there.
        match self.characters.get(chunk) {
            Some(before) => before + characters_in(rest),
            None => self.characters.last().map_or(0, |before| {
                let last = text.as_bytes().get((chunk - 1) * STRIDE..byte).unwrap_or_default();
                before + characters_in(last)
            }),
        }
    }
}

/// Every character begins with one byte that continues none.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_that_counting_from_the_start_gives() {
        let long = format!("a漢{}\n\n😀{}\r\n", "é".repeat(700), "xy".repeat(513));
        let even = "x".repeat(STRIDE * 2);
        for text in ["", "\n", "a\nb", long.as_str(), even.as_str()] {
            let positions = Positions::new(text);
            for byte in (0..=text.len()).filter(|byte| text.is_char_boundary(*byte)) {
                let before = &text[..byte];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
                assert_eq!(positions.line_and_column(byte, text), (line, column), "{byte}");
            }
        }
    }
}
