//! The two sides of a field as they were compared: what a person who sees the plan is shown, and what its hash covers.

use crate::{outcome::SideStates, value::FieldValue};

/// The two sides of a field as they were compared. It holds values, and lives no longer than the making of the plan.
pub(crate) struct Compared {
    pub(crate) sides: SideStates,
    /// Each in normal form; `None` where it holds nothing.
    contract: Option<String>,
    card: Option<String>,
}

impl Compared {
    pub(crate) fn new(sides: SideStates, contract: Option<&FieldValue>, card: Option<&FieldValue>) -> Self {
        let normal = |value: Option<&FieldValue>| value.map(|value| value.normal().into_owned());
        Self { sides, contract: normal(contract), card: normal(card) }
    }

    /// What the hash covers. Nothing in it stands for two things: a value is told from none by the state of its side.
    pub(crate) fn hashed(&self) -> [&str; 5] {
        let Self { sides, contract, card } = self;
        let [contract, card] = [contract, card].map(|value| value.as_deref().unwrap_or_default());
        [sides.base.as_str(), sides.contract.as_str(), contract, sides.card.as_str(), card]
    }
}
