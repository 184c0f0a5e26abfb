//! Decides on one pair of fields: how it ends, and what is written.

use serde_json::Value;

use super::{
    card_origin::card_origin, card_origin::is_ours, compared::Compared, field_pair::FieldPair,
    field_sides::Unreadable, field_sides::side_states, field_sides::sides, input::PlanInput, rank::Claim,
    rank::Claims, resolution::Take, three_way::three_way, update::FieldUpdate, update::WriteDigests,
};
use crate::{
    candidate::{CandidateSnapshot, CardValueError, Target},
    contract::{ContractSnapshot, no_proposal_reason, state_word},
    ledger::{Agreed, CardField, Digest, FieldDigests, Kept},
    link::{has_candidate_signed, lost_of_signers},
    mapping::{ContractScope, Moment, OnEmpty},
    outcome::{Outcome, Reason},
    value::{FieldValue, ValueError},
};

/// How one pair ends.
pub(crate) struct FieldDecision {
    pub(crate) outcome: Outcome,
    pub(crate) note: Option<Reason>,
    /// The member of an answer that could not be read, where that decided.
    pub(crate) member: Option<&'static str>,
    /// What both sides already agree on, where the ledger does not know it.
    pub(crate) agreed: Option<Agreed>,
    pub(crate) update: Option<FieldUpdate>,
    /// What a person keeps on the card, and what is written of that.
    pub(crate) kept: Option<(FieldUpdate, Kept)>,
    pub(crate) compared: Option<Compared>,
}

/// How a pair ends before, or without, a comparison of its two sides.
pub(crate) struct Ended {
    outcome: Outcome,
    member: Option<&'static str>,
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, member: None }
    }
}

impl From<Unreadable> for Ended {
    fn from(Unreadable(member): Unreadable) -> Self {
        Self::unreadable(member)
    }
}

impl Ended {
    /// Held, for a member of an answer that could not be read: it is neither absent nor empty.
    fn unreadable(member: &'static str) -> Self {
        Self { outcome: Outcome::Held(Reason::AnswerUnreadable), member: Some(member) }
    }
}

impl From<Ended> for FieldDecision {
    fn from(Ended { outcome, member }: Ended) -> Self {
        Self { outcome, note: None, member, agreed: None, update: None, kept: None, compared: None }
    }
}

impl From<Outcome> for FieldDecision {
    fn from(outcome: Outcome) -> Self {
        Ended::from(outcome).into()
    }
}

/// Everything that a plan says about one pair. `claims` are those of the candidate's other contracts; `take` is what a person has decided
/// on it.
pub(crate) fn decide_field(
    input: &PlanInput<'_>,
    pair: &FieldPair,
    claims: &Claims,
    take: Option<Take>,
) -> FieldDecision {
    prepare(input, pair, claims)
        .and_then(|ready| compare(input, pair, ready, take))
        .unwrap_or_else(FieldDecision::from)
}

/// A pair whose two sides could be read.
struct Ready<'a> {
    target: &'a Target,
    candidate: &'a CandidateSnapshot,
    contract_value: Option<FieldValue>,
    candidate_value: Option<FieldValue>,
}

