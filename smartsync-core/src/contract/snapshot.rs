//! A contract as it was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use oneflow_client::{
    ContractId, ParticipantId, TemplateTypeId, Timestamp, WorkspaceId,
    contracts::{Contract, ContractState, DataField},
    parties::{Participant, ParticipantPrivateOwnerside, Party, SignState},
};
use smartsync_transport::Unreadable;

/// A data field of a contract.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataFieldSnapshot {
    /// Its text; empty when it holds nothing.
    pub text: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was changed last; `None` also where it never was.
    pub updated: Option<Timestamp>,
    /// What could not be read: `value`, `created_time`, `updated_time`.
    pub unreadable: Unreadable,
}

impl DataFieldSnapshot {
    /// A data field that holds this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn read(field: &DataField, owner_side: OwnerSide) -> Self {
        let private = field.private_ownerside.as_ref();
        let mut unreadable = Unreadable::default();
        if field.unreadable.contains("value") {
            unreadable.insert("value");
        }
        for time in ["created_time", "updated_time"] {
            let is_lost = owner_side.is_lost(private, &field.unreadable)
                || private.is_some_and(|private| private.unreadable.contains(time));
            if is_lost {
                unreadable.insert(time);
            }
        }
        Self {
            text: field.value.clone().unwrap_or_default(),
            created: private.and_then(|private| private.created_time.clone()),
            updated: private.and_then(|private| private.updated_time.clone()),
            unreadable,
        }
    }

    /// The first of its times that could not be read.
    pub(crate) fn unreadable_time(&self) -> Option<&'static str> {
        self.unreadable.iter().find(|name| name.ends_with("_time"))
    }
}

impl fmt::Debug for DataFieldSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataFieldSnapshot")
            .field("created", &self.created)
            .field("updated", &self.updated)
            .field("unreadable", &self.unreadable)
            .finish_non_exhaustive()
    }
}

/// A participant of a counterparty: one of them may be the candidate.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signer {
    /// Oneflow's id for it.
    pub id: Option<ParticipantId>,
    /// The owner's own id for it, which no participant sees.
    pub custom_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether it signs at all; `None` where Oneflow does not say, or not legibly.
    pub is_signatory: Option<bool>,
    /// Whether it has signed.
    pub has_signed: bool,
    /// When it was added; `None` where Oneflow does not say, or not legibly.
    pub created: Option<Timestamp>,
    /// When it was changed last; `None` where Oneflow does not say, or not legibly.
    pub updated: Option<Timestamp>,
    /// When it opened the contract first and last, and when its sign state changed last, as far as Oneflow says.
    pub seen_or_signed: Vec<Timestamp>,
    /// What could not be read: `custom_id`, `email`, `sign_state` (also where it is none that is known).
    pub unreadable: Unreadable,
}

impl Signer {
    fn read(participant: &Participant, owner_side: OwnerSide) -> Self {
        let private = participant.private_ownerside.as_ref().filter(|part| says_anything(part));
        let mut unreadable = Unreadable::default();
        if participant.unreadable.contains("email") {
            unreadable.insert("email");
        }
        // Who does not sign need not have a sign state.
        let is_signatory = participant.signatory != Some(false);
        let is_unknown = matches!(participant.sign_state, None | Some(SignState::Unknown(_)));
        if participant.unreadable.contains("sign_state") || is_signatory && is_unknown {
            unreadable.insert("sign_state");
        }
        if owner_side.is_lost(private, &participant.unreadable)
            || private.is_some_and(|private| private.unreadable.contains("custom_id"))
        {
            unreadable.insert("custom_id");
        }
        Self {
            id: Some(participant.id),
            custom_id: private.and_then(|private| private.custom_id.clone()),
            email: participant.email.clone(),
            is_signatory: participant.signatory,
            has_signed: participant.sign_state == Some(SignState::Signed),
            created: private.and_then(|private| private.created_time.clone()),
            updated: private.and_then(|private| private.updated_time.clone()),
            seen_or_signed: seen_or_signed(participant),
            unreadable,
        }
    }

    /// What tells it from others, to put signers into an order.
    fn key(&self) -> (Option<ParticipantId>, &Option<String>, &Option<String>, bool) {
        (self.id, &self.custom_id, &self.email, self.has_signed)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("id", &self.id)
            .field("is_signatory", &self.is_signatory)
            .field("has_signed", &self.has_signed)
            .field("created", &self.created)
            .field("updated", &self.updated)
            .field("seen_or_signed", &self.seen_or_signed)
            .field("unreadable", &self.unreadable)
            .finish_non_exhaustive()
    }
}

