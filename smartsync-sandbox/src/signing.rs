//! A participant signs or declines; time runs out; somebody deletes the contract.

use jiff::Timestamp;

use crate::{
    action_error::ActionError,
    oneflow::Happening,
    state::oneflow::{Contract, ContractState, Participant, SignState},
    unknowns::DeletedContract,
    world::World,
};

impl World {
    /// `participant` signs, or the first signatory who has not yet: counterparties before the owner side.
    pub(crate) fn sign(&mut self, contract: i64, participant: Option<i64>) -> Result<(), ActionError> {
        let now = self.now;
        let pending = self.pending(contract)?;
        let signer = signatory(pending, participant)?;
        signer.sign_state = SignState::Signed;
        signer.sign_state_updated = Some(now);
        signer.updated = now;
        let id = signer.id;
        let mut events = vec![Happening::to_participant("participant:sign", id).by(Some(id))];
        let has_signed = |one: &Participant| !one.signatory || one.sign_state == SignState::Signed;
        if pending.participants().all(has_signed) {
            move_to(pending, ContractState::Signed, now);
            events.push(Happening::to_contract("contract:sign"));
        }
        self.raise(contract, &events);
        Ok(())
    }

    /// Every signatory signs who has not yet, one after the other.
    pub(crate) fn sign_all(&mut self, contract: i64) -> Result<(), ActionError> {
        self.act(|world| world.sign(contract, None))?;
        while self.oneflow.contracts.get(&contract).is_some_and(|one| one.state == ContractState::Pending) {
            self.act(|world| world.sign(contract, None))?;
        }
        Ok(())
    }

    pub(crate) fn decline(&mut self, contract: i64, participant: Option<i64>) -> Result<(), ActionError> {
        let now = self.now;
        let pending = self.pending(contract)?;
        let decliner = signatory(pending, participant)?;
        decliner.sign_state = SignState::Declined;
        decliner.sign_state_updated = Some(now);
        decliner.updated = now;
        let id = decliner.id;
        move_to(pending, ContractState::Declined, now);
        let declined = Happening::to_participant("participant:decline", id).by(Some(id));
        self.raise(contract, &[declined, Happening::to_contract("contract:decline")]);
        Ok(())
    }

    /// The signing period is over.
    pub(crate) fn expire(&mut self, contract: i64) -> Result<(), ActionError> {
        let now = self.now;
        move_to(self.pending(contract)?, ContractState::Overdue, now);
        self.raise(contract, &[Happening::to_contract("contract:signing_period_expire")]);
        Ok(())
    }

    pub(crate) fn delete_contract(&mut self, contract: i64) -> Result<(), ActionError> {
        if !self.oneflow.contracts.contains_key(&contract) {
            return Err(ActionError::Contract);
        }
        self.raise(contract, &[Happening::to_contract("contract:delete")]);
        let is_shown = self.oneflow_unknowns().deleted_contract == DeletedContract::Shown;
        match self.oneflow.contracts.get_mut(&contract) {
            Some(deleted) if is_shown => deleted.deleted = true,
            _ => drop(self.oneflow.contracts.remove(&contract)),
        }
        Ok(())
    }

    fn pending(&mut self, contract: i64) -> Result<&mut Contract, ActionError> {
        let contract = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        if contract.state == ContractState::Pending { Ok(contract) } else { Err(ActionError::State) }
    }
}

fn move_to(contract: &mut Contract, state: ContractState, now: Timestamp) {
    contract.state = state;
    contract.state_updated = now;
    contract.updated = now;
}

fn signatory(contract: &mut Contract, participant: Option<i64>) -> Result<&mut Participant, ActionError> {
    let (owners, counterparties): (Vec<_>, Vec<_>) =
        contract.parties.iter_mut().partition(|party| party.my_party);
    let mut everybody = counterparties.into_iter().chain(owners).flat_map(|party| &mut party.participants);
    everybody
        .find(|one| {
            one.signatory
                && one.sign_state == SignState::Undecided
                && participant.is_none_or(|id| id == one.id)
        })
        .ok_or(ActionError::Participant)
}
