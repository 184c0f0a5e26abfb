//! What a plan says about one pair of fields.

use std::collections::BTreeSet;

use serde_json::Value;
use teamtailor_client::CustomFieldValueId;

use crate::{
    CandidateSnapshot, Decision, Digest, Direction, FieldValue, Moment, Outcome, PlanInput, Reason, Sides,
    State,
    card_origin::{CardOrigin, card_origin, is_ours},
    contract_state::{silence, word},
    digest::FieldDigests,
    field_pair::{FieldPair, Target},
    ledger_change::Agreed,
    link::has_candidate_signed,
    three_way,
    touched::{FieldTimes, Touched, touched},
};

/// What became of one pair.
pub(crate) struct Look {
    pub(crate) outcome: Outcome,
    pub(crate) note: Option<Reason>,
    /// What both sides already agree on, where the ledger does not know it.
    pub(crate) agreed: Option<Agreed>,
    pub(crate) write: Option<Write>,
}

/// What is to be written to a pair's target.
pub(crate) struct Write {
    pub(crate) target: Target,
    pub(crate) json: Value,
    /// The value resource of a custom field that has one.
    pub(crate) held: Option<CustomFieldValueId>,
    /// What was seen on the card.
    pub(crate) seen: Option<FieldValue>,
    /// What the card holds once it is written.
    pub(crate) value: Option<FieldValue>,
    pub(crate) digests: WriteDigests,
}

/// What the ledger remembers of a write.
#[derive(Clone, PartialEq)]
pub(crate) struct WriteDigests {
    /// What both sides agree on once it is written.
    pub(crate) base: Digest,
    /// The field of the card.
    pub(crate) field: String,
    /// What was seen on the card.
    pub(crate) seen: Digest,
    /// What the card holds once it is written.
    pub(crate) value: Digest,
}

impl From<Outcome> for Look {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, note: None, agreed: None, write: None }
    }
}

/// Looks at one pair: everything that a plan says about it. `taken` are the targets that another contract writes.
pub(crate) fn look(input: &PlanInput<'_>, pair: &FieldPair<'_>, taken: &BTreeSet<Target>) -> Look {
    match prepare(input, pair, taken) {
        Err(outcome) => outcome.into(),
        Ok(ready) => decide(input, pair, ready),
    }
}

/// A pair whose two sides could be read.
struct Ready<'a> {
    target: &'a Target,
    candidate: &'a CandidateSnapshot,
    contract_value: Option<FieldValue>,
    candidate_value: Option<FieldValue>,
}

/// Everything that ends a field before the two sides are compared.
fn prepare<'a>(
    input: &PlanInput<'a>,
    pair: &'a FieldPair<'_>,
    taken: &BTreeSet<Target>,
) -> Result<Ready<'a>, Outcome> {
    let contract = input.contract;
    if !pair.is_in_scope {
        return Err(Outcome::Skipped(Reason::OutOfScope));
    }
    if pair.entry.direction == Direction::ToOneflow {
        return Err(Outcome::Skipped(Reason::OnlyPrefilled));
    }
    let word = if pair.is_state() {
        Some(word(contract).map_err(Outcome::Skipped)?)
    } else if let Some(reason) = silence(contract) {
        return Err(Outcome::Skipped(reason));
    } else {
        None
    };
    let candidate = input.candidate.map_err(without_candidate)?;
    let text = word.or_else(|| contract.data_fields.get(pair.data_field()).map(|field| field.text.as_str()));
    let text = text.ok_or(Outcome::Skipped(Reason::NotInContract))?;
    let target = pair.target.as_ref().map_err(|reason| Outcome::Failed(*reason))?;
    if taken.contains(target) {
        return Err(Outcome::Skipped(Reason::OtherContractFirst));
    }
    match pair.entry.when {
        Moment::AllSigned if !contract.is_signed() => {
            return Err(Outcome::Skipped(Reason::WaitsForAllSignatures));
        }
        Moment::CandidateSigned if !has_candidate_signed(contract, candidate, input.keys) => {
            return Err(Outcome::Skipped(Reason::WaitsForCandidateSignature));
        }
        Moment::Edited | Moment::CandidateSigned | Moment::AllSigned => {}
    }
    let contract_value = pair.format.read_oneflow(text);
    let candidate_value = candidate.value(target, &pair.format);
    Ok(Ready {
        target,
        candidate,
        contract_value: contract_value.map_err(|error| Outcome::Failed(Reason::of_contract_value(error)))?,
        candidate_value: candidate_value
            .map_err(|error| Outcome::Failed(Reason::of_candidate_value(error)))?,
    })
}

