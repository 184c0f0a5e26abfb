//! `smartsync permissions`.

/// The columns of what is allowed at a host.
pub const COLUMNS: [&str; 5] = ["access", "method", "path", "what", "why"];

pub const READ: &str = "read";
pub const WRITE: &str = "write";

#[must_use]
pub fn except(what: &str, except: &str) -> String {
    format!("{what} except {except}")
}

#[must_use]
pub fn hash(hash: &str) -> String {
    format!("hash: {hash}")
}
