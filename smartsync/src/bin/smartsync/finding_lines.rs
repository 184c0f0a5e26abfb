//! How a finding looks: in `check`, `webhook test` and `init`.

use std::{
    fmt::Display,
    io::{self, Write},
};

use smartsync::{setup::Verdict, words::commands::findings as words};
use smartsync_transport::one_line;

/// What stands in front of it.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => words::GOOD,
        Verdict::Warning => words::WARNING,
        Verdict::Bad => words::BAD,
    }
}

/// What was found about `of`, and in a line of its own what to do about it.
pub(crate) fn write_finding(
    out: &mut dyn Write,
    word: &str,
    of: impl Display,
    text: &str,
    next: Option<&str>,
) -> io::Result<()> {
    writeln!(out, "{word} {of}: {}", one_line(text))?;
    match next {
        Some(next) => writeln!(out, "{}", words::next(next)),
        None => Ok(()),
    }
}
