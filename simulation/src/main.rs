//! Runs a simulation, and ends with 1 if it found a violation.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use smartsync_simulation::{faults, mutations};

/// Seeded runs of the engine against the sandbox.
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    simulation: Simulation,
}

#[derive(Debug, Subcommand)]
enum Simulation {
    /// Loses requests and answers, delivers them late, dies at any moment, and lets people go on working meanwhile.
    Faults(faults::Args),
    /// Changes one answer of a service at random and looks at what the engine makes of it.
    Mutations(mutations::Args),
}

fn main() -> ExitCode {
    match Cli::parse().simulation {
        Simulation::Faults(args) => faults::main(&args),
        Simulation::Mutations(args) => mutations::main(&args),
    }
}
