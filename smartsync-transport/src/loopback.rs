//! Whether an address stays on this machine.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether the host of `url` is this machine itself, by its address or as `localhost`. No name is looked up: one that leads
/// back here by the resolver of the day is not counted.
///
/// ```
/// # use smartsync_transport::{Url, is_loopback};
/// let is = |text| Url::parse(text).is_ok_and(|url| is_loopback(&url));
/// assert!(is("http://127.0.0.1:8080") && is("http://[::1]/v1") && is("http://localhost/v1"));
/// assert!(!is("http://oneflow.example.com/v1") && !is("http://127.0.0.1.example.com"));
/// ```
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}
