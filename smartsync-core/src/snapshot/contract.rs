//! A contract as it was read.

use std::{collections::BTreeMap, fmt};

use oneflow_client::{
    Contract, ContractId, ContractState, SignState, TemplateTypeId, Timestamp, WorkspaceId,
};

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
}

impl DataFieldSnapshot {
    /// A data field that holds this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), created: None, updated: None }
    }
}

impl fmt::Debug for DataFieldSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataFieldSnapshot")
            .field("created", &self.created)
            .field("updated", &self.updated)
            .finish_non_exhaustive()
    }
}

/// A participant of a counterparty: one of them may be the candidate.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Signer {
    /// The owner's own id for it, which no participant sees.
    pub custom_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether it has signed.
    pub has_signed: bool,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("has_signed", &self.has_signed).finish_non_exhaustive()
    }
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
    /// Its template type, if Oneflow says it.
    pub template_type: Option<TemplateTypeId>,
    /// Its workspace, if Oneflow says it.
    pub workspace: Option<WorkspaceId>,
    /// Its data fields by `custom_id`.
    pub data_fields: BTreeMap<String, DataFieldSnapshot>,
    /// The participants of the counterparties.
    pub signers: Vec<Signer>,
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
            template_type: None,
            workspace: None,
            data_fields: BTreeMap::new(),
            signers: Vec::new(),
        }
    }

    /// Reads Oneflow's answer.
    #[must_use]
    pub fn read(contract: &Contract) -> Self {
        let mut data_fields = BTreeMap::new();
        for field in &contract.data_fields {
            if let Some(key) = field.key() {
                let text = field.value.clone().unwrap_or_default();
                let private = field.private_ownerside.as_ref();
                let created = private.and_then(|private| private.created_time.clone());
                let updated = private.and_then(|private| private.updated_time.clone());
                data_fields.entry(key.to_owned()).or_insert(DataFieldSnapshot { text, created, updated });
            }
        }
        let signers = contract.counterparty_participants().map(|(_, participant)| Signer {
            custom_id: participant.private_ownerside.as_ref().and_then(|private| private.custom_id.clone()),
            email: participant.email.clone(),
            has_signed: participant.sign_state == Some(SignState::Signed),
        });
        let (private, ownerside) = (contract.private.as_ref(), contract.private_ownerside.as_ref());
        Self {
            id: contract.id,
            name: private.and_then(|private| private.name.clone()).unwrap_or_default(),
            state: contract.state.clone(),
            created: ownerside.and_then(|ownerside| ownerside.created_time.clone()),
            published: contract.published_time.clone(),
            state_changed: contract.state_updated_time.clone(),
            template_type: ownerside.and_then(|ownerside| ownerside.template_type_id),
            workspace: private.and_then(|private| private.workspace_id),
            data_fields,
            signers: signers.collect(),
        }
    }

    /// The same whatever the order in which Oneflow lists the participants.
    pub(crate) fn in_order(mut self) -> Self {
        self.signers.sort();
        self
    }

    /// Whether everyone has signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.state == Some(ContractState::Signed)
    }
}

impl fmt::Debug for ContractSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractSnapshot")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("created", &self.created)
            .field("published", &self.published)
            .field("state_changed", &self.state_changed)
            .field("template_type", &self.template_type)
            .field("workspace", &self.workspace)
            .field("data_fields", &self.data_fields)
            .field("signers", &self.signers)
            .finish_non_exhaustive()
    }
}
