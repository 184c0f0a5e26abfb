//! Members of an object that were there and could not be read.

use std::fmt;

/// The members of one object of an answer that were there and could not be read, by their names on the wire.
///
/// Reading knows three answers for each member: there, not there, *unreadable*. An unreadable member is `None` (or empty)
/// like an absent one, so whoever needs it asks here before taking it for absent. A list is unreadable as a whole or in one
/// of its items, and holds the items that could be read. An object that is readable and has an unreadable member says so
/// itself, not in the object that it stands in.
///
/// ```
/// # use smartsync_transport::Unreadable;
/// let unreadable = Unreadable::default(); // as it is for an answer of the documented shape
/// assert!(unreadable.is_empty());
/// assert!(!unreadable.contains("custom_id"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unreadable(Option<Box<Names>>);

/// Sorted, each once. They are names of the model's members and never a text of the answer.
#[derive(Clone, PartialEq, Eq)]
struct Names(Vec<&'static str>);

impl Unreadable {
    /// Whether the member with this name on the wire (`_private_ownerside`) was there and could not be read.
    #[must_use]
    pub fn contains(&self, member: &str) -> bool {
        self.names().contains(&member)
    }

    /// Whether everything that was there could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The names on the wire, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.names().iter().copied()
    }

    /// For the models of the clients.
    #[doc(hidden)]
    pub fn insert(&mut self, member: &'static str) {
        let names = &mut self.0.get_or_insert_with(|| Box::new(Names(Vec::new()))).0;
        if let Err(place) = names.binary_search(&member) {
            names.insert(place, member);
        }
    }

    fn names(&self) -> &[&'static str] {
        self.0.as_deref().map_or(&[], |names| &names.0)
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
