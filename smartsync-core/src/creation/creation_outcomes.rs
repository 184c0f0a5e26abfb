//! What became of the values that a contract was made with: Oneflow's answer against what was sent.

use super::{prefill::CreationPlan, prefill::Prefilled};
use crate::{
    contract::ContractSnapshot,
    outcome::{FieldOutcome, Outcome, Reason},
    value::FieldValue,
};

/// What a contract shows of a data field that is kept in step.
#[derive(PartialEq)]
enum Shown {
    /// The contract does not have the field.
    Nothing,
    /// What it was to be made with.
    TheSame,
    /// Another value; `None` for an empty field.
    Other(Option<FieldValue>),
    /// A text that is no value of the field's type, and so nothing that we have sent.
    NoValue,
    /// It does not say, or not in a form that could be read.
    Unreadable,
}

/// What the contract's and the candidate's field agreed on when the contract was created.
pub(crate) enum FirstBase {
    /// This value; `None` for an empty field.
    Agreed(Option<FieldValue>),
    /// Nothing, or nobody knows what: no base is recorded.
    Unknown,
}

/// Whether the contract may hold values for the planned fields that could not be read.
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

/// The base of a field of a contract that was made just now.
///
/// Nobody has touched the contract yet, so what it holds is what both sides agree on. Where Oneflow did not take what was
/// sent, nothing was agreed on, and least of all the candidate's value: as the base it would make the contract's look
/// like a change, which is written over the card. So an empty field then has no base: the next look has nothing to say,
/// and once it is filled in, the rule for the first sight decides. A text that the field has from elsewhere, such
/// as the template, stays the base all the same: without one, that rule could write it over the card, and
/// nobody has chosen it. What the answer does not show is not known to be there: the next look sees it.
pub(crate) fn base_when_made(contract: &ContractSnapshot, field: &Prefilled) -> FirstBase {
    match shown(contract, field) {
        Shown::TheSame => FirstBase::Agreed(field.value.clone()),
        Shown::Nothing | Shown::Unreadable | Shown::Other(None) => FirstBase::Unknown,
        Shown::Other(value) => FirstBase::Agreed(value),
        Shown::NoValue if field.value.is_none() => FirstBase::Agreed(None),
        Shown::NoValue => FirstBase::Unknown,
    }
}

/// The base of a field of a contract that an earlier try has made. Both sides may have changed since: only what they
/// still share was agreed on.
pub(crate) fn base_when_adopted(contract: &ContractSnapshot, field: &Prefilled) -> FirstBase {
    match shown(contract, field) {
        Shown::TheSame => FirstBase::Agreed(field.value.clone()),
        Shown::Nothing | Shown::Other(_) | Shown::NoValue | Shown::Unreadable => FirstBase::Unknown,
    }
}

/// How every mapped field ended in a contract that was made just now. What the answer does not show counts as written:
/// Oneflow has accepted it.
pub(crate) fn outcomes_when_made(contract: &ContractSnapshot, plan: &CreationPlan) -> Vec<FieldOutcome> {
    outcomes(plan, |field| match shown(contract, field) {
        Shown::Nothing | Shown::TheSame => Outcome::Written,
        Shown::Other(_) | Shown::NoValue => Outcome::Failed(Reason::NotAcceptedByOneflow),
        Shown::Unreadable => Outcome::Failed(Reason::AnswerUnreadable),
    })
}

/// How every mapped field ended in a contract that an earlier try has made. What that one sent is not known, and people
/// may have edited the contract since, so a value of its own is nobody's fault.
pub(crate) fn outcomes_when_adopted(contract: &ContractSnapshot, plan: &CreationPlan) -> Vec<FieldOutcome> {
    outcomes(plan, |field| match shown(contract, field) {
        Shown::Nothing => Outcome::Skipped(Reason::NotInContract),
        Shown::TheSame => Outcome::Written,
        Shown::Other(_) | Shown::NoValue => Outcome::Skipped(Reason::ContractHoldsAnother),
        Shown::Unreadable => Outcome::Failed(Reason::AnswerUnreadable),
    })
}

/// The outcomes of the plan, with that of each field that was to be filled in decided anew.
fn outcomes(plan: &CreationPlan, decide: impl Fn(&Prefilled) -> Outcome) -> Vec<FieldOutcome> {
    let mut outcomes = plan.outcomes.clone();
    for outcome in outcomes.iter_mut().filter(|field| field.outcome == Outcome::Written) {
        if let Some(field) = plan.prefilled.iter().find(|field| field.data_field == outcome.data_field) {
            outcome.outcome = decide(field);
        }
    }
    outcomes
}
