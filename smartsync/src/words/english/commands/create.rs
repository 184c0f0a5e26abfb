//! `smartsync create`.

use std::fmt::Display;

#[must_use]
pub fn created(contract: impl Display, is_adopted: bool, is_sent: bool, request: &str) -> String {
    let made = if is_adopted { "was created by an earlier attempt" } else { "created" };
    let sent = if is_sent { "sent" } else { "a draft" };
    format!("contract {contract} {made}, {sent} (request {request})")
}

pub const NAME_IT: &str = "name the creation with `--request NAME`";