/// How every field ends when there is no candidate to write to. Nobody has anything to do about a forgotten one.
fn without_candidate(reason: Reason) -> Outcome {
    if reason == Reason::CandidateForgotten { Outcome::Skipped(reason) } else { Outcome::Held(reason) }
}

fn decide(input: &PlanInput<'_>, pair: &FieldPair<'_>, ready: Ready<'_>) -> Look {
    let (data_field, kind) = (pair.data_field(), pair.format.kind());
    let digests = FieldDigests::new(input.keys, input.contract.id, data_field, ready.target, kind);
    let on_card = FieldDigests::of_card(input.keys, &ready.candidate.id, ready.target, kind);
    let known = input.card.field(on_card.field());
    let (contract_value, candidate_value) = (ready.contract_value.as_ref(), ready.candidate_value.as_ref());
    let origin = card_origin(known, input.contract.id, &on_card, contract_value, candidate_value);
    let sides = sides(input, pair, &ready, &digests, origin);
    let (outcome, note) = outcome(three_way(&sides, pair.rules()), origin);
    let before = input.entry.bases.get(data_field);
    match outcome {
        Outcome::Unchanged => {
            let base = digests.of(contract_value);
            // A write of ours that was cut off has arrived.
            let ends_attempt = known.is_some_and(|known| known.attempt(input.contract.id).is_some());
            let agreed = (before != Some(&base) || ends_attempt).then(|| Agreed {
                data_field: data_field.to_owned(),
                before: before.cloned(),
                base,
                field: on_card.field().to_owned(),
                card: on_card.of(candidate_value),
                is_ours: known.is_some_and(|known| is_ours(known, &on_card, candidate_value)),
            });
            Look { agreed, ..outcome.into() }
        }
        Outcome::Written => match contract_value.map_or(Ok(Value::Null), |value| pair.write(value)) {
            Err(error) => Outcome::Failed(Reason::of_contract_value(error)).into(),
            Ok(json) => {
                let digests = WriteDigests {
                    base: digests.of(contract_value),
                    field: on_card.field().to_owned(),
                    seen: on_card.of(candidate_value),
                    value: on_card.of(contract_value),
                };
                let write = Write {
                    target: ready.target.clone(),
                    json,
                    held: ready.candidate.held(ready.target).map(|held| held.id.clone()),
                    seen: ready.candidate_value,
                    value: ready.contract_value,
                    digests,
                };
                Look { note, write: Some(write), ..outcome.into() }
            }
        },
        Outcome::Held(_) | Outcome::Skipped(_) | Outcome::Failed(_) => outcome.into(),
    }
}

/// How a field ends by a decision, and what there is to note of it.
fn outcome(decision: Decision, origin: CardOrigin) -> (Outcome, Option<Reason>) {
    match decision {
        Decision::NotInContract => (Outcome::Skipped(Reason::NotInContract), None),
        Decision::Unchanged => (Outcome::Unchanged, None),
        Decision::CandidateIsNewer => (Outcome::Skipped(Reason::CandidateIsNewer), None),
        Decision::NothingToSay => (Outcome::Skipped(Reason::NothingToSay), None),
        Decision::EmptyKept => (Outcome::Skipped(Reason::EmptyKept), None),
        // Whether there is a conflict at all, nobody knows, so no rule lets the contract's value fall under the table.
        Decision::ConflictCandidateWins | Decision::ConflictHeld if origin == CardOrigin::CutOff => {
            (Outcome::Held(Reason::CutOffHeld), None)
        }
        Decision::ConflictWrite | Decision::ConflictClear if origin == CardOrigin::CutOff => {
            (Outcome::Written, Some(Reason::CutOffContractWon))
        }
        Decision::ConflictCandidateWins => (Outcome::Skipped(Reason::ConflictCandidateWon), None),
        Decision::FirstSightCandidateWins => (Outcome::Skipped(Reason::FirstSightCandidateWon), None),
        Decision::ConflictHeld => (Outcome::Held(Reason::ConflictHeld), None),
        Decision::FirstSightHeld => (Outcome::Held(Reason::FirstSightHeld), None),
        Decision::Write => (Outcome::Written, None),
        Decision::Clear => (Outcome::Written, Some(Reason::Cleared)),
        Decision::ConflictWrite | Decision::ConflictClear => {
            (Outcome::Written, Some(Reason::ConflictContractWon))
        }
        Decision::FirstSightWrite => (Outcome::Written, Some(Reason::FirstSightContractWon)),
    }
}

