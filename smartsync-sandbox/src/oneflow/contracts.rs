//! Reads and publishes contracts.

use serde_json::Value;

use super::{check::Checked, happening::Happening, page, refusal::Refusal, render};
use crate::{
    action_error::ActionError,
    incoming::Incoming,
    state::oneflow::{Contract, ContractState},
    world::World,
};

/// Longest `filter[data_field_match]`, in characters.
const MAX_MATCH: usize = 600;

const SORTABLE: &[&str] = &["name", "state", "state_updated_time", "published_time"];

pub(super) fn list(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let columns = page::sort_columns(incoming, SORTABLE)?;
    let wanted = match incoming.query("filter[data_field_match]") {
        None => None,
        Some(text) => match text.split_once(':') {
            Some((custom_id, value))
                if !custom_id.is_empty() && !value.is_empty() && text.chars().count() <= MAX_MATCH =>
            {
                Some((custom_id, value))
            }
            _ => {
                return Err(Refusal::parameter(
                    "filter[data_field_match]",
                    "must be `custom_id:value`, neither empty, of up to 600 characters",
                ));
            }
        },
    };
    let matches = |contract: &&Contract| {
        wanted.is_none_or(|(custom_id, value)| {
            contract.data_fields.iter().any(|field| field.custom_id == custom_id && field.value == value)
        })
    };
    let mut items: Vec<Value> = world
        .oneflow
        .contracts
        .values()
        .filter(matches)
        .map(|contract| render::contract_in_list(world, contract))
        .collect();
    page::sort(&mut items, &columns, |item, column| {
        let value = if column == "name" { &item["_private"]["name"] } else { &item[column] };
        value.as_str().unwrap_or_default().to_owned()
    });
    page::page(world, incoming, &items)
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    Ok(render::contract(world, find(world, checked)?))
}

pub(super) fn find<'a>(world: &'a World, checked: &Checked) -> Result<&'a Contract, Refusal> {
    world.oneflow.contracts.get(&checked.id(0)?).ok_or_else(Refusal::not_found)
}

/// Draft becomes pending; any other state is a conflict.
pub(super) fn publish(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let id = find(world, checked)?.id;
    world.publish(id).map_err(|_| Refusal::conflict("The contract is not a draft."))?;
    get(world, checked)
}

impl World {
    /// Sends a draft to its participants.
    pub(crate) fn publish(&mut self, contract: i64) -> Result<(), ActionError> {
        let now = self.now;
        let draft = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        if draft.state != ContractState::Draft {
            return Err(ActionError::State);
        }
        draft.state = ContractState::Pending;
        draft.published = Some(now);
        draft.state_updated = now;
        draft.updated = now;
        self.raise(contract, &[Happening::to_contract("contract:publish")]);
        Ok(())
    }
}
