//! What participants do besides filling in and signing: they hand over, change their details and add others.

use std::fmt;

use crate::{
    action_error::ActionError,
    oneflow::{Happening, NewParticipant, NewParty},
    sandbox::Sandbox,
    settings::Delegation,
    state::oneflow::{Contract, ContractState, Participant, Party, SignState},
    world::World,
};

/// What a participant changes about itself; what is not set stays. `Debug` shows no text.
#[derive(Clone, Default)]
#[must_use]
pub struct OwnDetails {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
}

impl OwnDetails {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Another phone number.
    pub fn phone_number(mut self, number: impl Into<String>) -> Self {
        self.phone_number = Some(number.into());
        self
    }
}

impl fmt::Debug for OwnDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnDetails").finish_non_exhaustive()
    }
}

impl Sandbox {
    /// A counterparty who still has to sign hands that over to somebody else. Returns who has to sign now: depending
    /// on [`Delegation`], the same participant under another name, or a new one.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], [`ActionError::Participant`], and [`ActionError::State`] unless it is pending.
    pub fn delegate(
        &self,
        contract: i64,
        participant: i64,
        name: &str,
        email: &str,
    ) -> Result<i64, ActionError> {
        let to = OwnDetails::new().name(name).email(email);
        self.act(|world| world.delegate(contract, participant, to))
    }

    /// A counterparty changes its own name, e-mail address or phone number.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], [`ActionError::Participant`], and [`ActionError::State`] unless the contract is a
    /// draft or pending.
    pub fn change_own_details(
        &self,
        contract: i64,
        participant: i64,
        details: OwnDetails,
    ) -> Result<(), ActionError> {
        self.act(|world| world.change_own_details(contract, participant, details))
    }

    /// A counterparty adds one more person, who has to sign and may fill in fields: in its own company or, for an
    /// individual, as a party of its own. Returns the new participant's id.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::change_own_details`].
    pub fn add_participant(
        &self,
        contract: i64,
        by: i64,
        name: &str,
        email: &str,
    ) -> Result<i64, ActionError> {
        let new = NewParticipant::signatory(name.to_owned(), email.to_owned());
        self.act(|world| world.add_participant(contract, by, new))
    }

    /// The owner side adds one more individual as a party, who has to sign. Returns the new participant's id.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], and [`ActionError::State`] unless the contract is a draft or pending.
    pub fn add_counterparty(&self, contract: i64, name: &str, email: &str) -> Result<i64, ActionError> {
        let new = NewParticipant::signatory(name.to_owned(), email.to_owned());
        self.act(|world| world.add_party(contract, None, new))
    }
}

impl World {
    fn delegate(&mut self, contract: i64, participant: i64, to: OwnDetails) -> Result<i64, ActionError> {
        if self.open(contract)?.state != ContractState::Pending {
            return Err(ActionError::State);
        }
        let one = counterparty(self.open(contract)?, participant)?;
        if !one.signatory || one.sign_state != SignState::Undecided {
            return Err(ActionError::Participant);
        }
        let kind =
            if self.settings.delegation_as_update { "participant:update" } else { "participant:delegate" };
        match self.settings.delegation {
            Delegation::SameParticipant => {
                self.change(contract, participant, to, kind)?;
                Ok(participant)
            }
            Delegation::NewParticipant => {
                let now = self.now;
                let one = counterparty(self.open(contract)?, participant)?;
                (one.signatory, one.updated) = (false, now);
                self.raise(contract, &[Happening::to_participant(kind, participant).by(Some(participant))]);
                let (name, email) = (to.name.unwrap_or_default(), to.email.unwrap_or_default());
                self.add_participant(contract, participant, NewParticipant::signatory(name, email))
            }
        }
    }

    fn change_own_details(
        &mut self,
        contract: i64,
        participant: i64,
        details: OwnDetails,
    ) -> Result<(), ActionError> {
        self.change(contract, participant, details, "participant:update")
    }

    fn change(
        &mut self,
        contract: i64,
        participant: i64,
        details: OwnDetails,
        kind: &'static str,
    ) -> Result<(), ActionError> {
        let now = self.now;
        let one = counterparty(self.open(contract)?, participant)?;
        let before = one.clone();
        one.name = details.name.unwrap_or_else(|| before.name.clone());
        one.email = details.email.or_else(|| before.email.clone());
        one.phone_number = details.phone_number.or_else(|| before.phone_number.clone());
        one.updated = now;
        let attributes = [
            ("name", Some(before.name), Some(one.name.clone())),
            ("email", before.email, one.email.clone()),
            ("phone_number", before.phone_number, one.phone_number.clone()),
        ];
        let mut happening = Happening::to_participant(kind, participant).by(Some(participant));
        for (attribute, from, to) in attributes {
            if from != to {
                happening = happening.changed(
                    attribute,
                    from.as_deref().unwrap_or_default(),
                    to.as_deref().unwrap_or_default(),
                );
            }
        }
        self.raise(contract, &[happening]);
        Ok(())
    }

    fn add_participant(&mut self, contract: i64, by: i64, new: NewParticipant) -> Result<i64, ActionError> {
        counterparty(self.open(contract)?, by)?;
        let is_theirs = |party: &Party| party.participants.iter().any(|one| one.id == by);
        let individual =
            self.open(contract)?.parties.iter().any(|party| is_theirs(party) && party.individual);
        if individual {
            return self.add_party(contract, Some(by), new);
        }
        let one = self.make_participant(new);
        let id = one.id;
        let mut parties = self.open(contract)?.parties.iter_mut();
        parties.find(|party| is_theirs(party)).ok_or(ActionError::Participant)?.participants.push(one);
        self.raise(contract, &[Happening::to_participant("participant:create", id).by(Some(by))]);
        Ok(id)
    }

    fn add_party(&mut self, contract: i64, by: Option<i64>, new: NewParticipant) -> Result<i64, ActionError> {
        self.open(contract)?;
        let party = self.make_party(NewParty::individual(new));
        let (party_id, id) = (party.id, party.participants.first().map(|one| one.id).unwrap_or_default());
        self.open(contract)?.parties.push(party);
        self.raise(
            contract,
            &[
                Happening::to_party("party:create", party_id).by(by),
                Happening::to_participant("participant:create", id).by(by),
            ],
        );
        Ok(id)
    }

    /// A contract that is not closed yet.
    fn open(&mut self, contract: i64) -> Result<&mut Contract, ActionError> {
        let contract = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        match contract.state {
            ContractState::Draft | ContractState::Pending => Ok(contract),
            ContractState::Overdue | ContractState::Signed | ContractState::Declined => {
                Err(ActionError::State)
            }
        }
    }
}

fn counterparty(contract: &mut Contract, participant: i64) -> Result<&mut Participant, ActionError> {
    let others = contract.parties.iter_mut().filter(|party| !party.my_party);
    let mut everybody = others.flat_map(|party| &mut party.participants);
    everybody.find(|one| one.id == participant).ok_or(ActionError::Participant)
}