/// Everything that ends a field before the two sides are compared.
fn prepare<'a>(input: &PlanInput<'a>, pair: &'a FieldPair, claims: &Claims) -> Result<Ready<'a>, Ended> {
    let contract = input.contract;
    if let Some(member) = ContractScope::of(contract).lost(&input.mapping.sync, &pair.entry) {
        return Err(Ended::unreadable(member));
    }
    if !pair.is_in_scope {
        return Err(Outcome::Skipped(Reason::OutOfScope).into());
    }
    if !pair.entry.writes_back() {
        return Err(only_prefilled(input, pair));
    }
    if input.entry.is_retired {
        return Err(Outcome::Skipped(Reason::ContractRetired).into());
    }
    if let Some(member) = contract.lost("state") {
        return Err(Ended::unreadable(member));
    }
    let word = if pair.is_state() {
        Some(state_word(contract).map_err(|reason| Ended::from(by_state(reason)))?)
    } else if let Some(reason) = no_proposal_reason(contract) {
        return Err(by_state(reason).into());
    } else {
        None
    };
    let candidate = input.candidate.map_err(|reason| Ended::from(without_candidate(reason)))?;
    let text = match word {
        Some(word) => word,
        None => text(contract, pair)?,
    };
    let target = target(input, pair)?;
    match claims.of(target) {
        Claim::None => {}
        Claim::Taken => return Err(Outcome::Skipped(Reason::OtherContractFirst).into()),
        Claim::Unsure => return Err(Outcome::Held(Reason::OtherContractUnreadable).into()),
    }
    wait_for_moment(input, pair, candidate)?;
    let contract_value = pair.format.read_oneflow(text).map_err(|error| unread_option(input, error));
    let candidate_value = candidate.value(target, &pair.format);
    Ok(Ready {
        target,
        candidate,
        contract_value: contract_value.map_err(|error| {
            error.unwrap_or_else(|error| Outcome::Failed(Reason::of_contract_value(error)).into())
        })?,
        candidate_value: candidate_value.map_err(|error| match error {
            CardValueError::NotSaid(member) => Ended::unreadable(member),
            CardValueError::Value(error) => unread_option(input, error)
                .unwrap_or_else(|error| Outcome::Failed(Reason::of_candidate_value(error)).into()),
        })?,
    })
}

/// An option that is not there, or of which there are two, may be one that could not be read.
fn unread_option(input: &PlanInput<'_>, error: ValueError) -> Result<Ended, ValueError> {
    let is_of_options = matches!(error, ValueError::UnknownOption | ValueError::AmbiguousOption);
    if is_of_options && input.definitions.has_unreadable() {
        return Ok(Ended::unreadable("custom-field-options"));
    }
    Err(error)
}

/// The text of the pair's data field.
fn text<'a>(contract: &'a ContractSnapshot, pair: &FieldPair) -> Result<&'a str, Ended> {
    match contract.data_fields.get(pair.data_field()) {
        Some(field) if field.unreadable.contains("value") => Err(Ended::unreadable("value")),
        Some(field) => Ok(&field.text),
        // It may be one of those that could not be read.
        None => Err(contract
            .lost("data_fields")
            .map_or_else(|| Outcome::Skipped(Reason::NotInContract).into(), Ended::unreadable)),
    }
}

/// How a pair ends whose values go into new contracts only.
fn only_prefilled(input: &PlanInput<'_>, pair: &FieldPair) -> Ended {
    if !pair.is_default_by_convention() {
        return Outcome::Skipped(Reason::OnlyPrefilled).into();
    }
    // By the convention a default field gets what no custom field of the name takes, and a custom field is written back.
    if input.definitions.lacks_names() {
        return Ended::unreadable("custom-fields");
    }
    Outcome::Skipped(Reason::IdentityOnlyPrefilled).into()
}

fn target<'a>(input: &PlanInput<'_>, pair: &'a FieldPair) -> Result<&'a Target, Ended> {
    pair.target.as_ref().map_err(|reason| {
        let is_of_definition = matches!(reason, Reason::UnknownCustomField | Reason::UnsupportedFieldType);
        let may_be_unread = is_of_definition && input.definitions.has_unreadable();
        if may_be_unread { Ended::unreadable("custom-fields") } else { Outcome::Failed(*reason).into() }
    })
}

/// Whether the moment of a pair has come, as far as that is known.
pub(crate) fn is_due(input: &PlanInput<'_>, pair: &FieldPair) -> bool {
    let contract = input.contract;
    let proposes = match pair.is_state() {
        true => state_word(contract).is_ok(),
        false => no_proposal_reason(contract).is_none(),
    };
    let has_come = || match pair.entry.moment() {
        Moment::Edited => true,
        Moment::AllSigned => false,
        Moment::CandidateSigned => {
            input.candidate.is_ok_and(|candidate| has_candidate_signed(contract, candidate, input.keys))
        }
    };
    proposes && (contract.is_signed() || has_come())
}

