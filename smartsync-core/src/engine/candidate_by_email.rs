//! Finds the candidate of a contract by the address of a participant, and asks what the address proves.

use std::collections::BTreeSet;

use oneflow_client::{
    ContractId,
    events::{ContractEvent, EventSort, ListContractEvents},
};
use smartsync_transport::{Lenient, PageError};
use teamtailor_client::{CandidateId, candidates::Candidate};

use super::{
    engine_error::EngineError, find_candidate::CandidateFinder, find_candidate::NotFound,
    refusal::is_of_this_request,
};
use crate::{
    candidate::{CandidateSnapshot, DefaultField},
    contract::{ContractSnapshot, Signer},
    link::{SentTo, folded},
    mapping::LinkMethod,
    outcome::Reason,
};

/// More signatories than this are not searched for one by one.
const MAX_SIGNERS: usize = 10;
/// So many pages of events are read, of 100 each. A contract with more is left to a person.
const MAX_EVENT_PAGES: usize = 5;

impl CandidateFinder<'_> {
    /// The one candidate who has the e-mail address of exactly one counterparty participant, a signatory; and that participant.
    pub(crate) async fn find_by_email<'a>(
        &self,
        contract: &'a ContractSnapshot,
    ) -> Result<(CandidateSnapshot, &'a Signer), NotFound> {
        let addressed = contract.signers.iter().filter_map(|signer| {
            let address = folded(signer.email.as_deref()?);
            (!address.is_empty()).then_some((address, signer))
        });
        let addressed: Vec<(String, &Signer)> = addressed.collect();
        // Each is looked for once, also where participants share it.
        let mut seen = BTreeSet::new();
        let signatories = addressed.iter().filter(|(_, signer)| signer.is_signatory != Some(false));
        let addresses: Vec<&String> =
            signatories.map(|(address, _)| address).filter(|address| seen.insert(*address)).collect();
        if addresses.len() > MAX_SIGNERS {
            return Err(Reason::SeveralCandidates.into());
        }
        let mut found = Vec::new();
        for address in addresses {
            let search = CandidateSnapshot::search(address);
            let page = match self.teamtailor.candidates().pages_with_values(search).next().await {
                Some(Ok(page)) => page,
                Some(Err(PageError::Request(error))) => return Err(error.into()),
                None | Some(Err(_)) => return Err(Reason::AnswerUnreadable.into()),
            };
            let listed: Result<Vec<&Candidate>, _> = page.data.iter().map(Lenient::as_result).collect();
            let Ok(listed) = listed else {
                return Err(Reason::AnswerUnreadable.into());
            };
            // One that is listed twice may stand in the place of another.
            let mut ids = BTreeSet::new();
            if !listed.iter().all(|candidate| ids.insert(&candidate.id)) {
                return Err(Reason::AnswerUnreadable.into());
            }
            for candidate in CandidateSnapshot::read_all(&listed, &page.included) {
                // Whose address could not be read may be the candidate, or a second one.
                if candidate.unreadable.contains(&DefaultField::Email) {
                    return Err(Reason::AnswerUnreadable.into());
                }
                let email = candidate.defaults.get(&DefaultField::Email);
                if email.is_some_and(|email| folded(email) == *address) {
                    found.push((candidate, address));
                }
            }
        }
        let Some((candidate, address)) = found.pop() else {
            return Err(Reason::NoCandidate.into());
        };
        if !found.is_empty() {
            return Err(Reason::SeveralCandidates.into());
        }
        let mut participants = addressed.iter().filter(|(of, _)| of == address).map(|(_, signer)| *signer);
        match (participants.next(), participants.next()) {
            (Some(only), None) => Ok((candidate, only)),
            // Which of them is the candidate, and whose entries these are, is anybody's guess.
            _ => Err(Reason::AddressShared.into()),
        }
    }

    /// Whether the contract was sent to the address that the participant has, as far as Oneflow says.
    pub(crate) async fn was_sent_to(
        &self,
        contract: &ContractSnapshot,
        signer: &Signer,
    ) -> Result<bool, EngineError> {
        let Some(sent_to) = SentTo::of(contract, signer) else {
            return Ok(false);
        };
        let events = self.read_events(contract.id).await?;
        Ok(events.is_some_and(|events| sent_to.is_unchanged(&events)))
    }

    /// The same of the candidate whom an earlier version has bound by nobody knows what. Where addresses are not a method, nothing may be
    /// asked, and what is bound stays so.
    pub(crate) async fn was_sent_to_bound(
        &self,
        contract: &ContractSnapshot,
        candidate: &CandidateId,
    ) -> Result<bool, EngineError> {
        if !self.mapping.sync.link.contains(&LinkMethod::Email) {
            return Ok(true);
        }
        match self.find_by_email(contract).await {
            Ok((found, signer)) if found.id == *candidate => self.was_sent_to(contract, signer).await,
            Ok(_) | Err(NotFound::Because(_)) => Ok(false),
            Err(NotFound::Failed(error)) => Err(error),
        }
    }

    /// All that has happened to a contract; `None` where that is more than is read, or cannot be read as a whole.
    async fn read_events(&self, contract: ContractId) -> Result<Option<Vec<ContractEvent>>, EngineError> {
        // The earliest first, so that what happens meanwhile moves nothing from one page to another.
        let list = ListContractEvents::new(contract).sort([EventSort::CreatedTime]);
        let mut pages = self.oneflow.pages(list);
        let (mut events, mut total) = (Vec::new(), None);
        for _ in 0..MAX_EVENT_PAGES {
            match pages.next().await {
                None => {
                    let mut ids = BTreeSet::new();
                    // One that is there twice may stand in the place of another.
                    let are_all = events.iter().all(|event: &ContractEvent| ids.insert(event.id))
                        && total.is_none_or(|total| usize::try_from(total) == Ok(events.len()));
                    return Ok(are_all.then_some(events));
                }
                Some(Ok(page)) => {
                    if !page.unreadable.is_empty() {
                        return Ok(None);
                    }
                    total = page.count;
                    let listed: Result<Vec<_>, _> = page.into_items().collect();
                    let Ok(listed) = listed else {
                        return Ok(None);
                    };
                    events.extend(listed);
                }
                // A list that is not there, or that we may not see, says nothing; a busy service will.
                Some(Err(PageError::Request(error))) if !is_of_this_request(&error) => {
                    return Err(error.into());
                }
                Some(Err(_)) => return Ok(None),
            }
        }
        Ok(None)
    }
}
