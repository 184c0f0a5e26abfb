//! Tables of fields, and looks: what `plan`, `sync`, `create`, `resolve`, `history`, `tail` and `demo` have in common.

use std::fmt::Display;

/// The columns of fields.
pub const COLUMNS: [&str; 4] = ["contract field", "candidate field", "outcome", "why"];

/// In place of a field and of a candidate's field: the document.
pub const DOCUMENT: [&str; 2] = ["(signed document)", "(card)"];

/// How an outcome is said where nothing has been done, if otherwise than where something has.
#[must_use]
pub fn would_be(outcome: &str) -> Option<&'static str> {
    match outcome {
        "written" => Some("would write"),
        "attached" => Some("would attach"),
        _ => None,
    }
}

/// Whose a contract is: by its id.
#[must_use]
pub fn heading(contract: impl Display, whose: Whose<'_>) -> String {
    match whose {
        Whose::ByAddress(candidate) => format!(
            "contract {contract}, candidate {candidate} (found by a participant's e-mail address only)"
        ),
        Whose::Candidate(candidate) => format!("contract {contract}, candidate {candidate}"),
        Whose::Nobody => format!("contract {contract}, no candidate"),
        Whose::NotNeeded => format!("contract {contract}, no candidate needed"),
    }
}

/// Whose a contract is: by its id.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "the program makes it")]
pub enum Whose<'a> {
    ByAddress(&'a str),
    Candidate(&'a str),
    /// It lacks one.
    Nobody,
    /// It has nothing for a card.
    NotNeeded,
}

#[must_use]
pub fn requests(requests: u32, seconds: f64) -> String {
    let plural = if requests == 1 { "" } else { "s" };
    format!("{requests} request{plural} in {seconds:.1} s")
}

#[must_use]
pub fn failed(text: &str) -> String {
    format!(" failed: {text}")
}

pub const NEXT_NONE: &str = "nothing left to do";
pub const NEXT_PARKED: &str = "parked";
pub const NEXT_LEFT: &str = "something is left";

#[must_use]
pub fn next_at(at: &str) -> String {
    format!("next look {at}")
}

#[must_use]
pub fn next_with_room(at: &str) -> String {
    format!("waits for the change limit until {at}")
}

pub const CREATED_DRAFT: &str = "created as a draft";
pub const CREATED_SENT: &str = "created and sent";
pub const CREATED_UNKNOWN: &str = "created, and not known whether it was sent";
pub const ADOPTED: &str = "found as an earlier attempt created it";
pub const DROPPED: &str = "dropped from the parked contracts";
pub const ATTACH_AGAIN: &str = "document to be attached again";

#[must_use]
pub fn linked(candidate: &str) -> String {
    format!("linked to candidate {candidate}")
}
