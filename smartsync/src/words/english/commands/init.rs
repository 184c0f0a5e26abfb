//! `smartsync init`: what it asks, what it says of an answer, and what it has done.

// The questions, each on one line.

pub const ONEFLOW_TOKEN: &str = "Oneflow API token (in Oneflow: Marketplace > API tokens)";
pub const USER_EMAIL: &str =
    "E-mail address of the Oneflow user on whose behalf contracts are read and created";
pub const TEAMTAILOR_KEY: &str =
    "Teamtailor API key (Settings > Integrations > API keys; scope Admin, permission Read/Write)";
pub const SECRETS: &str = "Keep the secrets in `files` beside the configuration, readable by you alone, or will you set them in `env` variables?";
pub const PAIRS: &str = "Take these pairs?";
pub const CHANGES: &str = "Make these changes?";

#[must_use]
pub fn webhook(path: &str) -> String {
    format!("Public address for notifications, such as https://sync.example.com{path} (empty: later)")
}

/// Behind a question whose answer is not seen while it is typed.
pub const HIDDEN: &str = " (not shown)";

/// The columns of the fields of both sides.
pub const COLUMNS: [&str; 3] = ["Oneflow", "Teamtailor", "why"];

// Why two fields are a pair.

pub const CONVENTION: &str = "paired by convention";
pub const SAME_NAME: &str = "same name";
pub const FOLDED_NAME: &str = "same name, spelled differently";
pub const ONLY_ONE_OF_TYPE: &str = "a guess by type: written, but switched off";

// What is said of an answer.

/// In front of it, as wide as [`GOOD`](super::findings::GOOD).
pub const REFUSED: &str = "REFUSED";

pub const KNOWN: &str = "the user is known";
pub const KEY_ACCEPTED: &str = "the key is accepted, and may read the company, candidates and custom fields";
pub const NO_COMPANY: &str = "the company cannot be read";
pub const NO_COMPANY_NEXT: &str = "create a key with scope Admin and permission Read/Write";
pub const NO_EMAIL: &str = "this is not an e-mail address";
pub const NO_EMAIL_NEXT: &str = "take the address with which an active user signs in to Oneflow";
pub const NEITHER_PLACE: &str = "this is neither of the two";
pub const NEITHER_PLACE_NEXT: &str = "answer `files` or `env`";
pub const NEITHER_YES_NOR_NO: &str = "this is neither yes nor no";
pub const NEITHER_YES_NOR_NO_NEXT: &str = "answer `y` or `n`";
pub const NOT_HTTPS: &str = "the address does not use https";
pub const NOT_HTTPS_NEXT: &str = "give the https address of the proxy in front of this program";
pub const NO_ADDRESS: &str = "this is not an address";

#[must_use]
pub fn no_address_next(path: &str) -> String {
    format!("write it whole: `https://sync.example.com{path}`")
}

#[must_use]
pub fn token_accepted(account: &str) -> String {
    format!("the token is accepted; it is of account {account}")
}

#[must_use]
pub fn registered_before(path: &str) -> String {
    format!("a webhook with an address ending in `{path}` is registered")
}

/// Where the address of the user stands.
pub const IN_CONFIGURATION: &str = "the configuration";

// What it ends with.

#[must_use]
pub fn stopped(signal: &str) -> String {
    format!("{signal} ended it: nothing was written")
}

#[must_use]
pub fn stopped_behind_writing(signal: &str) -> String {
    format!("{signal} ended it: the files are written, `smartsync check` tries them out")
}

#[must_use]
pub fn wrote_secret(file: &str) -> String {
    format!("wrote   {file}, a secret")
}

#[must_use]
pub fn wrote(file: &str) -> String {
    format!("wrote   {file}")
}

#[must_use]
pub fn changed(file: &str) -> String {
    format!("changed {file}")
}

#[must_use]
pub fn lacks_nothing(file: &str) -> String {
    format!("{file} lacks nothing: it was not changed")
}

#[must_use]
pub fn kept(file: &str) -> String {
    format!("kept    {file}: as it was before")
}

#[must_use]
pub fn sends(url: &str) -> String {
    format!("Oneflow sends notifications to {url}")
}

#[must_use]
pub fn next(next: &str) -> String {
    format!(" next: {next}")
}

/// `of`: the options that name the file, for every command line.
#[must_use]
pub fn set_variables(names: &str, of: &str) -> String {
    format!("set {names} for every command and for the server, then run `smartsync check{of}`")
}

/// Above the name of a variable and the new sign key.
pub const SHOWN_ONCE: &str = "The key with which Oneflow is to sign notifications is shown here only, and kept nowhere. Set it where you keep the other secrets:";
pub const NOWHERE_TO_SHOW: &str =
    "a new sign key is kept in no file here, and there is no terminal to show it on; nothing was written";
pub const NOWHERE_TO_SHOW_NEXT: &str = "set ONEFLOW_SIGN_KEY to a secret of your own (`smartsync key new` makes one), or leave out `--secrets env`";

#[must_use]
pub fn fix(of: &str) -> String {
    format!("fix what failed above, then run `smartsync check{of}`")
}

#[must_use]
pub fn fix_way_in(url: &str, of: &str) -> String {
    format!(
        "fix the way in, run `smartsync webhook test {url}{of}` until it gets through, then `smartsync webhook register {url}{of}`"
    )
}

#[must_use]
pub fn way_in_later(of: &str) -> String {
    format!(
        "put an https proxy in front, then run `smartsync webhook test URL{of}` and `smartsync webhook register URL{of}`, if no webhook \
         leads here yet"
    )
}

#[must_use]
pub fn serve(of: &str) -> String {
    format!("run `smartsync serve{of}`")
}

// What stands in the way.

#[must_use]
pub fn unwritten(what: &str, on_disk: &str) -> String {
    format!("{what}; {on_disk}")
}

pub const NOTHING_WRITTEN: &str = "nothing was written";

#[must_use]
pub fn written_by_then(files: &str) -> String {
    format!("written by then: {files}")
}

pub const NO_FOLDER_NEXT: &str = "create the folder first, or give another file with `--config FILE`";
pub const EXISTS_NEXT: &str =
    "look at what is there, and take it away or name it in the configuration; then run the command again";
pub const NOT_ALLOWED_NEXT: &str =
    "run the command as the owner of the file and of its folder: what was written is taken up";
pub const UNWRITTEN_NEXT: &str = "mend what the system says, then run the command again: it reads what is there, and takes up what was written";

#[must_use]
pub fn refused(question: &str, why: &str) -> String {
    format!("{question}: {why}")
}

pub const REFUSED_NEXT: &str = "correct the option";

#[must_use]
pub fn unanswered_next(option: &str) -> String {
    format!("run it on a terminal, or answer with `{option}`")
}

pub const ANOTHER_SECRET_NEXT: &str = "set another one";
pub const TENANTS_NEXT: &str = "add the `[[tenant]]` by hand: docs/run/tenants.md shows how";
pub const NOT_TOML_NEXT: &str = "give a name that ends in `.toml`: `--config smartsync.toml`";
pub const RANDOM_NEXT: &str = "check the system's source of random numbers";
pub const DECLINED_NEXT: &str = "run it again to take the changes, or change the file by hand";
pub const FAULTY_NEXT: &str = "correct the file; README.md shows every key";
