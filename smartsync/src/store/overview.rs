//! What a person looks at: which contracts there are, what of them is held, and what was counted, in answers that stay fast however much there is.

mod age;
mod contract_filter;
mod contract_row;
mod held_field;
mod look_again;
mod look_notes;
mod parked_row;
mod questions;
mod sqlite_notes;
mod sqlite_overview;
mod steps;
mod tallied;

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;

pub use self::{
    age::Age,
    contract_filter::{ContractFilter, FieldEnd},
    contract_row::{ContractPage, ContractPlace, ContractRow, NoPlace, Queued},
    held_field::{HeldField, HeldPage, HeldPlace},
    look_again::LookAgain,
    parked_row::{ParkedPage, ParkedRow},
    sqlite_overview::SqliteOverview,
    tallied::{Tallied, Tallies},
};
pub(super) use self::{
    look_notes::LookNotes,
    sqlite_notes::{erase_notes, note},
    steps::{KEPT_HOURS, hour},
};
#[cfg(feature = "postgres")]
pub(super) use self::{
    look_notes::edit,
    questions::{Cell, ContractQuestions, Dialect, Question, queued},
    steps::Steps,
};
use super::store_error::StoreError;

/// No number is counted further: who has more of something to see to than this does not ask for how many.
pub(crate) const COUNTED: u32 = 10_000;

/// So many contracts are looked through at most for one page. Where none of them matches any more, the page is short, and the next one goes on behind them.
pub(crate) const LOOKED_THROUGH: u32 = 3_000;

/// Views of what a tenant's journal and work hold, for people. Of a contract that was never looked at, none of them tells;
/// [`Journal::status`](super::Journal::status) counts those that wait, and has the time of the last notification.
///
/// Each answer is read from an index, or from a bounded part of one: none takes longer the more looks there are. Reading holds up nothing that writes.
/// No value of a field is in any of it.
#[async_trait]
pub trait Overview: fmt::Debug + Send + Sync {
    /// Contracts that `filter` lets through, the one that was looked at last first, at most `limit`. `after`: those behind a place that an earlier page
    /// has named ([`ContractPage::next`]).
    ///
    /// Of a filter with several parts, one is answered by an index and the others are checked row by row, in 3,000 rows at most. So a page can be shorter
    /// than `limit`, even empty, and have a next one all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn contracts(
        &self,
        filter: &ContractFilter,
        after: Option<ContractPlace>,
        limit: u32,
    ) -> Result<ContractPage, StoreError>;

    /// How many contracts `filter` lets through. Counts to 10,000, and looks through so many for that.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn count(&self, filter: &ContractFilter) -> Result<Counted, StoreError>;

    /// Fields that are held, those that have been so longest first, at most `limit`. `after`: those behind a place that an earlier page has named
    /// ([`HeldPage::next`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn held(&self, after: Option<&HeldPlace>, limit: u32) -> Result<HeldPage, StoreError>;

    /// How many fields are held. Counts to 10,000.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn held_count(&self) -> Result<Counted, StoreError>;

    /// Contracts that were given up, in the order of their ids, at most `limit`; with `code`, those of which it is among the
    /// [codes](super::Parked::codes). `after`: those behind a contract that an earlier page has named ([`ParkedPage::next`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn parked(
        &self,
        code: Option<&str>,
        after: Option<ContractId>,
        limit: u32,
    ) -> Result<ParkedPage, StoreError>;

    /// How many contracts were given up, and with `code` how many of those. Counts to 10,000.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn parked_count(&self, code: Option<&str>) -> Result<Counted, StoreError>;

    /// The codes of the contracts that were given up, of the first 3,000 pairs of a contract and a code.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn parked_codes(&self) -> Result<Vec<String>, StoreError>;

    /// What was counted in so many steps of so many hours each, the last of which has this time in its last hour; the oldest first, and a step in which
    /// nothing was counted is there as well. 24 steps of an hour are a day, 30 of 24 hours a month. Kept for 35 days.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn tallies(&self, now: Timestamp, hours: u32, steps: u32) -> Result<Vec<Tallies>, StoreError>;

    /// Adds to what is counted in the hour of this time. Looks are counted as they are recorded; what only a receiver knows is added by it, now and then.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing was added. After [`StoreError::Unanswered`] or [`StoreError::Closed`] nobody knows.
    async fn tally(&self, at: Timestamp, counts: &[(Tallied, u64)]) -> Result<(), StoreError>;
}

