//! What a contract and a candidate looked like when they were read.

mod candidate;
mod contract;

pub use self::{
    candidate::{CandidateSnapshot, HeldValue},
    contract::{ContractSnapshot, DataFieldSnapshot, Signer},
};
