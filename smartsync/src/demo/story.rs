//! What happened.

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync_core::{FieldOutcome, Report};

use crate::{
    demo::{CandidateCard, MadeRequest},
    words::commands::demo as words,
};

/// What happened in the demo, for printing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Story {
    /// The contract that was made.
    pub contract: ContractId,
    /// The candidate's card at the beginning.
    pub before: CandidateCard,
    /// The candidate's card at the end.
    pub after: CandidateCard,
    /// What became of each field when the contract was made.
    pub filled_in: Vec<FieldOutcome>,
    /// What each look of the server did, in order.
    pub reports: Vec<Report>,
    /// Every request that the services got, in order.
    pub requests: Vec<MadeRequest>,
}

impl MadeRequest {
    /// What the request was for, in a few words: a table of requests fits into 80 columns.
    #[must_use]
    pub fn purpose(&self) -> &str {
        words::purpose(&self.operation).unwrap_or(&self.operation)
    }
}
