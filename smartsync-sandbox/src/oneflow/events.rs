//! What has happened to a contract, for those who ask afterwards.

use serde_json::{Value, json};

use super::{
    check::Checked,
    contracts,
    model::{Contract, Participant, Party},
    page,
    refusal::Refusal,
    render,
};
use crate::{incoming::Incoming, world::World, written_time::oneflow as written};

const SORTABLE: &[&str] = &["created_time", "id", "type"];

/// Something that happens to a contract.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) kind: &'static str,
    subject: Subject,
    /// The participant who did it.
    actor: Option<i64>,
    changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug)]
enum Subject {
    Contract,
    DataField(i64),
    Participant(i64),
    Party(i64),
}

/// What an update changed.
#[derive(Clone)]
struct Change {
    attribute: &'static str,
    from: String,
    to: String,
}

/// The attribute only: the rest is what people typed.
impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Change").field(&self.attribute).finish()
    }
}

impl Happening {
    fn new(kind: &'static str, subject: Subject) -> Self {
        Self { kind, subject, actor: None, changes: Vec::new() }
    }

    pub(crate) fn to_contract(kind: &'static str) -> Self {
        Self::new(kind, Subject::Contract)
    }

    pub(crate) fn to_data_field(kind: &'static str, data_field: i64) -> Self {
        Self::new(kind, Subject::DataField(data_field))
    }

    pub(crate) fn to_participant(kind: &'static str, participant: i64) -> Self {
        Self::new(kind, Subject::Participant(participant))
    }

    pub(crate) fn to_party(kind: &'static str, party: i64) -> Self {
        Self::new(kind, Subject::Party(party))
    }

    /// Done by this participant. Nobody stands for the API and for the service itself.
    pub(crate) fn by(mut self, participant: Option<i64>) -> Self {
        self.actor = participant;
        self
    }

    /// With one more attribute that was changed.
    pub(crate) fn changed(mut self, attribute: &'static str, from: &str, to: &str) -> Self {
        self.changes.push(Change { attribute, from: from.to_owned(), to: to.to_owned() });
        self
    }
}

/// An event as it stays: names are those of the moment.
#[derive(Clone)]
pub(crate) struct ContractEvent {
    id: i64,
    shown: Value,
}

impl World {
    /// Writes down what happens to a contract, under the id that its notification carries.
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
            "created_time": written(self.now),
            "data": data,
            "id": id,
            "type": happening.kind,
        });
        if let Some(known) = self.oneflow.contracts.get_mut(&contract) {
            known.events.push(ContractEvent { id, shown });
        }
    }
}

/// The form that documents show of an actor, taken for a subject as well: the sheet shows none.
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

/// Oldest first, unless it is asked for otherwise.
pub(super) fn list(world: &World, incoming: &Incoming, checked: &Checked) -> Result<Value, Refusal> {
    let columns = page::sort_columns(incoming, SORTABLE)?;
    let mut items: Vec<Value> = of(world, checked)?.into_iter().map(|event| event.shown.clone()).collect();
    // Ids as text of one length, so that they sort as numbers do.
    page::sort(&mut items, &columns, |item, column| {
        let text = item[column].as_str().map(str::to_owned);
        text.unwrap_or_else(|| format!("{:020}", item[column].as_i64().unwrap_or_default()))
    });
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
    if !world.settings.contract_events {
        return Err(Refusal::not_found());
    }
    let is_of_participant = |event: &ContractEvent| {
        event.shown["type"].as_str().is_some_and(|kind| kind.starts_with("participant:"))
    };
    let is_shown = |event: &&ContractEvent| world.settings.participant_events || !is_of_participant(event);
    Ok(contract.events.iter().filter(is_shown).collect())
}
