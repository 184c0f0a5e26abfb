//! What the ledger keeps in place of a value.

use std::fmt;

use oneflow_client::ContractId;
use serde::{Deserialize, Serialize};

use crate::{FieldType, FieldValue, SyncKeys, sync_keys::SyncKey};

/// Version of the digest's text form and of the normal form under it. Raise it with any change to
/// [`FieldValue::normal`]: old digests then count as no base.
const VERSION: &str = "v2";

/// The keyed digest of a value: enough to see whether it is still the same, nothing to read it from.
///
/// Its text is `v2:<name of the key>:<64 hexadecimal digits>`. It covers tenant, contract, data field, type and normal
/// form, so equal values in two places have different digests. A key has one name per type: when the type of a field
/// changes, its old digests count as no base.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the key and the digits, if this version wrote the digest.
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':')
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.parts().map_or("_", |(name, _)| name))
    }
}

/// Makes the digests of one data field of one contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldDigests<'a> {
    pub(crate) keys: &'a SyncKeys,
    pub(crate) contract: ContractId,
    pub(crate) data_field: &'a str,
    pub(crate) kind: FieldType,
}

impl FieldDigests<'_> {
    /// The digest of a value, or of "empty", under the signing key.
    pub(crate) fn of(&self, value: Option<&FieldValue>) -> Digest {
        let key = self.keys.signing();
        let mut digits = [0; 64];
        // The digits of 32 bytes fill it exactly, and are ASCII.
        let _fits = hex::encode_to_slice(self.mac(key, value), &mut digits);
        let digits = str::from_utf8(&digits).unwrap_or_default();
        Digest([VERSION, ":", key.name(self.kind), ":", digits].concat())
    }

    /// Whether `digest` is that of the value. `None` if no key of ours made it for this type in this version: then nobody
    /// can tell.
    pub(crate) fn is_of(&self, digest: &Digest, value: Option<&FieldValue>) -> Option<bool> {
        let (name, digits) = digest.parts()?;
        let key = self.keys.iter().find(|key| key.name(self.kind) == name)?;
        let mut mac = [0; 32];
        Some(hex::decode_to_slice(digits, &mut mac).is_ok() && mac == self.mac(key, value))
    }

    fn mac(&self, key: &SyncKey, value: Option<&FieldValue>) -> [u8; 32] {
        let contract = self.contract.get().to_string();
        let normal = value.map(FieldValue::normal);
        let (state, normal) = normal.as_deref().map_or(("empty", ""), |normal| ("value", normal));
        self.keys.mac(key, "digest", &[&contract, self.data_field, self.kind.as_str(), state, normal])
    }
}
