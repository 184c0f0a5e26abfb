//! What the judge knows of a contract.

use std::collections::BTreeMap;

use jiff::Timestamp;
use smartsync_sandbox::CandidateCard;

use super::field::{self, Field};

/// Whose a contract is, and what people have done in it.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    /// The program made it.
    pub(super) is_ours: bool,
    /// The candidate whose card it may write, by position; `None`: none.
    pub(super) rightful: Option<usize>,
    /// When it was made.
    made: Timestamp,
    /// When it was sent.
    pub(super) published: Option<Timestamp>,
    /// When a data field was edited last, by key.
    pub(super) edited: BTreeMap<&'static str, Timestamp>,
    /// When contract and card were last the same in a field, as far as the program saw, and what the card held then, by key.
    pub(super) agreed: BTreeMap<&'static str, (Timestamp, String)>,
    /// The answer to an upload was lost: nobody knows whether the document has arrived.
    pub(super) is_cut_off: bool,
}

impl Paper {
    /// A contract that the program made from a card: both were the same then.
    pub(super) fn ours(candidate: usize, card: &CandidateCard, now: Timestamp, is_sent: bool) -> Self {
        let held = |field: Field| card.get(field.card).unwrap_or_default().to_owned();
        Self {
            is_ours: true,
            rightful: Some(candidate),
            made: now,
            published: is_sent.then_some(now),
            edited: BTreeMap::new(),
            agreed: field::all().map(|field| (field.key, (now, held(field)))).collect(),
            is_cut_off: false,
        }
    }

    /// A contract that somebody else made.
    pub(super) fn of_others(rightful: Option<usize>, now: Timestamp) -> Self {
        Self {
            is_ours: false,
            rightful,
            made: now,
            published: None,
            edited: field::all().map(|field| (field.key, now)).collect(),
            agreed: BTreeMap::new(),
            is_cut_off: false,
        }
    }

    /// Whether it is shown that somebody edited the field since both sides were the same, or since the contract was sent.
    /// Services write times in seconds, and what is as old as the contract is nobody's edit.
    pub(super) fn is_edit_proven(&self, key: &str, shows_times: bool) -> bool {
        let Some(edited) = self.edited.get(key) else { return false };
        match (self.agreed.get(key), self.published) {
            (Some((agreed, _)), _) => edited >= agreed,
            (None, Some(published)) => {
                let is_since_sent = edited.as_second() >= published.as_second();
                shows_times && is_since_sent && edited.as_second() > self.made.as_second()
            }
            (None, None) => false,
        }
    }
}
