//! A new contract with the candidate's values in it: what it will be created with.

use std::{collections::BTreeSet, fmt};

use oneflow_client::{
    contracts::{CreateContract, NewContract, NewDataFieldValue},
    parties::{DeliveryChannel, NewIndividual, NewParticipant, NewParticipantPermissions},
    shared::NewPrivateOwnerside,
};

use super::{preflight::default_text, request::ContractRequest};
use crate::{
    candidate::{CandidateSnapshot, CardValueError, DefaultField, Target},
    keys::{SyncKeys, TenantTag},
    ledger::{CardEntry, Digest, FieldDigests},
    link::LinkToken,
    mapping::{Direction, SyncSettings},
    outcome::{FieldOutcome, Outcome, Reason},
    plan::FieldPair,
    value::{Country, FieldFormat, FieldValue, PhoneNumber},
};

/// What a new contract will be created with. `Debug` prints no value.
#[derive(Clone, PartialEq)]
pub struct CreationPlan {
    pub(crate) request: ContractRequest,
    pub(crate) token: LinkToken,
    pub(crate) operation: CreateContract,
    pub(crate) outcomes: Vec<FieldOutcome>,
    pub(crate) prefilled: Vec<Prefilled>,
    /// The accounts, and the key, that it was made for.
    pub(crate) tenant: TenantTag,
}

/// A data field of the new contract, with the value it gets; `None` if the candidate has none.
#[derive(Clone, PartialEq)]
pub(crate) struct Prefilled {
    pub(crate) data_field: String,
    pub(crate) target: Target,
    pub(crate) format: FieldFormat,
    pub(crate) value: Option<FieldValue>,
    /// The field of the card, and what the sync last wrote there, if the card holds `value` instead.
    pub(crate) outdated: Option<(String, Digest)>,
}

impl Prefilled {
    /// `None` for a pair without a target: nothing will ever be agreed on.
    fn new(pair: &FieldPair, value: Option<FieldValue>) -> Option<Self> {
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

    /// The request that creates the contract.
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

/// What a contract is prefilled from, and the data fields that it has.
pub(crate) struct CardForContract<'a> {
    pub(crate) candidate: &'a CandidateSnapshot,
    pub(crate) known: &'a CardEntry,
    pub(crate) data_fields: BTreeSet<&'a str>,
}

/// What a contract will be created with.
pub(crate) fn draft(
    request: &ContractRequest,
    card: &CardForContract<'_>,
    pairs: &[FieldPair],
    sync: &SyncSettings,
    keys: &SyncKeys,
) -> CreationPlan {
    let token = LinkToken::new(request.candidate.clone(), request.request_id.clone());
    let text_of_token = token.sign(keys);
    let (mut outcomes, mut prefilled, mut sent) = (Vec::new(), Vec::<Prefilled>::new(), Vec::new());
    for pair in pairs {
        let outcome = match value_and_text(pair, card) {
            Err(outcome) => {
                let is_in_contract = card.data_fields.contains(pair.data_field());
                let stays_empty =
                    matches!(outcome, Outcome::Skipped(Reason::CandidateEmpty | Reason::OnlyWrittenBack));
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
        field.outdated = outdated(field, card, keys);
    }
    sent.extend(sync.token_field().map(|key| NewDataFieldValue::new(key, text_of_token.as_str())));
    let country = sync.locale.country;
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
        tenant: keys.tenant_tag(),
    }
}

/// What the sync last wrote to the card, if the card holds the value that the contract gets instead.
fn outdated(field: &Prefilled, card: &CardForContract<'_>, keys: &SyncKeys) -> Option<(String, Digest)> {
    let digests = FieldDigests::of_card(keys, &card.candidate.id, &field.target, field.format.kind());
    let ours = card.known.field(digests.field())?.ours.as_ref()?;
    let is_on_card = card.candidate.value(&field.target, &field.format).as_ref() == Ok(&field.value);
    let is_outdated = is_on_card && digests.is_of(ours, field.value.as_ref()) != Some(true);
    is_outdated.then(|| (digests.field().to_owned(), ours.clone()))
}

/// The value that a data field gets, and its text; or why it gets none.
fn value_and_text(pair: &FieldPair, card: &CardForContract<'_>) -> Result<(FieldValue, String), Outcome> {
    if !pair.is_in_scope {
        return Err(Outcome::Skipped(Reason::OutOfScope));
    }
    if pair.is_state() {
        return Err(Outcome::Skipped(Reason::OnlyWrittenBack));
    }
    if !card.data_fields.contains(pair.data_field()) {
        return Err(Outcome::Skipped(Reason::NotInContract));
    }
    if pair.entry.direction == Direction::ToTeamtailor {
        return Err(Outcome::Skipped(Reason::OnlyWrittenBack));
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

/// The candidate as the participant who signs and may fill in fields.
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

/// Oneflow accepts only numbers in international form; any other is left out, so that the contract is not refused for
/// it.
fn international(phone: &str, country: Option<Country>) -> Option<String> {
    PhoneNumber::read(phone, country).ok()?.e164().map(str::to_owned)
}
