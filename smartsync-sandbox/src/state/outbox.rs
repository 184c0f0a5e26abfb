//! Notifications that are still to be delivered, and how many of the others were delivered or given up.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use crate::written_time;

/// Notifications that are still to be delivered, and how the others ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) pending: BTreeMap<i64, Notification>,
    pub(crate) delivered: usize,
    pub(crate) given_up: usize,
}

/// A webhook notification that is still to be delivered.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    #[serde(skip)]
    pub(crate) number: i64,
    pub(crate) callback_id: String,
    pub(crate) callback_url: String,
    pub(crate) contract: i64,
    pub(crate) events: Vec<&'static str>,
    pub(crate) failed_attempts: usize,
    #[serde(serialize_with = "written")]
    pub(crate) due: Timestamp,
    #[serde(skip)]
    pub(crate) body: Bytes,
}

impl Notification {
    /// Identifies the notification; the same at every attempt, and the text that is signed.
    #[must_use]
    pub fn callback_id(&self) -> &str {
        &self.callback_id
    }

    /// Where it is to be posted.
    #[must_use]
    pub fn callback_url(&self) -> &str {
        &self.callback_url
    }

    /// The contract it is about.
    #[must_use]
    pub fn contract(&self) -> i64 {
        self.contract
    }

    /// The types of its events.
    #[must_use]
    pub fn events(&self) -> &[&'static str] {
        &self.events
    }

    /// How many attempts have failed.
    #[must_use]
    pub fn failed_attempts(&self) -> usize {
        self.failed_attempts
    }

    /// When the next attempt is due.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        self.due
    }

    /// The bytes to post, as `application/json`.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.body.clone()
    }
}

/// Without the body, whose signature lets anybody replay it.
impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("contract", &self.contract)
            .field("events", &self.events)
            .field("failed_attempts", &self.failed_attempts)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

fn written<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written_time::oneflow(*time))
}
