//! A new contract: what stands in the way of it, what it is prefilled with, and what became of that.

mod creation_outcomes;
mod prefill;
mod preflight;
mod request;

pub(crate) use self::{
    creation_outcomes::{
        FirstBase, base_when_adopted, base_when_made, hides_values, outcomes_when_adopted, outcomes_when_made,
    },
    prefill::{CardForContract, Prefilled, draft},
    preflight::{Material, WorkspaceAccess, preflight},
};
pub use self::{prefill::CreationPlan, preflight::PreflightProblem, request::ContractRequest};
