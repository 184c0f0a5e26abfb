//! The host's keys for digests and link tokens.

use std::{collections::BTreeSet, fmt};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::FieldType;

/// The fewest characters of a key.
const MIN_KEY_LENGTH: usize = 16;
/// The bytes of a code that has to stay short: 128 bits, which nobody guesses.
pub(crate) const SHORT_MAC: usize = 16;

/// The host's keys, and the name of the tenant they belong to.
///
/// They sign the digests in the ledger and the link tokens in contracts, with HMAC-SHA-256. The first key signs, every
/// key verifies. To rotate, put the new key in front: what an old key signed goes on counting, and a base is signed
/// with the new key when both sides agree the next time. A digest under a dropped key, or of another tenant, counts as
/// no base, and a token of either kind as forged, so drop an old key only when its contracts are closed.
///
/// ```
/// use smartsync_core::{KeyError, SyncKeys};
///
/// assert!(SyncKeys::new("acme", ["a key of at least 16 characters".into()]).is_ok());
/// assert!(matches!(SyncKeys::new("acme", []), Err(KeyError::NoKeys)));
/// ```
#[derive(Clone)]
pub struct SyncKeys {
    tenant: String,
    keys: Vec<SyncKey>,
}

/// One key.
#[derive(Clone)]
pub(crate) struct SyncKey {
    secret: SecretString,
}

/// Keys that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No key was given.
    #[error("no key for digests and link tokens is set")]
    NoKeys,
    /// A key is too short to protect anything.
    #[error("a key for digests and link tokens has fewer than {MIN_KEY_LENGTH} characters")]
    TooShort,
    /// One key was given twice, or two keys have the same public name, so that their digests cannot be told apart.
    #[error("two keys for digests and link tokens are the same: give each key once")]
    Twice,
}

impl SyncKeys {
    /// The keys of a tenant (an account that must not read another's tokens: any text that stays the same).
    ///
    /// # Errors
    ///
    /// [`KeyError`] when there is no key, a short one, or one twice.
    pub fn new(tenant: &str, keys: impl IntoIterator<Item = SecretString>) -> Result<Self, KeyError> {
        let keys: Vec<SyncKey> = keys.into_iter().map(SyncKey::new).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(KeyError::NoKeys);
        }
        let keys = Self { tenant: tenant.to_owned(), keys };
        let has_names_of_their_own = |kind: &FieldType| {
            let names: BTreeSet<String> = keys.iter().map(|key| keys.name(key, kind.as_str())).collect();
            names.len() == keys.keys.len()
        };
        if FieldType::ALL.iter().all(has_names_of_their_own) { Ok(keys) } else { Err(KeyError::Twice) }
    }

    /// The public name of a key of this tenant for one use of it: 8 hexadecimal digits.
    pub(crate) fn name(&self, key: &SyncKey, purpose: &str) -> String {
        hex::encode(&self.mac(key, "name of the key", &[purpose])[..4])
    }

    /// The key that signs.
    pub(crate) fn signing(&self) -> &SyncKey {
        // `new` refuses an empty list.
        &self.keys[0]
    }

    /// The keys, the one that signs first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &SyncKey> {
        self.keys.iter()
    }

    /// The message authentication code of `parts` under `key`. `purpose` keeps one use from standing in for another.
    pub(crate) fn mac(&self, key: &SyncKey, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let all = [purpose, &self.tenant].into_iter().chain(parts.iter().copied());
        key.mac(all)
    }

    /// Whether `mac` begins the code of `parts` under one of the keys. Compared in constant time.
    pub(crate) fn verifies(&self, mac: &[u8; SHORT_MAC], purpose: &str, parts: &[&str]) -> bool {
        let is_of = |key| bool::from(self.mac(key, purpose, parts)[..SHORT_MAC].ct_eq(mac));
        self.keys.iter().any(is_of)
    }
}

impl SyncKey {
    fn new(secret: SecretString) -> Result<Self, KeyError> {
        if secret.expose_secret().chars().count() < MIN_KEY_LENGTH {
            return Err(KeyError::TooShort);
        }
        Ok(Self { secret })
    }

    /// Every part is preceded by its length, so that no two lists of parts run together into the same bytes.
    fn mac<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
        let secret = self.secret.expose_secret().as_bytes();
        // A key of any length is accepted (RFC 2104), so there is no error to pass on.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SyncKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncKeys").field("tenant", &self.tenant).field("keys", &self.keys.len()).finish()
    }
}