fn wait_for_moment(
    input: &PlanInput<'_>,
    pair: &FieldPair,
    candidate: &CandidateSnapshot,
) -> Result<(), Ended> {
    let contract = input.contract;
    match pair.entry.moment() {
        Moment::AllSigned if !contract.is_signed() => {
            Err(Outcome::Skipped(Reason::WaitsForAllSignatures).into())
        }
        Moment::CandidateSigned if !contract.is_signed() => {
            if let Some(member) = lost_of_signers(contract) {
                return Err(Ended::unreadable(member));
            }
            if !has_candidate_signed(contract, candidate, input.keys) {
                return Err(Outcome::Skipped(Reason::WaitsForCandidateSignature).into());
            }
            Ok(())
        }
        Moment::Edited | Moment::CandidateSigned | Moment::AllSigned => Ok(()),
    }
}

/// How every field ends for a contract in this state. One of a later time may be anything.
fn by_state(reason: Reason) -> Outcome {
    if reason == Reason::ContractStateUnknown { Outcome::Held(reason) } else { Outcome::Skipped(reason) }
}

/// How every field ends when there is no candidate to write to. Nobody has anything to do about a forgotten one.
fn without_candidate(reason: Reason) -> Outcome {
    if reason == Reason::CandidateForgotten { Outcome::Skipped(reason) } else { Outcome::Held(reason) }
}

fn compare(
    input: &PlanInput<'_>,
    pair: &FieldPair,
    ready: Ready<'_>,
    take: Option<Take>,
) -> Result<FieldDecision, Ended> {
    let (data_field, kind) = (pair.data_field(), pair.format.kind());
    let digests = FieldDigests::new(input.keys, input.contract.id, data_field, ready.target, kind);
    let on_card = FieldDigests::of_card(input.keys, &ready.candidate.id, ready.target, kind);
    let known = input.card.field(on_card.field());
    let (contract_value, candidate_value) = (ready.contract_value.as_ref(), ready.candidate_value.as_ref());
    let origin = card_origin(known, input.contract.id, &on_card, contract_value, candidate_value);
    let sides = sides(input, pair, (contract_value, candidate_value), &digests, origin)?;
    let write = || contract_value.map_or(Ok(Value::Null), |value| pair.write(value));
    let by_rule = three_way(&sides, pair.entry.rules()).outcome(origin);
    let decided = take.and_then(|take| {
        let overwrites = candidate_value.is_some();
        decided(take, by_rule.0, overwrites, write().err(), contract_value.is_some(), pair)
    });
    let (outcome, note) = decided.unwrap_or(by_rule);
    let is_kept = outcome == Outcome::Skipped(Reason::DecidedCard);
    let before = input.entry.bases.get(data_field);
    let base = digests.of(candidate_value);
    let own = known.and_then(|known| known.attempt(input.contract.id));
    // A write of ours that was cut off has arrived, and the contract may have changed since.
    let has_arrived = own.is_some_and(|own| on_card.is_of(&own.value, candidate_value) == Some(true));
    // What the sync had put there, and the card does not hold any more: should it come back, a person has put it there.
    let is_outdated = |ours: &Digest| on_card.is_of(ours, candidate_value) != Some(true);
    let ours_is_outdated = known.and_then(|known| known.ours.as_ref()).is_some_and(is_outdated);
    // What a person keeps is theirs, though a write of ours may have put it there.
    let has_news = !is_kept
        && (has_arrived
            || outcome == Outcome::Unchanged && (before != Some(&base) || own.is_some() || ours_is_outdated));
    let compared = Compared::new(side_states(&sides, origin), contract_value, candidate_value);
    let agreed = has_news.then(|| Agreed {
        data_field: data_field.to_owned(),
        before: before.cloned(),
        base,
        field: on_card.field().to_owned(),
        card: on_card.of(candidate_value),
        ours_before: known.and_then(|known| known.ours.clone()),
        is_ours: known.is_some_and(|known| is_ours(known, &on_card, candidate_value)),
    });
    let update = |json: Value| FieldUpdate {
        data_field: data_field.to_owned(),
        candidate_field: pair.entry.teamtailor.clone(),
        target: ready.target.clone(),
        format: pair.format.clone(),
        json,
        custom_value_id: ready.candidate.custom_value(ready.target).map(|value| value.id.clone()),
        seen: ready.candidate_value.clone(),
        wanted: ready.contract_value.clone(),
        digests: WriteDigests {
            base: digests.of(contract_value),
            field: on_card.field().to_owned(),
            seen: on_card.of(candidate_value),
            value: on_card.of(contract_value),
            outdated: known.and_then(|known| known.ours.clone()).filter(is_outdated),
            unended: own.filter(|_| !has_arrived).cloned(),
        },
        slot: None,
        is_decided: decided.is_some(),
    };
    let ended = match outcome {
        Outcome::Written => match write() {
            Err(error) => unwritable(error).into(),
            Ok(json) => FieldDecision { note, update: Some(update(json)), ..outcome.into() },
        },
        _ if is_kept => {
            let kept = Kept {
                data_field: data_field.to_owned(),
                before: before.cloned(),
                base: digests.of(contract_value),
                field: on_card.field().to_owned(),
                of_card: known.map(|known| all_of(known, &on_card, candidate_value)).unwrap_or_default(),
            };
            FieldDecision { kept: Some((update(Value::Null), kept)), ..outcome.into() }
        }
        Outcome::Unchanged | Outcome::Held(_) | Outcome::Skipped(_) | Outcome::Failed(_) => outcome.into(),
    };
    Ok(FieldDecision { agreed, compared: Some(compared), ..ended })
}

