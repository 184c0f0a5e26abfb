//! A contract in the list of those that were given up.

use jiff::Timestamp;
use oneflow_client::ContractId;

use crate::store::Parked;

/// A contract that was given up, and since when it had failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParkedRow {
    /// The contract; the last of its looks that failed is the one after which it was given up.
    pub parked: Parked,
    /// When the first of them began. `None`: the journal does not have it any more.
    pub first_attempt: Option<Timestamp>,
}

impl ParkedRow {
    pub(in crate::store) fn new(parked: Parked, first_attempt: Option<Timestamp>) -> Self {
        Self { parked, first_attempt }
    }
}

/// Some of the contracts that were given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParkedPage {
    /// The contracts, in the order of their ids.
    pub rows: Vec<ParkedRow>,
    /// Behind which contract the next page begins; `None`: this is the last one.
    pub next: Option<ContractId>,
}

impl ParkedPage {
    /// Of one row more than was asked for, a page of so many rows.
    pub(crate) fn of(mut rows: Vec<ParkedRow>, limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| is_more).map(|row| row.parked.contract);
        Self { rows, next }
    }
}
