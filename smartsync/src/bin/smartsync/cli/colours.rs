//! `--color`, for whatever is printed: results, messages, the log, and what clap says.

use std::ffi::OsString;

use anstream::ColorChoice;
use clap::ValueEnum;

/// Has everything that is printed follow the `--color` among these arguments, before they are read: clap prints help and mistakes while it reads
/// them. One that is misspelt is for clap to refuse.
pub(crate) fn follow(arguments: impl IntoIterator<Item = OsString>) {
    if let Some(when) = asked(arguments) {
        match when {
            clap::ColorChoice::Auto => ColorChoice::Auto,
            clap::ColorChoice::Always => ColorChoice::Always,
            clap::ColorChoice::Never => ColorChoice::Never,
        }
        .write_global();
    }
}

fn asked(arguments: impl IntoIterator<Item = OsString>) -> Option<clap::ColorChoice> {
    let mut arguments = arguments.into_iter().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next().filter(|argument| argument != "--") {
        let when = match argument.strip_prefix("--color") {
            Some("") => arguments.next(),
            Some(behind) => behind.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(when) = when {
            return clap::ColorChoice::from_str(&when, false).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_known_before_the_arguments_are_read() {
        let asked = |line: &str| asked(line.split(' ').map(OsString::from));
        assert_eq!(asked("smartsync --color never --help"), Some(clap::ColorChoice::Never));
        assert_eq!(asked("smartsync sync --color=always 7"), Some(clap::ColorChoice::Always));
        for line in
            ["smartsync status", "smartsync --color", "smartsync --color=blue", "smartsync -- --color never"]
        {
            assert_eq!(asked(line), None, "{line}");
        }
    }
}
