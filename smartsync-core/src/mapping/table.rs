//! Reads the tables of a mapping file, and notes the keys that it does not have.

use serde_json::{Map, Value};

use super::{
    item::Item,
    nearest::{nearest, or_list},
};
use crate::{Diagnostic, DiagnosticCode, Place};

/// A table whose keys are asked for one by one. Those that nobody asked for are unknown.
pub(super) struct Table<'f> {
    members: &'f Map<String, Value>,
    place: Place,
    known: Vec<&'static str>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'f> Table<'f> {
    /// Opens a table; `None` if the value is none.
    pub(super) fn open(item: Item<'f>) -> Option<Self> {
        let Some(members) = item.value.as_object() else {
            return item.wrong_type("a table");
        };
        let Item { place, found, .. } = item;
        Some(Self { members, place, known: Vec::new(), found })
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
        read(Item::new(value, self.place.key(key), self.found))
    }

    /// Reads a key that must be there.
    pub(super) fn require<T>(
        &mut self,
        key: &'static str,
        help: &str,
        read: impl FnOnce(Item<'_>) -> Option<T>,
    ) -> Option<T> {
        if !self.members.contains_key(key) {
            self.known.push(key);
            let (place, message) = (self.place.clone(), format!("the entry has no `{key}`"));
            self.found.push(Diagnostic::at_key(DiagnosticCode::MissingKey, place, message, help));
            return None;
        }
        self.get(key, read)
    }

    /// Notes the keys that nobody asked for.
    pub(super) fn close(self) {
        for key in self.members.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let missing = |known: &&str| !self.members.contains_key(*known);
            let free = self.known.iter().copied().filter(missing);
            let help = match nearest(key, free) {
                Some(meant) => format!("write `{meant}`"),
                None => format!("leave it out; the keys are {}", or_list(self.known.iter().copied())),
            };
            let place = self.place.key(key);
            let message = format!("`{key}` is no key of {}", table_name(&self.place));
            self.found.push(Diagnostic::at_key(DiagnosticCode::UnknownKey, place, message, help));
        }
    }
}

fn table_name(place: &Place) -> String {
    if place.parts().is_empty() { "a mapping".to_owned() } else { format!("`{place}`") }
}
