//! A look that was handed out.

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Row, types::Value};

use super::{
    inbox::furthest,
    item::{Item, Subject},
    journal::Trigger,
    work::Turn,
};

/// An item that this process may look at, and no one else.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(crate) item: Item,
    pub(crate) trigger: Trigger,
    pub(crate) generation: i64,
    /// By what its store tells it from an earlier claim that has lapsed: until when it lasts, if it was made by hand, or its number, in memory. `None`:
    /// whoever claims tells it.
    pub(crate) mark: Option<i64>,
    pub(crate) attempts: u32,
    /// Those of the attempts that failed by the item's own fault.
    pub(crate) faults: u32,
    /// When the item would have been looked at, if it is looked at before.
    pub(crate) early_of: Option<i64>,
    /// Whether more than a notification speaks of the item.
    pub(crate) is_known: bool,
    /// Whether it did not wait before it was claimed.
    pub(crate) created: bool,
}

impl Claim {
    /// The contract that is claimed.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        let Subject::Contract(contract) = self.item.subject;
        contract
    }

    /// How many looks at it have failed in a row.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Why the look begins. An item that has failed and comes before its time may have been brought forward by what is no reason for a look
    /// of its own: the end of an outage, or a start.
    pub(super) fn trigger(&self) -> Trigger {
        let is_in_time = self.attempts > 0 && self.early_of.is_none();
        if is_in_time || matches!(self.trigger, Trigger::Retry(_)) {
            Trigger::Retry(self.attempts)
        } else {
            self.trigger
        }
    }

    /// The look, as a handler gets it.
    pub(crate) fn turn(&self) -> Turn {
        Turn::new(self.item.clone(), self.trigger())
            .after(self.attempts, self.faults, self.early_of.is_none())
            .known(self.is_known)
    }

    /// Of a row with these columns, at this time. `None`: an item of a kind that this version does not know.
    pub(super) fn of_row(row: &Row<'_>, now: i64) -> rusqlite::Result<Option<Self>> {
        let (kind, id): (String, Value) = (row.get("kind")?, row.get("id")?);
        let Some(subject) = Subject::of_row(&kind, &id) else { return Ok(None) };
        let (retry_at, cause): (Option<i64>, String) = (row.get("retry_at")?, row.get("cause")?);
        Ok(Some(Self {
            item: Item::of(row.get("tenant")?, subject),
            trigger: Trigger::of_row(&cause, None),
            generation: row.get("generation")?,
            mark: None,
            attempts: row.get("attempts")?,
            faults: row.get("faults")?,
            early_of: retry_at.filter(|at| *at > now && *at <= furthest(now)),
            is_known: row.get("is_known")?,
            created: false,
        }))
    }
}

/// Whether an item is due.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever asks handles both")]
pub enum Due {
    /// This one, and it is claimed.
    Now(Claim),
    /// None yet. The time is when the next one is, if one waits.
    Later(Option<Timestamp>),
}
