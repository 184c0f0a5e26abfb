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
