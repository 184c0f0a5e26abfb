//! `smartsync parked`: which of the contracts that were given up.

use clap::{Args, Subcommand};
use oneflow_client::ContractId;

use super::OfTenant;

#[derive(Debug, Args)]
pub(crate) struct ParkedOf {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(subcommand)]
    pub(crate) command: Parked,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Parked {
    /// Lists them.
    List {
        /// Only those with this reason code.
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
    },
    /// Shows one, with the last look at it.
    Show {
        /// Id of the contract.
        contract: ContractId,
    },
    /// Has them synced again, as if they had never failed. Fix the cause first.
    Retry(Which),
    /// Removes them from the list without syncing them. The next notification for one syncs it all the same.
    Drop(Which),
}

/// Which of the parked contracts.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Ids of the contracts.
    #[arg(required_unless_present_any = ["reason", "all"], value_name = "CONTRACT")]
    pub(crate) contracts: Vec<ContractId>,
    /// All with this reason code, after asking.
    #[arg(long, value_name = "CODE", conflicts_with = "contracts")]
    pub(crate) reason: Option<String>,
    /// All, after asking.
    #[arg(long, conflicts_with_all = ["contracts", "reason"])]
    pub(crate) all: bool,
    /// Does not ask for confirmation.
    #[arg(long)]
    pub(crate) yes: bool,
}
