//! `smartsync plan --all`. A plan of one contract is a table of fields.

use std::fmt::Display;

/// The columns of contracts in which something would change.
pub const COLUMNS: [&str; 7] = ["contract", "candidate", "fill in", "overwrite", "attach", "held", "failed"];

/// What a sync of all would do.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the program makes it")]
pub struct Totals {
    pub filled: usize,
    pub overwritten: usize,
    pub documents: usize,
    pub held: usize,
    pub failed: usize,
}

#[must_use]
pub fn planned(planned: usize, contracts: usize, totals: Totals) -> String {
    let Totals { filled, overwritten, documents, held, failed } = totals;
    format!(
        "{planned} of {contracts} contracts planned: {filled} empty fields would be filled in, {overwritten} values overwritten or cleared, {documents} \
         documents attached; {held} fields would be held, {failed} would fail"
    )
}

#[must_use]
pub fn by_address(count: usize, contracts: &str) -> String {
    format!(
        "{count} signed documents would not be attached, because only an e-mail address links the contract to the candidate: \
         {contracts}. Run `smartsync link CONTRACT --candidate ID` for each, or set `by_email` in `document` of `[sync]`"
    )
}

/// Whether the limit of changes would be reached, and with which contract.
#[must_use]
pub fn limit(limit: u32, contract: Option<impl Display>) -> String {
    match contract {
        Some(contract) => format!(
            "The limit of {limit} overwritten values would be reached at contract {contract}: `smartsync sync --all` would hold everything beyond it"
        ),
        None => format!("The limit of {limit} overwritten values would not be reached"),
    }
}

pub const BASIS: &str = "Based on the cards as they are now: a field that several contracts would write counts once, for the first of them; if a \
     contract with precedence is synced later, the sync writes the field again";
pub const NOTHING_WRITTEN: &str = "Nothing was written.";
