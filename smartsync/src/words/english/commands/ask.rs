//! Questions before something that cannot be taken back.

#[must_use]
pub fn prompt(question: &str) -> String {
    format!("{question} [y/N] ")
}

/// What counts as a yes, in small letters.
pub const YES: [&str; 2] = ["y", "yes"];

#[must_use]
pub fn no_terminal(question: &str) -> String {
    format!("{question} There is no terminal to ask on")
}

pub const NO_ANSWER: &str = "no answer was given";
pub const NOTHING_DONE: &str = "nothing was done";
pub const TO_GO_ON: &str = "answer `y` to continue";
