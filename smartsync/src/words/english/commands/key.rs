//! `smartsync key new`.

use std::fmt::Display;

pub const NO_RANDOM: &str = "check the system's source of random numbers";

#[must_use]
pub fn written(name: impl Display) -> String {
    format!("a new key is in {name}, readable only by its owner")
}

#[must_use]
pub fn unwritten(name: &str, error: impl Display) -> String {
    format!("the key file {name} cannot be created: {error}")
}

pub const IS_THERE: &str = "use the existing key in the configuration, or choose another file";
pub const NO_FOLDER: &str = "create the folder first";
pub const REFUSED: &str = "check the permissions of the folder";
