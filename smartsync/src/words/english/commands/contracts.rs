//! `smartsync contracts list` and `look`.

/// The columns of the list.
pub const COLUMNS: [&str; 7] =
    ["contract", "state", "candidate", "last look", "fields and document", "left", "next look"];

pub const NONE: &str = "no contract matches";
pub const GOES_ON: &str = "none of those that were searched so far matches";
pub const NO_CANDIDATE: &str = "none";

pub const NEXT_NONE: &str = "none";
pub const NEXT_RUNNING: &str = "now";

/// Of one that was due before now.
pub const NEXT_OVERDUE: &str = "due";

#[must_use]
pub fn last_look(when: &str, why: &str) -> String {
    format!("{when}, {why}")
}

#[must_use]
pub fn parked(when: &str) -> String {
    format!("parked {when}")
}

#[must_use]
pub fn document(outcome: &str) -> String {
    format!("document {outcome}")
}

/// Below the list.
#[must_use]
pub fn matching(count: &str) -> String {
    if count == "1" { "1 contract matches.".to_owned() } else { format!("{count} contracts match.") }
}

/// The command line that shows what comes next.
#[must_use]
pub fn more(command: &str) -> String {
    format!("`{command}` shows the next ones.")
}

#[must_use]
pub fn question(count: &str) -> String {
    format!("Number of contracts that match: {count}. Have a server look at them again?")
}

pub const WITHOUT_YES: &str = "looking again at contracts requires `--yes`";

pub const NO_SERVER: &str = "no server is running, which would look at them";
pub const NO_SERVER_NEXT: &str =
    "start one with `smartsync serve`; or run `smartsync sync`, which needs none";

#[must_use]
pub fn looked_at(count: usize) -> String {
    if count == 1 {
        "1 contract was looked at again".to_owned()
    } else {
        format!("{count} contracts were looked at again")
    }
}

/// A signal has ended it.
#[must_use]
pub fn stopped(signal: &str) -> String {
    format!("{signal} stopped it: no more are asked for, and those that wait are still looked at")
}
