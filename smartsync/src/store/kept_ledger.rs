//! The ledger of a host: beside what the engine asks of it, what somebody who forgets a candidate does.

use async_trait::async_trait;
use serde::Serialize;
use smartsync_core::{CandidateId, Ledger};

use super::store_error::StoreError;

/// A [`Ledger`] whose rows stand beside those of inbox and journal, so that a candidate is erased from all of them at once.
#[async_trait]
pub trait KeptLedger: Ledger {
    /// Whether anything names the candidate, be it as one who was forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn knows(&self, candidate: &CandidateId) -> Result<bool, StoreError>;

    /// Leaves the tombstone and erases nothing yet: from now on nothing is written for the candidate, and a look that is under way ends
    /// without another write. Returns whether there was none before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn bury(&self, candidate: &CandidateId) -> Result<bool, StoreError>;

    /// Forgets a candidate, as [`Ledger::forget`] does, and says what was erased: everything that names the candidate or one of its
    /// contracts, but for the tombstone, which is the candidate's id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]. After [`StoreError::Scrub`] the candidate is forgotten, and only the bytes are left to be cleaned:
    /// forgetting again does that.
    async fn erase(&self, candidate: &CandidateId) -> Result<Erased, StoreError>;
}

/// How much was erased when a candidate was forgotten: numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Erased {
    /// Whether the candidate was not forgotten before.
    #[serde(skip)]
    pub is_new: bool,
    /// Contracts that were known to be the candidate's, with their digests.
    pub contracts: usize,
    /// Creations of contracts for the candidate.
    pub creations: usize,
    /// Notifications about the candidate's contracts.
    pub notifications: usize,
    /// Contracts of the candidate that waited to be looked at.
    pub waiting: usize,
    /// Contracts of the candidate that had been given up.
    pub parked: usize,
    /// Looks at the candidate's contracts.
    pub looks: usize,
}
