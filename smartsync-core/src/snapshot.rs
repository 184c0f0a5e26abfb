//! What a contract and a candidate looked like when they were read.

mod candidate;
mod contract;

pub(crate) use self::candidate::{custom_value, default_value};
pub use self::{
    candidate::{CandidateSnapshot, CardFile, HeldValue},
    contract::{ContractSnapshot, DataFieldSnapshot, Signer},
};
