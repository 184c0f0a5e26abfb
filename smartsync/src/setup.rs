//! What is done before the server runs, and beside it: checks, webhooks, another account.

mod adoption;
mod check;
mod finding;
mod machine;
mod sign_key;
mod unlinked;
pub mod webhooks;

pub use self::{
    adoption::Adoption,
    check::{CheckReport, check, check_offline},
    finding::{Finding, Subject, Verdict},
    webhooks::{RegisterError, Registered, Registration},
};
