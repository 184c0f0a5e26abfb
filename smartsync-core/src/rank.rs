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

/// The rank of a contract; `None` for one that has nothing for a card. What it rests on must have been readable.
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

/// Whether what the rank of the contract rests on could be read.
fn is_rank_known(contract: &ContractSnapshot) -> bool {
    let members = ["state", "state_updated_time", "published_time", "created_time"];
    !members.into_iter().any(|member| contract.unreadable.contains(member))
        // A state of a later time may rank anywhere.
        && !matches!(contract.state, None | Some(ContractState::Unknown(_)))
}

/// The fields of the card that other contracts of the candidate claim before this one.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    taken: BTreeSet<Target>,
    /// Those for which it is not known.
    unsure: BTreeSet<Target>,
    /// Whether it is not known for any field.
    is_unsure: bool,
}

/// Whether another contract comes first for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    None,
    Taken,
    /// One may, and could not be read.
    Unsure,
}

impl Claims {
    /// The claims of `others`; `has_unread`: there is another one that could not be read at all.
    pub(crate) fn new(
        contract: &ContractSnapshot,
        others: &[ContractSnapshot],
        has_unread: bool,
        mapping: &Mapping,
        definitions: &Definitions,
    ) -> Self {
        let (own_rank, is_own_rank_known) = (rank(contract), is_rank_known(contract));
        let mut claims = Self { is_unsure: has_unread, ..Self::default() };
        for other in others.iter().filter(|other| other.id != contract.id) {
            let is_sure = is_own_rank_known && is_rank_known(other);
            if is_sure && rank(other) <= own_rank {
                continue;
            }
            // The key of a data field that could not be read may be that of any pair.
            claims.is_unsure |= other.unreadable.contains("data_fields") || is_scope_lost(other);
            let keys = other.data_fields.keys().map(String::as_str).collect();
            let pairs = field_pairs(mapping, definitions, &keys, ContractScope::of(other));
            let sources = pairs.into_iter().filter(|pair| is_source(other, pair, is_sure));
            let targets = sources.filter_map(|pair| pair.target.ok());
            if is_sure { claims.taken.extend(targets) } else { claims.unsure.extend(targets) }
        }
        claims
    }

    pub(crate) fn of(&self, target: &Target) -> Claim {
        if self.taken.contains(target) {
            Claim::Taken
        } else if self.is_unsure || self.unsure.contains(target) {
            Claim::Unsure
        } else {
            Claim::None
        }
    }
}

/// Whether what the mapping's lists of template types and workspaces ask for could not be read.
fn is_scope_lost(contract: &ContractSnapshot) -> bool {
    contract.unreadable.contains("template_type_id") || contract.unreadable.contains("workspace_id")
}

/// Whether the contract is a source of the pair, whatever its state is if that is not known.
fn is_source(contract: &ContractSnapshot, pair: &FieldPair<'_>, is_state_known: bool) -> bool {
    let has_source = if pair.is_state() {
        !is_state_known || word(contract).is_ok()
    } else {
        (!is_state_known || silence(contract).is_none())
            && contract.data_fields.contains_key(pair.data_field())
    };
    has_source && pair.is_in_scope && pair.entry.direction != Direction::ToOneflow
}
