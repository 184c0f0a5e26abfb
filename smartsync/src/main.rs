//! The command line of SmartSync.

mod ask;
mod cli;
mod colour;
mod commands;
mod failure;
mod render;
mod report;

use std::{io, process::ExitCode};

use clap::Parser as _;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    cli::{Cli, Command},
    render::Output,
};

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
    let mut output = Output::new(cli.json);
    match runtime.block_on(commands::run(cli, &mut output)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.tell();
            if output.is_json() {
                output.result(&failure.line(), |_| Ok(())).ok();
            }
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
    let layer =
        fmt::layer().with_writer(io::stderr).with_ansi(colour::is_wanted(&io::stderr())).with_target(false);
    tracing_subscriber::registry().with(filter).with(layer).init();
}
