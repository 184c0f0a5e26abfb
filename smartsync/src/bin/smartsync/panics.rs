//! What is said of a defect that ends a task: where it is. What it is about may hold a value (an index into a text quotes the text).

use smartsync::words::commands::output as words;
use std::{
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
};

use crate::cli::LogFormat;

/// Replaces what the standard library prints of a panic. In a log of JSON it is a line of the log.
pub(crate) fn print_only_the_place(format: LogFormat) {
    panic::set_hook(Box::new(move |panic| match format {
        LogFormat::Text => {
            writeln!(io::stderr(), "{}", text_of(panic)).ok();
        }
        LogFormat::Json => tracing::error!(
            place = place_of(panic),
            "bug in this program: report this line; the message is omitted because it may contain a value"
        ),
    }));
}

fn place_of(panic: &PanicHookInfo<'_>) -> String {
    panic
        .location()
        .map_or_else(|| words::UNKNOWN_PLACE.to_owned(), |place| format!("{}:{}", place.file(), place.line()))
}

fn text_of(panic: &PanicHookInfo<'_>) -> String {
    let place = place_of(panic);
    format!("{} {}\n{}", words::ERROR, words::bug(&place), words::next(words::BUG_NEXT))
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{self, AssertUnwindSafe},
        sync::{Arc, Mutex},
    };

    use super::text_of;

    #[test]
    fn of_a_panic_the_place_is_told_and_not_the_text() {
        let said = Arc::new(Mutex::new(Vec::new()));
        let before = panic::take_hook();
        let saying = Arc::clone(&said);
        panic::set_hook(Box::new(move |panic| saying.lock().unwrap().push(text_of(panic))));
        let text = "kanarienvogel".to_owned();
        let ended = panic::catch_unwind(AssertUnwindSafe(|| panic!("{text}")));
        panic::set_hook(before);
        ended.unwrap_err();
        let said = said.lock().unwrap();
        assert!(said.iter().all(|line| !line.contains("kanarienvogel")), "{said:?}");
        assert!(said.iter().any(|line| line.contains("panics.rs:")), "{said:?}");
    }
}
