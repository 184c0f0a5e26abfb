//! Runs a simulation, and ends with 1 if it found a violation.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use smartsync_simulation::mutations;

/// Seeded runs of the engine against the sandbox.
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    simulation: Simulation,
}

#[derive(Debug, Subcommand)]
enum Simulation {
    /// Changes one answer of a service at random and looks at what the engine makes of it.
    Mutations(mutations::Args),
}

fn main() -> ExitCode {
    match Cli::parse().simulation {
        Simulation::Mutations(args) => mutations::main(&args),
    }
}
