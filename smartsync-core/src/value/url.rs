//! Web addresses.

use url::Url;

use super::{domain::is_domain, invisible::is_invisible, value_error::ValueError};

/// An address of the web as it was written, with `http://`, `https://` or no scheme in front: a host with a dot, and nobody's
/// user name. The parser is asked as well, so the address means the same to a browser as to the eye.
pub(super) fn read(text: &str) -> Result<String, ValueError> {
    let (has_scheme, rest) = match strip_scheme(text) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.split_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return Err(ValueError::Unreadable),
        None => authority,
    };
    let is_sign = |c| matches!(c, '\\' | '<' | '>' | '"' | '`');
    let is_alien = |c: char| c.is_whitespace() || is_invisible(c) || is_sign(c);
    let parsed = Url::parse(&format!("https://{rest}"));
    let is_address = (is_domain(host) || has_scheme && is_ip(host)) && !text.contains(is_alien);
    if is_address && parsed.is_ok() { Ok(text.to_owned()) } else { Err(ValueError::Unreadable) }
}

/// What stands behind `https://` or `http://`, in any case.
fn strip_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// Four numbers with dots between. Without a scheme they would be a version or a date as well.
fn is_ip(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}
