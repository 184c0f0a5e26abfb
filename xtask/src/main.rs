//! `cargo xtask <task>`: see the README.

use std::{io::Write as _, path::Path, process::ExitCode};

use xtask::codegen::{self, Mode};

const USAGE: &str = "usage: cargo xtask codegen [--check]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["codegen"] => Mode::Write,
        ["codegen", "--check"] => Mode::Check,
        _ => return fail(USAGE),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    match codegen::run(&root, mode) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            let lines: Vec<String> = stale.iter().map(|file| format!("stale: {file}")).collect();
            fail(&lines.join("\n"))
        }
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    // Nothing is left to do if stderr is closed.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::FAILURE
}
