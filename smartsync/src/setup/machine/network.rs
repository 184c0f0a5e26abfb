//! The addresses to listen on, and the way to the services.

use std::{
    env, io,
    net::{SocketAddr, TcpListener},
};

use smartsync_transport::{Url, is_loopback};

use crate::{
    config::Config,
    setup::finding::{Finding, Subject},
    store::server_lock::is_served,
    words::commands::machine as words,
};

const SUBJECT: Subject = Subject::Machine;

/// Where the environment may name a proxy, in the order in which it counts for https.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const PLAIN_PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = address(config, ("server", "listen"), config.server.listen);
    if let Some(metrics) = config.server.metrics {
        findings.extend(address(config, ("server", "metrics"), metrics));
    }
    if let Some(page) = &config.page {
        findings.extend(address(config, ("page", "listen"), page.listen));
    }
    let mut findings: Vec<_> = findings.into_iter().map(Finding::shared).collect();
    if let Ok((oneflow, teamtailor)) = config.base_urls() {
        findings.extend(proxy("Oneflow", &oneflow));
        findings.extend(proxy("Teamtailor", &teamtailor));
    }
    findings
}

/// The address that a section has under its key.
fn address(config: &Config, (section, key): (&str, &str), listen: SocketAddr) -> Vec<Finding> {
    let mut findings = Vec::new();
    if listen.ip().is_unspecified() {
        findings.push(Finding::warning(
            SUBJECT,
            words::for_everyone(&format!("{section}.{key}"), listen),
            words::for_everyone_next(listen.port()),
        ));
    }
    // Port 0 takes a free one.
    if listen.port() != 0 {
        findings.push(port(config, (section, key), listen));
    }
    findings
}

/// Taken and given back at once.
fn port(config: &Config, (section, key): (&str, &str), listen: SocketAddr) -> Finding {
    let key = format!("[{section}] {key}");
    match TcpListener::bind(listen) {
        Ok(_) => Finding::good(SUBJECT, words::free(listen)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if config.store.url.path().is_some_and(|database| is_served(database).unwrap_or(false)) {
                return Finding::good(SUBJECT, words::served(listen));
            }
            Finding::bad(SUBJECT, words::taken(listen), words::taken_next(&key))
        }
        Err(error) => {
            let next = if error.kind() == io::ErrorKind::PermissionDenied {
                words::port_next(&key)
            } else {
                words::address_next(&key)
            };
            Finding::bad(SUBJECT, words::cannot_listen(listen, error), next)
        }
    }
}

/// Which proxy of the environment requests to `url` go through, unless `NO_PROXY` lists its host: the name of the variable. Its address may
/// hold a password and is not shown.
pub(crate) fn outgoing_proxy(url: &Url) -> Option<&'static str> {
    let names = if url.scheme() == "http" { PLAIN_PROXIES } else { PROXIES };
    let name = names.into_iter().find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    name.filter(|_| !is_loopback(url))
}

fn proxy(service: &str, url: &Url) -> Option<Finding> {
    let name = outgoing_proxy(url)?;
    let text = words::through_proxy(service, name);
    Some(if url.scheme() == "http" {
        Finding::warning(SUBJECT, words::read_by_proxy(&text), words::USE_HTTPS)
    } else {
        Finding::good(SUBJECT, text)
    })
}
