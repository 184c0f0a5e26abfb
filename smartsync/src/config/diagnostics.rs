//! What is wrong with the mapping of a configuration, with its place in the text.

mod excerpt;
mod render;

use std::{borrow::Cow, fmt, ops::Range, sync::Arc};

use serde::{Serialize, Serializer};
use smartsync_core::{
    Diagnostic,
    diagnostic::{DiagnosticCode, KeyOrValue, KeyPath, Severity},
};
use smartsync_transport::one_line;

use crate::config::source_text::SourceText;

/// What is to be said of the mapping in a configuration, in the order of the text.
///
/// `Display` shows the first 100 as rustc does: the code, what is wrong, line and column, the line with an arrow, what to
/// write instead. At the end it says how many more there are, and how many of these are errors. Serialized, they are a list
/// of objects with `line` and `column`, all of them.
///
/// ```
/// use smartsync::ConfigFile;
///
/// let file = ConfigFile::from_toml("[sync]\nconvention = \"no\"\n")?;
/// let found = file.diagnose(None);
/// assert!(found.has_errors());
/// let shown = r#"error[SM0002]: `convention` is a string
///  --> configuration:2:14
///   |
/// 2 | convention = "no"
///   |              ^^^^
///   |
///   = help: write `true` or `false`, without quotes
/// "#;
/// assert_eq!(found.to_string(), shown);
/// # Ok::<(), smartsync::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    source: Option<Arc<SourceText>>,
}

impl Diagnostics {
    /// Diagnostics of a mapping that stands in `source`.
    pub(crate) fn new(found: Vec<Diagnostic>, source: Arc<SourceText>) -> Self {
        let mut found = on_one_line(found);
        // What has no place in the text comes first.
        found.sort_by_cached_key(|found| {
            source.span(found.path.segments(), found.points_at).map(|span| span.start)
        });
        Self { found, source: Some(source) }
    }

    /// Diagnostics of a mapping that was not read from a text.
    pub(crate) fn without_text(found: Vec<Diagnostic>) -> Self {
        Self { found: on_one_line(found), source: None }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many of this severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|found| found.severity == severity).count()
    }

    /// Whether the mapping cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(Diagnostic::is_error)
    }

    /// Those of this severity.
    #[must_use]
    pub fn only(&self, severity: Severity) -> Self {
        let found = self.iter().filter(|found| found.severity == severity).cloned().collect();
        Self { found, source: self.source.clone() }
    }

    /// The text that `Display` shows, with the colours of a terminal if `is_coloured`.
    #[must_use]
    pub fn render(&self, is_coloured: bool) -> String {
        render::render(&self.found, self.source.as_deref(), is_coloured)
    }

    /// The line of one of them, from 1; `None` for what has no place in the text.
    pub(crate) fn line(&self, found: &Diagnostic) -> Option<usize> {
        self.position(&found.path, found.points_at).line
    }

    /// Those that are shown, and what is said of the others.
    pub(crate) fn first(&self) -> (&[Diagnostic], Option<String>) {
        let (shown, others) = self.found.split_at(self.found.len().min(render::MAX_SHOWN));
        (shown, render::more(others))
    }

    /// The file that they are about, if it is known.
    pub(crate) fn file(&self) -> Option<&str> {
        self.source.as_ref().and_then(|source| source.file())
    }

    fn position(&self, path: &KeyPath, points_at: KeyOrValue) -> Position {
        let span =
            |source: &SourceText| source.span(path.segments(), points_at).map(|Range { start, .. }| start);
        let found = self.source.as_deref().and_then(|source| Some(source.line_and_column(span(source)?)));
        Position { line: found.map(|(line, _)| line), column: found.map(|(_, column)| column) }
    }
}

/// They name what the services have, which may have any name.
fn on_one_line(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let texts = found.iter_mut().flat_map(|found| {
        [&mut found.message, &mut found.help]
            .into_iter()
            .chain(found.related.iter_mut().map(|related| &mut related.note))
    });
    for text in texts {
        if let Cow::Owned(shown) = one_line(text) {
            *text = shown;
        }
    }
    found
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Both from 1; `null` for what has no place in the text.
#[derive(Serialize)]
struct Position {
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct Located<'a> {
    code: DiagnosticCode,
    severity: Severity,
    message: &'a str,
    help: &'a str,
    #[serde(rename = "place")]
    path: &'a KeyPath,
    #[serde(flatten)]
    position: Position,
    related: Vec<LocatedNote<'a>>,
}

#[derive(Serialize)]
struct LocatedNote<'a> {
    note: &'a str,
    #[serde(rename = "place")]
    path: &'a KeyPath,
    #[serde(flatten)]
    position: Position,
}

impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|found| {
            Located {
                code: found.code,
                severity: found.severity,
                message: &found.message,
                help: &found.help,
                path: &found.path,
                position: self.position(&found.path, found.points_at),
                related: found
                    .related
                    .iter()
                    .map(|related| LocatedNote {
                        note: &related.note,
                        path: &related.path,
                        position: self.position(&related.path, KeyOrValue::Value),
                    })
                    .collect(),
            }
        }))
    }
}
