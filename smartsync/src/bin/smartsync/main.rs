//! The command line of SmartSync.

mod ask;
mod cli;
mod command_line;
mod commands;
mod docs_pages;
#[cfg(test)]
mod every_text;
mod failure;
mod field_table;
mod finding_lines;
mod hidden_input;
mod json_log;
mod logging;
mod output;
mod panics;
mod signals;
mod tenant_log;
mod terminal;
mod told;

use std::{env, process::ExitCode};

use clap::FromArgMatches as _;

use crate::{cli::Cli, output::Output};

fn main() -> ExitCode {
    cli::follow_colours(env::args_os());
    let matches = cli::command().try_get_matches();
    let cli = match matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches)) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are no errors. Exit code 2 is taken: it says that a sync held or failed something.
            message.print().ok();
            return if message.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    told::in_form_of(cli.log_format);
    logging::start(&cli);
    panics::print_only_the_place(cli.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            failure::Failure::new(error, smartsync::words::commands::failure::NO_RUNTIME).print(None);
            return ExitCode::FAILURE;
        }
    };
    let mut output = Output::new(cli.json);
    match runtime.block_on(commands::run(cli, &mut output)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output.fail(&failure).ok();
            ExitCode::FAILURE
        }
    }
}
