//! `smartsync probe` and `facts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::OfTenant;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ProbeRun {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(subcommand)]
    pub(crate) then: Option<ProbeThen>,
    /// Also makes a candidate and drafts of its own, and deletes them again: settles more, and takes two minutes.
    ///
    /// That they can be deleted is proven first. Nothing is sent to anybody, published or signed, and nothing is touched that it has not made.
    #[arg(long)]
    pub(crate) write: bool,
    /// Shows every request that would be sent, and sends none.
    #[arg(long)]
    pub(crate) explain: bool,
    /// The name of the company in Teamtailor, as the service has it. Does not ask for it.
    #[arg(long, value_name = "NAME", conflicts_with = "explain")]
    pub(crate) company: Option<String>,
    /// Also runs on an account with more than 200 candidates or contracts.
    #[arg(long, conflicts_with = "explain")]
    pub(crate) large_account: bool,
    /// The file for what was found out. Default: `smartsync-facts.json` next to the configuration file.
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    pub(crate) facts: Option<PathBuf>,
}

/// Without the company, which a person has typed.
impl std::fmt::Debug for ProbeRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProbeRun")
            .field("then", &self.then)
            .field("write", &self.write)
            .field("explain", &self.explain)
            .field("large_account", &self.large_account)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProbeThen {
    /// Deletes what a run with `--write` has made that was interrupted.
    Clean,
}

#[derive(Debug, Args)]
pub(crate) struct FactsShown {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// The file of what was found out. Default: `smartsync-facts.json` next to the configuration file.
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
}
