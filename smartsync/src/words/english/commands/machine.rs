//! What of this machine the program needs, and what to do about what is wrong with it.

use std::fmt::Display;

// The files of the state, and those of the secrets.

pub const DATABASE: &str = "the database";
pub const LOG_OF_DATABASE: &str = "the log of the database";
pub const INDEX_OF_LOG: &str = "the index of its log";
pub const LOCK: &str = "the lock of the server";
pub const KEY_FILE: &str = "the key file";

#[must_use]
pub fn file_of(key: &str) -> String {
    format!("the file of `{key}`")
}

#[must_use]
pub fn open_to_others(what: &str, file: impl Display) -> String {
    format!("{what}, {file}, is readable or writable by other users of this machine")
}

pub const OPEN_BY_ROOT_NEXT: &str = "only root can change that: set mode 0440 or 0400 where the file is provided, for the user or \
                                     group of `smartsync serve`";

#[must_use]
pub fn open_next(file: impl Display) -> String {
    format!("run `chmod 600 {file}`")
}

#[must_use]
pub fn open_given_next(file: impl Display) -> String {
    format!(
        "run `chmod 600 {file}`; if the file is mounted, as in `/run/secrets`, set its mode and owner in the mount"
    )
}

#[must_use]
pub fn foreign(what: &str, file: impl Display) -> String {
    format!("{what}, {file}, does not belong to the user who runs this check")
}

pub const FOREIGN_NEXT: &str = "run the check as the user who runs `smartsync serve`, or `chown` the file";

#[must_use]
pub fn on_network(folder: impl Display, kind: &str) -> String {
    format!("the database's folder, {folder}, is on a network file system ({kind})")
}

#[must_use]
pub fn folder_writable(folder: impl Display) -> String {
    format!("the database's folder, {folder}, is writable")
}

#[must_use]
pub fn folder_not_writable(folder: impl Display, why: impl Display) -> String {
    format!("the database's folder, {folder}, is not writable: {why}")
}

pub const NO_FOLDER_NEXT: &str =
    "create the folder, or set another in `[store] url`; a relative path starts from the working directory";
pub const FOLDER_NEXT: &str =
    "allow the user who runs `smartsync` to write there, or set another folder in `[store] url`";

#[must_use]
pub fn newer_database(database: impl Display, version: impl Display) -> String {
    format!(
        "the database {database} was written by a newer version of this program (schema version {version})"
    )
}

pub const NEWER_DATABASE_NEXT: &str = "run the newer version of smartsync";

#[must_use]
pub fn read_only(database: impl Display) -> String {
    format!("the database {database} is read-only")
}

pub const READ_ONLY_NEXT: &str = "allow the user who runs `smartsync` to write to it";

#[must_use]
pub fn good_database(database: impl Display) -> String {
    format!("the database {database} is readable and writable")
}

#[must_use]
pub fn damaged(database: impl Display, why: impl Display) -> String {
    format!("the database {database} is damaged, or is not a database: {why}")
}

#[must_use]
pub fn unreadable(database: impl Display, why: impl Display) -> String {
    format!("the database {database} cannot be read: {why}")
}

pub const UNREADABLE_NEXT: &str = "check its permissions, and whether another program is locking it";

#[must_use]
pub fn key_to_come(file: impl Display) -> String {
    format!("the key file {file} will be created at the first start: back it up then")
}

#[must_use]
pub fn key_exists(file: impl Display) -> String {
    format!("the key file {file} exists")
}

pub const KEY_IN_REACH: &str = "the digest key is in the database's folder: anyone who copies the folder can find short values by trial and error";
pub const KEY_IN_REACH_NEXT: &str = "keep it elsewhere and set `[store] key = { file = \"PATH\" }`: as a systemd credential (`LoadCredential=`), or \
                                     as a mounted secret (README, \"Keep the key apart\")";

#[must_use]
pub fn weak_sign_key(characters: usize) -> String {
    format!(
        "a key in `oneflow.sign_keys` is weak: it has fewer than {characters} characters, or too few different ones"
    )
}

pub const WEAK_SIGN_KEY_NEXT: &str = "anyone who has seen one notification can guess it: create a key with `smartsync key new`, and register again";

// The network.

/// `key`: `server.listen`.
#[must_use]
pub fn for_everyone(key: &str, listen: impl Display) -> String {
    format!("`{key}` is {listen}: anyone who can reach this machine can connect, without https")
}

#[must_use]
pub fn for_everyone_next(port: u16) -> String {
    format!("write `127.0.0.1:{port}` and put an https proxy in front, unless a firewall protects it")
}

#[must_use]
pub fn free(listen: impl Display) -> String {
    format!("{listen} is free to listen on")
}

#[must_use]
pub fn served(listen: impl Display) -> String {
    format!("{listen} is in use; a `smartsync serve` is running on this database")
}

#[must_use]
pub fn taken(listen: impl Display) -> String {
    format!("{listen} is in use by another program")
}

/// `key`: `[server] listen`.
#[must_use]
pub fn taken_next(key: &str) -> String {
    format!("stop it, or choose a free address in `{key}`")
}

#[must_use]
pub fn cannot_listen(listen: impl Display, why: impl Display) -> String {
    format!("cannot listen on {listen}: {why}")
}

#[must_use]
pub fn port_next(key: &str) -> String {
    format!("choose a port above 1023 in `{key}`, and put a proxy in front")
}

#[must_use]
pub fn address_next(key: &str) -> String {
    format!("choose an address of this machine in `{key}`")
}

#[must_use]
pub fn through_proxy(service: &str, variable: &str) -> String {
    format!("requests to {service} go through the proxy set in {variable}, unless NO_PROXY lists the host")
}

#[must_use]
pub fn read_by_proxy(text: &str) -> String {
    format!("{text}; the proxy can read the token and all data")
}

pub const USE_HTTPS: &str = "use https";

// A PostgreSQL database.

pub const STORE_KEY_NEXT: &str =
    "create one with `smartsync key new --file PATH`, and set that file in `[store] key`";

#[must_use]
pub fn not_encrypted(address: impl Display) -> String {
    format!(
        "the connection to {address} is not encrypted: anyone on the network can read it, and the password"
    )
}

pub const NOT_ENCRYPTED_NEXT: &str =
    "write `sslmode=verify-full` in `[store] url`, unless nobody else is on that network";
pub const PASSWORD_NEXT: &str = "put the password there";
pub const NEEDLESS_PASSWORD: &str = "`store.password` is set, and a SQLite database has none";
pub const NEEDLESS_PASSWORD_NEXT: &str =
    "remove it, or write the URL of a PostgreSQL database in `[store] url`";
