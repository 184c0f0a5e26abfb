//! A new contract with the candidate's values in it: what it will be made of, and what stands in the way.

use std::{collections::BTreeSet, fmt};

use oneflow_client::{
    CreateContract, DeliveryChannel, GetTemplate, GetTemplateType, NewContract, NewDataFieldValue,
    NewIndividual, NewParticipant, NewParticipantPermissions, NewPrivateOwnerside, PublishMessage, Template,
    TemplateId, TemplateType, WorkspaceId,
};
use smartsync_transport::Error;
use teamtailor_client::CandidateId;

use crate::{
    CandidateSnapshot, Country, DefaultField, Direction, Engine, EngineError, FieldMapping, FieldOutcome,
    FieldValue, LinkMeans, LinkToken, Outcome, PhoneNumber, Reason, RequestId,
    contract_state::CONTRACT_STATE,
    field_pair::{FieldPair, field_pairs},
    scope::ContractScope,
};

/// Header that names the Oneflow user on whose behalf a contract is made.
const SENDER_HEADER: &str = "x-oneflow-user-email";
/// The longest name of a contract.
const MAX_NAME: usize = 130;

/// A contract that is to be made. `Debug` prints ids only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ContractRequest {
    /// The host's own name for this creation; a second try has the same.
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

/// Something that stands in the way of a new contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreflightProblem {
    /// There is no such candidate.
    #[error("the candidate does not exist, or our key may not see it")]
    NoCandidate,
    /// The candidate lacks a field that a contract needs.
    #[error("the candidate has no {}: fill it in on the candidate's card", .0.as_str())]
    CandidateLacks(DefaultField),
    /// There is no such template.
    #[error("the template does not exist, or our user may not see it")]
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
    #[error("the template type has no active data field `{0}`, which the mapping names")]
    NoDataField(String),
    /// No Oneflow user is named as the sender.
    #[error("no Oneflow user is named as the sender: set the client's user e-mail")]
    NoSender,
    /// The name is longer than Oneflow allows.
    #[error("the name of the contract has more than {MAX_NAME} characters")]
    NameTooLong,
}

/// What a new contract will be made of. `Debug` prints no value.
#[derive(Clone, PartialEq)]
pub struct CreationPlan {
    pub(crate) request: ContractRequest,
    pub(crate) token: LinkToken,
    pub(crate) operation: CreateContract,
    pub(crate) outcomes: Vec<FieldOutcome>,
    pub(crate) prefilled: Vec<Prefilled>,
}

/// A data field of the new contract, with the value it gets; `None` where the candidate has none.
#[derive(Clone, PartialEq)]
pub(crate) struct Prefilled {
    pub(crate) pair: FieldPair,
    pub(crate) value: Option<FieldValue>,
}

impl CreationPlan {
    /// What was asked for.
    #[must_use]
    pub fn request(&self) -> &ContractRequest {
        &self.request
    }

    /// The request that makes the contract.
    #[must_use]
    pub fn operation(&self) -> &CreateContract {
        &self.operation
    }

    /// Every mapped field with its outcome; [`Outcome::Written`] means that it will be in the contract.
    #[must_use]
    pub fn outcomes(&self) -> &[FieldOutcome] {
        &self.outcomes
    }
}

impl fmt::Debug for CreationPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreationPlan")
            .field("request", &self.request)
            .field("outcomes", &self.outcomes)
            .finish_non_exhaustive()
    }
}

/// What was read for a new contract.
struct Material {
    candidate: Option<CandidateSnapshot>,
    template: Option<Template>,
    template_type: Option<TemplateType>,
}

