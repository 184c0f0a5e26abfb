//! What to do next where a command could not do its work. Why stands with the errors.

use std::fmt::Display;

pub const GONE: &str = "check the id, and what the user in `oneflow.user_email` has access to";
pub const NO_TEMPLATE: &str = "check `--workspace`, and that the template is shared with it";
pub const CORRECT_FILE: &str = "correct the file; README.md shows every key";
pub const SET_SECRET: &str = "set it where the configuration says, then try again";
pub const PLAIN_HTTP: &str =
    "write `https://`; if the network to that machine is safe, allow it with `--insecure-http`";
pub const NAME_TENANT: &str = "name one of them with `--tenant NAME`";
pub const CORRECT_MAPPING: &str = "correct the errors above; `smartsync check` also shows warnings";
pub const NO_STORE_KEY: &str = "create one with `smartsync key new --file PATH`, set that file in `[store] key`, and back it up apart from the database";
pub const NO_PAGE_TOKEN: &str =
    "create one with `smartsync key new`, and set it where the configuration says";
pub const NO_ALERT_KEY: &str =
    "create one with `echo whsec_$(openssl rand -base64 32)`, and give it to the receiver as well";
pub const CORRECT_SECTION: &str = "correct that section of the configuration";
pub const ALLOW_READING: &str = "allow the user who runs this command to read it";
pub const FOLDER_GIVEN: &str = "give the file in the folder: `--config FOLDER/smartsync.toml`";
pub const SAVE_UTF8: &str = "save it in the editor as UTF-8";
pub const CREATE_FILE: &str = "create the file (README.md shows one), or give another with `--config FILE`";
pub const SECRET_UTF8: &str = "write the secret to it as plain UTF-8 text";
pub const PUT_SECRET: &str =
    "put the secret there; a relative path starts from the folder of the configuration file";
pub const CORRECT_CONFIGURATION: &str = "correct the configuration";
pub const CHECK_SERVICE: &str = "check the service's error message";
pub const NO_SIGN_KEY: &str =
    "set the webhook's sign key in `[oneflow] sign_keys`; `smartsync webhook register` creates one";
pub const EMPTY_SIGN_KEY: &str = "give each sign key a value";
pub const NO_RANDOM: &str = "try again later: the system must give random bytes";
pub const UNAUTHORIZED: &str = "run `smartsync check`: it shows what each credential may do";
pub const NOT_FOUND: &str = "check the id, and that the credentials have access to it";
pub const TERMINAL: &str = "the same request will fail again: check the service's error message";
pub const NEVER_SENT: &str =
    "check the base URL in the configuration and the connection to the service, then try again";
pub const OTHER_LOOK: &str = "try again once the other look has finished";
pub const SEE_WHAT_WAS_DONE: &str =
    "see in `smartsync history` and on the card what was done, then try again";
pub const LATER: &str = "try again later";
pub const FIX_PROBLEMS: &str = "fix the listed problems, then try again";
pub const OTHER_REQUEST: &str = "choose another `--request`";
pub const CREATION_UNKNOWN: &str = "search Oneflow for the candidate's contract; if it exists, use it, and send it if it is a draft; otherwise choose another `--request`";
pub const CREATED_AND_GONE: &str = "if it was deleted, choose another `--request`, as this one cannot be reused; otherwise check what the user in `oneflow.user_email` has access to";
pub const NOT_PUBLISHED: &str = "send it from Oneflow, or repeat the command with the same `--request`";
pub const ACCOUNT_UNKNOWN: &str =
    "run `smartsync check`: it shows whether the credentials may read the account; nothing was written";
pub const STORE: &str = "check `[store] url`, the disk and the permissions of the file";
pub const OUTPUT: &str = "check the output destination";

pub const REASSIGN: &str = "to reassign it, repeat the command with `--yes`";
pub const NO_CANDIDATE: &str =
    "check the id: it is the number at the end of the candidate's address in Teamtailor";
pub const FORGOTTEN: &str = "choose another candidate; `forget` cannot be undone by a command";
pub const BOTH_IDS: &str = "check both ids";

#[must_use]
pub fn repeat_request(request: impl Display) -> String {
    format!("repeat the command with `--request {request}`: this never creates a second contract")
}

#[must_use]
pub fn choose_address(section: &str, key: &str) -> String {
    format!("choose a free address in `[{section}] {key}`")
}

pub const NO_RUNTIME: &str = "check the resource limits of this process";
