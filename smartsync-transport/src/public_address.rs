//! Which addresses are on the public internet.

use std::net::IpAddr;

/// Whether the address is one of the public internet: not of this machine, of a network of one's own, of a tunnel, or reserved.
///
/// ```
/// # use smartsync_transport::is_public;
/// assert!(is_public("203.0.114.9".parse().unwrap()));
/// assert!(!is_public("169.254.169.254".parse().unwrap()) && !is_public("::ffff:10.0.0.1".parse().unwrap()));
/// ```
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// 2000::/3 is all that is routed on the public internet, but for protocols (2001::/23, with Teredo), documentation
/// (2001:db8::/32, 3fff::/20) and 6to4 (2002::/16). A tunnel leads to an IPv4 address, which may be a private one.
fn is_public_v6(address: std::net::Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_routed = first & 0xe000 == 0x2000;
    let is_protocol = first == 0x2001 && second < 0x0200;
    let is_documentation = (first, second) == (0x2001, 0x0db8) || first == 0x3fff && second < 0x1000;
    let is_6to4 = first == 0x2002;
    is_routed && !is_protocol && !is_documentation && !is_6to4
}

fn is_public_v4(address: std::net::Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    let is_this_network = first == 0;
    let is_protocol = [first, second, third] == [192, 0, 0];
    let is_6to4_relay = [first, second, third] == [192, 88, 99];
    let is_benchmark = first == 198 && second & 0xfe == 18;
    let is_reserved = first >= 240;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || is_shared
        || is_this_network
        || is_protocol
        || is_6to4_relay
        || is_benchmark
        || is_reserved)
}
