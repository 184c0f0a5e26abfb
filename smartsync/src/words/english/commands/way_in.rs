//! `smartsync webhook test`: the stages of the way in, and what is said of each.

#[must_use]
pub fn told(url: &str, reached: bool) -> String {
    let told = if reached { "a notification gets through" } else { "a notification does not get through" };
    format!("{url}: {told}")
}

// Why nothing was sent.

pub const NO_KEYS_NEXT: &str =
    "`smartsync webhook register` creates a key and says what to add; so does `smartsync init`";
pub const NOT_HTTPS_NEXT: &str = "use the https address of the proxy in front of this program";
pub const RANDOM_NEXT: &str = "check the system's source of random numbers";

// The stages that a notification got through.

pub const CONNECTED: &str = "the connection was accepted";
pub const TRUSTED: &str = "the certificate is valid for this name, and trusted here";
pub const ANSWERED: &str = "SmartSync answered";
pub const AT_PATH: &str = "it receives notifications at this path";
pub const WHOLE: &str = "the body arrived as it was sent";
pub const SIGNED: &str = "a sign key of the server fits";
pub const RECORDABLE: &str = "the server could record it, and answered 200";

#[must_use]
pub fn looked_up_by(proxy: &str) -> String {
    format!(
        "not looked up here: requests go through the proxy set in {proxy}, unless NO_PROXY lists the host"
    )
}

#[must_use]
pub fn leads(name: &str, address: &str) -> String {
    format!("{name} leads to {address}")
}

// Those that it did not get through: what was found, and what to do about it.

/// What was found, and what to do about it.
pub type Told = (String, String);

fn told_as(text: impl Into<String>, next: impl Into<String>) -> Told {
    (text.into(), next.into())
}

#[must_use]
pub fn not_public(leads: &str) -> Told {
    told_as(
        format!("{leads}, which is not a public address: Oneflow would not reach it"),
        "if the name has another address outside of your network, run this test from outside; otherwise let the public name \
         server lead it to the public address of the proxy",
    )
}

pub const SILENT_NAME_SERVER: &str = "the name server did not answer in time";
pub const WITHOUT_ADDRESS: &str = "it has no address";

#[must_use]
pub fn unknown_name(name: &str, why: &str) -> Told {
    told_as(
        format!("{name} leads nowhere: {why}"),
        "check its spelling, and that its name server has an A or AAAA record for it; a new record may take some time to be known",
    )
}

#[must_use]
pub fn unusable(why: &str) -> Told {
    told_as(format!("the address cannot be used: {why}"), "write it as `https://HOST/PATH`")
}

#[must_use]
pub fn changed() -> Told {
    told_as(
        "the body was changed on the way",
        "have the proxy pass bodies on as they are: nothing may rewrite, decode or shorten them",
    )
}

#[must_use]
pub fn other_key() -> Told {
    told_as(
        "no sign key of the server fits (401): it runs with other keys than this configuration, or its clock is minutes away",
        "if `oneflow.sign_keys` was changed since the server has started, have it read the file again (`systemctl reload smartsync`, \
         or SIGHUP); else use the configuration of that server, and compare its clock with the one of this machine. Its log says which of the \
         two it is; if it says nothing, something in front of it has answered. Oneflow must sign with the same key: `smartsync webhook register`",
    )
}

#[must_use]
pub fn not_recorded() -> Told {
    told_as(
        "the server cannot record it (503)",
        "its log says why; run `smartsync check` on the machine of the server",
    )
}

#[must_use]
pub fn no_notification(code: u16) -> Told {
    told_as(
        format!("the server did not take it for a notification ({code})"),
        "run the same version of smartsync here and there",
    )
}

/// `path`: that of the server; `asked`: that of the address.
#[must_use]
pub fn other_path(path: &str, asked: &str) -> Told {
    let next = if path == asked {
        format!("have the proxy pass the path on unchanged: SmartSync has to be asked for `{path}`")
    } else {
        format!(
            "register the address with `{path}`, as `server.path` says, or have the proxy make that of `{asked}`"
        )
    };
    told_as("SmartSync receives nothing at the path that it was asked for (404)", next)
}

#[must_use]
pub fn other_method() -> Told {
    told_as(
        "it arrived as another method than POST (405)",
        "have the proxy pass the request on itself, without a redirect on the way: that makes a GET of it",
    )
}

#[must_use]
pub fn not_whole(code: u16) -> Told {
    told_as(
        format!("the body did not arrive whole ({code})"),
        "see whether the proxy waits for the whole body before it passes a request on, and how large one may be",
    )
}

/// `listen`: where the server does.
#[must_use]
pub fn taken_by_another(code: u16, listen: &str) -> Told {
    told_as(
        format!(
            "something else than SmartSync answered with {code}: Oneflow would take every notification for received, and all would be lost"
        ),
        format!(
            "check the host name and the path, and that the proxy passes them on to {listen}, with all headers"
        ),
    )
}

/// `to`: ` to ` and where it leads, if that is known.
#[must_use]
pub fn redirected(code: u16, to: Option<&str>) -> Told {
    let to = to.map(|to| format!(" to {to}")).unwrap_or_default();
    told_as(
        format!("it was redirected ({code}){to}"),
        "register the address that it leads to, with https and the exact path: a notification does not follow it",
    )
}

