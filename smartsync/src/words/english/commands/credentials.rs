//! What a credential is worth: what `check` and `init` say of it, and what is to be done about it.

use std::fmt::Display;

// Oneflow.

#[must_use]
pub fn base_url_leads_nowhere(path: &str, status: &str) -> String {
    format!("`oneflow.base_url` leads to `{path}`, where nothing answers ({status})")
}

pub const BASE_URL_NEXT: &str = "write `https://api.oneflow.com/v1`, or remove `base_url`";

#[must_use]
pub fn user_refused(status: &str) -> String {
    format!("the token is accepted, but `oneflow.user_email` is refused ({status})")
}

pub const USER_NEXT: &str = "set it to the e-mail address of an active user of the same account";

#[must_use]
pub fn token_refused(status: &str) -> String {
    format!("the token is refused ({status})")
}

pub const TOKEN_NEXT: &str = "create a new one under Marketplace > API tokens, and check that `oneflow.base_url` belongs to the same account";

#[must_use]
pub fn account_unreadable(error: impl Display) -> String {
    format!("the account cannot be read, so nothing will be written: {error}")
}

pub const ALLOW_ACCOUNT: &str = "allow the token to read `GET /accounts/me`, then run the check again";
pub const CHECK_ONEFLOW: &str =
    "check `oneflow.base_url` and the connection to the service, then run the check again";

// Teamtailor.

pub const KEY_REFUSED: &str = "the key is refused (401): it is wrong, or the account is on another host";
pub const KEY_NEXT: &str =
    "compare with Settings > Integrations > API keys, which also shows the base URL of the account";

/// What a key may read, in the order in which it is tried.
pub const READS: [&str; 3] = ["the company", "candidates", "custom fields"];

#[must_use]
pub fn lacking(what: &str, status: &str) -> String {
    format!("{what} ({status})")
}

#[must_use]
pub fn may_not_read(lacking: &[String]) -> String {
    format!("the key may not read {}: its scope is not Admin", lacking.join(", "))
}

pub const SCOPE_NEXT: &str =
    "create a key with scope Admin and permission Read/Write; an existing key cannot be changed";
pub const MAY_READ: &str = "the key may read the company, candidates and custom fields. Whether it may write was not tested, because nothing was written";

// Either.

/// The keys of the configuration that say where Teamtailor is.
pub const TEAMTAILOR_KEYS: &str = "`teamtailor.base_url` and `teamtailor.api_version`";

#[must_use]
pub fn check_keys(keys: &str) -> String {
    format!("check {keys}, and the connection to the service")
}

pub const NO_ANSWER: &str = "no answer";
