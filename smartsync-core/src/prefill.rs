//! A new contract with the candidate's values in it: what it will be made of.

use std::{collections::BTreeSet, fmt, sync::Arc};

use oneflow_client::{
    TemplateId, WorkspaceId,
    contracts::{CreateContract, NewContract, NewDataFieldValue, PublishMessage},
    parties::{DeliveryChannel, NewIndividual, NewParticipant, NewParticipantPermissions},
    shared::NewPrivateOwnerside,
};
use teamtailor_client::CandidateId;

use crate::{
    CandidateSnapshot, CardEntry, Country, DefaultField, Definitions, Digest, Direction, Engine, EngineError,
    FieldFormat, FieldOutcome, FieldValue, LinkToken, Outcome, PhoneNumber, PreflightProblem, Reason,
    RequestId,
    digest::FieldDigests,
    field_pair::{FieldPair, Target, field_pairs},
    preflight::default_text,
    snapshot::CardValueError,
    sync_keys::TenantTag,
};

/// A contract that is to be made. `Debug` prints ids only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ContractRequest {
    /// The host's own name for this creation, without any person's name in it; a second try has the same.
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

/// What a new contract will be made of. `Debug` prints no value.
#[derive(Clone, PartialEq)]
pub struct CreationPlan {
    pub(crate) request: ContractRequest,
    pub(crate) token: LinkToken,
    pub(crate) operation: CreateContract,
    pub(crate) outcomes: Vec<FieldOutcome>,
    pub(crate) prefilled: Vec<Prefilled>,
    /// For which accounts it was made, and under which key.
    pub(crate) tenant: TenantTag,
}

/// A data field of the new contract, with the value it gets; `None` where the candidate has none.
#[derive(Clone, PartialEq)]
pub(crate) struct Prefilled {
    pub(crate) data_field: String,
    pub(crate) target: Target,
    pub(crate) format: FieldFormat,
    pub(crate) value: Option<FieldValue>,
    /// The field of the card, and what the sync itself had put there last, where the card holds `value` instead.
    pub(crate) outdated: Option<(String, Digest)>,
}

impl Prefilled {
    /// `None` for a pair that has no target: nothing will ever be agreed on.
    fn new(pair: &FieldPair<'_>, value: Option<FieldValue>) -> Option<Self> {
        let (target, format) = (pair.target.clone().ok()?, pair.format.clone());
        Some(Self { data_field: pair.data_field().to_owned(), target, format, value, outdated: None })
    }
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

    /// Every mapped field with its outcome; [`Outcome::Written`] means that it will be sent. What the contract then holds is
    /// in the outcomes of the [`CreatedContract`](crate::CreatedContract).
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

/// What a contract is filled in from, and what it has.
struct Card<'a> {
    candidate: &'a CandidateSnapshot,
    known: &'a CardEntry,
    data_fields: BTreeSet<&'a str>,
}

impl Engine {
    /// Reads the candidate, the template and the workspace and decides what the contract will be made of. Makes nothing.
    /// Where a custom field or an option is not known, Teamtailor's are read again first.
    ///
    /// # Errors
    ///
    /// [`EngineError::Preflight`] with everything that stands in the way; else when a service or the ledger could not be
    /// read.
    pub async fn plan_contract(&self, request: &ContractRequest) -> Result<CreationPlan, EngineError> {
        self.refuse_forgotten(request).await?;
        // Before the card itself, so that what is written to it in between is newer than this.
        let known = self.ledger.load_card(&request.candidate).await?;
        let material = self.read_material(request).await?;
        let (definitions, were_cached) = match self.cached_definitions() {
            Some(definitions) => (definitions, true),
            None => (self.refresh_definitions().await?, false),
        };
        if let Some(unreadable) = material.unreadable() {
            return Err(unreadable);
        }
        let problems = self.preflight(request, &material);
        let (Some(candidate), true) = (&material.candidate, problems.is_empty()) else {
            return Err(EngineError::Preflight(problems));
        };
        let data_fields = material.active_keys();
        let card = Card { candidate, known: &known, data_fields };
        let drafted = |definitions: &Definitions| {
            let scope = material.scope(request);
            self.draft(request, &card, &field_pairs(&self.mapping, definitions, &card.data_fields, scope))
        };
        let (mut definitions, mut plan) = (Arc::clone(&definitions), drafted(&definitions));
        let keys = card.data_fields.iter().copied();
        if were_cached && self.lack_for_new_contract(&definitions, &plan.outcomes, keys, candidate) {
            definitions = self.refresh_definitions().await?;
            plan = drafted(&definitions);
        }
        // A contract is made once, so it must not be made without what could not be read.
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

    /// Nothing is read of a forgotten candidate, and nothing made.
    pub(crate) async fn refuse_forgotten(&self, request: &ContractRequest) -> Result<(), EngineError> {
        if self.ledger.is_forgotten(&request.candidate).await? {
            return Err(EngineError::Preflight(vec![PreflightProblem::CandidateForgotten]));
        }
        Ok(())
    }

    /// The data field that holds the link token, if one is configured for it.
    pub(crate) fn token_field(&self) -> Option<&str> {
        self.mapping.sync.token_field()
    }

    fn draft(&self, request: &ContractRequest, card: &Card<'_>, pairs: &[FieldPair<'_>]) -> CreationPlan {
        let token = LinkToken::new(request.candidate.clone(), request.request_id.clone());
        let text_of_token = token.sign(&self.keys);
        let (mut outcomes, mut prefilled, mut sent) = (Vec::new(), Vec::<Prefilled>::new(), Vec::new());
        for pair in pairs {
            let outcome = match value_and_text(pair, card) {
                Err(outcome) => {
                    let is_in_contract = card.data_fields.contains(pair.data_field());
                    let stays_empty =
                        matches!(outcome, Outcome::Skipped(Reason::CandidateEmpty | Reason::OnlyTakenOver));
                    if is_in_contract && stays_empty {
                        prefilled.extend(Prefilled::new(pair, None));
                    }
                    outcome
                }
                Ok((value, text)) => {
                    sent.push(NewDataFieldValue::new(pair.data_field(), text));
                    prefilled.extend(Prefilled::new(pair, Some(value)));
                    Outcome::Written
                }
            };
            outcomes.push(pair.ended(outcome));
        }
        for field in &mut prefilled {
            field.outdated = self.outdated(field, card);
        }
        sent.extend(self.token_field().map(|key| NewDataFieldValue::new(key, text_of_token.as_str())));
        let country = self.mapping.sync.locale.country;
        let mut contract = NewContract::new(request.workspace, request.template)
            .data_fields(sent)
            .parties([NewIndividual::new(participant(card.candidate, text_of_token, country))]);
        if let Some(name) = &request.name {
            contract = contract.name(name.as_str());
        }
        CreationPlan {
            request: request.clone(),
            token,
            operation: CreateContract::new(contract),
            outcomes,
            prefilled,
            tenant: self.keys.tenant_tag(),
        }
    }

