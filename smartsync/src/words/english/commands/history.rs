//! `smartsync history`.

use std::fmt::Display;

#[must_use]
pub fn none(contract: impl Display, field: Option<&str>) -> String {
    let of_field = field.map(|name| format!(" with a field `{name}`")).unwrap_or_default();
    format!("no look at contract {contract}{of_field} is known")
}

#[must_use]
pub fn heading(contract: impl Display, candidate: Option<&str>) -> String {
    match candidate {
        Some(candidate) => format!("contract {contract}, candidate {candidate}"),
        None => format!("contract {contract}"),
    }
}
