//! `smartsync webhook list`, `register` and `remove`.

/// The columns of the list.
pub const COLUMNS: [&str; 4] = ["webhook", "template type", "note", "address"];

pub const EVERY_TYPE: &str = "all";
pub const BUILT_IN_SYNC: &str = "the built-in sync";
pub const NO_ID: &str = "?";
/// The same in a sentence.
pub const NO_ID_GIVEN: &str = "(no id given)";
pub const NO_ADDRESS: &str = "an address that cannot be read";

#[must_use]
pub fn only(rules: &str) -> String {
    format!("only {rules}")
}

pub const YES_NEEDED: &str = "removing a webhook requires `--yes`";

/// Names whom the webhook notifies: it may be another program's.
#[must_use]
pub fn remove(webhook: &str, address: &str, is_built_in_sync: bool) -> String {
    let whose = if is_built_in_sync { " (the built-in sync)" } else { "" };
    format!("Webhook {webhook} sends to {address}{whose}. Remove it?")
}

#[must_use]
pub fn removed(webhook: &str) -> String {
    format!("webhook {webhook} was removed")
}

#[must_use]
pub fn unknown(webhook: &str) -> String {
    format!("there is no webhook {webhook}")
}

pub const UNKNOWN_NEXT: &str = "`smartsync webhook list` shows the account's webhooks";

#[must_use]
pub fn sends(webhook: &str, url: &str, is_new: bool) -> String {
    let how = if is_new { "sends" } else { "already exists: it sends" };
    format!("webhook {webhook} {how} notifications to {url}")
}

#[must_use]
pub fn next(next: &str) -> String {
    format!(" next: {next}")
}

/// Nobody can read which key it signs with.
#[must_use]
pub fn same_key_next(webhook: &str) -> String {
    format!(
        "Oneflow still signs with the key that the webhook was registered with: if `oneflow.sign_keys` has changed since, run \
         `smartsync webhook remove {webhook}` and register it again"
    )
}

/// `name`: the file as the configuration names it, in quotation marks.
#[must_use]
pub fn new_key_next(file: &str, name: &str) -> String {
    format!(
        "a new sign key was created and registered; it is in {file}, readable only by its owner. Add `sign_keys = [{{ file = {name} }}]` to \
         `[oneflow]`, and restart `smartsync serve`"
    )
}

pub const HAS_KEY: &str = "`oneflow.sign_keys` already contains a key, which will be registered";
pub const HAS_KEY_NEXT: &str =
    "remove `--sign-key-file`; to replace the key, put a new one in front (README, \"Replace the sign key\")";
pub const NO_KEY_NEXT: &str = "add a key created by `smartsync key new`";
pub const WEAK_KEY_NEXT: &str = "anyone who has seen one notification can guess it: put a key created by `smartsync key new` in front of it";
pub const NOT_HTTPS_NEXT: &str = "use the https address of the proxy in front of this program";
pub const TOO_LONG_NEXT: &str = "use a shorter address";
pub const DOUBLE_NEXT: &str = "keep it, or remove it first: `smartsync webhook list` shows it, `smartsync webhook remove ID` removes it";
pub const FAILED_NEXT: &str = "check the service's error message";
