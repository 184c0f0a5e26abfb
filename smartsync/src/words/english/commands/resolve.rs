//! `smartsync resolve`, and how the journal tells of decisions.

use std::fmt::Display;

use smartsync_core::{
    outcome::{BaseState, ContractEdit, SideState, SideStates},
    plan::Take,
};

use crate::store::DecisionEnd;

pub const WITHOUT_YES: &str = "deciding requires `--plan` or `--yes`";

#[must_use]
pub fn stale(plan: &str) -> String {
    format!(
        "nothing was written: the contract or the card has changed since that plan was shown; decide on this one with `--plan {plan}`"
    )
}

#[must_use]
pub fn refused(field: &str, why: impl Display) -> String {
    format!("nothing was written: {field}: {why}")
}

#[must_use]
pub fn decided(field: &str, take: Take) -> String {
    let taken = match take {
        Take::Contract => "the contract's value was taken",
        Take::Card => "the card's value was kept",
    };
    format!("{field} is decided: {taken}")
}

#[must_use]
pub fn not_decided(field: &str) -> String {
    format!("{field} is not decided: see above")
}

/// `besides` is what the rules write with it ([`besides`]).
#[must_use]
pub fn question(
    standing: &str,
    besides: &str,
    take: Take,
    contract: impl Display,
    field: &str,
    candidate: &str,
) -> String {
    match take {
        Take::Contract => {
            format!(
                "{standing}. {besides}Write the value in contract {contract} to {field} of candidate {candidate}?"
            )
        }
        Take::Card => format!(
            "{standing}. {besides}Keep {field} of candidate {candidate} as it is, whatever contract {contract} holds?"
        ),
    }
}

/// What the look that comes with a decision writes besides; empty if that is nothing.
#[must_use]
pub fn besides(fields: &[String], attaches: bool) -> String {
    let document = attaches.then(|| "the signed document".to_owned());
    let what: Vec<_> = fields.iter().cloned().chain(document).collect();
    if what.is_empty() {
        String::new()
    } else {
        format!("With it goes to the card what the rules say: {}. ", what.join(", "))
    }
}

/// How a field stands: its two names, its outcome and the code of the reason.
#[must_use]
pub fn standing(data_field: &str, candidate_field: impl Display, outcome: &str, why: Option<&str>) -> String {
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{data_field} -> {candidate_field}: {outcome}{why}")
}

/// Which way each side has gone.
#[must_use]
pub fn sides(sides: SideStates) -> String {
    let side = |side| match side {
        SideState::Same => "as agreed",
        SideState::Moved => "changed",
        SideState::Empty => "empty",
        SideState::Differs => "another value than the other side",
    };
    let base = match sides.base {
        BaseState::Value => "a value",
        BaseState::Empty => "nothing",
        BaseState::None => "not known",
    };
    let edit = match sides.edit() {
        Some(ContractEdit::FilledIn) => " (a blank was filled in)",
        Some(ContractEdit::Changed) => " (a value was changed)",
        Some(ContractEdit::Emptied) => " (a value was cleared)",
        None => "",
    };
    let SideStates { contract, card, .. } = sides;
    format!("; last agreed on: {base}; contract: {}{edit}; card: {}", side(contract), side(card))
}

/// In the history: what was decided, by whom, and the first digits of the plan.
#[must_use]
pub fn row(field: &str, take: Take, by: Option<&str>, plan: &str) -> String {
    let took = match take {
        Take::Contract => "the contract's value taken",
        Take::Card => "the card's value kept",
    };
    let by = by.map(|name| format!(" by {name}")).unwrap_or_default();
    format!("{field} decided{by}: {took}, upon plan {plan}")
}

/// In the history: how it ended.
#[must_use]
pub fn row_of_end(field: &str, end: &DecisionEnd, plan: &str) -> String {
    let ended = match end {
        DecisionEnd::Applied => "carried out",
        DecisionEnd::Refused(_) => "not carried out",
        DecisionEnd::Failed(_) => "failed",
        DecisionEnd::Unknown => "how it ended is not known",
    };
    let why = end.why().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("decision on {field}, upon plan {plan}: {ended}{why}")
}

pub const ROW_WITHOUT_END: &str =
    "; it is being carried out, or was broken off: how it ended is not known, and the card shows it";
