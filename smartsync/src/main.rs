//! The command line of SmartSync.

mod cli;
mod commands;
mod failure;
mod render;
mod report;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::Parser as _;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are no errors. Exit code 2 is taken: it says that a sync held or failed something.
            message.print().ok();
            return if message.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    log(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            failure::Failure::new(error, "check the limits of this process").tell();
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.tell();
            ExitCode::FAILURE
        }
    }
}

/// Logs go to stderr: results on stdout stay clean. `RUST_LOG` overrules `-v`.
fn log(cli: &Cli) {
    let level = match (cli.verbose, &cli.command) {
        // A server that runs for months tells what it does; a command prints its result.
        (0, Command::Serve) => "smartsync=info,warn",
        (0, _) => "warn",
        (1, _) => "smartsync=debug,warn",
        // No further: what HTTP stacks log at `debug` is not ours to promise anything about.
        _ => "smartsync=trace,info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let layer = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal()).with_target(false);
    tracing_subscriber::registry().with(filter).with(layer).init();
}
