//! `smartsync check`.

use std::fmt::Display;

/// `2 errors, 1 warning`.
#[must_use]
pub fn summary(errors: usize, warnings: usize) -> String {
    let count = |number: usize, name: &str| match number {
        0 => format!("no {name}s"),
        1 => format!("1 {name}"),
        many => format!("{many} {name}s"),
    };
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

// What `check` finds out of the configuration and of both accounts.

#[must_use]
pub fn by_itself_only(why: impl Display) -> String {
    format!("the mapping was checked only by itself, not against the services: {why}")
}

pub const UNREAD_FIELDS: &str = "their fields cannot be read";
pub const UNREAD_FIELDS_NEXT: &str = "fix the errors above, then run the check again";
pub const READ_ACCESS: &str = "make sure that the credentials have read access, then run the check again";
pub const CORRECT_FILE: &str = "correct the file; README.md shows every key";
pub const CORRECT_CONFIGURATION: &str = "correct the configuration";

#[must_use]
pub fn missing_sign_key_next(path: impl Display) -> String {
    format!(
        "put the key of the registered webhook there; if there is no webhook yet, create a key with `smartsync key new --file {path}`"
    )
}

pub const PLAIN_HTTP_NEXT: &str = "write `https://`, or allow it with `--insecure-http`";
pub const ALERT_KEY_NEXT: &str =
    "`echo whsec_$(openssl rand -base64 32)` makes one; the receiver needs it, too";

#[must_use]
pub fn not_asked(next: &str, service: impl Display) -> String {
    format!("{next}; {service} was not asked")
}

pub const NO_SIGN_KEYS: &str = "`oneflow.sign_keys` is empty";
pub const NO_SIGN_KEYS_NEXT: &str = "`smartsync webhook register` creates a key and says what to add; without one, `smartsync serve` refuses to start";
pub const SIGN_KEYS: &str = "every key in `oneflow.sign_keys` was found";

#[must_use]
pub fn alerts(origin: impl Display) -> String {
    format!("alerts go to {origin}, signed; `smartsync check --test-alert` sends one")
}

pub const PAGE_WITHOUT_TOKEN: &str = "everyone on this machine may use the page: `[page]` has no `token`";
pub const PAGE_WITH_TOKEN: &str = "whoever has the token in `[page]` may use the page";

pub const NO_CHANGES: &str =
    "`limits.changes` is 0: card values are never overwritten, only empty fields are filled in";
pub const NO_CHANGES_NEXT: &str = "unless this is intended, remove it to allow the default of 50 per hour";

#[must_use]
pub fn changes(changes: impl Display) -> String {
    format!("at most {changes} card values are overwritten or cleared per hour")
}

#[must_use]
pub fn same_credentials(tenant: impl Display) -> String {
    format!("tenant {tenant} has the same credentials for both services: each contract is synced by both")
}

pub const SAME_CREDENTIALS_NEXT: &str =
    "give each tenant the token and the API key of its own accounts, or remove one of the two";

#[must_use]
pub fn account_names(oneflow: impl Display, teamtailor: impl Display) -> String {
    format!("Oneflow account {oneflow} and Teamtailor company {teamtailor}")
}

#[must_use]
pub fn will_belong(names: &str) -> String {
    format!("the credentials are for {names}; the database will belong to these accounts once it is used")
}

#[must_use]
pub fn belongs(names: &str) -> String {
    format!("credentials and database are for {names}")
}

#[must_use]
pub fn permissions(hash: &str) -> String {
    format!(
        "requests outside the permissions are blocked before they are sent; the hash of the permissions is {hash}"
    )
}

pub const TOKEN_ACCEPTED: &str = "the token is accepted";
pub const TOKEN_AND_USER_ACCEPTED: &str = "the token and user e-mail are accepted";
pub const NO_USER: &str =
    "`oneflow.user_email` is not set: Oneflow will run requests as an anonymous administrator";
pub const NO_USER_NEXT: &str =
    "set it to a user with access to the relevant workspaces; `smartsync create` requires it";

#[must_use]
pub fn unread_webhooks(why: impl Display) -> String {
    format!("the webhooks cannot be read, so another sync would go unnoticed: {why}")
}

pub const UNREAD_WEBHOOKS_NEXT: &str =
    "check under Marketplace in Oneflow whether the built-in sync with Teamtailor is active";

#[must_use]
pub fn built_in_sync(webhook: impl Display) -> String {
    format!("webhook {webhook} feeds Oneflow's built-in sync: two programs would write the same fields")
}

pub const BUILT_IN_SYNC_NEXT: &str =
    "use only one of the two; `smartsync webhook remove` removes the other's webhook";

#[must_use]
pub fn no_webhook(path: &str) -> String {
    format!("no registered webhook has an address ending in `{path}`, the path this program listens on")
}

pub const NO_WEBHOOK_NEXT: &str =
    "start `smartsync serve`, then run `smartsync webhook register` with its public address";

// What `check --test-alert` finds out.

pub const NO_ALERTS: &str = "no test alert was sent: there is no `[alerts]`";
pub const NO_ALERTS_NEXT: &str = "add `url` and `key`; README.md shows how";

#[must_use]
pub fn alert_accepted(origin: impl Display, status: u16) -> String {
    format!("{origin} accepted the test alert ({status})")
}

#[must_use]
pub fn alert_refused(origin: impl Display, status: u16) -> String {
    format!("{origin} did not accept the test alert ({status})")
}

pub const ALERT_REFUSED_NEXT: &str =
    "compare `alerts.url` and `alerts.key` with what the receiver shows; a redirect is not followed";

#[must_use]
pub fn alert_not_sent(origin: impl Display, why: impl Display) -> String {
    format!("the test alert could not be sent to {origin}: {why}")
}

pub const ALERT_NOT_SENT_NEXT: &str = "check `alerts.url`, and the connection to it";
