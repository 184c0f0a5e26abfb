//! `smartsync schema save` and `config`.

use std::fmt::Display;

#[must_use]
pub fn saved(file: impl Display) -> String {
    format!("saved in {file}:")
}

/// Template types, data fields, workspaces, custom fields.
pub const COUNTED: [&str; 4] = ["template types", "data fields", "workspaces", "custom fields of candidates"];

pub const BUILT_WRONG: &str = "please report this: the program was built incorrectly";
