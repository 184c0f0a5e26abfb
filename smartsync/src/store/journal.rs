//! What was done: a row for each look, where each contract stands, and how far the periodic work has come.

mod decided;
mod look;
mod look_failure;
mod look_json;
#[cfg(feature = "test-util")]
mod memory_journal;
mod parked;
pub(super) mod rows;
mod sqlite_journal;
mod standing;
mod status;
mod watermarks;

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

#[cfg(feature = "test-util")]
pub use self::memory_journal::MemoryJournal;
pub use self::{
    decided::{Decided, DecisionEnd, decisions_without_end},
    look::{Action, Look, LookedField, NextLook, NotedLook, Occasion, Trigger},
    look_failure::LookFailure,
    parked::{Parked, ParkedFilter},
    sqlite_journal::SqliteJournal,
    standing::{Counts, Seen, Standing},
    status::{Drift, Drifting, DueContract, LastLook, Status},
};
pub(crate) use self::{
    parked::parked,
    sqlite_journal::{erase, names},
    standing::of_row as standing_of_row,
};
use crate::store::store_error::StoreError;

/// The watermark of the periodic pass over the contracts of the account: the time at which the last one ended.
pub const LAST_SWEEP: &str = "last-sweep";

/// What was done, without a value: what each look found and did, where each contract stands, what is parked, and how far the periodic
/// work has come. It reads no clock.
///
/// A contract **drifts** while values that were agreed on in it are not on the candidate's card: a field whose moment (`when` in the
/// mapping) has come was held or failed, or waits for room within the limit of changes; or the signed document is not where it belongs. It drifts from the first look that finds
/// it so until one that does not. A look that fails as a whole finds nothing, and leaves that as it is. A contract without a candidate does not
/// drift: the sync does not concern it.
///
/// ```
/// use smartsync::store::{Journal, Look, NextLook, Occasion, SqliteJournal, Store, Trigger};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let (path, now) = (folder.path().join("state.db"), "2031-03-01T09:00:00Z".parse()?);
/// let journal = SqliteJournal::new(Store::open(&path)?);
/// let occasion = Occasion::new(9001.into(), Trigger::Notification, now);
/// journal.record(&Look::without_end(occasion, NextLook::Parked)).await?;
///
/// let looks = journal.looks(9001.into(), 10).await?;
/// assert_eq!(looks[0].error.as_ref().unwrap().0, "took-too-long");
/// assert_eq!(journal.status(now).await?.last_look.unwrap().contract, 9001);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait Journal: fmt::Debug + Send + Sync {
    /// Adds a look, or what a person did, and notes where its contract stands ([`Standing::after`]). Of a forgotten candidate nothing
    /// is added. A look that says when it [began](Occasion::begun_after), and that another has overtaken since, is added and changes nothing of how the contract
    /// stands: a process that has lost its claim may tell late of what it found. The other one began later, found something, and was noted in between.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn record(&self, look: &Look) -> Result<(), StoreError>;

    /// The last looks at a contract, at most `limit`, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError>;

    /// The rows that were noted after the one with the number `after`, whatever contract they are of: in the order in which they were noted, the first `limit` of
    /// them. With `None`, the last `limit` rows that there are, in the same order. A number is never given again, and none that was noted later is lower, so
    /// whoever asks for what comes after the last one that it has seen misses none and sees none twice.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError>;

    /// The number of the row that was noted last, 0 if there is none: asked for when a look begins ([`Occasion::begun_after`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn last_number(&self) -> Result<u64, StoreError> {
        Ok(self.looks_after(None, 1).await?.last().map_or(0, |noted| noted.number))
    }

    /// What the last look at each of these contracts saw, and which of them a person has to see to or has said to leave alone ([`Seen::of`]); those that
    /// were never looked at are missing.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError>;

    /// Where a contract stands; `None` if it was never looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError>;

    /// How the whole stands at this time. Costs the same however many looks there are.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn status(&self, now: Timestamp) -> Result<Status, StoreError>;

    /// The contracts that were given up, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError>;

    /// Has these of them be looked at now, with all tries before them, but not before the time that a service asked for.
    /// Returns those that were parked.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError>;

    /// Has these not be parked any more, and leaves them alone: a row says so ([`Action::Dropped`]), and a pass over all contracts looks at one again
    /// once it has changed since. A later notification is looked at all the same. Returns those that were parked.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError>;

    /// How far the work of this name has come.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError>;

    /// Notes how far the work of this name has come; `None` erases that.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError>;

    /// Erases every row of the candidate and of its contracts. Returns how many looks that were. `smartsync forget` does this
    /// together with everything else ([`SqliteLedger::erase`](crate::store::SqliteLedger::erase)).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError>;

    /// Drops at most `limit` of the looks (and of what a person did) that began before `before`, the oldest first, and where contracts stand that were not looked
    /// at since, do not drift, and are neither parked nor left alone. Returns how many looks that were.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError>;
}
