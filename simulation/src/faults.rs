//! A seeded run of the engine in which requests, answers, processes and the ledger fail, and people go on working
//! meanwhile. A judge that shares nothing with the engine watches both services and says what must not have happened.

mod command;
mod counts;
mod deed;
mod judge;
mod run;
mod scenario;
mod shaky_ledger;
mod stage;
mod task;
mod trouble;
mod wait;
mod wire;

pub use self::{
    command::{Args, main},
    counts::Counts,
    judge::{Rule, Violation},
    run::{Verdict, run},
};
