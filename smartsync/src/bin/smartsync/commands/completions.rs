//! `smartsync completions`: what a shell needs to complete the command line.

use crate::{
    cli::{self, Completions},
    commands::Exit,
    failure::Failure,
    output::Output,
};

pub(crate) fn run(arguments: &Completions, output: &mut Output) -> Result<Exit, Failure> {
    let shell = arguments.shell;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "smartsync", &mut script);
    let result =
        serde_json::json!({ "shell": shell.to_string(), "script": String::from_utf8_lossy(&script) });
    output.result(&result, |out| out.write_all(&script))?;
    Ok(Exit::Success)
}
