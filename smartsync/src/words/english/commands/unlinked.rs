//! Contracts that nothing links to a candidate.

#[must_use]
pub fn unlinked(count: usize, sent: usize) -> String {
    format!(
        "{count} of the {sent} most recently sent contracts carry no SmartSync link and are not linked to a \
         candidate in the database, so they are not synced"
    )
}

/// `lines`: what to add to `[sync]`, one or two; `documents`: what else to do, or nothing.
#[must_use]
pub fn next(lines: &[&str], documents: &str) -> String {
    format!(
        "if candidates' contracts are also created outside SmartSync, add {} to `[sync]`, without the ids used \
         for other contracts{documents}",
        lines.join(" and ")
    )
}

/// `line`: what to add to `[sync]`, or to its `document`.
#[must_use]
pub fn documents(line: &str) -> String {
    format!(
        ". To attach their signed documents too, either add {line} (an e-mail address alone then decides whose card gets the \
         signed document, and the sender may have written somebody else's) or run `smartsync link CONTRACT --candidate ID` for \
         each contract"
    )
}

pub const DOCUMENT_LINE: &str = "`document = { by_email = true }`";
pub const LINE_IN_DOCUMENT: &str = "`by_email = true` in `document`";