fn seen_or_signed(participant: &Participant) -> Vec<Timestamp> {
    let private = participant.private_ownerside.as_ref();
    let visits = private.map(|private| [&private.first_visited_time, &private.last_visited_time]);
    let times = visits.into_iter().flatten().chain([&participant.sign_state_updated_time]);
    times.flatten().cloned().collect()
}

/// A contract as it was read. `Debug` prints ids, states and times only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ContractSnapshot {
    /// Id of the contract.
    pub id: ContractId,
    /// Its name.
    pub name: String,
    /// Its state; `None` when Oneflow did not say.
    pub state: Option<ContractState>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was sent.
    pub published: Option<Timestamp>,
    /// When it got its state: for a signed contract, when the last one signed.
    pub state_changed: Option<Timestamp>,
    /// When anything of it changed last, as far as Oneflow says.
    pub last_change: Option<jiff::Timestamp>,
    /// Its template type, if Oneflow says it.
    pub template_type: Option<TemplateTypeId>,
    /// Its workspace, if Oneflow says it.
    pub workspace: Option<WorkspaceId>,
    /// Its data fields by `custom_id`.
    pub data_fields: BTreeMap<String, DataFieldSnapshot>,
    /// The participants of the counterparties.
    pub signers: Vec<Signer>,
    /// What could not be read: `name`, `state`, `created_time`, `published_time`, `state_updated_time`, `template_type_id`,
    /// `workspace_id`, `data_fields` (a data field, or the key of one), `parties` (a party, or a participant).
    pub unreadable: Unreadable,
}

impl ContractSnapshot {
    /// A contract without fields and signers.
    #[must_use]
    pub fn new(id: ContractId, state: ContractState) -> Self {
        Self {
            id,
            name: String::new(),
            state: Some(state),
            created: None,
            published: None,
            state_changed: None,
            last_change: None,
            template_type: None,
            workspace: None,
            data_fields: BTreeMap::new(),
            signers: Vec::new(),
            unreadable: Unreadable::default(),
        }
    }

    /// Reads Oneflow's answer.
    #[must_use]
    pub fn read(contract: &Contract) -> Self {
        let owner_side = OwnerSide::of(contract);
        let mut data_fields = BTreeMap::<String, DataFieldSnapshot>::new();
        for field in &contract.data_fields {
            let Some(key) = field.key() else { continue };
            let read = DataFieldSnapshot::read(field, owner_side);
            match data_fields.get_mut(key) {
                None => drop(data_fields.insert(key.to_owned(), read)),
                // Of two fields of one key that differ, neither is the right one.
                Some(first) if first.text != read.text => first.unreadable.insert("value"),
                Some(_) => {}
            }
        }
        let signers = contract.counterparty_participants();
        let signers = signers.map(|(_, participant)| Signer::read(participant, owner_side));
        let (private, ownerside) = (contract.private.as_ref(), contract.private_ownerside.as_ref());
        Self {
            id: contract.id,
            name: private.and_then(|private| private.name.clone()).unwrap_or_default(),
            state: contract.state.clone(),
            created: ownerside.and_then(|ownerside| ownerside.created_time.clone()),
            published: contract.published_time.clone(),
            state_changed: contract.state_updated_time.clone(),
            last_change: contract.last_change(),
            template_type: ownerside.and_then(|ownerside| ownerside.template_type_id),
            workspace: private.and_then(|private| private.workspace_id),
            data_fields,
            signers: signers.collect(),
            unreadable: unreadable(contract, owner_side),
        }
    }

    /// The same whatever the order in which Oneflow lists the participants, and whoever of them looks at it meanwhile.
    pub(crate) fn in_order(mut self) -> Self {
        self.last_change = None;
        for signer in &mut self.signers {
            (signer.updated, signer.seen_or_signed) = (None, Vec::new());
        }
        self.signers.sort_by(|a, b| a.key().cmp(&b.key()));
        self
    }

    /// Whether everyone has signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.state == Some(ContractState::Signed)
    }

    /// The member that could not be read, if this one could not.
    pub(crate) fn lost(&self, member: &'static str) -> Option<&'static str> {
        self.unreadable.contains(member).then_some(member)
    }
}

/// Whether the answer shows what only the owner side sees (`_private_ownerside`). It does so of everything or of nothing, so
/// what lacks that part beside others that have it could not be read.
#[derive(Clone, Copy)]
struct OwnerSide {
    is_shown: bool,
}

impl OwnerSide {
    fn of(contract: &Contract) -> Self {
        let is_shown = contract.private_ownerside.is_some()
            || contract.participants().any(|(_, participant)| participant.private_ownerside.is_some())
            || contract.data_fields.iter().any(|field| field.private_ownerside.is_some());
        Self { is_shown }
    }

