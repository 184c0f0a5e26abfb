//! What happens in a `smartsync drill --seed`, step by step.

use std::fmt::Debug;

#[must_use]
pub fn violation(rule: &str, what: &str) -> String {
    format!("VIOLATION {rule}: {what}")
}

#[must_use]
pub fn somebody(contract: i64, deed: &str) -> String {
    format!("contract {contract}: somebody {deed}")
}

/// `fields`: each with its outcome.
#[must_use]
pub fn look(
    contract: i64,
    candidate: Option<&str>,
    document: &str,
    document_reason: &str,
    fields: &str,
) -> String {
    format!("look at {contract}: candidate {candidate:?}, document {document} {document_reason}, {fields}")
}

#[must_use]
pub fn created(contract: i64, candidate: &str, is_sent: bool) -> String {
    format!("contract {contract} is created for candidate {candidate}, sent: {is_sent}")
}

#[must_use]
pub fn of_others(contract: i64, company: impl Debug, in_scope: bool) -> String {
    format!("contract {contract} of others: {company:?}, in scope: {in_scope}")
}

#[must_use]
pub fn sent(contract: i64) -> String {
    format!("contract {contract} is sent")
}

#[must_use]
pub fn filled_in(contract: i64, text: impl Debug, field: &str) -> String {
    format!("contract {contract}: {text:?} into {field}")
}

#[must_use]
pub fn by_recruiter(text: impl Debug, field: &str, candidate: &str) -> String {
    format!("a recruiter: {text:?} into {field} of candidate {candidate}")
}
