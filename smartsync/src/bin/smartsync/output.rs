//! How results look: a text for people, JSON for programs.

use std::{
    env,
    io::{self, Write},
};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use smartsync::{store::Tenant, words::commands::output as words};
use smartsync_transport::one_line;

use crate::{
    command_line::{EACH, for_tenant},
    failure::Failure,
};

/// Standard output, in the form that was asked for.
pub(crate) struct Output {
    json: bool,
    is_coloured: bool,
    out: Box<dyn Write>,
    /// The results so far, each of a tenant, where there is a list of them.
    list: Option<Vec<OfTenant>>,
    /// About whom the next result is.
    tenant: Option<String>,
    /// For whom command lines are, where the next result is about no tenant.
    meant: Option<String>,
}

/// A result that is one of several.
#[derive(Serialize)]
struct OfTenant {
    tenant: Option<String>,
    result: serde_json::Value,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        let out = io::stdout();
        Self {
            json,
            is_coloured: has_colours(&out),
            out: Box::new(out),
            list: None,
            tenant: None,
            meant: None,
        }
    }

    /// Whether a text may have colours.
    pub(crate) fn is_coloured(&self) -> bool {
        self.is_coloured
    }

    /// Prints a result: `value` as JSON, or the text that `text` writes.
    pub(crate) fn result(
        &mut self,
        value: &impl Serialize,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        match self.print(value, text) {
            // A reader that has seen enough, such as `head`: no fault of ours, and the work is done.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// From now on command lines are for this tenant.
    pub(crate) fn meant_for(&mut self, tenant: Option<&str>) {
        self.meant = tenant.map(str::to_owned);
    }

    /// Tells of something that failed, on stderr.
    pub(crate) fn tell(&self, failure: &Failure) {
        failure.print(self.meant());
    }

    /// The same where it is the result.
    pub(crate) fn fail(&mut self, failure: &Failure) -> io::Result<()> {
        self.tell(failure);
        if self.json { self.result(&failure.line(), |_| Ok(())) } else { Ok(()) }
    }

    /// For whom command lines are now.
    fn meant(&self) -> Option<&str> {
        let of_list = self.list.as_ref().map(|_| self.tenant.as_deref().unwrap_or(EACH));
        of_list.or(self.meant.as_deref())
    }

    /// Prints one of any number of results, on a line: `value` as JSON, or the text. Fails with [`io::ErrorKind::BrokenPipe`] where nobody reads
    /// any more.
    pub(crate) fn line(&mut self, value: &impl Serialize, text: impl FnOnce() -> String) -> io::Result<()> {
        let line = if self.json { serde_json::to_string(value)? } else { text() };
        writeln!(self.out, "{}", for_tenant(&line, self.meant()))?;
        self.out.flush()
    }

    /// From now on each result is one of several: as JSON, a list of them is printed at the end.
    pub(crate) fn begin_list(&mut self) {
        self.list = Some(Vec::new());
    }

    /// The next result is about this tenant; `None`: about all of them.
    pub(crate) fn about(&mut self, tenant: Option<&Tenant>) {
        self.tenant = tenant.map(Tenant::to_string);
    }

    /// Prints the list.
    pub(crate) fn end_list(&mut self) -> io::Result<()> {
        let list = self.list.take().unwrap_or_default();
        if self.json { self.result(&list, |_| Ok(())) } else { Ok(()) }
    }

    fn print(
        &mut self,
        value: &impl Serialize,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut told = Vec::new();
        if self.json {
            // A backquote, and the name of a tenant, are the same in JSON.
            serde_json::to_writer_pretty(&mut told, value)?;
            told.push(b'\n');
        } else {
            text(&mut told)?;
        }
        let told = String::from_utf8_lossy(&told);
        let told = for_tenant(&told, self.meant());
        if let Some(list) = &mut self.list {
            let tenant = self.tenant.take();
            let result = if self.json { serde_json::from_str(&told)? } else { serde_json::Value::Null };
            if !self.json {
                let space = if list.is_empty() { "" } else { "\n" };
                writeln!(self.out, "{space}{}\n", words::whose(tenant.as_deref()))?;
            }
            list.push(OfTenant { tenant, result });
            if self.json {
                return Ok(());
            }
        }
        self.out.write_all(told.as_bytes())?;
        self.out.flush()
    }
}

/// A table without lines: it reads well and pastes well. Folded where [`width`] says so. What is in it may come from a service.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    table_within(width(), header, rows)
}

/// The same, no line longer than given.
fn table_within<const N: usize>(
    width: Option<u16>,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    for row in rows {
        table.add_row(row.map(|cell| one_line(&cell).into_owned()));
    }
    table.trim_fmt()
}

/// Narrower than this, a table is not legible, and is left to the terminal.
const NARROWEST: u16 = 40;

/// How long a line may be: as `COLUMNS` says, or as wide as the terminal is; `None` where what is printed goes into a file or to another program,
/// which a line per row suits better.
pub(crate) fn width() -> Option<u16> {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
    asked.or_else(of_terminal).map(|width| width.max(NARROWEST))
}

/// A text in lines of at most so many characters, broken at spaces.
pub(crate) fn folded(text: &str, width: usize) -> String {
    let (mut folded, mut length) = (String::new(), 0);
    for word in text.split(' ') {
        let more = word.chars().count();
        if length > 0 && length + 1 + more > width {
            folded.push('\n');
            length = 0;
        } else if length > 0 {
            folded.push(' ');
            length += 1;
        }
        folded.push_str(word);
        length += more;
    }
    folded
}

/// A paragraph, folded where [`width`] says so.
pub(crate) fn told_in_lines(text: &str) -> String {
    width().map_or_else(|| text.to_owned(), |width| folded(text, usize::from(width)))
}

/// A name, and what is said of it in a column beside it.
pub(crate) fn told_beside(name: &str, column: usize, value: &str) -> String {
    let space = width().map(|width| usize::from(width).saturating_sub(column));
    let value = space.map_or_else(|| value.to_owned(), |space| folded(value, space));
    format!("{name:<column$}{}", value.replace('\n', &format!("\n{:column$}", "")))
}

/// Whether a stream is shown with colours: as `--color` says, or else on a terminal, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR`,
/// `CLICOLOR_FORCE`).
pub(crate) fn has_colours(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_folded_to_the_width_and_loses_nothing() {
        let long =
            "waits for the change limit until 2031-03-01T09:00:00Z, and the word is unbreakable".to_owned();
        let id = "custom:oneflow-a-name-that-is-longer-than-a-column-of-this-table-may-be".to_owned();
        let rows = || {
            [[id.clone(), "held".to_owned(), long.clone()], ["1".to_owned(), String::new(), "no".to_owned()]]
        };
        let unbroken = table_within(None, ["candidate field", "outcome", "why"], rows());
        assert_eq!(unbroken.lines().count(), 3);
        for width in [40, 60, 80, 120] {
            let text = table_within(Some(width), ["candidate field", "outcome", "why"], rows());
            assert!(text.lines().all(|line| line.chars().count() <= usize::from(width)), "{width}:\n{text}");
            let letters = |text: &str| {
                let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
                letters.sort_unstable();
                letters
            };
            assert_eq!(letters(&text), letters(&unbroken), "{width}");
        }
    }

    #[test]
    fn prose_is_broken_at_spaces_only() {
        assert_eq!(folded("one two three", 7), "one two\nthree");
        assert_eq!(folded("unbreakable one", 4), "unbreakable\none");
        assert_eq!(folded("", 4), "");
    }
}
