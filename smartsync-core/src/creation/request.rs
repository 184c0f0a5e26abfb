//! What a host asks for: a contract for a candidate.

use std::fmt;

use oneflow_client::{TemplateId, WorkspaceId, contracts::PublishMessage};
use teamtailor_client::CandidateId;

use crate::ledger::RequestId;

/// A contract to be created. `Debug` prints ids only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ContractRequest {
    /// The host's own name for this creation, without any person's name in it; a second attempt uses the same.
    pub request_id: RequestId,
    /// Whose contract it is.
    pub candidate: CandidateId,
    /// The Oneflow template.
    pub template: TemplateId,
    /// The Oneflow workspace.
    pub workspace: WorkspaceId,
    /// Name of the contract; by default the template's.
    pub name: Option<String>,
    /// The invitation, if the contract is to be sent at once.
    pub publish: Option<PublishMessage>,
}

impl ContractRequest {
    /// A contract that stays a draft.
    pub fn new(
        request_id: RequestId,
        candidate: CandidateId,
        template: TemplateId,
        workspace: WorkspaceId,
    ) -> Self {
        Self { request_id, candidate, template, workspace, name: None, publish: None }
    }

    /// Names the contract.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sends the contract at once, with this invitation.
    #[must_use]
    pub fn publish(mut self, message: PublishMessage) -> Self {
        self.publish = Some(message);
        self
    }
}

impl fmt::Debug for ContractRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractRequest")
            .field("request_id", &self.request_id)
            .field("candidate", &self.candidate)
            .field("template", &self.template)
            .field("workspace", &self.workspace)
            .field("publish", &self.publish.is_some())
            .finish_non_exhaustive()
    }
}
