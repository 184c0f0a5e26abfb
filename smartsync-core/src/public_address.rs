//! Which addresses Teamtailor may be sent to.

use url::{Host, Url};

/// Whether Teamtailor may be sent to this address: https and public, unless Oneflow itself is configured on plain http
/// (as in tests), and never one of the two services' own interfaces. A stand-in on plain http may keep its files on the
/// origin of its interface; there, only the interface's own paths are refused.
pub(crate) fn may_be_fetched(address: &Url, oneflow: &Url, teamtailor: &Url) -> bool {
    let is_plain = oneflow.scheme() == "http" && address.scheme() == "http";
    let is_public = address.scheme() == "https" && address.host().is_some_and(|host| is_public(&host));
    let has_credentials = !address.username().is_empty() || address.password().is_some();
    let is_ours = |service: &Url| {
        service.origin() == address.origin() && (!is_plain || address.path().starts_with(service.path()))
    };
    !is_ours(oneflow) && !is_ours(teamtailor) && !has_credentials && (is_plain || is_public)
}

fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or_default();
            name.contains('.')
                && !matches!(last, "localhost" | "local" | "internal" | "lan" | "home" | "arpa")
        }
        Host::Ipv4(address) => is_public_v4(*address),
        Host::Ipv6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(*address),
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_addresses_of_neither_service_may_be_fetched() {
        let oneflow: Url = "https://api.oneflow.com/v1".parse().unwrap();
        let teamtailor: Url = "https://api.teamtailor.com/v1".parse().unwrap();
        let table = [
            ("https://storage.example/f?signature=1", true),
            ("https://203.0.114.9/f", true),
            ("https://[2606:4700::1]/f", true),
            ("http://storage.example/f", false),
            ("https://user:password@storage.example/f", false),
            ("https://user@storage.example/f", false),
            ("https://:password@storage.example/f", false),
            ("https://api.oneflow.com/v1/contracts/9001/files/1", false),
            ("https://api.teamtailor.com/v1/candidates", false),
            ("https://localhost/f", false),
            ("https://files.localhost/f", false),
            ("https://printer.local/f", false),
            ("https://metadata.google.internal/f", false),
            ("https://intranet/f", false),
            ("https://127.0.0.1/f", false),
            ("https://2130706433/f", false),
            ("https://10.1.2.3/f", false),
            ("https://172.16.0.1/f", false),
            ("https://192.168.1.1/f", false),
            ("https://169.254.169.254/latest", false),
            ("https://100.63.255.255/f", true),
            ("https://100.64.0.1/f", false),
            ("https://100.127.255.255/f", false),
            ("https://100.128.0.1/f", true),
            ("https://8.100.0.1/f", true),
            ("https://0.0.0.0/f", false),
            ("https://224.0.0.1/f", false),
            ("https://240.0.0.1/f", false),
            ("https://255.255.255.255/f", false),
            ("https://192.0.2.1/f", false),
            ("https://[::1]/f", false),
            ("https://[fe80::1]/f", false),
            ("https://[fd00::1]/f", false),
            ("https://[::ffff:10.0.0.1]/f", false),
            ("https://[2002:a00:1::1]/f", false),
            ("https://[2002:cb00:7109::1]/f", false),
            ("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/f", false),
            ("https://[2001:2::1]/f", false),
            ("https://[2001:1ff::1]/f", false),
            ("https://[2001:200::1]/f", true),
            ("https://[2001:db8::1]/f", false),
            ("https://[3fff:fff::1]/f", false),
            ("https://[3fff:1000::1]/f", true),
            ("https://[2001:4860:4860::8888]/f", true),
            ("https://192.0.0.8/f", false),
            ("https://192.0.1.1/f", true),
            ("https://192.88.99.1/f", false),
            ("https://198.18.0.1/f", false),
            ("https://198.19.255.255/f", false),
            ("https://198.20.0.1/f", true),
            ("https://8.18.0.1/f", true),
            ("ftp://storage.example/f", false),
            ("file:///etc/passwd", false),
        ];
        for (address, expected) in table {
            let address: Url = address.parse().unwrap();
            assert_eq!(may_be_fetched(&address, &oneflow, &teamtailor), expected, "{address}");
        }
    }

    #[test]
    fn on_plain_http_any_address_but_the_services_own_paths_may_be_fetched() {
        let oneflow: Url = "http://127.0.0.1:9001/v1".parse().unwrap();
        let teamtailor: Url = "http://127.0.0.1:9002/v1".parse().unwrap();
        for (address, expected) in [
            ("http://127.0.0.1:9003/f", true),
            ("http://127.0.0.1:9001/v1/contracts/1/files/1", false),
            ("http://127.0.0.1:9001/storage/f", true),
            ("http://127.0.0.1:9002/f", true),
            ("http://127.0.0.1:9002/v1/candidates", false),
            ("https://storage.example/f", true),
            ("https://10.0.0.1/f", false),
        ] {
            assert_eq!(
                may_be_fetched(&address.parse().unwrap(), &oneflow, &teamtailor),
                expected,
                "{address}"
            );
        }
    }
}
