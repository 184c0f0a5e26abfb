//! The state of a contract: when it proposes nothing, and as the source of a field ("status on the card").

use oneflow_client::contracts::ContractState;

use super::snapshot::ContractSnapshot;
use crate::outcome::Reason;

/// What a mapping writes in place of a data field's `custom_id` to put the contract's state on the card.
///
/// The value is one of the words `pending`, `signed`, `declined` and `overdue`, in a text field or as the option of that
/// label. A draft has none. It is taken from declined and overdue contracts too, and never written into a contract.
pub const CONTRACT_STATE: &str = "contract:state";

/// What `oneflow` begins with when it names something of the contract itself, and no data field.
pub(crate) const OF_CONTRACT: &str = "contract:";

/// The words that a card can get.
pub(crate) const STATE_WORDS: [&str; 4] = ["pending", "signed", "declined", "overdue"];

/// Why a contract in this state proposes none of its data fields; `None` for one that does.
pub(crate) fn no_proposal_reason(contract: &ContractSnapshot) -> Option<Reason> {
    match contract.state {
        Some(ContractState::Pending | ContractState::Signed) => None,
        Some(ContractState::Draft) => Some(Reason::ContractIsDraft),
        Some(ContractState::Declined) => Some(Reason::ContractDeclined),
        Some(ContractState::Overdue) => Some(Reason::ContractOverdue),
        _ => Some(Reason::ContractStateUnknown),
    }
}

/// The word for the state of a contract that was sent, or why there is none.
pub(crate) fn state_word(contract: &ContractSnapshot) -> Result<&'static str, Reason> {
    match contract.state {
        Some(ContractState::Pending) => Ok("pending"),
        Some(ContractState::Signed) => Ok("signed"),
        Some(ContractState::Declined) => Ok("declined"),
        Some(ContractState::Overdue) => Ok("overdue"),
        Some(ContractState::Draft) => Err(Reason::ContractIsDraft),
        _ => Err(Reason::ContractStateUnknown),
    }
}
