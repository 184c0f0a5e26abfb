//! A field that waits for somebody to decide.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::contract_row::NoPlace;

/// A mapped field that was held in the last look at its contract that did not fail as a whole. Those that are held since nothing links the contract to a
/// candidate are left out: that contract is none of the sync's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldField {
    /// The contract.
    pub contract: ContractId,
    /// The candidate, if one was found.
    pub candidate: Option<CandidateId>,
    /// `custom_id` of the data field, or `contract:state`.
    pub data_field: String,
    /// The candidate's field, as the mapping names it.
    pub candidate_field: String,
    /// Why: `conflict-held`.
    pub reason: Option<String>,
    /// When the first of the looks began that have found it held without a break.
    pub since: Timestamp,
    /// When the last of them began.
    pub looked_at: Timestamp,
    /// The fingerprint of the plan of that one.
    pub plan: Option<String>,
    /// What somebody did to the contract's field since both sides last agreed, by the [name](smartsync_core::outcome::ContractEdit::as_str) of that: `filled_in`,
    /// `changed` or `emptied`. `None`: nothing, or nobody knows.
    pub relation: Option<String>,
}

impl HeldField {
    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> HeldPlace {
        HeldPlace {
            since: self.since,
            contract: self.contract,
            data_field: self.data_field.clone(),
            candidate_field: self.candidate_field.clone(),
        }
    }
}

/// Some of the fields that are held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldPage {
    /// The fields.
    pub rows: Vec<HeldField>,
    /// Behind which place the next page begins; `None`: this is the last one.
    pub next: Option<HeldPlace>,
}

impl HeldPage {
    /// Of one row more than was asked for, a page of so many rows.
    pub(crate) fn of(mut rows: Vec<HeldField>, limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| is_more).map(HeldField::place);
        Self { rows, next }
    }
}

/// A place in the list of what is held. As a text, it fits into an address once that is escaped.
///
/// ```
/// use smartsync::store::HeldPlace;
///
/// let text = r#"[1930000000000,9001,"oneflow-city","custom:city"]"#;
/// let place: HeldPlace = text.parse()?;
/// assert_eq!(place.to_string(), text);
/// # Ok::<(), smartsync::store::NoPlace>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldPlace {
    /// Since when the field is held.
    pub since: Timestamp,
    /// The contract.
    pub contract: ContractId,
    /// The data field.
    pub data_field: String,
    /// The candidate's field.
    pub candidate_field: String,
}

impl fmt::Display for HeldPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { since, contract, data_field, candidate_field } = self;
        let place = serde_json::json!([since.as_millisecond(), contract.get(), data_field, candidate_field]);
        write!(f, "{place}")
    }
}

impl FromStr for HeldPlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (since, contract, data_field, candidate_field): (i64, i64, String, String) =
            serde_json::from_str(text).map_err(|_| NoPlace)?;
        let since = Timestamp::from_millisecond(since).map_err(|_| NoPlace)?;
        Ok(Self { since, contract: contract.into(), data_field, candidate_field })
    }
}
