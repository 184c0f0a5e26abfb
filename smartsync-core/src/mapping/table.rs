//! Reads the tables of a mapping file, and notes the keys that it does not have and those that could not be read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{item::Item, nearest::and_list, nearest::nearest, unread::Unread};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath, KeyPathSegment},
    words::mapping as words,
};

/// A table whose keys are asked for one by one. Those that nobody asked for are unknown.
pub(super) struct Table<'f> {
    members: &'f Map<String, Value>,
    path: KeyPath,
    known: Vec<&'static str>,
    /// The keys that must be there and are not, each with what to write.
    missing: Vec<(&'static str, &'static str)>,
    unread: BTreeSet<&'static str>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'f> Table<'f> {
    /// Opens a table; `None` if the value is none.
    pub(super) fn open(item: Item<'f>) -> Option<Self> {
        let Some(members) = item.value.as_object() else {
            return item.wrong_type(words::WRITE_TABLE);
        };
        let Item { path, found, .. } = item;
        let (known, missing, unread) = (Vec::new(), Vec::new(), BTreeSet::new());
        Some(Self { members, path, known, missing, unread, found })
    }

    /// Reads a key into `target`, if the file has it and nothing is wrong with it.
    pub(super) fn set<T>(
        &mut self,
        key: &'static str,
        target: &mut T,
        read: impl FnOnce(Item<'_>) -> Option<T>,
    ) {
        if let Some(value) = self.get(key, read) {
            *target = value;
        }
    }

    /// Reads a key; `None` when the file does not have it, or something is wrong with it.
    pub(super) fn get<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Item<'_>) -> Option<T>,
    ) -> Option<T> {
        self.known.push(key);
        let value = self.members.get(key)?;
        let read = read(Item::new(value, self.path.key(key), self.found));
        if read.is_none() {
            self.unread.insert(key);
        }
        read
    }

    /// Reads a key that must be there.
    pub(super) fn require<T>(
        &mut self,
        key: &'static str,
        help: &'static str,
        read: impl FnOnce(Item<'_>) -> Option<T>,
    ) -> Option<T> {
        if !self.members.contains_key(key) {
            self.missing.push((key, help));
            self.unread.insert(key);
        }
        self.get(key, read)
    }

    /// Notes the keys that nobody asked for, and those that are missing. Returns those that could not be read.
    pub(super) fn close(mut self) -> Unread {
        let free: Vec<&'static str> =
            self.known.iter().copied().filter(|known| !self.members.contains_key(*known)).collect();
        for key in self.members.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let help = match nearest(key, free.iter().copied()) {
                Some(meant) => {
                    // It is there, under a wrong name.
                    self.missing.retain(|(missing, _)| *missing != meant);
                    self.unread.insert(meant);
                    words::write(&format!("`{meant}`"))
                }
                None => {
                    // It may stand for any that is not there.
                    self.unread.extend(&free);
                    words::known_keys(&and_list(self.known.iter().copied()))
                }
            };
            let (path, message) = (self.path.key(key), words::unknown_key(key, &name_of(&self.path)));
            self.found.push(Diagnostic::at_key(DiagnosticCode::UnknownKey, path, message, help));
        }
        for (key, help) in self.missing {
            let (path, message) = (self.path.clone(), words::missing_key(key));
            self.found.push(Diagnostic::at_key(DiagnosticCode::MissingKey, path, message, help));
        }
        Unread::Keys(self.unread)
    }
}

fn name_of(table: &KeyPath) -> String {
    match table.segments().last() {
        None => words::THE_MAPPING.to_owned(),
        Some(KeyPathSegment::Index(_)) => words::AN_ENTRY.to_owned(),
        Some(KeyPathSegment::Key(_)) => format!("`{table}`"),
    }
}
