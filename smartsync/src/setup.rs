//! What is done before the server runs, and beside it: checks, webhooks, another account.

mod adoption;
mod check_report;
mod credentials;
mod finding;
pub mod init;
mod machine;
mod probe;
mod sign_key;
mod unlinked;
mod way_in;
pub mod webhooks;

pub use self::{
    adoption::Adoption,
    check_report::{CheckReport, check, check_offline, test_alert},
    finding::{Finding, Subject, Verdict},
    probe::{LeftBehind, MadeKind, Mine, PlannedRequest, Probe, ProbeError, ProbeReport, probe_log_of},
    way_in::{Stage, StageFinding, WayIn, WayInError, WayInTest},
    webhooks::{RegisterError, Registered, Registration},
};
pub use crate::files::{new_key, write_new_key};
