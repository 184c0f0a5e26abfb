//! What is remembered between two looks at a contract. It holds no personal data.

mod card_entry;
#[cfg(feature = "test-util")]
mod conformance;
mod digest;
mod ledger_change;
mod memory_ledger;
mod overwrites;
mod request_id;

use std::{collections::BTreeMap, error, fmt};

use async_trait::async_trait;
use oneflow_client::{ContractId, TemplateId};
use serde::{Deserialize, Serialize};
use teamtailor_client::{CandidateId, UploadId};

#[cfg(feature = "test-util")]
pub use self::conformance::{LedgerFault, LedgerRule, ledger_conformance};
pub use self::{
    card_entry::{CardEntry, CardField, WriteAttempt},
    digest::Digest,
    ledger_change::LedgerChange,
    memory_ledger::MemoryLedger,
    overwrites::{Overwrites, Updated},
    request_id::{InvalidRequestId, RequestId},
};
pub(crate) use self::{digest::FieldDigests, ledger_change::Agreed, overwrites::Places};
use crate::mapping::LinkMeans;

/// What is remembered of one contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LedgerEntry {
    /// The candidate that the contract belongs to, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<CandidateId>,
    /// Whether a person has said so: then no link in the contract says otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub linked_by_hand: bool,
    /// By which means the candidate was found; for a contract that was made here, by the token that it was given. `None` where
    /// nobody has noted it: then it counts as found by an e-mail address, unless the contract names the creation by which it was made
    /// for this candidate, as the ledger knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_by: Option<LinkMeans>,
    /// What both sides last agreed on, by `custom_id` of the data field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bases: BTreeMap<String, Digest>,
    /// What is known of the signed document on the candidate's card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentRecord>,
    /// Whether the host has erased the bases since it keeps none for so long: then no field is written any more, since nobody can tell
    /// an edit from what both sides agreed on. A link by hand takes it back, and the fields are as if seen for the first time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_retired: bool,
}

impl LedgerEntry {
    /// Whether it was bound by more than an e-mail address.
    pub(crate) fn is_proven(&self) -> bool {
        self.linked_by_hand || self.linked_by.is_some_and(|means| means != LinkMeans::Email)
    }
}

/// What is known of the signed document of a contract on the candidate's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentRecord {
    /// It is about to be uploaded, or was uploaded and the answer was lost.
    Intended,
    /// It was uploaded.
    Uploaded {
        /// The file on the card.
        upload: UploadId,
    },
}

/// What is remembered of one creation of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Creation {
    /// It is about to be made, or was made and the answer was lost.
    Intended {
        /// Whose contract it is.
        candidate: CandidateId,
        /// What it is made from.
        template: TemplateId,
    },
    /// It was refused, or never sent: nothing was made, and another try may make it.
    Released {
        /// Whose contract it was to be.
        candidate: CandidateId,
        /// What it was to be made from.
        template: TemplateId,
    },
    /// It was made.
    Created {
        /// Whose contract it is.
        candidate: CandidateId,
        /// The contract.
        contract: ContractId,
    },
}

impl Creation {
    /// Whose contract it is, or was to be.
    #[must_use]
    pub fn candidate(&self) -> &CandidateId {
        match self {
            Self::Intended { candidate, .. }
            | Self::Released { candidate, .. }
            | Self::Created { candidate, .. } => candidate,
        }
    }
}

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

/// Where the engine keeps what it remembers. The host implements it over its own store.
///
/// What holds for every ledger:
///
/// * What [`Ledger::update`], [`Ledger::save_creation`] and [`Ledger::forget`] have acknowledged survives a crash.
/// * The entry of a contract, that of a card and a creation are kept and given back whole. Their JSON form (`serde`) is
///   stable, so a store may keep that and nothing else.
/// * [`Ledger::update`] is atomic: two of them at a time, of one contract, of two contracts of one candidate, or of any two that
///   overwrite something, end as if one had come after the other.
/// * A candidate who was forgotten stays forgotten. A change or a creation of such a candidate succeeds and keeps nothing:
///   a look that was under way must not bring the candidate back.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Ledger: fmt::Debug + Send + Sync {
    /// The entry of a contract; the default entry for one never seen.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError>;

    /// What is remembered of a candidate's card; the default entry for a candidate never seen.
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
    /// [`change.candidate()`](LedgerChange::candidate), and how many values were overwritten lately: in one transaction, the three
    /// are loaded as by [`Ledger::load`], [`Ledger::load_card`] and [`Ledger::load_overwrites`], given to
    /// [`change.apply(..)`](LedgerChange::apply), whose answer is given back, and saved. For a forgotten candidate, nothing is, and the
    /// answer is [`Updated::Done`].
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails; nothing has changed then, or all of it.
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

    /// Erases every entry and every creation that names the candidate and what is remembered of its card, and leaves a tombstone: the candidate's id and
    /// nothing else. Forgetting twice, or forgetting a candidate never seen, is no error.
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
