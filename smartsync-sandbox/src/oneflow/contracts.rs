//! Reads and publishes contracts.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    check::Checked,
    happening::Happening,
    page::{self, Place},
    refusal::Refusal,
    render,
};
use crate::{
    action_error::ActionError,
    incoming::Incoming,
    json_text,
    state::oneflow::{Contract, ContractState},
    unknowns::{ContractListLag, ContractListOrder, DeletedContract, PublishAnswer},
    world::World,
    written_time::oneflow as written,
};

/// Longest `filter[data_field_match]`, in characters.
const MAX_MATCH: usize = 600;

/// After so long a new contract is listed, where that takes a while.
const LAG: SignedDuration = SignedDuration::from_secs(30);

const SORTABLE: &[&str] = &["name", "state", "state_updated_time", "published_time"];

pub(super) fn list(world: &World, incoming: &Incoming) -> Result<Vec<u8>, Refusal> {
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
    let is_late = world.oneflow_unknowns().contract_list_lag == ContractListLag::Later;
    let is_listed = |contract: &&Contract| {
        let is_new = is_late && world.now.duration_since(contract.created) < LAG;
        !is_new && !contract.deleted
    };
    let contracts = world.oneflow.contracts.values();
    let mut found: Vec<&Contract> = contracts.filter(matches).filter(is_listed).collect();
    match world.oneflow_unknowns().contract_list_order {
        ContractListOrder::OldestFirst => {}
        ContractListOrder::NewestFirst => found.reverse(),
        // In none that anybody could tell.
        ContractListOrder::Else => found.sort_by_key(|contract| contract.id % 2),
    }
    page::sort(&mut found, &columns, |contract, column| match column {
        "name" => contract.name.clone(),
        "state" => contract.state.as_str().to_owned(),
        "state_updated_time" => written(contract.state_updated),
        _ => contract.published.map(written).unwrap_or_default(),
    });
    let Place { shown, links } = page::place(world, incoming, found.len())?;
    Ok(json_text::object(|page| {
        page.member("_links", links);
        page.member("count", found.len());
        page.list("data", |data| {
            for contract in &found[shown] {
                data.object(|members| render::contract_in_list(world, contract, members));
            }
        });
    }))
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    Ok(whole(world, find(world, checked)?))
}

/// One contract with everything nested.
pub(super) fn whole(world: &World, contract: &Contract) -> Vec<u8> {
    json_text::object(|members| render::contract(world, contract, members))
}

/// The same without data fields.
pub(super) fn without_fields(world: &World, contract: &Contract) -> Vec<u8> {
    json_text::object(|members| render::contract_without_fields(world, contract, members))
}

pub(super) fn find<'a>(world: &'a World, checked: &Checked) -> Result<&'a Contract, Refusal> {
    let found = world.oneflow.contracts.get(&checked.id(0)?);
    found.ok_or_else(|| match world.oneflow_unknowns().deleted_contract {
        DeletedContract::NotFound | DeletedContract::Shown => Refusal::not_found(),
        DeletedContract::Else => Refusal::new(StatusCode::GONE, "The contract was deleted."),
    })
}

/// Which states can be deleted, nobody says: any.
pub(super) fn delete(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    world.delete_contract(checked.id(0)?).map_err(|_| Refusal::not_found())?;
    Ok(json!({}))
}

/// Draft becomes pending; any other state is a conflict.
pub(super) fn publish(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let id = find(world, checked)?.id;
    let is_earlier = world.oneflow_unknowns().publish_answer == PublishAnswer::Earlier;
    let before = is_earlier.then(|| get(world, checked)).transpose()?;
    world.publish(id).map_err(|_| Refusal::conflict("The contract is not a draft."))?;
    before.map_or_else(|| get(world, checked), Ok)
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
