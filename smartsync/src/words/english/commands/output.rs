//! What stands around results, and what is said beside them.

use std::fmt::Display;

/// Above what is shown of a tenant, or of all together.
#[must_use]
pub fn whose(tenant: Option<&str>) -> String {
    tenant.map_or_else(|| "all tenants".to_owned(), |name| format!("tenant {name}"))
}

/// Where a line says what to do next.
#[must_use]
pub fn next(next: &str) -> String {
    format!(" next: {next}")
}

pub const ERROR: &str = "error:";

#[must_use]
pub fn warning(text: &str) -> String {
    format!("warning: {text}")
}

/// Whom or what a failure is about, before its cause.
#[must_use]
pub fn of_tenant(tenant: impl Display) -> String {
    format!("tenant {tenant}: ")
}

#[must_use]
pub fn of_contract(contract: impl Display) -> String {
    format!("contract {contract}: ")
}

/// A bug, which has no other text: that may hold a value.
#[must_use]
pub fn bug(place: &str) -> String {
    format!("bug in this program at {place}")
}

pub const BUG_NEXT: &str = "report this line; the message is omitted because it may contain a value";
pub const UNKNOWN_PLACE: &str = "an unknown location";

/// Of a variable of the environment that says what is logged.
pub const NOT_TEXT: &str = "is ignored: it is not valid text";
pub const LOGS_NOTHING: &str =
    "contains neither a level nor `smartsync`, so nothing from this program is logged";
pub const LOG_EXAMPLE: &str = "write for example `RUST_LOG=smartsync=debug`";

#[must_use]
pub fn ignored(error: impl Display) -> String {
    format!("is ignored: {error}")
}
