//! What stands in the way of a new contract: everything at once, before anything is made.

use std::collections::BTreeSet;

use oneflow_client::{
    WorkspaceId,
    accounts::{ListWorkspaces, Workspace},
    contracts::{CreateContract, NewContract},
    templates::{GetTemplate, GetTemplateType, Template, TemplateType},
};
use smartsync_transport::Error;

use crate::{
    CONTRACT_STATE, CandidateSnapshot, ContractRequest, DefaultField, Engine, EngineError, FieldMapping,
    scope::ContractScope, snapshot::has_unreadable_key,
};

/// Header that names the Oneflow user on whose behalf a contract is made.
const SENDER_HEADER: &str = "x-oneflow-user-email";
/// What the candidate needs for a contract.
const NEEDED: [DefaultField; 4] =
    [DefaultField::FirstName, DefaultField::LastName, DefaultField::Email, DefaultField::Phone];
/// The longest name of a contract.
const MAX_NAME: usize = 130;

/// Something that stands in the way of a new contract. `Display` says what it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreflightProblem {
    /// The candidate was forgotten on request.
    #[error("the candidate was forgotten on request, so no contract is made: choose another")]
    CandidateForgotten,
    /// There is no such candidate.
    #[error("the candidate does not exist, or our key may not see it: check the id")]
    NoCandidate,
    /// The candidate lacks a field that a contract needs.
    #[error("the candidate has no {}: fill it in on the candidate's card", .0.as_str())]
    CandidateLacks(DefaultField),
    /// There is no such template.
    #[error("the template does not exist, or our user may not see it: check the id")]
    NoTemplate,
    /// The template is switched off.
    #[error("the template is not active: activate it in Oneflow")]
    TemplateInactive,
    /// The template has no template type, so its contracts have no data fields.
    #[error(
        "the template has no template type, so its contracts would have no data fields: give it one in Oneflow"
    )]
    NoTemplateType,
    /// The mapping names a data field that the template type lacks.
    #[error(
        "the template type has no active data field `{0}`, which the mapping names: add it to the template type, or limit the entry to others with `template_types`"
    )]
    NoDataField(String),
    /// By the mapping, such a contract would never be kept in step.
    #[error(
        "the mapping leaves contracts of this template type, or in this workspace, alone: choose another, or add it to `[sync]`"
    )]
    OutOfScope,
    /// There is no such workspace.
    #[error("the workspace does not exist, or our user is not in it: check the id")]
    NoWorkspace,
    /// Our user may not make contracts in the workspace.
    #[error("our user may not make contracts in the workspace: change the user's role there")]
    WorkspaceClosed,
    /// No Oneflow user is named as the sender.
    #[error("no Oneflow user is named as the sender: set the client's user e-mail")]
    NoSender,
    /// The name is longer than Oneflow allows.
    #[error("the name of the contract has more than {MAX_NAME} characters: give a shorter one")]
    NameTooLong,
}

impl PreflightProblem {
    /// The stable code: `candidate-lacks`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CandidateForgotten => "candidate-forgotten",
            Self::NoCandidate => "no-candidate",
            Self::CandidateLacks(_) => "candidate-lacks",
            Self::NoTemplate => "no-template",
            Self::TemplateInactive => "template-inactive",
            Self::NoTemplateType => "no-template-type",
            Self::NoDataField(_) => "no-data-field",
            Self::OutOfScope => "out-of-scope",
            Self::NoWorkspace => "no-workspace",
            Self::WorkspaceClosed => "workspace-closed",
            Self::NoSender => "no-sender",
            Self::NameTooLong => "name-too-long",
        }
    }
}

/// What was read for a new contract.
pub(crate) struct Material {
    pub(crate) candidate: Option<CandidateSnapshot>,
    template: Option<Template>,
    template_type: Option<TemplateType>,
    workspace: WorkspaceAccess,
}

/// What our user may do in a workspace.
enum WorkspaceAccess {
    Open,
    Closed,
    Missing,
    /// Oneflow did not say.
    Unknown,
}

impl Material {
    /// The data fields that a contract of the template has.
    pub(crate) fn active_keys(&self) -> BTreeSet<&str> {
        let fields = self.template_type.iter().flat_map(|template_type| &template_type.data_fields);
        fields.filter(|field| field.active != Some(false)).filter_map(|field| field.key()).collect()
    }