/// A value, by the side that holds it. A decision needs no more than which values are equal, and the ledger knows no more.
#[derive(Clone, Copy, PartialEq)]
enum HeldBy {
    /// The contract, and the candidate if it holds the same.
    Contract,
    Candidate,
    Neither,
}

/// The three sides of a pair. The base is what both sides last agreed on, unless the ledger knows more of the card: there,
/// it is what makes the card's value a person's edit, or none.
fn sides(
    input: &PlanInput<'_>,
    pair: &FieldPair<'_>,
    ready: &Ready<'_>,
    digests: &FieldDigests<'_>,
    origin: CardOrigin,
) -> Sides<HeldBy> {
    let (of_contract, of_candidate) = (ready.contract_value.as_ref(), ready.candidate_value.as_ref());
    let state = |value: Option<_>, by| value.map_or(State::Empty, |_| State::Value(by));
    let contract = state(of_contract, HeldBy::Contract);
    if of_contract == of_candidate {
        // They agree, whatever the base was.
        return Sides { base: State::Absent, candidate: contract, contract };
    }
    let candidate = state(of_candidate, HeldBy::Candidate);
    let agreed = agreed_base(input, pair, (contract, of_contract), (candidate, of_candidate), digests);
    // A contract whose field is empty and always was has nothing to say about any card.
    let is_silent = contract == State::Empty && matches!(agreed, State::Absent | State::Empty);
    let base = match origin {
        CardOrigin::Unknown => agreed,
        CardOrigin::Ours | CardOrigin::CutOff if is_silent => agreed,
        CardOrigin::Ours => candidate,
        CardOrigin::CutOff | CardOrigin::BothMoved => State::Value(HeldBy::Neither),
        CardOrigin::NewerThanContract => contract,
    };
    Sides { base, candidate, contract }
}

/// What both sides of the pair last agreed on, by which of them still holds it.
fn agreed_base(
    input: &PlanInput<'_>,
    pair: &FieldPair<'_>,
    (contract, of_contract): (State<HeldBy>, Option<&FieldValue>),
    (candidate, of_candidate): (State<HeldBy>, Option<&FieldValue>),
    digests: &FieldDigests<'_>,
) -> State<HeldBy> {
    let is_base = |value| digests.is_of(input.entry.bases.get(pair.data_field())?, value);
    match is_base(of_contract) {
        Some(true) => contract,
        Some(false) if is_base(of_candidate) == Some(true) => candidate,
        Some(false) => State::Value(HeldBy::Neither),
        // Nobody has touched the field since it was prefilled, so what it holds is what both sides agreed on.
        None if of_contract.is_some() && is_untouched(input, pair) => contract,
        None => State::Absent,
    }
}

fn is_untouched(input: &PlanInput<'_>, pair: &FieldPair<'_>) -> bool {
    let contract = input.contract;
    let times = contract.data_fields.get(pair.data_field()).map(|field| FieldTimes {
        contract_created: contract.created.as_ref(),
        contract_published: contract.published.as_ref(),
        created: field.created.as_ref(),
        updated: field.updated.as_ref(),
    });
    times.is_some_and(|times| touched(times) == Touched::No)
}
