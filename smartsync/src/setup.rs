//! What is done before the server runs, and beside it: checks, webhooks, another account.

mod adoption;
mod check;
mod machine;
mod sign_key;
mod unlinked;
pub mod webhooks;

pub use self::{
    adoption::Adoption,
    check::{CheckReport, Finding, Subject, Verdict, check, check_offline},
    webhooks::{RegisterError, Registered, Registration},
};
