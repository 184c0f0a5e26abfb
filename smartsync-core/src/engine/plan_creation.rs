//! Plans a new contract: reads what it is based on, and drafts it.

use std::sync::Arc;

use oneflow_client::{
    OneflowClient, WorkspaceId,
    accounts::{ListWorkspaces, Workspace},
    contracts::{CreateContract, NewContract},
    templates::{GetTemplate, GetTemplateType},
};
use smartsync_transport::Error;
use teamtailor_client::TeamtailorClient;

use super::{definitions_cache::DefinitionsCache, engine_error::EngineError, read_candidate::read_candidate};
use crate::{
    candidate::Definitions,
    creation::{
        CardForContract, ContractRequest, CreationPlan, Material, PreflightProblem, WorkspaceAccess, draft,
        preflight,
    },
    keys::SyncKeys,
    ledger::Ledger,
    mapping::Mapping,
    outcome::Reason,
    plan::field_pairs,
};

/// Header that names the Oneflow user on whose behalf a contract is created.
const SENDER_HEADER: &str = "x-oneflow-user-email";

/// Plans new contracts.
pub(crate) struct CreationPlanner<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) teamtailor: &'a TeamtailorClient,
    pub(crate) mapping: &'a Mapping,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) definitions: &'a DefinitionsCache,
}

impl CreationPlanner<'_> {
    /// Decides what the contract will contain. Creates nothing.
    pub(crate) async fn plan(&self, request: &ContractRequest) -> Result<CreationPlan, EngineError> {
        refuse_forgotten(self.ledger, request).await?;
        // Loaded before the card is read: a write between the two then counts as newer than what is loaded here.
        let known = self.ledger.load_card(&request.candidate).await?;
        let material = self.read_material(request).await?;
        let (definitions, were_cached) = match self.definitions.cached() {
            Some(definitions) => (definitions, true),
            None => (self.definitions.refresh().await?, false),
        };
        if let Some((service, member)) = material.unreadable() {
            return Err(EngineError::of_unreadable(service, member));
        }
        let problems = preflight(request, &material, self.mapping, self.names_sender(request));
        let (Some(candidate), true) = (&material.candidate, problems.is_empty()) else {
            return Err(EngineError::Preflight(problems));
        };
        let data_fields = material.active_keys();
        let card = CardForContract { candidate, known: &known, data_fields };
        let drafted = |definitions: &Definitions| {
            let scope = material.scope(request);
            let pairs = field_pairs(self.mapping, definitions, &card.data_fields, scope);
            draft(request, &card, &pairs, &self.mapping.sync, self.keys)
        };
        let (mut definitions, mut plan) = (Arc::clone(&definitions), drafted(&definitions));
        let keys = card.data_fields.iter().copied();
        if were_cached
            && self.definitions.lack_for_new_contract(&definitions, &plan.outcomes, keys, candidate)
        {
            definitions = self.definitions.refresh().await?;
            plan = drafted(&definitions);
        }
        // A contract is created only once, so it must not lack a value just because that could not be read.
        if definitions.has_unreadable() {
            return Err(EngineError::of_unreadable("Teamtailor", "custom-fields"));
        }
        let lost =
            plan.outcomes.iter().find(|field| field.outcome.reason() == Some(Reason::AnswerUnreadable));
        match lost {
            Some(field) => Err(EngineError::of_unreadable("Teamtailor", field.member.unwrap_or("value"))),
            None => Ok(plan),
        }
    }

    async fn read_material(&self, request: &ContractRequest) -> Result<Material, Error> {
        let candidate = read_candidate(self.teamtailor, &request.candidate).await?;
        let template = self.oneflow.send_opt(&GetTemplate::new(request.template)).await?;
        let kind = template.as_ref().and_then(|template| template.template_type.as_ref());
        let template_type = match kind {
            // The copy inside the template may be incomplete.
            Some(kind) => self.oneflow.send_opt(&GetTemplateType::new(kind.id)).await?,
            None => None,
        };
        let workspace = self.access(request.workspace).await;
        Ok(Material { candidate, template, template_type, workspace })
    }

    /// Unknown if the list is empty or cannot be read. Oneflow's answer to the creation then decides.
    async fn access(&self, id: WorkspaceId) -> WorkspaceAccess {
        let mut workspaces = self.oneflow.pages(ListWorkspaces::new().limit(100)).items();
        let mut otherwise = WorkspaceAccess::Unknown;
        while let Some(workspace) = workspaces.next().await {
            match workspace {
                Ok(workspace) if workspace.id == id => {
                    return if is_closed(&workspace) {
                        WorkspaceAccess::Closed
                    } else {
                        WorkspaceAccess::Open
                    };
                }
                Ok(_) => otherwise = WorkspaceAccess::Missing,
                Err(_) => return WorkspaceAccess::Unknown,
            }
        }
        otherwise
    }

    fn names_sender(&self, request: &ContractRequest) -> bool {
        let create = CreateContract::new(NewContract::new(request.workspace, request.template));
        self.oneflow.prepare(&create).is_ok_and(|request| request.headers().contains_key(SENDER_HEADER))
    }
}

/// For a forgotten candidate, nothing is read and nothing is created.
pub(crate) async fn refuse_forgotten(
    ledger: &dyn Ledger,
    request: &ContractRequest,
) -> Result<(), EngineError> {
    if ledger.is_forgotten(&request.candidate).await? {
        return Err(EngineError::Preflight(vec![PreflightProblem::CandidateForgotten]));
    }
    Ok(())
}

fn is_closed(workspace: &Workspace) -> bool {
    workspace.permissions.as_ref().and_then(|permissions| permissions.contract_create) == Some(false)
}
