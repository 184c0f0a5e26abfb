//! The requests that count against the limit.

use std::{collections::VecDeque, time::Duration};

/// The requests of the last period, oldest first. Those of one moment are one entry with a count, so what others have used costs no
/// more memory than one request of ours.
#[derive(Debug, Default)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    requests: usize,
}

#[derive(Debug)]
struct Entry {
    at: Duration,
    requests: usize,
}

impl Window {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.requests
    }

    /// So many more, of this moment.
    pub(super) fn add(&mut self, at: Duration, requests: usize) {
        // Nearly always the last, but two threads may read the clock in one order and come here in the other.
        let place = self.entries.partition_point(|entry| entry.at <= at);
        match place.checked_sub(1).and_then(|last| self.entries.get_mut(last)) {
            Some(entry) if entry.at == at => entry.requests += requests,
            _ => self.entries.insert(place, Entry { at, requests }),
        }
        self.requests += requests;
    }

    /// One less of this moment. False if there is none.
    pub(super) fn remove(&mut self, at: Duration) -> bool {
        let Ok(place) = self.entries.binary_search_by_key(&at, |entry| entry.at) else { return false };
        self.entries[place].requests -= 1;
        if self.entries[place].requests == 0 {
            self.entries.remove(place);
        }
        self.requests -= 1;
        true
    }

    /// Forgets those that are at least a period old.
    pub(super) fn forget_old(&mut self, period: Duration, now: Duration) {
        while let Some(Entry { at, requests }) = self.entries.front()
            && at.saturating_add(period) <= now
        {
            self.requests -= requests;
            self.entries.pop_front();
        }
    }

    /// The moment of each request, oldest first.
    pub(super) fn moments(&self) -> impl Iterator<Item = Duration> {
        self.entries.iter().flat_map(|entry| std::iter::repeat_n(entry.at, entry.requests))
    }

    /// The moment of the request at this position, from 0.
    pub(super) fn moment_of(&self, position: usize) -> Option<Duration> {
        let mut before = 0;
        let entry = self.entries.iter().find(|entry| {
            before += entry.requests;
            position < before
        });
        entry.map(|entry| entry.at)
    }
}
