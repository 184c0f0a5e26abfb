//! What stands in the owner-side part of a party and of a participant.

use crate::parties::{Participant, Party};

impl Participant {
    /// The id that the owner side gave it, from the part that only that side sees. An empty one is none.
    #[must_use]
    pub fn custom_id(&self) -> Option<&str> {
        self.private_ownerside.as_ref()?.custom_id.as_deref().filter(|id| !id.is_empty())
    }
}

impl Party {
    /// The id that the owner side gave it, from the part that only that side sees. An empty one is none.
    #[must_use]
    pub fn custom_id(&self) -> Option<&str> {
        self.private_ownerside.as_ref()?.custom_id.as_deref().filter(|id| !id.is_empty())
    }
}
