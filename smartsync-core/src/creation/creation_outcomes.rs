//! What became of the values that a contract was created with: Oneflow's answer against what was sent.

use super::{prefill::CreationPlan, prefill::Prefilled};
use crate::{
    contract::ContractSnapshot,
    outcome::{FieldOutcome, Outcome, Reason},
    value::FieldValue,
};

/// What a contract shows of a data field that is synced.
#[derive(PartialEq)]
enum Shown {
    /// The contract does not have the field.
    Nothing,
    /// What was sent.
    TheSame,
    /// Another value; `None` for an empty field.
    Other(Option<FieldValue>),
    /// A text that is not a valid value of the field's type, and so not what was sent.
    NoValue,
    /// The value is missing from the answer, or unreadable.
    Unreadable,
}

/// What the contract's and the candidate's field agreed on when the contract was created.
pub(crate) enum FirstBase {
    /// This value; `None` for an empty field.
    Agreed(Option<FieldValue>),
    /// Nothing, or nobody knows what: no base is recorded.
    Unknown,
}

/// Whether values of planned fields could not be read from the contract.
pub(crate) fn hides_values(contract: &ContractSnapshot, plan: &CreationPlan) -> bool {
    plan.prefilled.iter().any(|field| shown(contract, field) == Shown::Unreadable)
}

/// What `contract` shows of `field`.
fn shown(contract: &ContractSnapshot, field: &Prefilled) -> Shown {
    let Some(data_field) = contract.data_fields.get(&field.data_field) else {
        // It may be one of those that could not be read.
        return if contract.lost("data_fields").is_some() { Shown::Unreadable } else { Shown::Nothing };
    };
    if data_field.unreadable.contains("value") {
        return Shown::Unreadable;
    }
    match field.format.read_oneflow(&data_field.text) {
        Ok(value) if value == field.value => Shown::TheSame,
        Ok(value) => Shown::Other(value),
        Err(_) => Shown::NoValue,
    }
}

/// The base of a field of a contract that was just created.
///
/// Nobody has touched the contract yet, so what it holds is what both sides agree on. If Oneflow did not accept what
/// was sent, nothing was agreed on, least of all the candidate's value: with that as the base, the contract's value
/// would look like a change and be written over the card. An empty field then has no base: the next look has nothing
/// to decide, and once the field is filled in, the rule for the first sight decides. A text from elsewhere, such as
/// the template, is the base all the same: without one, that rule could write it over the card, although nobody chose
/// it. A field that the answer does not show is not known to be in the contract: the next look sees it.
pub(crate) fn base_when_made(contract: &ContractSnapshot, field: &Prefilled) -> FirstBase {
    match shown(contract, field) {
        Shown::TheSame => FirstBase::Agreed(field.value.clone()),
        Shown::Nothing | Shown::Unreadable | Shown::Other(None) => FirstBase::Unknown,
        Shown::Other(value) => FirstBase::Agreed(value),
        Shown::NoValue if field.value.is_none() => FirstBase::Agreed(None),
        Shown::NoValue => FirstBase::Unknown,
    }
}

/// The base of a field of a contract that an earlier attempt created. Both sides may have changed since: only what
/// they still share was agreed on.
pub(crate) fn base_when_adopted(contract: &ContractSnapshot, field: &Prefilled) -> FirstBase {
    match shown(contract, field) {
        Shown::TheSame => FirstBase::Agreed(field.value.clone()),
        Shown::Nothing | Shown::Other(_) | Shown::NoValue | Shown::Unreadable => FirstBase::Unknown,
    }
}

/// How every mapped field ended in a contract that was just created. A field that the answer does not show counts as
/// written: Oneflow has accepted it.
pub(crate) fn outcomes_when_made(contract: &ContractSnapshot, plan: &CreationPlan) -> Vec<FieldOutcome> {
    outcomes(plan, |field| match shown(contract, field) {
        Shown::Nothing | Shown::TheSame => Outcome::Written,
        Shown::Other(_) | Shown::NoValue => Outcome::Failed(Reason::NotAcceptedByOneflow),
        Shown::Unreadable => Outcome::Failed(Reason::AnswerUnreadable),
    })
}

/// How every mapped field ended in a contract that an earlier attempt created. What that attempt sent is not known,
/// and people may have edited the contract since, so another value is no failure.
pub(crate) fn outcomes_when_adopted(contract: &ContractSnapshot, plan: &CreationPlan) -> Vec<FieldOutcome> {
    outcomes(plan, |field| match shown(contract, field) {
        Shown::Nothing => Outcome::Skipped(Reason::NotInContract),
        Shown::TheSame => Outcome::Written,
        Shown::Other(_) | Shown::NoValue => Outcome::Skipped(Reason::ContractHoldsAnother),
        Shown::Unreadable => Outcome::Failed(Reason::AnswerUnreadable),
    })
}

/// The outcomes of the plan, with those of the fields that were to be prefilled decided anew.
fn outcomes(plan: &CreationPlan, decide: impl Fn(&Prefilled) -> Outcome) -> Vec<FieldOutcome> {
    let mut outcomes = plan.outcomes.clone();
    for outcome in outcomes.iter_mut().filter(|field| field.outcome == Outcome::Written) {
        if let Some(field) = plan.prefilled.iter().find(|field| field.data_field == outcome.data_field) {
            outcome.outcome = decide(field);
        }
    }
    outcomes
}
