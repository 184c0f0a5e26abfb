//! Runs a simulation by name: see the README.

use std::{io::Write as _, process::ExitCode};

use smartsync_simulation::faults;

const USAGE: &str = "usage: smartsync-simulation faults [--seeds N] [--from N] [--seed N] [--threads N] [--named N] [--enough N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = match arguments.split_first() {
        Some((name, rest)) if name == "faults" => faults::command(rest),
        _ => Err(USAGE.to_owned()),
    };
    ended.unwrap_or_else(|message| {
        // Nothing is left to do if stderr is closed.
        let _ = writeln!(std::io::stderr(), "{message}");
        ExitCode::FAILURE
    })
}
