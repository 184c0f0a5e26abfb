//! `smartsync man`.

use std::fmt::Display;

#[must_use]
pub fn unwritten(folder: impl Display, error: impl Display) -> String {
    format!("the pages cannot be written to {folder}: {error}")
}

pub const CHOOSE_ANOTHER: &str = "choose another folder with `--output`";

#[must_use]
pub fn written(count: usize, folder: impl Display) -> String {
    format!("{count} pages are in {folder}; `man -l {folder}/smartsync.1` shows the first")
}
