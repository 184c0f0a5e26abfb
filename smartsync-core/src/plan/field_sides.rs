//! The three sides of a pair: what the contract holds, what the card holds, and what both last agreed on.

use super::{
    card_origin::CardOrigin, edit_evidence::EditEvidence, edit_evidence::FieldTimes,
    edit_evidence::edit_evidence, field_pair::FieldPair, input::PlanInput, three_way::Base, three_way::Sides,
    three_way::State,
};
use crate::{
    ledger::FieldDigests,
    outcome::{BaseState, SideState, SideStates},
    value::FieldValue,
};

/// A value, by the side that holds it. A decision needs no more than which values are equal, and the ledger knows no more.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Holder {
    /// The contract, and the candidate if it holds the same.
    Contract,
    Candidate,
    Neither,
}

/// The three sides of a pair. The base is what both sides last agreed on, unless the ledger knows more of the card: there,
/// it is what makes the card's value a person's edit, or none.
pub(crate) fn sides(
    input: &PlanInput<'_>,
    pair: &FieldPair,
    (of_contract, of_candidate): (Option<&FieldValue>, Option<&FieldValue>),
    digests: &FieldDigests<'_>,
    origin: CardOrigin,
) -> Result<Sides<Holder>, Unreadable> {
    let state = |value: Option<_>, by| value.map_or(State::Empty, |_| State::Value(by));
    let base = |value: Option<_>, by| value.map_or(Base::Empty, |_| Base::Value(by));
    let contract = state(of_contract, Holder::Contract);
    if of_contract == of_candidate {
        // They agree, whatever the base was.
        return Ok(Sides { base: base(of_contract, Holder::Contract), candidate: contract, contract });
    }
    let candidate = state(of_candidate, Holder::Candidate);
    let (base_of_contract, base_of_candidate) =
        (base(of_contract, Holder::Contract), base(of_candidate, Holder::Candidate));
    let agreed = || {
        agreed_base(input, pair, (base_of_contract, of_contract), (base_of_candidate, of_candidate), digests)
    };
    let base = match origin {
        CardOrigin::Unknown => agreed()?,
        CardOrigin::NewerThanContract => base_of_contract,
        // A contract that is back at what was agreed has nothing to say that is newer than a person's edit.
        CardOrigin::BothMoved if agreed()? == base_of_contract => base_of_contract,
        CardOrigin::BothMoved => Base::Value(Holder::Neither),
        // A contract whose field is empty and always was has nothing to say about any card.
        CardOrigin::Ours | CardOrigin::CutOff
            if contract == State::Empty && matches!(agreed()?, Base::Unknown { .. } | Base::Empty) =>
        {
            agreed()?
        }
        CardOrigin::Ours => base_of_candidate,
        CardOrigin::CutOff => Base::Value(Holder::Neither),
    };
    Ok(Sides { base, candidate, contract })
}

/// How the sides relate, for people: without a value.
pub(crate) fn side_states(sides: &Sides<Holder>, origin: CardOrigin) -> SideStates {
    let base = match sides.base {
        Base::Unknown { .. } => BaseState::None,
        // Nobody knows what the card held in between.
        Base::Value(Holder::Neither) if origin == CardOrigin::CutOff => BaseState::None,
        Base::Empty => BaseState::Empty,
        Base::Value(_) => BaseState::Value,
    };
    let state = |side: State<Holder>| match side {
        State::Absent | State::Empty => SideState::Empty,
        State::Value(_) if base == BaseState::None => SideState::Differs,
        State::Value(holder) if sides.base == Base::Value(holder) => SideState::Same,
        State::Value(_) => SideState::Moved,
    };
    SideStates::new(base, state(sides.contract), state(sides.candidate))
}

/// The member of an answer that could not be read, and that would decide.
pub(crate) struct Unreadable(pub(crate) &'static str);

/// What both sides of the pair last agreed on, by which of them still holds it.
fn agreed_base(
    input: &PlanInput<'_>,
    pair: &FieldPair,
    (base_of_contract, of_contract): (Base<Holder>, Option<&FieldValue>),
    (base_of_candidate, of_candidate): (Base<Holder>, Option<&FieldValue>),
    digests: &FieldDigests<'_>,
) -> Result<Base<Holder>, Unreadable> {
    let is_base = |value| digests.is_of(input.entry.bases.get(pair.data_field())?, value);
    Ok(match is_base(of_contract) {
        Some(true) => base_of_contract,
        Some(false) if is_base(of_candidate) == Some(true) => base_of_candidate,
        Some(false) => Base::Value(Holder::Neither),
        // A field that is empty says nothing, whoever has touched it.
        None if of_contract.is_none() => Base::Unknown { is_edit_proven: false },
        // Nobody fills a state in: a contract has one that a card can get only by being sent, or by what came of it.
        None if pair.is_state() => Base::Unknown { is_edit_proven: true },
        None => match evidence_of(input, pair)? {
            // Nobody has touched the field since it was prefilled, so what it holds is what both sides agreed on.
            EditEvidence::NotEdited => base_of_contract,
            EditEvidence::EditedAfterSending => Base::Unknown { is_edit_proven: true },
            EditEvidence::Unknown => Base::Unknown { is_edit_proven: false },
        },
    })
}

/// Whether somebody has touched the pair's data field since its contract was made. Times that could not be read say nothing.
fn evidence_of(input: &PlanInput<'_>, pair: &FieldPair) -> Result<EditEvidence, Unreadable> {
    let contract = input.contract;
    let Some(field) = contract.data_fields.get(pair.data_field()) else {
        return Ok(EditEvidence::Unknown);
    };
    let lost = field.unreadable_time().or(contract.lost("created_time")).or(contract.lost("published_time"));
    if let Some(member) = lost {
        return Err(Unreadable(member));
    }
    Ok(edit_evidence(FieldTimes {
        contract_created: contract.created.as_ref(),
        contract_published: contract.published.as_ref(),
        created: field.created.as_ref(),
        updated: field.updated.as_ref(),
    }))
}
