//! Finds the candidate of a contract, or says why there is none to write to.

use oneflow_client::OneflowClient;
use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient};

use super::{engine_error::EngineError, read_candidate::read_candidate};
use crate::{
    candidate::CandidateSnapshot,
    contract::ContractSnapshot,
    keys::SyncKeys,
    ledger::{CardEntry, Creation, Ledger, LedgerEntry, LedgerError},
    link::{self, Link, LinkToken},
    mapping::{LinkMethod, Mapping, can_concern_a_card},
    outcome::Reason,
};

/// Finds the candidate of a contract.
pub(crate) struct CandidateFinder<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) teamtailor: &'a TeamtailorClient,
    pub(crate) mapping: &'a Mapping,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
}

/// Whether a contract has a candidate.
pub(crate) enum Found {
    Candidate(Box<FoundCandidate>),
    /// Nothing may be written, for this reason.
    Nobody(Reason),
}

/// The candidate of a contract, by which method it was found, and what was remembered of the card before it was read.
pub(crate) struct FoundCandidate {
    pub(crate) candidate: CandidateSnapshot,
    pub(crate) method: LinkMethod,
    pub(crate) card: CardEntry,
}

/// Why a search ends without a candidate.
pub(crate) enum NotFound {
    /// Nothing may be written, for this reason.
    Because(Reason),
    /// A service or the ledger could not be read.
    Failed(EngineError),
}

impl From<Reason> for NotFound {
    fn from(reason: Reason) -> Self {
        Self::Because(reason)
    }
}

impl From<EngineError> for NotFound {
    fn from(error: EngineError) -> Self {
        Self::Failed(error)
    }
}

impl From<Error> for NotFound {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<LedgerError> for NotFound {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.into())
    }
}

impl CandidateFinder<'_> {
    /// The candidate of a contract, or why nothing may be written for it.
    pub(crate) async fn find(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<Found, EngineError> {
        match self.search(contract, entry).await {
            Ok(found) => Ok(Found::Candidate(Box::new(found))),
            Err(NotFound::Because(reason)) => Ok(Found::Nobody(reason)),
            Err(NotFound::Failed(error)) => Err(error),
        }
    }

    async fn search(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<FoundCandidate, NotFound> {
        if !can_concern_a_card(contract, self.mapping) || contract.lost("state").is_some() {
            return Err(Reason::NoCandidate.into());
        }
        let (candidate, method) = match link::link(contract, entry, &self.mapping.sync, self.keys) {
            Link::Held(reason) => return Err(reason.into()),
            Link::ByEmail => return self.search_by_email(contract, entry).await,
            Link::Bound(candidate, LinkMethod::Ledger) => (candidate, LinkMethod::Ledger),
            Link::Bound(candidate, method) => {
                self.check_owner_side(contract, &candidate).await?;
                let is_confirmed = link::is_confirmed(contract, entry, self.keys);
                if !is_confirmed && !self.was_sent_to_bound(contract, &candidate).await? {
                    return Err(Reason::LinkUnconfirmed.into());
                }
                (candidate, method)
            }
            Link::Token(token, method) => {
                self.check_token(contract, &token).await?;
                (token.candidate, method)
            }
        };
        if self.ledger.is_forgotten(&candidate).await? {
            return Err(Reason::CandidateForgotten.into());
        }
        // Before the card itself: what another look writes in between is then on the card that is read, and what the ledger
        // says of it is seen before anything is written.
        let card = self.ledger.load_card(&candidate).await?;
        let candidate = read_candidate(self.teamtailor, &candidate).await?.ok_or(Reason::CandidateGone)?;
        Ok(FoundCandidate { candidate, method, card })
    }

    async fn search_by_email(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<FoundCandidate, NotFound> {
        let (candidate, signer) = self.find_by_email(contract).await?;
        link::check_known(entry, &candidate)?;
        if self.ledger.is_forgotten(&candidate.id).await? {
            return Err(Reason::CandidateForgotten.into());
        }
        self.check_owner_side(contract, &candidate.id).await?;
        // Last, since it costs a request more: only of an address that would link, and of a contract that nothing is
        // known to have bound yet.
        let is_confirmed = link::is_confirmed(contract, entry, self.keys);
        if !is_confirmed && !self.was_sent_to(contract, signer).await? {
            return Err(Reason::LinkUnconfirmed.into());
        }
        let card = self.ledger.load_card(&candidate.id).await?;
        // A list may leave out what the answer for one candidate has, and what the ledger remembers must be older than
        // what is read.
        let is_to_be_read = candidate.is_incomplete
            || candidate.files.is_none() && contract.is_signed()
            || card != CardEntry::default();
        let candidate = if is_to_be_read {
            read_candidate(self.teamtailor, &candidate.id).await?.ok_or(Reason::CandidateGone)?
        } else {
            candidate
        };
        Ok(FoundCandidate { candidate, method: LinkMethod::Email, card })
    }

    /// Checks the tokens on the owner side that name the candidate: one of another creation proves nothing.
    async fn check_owner_side(
        &self,
        contract: &ContractSnapshot,
        candidate: &CandidateId,
    ) -> Result<(), NotFound> {
        for token in link::owner_side_tokens(contract, self.keys) {
            if token.candidate == *candidate {
                self.check_token(contract, &token).await?;
            }
        }
        Ok(())
    }

    /// Checks a token against what the ledger knows of the creation that it names.
    async fn check_token(&self, contract: &ContractSnapshot, token: &LinkToken) -> Result<(), NotFound> {
        let creation: Option<Creation> = self.ledger.load_creation(&token.request).await?;
        Ok(link::check_creation(contract.id, token, creation.as_ref())?)
    }
}
