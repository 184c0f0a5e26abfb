//! `smartsync store copy`.

use std::fmt::Display;

pub const THE_SAME: &str = "both are the same database";
pub const NAME_ANOTHER: &str = "name another one to copy into";
pub const RESUMED: &str = "an unfinished copy was taken up where it was cut off";

/// The columns of what was copied.
pub const COLUMNS: [&str; 3] = ["table", "rows", "sha256 of the rows, in both"];

#[must_use]
pub fn complete(to: &str, from: &str) -> String {
    format!("The copy is complete: {to} has everything that {from} has.")
}

/// `file`: where the key of the rows is, if it was generated.
#[must_use]
pub fn key(file: Option<impl Display>) -> String {
    match file {
        Some(file) => format!(
            "It works only with the same key, which was not copied: it is in {file}. Set `key = {{ file = \"{file}\" }}` in `[store]`."
        ),
        None => {
            "It works only with the same key, which was not copied: leave `[store] key` as it is.".to_owned()
        }
    }
}

pub const NEXT: &str =
    "Set the new database in `[store] url` before you start a server, and keep the old one out of use.";