    /// What the sync itself had put on the card last, where the card holds the value that the contract gets instead.
    fn outdated(&self, field: &Prefilled, card: &Card<'_>) -> Option<(String, Digest)> {
        let digests =
            FieldDigests::of_card(&self.keys, &card.candidate.id, &field.target, field.format.kind());
        let ours = card.known.field(digests.field())?.ours.as_ref()?;
        let is_on_card = card.candidate.value(&field.target, &field.format).as_ref() == Ok(&field.value);
        let is_outdated = is_on_card && digests.is_of(ours, field.value.as_ref()) != Some(true);
        is_outdated.then(|| (digests.field().to_owned(), ours.clone()))
    }
}

/// The value that a data field gets, and its text; or why it gets none.
fn value_and_text(pair: &FieldPair<'_>, card: &Card<'_>) -> Result<(FieldValue, String), Outcome> {
    if !pair.is_in_scope {
        return Err(Outcome::Skipped(Reason::OutOfScope));
    }
    if pair.is_state() {
        return Err(Outcome::Skipped(Reason::OnlyTakenOver));
    }
    if !card.data_fields.contains(pair.data_field()) {
        return Err(Outcome::Skipped(Reason::NotInContract));
    }
    if pair.entry.direction == Direction::ToTeamtailor {
        return Err(Outcome::Skipped(Reason::OnlyTakenOver));
    }
    let unreadable = |error| Outcome::Failed(Reason::of_candidate_value(error));
    let target = pair.target.as_ref().map_err(|reason| Outcome::Failed(*reason))?;
    let value = card.candidate.value(target, &pair.format).map_err(|error| match error {
        CardValueError::NotSaid(_) => Outcome::Failed(Reason::AnswerUnreadable),
        CardValueError::Value(error) => unreadable(error),
    })?;
    let value = value.ok_or(Outcome::Skipped(Reason::CandidateEmpty))?;
    let text = pair.format.write_oneflow(&value).map_err(unreadable)?;
    Ok((value, text))
}

/// The candidate as the one who signs, and who may fill in fields.
fn participant(candidate: &CandidateSnapshot, token: String, country: Option<Country>) -> NewParticipant {
    let name = format!(
        "{} {}",
        default_text(candidate, DefaultField::FirstName),
        default_text(candidate, DefaultField::LastName)
    );
    let participant = NewParticipant::new(name.trim(), DeliveryChannel::Email)
        .email(default_text(candidate, DefaultField::Email))
        .signatory(true)
        .permissions(NewParticipantPermissions::new().contract_update(true))
        .private_ownerside(NewPrivateOwnerside::new().custom_id(token));
    match international(default_text(candidate, DefaultField::Phone), country) {
        Some(phone) => participant.phone_number(phone),
        None => participant,
    }
}

/// Oneflow takes numbers in international form only; any other is left out rather than refused with the contract.
fn international(phone: &str, country: Option<Country>) -> Option<String> {
    PhoneNumber::read(phone, country).ok()?.e164().map(str::to_owned)
}
