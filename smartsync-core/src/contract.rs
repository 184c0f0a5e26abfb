//! The contract: what it looked like when it was read, and what its state allows.

mod snapshot;
mod state;

pub(crate) use self::{
    snapshot::has_unreadable_key,
    state::{OF_CONTRACT, STATE_WORDS, no_proposal_reason, state_word},
};
pub use self::{
    snapshot::{ContractSnapshot, DataFieldSnapshot, Signer},
    state::CONTRACT_STATE,
};
