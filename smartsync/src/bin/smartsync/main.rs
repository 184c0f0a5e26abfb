//! The command line of SmartSync.

mod ask;
mod cli;
mod commands;
mod failure;
mod field_table;
mod hidden_input;
mod json_log;
mod logging;
mod output;
mod panics;
mod signals;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{cli::Cli, output::Output};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are no errors. Exit code 2 is taken: it says that a sync held or failed something.
            message.print().ok();
            return if message.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    logging::start(&cli);
    panics::print_only_the_place(cli.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            failure::Failure::new(error, "check the resource limits of this process").print();
            return ExitCode::FAILURE;
        }
    };
    let mut output = Output::new(cli.json);
    match runtime.block_on(commands::run(cli, &mut output)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print();
            if output.is_json() {
                output.result(&failure.line(), |_| Ok(())).ok();
            }
            ExitCode::FAILURE
        }
    }
}
