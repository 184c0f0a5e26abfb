//! A look or a creation under way, as the troubles count it.

use super::trouble::{Event, Trigger, Trouble};

/// What a task is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Look { contract: i64 },
    Creation { request: String, candidate: usize },
}

/// A look or a creation under way.
#[derive(Debug)]
pub(super) struct Task {
    troubles: Vec<Trouble>,
    requests: usize,
    writes: usize,
    ledger_calls: usize,
    ledger_writes: usize,
    sleeps: usize,
    /// Whether no request gets an answer any more.
    pub(super) is_cut_off: bool,
    pub(super) is_crashed: bool,
    /// Whether it is to wait, once it has a plan, for being told to apply it.
    pub(super) is_held: bool,
    pub(super) is_at_gate: bool,
}

/// More requests than this are an endless look.
const MAX_REQUESTS: usize = 200;

impl Task {
    pub(super) fn new(troubles: Vec<Trouble>, is_held: bool) -> Self {
        Self {
            troubles,
            requests: 0,
            writes: 0,
            ledger_calls: 0,
            ledger_writes: 0,
            sleeps: 0,
            is_cut_off: false,
            is_crashed: false,
            is_held,
            is_at_gate: false,
        }
    }

    pub(super) fn writes(&self) -> usize {
        self.writes
    }

    pub(super) fn is_endless(&self) -> bool {
        self.requests > MAX_REQUESTS
    }

    /// Whether it waits for being told to apply its plan.
    pub(super) fn waits_at_gate(&self) -> bool {
        self.is_held && self.is_at_gate
    }

    /// What happens at the next request.
    pub(super) fn at_request(&mut self, is_write: bool) -> Vec<Event> {
        let mut events = self.take(Trigger::Request(self.requests));
        self.requests += 1;
        if is_write {
            events.extend(self.take(Trigger::Write(self.writes)));
            self.writes += 1;
        }
        events
    }

    /// What happens at the next step of the ledger.
    pub(super) fn at_ledger(&mut self, is_write: bool) -> Vec<Event> {
        let mut events = self.take(Trigger::Ledger(self.ledger_calls));
        self.ledger_calls += 1;
        if is_write {
            events.extend(self.take(Trigger::LedgerWrite(self.ledger_writes)));
            self.ledger_writes += 1;
        }
        events
    }

    /// What happens at the next wait.
    pub(super) fn at_sleep(&mut self) -> Vec<Event> {
        self.sleeps += 1;
        self.take(Trigger::Sleep(self.sleeps - 1))
    }

    fn take(&self, trigger: Trigger) -> Vec<Event> {
        self.troubles.iter().filter(|trouble| trouble.at == trigger).map(|trouble| trouble.event).collect()
    }
}
