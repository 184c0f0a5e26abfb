//! The texts of the commands, a file for each, and for what several have in common.

pub mod resolve;
pub mod sync;
