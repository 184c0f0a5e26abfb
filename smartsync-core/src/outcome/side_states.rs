//! How the two sides of a field stand to what they last agreed on, without a value.

use serde::{Deserialize, Serialize};

/// How base, contract and card of a field relate. It holds no value.
///
/// ```
/// use smartsync_core::outcome::{BaseState, ContractEdit, SideState, SideStates};
///
/// let sides = SideStates::new(BaseState::Empty, SideState::Moved, SideState::Empty);
/// assert_eq!(sides.edit(), Some(ContractEdit::FilledIn));
/// assert_eq!(
///     serde_json::to_value(sides)?,
///     serde_json::json!({ "base": "empty", "contract": "moved", "card": "empty" })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SideStates {
    /// What both sides last agreed on.
    pub base: BaseState,
    /// The contract.
    pub contract: SideState,
    /// The candidate's card.
    pub card: SideState,
}

/// What is known of the value on which both sides last agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum BaseState {
    /// They agreed on a value.
    Value,
    /// They agreed that the field is empty.
    Empty,
    /// It is not known on what they agreed, or they never did.
    None,
}

/// One side of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no fifth answer")]
pub enum SideState {
    /// It holds what both sides last agreed on.
    Same,
    /// It holds another value than that.
    Moved,
    /// It holds nothing.
    Empty,
    /// It holds another value than the other side, and it is not known on what both last agreed.
    Differs,
}

/// What somebody did to the contract's field since both sides last agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth kind of edit")]
pub enum ContractEdit {
    /// It was blank, and was filled in.
    FilledIn,
    /// It held a value, and holds another one.
    Changed,
    /// It held a value, and was cleared.
    Emptied,
}

impl SideStates {
    /// These.
    #[must_use]
    pub fn new(base: BaseState, contract: SideState, card: SideState) -> Self {
        Self { base, contract, card }
    }

    /// What somebody did to the contract's field since both sides last agreed. `None` if nobody did anything, or if it is not known on
    /// what they agreed.
    #[must_use]
    pub fn edit(self) -> Option<ContractEdit> {
        match (self.base, self.contract) {
            (BaseState::Empty, SideState::Moved) => Some(ContractEdit::FilledIn),
            (BaseState::Value, SideState::Moved) => Some(ContractEdit::Changed),
            (BaseState::Value, SideState::Empty) => Some(ContractEdit::Emptied),
            (BaseState::None, _)
            | (_, SideState::Same | SideState::Differs)
            | (BaseState::Empty, SideState::Empty) => None,
        }
    }
}

impl BaseState {
    /// The name: `none`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Empty => "empty",
            Self::None => "none",
        }
    }
}

impl SideState {
    /// The name: `moved`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Moved => "moved",
            Self::Empty => "empty",
            Self::Differs => "differs",
        }
    }
}

impl ContractEdit {
    /// The name: `filled_in`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FilledIn => "filled_in",
            Self::Changed => "changed",
            Self::Emptied => "emptied",
        }
    }
}
