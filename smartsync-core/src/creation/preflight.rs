//! What stands in the way of a new contract: everything at once, before anything is created.

use std::collections::BTreeSet;

use oneflow_client::templates::{Template, TemplateType};

use super::request::ContractRequest;
use crate::{
    candidate::{CandidateSnapshot, DefaultField},
    contract::{CONTRACT_STATE, has_unreadable_key},
    mapping::{ContractScope, FieldMapping, Mapping},
};

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
    #[error("the candidate was forgotten on request, so no contract is created: choose another candidate")]
    CandidateForgotten,
    /// There is no such candidate.
    #[error("the candidate does not exist, or the API key has no access to it: check the id")]
    NoCandidate,
    /// The candidate lacks a field that a contract needs.
    #[error("the candidate has no {}: fill it in on the candidate's card", .0.as_str())]
    CandidateLacks(DefaultField),
    /// There is no such template.
    #[error("the template does not exist, or the Oneflow user has no access to it: check the id")]
    NoTemplate,
    /// The template is inactive.
    #[error("the template is not active: activate it in Oneflow")]
    TemplateInactive,
    /// The template has no template type, so its contracts have no data fields.
    #[error(
        "the template has no template type, so its contracts would have no data fields: assign one in Oneflow"
    )]
    NoTemplateType,
    /// The mapping names a data field that the template type lacks.
    #[error(
        "the mapping uses the data field `{0}`, which is not active on the template type: add it there, or limit the entry to other template types with `template_types`"
    )]
    NoDataField(String),
    /// By the mapping, such a contract would never be synced.
    #[error(
        "the mapping excludes this template type or this workspace: choose another, or add it to `[sync]`"
    )]
    OutOfScope,
    /// There is no such workspace.
    #[error("the workspace does not exist, or the Oneflow user is not a member of it: check the id")]
    NoWorkspace,
    /// The Oneflow user may not create contracts in the workspace.
    #[error("the Oneflow user may not create contracts in the workspace: change the user's role there")]
    WorkspaceClosed,
    /// No Oneflow user is named as the sender.
    #[error("no Oneflow user is set as the sender: set the client's user e-mail")]
    NoSender,
    /// The name is longer than Oneflow allows.
    #[error("the contract's name is longer than {MAX_NAME} characters: use a shorter one")]
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
    pub(crate) template: Option<Template>,
    pub(crate) template_type: Option<TemplateType>,
    pub(crate) workspace: WorkspaceAccess,
}

/// What the Oneflow user may do in a workspace.
pub(crate) enum WorkspaceAccess {
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

    /// What a new contract depends on but could not be read: the service, and the member of its answer.
    pub(crate) fn unreadable(&self) -> Option<(&'static str, &'static str)> {
        let of_candidate = self
            .candidate
            .as_ref()
            .and_then(|candidate| NEEDED.into_iter().find(|field| candidate.unreadable.contains(field)));
        if let Some(field) = of_candidate {
            return Some(("Teamtailor", field.attribute()));
        }
        let hides_fields = |template_type: &TemplateType| {
            template_type.unreadable.contains("data_fields")
                || template_type.data_fields.iter().any(has_unreadable_key)
        };
        if self.template_type.as_ref().is_some_and(hides_fields) {
            return Some(("Oneflow", "data_fields"));
        }
        let is_lost = |template: &Template| template.unreadable.contains("template_type");
        let template = self.template.as_ref().filter(|template| is_lost(template));
        template.map(|_| ("Oneflow", "template_type"))
    }

    pub(crate) fn scope(&self, request: &ContractRequest) -> ContractScope {
        let template_type = self.template_type.as_ref().map(|template_type| template_type.id);
        ContractScope::new(template_type, Some(request.workspace))
    }
}

/// Everything that stands in the way, not just the first.
pub(crate) fn preflight(
    request: &ContractRequest,
    material: &Material,
    mapping: &Mapping,
    names_sender: bool,
) -> Vec<PreflightProblem> {
    let mut problems = of_candidate(material.candidate.as_ref());
    problems.extend(of_template(request, material, mapping));
    match material.workspace {
        WorkspaceAccess::Missing => problems.push(PreflightProblem::NoWorkspace),
        WorkspaceAccess::Closed => problems.push(PreflightProblem::WorkspaceClosed),
        WorkspaceAccess::Open | WorkspaceAccess::Unknown => {}
    }
    if !names_sender {
        problems.push(PreflightProblem::NoSender);
    }
    if request.name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
        problems.push(PreflightProblem::NameTooLong);
    }
    problems
}

fn of_template(request: &ContractRequest, material: &Material, mapping: &Mapping) -> Vec<PreflightProblem> {
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
    if !scope.is_kept_in_step(&mapping.sync) {
        problems.push(PreflightProblem::OutOfScope);
        return problems;
    }
    let keys = material.active_keys();
    let missing = needed_keys(mapping, scope).into_iter().filter(|key| !keys.contains(key));
    problems.extend(missing.map(|key| PreflightProblem::NoDataField(key.to_owned())));
    problems
}

/// The data fields that the mapping names for such a synced contract, in its order, each once; and the one that holds
/// the link token.
fn needed_keys(mapping: &Mapping, scope: ContractScope) -> Vec<&str> {
    let is_needed = |field: &&FieldMapping| scope.is_within_entry(field) && field.oneflow != CONTRACT_STATE;
    let fields = mapping.fields.iter().filter(is_needed).map(|field| field.oneflow.as_str());
    let mut seen = BTreeSet::new();
    fields.chain(mapping.sync.token_field()).filter(|key| seen.insert(*key)).collect()
}

fn of_candidate(candidate: Option<&CandidateSnapshot>) -> Vec<PreflightProblem> {
    let Some(candidate) = candidate else {
        return vec![PreflightProblem::NoCandidate];
    };
    let missing = NEEDED.into_iter().filter(|field| default_text(candidate, *field).is_empty());
    missing.map(PreflightProblem::CandidateLacks).collect()
}

/// A default field of the candidate without space around it; empty if there is none.
pub(crate) fn default_text(candidate: &CandidateSnapshot, field: DefaultField) -> &str {
    candidate.defaults.get(&field).map(|text| text.trim()).unwrap_or_default()
}