    /// Whether this part of an object should have been there, or was and could not be read.
    fn is_lost<T>(self, part: Option<&T>, unreadable: &Unreadable) -> bool {
        unreadable.contains("_private_ownerside") || self.is_shown && part.is_none()
    }
}

/// What of the contract could not be read. Members of the two private parts have names of their own, so these go without the
/// part's.
fn unreadable(contract: &Contract, owner_side: OwnerSide) -> Unreadable {
    let private = contract.private.as_ref();
    // Each contract was made at some time, and mostly from a template. An empty object is none.
    let ownerside = contract.private_ownerside.as_ref().filter(|part| {
        let has_template = part.template_id.is_some() || part.template_type_id.is_some();
        has_template || part.created_time.is_some() || !part.unreadable.is_empty()
    });
    let mut lost = Unreadable::default();
    for member in ["state", "published_time", "state_updated_time", "data_fields", "parties"] {
        if contract.unreadable.contains(member) {
            lost.insert(member);
        }
    }
    for member in ["name", "workspace_id"] {
        if contract.unreadable.contains("_private")
            || private.is_some_and(|private| private.unreadable.contains(member))
        {
            lost.insert(member);
        }
    }
    for member in ["created_time", "template_type_id"] {
        if owner_side.is_lost(ownerside, &contract.unreadable)
            || ownerside.is_some_and(|ownerside| ownerside.unreadable.contains(member))
        {
            lost.insert(member);
        }
    }
    let have_times = contract.data_fields.iter().any(says_when);
    let lacks_key = |field: &DataField| {
        let is_lost = owner_side.is_lost(field.private_ownerside.as_ref(), &field.unreadable);
        field.key().is_none() && (is_lost || have_times && !says_when(field))
    };
    if contract.data_fields.iter().any(|field| has_unreadable_key(field) || lacks_key(field)) {
        lost.insert("data_fields");
    }
    // Every contract has a party at least: that of its owner.
    if contract.parties.is_empty() || contract.parties.iter().any(hides_participants) || has_twice(contract) {
        lost.insert("parties");
    }
    lost
}

/// Whether a party or a participant is there twice: then it may stand in the place of another.
fn has_twice(contract: &Contract) -> bool {
    let (mut parties, mut participants) = (BTreeSet::new(), BTreeSet::new());
    !contract.parties.iter().all(|party| parties.insert(party.id))
        || !contract.participants().all(|(_, participant)| participants.insert(participant.id))
}

/// Whether the part says anything: each participant was added at some time. An empty object is none.
fn says_anything(part: &ParticipantPrivateOwnerside) -> bool {
    let times = [&part.created_time, &part.updated_time, &part.first_visited_time, &part.last_visited_time];
    let has_time = times.into_iter().any(Option::is_some);
    has_time || part.custom_id.is_some() || part.visits.is_some() || !part.unreadable.is_empty()
}

/// Whether the data field says when it was made or changed. What has neither time nor key beside one that has times was emptied.
fn says_when(field: &DataField) -> bool {
    field.private_ownerside.as_ref().is_some_and(|part| {
        let is_unread = part.unreadable.contains("created_time");
        part.created_time.is_some() || part.updated_time.is_some() || is_unread
    })
}

/// Whether a participant may stand in the party who could not be read: none that is not our own is without one.
fn hides_participants(party: &Party) -> bool {
    match party.my_party {
        // The people of the own side would pass for the other's.
        None => true,
        Some(true) => false,
        Some(false) => {
            let is_empty = party.participant.is_none() && party.participants.is_empty();
            let mut members = ["participant", "participants"].into_iter();
            is_empty || members.any(|member| party.unreadable.contains(member))
        }
    }
}

/// Whether the key of the data field may stand where it could not be read.
pub(crate) fn has_unreadable_key(field: &DataField) -> bool {
    let private = field.private_ownerside.as_ref();
    let is_lost = field.unreadable.contains("custom_id")
        || field.unreadable.contains("_private_ownerside")
        || private.is_some_and(|private| private.unreadable.contains("custom_id"));
    is_lost && field.key().is_none()
}

impl fmt::Debug for ContractSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractSnapshot")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("created", &self.created)
            .field("published", &self.published)
            .field("state_changed", &self.state_changed)
            .field("last_change", &self.last_change)
            .field("template_type", &self.template_type)
            .field("workspace", &self.workspace)
            .field("data_fields", &self.data_fields)
            .field("signers", &self.signers)
            .field("unreadable", &self.unreadable)
            .finish_non_exhaustive()
    }
}
