//! Several contracts of one candidate: which one speaks for a field of the card.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use oneflow_client::{ContractId, contracts::ContractState};

use super::field_pair::FieldPair;
use crate::{
    candidate::Target,
    contract::{ContractSnapshot, no_proposal_reason, state_word},
    outcome::Reason,
};

/// The place of a contract among those of one candidate. Signed contracts come before those that wait for signatures, and these
/// before declined and overdue ones. Among equals the newest comes first: by the time of the last change of state (of a signed
/// contract, the last signature) or, while it waits, of sending. No other time stands in for one that is missing: an older
/// signature could then write over a newer one. The id decides between two of one time.
#[derive(Clone, Copy, Debug)]
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

impl Rank {
    /// Whether it comes before the other; `None` if nobody knows.
    fn is_before(self, other: Self) -> Option<bool> {
        if self.standing != other.standing {
            return Some(self.standing > other.standing);
        }
        Some((self.time?, self.id) > (other.time?, other.id))
    }
}

/// The rank of a contract; `None` for one that has nothing for a card. Its state must be known.
fn rank(contract: &ContractSnapshot) -> Option<Rank> {
    let (standing, time) = match contract.state {
        Some(ContractState::Signed) => (Standing::Signed, &contract.state_changed),
        Some(ContractState::Pending) => (Standing::Pending, &contract.published),
        Some(ContractState::Declined | ContractState::Overdue) => (Standing::Closed, &contract.state_changed),
        _ => return None,
    };
    let time = time.as_ref().and_then(oneflow_client::Timestamp::instant);
    Some(Rank { standing, time, id: contract.id })
}

/// Whether the other contract comes before this one; `None` if nobody knows.
fn comes_first(other: &ContractSnapshot, this: &ContractSnapshot) -> Option<bool> {
    // A state of a later time may rank anywhere.
    let is_known = |contract: &ContractSnapshot| {
        contract.lost("state").is_none() && !matches!(contract.state, None | Some(ContractState::Unknown(_)))
    };
    if !is_known(other) || !is_known(this) {
        return None;
    }
    match (rank(other), rank(this)) {
        (Some(other), Some(this)) => other.is_before(this),
        (other, _) => Some(other.is_some()),
    }
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

/// How the pairs for a contract are had.
pub(crate) type PairsOf<'a> = dyn Fn(&ContractSnapshot) -> Arc<[FieldPair]> + 'a;

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
        pairs_of: &PairsOf<'_>,
    ) -> Self {
        let mut claims = Self { is_unsure: has_unread, ..Self::default() };
        for other in others.iter().filter(|other| other.id != contract.id) {
            let comes_first = comes_first(other, contract);
            if comes_first == Some(false) {
                continue;
            }
            let is_sure = comes_first.is_some();
            // The key of a data field that could not be read may be that of any pair.
            claims.is_unsure |= other.unreadable.contains("data_fields") || is_scope_lost(other);
            let pairs = pairs_of(other);
            let sources = pairs.iter().filter(|pair| is_source(other, pair));
            let targets = sources.filter_map(|pair| pair.target.clone().ok());
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

/// Whether the contract is a source of the pair. If its state is not known, it may be.
fn is_source(contract: &ContractSnapshot, pair: &FieldPair) -> bool {
    let may_apply = |reason: Reason| reason == Reason::ContractStateUnknown;
    let has_source = if pair.is_state() {
        state_word(contract).err().is_none_or(may_apply)
    } else {
        no_proposal_reason(contract).is_none_or(may_apply)
            && contract.data_fields.contains_key(pair.data_field())
    };
    has_source && pair.is_in_scope && pair.entry.writes_back()
}
