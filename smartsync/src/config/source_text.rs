//! The text of a configuration file, parsed, and where each part of it stands.
//!
//! What reads a configuration works on the value; what tells of a problem asks for the place.

mod json;
mod positions;
mod span;
mod syntax_error;
mod toml;

use std::{fmt, ops::Range};

use serde_json::Value;
use smartsync_core::diagnostic::{KeyOrValue, KeyPathSegment};

pub(crate) use self::syntax_error::SyntaxError;
use self::{positions::Positions, span::Node};

/// The keys of the top, and of a tenant, whose lines may be shown. The other sections may hold a misplaced secret.
const SHOWN: [&str; 2] = ["sync", "field"];

/// The key of a list of tables that each have such sections.
const TENANT: &str = "tenant";

/// A text that was parsed. `Debug` shows nothing of it.
pub(crate) struct SourceText {
    file: Option<String>,
    text: String,
    value: Value,
    root: Node,
    positions: Positions,
}

impl SourceText {
    pub(crate) fn toml(text: String, file: Option<String>) -> Result<Self, SyntaxError> {
        let (value, root) = toml::parse(&text)?;
        Ok(Self { file, positions: Positions::new(&text), text, value, root })
    }

    pub(crate) fn json(text: String, file: Option<String>) -> Result<Self, SyntaxError> {
        let (value, root) = json::parse(&text)?;
        Ok(Self { file, positions: Positions::new(&text), text, value, root })
    }

    /// The file, if the text came from one.
    pub(crate) fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// What the text says, be it TOML or JSON.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The bytes of a place, or of the nearest table above it that the text has: of its first line, since an arrow points
    /// at one. `None` for the text as a whole.
    pub(crate) fn span(&self, path: &[KeyPathSegment], points_at: KeyOrValue) -> Option<Range<usize>> {
        let (node, is_there) = self.root.find(path)?;
        let span = match (points_at, &node.key) {
            (KeyOrValue::Value, _) if is_there => &node.value,
            (_, Some(key)) => key,
            (_, None) => &node.value,
        };
        let end = self.line(self.positions.line(span.start)).end.min(span.end);
        Some(span.start..end.max(span.start))
    }

    /// The bytes of a line, which counts from 0, without its end.
    pub(crate) fn line(&self, line: usize) -> Range<usize> {
        let bytes = self.positions.bytes(line, &self.text);
        let text = self.text.get(bytes.clone()).unwrap_or_default();
        let without_end = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
        bytes.start..bytes.start + without_end.unwrap_or(text).len()
    }

    /// The line of a byte, from 0.
    pub(crate) fn line_at(&self, byte: usize) -> usize {
        self.positions.line(byte)
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub(crate) fn line_and_column(&self, byte: usize) -> (usize, usize) {
        self.positions.line_and_column(byte, &self.text)
    }

    /// The text for people to see: of lines that have nothing of the mapping, only the length is left, and of values of
    /// other sections that stand in the same line, too. Each byte stays where it is.
    pub(crate) fn shown(&self) -> String {
        let (mut mapping, mut others) = (Vec::new(), Vec::new());
        let top = self.root.members().filter(|(key, _)| *key != TENANT);
        let tenants = self.root.members().filter(|(key, _)| *key == TENANT).map(|(_, list)| list);
        for (key, node) in top.chain(tenants.flat_map(Node::items).flat_map(Node::members)) {
            node.collect(if SHOWN.contains(&key) { &mut mapping } else { &mut others });
        }
        // Tables are nested, so each line and each byte is settled once, and not once for each that it is in.
        let mut is_shown = vec![false; self.positions.lines()];
        for lines in merged(mapping, |span| {
            self.positions.line(span.start)..self.positions.line(span.end.saturating_sub(1)) + 1
        }) {
            is_shown.get_mut(lines).unwrap_or_default().fill(true);
        }
        let mut bytes = self.text.clone().into_bytes();
        for (line, _) in is_shown.iter().enumerate().filter(|(_, is_shown)| !**is_shown) {
            blank(&mut bytes, self.positions.bytes(line, &self.text), b' ');
        }
        merged(others, |span| span).into_iter().for_each(|span| blank(&mut bytes, span, b'_'));
        String::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceText").field("file", &self.file).finish_non_exhaustive()
    }
}

/// These spans, as `of` gives them, in order and without what they have in common.
fn merged(mut spans: Vec<Range<usize>>, of: impl Fn(Range<usize>) -> Range<usize>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| span.start);
    let mut done = 0;
    let spans = spans.into_iter().map(of).map(|span| {
        let rest = span.start.max(done)..span.end;
        done = done.max(span.end);
        rest
    });
    spans.filter(|span| !span.is_empty()).collect()
}

fn blank(bytes: &mut [u8], range: Range<usize>, with: u8) {
    let bytes = bytes.get_mut(range).unwrap_or_default();
    bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = with);
}
