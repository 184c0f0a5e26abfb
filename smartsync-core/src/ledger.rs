//! What is stored between two looks at a contract. It holds no personal data.

mod card_entry;
#[cfg(feature = "test-util")]
mod conformance;
mod digest;
mod entry;
mod ledger_change;
mod memory_ledger;
mod overwrites;
mod request_id;

use std::{error, fmt};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

#[cfg(feature = "test-util")]
pub use self::conformance::{LedgerFault, LedgerRule, ledger_conformance};
pub use self::entry::{Creation, DocumentRecord, LedgerEntry};
pub use self::{
    card_entry::{CardEntry, CardField, WriteAttempt},
    digest::Digest,
    ledger_change::LedgerChange,
    memory_ledger::MemoryLedger,
    overwrites::{Overwrites, Updated},
    request_id::{InvalidRequestId, RequestId},
};
pub(crate) use self::{digest::FieldDigests, ledger_change::Agreed, ledger_change::Kept, overwrites::Places};

/// The ledger could not be read or written. `Debug` leaves the store's own error to [`error::Error::source`].
pub struct LedgerError(Box<dyn error::Error + Send + Sync>);

impl LedgerError {
    /// Wraps the store's own error.
    pub fn new(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Debug for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerError(_)")
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the ledger could not be read or written")
    }
}

impl error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Where the engine stores what it has to know at the next look. The host implements it over its own store.
///
/// Rules for every ledger:
///
/// * What [`Ledger::update`], [`Ledger::save_creation`] and [`Ledger::forget`] have acknowledged survives a crash.
/// * The entries of contracts and cards, and creations, are stored and returned whole. Their JSON form (`serde`) is
///   stable, so a store may keep just that.
/// * [`Ledger::update`] is atomic: two of them at a time, of one contract, of two contracts of one candidate, or of
///   any two that overwrite something, end as if one had come after the other.
/// * A forgotten candidate stays forgotten. A change or a creation of such a candidate succeeds and stores nothing: a
///   look under way must not bring the candidate back.
///
/// An implementation has the attribute `#[async_trait]`; on wasm32, where the futures of a store are not `Send`, it is
/// `#[async_trait(?Send)]`. Code for both has the two lines `cfg_attr` of this trait. `examples/wasm` is such a host.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Ledger: fmt::Debug + Send + Sync {
    /// The entry of a contract; the default entry for one never seen.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError>;

    /// What is stored of a candidate's card; the default entry for a candidate never seen.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError>;

    /// How many values of cards were overwritten lately, by all engines over this ledger; the default where none was.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError>;

    /// Changes the entry of [`change.contract()`](LedgerChange::contract), that of the card of
    /// [`change.candidate()`](LedgerChange::candidate), and how many values were overwritten lately: in one
    /// transaction, the three are loaded as by [`Ledger::load`], [`Ledger::load_card`] and
    /// [`Ledger::load_overwrites`], passed to [`change.apply(..)`](LedgerChange::apply), whose answer is returned,
    /// and saved. For a forgotten candidate nothing is saved, and the answer is [`Updated::Done`].
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails; then either nothing has changed, or everything.
    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError>;

    /// What is known of a creation.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError>;

    /// Replaces what is known of a creation. The creation of a forgotten candidate is dropped.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError>;

    /// The contracts whose entry names the candidate, each once, in any order.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError>;

    /// Erases every entry and every creation that names the candidate and what is stored of its card, and leaves a
    /// tombstone: the candidate's id and nothing else. Forgetting twice, or forgetting a candidate never seen, is no
    /// error.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails; forgetting again is then safe.
    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError>;

    /// Whether there is a tombstone for the candidate. Nothing is written for such a candidate any more.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError>;
}
