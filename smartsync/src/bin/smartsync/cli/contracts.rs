//! `smartsync contracts`: which contracts, by the names that the page has in its addresses.

use clap::{ArgGroup, Args, Subcommand, builder::PossibleValuesParser, builder::TypedValueParser as _};
use jiff::Timestamp;
use oneflow_client::TemplateTypeId;
use smartsync::store::{Age, ContractFilter, ContractPlace, FieldEnd};

use super::OfTenant;
use crate::command_line::quoted;

#[derive(Debug, Args)]
pub(crate) struct ContractsOf {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(subcommand)]
    pub(crate) command: Contracts,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Contracts {
    /// Lists the contracts that were looked at, the last one first: where each stands, what is left, and what comes next.
    List {
        #[command(flatten)]
        filter: FilterOf,
        /// Begins behind this place, which an earlier page has named.
        #[arg(long, value_name = "PLACE")]
        after: Option<ContractPlace>,
        /// Number of contracts.
        #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        limit: u32,
    },
    /// Has a running server look again at all contracts that match, some at a time, and waits for these looks. Counts them
    /// first, and asks.
    Look(LookAgainAt),
}

/// Which contracts are looked at again.
#[derive(Debug, Args)]
#[command(override_usage = "smartsync contracts look [OPTIONS] <FILTERS|--all>")]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["outcome", "reason", "state", "template_type", "age", "all"]))]
pub(crate) struct LookAgainAt {
    #[command(flatten)]
    pub(crate) filter: FilterOf,
    /// All that were ever looked at.
    #[arg(long, conflicts_with_all = ["outcome", "reason", "state", "template_type", "age"])]
    pub(crate) all: bool,
    /// Does not ask for confirmation.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Which contracts: those that fit every part that is given.
#[derive(Debug, Args)]
pub(crate) struct FilterOf {
    /// Only contracts with a field that ended so, in the last look that did not fail as a whole.
    #[arg(long, value_name = "OUTCOME", value_parser = PossibleValuesParser::new(FieldEnd::ALL.map(FieldEnd::as_str)).try_map(outcome))]
    outcome: Option<FieldEnd>,
    /// Only contracts of which this reason code is left.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Only contracts that were in this state when they were last read.
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(ContractFilter::STATES))]
    state: Option<String>,
    /// Only contracts of this template type.
    #[arg(long, value_name = "ID")]
    template_type: Option<TemplateTypeId>,
    /// Only contracts of which the last look was so long ago.
    #[arg(long, value_name = "AGE", value_parser = PossibleValuesParser::new(Age::ALL.map(Age::as_str)).try_map(age))]
    age: Option<Age>,
}

/// A name that the parser lets through and nothing has.
#[derive(Debug, thiserror::Error)]
#[error("there is none of this name")]
struct NoneOfThisName;

fn outcome(name: String) -> Result<FieldEnd, NoneOfThisName> {
    FieldEnd::named(&name).ok_or(NoneOfThisName)
}

fn age(name: String) -> Result<Age, NoneOfThisName> {
    Age::named(&name).ok_or(NoneOfThisName)
}

impl FilterOf {
    /// What the store is asked for at this time.
    pub(crate) fn at(&self, now: Timestamp) -> ContractFilter {
        let mut filter = ContractFilter::new();
        filter.outcome = self.outcome;
        filter.reason.clone_from(&self.reason);
        filter.state.clone_from(&self.state);
        filter.template_type = self.template_type;
        match self.age {
            Some(age) => filter.age(age, now),
            None => filter,
        }
    }

    /// As it is to be typed again, with a space before each option.
    pub(crate) fn options(&self) -> String {
        let parts = [
            ("outcome", self.outcome.map(|end| end.to_string())),
            ("reason", self.reason.as_deref().map(quoted)),
            ("state", self.state.clone()),
            ("template-type", self.template_type.map(|id| id.to_string())),
            ("age", self.age.map(|age| age.to_string())),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", value?)));
        given.collect()
    }
}