impl Engine {
    /// Reads the candidate and the template and decides what the contract will be made of. Makes nothing.
    ///
    /// # Errors
    ///
    /// [`EngineError::Preflight`] with everything that stands in the way; else when a service could not be read.
    pub async fn plan_contract(&self, request: &ContractRequest) -> Result<CreationPlan, EngineError> {
        let material = self.read_material(request).await?;
        let definitions = match self.cached_definitions() {
            Some(definitions) => definitions,
            None => self.refresh_definitions().await?,
        };
        let problems = self.preflight(request, &material);
        let (Some(candidate), true) = (&material.candidate, problems.is_empty()) else {
            return Err(EngineError::Preflight(problems));
        };
        let data_fields = material.template_type.as_ref().map(active_keys).unwrap_or_default();
        let pairs = field_pairs(&self.mapping, &definitions, &data_fields, scope(request, &material));
        Ok(self.draft(request, candidate, &pairs, &data_fields))
    }

    async fn read_material(&self, request: &ContractRequest) -> Result<Material, Error> {
        let candidate = self.read_candidate(&request.candidate).await?;
        let template = self.oneflow.send_opt(&GetTemplate::new(request.template)).await?;
        let kind = template.as_ref().and_then(|template| template.template_type.as_ref());
        let template_type = match kind {
            // The template's own copy may be shortened.
            Some(kind) => self.oneflow.send_opt(&GetTemplateType::new(kind.id)).await?,
            None => None,
        };
        Ok(Material { candidate, template, template_type })
    }

    /// Everything that stands in the way, not just the first.
    fn preflight(&self, request: &ContractRequest, material: &Material) -> Vec<PreflightProblem> {
        let mut problems = Vec::new();
        match &material.candidate {
            None => problems.push(PreflightProblem::NoCandidate),
            Some(candidate) => {
                let needed = [
                    DefaultField::FirstName,
                    DefaultField::LastName,
                    DefaultField::Email,
                    DefaultField::Phone,
                ];
                let missing = needed.into_iter().filter(|field| text(candidate, *field).is_empty());
                problems.extend(missing.map(PreflightProblem::CandidateLacks));
            }
        }
        match (&material.template, &material.template_type) {
            (None, _) => problems.push(PreflightProblem::NoTemplate),
            (Some(template), template_type) => {
                if template.active == Some(false) {
                    problems.push(PreflightProblem::TemplateInactive);
                }
                match template_type {
                    None => problems.push(PreflightProblem::NoTemplateType),
                    Some(template_type) => {
                        let keys = active_keys(template_type);
                        let missing =
                            self.mapped_keys(scope(request, material)).filter(|key| !keys.contains(key));
                        problems.extend(missing.map(|key| PreflightProblem::NoDataField(key.to_owned())));
                    }
                }
            }
        }
        let create = CreateContract::new(NewContract::new(request.workspace, request.template));
        let has_sender =
            self.oneflow.prepare(&create).is_ok_and(|request| request.headers().contains_key(SENDER_HEADER));
        if !has_sender {
            problems.push(PreflightProblem::NoSender);
        }
        if request.name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
            problems.push(PreflightProblem::NameTooLong);
        }
        problems
    }

    /// The data fields that the mapping names for such a contract: those of its entries, and the one that holds the link
    /// token.
    fn mapped_keys(&self, scope: ContractScope) -> impl Iterator<Item = &str> {
        let is_for_it = move |field: &&FieldMapping| scope.is_for(&self.mapping.sync, field);
        let fields = self.mapping.fields.iter().filter(is_for_it).map(|field| field.oneflow.as_str());
        fields.filter(|key| *key != CONTRACT_STATE).chain(self.token_field())
    }

    /// The data field that holds the link token, if one is configured for it.
    pub(crate) fn token_field(&self) -> Option<&str> {
        let sync = &self.mapping.sync;
        sync.link_data_field.as_deref().filter(|_| sync.link.contains(&LinkMeans::DataField))
    }

    fn draft(
        &self,
        request: &ContractRequest,
        candidate: &CandidateSnapshot,
        pairs: &[FieldPair],
        data_fields: &BTreeSet<&str>,
    ) -> CreationPlan {
        let token = LinkToken::new(request.candidate.clone(), request.request_id.clone());
        let text_of_token = token.sign(&self.keys);
        let (mut outcomes, mut prefilled, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        for pair in pairs {
            let outcome = match value_and_text(pair, candidate, data_fields) {
                Err(outcome) => {
                    let is_empty =
                        matches!(outcome, Outcome::Skipped(Reason::CandidateEmpty | Reason::OnlyTakenOver));
                    if is_empty && !pair.is_state() {
                        prefilled.push(Prefilled { pair: pair.clone(), value: None });
                    }
                    outcome
                }
                Ok((value, text)) => {
                    sent.push(NewDataFieldValue::new(pair.data_field.as_str(), text));
                    prefilled.push(Prefilled { pair: pair.clone(), value: Some(value) });
                    Outcome::Written
                }
            };
            outcomes.push(FieldOutcome::new(&pair.data_field, &pair.field, outcome));
        }
        sent.extend(self.token_field().map(|key| NewDataFieldValue::new(key, text_of_token.as_str())));
        let mut contract = NewContract::new(request.workspace, request.template).data_fields(sent).parties([
            NewIndividual::new(participant(candidate, text_of_token, self.mapping.sync.locale.country)),
        ]);
        if let Some(name) = &request.name {
            contract = contract.name(name.as_str());
        }
        CreationPlan {
            request: request.clone(),
            token,
            operation: CreateContract::new(contract),
            outcomes,
            prefilled,
        }
    }
}

