//! What a data field's own times say of it: whether anybody has touched it since its contract was made.

use smartsync_transport::Timestamp;

/// A data field that was last changed this long after its contract was made, or sooner, was prefilled.
const PREFILL_SECONDS: i64 = 60;

/// The times of a data field and of its contract; `None` where Oneflow says that there is none. One that it does not say, or
/// not legibly, may be any: then there is nothing to ask [`edit_evidence`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a caller of `edit_evidence` gives all of them")]
pub struct FieldTimes<'a> {
    /// When the contract was made.
    pub contract_created: Option<&'a Timestamp>,
    /// When the contract was sent.
    pub contract_published: Option<&'a Timestamp>,
    /// When the data field was made.
    pub created: Option<&'a Timestamp>,
    /// When the data field's value was changed last; `None` where it never was.
    pub updated: Option<&'a Timestamp>,
}

/// Whether anybody has touched a data field since its contract was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum EditEvidence {
    /// Nobody has: it holds what it was prefilled with.
    NotEdited,
    /// Somebody has, once the contract had been sent.
    EditedAfterSending,
    /// The times do not say.
    Unknown,
}

/// What the times say. Oneflow's have whole seconds.
///
/// A field is untouched if it was never changed and made with the contract, or if it was changed before the contract was
/// sent and within a minute of its creation. It was touched if it was changed when the contract had been sent, the very second
/// of sending included (whoever edits within it is a participant in a hurry), and in a later second than the contract and the
/// data field were made. Anything else is not known: later in the draft, someone of the own company may have filled it in, and
/// in a contract that is sent in the second in which it is made, what it was prefilled with looks like an edit.
///
/// ```
/// use oneflow_client::Timestamp;
/// use smartsync_core::plan::{EditEvidence, FieldTimes, edit_evidence};
///
/// let at = |time: &str| Timestamp::from(format!("2031-05-01T{time}+0000").as_str());
/// let (made, sent, changed) = (at("10:00:00"), at("10:05:00"), at("10:00:01"));
/// let times = FieldTimes {
///     contract_created: Some(&made),
///     contract_published: Some(&sent),
///     created: Some(&made),
///     updated: Some(&changed),
/// };
/// assert_eq!(edit_evidence(times), EditEvidence::NotEdited);
/// assert_eq!(edit_evidence(FieldTimes { updated: Some(&sent), ..times }), EditEvidence::EditedAfterSending);
/// assert_eq!(edit_evidence(FieldTimes { contract_created: None, ..times }), EditEvidence::Unknown);
/// let made_and_sent = FieldTimes { contract_published: Some(&made), updated: Some(&made), ..times };
/// assert_eq!(edit_evidence(made_and_sent), EditEvidence::Unknown);
/// ```
#[must_use]
pub fn edit_evidence(times: FieldTimes<'_>) -> EditEvidence {
    let second =
        |time: Option<&Timestamp>| time.and_then(Timestamp::instant).map(|instant| instant.as_second());
    let made = second(times.contract_created);
    let is_with_contract =
        |time: i64| made.is_some_and(|made| time.saturating_sub(made).saturating_abs() <= PREFILL_SECONDS);
    let created = second(times.created);
    let Some(updated) = times.updated else {
        let was_made_with_it = created.is_some_and(is_with_contract);
        return if was_made_with_it { EditEvidence::NotEdited } else { EditEvidence::Unknown };
    };
    let (Some(updated), Some(published)) = (second(Some(updated)), second(times.contract_published)) else {
        return EditEvidence::Unknown;
    };
    // What does not say when it was made may have been made as late as the contract was sent.
    let is_after = |made: Option<i64>| updated > made.unwrap_or(published);
    if updated < published {
        return if is_with_contract(updated) { EditEvidence::NotEdited } else { EditEvidence::Unknown };
    }
    if is_after(made) && is_after(created) { EditEvidence::EditedAfterSending } else { EditEvidence::Unknown }
}
