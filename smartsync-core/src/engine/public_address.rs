//! Which addresses Teamtailor may be sent to.

use smartsync_transport::is_public;
use url::{Host, Url};

/// Ends of names that no public resolver knows: of networks of one's own.
const OWN_NETWORKS: [&str; 14] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "lan",
    "home",
    "svc",
    "cluster",
    "test",
    "invalid",
    "arpa",
];

/// Whether Teamtailor may be sent to this address: https on its own port and public, unless Oneflow itself is configured on plain http
/// (as in tests), and never one of the two services' own interfaces. A stand-in on plain http may keep its files on the
/// origin of its interface; there, only the interface's own paths are refused.
pub(crate) fn may_be_fetched(address: &Url, oneflow: &Url, teamtailor: &Url) -> bool {
    let is_plain = oneflow.scheme() == "http" && address.scheme() == "http";
    let is_public = address.scheme() == "https"
        && address.port().is_none()
        && address.host().is_some_and(|host| is_public_host(&host));
    let has_credentials = !address.username().is_empty() || address.password().is_some();
    let is_ours = |service: &Url| {
        service.origin() == address.origin() && (!is_plain || address.path().starts_with(service.path()))
    };
    !is_ours(oneflow) && !is_ours(teamtailor) && !has_credentials && (is_plain || is_public)
}

fn is_public_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or_default();
            name.contains('.') && name != "localhost.localdomain" && !OWN_NETWORKS.contains(&last)
        }
        Host::Ipv4(address) => is_public((*address).into()),
        Host::Ipv6(address) => is_public((*address).into()),
    }
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
            ("https://localhost.localdomain/f", false),
            ("https://minio.storage.svc/f", false),
            ("https://files.corp/f", false),
            ("https://wiki.intranet/f", false),
            ("https://router.home.arpa/f", false),
            ("https://storage.example:8443/f", false),
            ("https://storage.example:443/f", true),
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
