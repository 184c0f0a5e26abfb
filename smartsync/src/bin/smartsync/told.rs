//! What is said on stderr beside the log: in the log's form, so that whatever reads the log can read every line.

use std::{
    io::{self, Write as _},
    sync::OnceLock,
};

use serde_json::{Map, Value};
use smartsync_core::{Clock as _, engine::SystemClock};

use crate::cli::LogFormat;

/// Asked for once, at the beginning.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// From here on everything is said in this form.
pub(crate) fn in_form_of(format: LogFormat) {
    FORMAT.set(format).ok();
}

/// Whether every line is to be a JSON object.
pub(crate) fn is_json() -> bool {
    FORMAT.get() == Some(&LogFormat::Json)
}

/// Says a line of text or, where every line is an object, one with the level, what it says and more members.
pub(crate) fn tell(level: &str, message: &str, text: &str, more: Map<String, Value>) {
    if is_json() {
        let mut line = Map::new();
        line.insert("time".to_owned(), SystemClock.now().to_string().into());
        for (name, value) in [("level", level), ("message", message), ("target", env!("CARGO_PKG_NAME"))] {
            line.insert(name.to_owned(), value.into());
        }
        line.extend(more);
        writeln!(io::stderr(), "{}", Value::from(line)).ok();
    } else {
        writeln!(io::stderr(), "{text}").ok();
    }
}

/// Says how far the work has come, in a line.
pub(crate) fn tell_progress(line: &str) {
    tell("INFO", line, line, Map::new());
}