#[must_use]
pub fn unknown_to_proxy(code: u16, path: &str, listen: &str) -> Told {
    told_as(
        format!("the server in front of SmartSync does not know this path ({code})"),
        format!(
            "have the proxy pass `{path}` on to {listen}, for this host name and for POST. If it does, that server has other keys, or another \
             `server.path`, than this configuration"
        ),
    )
}

#[must_use]
pub fn credentials_asked(code: u16) -> Told {
    told_as(
        format!("something in front of SmartSync asks for credentials, or refuses this machine ({code})"),
        "let POST requests to this path through without either: Oneflow has no credentials for it, and the signature is what proves it",
    )
}

#[must_use]
pub fn too_large(code: u16) -> Told {
    told_as(
        format!("the server in front of SmartSync refuses the body as too large ({code})"),
        "allow bodies of 64 KiB",
    )
}

#[must_use]
pub fn too_many(code: u16) -> Told {
    told_as(
        format!("the server in front of SmartSync refuses more requests ({code})"),
        "allow more of them: Oneflow sends one for each change",
    )
}

#[must_use]
pub fn not_reached(code: u16, listen: &str) -> Told {
    told_as(
        format!("the proxy does not reach SmartSync ({code})"),
        format!(
            "start `smartsync serve`, and compare the address that the proxy passes requests on to with `server.listen`, {listen}"
        ),
    )
}

#[must_use]
pub fn answered_by_another(code: u16, listen: &str) -> Told {
    told_as(
        format!("something else than SmartSync answered with {code}"),
        format!("see the log of the proxy, and have it pass the path on to {listen}"),
    )
}

// Where nobody answered.

const FIREWALL: &str = "check that its firewall lets the port in. A machine behind a router often cannot reach its own public address: then \
                        run this test from another network";

#[must_use]
pub fn nobody_listens(host: &str, port: u16) -> Told {
    told_as(
        format!("nobody listens on port {port} of {host}: the connection was refused"),
        format!("start the proxy in front of SmartSync (`deploy/` has examples), or {FIREWALL}"),
    )
}

#[must_use]
pub fn unreachable(host: &str) -> Told {
    told_as(
        format!("no way leads to {host}"),
        format!("check the address that the name leads to, and {FIREWALL}"),
    )
}

#[must_use]
pub fn no_connection(host: &str, port: u16, seconds: u64) -> Told {
    told_as(format!("no connection to port {port} of {host} within {seconds} s"), FIREWALL)
}

#[must_use]
pub fn not_connected(why: &str) -> Told {
    told_as(why, FIREWALL)
}

#[must_use]
pub fn no_tls(host: &str, port: u16) -> Told {
    told_as(
        format!("port {port} of {host} does not speak https"),
        "set up https in the proxy in front of SmartSync, which itself speaks plain http, and give the address of the proxy",
    )
}

#[must_use]
pub fn tls(why: &str) -> Told {
    told_as(
        format!("no encrypted connection could be made: {why}"),
        "allow TLS 1.2 or 1.3 with usual ciphers in the proxy",
    )
}

#[must_use]
pub fn silence(seconds: u64) -> Told {
    told_as(
        format!("no answer within {seconds} s"),
        "see whether the proxy waits for SmartSync: `smartsync serve` must run, and be reachable from the proxy",
    )
}

#[must_use]
pub fn answered_at_length() -> Told {
    told_as(
        "something else than SmartSync answered, at length",
        "check the host name and the path, and which server the proxy passes them on to",
    )
}

#[must_use]
pub fn broken_off(why: &str) -> Told {
    told_as(
        format!("the connection was closed without an answer: {why}"),
        "see the log of the proxy; one that is given plain http on its https port, or the other way round, does this",
    )
}

#[must_use]
pub fn expired(host: &str) -> Told {
    told_as(
        format!("the certificate of {host} has expired"),
        "renew it, and reload the proxy: a renewed file counts only once it was read again",
    )
}

#[must_use]
pub fn not_valid_yet(host: &str) -> Told {
    told_as(
        format!("the certificate of {host} is not valid yet"),
        "compare the clock of this machine with the first day of the certificate",
    )
}

#[must_use]
pub fn other_name(host: &str) -> Told {
    told_as(
        format!("the certificate is not for {host}"),
        "get a certificate for this name, and set it for this name in the proxy; or register the name that it is for",
    )
}

#[must_use]
pub fn unknown_issuer(host: &str) -> Told {
    told_as(
        format!("nobody whom this machine trusts vouches for the certificate of {host}"),
        "use a certificate of a public authority, and serve it with its intermediate certificates: Oneflow trusts none that was \
         signed by itself or by your company",
    )
}

#[must_use]
pub fn revoked(host: &str) -> Told {
    told_as(format!("the certificate of {host} was revoked"), "get a new one")
}

#[must_use]
pub fn unusable_certificate(host: &str, why: &str) -> Told {
    told_as(format!("the certificate of {host} cannot be used: {why}"), "get a new one of a public authority")
}
