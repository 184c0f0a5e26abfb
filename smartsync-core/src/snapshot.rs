//! What a contract and a candidate looked like when they were read.

mod candidate;
mod contract;

pub use self::{
    candidate::{CandidateSnapshot, CardFile, HeldValue},
    contract::{ContractSnapshot, DataFieldSnapshot, Signer},
};
pub(crate) use self::{
    candidate::{CardValueError, custom_value, default_value},
    contract::has_unreadable_key,
};
