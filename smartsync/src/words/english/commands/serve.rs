//! `smartsync serve` and `smartsync page`.

use std::fmt::Display;

#[must_use]
pub fn listening(address: impl Display, path: &str, tenant: Option<&str>) -> String {
    let of = tenant.map(|name| format!(" for tenant {name}")).unwrap_or_default();
    format!("listening on http://{address}{path}{of}")
}

#[must_use]
pub fn metrics(address: impl Display) -> String {
    format!("metrics on http://{address}/metrics")
}

#[must_use]
pub fn page(address: impl Display) -> String {
    format!("page on http://{address}/")
}
