//! Reads and writes the data fields of a contract.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{check::Checked, contracts, happening::Happening, page, refusal::Refusal, render, table};
use crate::{
    action_error::ActionError,
    incoming::Incoming,
    state::oneflow::{Contract, ContractState, DataField, SignState},
    unknowns::ChangesMoveUpdatedTime,
    world::World,
};

/// The body of an update of one field, or an item of an update of many.
#[derive(Deserialize)]
struct Change {
    id: Option<i64>,
    #[serde(rename = "_private_ownerside", default)]
    ownerside: Ownerside,
    /// Absent: unchanged. Null: cleared.
    #[serde(default, deserialize_with = "present")]
    value: Option<Option<String>>,
}

#[derive(Default, Deserialize)]
struct Ownerside {
    custom_id: Option<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub(super) fn list(world: &World, incoming: &Incoming, checked: &Checked) -> Result<Value, Refusal> {
    page::page(world, incoming, &rendered(world, contracts::find(world, checked)?))
}

fn rendered(world: &World, contract: &Contract) -> Vec<Value> {
    contract.data_fields.iter().map(|field| render::data_field(world, field)).collect()
}

pub(super) fn update_one(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let change: Change = serde_json::from_value(checked.body.clone()).map_err(|_| Refusal::unreadable())?;
    let contract = contracts::find(world, checked)?;
    let key = checked.argument(1);
    let named = |field: &&DataField| match key.strip_prefix("c::") {
        Some(custom_id) => field.custom_id == custom_id,
        None => key.parse() == Ok(field.id),
    };
    let field = contract.data_fields.iter().find(named).ok_or_else(Refusal::not_found)?;
    if !change.names(field) {
        return Err(Refusal::parameter("id", "contradicts the path"));
    }
    let (contract, field) = (contract.id, field.id);
    apply(world, contract, &[(field, change)])?;
    let updated = contracts::find(world, checked)?.data_fields.iter().find(|one| one.id == field);
    updated.map(|field| render::data_field(world, field)).ok_or_else(Refusal::not_found)
}

pub(super) fn update_many(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    // Whether the list is wrapped is not documented: both forms are accepted.
    let wrapped = checked.body.as_object().filter(|members| members.len() == 1);
    let items = wrapped.and_then(|members| members.get("data_fields")).unwrap_or(&checked.body);
    let mut found = Vec::new();
    table::DATA_FIELDS.check(items, "", &mut found);
    if !found.is_empty() {
        return Err(Refusal::body(&found));
    }
    let items: Vec<Change> = serde_json::from_value(items.clone()).map_err(|_| Refusal::unreadable())?;
    let contract = contracts::find(world, checked)?;
    let mut changes = Vec::new();
    for change in items {
        if change.id.is_none() && change.ownerside.custom_id.is_none() {
            return Err(Refusal::parameter("id", "`id` or `_private_ownerside.custom_id` is required"));
        }
        let field =
            contract.data_fields.iter().find(|field| change.names(field)).ok_or_else(Refusal::not_found)?;
        changes.push((field.id, change));
    }
    let contract = contract.id;
    apply(world, contract, &changes)?;
    let fields = rendered(world, contracts::find(world, checked)?);
    Ok(json!({ "_links": {}, "count": fields.len(), "data": fields }))
}

impl Change {
    /// Whether everything that it says about the field's identity is right.
    fn names(&self, field: &DataField) -> bool {
        self.id.is_none_or(|id| id == field.id)
            && self.ownerside.custom_id.as_ref().is_none_or(|custom_id| *custom_id == field.custom_id)
    }
}

fn apply(world: &mut World, contract: i64, changes: &[(i64, Change)]) -> Result<(), Refusal> {
    let values: Vec<(i64, String)> = changes
        .iter()
        .filter_map(|(field, change)| Some((*field, change.value.clone()?.unwrap_or_default())))
        .collect();
    let written = world.write_data_fields(contract, None, &values);
    written.map_err(|_| Refusal::conflict("The contract is signed, declined or overdue."))
}

impl World {
    /// Writes data fields for `actor` (`None`: over the API) and raises the events of what has changed, in draft and
    /// pending.
    ///
    /// A field of the system is silently left unchanged. A change after publishing is a change of content, and
    /// invalidates the signatures given before it.
    pub(crate) fn write_data_fields(
        &mut self,
        contract: i64,
        actor: Option<i64>,
        values: &[(i64, String)],
    ) -> Result<(), ActionError> {
        let now = self.now;
        let moves = self.oneflow_unknowns().changes_move_updated_time == ChangesMoveUpdatedTime::Moves;
        let written = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        if !matches!(written.state, ContractState::Draft | ContractState::Pending) {
            return Err(ActionError::State);
        }
        let mut events = Vec::new();
        for (id, value) in values {
            if let Some(field) = written.data_fields.iter_mut().find(|field| field.id == *id)
                && !field.system
                && field.value != *value
            {
                let happening = Happening::to_data_field("data_field:update", *id).by(actor);
                events.push(happening.changed("value", &field.value, value));
                field.value.clone_from(value);
                field.updated = now;
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        if moves {
            written.updated = now;
        }
        if written.state == ContractState::Pending {
            events.push(Happening::to_contract("contract:content_update").by(actor));
            if written.participants().any(|one| one.sign_state == SignState::Signed) {
                for participant in written.participants_mut() {
                    participant.sign_state = SignState::Undecided;
                    participant.sign_state_updated = Some(now);
                    participant.updated = now;
                }
                events.push(Happening::to_contract("contract:signature_reset"));
            }
        }
        self.raise(contract, &events);
        Ok(())
    }
}
