//! The texts of the commands, a file for each.

pub mod init;
pub mod way_in;
pub mod webhook;
