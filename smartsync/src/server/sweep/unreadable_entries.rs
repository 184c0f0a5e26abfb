//! Which entries of the list of contracts cannot be read, so that one is counted once, though two pages show it, and told of once.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use oneflow_client::{
    Oneflow,
    contracts::{Contract, ListContracts},
    page::Page,
};
use serde::Deserialize;
use smartsync_transport::{BuildError, Call, DecodeError, Endpoint, Response, decode_json, http::Method};

/// What an entry that cannot be read is known by: what it says. Two that say the same are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct UnreadableEntry(u64);

impl UnreadableEntry {
    fn of(entry: &serde_json::Value) -> Self {
        let mut hasher = DefaultHasher::new();
        entry.to_string().hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// [`ListContracts`], and which entries of the page cannot be read.
#[derive(Clone, Debug)]
pub(super) struct ListEntries(pub(super) ListContracts);

impl Endpoint for ListEntries {
    type Service = Oneflow;
    type Output = (Page<Contract>, BTreeSet<UnreadableEntry>);
    const OPERATION: &'static str = ListContracts::OPERATION;
    const METHOD: Method = ListContracts::METHOD;
    const IDEMPOTENT: bool = ListContracts::IDEMPOTENT;

    fn call(&self) -> Result<Call, BuildError> {
        self.0.call()
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, DecodeError> {
        let page = self.0.decode(response)?;
        if page.data.iter().all(|entry| entry.as_result().is_ok()) {
            return Ok((page, BTreeSet::new()));
        }
        let Entries { data } = decode_json(response.body().as_bytes())?;
        let unreadable = page.data.iter().zip(&data).filter(|(entry, _)| entry.as_result().is_err());
        let unreadable = unreadable.map(|(_, text)| UnreadableEntry::of(text)).collect();
        Ok((page, unreadable))
    }
}

#[derive(Deserialize)]
struct Entries {
    data: Vec<serde_json::Value>,
}

/// Those that somebody was told of.
#[derive(Debug, Default)]
pub(in crate::server) struct Told(BTreeSet<UnreadableEntry>);

impl Told {
    /// Whether there is one among these of which nobody was told. `is_whole`: one that is not among them can be read again.
    pub(super) fn is_news(&mut self, unreadable: &BTreeSet<UnreadableEntry>, is_whole: bool) -> bool {
        let is_news = !unreadable.is_subset(&self.0);
        if is_whole {
            self.0.clone_from(unreadable);
        } else {
            self.0.extend(unreadable);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_that_only_goes_on_has_not_seen_that_an_entry_can_be_read_again() {
        let (one, other) = (UnreadableEntry(1), UnreadableEntry(2));
        let mut told = Told::default();
        for (row, (entries, is_whole, is_news)) in [
            (vec![one], true, true),
            (vec![], false, false),
            (vec![other], false, true),
            (vec![one, other], true, false),
            (vec![], true, false),
            (vec![one], true, true),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(told.is_news(&entries.into_iter().collect(), is_whole), is_news, "row {row}");
        }
    }
}
