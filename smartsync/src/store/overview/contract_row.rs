//! A contract in a list.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use oneflow_client::ContractId;

use crate::store::Standing;

/// A contract: where it stands, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractRow {
    /// Where it stands, by its last look.
    pub standing: Standing,
    /// Whether it waits for another look, or for a person. `None`: neither.
    pub next: Option<Queued>,
}

impl ContractRow {
    /// Where a contract stands, and what comes next.
    #[must_use]
    pub fn new(standing: Standing, next: Option<Queued>) -> Self {
        Self { standing, next }
    }

    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> ContractPlace {
        ContractPlace { looked_at: self.standing.looked_at, contract: self.standing.contract }
    }
}

/// What comes next for a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Queued {
    /// It is being looked at.
    Running,
    /// It is due then; it has waited since then if that is past.
    Due(Timestamp),
    /// It was given up then, and waits for a person.
    Parked(Timestamp),
}

impl Queued {
    /// Of what waits until then, and is being looked at or not, and of what was parked then. What is parked and waits all the same is looked at.
    pub(crate) fn of(due: Option<Timestamp>, is_running: bool, parked: Option<Timestamp>) -> Option<Self> {
        let waiting = due.map(|due| if is_running { Self::Running } else { Self::Due(due) });
        waiting.or(parked.map(Self::Parked))
    }
}

/// Some contracts of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractPage {
    /// The contracts.
    pub rows: Vec<ContractRow>,
    /// Behind which place the next page begins; `None`: this is the last one.
    pub next: Option<ContractPlace>,
}

impl ContractPage {
    /// Of one row more than was asked for, a page of so many rows. `last`: up to which place was looked through, if that is not the end.
    pub(crate) fn of(mut rows: Vec<ContractRow>, limit: u32, last: Option<ContractPlace>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_full = rows.len() > limit;
        rows.truncate(limit);
        let next = if is_full { rows.last().map(ContractRow::place) } else { last };
        Self { rows, next }
    }

    /// Contracts, and where the next page begins.
    #[must_use]
    pub fn new(rows: Vec<ContractRow>, next: Option<ContractPlace>) -> Self {
        Self { rows, next }
    }
}

/// A place in the list of contracts. As a text, it fits into an address.
///
/// ```
/// use smartsync::store::ContractPlace;
///
/// let place: ContractPlace = "1930000000000.9001".parse()?;
/// assert_eq!(place.contract, 9001);
/// assert_eq!(place.to_string(), "1930000000000.9001");
/// assert!("9001".parse::<ContractPlace>().is_err());
/// # Ok::<(), smartsync::store::NoPlace>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractPlace {
    /// When the last look at the contract began.
    pub looked_at: Timestamp,
    /// The contract.
    pub contract: ContractId,
}

/// A text that names no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is no place in this list")]
#[non_exhaustive]
pub struct NoPlace;

impl ContractPlace {
    /// The place of a contract that was looked at then.
    #[must_use]
    pub fn new(looked_at: Timestamp, contract: ContractId) -> Self {
        Self { looked_at, contract }
    }
}

impl fmt::Display for ContractPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.looked_at.as_millisecond(), self.contract)
    }
}

impl FromStr for ContractPlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, contract) = text.split_once('.').ok_or(NoPlace)?;
        let at = at.parse().ok().and_then(|at| Timestamp::from_millisecond(at).ok()).ok_or(NoPlace)?;
        let contract: i64 = contract.parse().map_err(|_| NoPlace)?;
        Ok(Self::new(at, contract.into()))
    }
}
