//! By which name the browser has called us: a page of another site that had its name lead to this machine calls us by that name.

use axum::http::{HeaderMap, header};

/// Whether the browser has called us by a name that only this machine has for itself.
pub(super) fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    host.to_str().is_ok_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix("[::1]") {
        return rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
    }
    let name = match host.split_once(':') {
        Some((name, port)) if is_port(port) => name,
        Some(_) => return false,
        None => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for host in [
            "127.0.0.1:8081",
            "127.0.0.1",
            "localhost:8081",
            "LocalHost",
            "[::1]:8081",
            "[::1]",
            "127.8.0.9:1",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "example.com:8081",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "localhost:x",
            "localhost:1:2",
            "0.0.0.0:8081",
            "[::1]x",
            "[::1]:x",
            "[::2]",
            "192.0.2.7",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn two_names_are_none() {
        let mut headers = HeaderMap::new();
        assert!(!is_of_this_machine(&headers));
        headers.append(header::HOST, "localhost".parse().unwrap());
        assert!(is_of_this_machine(&headers));
        headers.append(header::HOST, "example.com".parse().unwrap());
        assert!(!is_of_this_machine(&headers));
    }
}
