//! What the generator does not understand, and where.

use std::fmt;

/// What the generator does not understand, and where in the document it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    place: String,
    reason: String,
}

impl Refusal {
    pub(crate) fn new(place: &Place, reason: impl Into<String>) -> Self {
        Self { place: place.to_string(), reason: reason.into() }
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for Refusal {}

/// A place in the document: `components/schemas/Contract/properties/state`.
#[derive(Clone, Debug)]
pub(crate) struct Place(String);

impl Place {
    pub(crate) fn root(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn schema(name: &str) -> Self {
        Self(format!("components/schemas/{name}"))
    }

    pub(crate) fn at(&self, name: impl fmt::Display) -> Self {
        Self(format!("{}/{name}", self.0))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
