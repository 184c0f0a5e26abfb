//! Whether a sign key can be guessed by somebody who has seen what it signed.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret as _, SecretString};

/// The fewest characters.
pub(crate) const MIN_LENGTH: usize = 16;

/// The fewest different characters.
const MIN_DISTINCT_CHARACTERS: usize = 8;

/// Oneflow signs with a plain hash, so whoever has seen one notification can try keys as fast as a machine counts.
pub(crate) fn is_weak(key: &SecretString) -> bool {
    let key = key.expose_secret().as_bytes();
    let variety: BTreeSet<&u8> = key.iter().collect();
    key.len() < MIN_LENGTH || variety.len() < MIN_DISTINCT_CHARACTERS
}
