//! For which contracts a mapping and its entries are.

use oneflow_client::{TemplateTypeId, WorkspaceId, contracts::ContractState};

use super::{Mapping, convention::PREFIX, field::FieldMapping, sync_settings::SyncSettings};
use crate::{
    candidate::{CandidateField, Definition},
    contract::{CONTRACT_STATE, ContractSnapshot},
};

/// What a contract belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContractScope {
    pub(crate) template_type: Option<TemplateTypeId>,
    pub(crate) workspace: Option<WorkspaceId>,
    /// Whether each of them was there and could not be read.
    is_lost: [bool; 2],
}

impl ContractScope {
    pub(crate) fn of(contract: &ContractSnapshot) -> Self {
        let is_lost = ["template_type_id", "workspace_id"].map(|member| contract.unreadable.contains(member));
        Self { template_type: contract.template_type, workspace: contract.workspace, is_lost }
    }

    /// That of a contract to be made.
    pub(crate) fn new(template_type: Option<TemplateTypeId>, workspace: Option<WorkspaceId>) -> Self {
        Self { template_type, workspace, is_lost: [false; 2] }
    }

    /// The member of the contract that could not be read and that decides whether the entry is for it.
    pub(crate) fn lost(self, sync: &SyncSettings, field: &FieldMapping) -> Option<&'static str> {
        let [template_type, workspace] = self.is_lost;
        let asks_type = !(sync.template_types.is_empty() && field.template_types.is_empty());
        let asks_workspace = !(sync.workspaces.is_empty() && field.workspaces.is_empty());
        if template_type && asks_type {
            Some("template_type_id")
        } else if workspace && asks_workspace {
            Some("workspace_id")
        } else {
            None
        }
    }

    /// The same for the mapping as a whole.
    pub(crate) fn lost_for_all(self, sync: &SyncSettings) -> Option<&'static str> {
        let [template_type, workspace] = self.is_lost;
        let lost_type = (template_type && !sync.template_types.is_empty()).then_some("template_type_id");
        lost_type.or((workspace && !sync.workspaces.is_empty()).then_some("workspace_id"))
    }

    /// Whether contracts like this one are kept in step at all.
    pub(crate) fn is_kept_in_step(self, sync: &SyncSettings) -> bool {
        self.is_within(&sync.template_types, &sync.workspaces)
    }

    /// Whether the entry is for contracts like this one, given that they are kept in step: that is the same for all entries,
    /// so it is asked once.
    pub(crate) fn is_within_entry(self, field: &FieldMapping) -> bool {
        self.is_within(&field.template_types, &field.workspaces)
    }

    /// An empty list admits all. A contract of which Oneflow does not say it stands outside of any other list.
    fn is_within(self, template_types: &[TemplateTypeId], workspaces: &[WorkspaceId]) -> bool {
        admits(template_types, self.template_type) && admits(workspaces, self.workspace)
    }
}

fn admits<T: PartialEq>(list: &[T], item: Option<T>) -> bool {
    list.is_empty() || item.is_some_and(|item| list.contains(&item))
}

/// Whether the contract may have something for a card: else its candidate need not be known.
pub(crate) fn can_concern_a_card(contract: &ContractSnapshot, mapping: &Mapping) -> bool {
    let scope = ContractScope::of(contract);
    scope.is_kept_in_step(&mapping.sync)
        && mapping.has_for_a_card(contract.state.as_ref(), |field| scope.is_within_entry(field))
}

impl Mapping {
    /// Whether an entry or the convention names this custom field, so that its options are needed.
    pub(crate) fn may_use(&self, field: &Definition) -> bool {
        let name = field.api_name.as_deref().unwrap_or_default();
        let is_named = |mapped: &CandidateField| match mapped {
            CandidateField::Custom(mapped) => mapped == name || mapped == field.id.as_str(),
            CandidateField::Default(_) => false,
        };
        self.sync.convention && name.starts_with(PREFIX)
            || self.fields.iter().any(|mapped| is_named(&mapped.teamtailor))
    }

    /// Whether a contract in this state may have something for a card: a pending or signed one, and where the mapping puts the state on the
    /// card, a declined or overdue one as well. A draft and an unknown state have nothing. For which contracts the mapping is, by template type
    /// and workspace, is not asked here.
    #[must_use]
    pub fn may_concern_a_card(&self, state: Option<&ContractState>) -> bool {
        self.has_for_a_card(state, |_| true)
    }

    /// The same, by the entries that are for the contract.
    fn has_for_a_card(
        &self,
        state: Option<&ContractState>,
        is_for_contract: impl Fn(&FieldMapping) -> bool,
    ) -> bool {
        let puts_state_on_card = |field: &FieldMapping| {
            field.oneflow == CONTRACT_STATE && field.writes_back() && is_for_contract(field)
        };
        match state {
            Some(ContractState::Pending | ContractState::Signed) => true,
            Some(ContractState::Declined | ContractState::Overdue) => {
                self.fields.iter().any(puts_state_on_card)
            }
            _ => false,
        }
    }
}