/// How a field ends on which a person has decided, and what there is to note of it. `by_rule` is how it ends by the rules; `None`: there it
/// stays.
fn decided(
    take: Take,
    by_rule: Outcome,
    overwrites: bool,
    unwritable_value: Option<ValueError>,
    has_contract_value: bool,
    pair: &FieldPair,
) -> Option<(Outcome, Option<Reason>)> {
    let may_be_decided = match by_rule {
        Outcome::Held(reason) => reason.may_be_decided(),
        // The limit of changes may hold it back: that turns out only when it is written.
        Outcome::Written => overwrites,
        Outcome::Unchanged | Outcome::Skipped(_) | Outcome::Failed(_) => false,
    };
    if !may_be_decided {
        return None;
    }
    // What must not be on a card is nothing that both sides could agree on either.
    if let Some(error) = unwritable_value {
        return Some((unwritable(error), None));
    }
    Some(match take {
        Take::Card => (Outcome::Skipped(Reason::DecidedCard), None),
        Take::Contract if !has_contract_value && pair.entry.rules().on_empty == OnEmpty::Keep => {
            (Outcome::Skipped(Reason::EmptyKept), None)
        }
        Take::Contract => (Outcome::Written, Some(Reason::DecidedContract)),
    })
}

/// What the ledger knows of writes of ours that put this value on the card, or may have.
fn all_of(known: &CardField, on_card: &FieldDigests<'_>, value: Option<&FieldValue>) -> Vec<Digest> {
    let attempts = known.attempts.iter().map(|attempt| &attempt.value);
    let all = known.ours.iter().chain(attempts).chain(&known.late);
    all.filter(|digest| on_card.is_of(digest, value) == Some(true)).cloned().collect()
}

/// How a field ends whose value cannot be written, or must not be by itself.
fn unwritable(error: ValueError) -> Outcome {
    let reason = Reason::of_contract_value(error);
    if error.could_harm() { Outcome::Held(reason) } else { Outcome::Failed(reason) }
}
