//! The texts of the commands, a file for each.

pub mod contracts;
pub mod held;
pub mod intake;
pub mod status;