/// What the new contract will belong to.
fn scope(request: &ContractRequest, material: &Material) -> ContractScope {
    let template_type = material.template_type.as_ref().map(|template_type| template_type.id);
    ContractScope { template_type, workspace: Some(request.workspace) }
}

/// The value that a data field gets, and its text; or why it gets none.
fn value_and_text(
    pair: &FieldPair,
    candidate: &CandidateSnapshot,
    data_fields: &BTreeSet<&str>,
) -> Result<(FieldValue, String), Outcome> {
    if !pair.is_in_scope {
        return Err(Outcome::Skipped(Reason::OutOfScope));
    }
    if pair.is_state() {
        return Err(Outcome::Skipped(Reason::OnlyTakenOver));
    }
    if !data_fields.contains(pair.data_field.as_str()) {
        return Err(Outcome::Skipped(Reason::NotInContract));
    }
    if pair.direction == Direction::ToTeamtailor {
        return Err(Outcome::Skipped(Reason::OnlyTakenOver));
    }
    let target = pair.target.as_ref().map_err(|reason| Outcome::Failed(*reason))?;
    let value =
        candidate.value(pair, target).map_err(|error| Outcome::Failed(Reason::of_candidate_value(error)))?;
    let value = value.ok_or(Outcome::Skipped(Reason::CandidateEmpty))?;
    let text = pair
        .format
        .write_oneflow(&value)
        .map_err(|error| Outcome::Failed(Reason::of_candidate_value(error)))?;
    Ok((value, text))
}

/// The candidate as the one who signs, and who may fill in fields.
fn participant(candidate: &CandidateSnapshot, token: String, country: Option<Country>) -> NewParticipant {
    let name =
        format!("{} {}", text(candidate, DefaultField::FirstName), text(candidate, DefaultField::LastName));
    let participant = NewParticipant::new(name.trim(), DeliveryChannel::Email)
        .email(text(candidate, DefaultField::Email))
        .signatory(true)
        .permissions(NewParticipantPermissions::new().contract_update(true))
        .private_ownerside(NewPrivateOwnerside::new().custom_id(token));
    match international(text(candidate, DefaultField::Phone), country) {
        Some(phone) => participant.phone_number(phone),
        None => participant,
    }
}

/// Oneflow takes numbers in international form only; any other is left out rather than refused with the contract.
fn international(phone: &str, country: Option<Country>) -> Option<String> {
    PhoneNumber::read(phone, country).ok()?.e164().map(str::to_owned)
}

fn text(candidate: &CandidateSnapshot, field: DefaultField) -> &str {
    candidate.defaults.get(&field).map(|text| text.trim()).unwrap_or_default()
}

fn active_keys(template_type: &TemplateType) -> BTreeSet<&str> {
    let active = template_type.data_fields.iter().filter(|field| field.active != Some(false));
    active.filter_map(|field| field.key()).collect()
}