    /// What a new contract depends on and could not be read.
    pub(crate) fn unreadable(&self) -> Option<EngineError> {
        let of_candidate = self
            .candidate
            .as_ref()
            .and_then(|candidate| NEEDED.into_iter().find(|field| candidate.unreadable.contains(field)));
        if let Some(field) = of_candidate {
            return Some(EngineError::of_unreadable("Teamtailor", field.attribute()));
        }
        let hides_fields = |template_type: &TemplateType| {
            template_type.unreadable.contains("data_fields")
                || template_type.data_fields.iter().any(has_unreadable_key)
        };
        if self.template_type.as_ref().is_some_and(hides_fields) {
            return Some(EngineError::of_unreadable("Oneflow", "data_fields"));
        }
        let is_lost = |template: &Template| template.unreadable.contains("template_type");
        let template = self.template.as_ref().filter(|template| is_lost(template));
        template.map(|_| EngineError::of_unreadable("Oneflow", "template_type"))
    }

    pub(crate) fn scope(&self, request: &ContractRequest) -> ContractScope {
        let template_type = self.template_type.as_ref().map(|template_type| template_type.id);
        ContractScope::new(template_type, Some(request.workspace))
    }
}

impl Engine {
    pub(crate) async fn read_material(&self, request: &ContractRequest) -> Result<Material, Error> {
        let candidate = self.read_candidate(&request.candidate).await?;
        let template = self.oneflow.send_opt(&GetTemplate::new(request.template)).await?;
        let kind = template.as_ref().and_then(|template| template.template_type.as_ref());
        let template_type = match kind {
            // The template's own copy may be shortened.
            Some(kind) => self.oneflow.send_opt(&GetTemplateType::new(kind.id)).await?,
            None => None,
        };
        let workspace = self.access(request.workspace).await;
        Ok(Material { candidate, template, template_type, workspace })
    }

    /// A list that cannot be read, or is empty, says nothing: then Oneflow's answer to the creation has to do.
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

    /// Everything that stands in the way, not just the first.
    pub(crate) fn preflight(&self, request: &ContractRequest, material: &Material) -> Vec<PreflightProblem> {
        let mut problems = of_candidate(material.candidate.as_ref());
        problems.extend(self.of_template(request, material));
        match material.workspace {
            WorkspaceAccess::Missing => problems.push(PreflightProblem::NoWorkspace),
            WorkspaceAccess::Closed => problems.push(PreflightProblem::WorkspaceClosed),
            WorkspaceAccess::Open | WorkspaceAccess::Unknown => {}
        }
        if !self.names_sender(request) {
            problems.push(PreflightProblem::NoSender);
        }
        if request.name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
            problems.push(PreflightProblem::NameTooLong);
        }
        problems
    }

    fn of_template(&self, request: &ContractRequest, material: &Material) -> Vec<PreflightProblem> {
        let Some(template) = &material.template else {
            return vec![PreflightProblem::NoTemplate];
        };
        let mut problems = Vec::new();
        if template.active == Some(false) {
            problems.push(PreflightProblem::TemplateInactive);
        }
        if material.template_type.is_none() {
            problems.push(PreflightProblem::NoTemplateType);
            return problems;
        }
        let scope = material.scope(request);
        if !scope.is_kept_in_step(&self.mapping.sync) {
            problems.push(PreflightProblem::OutOfScope);
            return problems;
        }
        let keys = material.active_keys();
        let missing = self.needed_keys(scope).into_iter().filter(|key| !keys.contains(key));
        problems.extend(missing.map(|key| PreflightProblem::NoDataField(key.to_owned())));
        problems
    }

    /// The data fields that the mapping names for such a contract, which is kept in step, in its order, each once; and the one that holds the
    /// link token.
    fn needed_keys(&self, scope: ContractScope) -> Vec<&str> {
        let is_needed =
            |field: &&FieldMapping| scope.is_within_entry(field) && field.oneflow != CONTRACT_STATE;
        let fields = self.mapping.fields.iter().filter(is_needed).map(|field| field.oneflow.as_str());
        let mut seen = BTreeSet::new();
        fields.chain(self.token_field()).filter(|key| seen.insert(*key)).collect()
    }

    fn names_sender(&self, request: &ContractRequest) -> bool {
        let create = CreateContract::new(NewContract::new(request.workspace, request.template));
        self.oneflow.prepare(&create).is_ok_and(|request| request.headers().contains_key(SENDER_HEADER))
    }
}

fn of_candidate(candidate: Option<&CandidateSnapshot>) -> Vec<PreflightProblem> {
    let Some(candidate) = candidate else {
        return vec![PreflightProblem::NoCandidate];
    };
    let missing = NEEDED.into_iter().filter(|field| default_text(candidate, *field).is_empty());
    missing.map(PreflightProblem::CandidateLacks).collect()
}

fn is_closed(workspace: &Workspace) -> bool {
    workspace.permissions.as_ref().and_then(|permissions| permissions.contract_create) == Some(false)
}

/// A default field of the candidate without space around it; empty when there is none.
pub(crate) fn default_text(candidate: &CandidateSnapshot, field: DefaultField) -> &str {
    candidate.defaults.get(&field).map(|text| text.trim()).unwrap_or_default()
}
