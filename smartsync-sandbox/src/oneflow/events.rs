//! What has happened to a contract, to be read afterwards.

use serde_json::{Value, json};

use super::{
    check::Checked,
    contracts,
    happening::{Change, Happening, Subject},
    page,
    refusal::Refusal,
    render,
};
use crate::{
    incoming::Incoming,
    state::oneflow::{Contract, ContractEvent, Participant, Party},
    unknowns::{ContractEvents, LimitAll, ParticipantEvents},
    world::World,
};

const SORTABLE: &[&str] = &["created_time", "id", "type"];

impl World {
    /// Stores what happens to a contract, under the id that its notification carries.
    pub(crate) fn note(&mut self, contract: i64, id: i64, happening: &Happening) {
        let Some(known) = self.oneflow.contracts.get(&contract) else { return };
        let address = format!("{}/v1/contracts/{contract}/events/{id}", self.origins.oneflow);
        let mut data = json!({ "subject": subject(self, known, happening.subject) });
        if !happening.changes.is_empty() {
            let change = |one: &Change| json!({ "attribute": one.attribute, "from": one.from, "to": one.to });
            data["changes"] = happening.changes.iter().map(change).collect::<Vec<_>>().into();
        }
        let shown = json!({
            "_links": { "self": { "href": address } },
            "actor": happening.actor.and_then(|actor| participant(known, actor)),
            "created_time": self.written(self.now),
            "data": data,
            "id": id,
            "type": happening.kind,
        });
        if let Some(known) = self.oneflow.contracts.get_mut(&contract) {
            known.events.push(ContractEvent { id, shown });
        }
    }
}

/// The form that is documented for an actor, used for a subject as well: the sheet shows none for it.
fn participant(contract: &Contract, id: i64) -> Option<Value> {
    let of = |party: &Party, one: &Participant| json!({ "id": one.id, "name": one.name, "party": { "id": party.id, "name": party.name } });
    let mut everybody =
        contract.parties.iter().flat_map(|party| party.participants.iter().map(move |one| (party, one)));
    everybody.find(|(_, one)| one.id == id).map(|(party, one)| of(party, one))
}

fn subject(world: &World, contract: &Contract, subject: Subject) -> Option<Value> {
    match subject {
        Subject::Contract => Some(json!({ "id": contract.id, "name": contract.name })),
        Subject::DataField(id) => {
            let field = contract.data_fields.iter().find(|field| field.id == id)?;
            Some(render::data_field(world, field))
        }
        Subject::Participant(id) => participant(contract, id),
        Subject::Party(id) => {
            let party = contract.parties.iter().find(|party| party.id == id)?;
            Some(json!({ "id": party.id, "name": party.name }))
        }
    }
}

/// Oldest first, unless the query says otherwise.
pub(super) fn list(world: &World, incoming: &Incoming, checked: &Checked) -> Result<Value, Refusal> {
    let columns = page::sort_columns(incoming, SORTABLE)?;
    let mut items: Vec<Value> = of(world, checked)?.into_iter().map(|event| event.shown.clone()).collect();
    // Ids as text of one length, so that they sort as numbers do.
    page::sort(&mut items, &columns, |item, column| {
        let text = item[column].as_str().map(str::to_owned);
        text.unwrap_or_else(|| format!("{:020}", item[column].as_i64().unwrap_or_default()))
    });
    if incoming.query("limit") == Some("all") && world.oneflow_unknowns().limit_all == LimitAll::Events {
        let address = format!("{}{}?limit=all", world.origins.oneflow, incoming.path);
        let links = json!({ "self": { "href": address }, "next": null, "previous": null });
        return Ok(json!({ "_links": links, "count": items.len(), "data": items }));
    }
    page::page(world, incoming, &items)
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    let id = checked.argument(1);
    let event = of(world, checked)?.into_iter().find(|event| id.parse() == Ok(event.id));
    event.map(|event| event.shown.clone()).ok_or_else(Refusal::not_found)
}

/// The events that can be read.
fn of<'a>(world: &'a World, checked: &Checked) -> Result<Vec<&'a ContractEvent>, Refusal> {
    let contract = contracts::find(world, checked)?;
    if world.oneflow_unknowns().contract_events == ContractEvents::Missing {
        return Err(Refusal::not_found());
    }
    let is_of_participant = |event: &ContractEvent| {
        event.shown["type"].as_str().is_some_and(|kind| kind.starts_with("participant:"))
    };
    let shows_participants = world.oneflow_unknowns().participant_events == ParticipantEvents::Included;
    let is_shown = |event: &&ContractEvent| shows_participants || !is_of_participant(event);
    Ok(contract.events.iter().filter(is_shown).collect())
}
