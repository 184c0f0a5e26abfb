//! What a key of the host is used for: each use has a key of its own, derived from the host's.

/// A use. What one of them has signed says nothing under another, and who learns the key of one has none of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The public name of the key.
    KeyName,
    /// The digest of a value in a contract.
    Digest,
    /// The digest of a value on a card.
    CardDigest,
    /// The token by which a contract names its candidate.
    LinkToken,
    /// The mark in the name of a signed document.
    DocumentMark,
    /// The hash of a plan.
    Plan,
    /// The name of a credential for a service.
    Credential,
}

impl Purpose {
    /// All of them, in the order of their declaration.
    pub(crate) const ALL: [Self; 7] = [
        Self::KeyName,
        Self::Digest,
        Self::CardDigest,
        Self::LinkToken,
        Self::DocumentMark,
        Self::Plan,
        Self::Credential,
    ];

    /// What the key of this purpose is derived with. No two are the same, and none ever changes: what was made under it would count
    /// as nobody's.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::KeyName => "smartsync key name",
            Self::Digest => "smartsync digest",
            Self::CardDigest => "smartsync digest of a card",
            Self::LinkToken => "smartsync link token",
            Self::DocumentMark => "smartsync document mark",
            Self::Plan => "smartsync plan",
            Self::Credential => "smartsync credential",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_purpose_has_a_place_and_a_label_of_its_own() {
        let labels: BTreeSet<&str> = Purpose::ALL.iter().map(|purpose| purpose.label()).collect();
        assert_eq!(labels.len(), Purpose::ALL.len());
        // The key of a tenant is derived with a label as well.
        assert!(labels.iter().all(|label| !label.starts_with("smartsync tenant ")));
        for (place, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(place, purpose as usize);
        }
    }
}
