//! How results look: a text for people, JSON for programs.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Standard output, in the form that was asked for.
pub(crate) struct Output {
    json: bool,
    out: Box<dyn Write>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, out: Box::new(io::stdout()) }
    }

    /// Prints details of an error, for programs only: people read them on stderr.
    pub(crate) fn details(&mut self, value: &impl Serialize) -> io::Result<()> {
        if self.json { self.result(value, |_| Ok(())) } else { Ok(()) }
    }

    /// Prints a result: `value` as JSON, or the text that `text` writes.
    pub(crate) fn result(
        &mut self,
        value: &impl Serialize,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.json {
            serde_json::to_writer_pretty(&mut self.out, value)?;
            writeln!(self.out)?;
        } else {
            text(&mut self.out)?;
        }
        self.out.flush()
    }
}

/// A table without lines: it reads well and pastes well.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    table.trim_fmt()
}
