//! Several contracts of one candidate: which one speaks for a field of the card.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oneflow_client::{ContractId, ContractState};

use crate::{
    ContractSnapshot, Definitions, Direction, Mapping,
    contract_state::{silence, word},
    field_pair::{FieldPair, Target, field_pairs},
    scope::ContractScope,
};

/// The place of a contract among those of one candidate; the greatest comes first. Signed contracts come before those
/// that wait for signatures, and these before declined and overdue ones. Among equals the newest comes first: by the time
/// of the last change of state (of a signed contract, the last signature) or, while it waits, of sending. Where that is missing,
/// the time of sending stands in for it, then that of making. A contract with no time at all comes last. The id decides between
/// two of one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    standing: Standing,
    time: Option<Timestamp>,
    id: ContractId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Closed,
    Pending,
    Signed,
}

/// The rank of a contract; `None` for one that has nothing for a card.
fn rank(contract: &ContractSnapshot) -> Option<Rank> {
    let (standing, time) = match contract.state {
        Some(ContractState::Signed) => (Standing::Signed, &contract.state_changed),
        Some(ContractState::Pending) => (Standing::Pending, &contract.published),
        Some(ContractState::Declined | ContractState::Overdue) => (Standing::Closed, &contract.state_changed),
        _ => return None,
    };
    let times = [time, &contract.published, &contract.created];
    let time = times.into_iter().flatten().find_map(oneflow_client::Timestamp::instant);
    Some(Rank { standing, time, id: contract.id })
}

/// The fields of the card for which a contract of higher rank has a source.
pub(crate) fn taken(
    contract: &ContractSnapshot,
    others: &[ContractSnapshot],
    mapping: &Mapping,
    definitions: &Definitions,
) -> BTreeSet<Target> {
    let rank_of_this = rank(contract);
    let mut taken = BTreeSet::new();
    for other in others.iter().filter(|other| other.id != contract.id && rank(other) > rank_of_this) {
        let keys = other.data_fields.keys().map(String::as_str).collect();
        let pairs = field_pairs(mapping, definitions, &keys, ContractScope::of(other));
        let speaking = pairs.into_iter().filter(|pair| speaks(other, pair));
        taken.extend(speaking.filter_map(|pair| pair.target.ok()));
    }
    taken
}

/// Whether the contract is a source of the pair.
fn speaks(contract: &ContractSnapshot, pair: &FieldPair<'_>) -> bool {
    let has_source = if pair.is_state() {
        word(contract).is_ok()
    } else {
        silence(contract).is_none() && contract.data_fields.contains_key(pair.data_field())
    };
    has_source && pair.is_in_scope && pair.entry.direction != Direction::ToOneflow
}
