//! `[server] listen` and `metrics`, and `[page] listen`: an address and a port, and what to write where something else stands.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize as _, Deserializer, de::Error as _};
use serde_json::Value;

/// The port that is proposed where there is none.
const PORT: u16 = 8080;
const METRICS_PORT: u16 = 9090;
const PAGE_PORT: u16 = 8081;

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    read(deserializer, PORT)
}

pub(super) fn metrics_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    read(deserializer, METRICS_PORT).map(Some)
}

pub(super) fn page_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    read(deserializer, PAGE_PORT)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D, usual: u16) -> Result<SocketAddr, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(port) => port.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    text.parse().map_err(|_| D::Error::custom(instead_of(&text, usual)))
}

/// What to write. Of the text, no more is repeated than a port and an address.
fn instead_of(text: &str, usual: u16) -> String {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, port),
        None => ("", text),
    };
    let port: u16 = port.parse().unwrap_or(usual);
    let choice = format!(
        "write `127.0.0.1:{port}` to accept connections from this machine only (such as a local proxy), or `0.0.0.0:{port}` to accept them from any machine"
    );
    if let Ok(address) = text.parse::<IpAddr>() {
        return format!("the port is missing: write `{}`", SocketAddr::new(address, usual));
    }
    match host {
        "localhost" => {
            format!("host names are not resolved here: write `127.0.0.1:{port}`, or `[::1]:{port}`")
        }
        "" => format!("an address and a port are required: {choice}"),
        _ => format!("this is not an address with a port, and host names are not resolved here: {choice}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_says_what_to_write_instead() {
        for (text, said) in [
            (":8080", "`127.0.0.1:8080`"),
            ("9000", "`127.0.0.1:9000`"),
            ("localhost:9000", "host names are not resolved here: write `127.0.0.1:9000`, or `[::1]:9000`"),
            ("127.0.0.1", "the port is missing: write `127.0.0.1:8080`"),
            ("::1", "the port is missing: write `[::1]:8080`"),
            ("sync.example.com:443", "`0.0.0.0:443`"),
            ("127.0.0.1:99999", "`127.0.0.1:8080`"),
            ("hunter2", "`127.0.0.1:8080`"),
            ("*:8080", "`0.0.0.0:8080`"),
        ] {
            let message = instead_of(text, PORT);
            assert!(message.contains(said), "{text}: {message}");
            assert!(!message.contains("hunter2") && !message.contains("example.com"), "{message}");
        }
        assert_eq!(instead_of("::1", METRICS_PORT), "the port is missing: write `[::1]:9090`");
    }
}