/// A number that was not counted to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counted {
    /// So many there are.
    pub number: u32,
    /// Whether there may be more.
    pub is_more: bool,
}

impl Counted {
    /// So many of which no more than one more than [`COUNTED`] were counted.
    pub(crate) fn to(number: u32, is_more: bool) -> Self {
        Self { number: number.min(COUNTED), is_more: is_more || number > COUNTED }
    }

    /// So many, and perhaps more.
    #[must_use]
    pub fn new(number: u32, is_more: bool) -> Self {
        Self { number, is_more }
    }
}

/// `37`, or `10000 or more`.
impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.is_more { f.write_str(" or more") } else { Ok(()) }
    }
}

pub(super) const HELD: &str = "SELECT * FROM held WHERE tenant = ?1
    ORDER BY since, contract_id, data_field, candidate_field LIMIT ?2";
pub(super) const HELD_AFTER: &str = "SELECT * FROM held WHERE tenant = ?1
    AND (since, contract_id, data_field, candidate_field) > (?3, ?4, ?5, ?6)
    ORDER BY since, contract_id, data_field, candidate_field LIMIT ?2";
pub(super) const HELD_COUNT: &str =
    "SELECT count(*) FROM (SELECT 1 FROM held WHERE tenant = ?1 LIMIT ?2) AS counted";
/// The rows of what was given up, of all or of those of one code. As many looks as have failed, back from the last one: what a person did is no look.
macro_rules! parked {
    ($of_code:literal) => {
        concat!(
            "SELECT id, parked_at, attempts, reason, coalesce(reasons, '[]'),
        (SELECT at FROM (SELECT at, row_number() OVER (ORDER BY at DESC, id DESC) AS back FROM looks
            WHERE tenant = ?1 AND contract_id = parked.id AND at <= parked_at AND action IS NULL) AS tries
            WHERE back = CASE WHEN attempts > 0 THEN attempts ELSE 1 END)
    FROM parked LEFT JOIN standing ON standing.tenant = parked.tenant AND standing.contract_id = parked.id
    WHERE parked.tenant = ?1 AND kind = 'contract' AND ",
            $of_code,
            " ORDER BY parked.id LIMIT ?4"
        )
    };
}

pub(super) const PARKED: &str = parked!(
    "parked.id > ?2 AND (CAST(?3 AS text) IS NULL OR EXISTS (
        SELECT 1 FROM standing_reasons WHERE tenant = ?1 AND contract_id = parked.id AND standing_reasons.reason = ?3))"
);
/// Of a code that few contracts have: these are found first, and of each whether it is parked. Otherwise all that are parked would be gone through for it,
/// as SQLite would if it were to choose (`+ 0`).
pub(super) const PARKED_OF_RARE: &str = parked!(
    "parked.id + 0 > ?2 AND parked.id IN (
        SELECT contract_id FROM standing_reasons WHERE tenant = ?1 AND standing_reasons.reason = ?3)"
);
pub(super) const PARKED_COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM parked
    WHERE tenant = ?1 AND kind = 'contract' AND (CAST(?2 AS text) IS NULL OR EXISTS (
        SELECT 1 FROM standing_reasons WHERE tenant = ?1 AND contract_id = parked.id AND standing_reasons.reason = ?2))
    LIMIT ?3) AS counted";
pub(super) const PARKED_COUNT_OF_RARE: &str = "SELECT count(*) FROM (SELECT 1 FROM parked
    WHERE tenant = ?1 AND kind = 'contract'
        AND id IN (SELECT contract_id FROM standing_reasons WHERE tenant = ?1 AND standing_reasons.reason = ?2)
    LIMIT ?3) AS counted";
/// How many contracts have a code, parked or not, up to a limit.
pub(super) const OF_CODE: &str = "SELECT count(*) FROM (SELECT 1 FROM standing_reasons WHERE tenant = ?1 AND reason = ?2 LIMIT ?3) AS counted";
pub(super) const PARKED_CODES: &str = "SELECT DISTINCT code FROM (SELECT standing_reasons.reason AS code
    FROM parked JOIN standing_reasons ON standing_reasons.tenant = parked.tenant AND contract_id = parked.id
    WHERE parked.tenant = ?1 AND kind = 'contract' LIMIT ?2) AS found ORDER BY code";
pub(super) const TALLIES: &str =
    "SELECT (hour - ?2) / ?4 AS step, what, CAST(sum(count) AS bigint) FROM tallies
    WHERE tenant = ?1 AND hour >= ?2 AND hour < ?3 GROUP BY step, what";
