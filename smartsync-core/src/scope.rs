//! For which contracts a mapping and its entries are.

use oneflow_client::{TemplateTypeId, WorkspaceId};

use crate::{ContractSnapshot, FieldMapping, SyncSettings};

/// What a contract belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContractScope {
    pub(crate) template_type: Option<TemplateTypeId>,
    pub(crate) workspace: Option<WorkspaceId>,
}

impl ContractScope {
    pub(crate) fn of(contract: &ContractSnapshot) -> Self {
        Self { template_type: contract.template_type, workspace: contract.workspace }
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
