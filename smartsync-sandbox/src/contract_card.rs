//! What a person sees of a contract.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::world::World;

/// What a person sees of a contract. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ContractCard {
    /// Id of the contract.
    pub id: i64,
    /// Name of the contract.
    pub name: String,
    /// `draft`, `pending`, `overdue`, `signed` or `declined`.
    pub state: &'static str,
    /// Values of the data fields by `custom_id`; an empty field has empty text.
    pub data_fields: BTreeMap<String, String>,
    /// Everybody on both sides.
    pub participants: Vec<ParticipantCard>,
}

/// What a person sees of a participant. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ParticipantCard {
    /// Id of the participant.
    pub id: i64,
    /// Whether the participant is on the side of the account.
    pub my_party: bool,
    /// Whether the participant has to sign.
    pub signatory: bool,
    /// `undecided`, `signed` or `declined`.
    pub sign_state: &'static str,
    /// Name as given.
    pub name: String,
    /// The owner side's own id of the participant.
    pub custom_id: Option<String>,
}

impl fmt::Debug for ContractCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractCard")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("data_fields", &self.data_fields.keys())
            .field("participants", &self.participants)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ParticipantCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParticipantCard")
            .field("id", &self.id)
            .field("my_party", &self.my_party)
            .field("signatory", &self.signatory)
            .field("sign_state", &self.sign_state)
            .finish_non_exhaustive()
    }
}

impl World {
    pub(crate) fn contract_card(&self, id: i64) -> Option<ContractCard> {
        let contract = self.oneflow.contracts.get(&id)?;
        let participants = contract.parties.iter().flat_map(|party| {
            party.participants.iter().map(|one| ParticipantCard {
                id: one.id,
                my_party: party.my_party,
                signatory: one.signatory,
                sign_state: one.sign_state.as_str(),
                name: one.name.clone(),
                custom_id: one.custom_id.clone(),
            })
        });
        let fields = contract.data_fields.iter();
        Some(ContractCard {
            id,
            name: contract.name.clone(),
            state: contract.state.as_str(),
            data_fields: fields.map(|field| (field.custom_id.clone(), field.value.clone())).collect(),
            participants: participants.collect(),
        })
    }
}
