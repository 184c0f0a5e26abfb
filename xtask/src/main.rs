//! `cargo xtask <task>`: see the README.

use std::{io::Write as _, path::Path, process::ExitCode};

use xtask::{
    api, claims,
    codegen::{self, Mode},
    compare, components, licences, packages, site,
};

const USAGE: &str = "usage: cargo xtask codegen [--check] | api [--check] | packages | licences | claims | components FILE | compare oneflow|teamtailor FILE | site FOLDER";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let wrong = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["codegen"] => stale(&root, Mode::Write),
        ["codegen", "--check"] => stale(&root, Mode::Check),
        ["api"] => api::run(&root, Mode::Write),
        ["api", "--check"] => api::run(&root, Mode::Check),
        ["packages"] => packages::run(&root),
        ["licences"] => licences::run(&root),
        ["claims"] => claims::run(&root).map_err(|error| error.to_string()),
        ["compare", service, theirs] => {
            compare::run(&root, service, Path::new(theirs)).and_then(|report| shown(&report))
        }
        ["components", file] => components::write(&root, Path::new(file)).map(|()| Vec::new()),
        ["site", folder] => site::run(&root, Path::new(folder)),
        _ => Err(USAGE.to_owned()),
    };
    match wrong {
        Ok(wrong) if wrong.is_empty() => ExitCode::SUCCESS,
        Ok(wrong) => fail(&wrong.join("\n")),
        Err(error) => fail(&error),
    }
}

fn stale(root: &Path, mode: Mode) -> Result<Vec<String>, String> {
    let stale = codegen::run(root, mode).map_err(|error| error.to_string())?;
    Ok(stale.iter().map(|file| format!("stale: {file}")).collect())
}

fn shown(report: &str) -> Result<Vec<String>, String> {
    std::io::stdout().write_all(report.as_bytes()).map_err(|error| error.to_string())?;
    Ok(Vec::new())
}

fn fail(message: &str) -> ExitCode {
    // Nothing is left to do if stderr is closed.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::FAILURE
}
