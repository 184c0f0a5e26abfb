//! Copies a template into a new draft.

use serde_json::Value;

use super::{
    directory::ACCOUNT_NAME,
    new_contract::{MyParty, NewContract, NewDataField, NewParticipant, NewParty},
};
use crate::{
    counters::Counted,
    state::oneflow::{Contract, ContractState, DataField, Participant, Party, SignState},
    unknowns::{IntegrationFieldWrites, NewContractValue, ParticipantCustomId},
    world::World,
};

/// So much is kept of a custom id that is cut short.
const SHORT: usize = 20;

impl World {
    /// Copies the template into a new draft. The caller has checked every reference.
    pub(crate) fn make_contract(&mut self, new: NewContract, creator: i64) -> i64 {
        let id = self.counters.next(Counted::Contract);
        let template_type = self.oneflow.templates.get(&new.template_id).and_then(|one| one.template_type);
        let data_fields = self.inherit_fields(template_type, &new.data_fields);
        let mut parties = vec![self.owner_party(new.my_party, creator)];
        for party in new.parties {
            parties.push(self.make_party(party));
        }
        let now = self.now;
        let shows_value = self.oneflow_unknowns().new_contract_value != NewContractValue::Ignored;
        let value = if shows_value { new.value } else { Value::Null };
        let contract = Contract {
            id,
            name: new.name,
            value,
            state: ContractState::Draft,
            workspace: new.workspace_id,
            template: new.template_id,
            template_type,
            parties,
            data_fields,
            events: Vec::new(),
            created: now,
            published: None,
            state_updated: now,
            updated: now,
            file_missing: false,
            deleted: false,
            pdf: None,
        };
        self.oneflow.contracts.insert(id, contract);
        id
    }

    fn inherit_fields(&mut self, template_type: Option<i64>, given: &[NewDataField]) -> Vec<DataField> {
        let takes_system = self.oneflow_unknowns().integration_field_writes == IntegrationFieldWrites::Taken;
        let (now, counters) = (self.now, &mut self.counters);
        let fields =
            template_type.and_then(|id| self.oneflow.template_types.get(&id)).map(|kind| &kind.fields);
        fields
            .into_iter()
            .flatten()
            .filter(|field| field.active)
            .map(|field| {
                let value = given.iter().find(|one| one.custom_id == field.custom_id).map(|one| &one.value);
                DataField {
                    id: counters.next(Counted::DataField),
                    custom_id: field.custom_id.clone(),
                    name: field.name.clone(),
                    value: value.filter(|_| !field.system || takes_system).unwrap_or(&field.value).clone(),
                    system: field.system,
                    created: now,
                    updated: now,
                }
            })
            .collect()
    }

    /// Always a company. Without participants of its own, the creator becomes one.
    fn owner_party(&mut self, given: Option<MyParty>, creator: i64) -> Party {
        let (name, custom_id, participants) = match given {
            Some(party) => (party.name, party.ownerside.custom_id, party.participants),
            None => (None, None, Vec::new()),
        };
        let id = self.counters.next(Counted::Party);
        let mut participants: Vec<_> =
            participants.into_iter().map(|one| self.make_participant(one)).collect();
        if participants.is_empty()
            && let Some(user) = self.oneflow.users.get(&creator)
        {
            let mut new = NewParticipant::signatory(user.name.clone(), user.email.clone());
            (new.signatory, new.organizer) = (false, true);
            participants.push(self.make_participant(new));
        }
        Party {
            id,
            my_party: true,
            individual: false,
            name: name.unwrap_or_else(|| ACCOUNT_NAME.to_owned()),
            country_code: Some("SE".to_owned()),
            identification_number: None,
            custom_id,
            participants,
            created: self.now,
        }
    }

    pub(crate) fn make_party(&mut self, new: NewParty) -> Party {
        let id = self.counters.next(Counted::Party);
        let given = new.participants.into_iter().flatten().chain(new.participant);
        let participants: Vec<_> = given.map(|one| self.make_participant(one)).collect();
        let name = new.name.or_else(|| participants.first().map(|one| one.name.clone()));
        Party {
            id,
            my_party: false,
            individual: new.kind == "individual",
            name: name.unwrap_or_default(),
            country_code: new.country_code,
            identification_number: new.identification_number,
            custom_id: new.ownerside.custom_id,
            participants,
            created: self.now,
        }
    }

    pub(crate) fn make_participant(&mut self, new: NewParticipant) -> Participant {
        let custom_id =
            new.ownerside.custom_id.and_then(|id| match self.oneflow_unknowns().participant_custom_id {
                ParticipantCustomId::Kept | ParticipantCustomId::Refused => Some(id),
                ParticipantCustomId::Dropped => None,
                ParticipantCustomId::Else => Some(id.chars().take(SHORT).collect()),
            });
        Participant {
            id: self.counters.next(Counted::Participant),
            name: new.name,
            email: new.email,
            phone_number: new.phone_number,
            title: new.title,
            identification_number: new.identification_number.unwrap_or_default(),
            custom_id,
            delivery_channel: new.delivery_channel.unwrap_or_else(|| "email".to_owned()),
            sign_method: new.sign_method.unwrap_or_else(|| "standard_esign".to_owned()),
            two_step: new.two_step_authentication_method.unwrap_or_else(|| "none".to_owned()),
            signatory: new.signatory,
            organizer: new.organizer,
            may_update: new.permissions.contract_update.unwrap_or(false),
            sign_state: SignState::Undecided,
            sign_state_updated: None,
            created: self.now,
            updated: self.now,
        }
    }
}
