//! The comments of the configuration that `smartsync init` writes.

/// At the top.
pub const HEAD: [&str; 3] = [
    "SmartSync keeps Teamtailor candidates and Oneflow contracts in step.",
    "README.md explains every key. After each change: `smartsync check`.",
    "No secret stands in this file: it names files or environment variables.",
];

// Behind a key.

pub const USER_EMAIL: &str = "requests are made on this user's behalf";
pub const SIGN_KEYS: &str = "Oneflow signs notifications with it";
pub const TEAMTAILOR_TOKEN: &str = "scope Admin, permission Read/Write";
pub const STORE_URL: &str = "relative to the folder in which `smartsync serve` is started";
pub const STORE_KEY: &str = "default: generated beside the database; see \"Keep the key apart\"";
pub const LISTEN: &str = "put an https proxy in front";
pub const CHANGES: &str = "card values overwritten or cleared per hour";
pub const CONVENTION: &str = "pairs `oneflow-*` fields, and prefills names, e-mail and phone";

/// Above two lines that are switched off.
pub const LINK: [&str; 2] = [
    "Contracts that `smartsync create` makes carry a signed link to their candidate. For contracts that are created in another way,",
    "take these two lines, with the ids of the template types of candidates' contracts (`smartsync check` shows them):",
];

/// Above a pair that is switched off.
pub const GUESS: &str = "A guess by type: take the `#` away if the two belong together.";
