//! What must not happen in a `smartsync drill`, and where it has.

use std::fmt::Display;

// What must not have happened.

pub const PANIC: &str = "a panic";
pub const LET_THROUGH: &str = "a request that the fence let through";
pub const STOPPED_IN_GOOD_FAITH: &str = "a request of the program's own that the fence stopped";
pub const OUTSIDE_FENCE: &str = "a write outside of the fence";
pub const OTHER_CANDIDATE: &str = "a write to another candidate";
pub const UNMAPPED: &str = "an unmapped field";
pub const OTHER_CARD: &str = "another card";
pub const FORGOTTEN: &str = "a forgotten candidate";
pub const IDENTITY_WITHOUT_PERMISSION: &str = "an identity field written without permission in the mapping";
pub const HOSTILE_TEXT: &str = "a hostile text on a card";
pub const CLEARED_WITHOUT_PERMISSION: &str = "a value cleared without permission in the mapping";
pub const BEFORE_ITS_MOMENT: &str = "a write before its moment";
pub const BEYOND_LIMIT: &str = "more overwritten than the limit";
pub const WITHOUT_PROOF: &str = "overwritten without proof of an edit";
pub const IDENTITY_ON_BOTH_SIDES: &str = "an identity field changed on both sides";
pub const DOCUMENT_ON_OTHER_CARD: &str = "a document on another card";
pub const DOCUMENT_OF_FORGOTTEN: &str = "a document of a forgotten candidate";
pub const NOT_THE_DOCUMENT: &str = "a file that is not the signed document";
pub const TWO_DOCUMENTS: &str = "two documents of one contract";
pub const DOCUMENT_BY_ADDRESS: &str = "a document by address alone";
pub const DOCUMENT_MISSING: &str = "a signed document that did not arrive";
pub const DOCUMENT_UNTRUE: &str = "a report of a document that is not there";
pub const WITHOUT_REASON: &str = "left alone without a reason";
pub const LOOK_INTERRUPTED: &str = "a look that was interrupted";
pub const NOT_CREATED: &str = "a contract that was not created";
pub const UNSAFE_ACCEPTED: &str = "an unsafe configuration was accepted";
pub const UNSIGNED_ACCEPTED: &str = "an unsigned notification was accepted";

// What makes a text hostile.

pub const TURNS_TEXT: &str = "a character that turns the text";
pub const CONTROL_CHARACTER: &str = "a control character";
pub const WITHOUT_WIDTH: &str = "a character without width";
pub const MARKUP: &str = "markup";
pub const FORMULA: &str = "a formula";
pub const TWO_SCRIPTS: &str = "a word in two scripts";
pub const NO_NUMBER: &str = "no number";
pub const MORE_THAN_ADDRESS: &str = "more than an address";
pub const HOST_LOOKS_OTHERWISE: &str = "a host that is not what it looks like";
pub const NO_OPTION: &str = "no option";
pub const NO_CHECKBOX: &str = "no answer of a checkbox";
pub const OTHER_SCHEME: &str = "another scheme than http";
pub const NOT_LINKEDIN: &str = "a host that is not LinkedIn";

// Why a request must not be made.

pub const NO_SUCH_REQUEST: &str = "no such request belongs to this";
pub const CUSTOM_FIELD_NOT_MAPPED: &str = "the custom field is not mapped";
pub const OTHER_IDS: &str = "path and body name different ids";

#[must_use]
pub fn not_written_back(field: &str) -> String {
    format!("`{field}` is not written back")
}

#[must_use]
pub fn other_member(member: &str) -> String {
    format!("the member `{member}` does not belong there")
}

// Where.

pub const SEE_ABOVE: &str = "see above";

/// `what`: where, if that is known.
#[must_use]
pub fn at_contract(what: &str, contract: i64) -> String {
    format!("{what} (contract {contract})")
}

#[must_use]
pub fn of_contract(contract: i64) -> String {
    format!("of contract {contract}")
}

#[must_use]
pub fn contract(contract: i64) -> String {
    format!("contract {contract}")
}

#[must_use]
pub fn field_of_contract(field: &str, contract: i64) -> String {
    format!("`{field}` of contract {contract}")
}

#[must_use]
pub fn field_of_candidate(field: &str, candidate: &str) -> String {
    format!("`{field}` of candidate {candidate}")
}

#[must_use]
pub fn upload_of_candidate(upload: impl Display, candidate: &str) -> String {
    format!("upload {upload} of candidate {candidate}")
}

#[must_use]
pub fn in_state(field: &str, state: &str) -> String {
    format!("{field}, the contract is {state}")
}

#[must_use]
pub fn within_hour(count: usize) -> String {
    format!("{count} within an hour")
}
