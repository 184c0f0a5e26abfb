//! `smartsync probe`.

use std::fmt::Display;

/// The columns of what would be sent.
pub const PLANNED_COLUMNS: [&str; 4] = ["service", "method", "path", "why"];

/// The columns of what was found out.
pub const COLUMNS: [&str; 5] = ["service", "fact", "state", "answer", "what was seen"];

#[must_use]
pub fn planned(requests: usize) -> String {
    format!(
        "These {requests} requests at most, each once, and nothing else. An id stands for one that a list of the same run has shown; without one, the request is left out."
    )
}

pub const QUESTION: &str =
    "This reads from both accounts. Type the name of the company in Teamtailor to go on: ";
pub const NO_TERMINAL: &str = "there is no terminal on which to type the name of the company";
pub const NAME_COMPANY: &str = "give the name of the company, as Teamtailor has it, with `--company NAME`; `smartsync probe --explain` shows what would be sent";
pub const OTHER_NAME: &str =
    "check that the credentials are those of the test account, and type the name as Teamtailor has it";
pub const LARGE: &str = "use a test account; if this is one, repeat the command with `--large-account`";
pub const NO_COMPANY: &str = "run `smartsync check`: it shows what each credential may do";
pub const REPORT: &str = "run `smartsync check`, then try again";

#[must_use]
pub fn saved(answers: usize, requests: usize, file: impl Display) -> String {
    format!("{answers} facts settled by {requests} requests, saved in {file}")
}

pub const CUT_SHORT: &str = "It took too long, so not everything was asked.";
pub const REFUTED: &str = "`smartsync facts` shows why little is lost by what is refuted.";

#[must_use]
pub fn planned_writes(requests: u32) -> String {
    format!(
        "With `--write` these as well, {requests} at most: a candidate and a draft are made and deleted first, and nothing else is tried where that fails. `<mark>` is a random text of the run; `<candidate>` and `<contract>` are what it has made itself. Whatever it has made is deleted at the end."
    )
}

#[must_use]
pub fn at_most(why: &str, times: u32) -> String {
    match times {
        1 => why.to_owned(),
        times => format!("{why}; {times} times at most"),
    }
}

pub const WRITING: &str = "Reading, then writing, which takes about two minutes; `smartsync probe clean` undoes it if it is interrupted.";
pub const UNDO_NOT_PROVEN: &str =
    "That what is made can be deleted could not be proven, so nothing else was tried.";
pub const NOTHING_LEFT: &str = "nothing is left of a run";
pub const CLEAN: &str = "run `smartsync probe clean`; what that cannot delete, delete in the service, and then the file `smartsync-probe.jsonl`";
pub const LOG: &str = "see that the folder of the configuration can be written; `smartsync probe clean` undoes what may be left";

pub const CANDIDATE: &str = "candidate in Teamtailor";
pub const CONTRACT: &str = "draft in Oneflow";

#[must_use]
pub fn left(what: &str, id: &str) -> String {
    format!("left: {what}, {id}")
}
