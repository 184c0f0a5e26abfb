//! What the ledger keeps in place of a value.

use std::fmt;

use oneflow_client::ContractId;
use serde::{Deserialize, Serialize};

use crate::{FieldType, FieldValue, SyncKeys, field_pair::Target, sync_keys::SyncKey};

/// Version of the digest's text form and of the normal form under it. Raise it with any change to
/// [`FieldValue::normal`]: old digests then count as no base.
const VERSION: &str = "v3";

/// The keyed digest of a value: enough to see whether it is still the same, nothing to read it from.
///
/// Its text is `v3:<name of the key>:<64 hexadecimal digits>`. It covers tenant, contract, data field, field of the
/// card, type and normal form, so equal values in two places have different digests. A key has one name per type and field
/// of the card: when a data field is mapped elsewhere, or with another type, its old digests count as no base.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the key, if this version wrote the digest.
    fn key_id(&self) -> Option<&str> {
        self.0.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':').map(|(key, _)| key)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.key_id().unwrap_or("_"))
    }
}

/// Makes the digests of one pair of fields of one contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldDigests<'a> {
    pub(crate) keys: &'a SyncKeys,
    pub(crate) contract: ContractId,
    pub(crate) data_field: &'a str,
    pub(crate) target: &'a Target,
    pub(crate) kind: FieldType,
}

impl FieldDigests<'_> {
    /// The digest of a value, or of "empty", under the signing key.
    pub(crate) fn of(&self, value: Option<&FieldValue>) -> Digest {
        self.under(self.keys.signing(), value)
    }

    /// Whether `digest` is one that a key of ours made for this pair and type in this version.
    pub(crate) fn knows(&self, digest: &Digest) -> bool {
        self.key_of(digest).is_some()
    }

    /// The digest of a value under the key of `other`, so that the two can be compared.
    pub(crate) fn like(&self, other: Option<&Digest>, value: Option<&FieldValue>) -> Digest {
        let key = other.and_then(|other| self.key_of(other));
        self.under(key.unwrap_or(self.keys.signing()), value)
    }

    fn key_of(&self, digest: &Digest) -> Option<&SyncKey> {
        let id = digest.key_id()?;
        self.keys.iter().find(|key| self.key_name(key) == id)
    }

    fn key_name(&self, key: &SyncKey) -> String {
        self.keys.name(key, &format!("{} {}", self.kind.as_str(), self.target))
    }

    fn under(&self, key: &SyncKey, value: Option<&FieldValue>) -> Digest {
        let contract = self.contract.to_string();
        let normal = value.map(FieldValue::normal);
        let (state, normal) = normal.as_deref().map_or(("empty", ""), |normal| ("value", normal));
        let (target, kind) = (self.target.to_string(), self.kind.as_str());
        let mac = self.keys.mac(key, "digest", &[&contract, self.data_field, &target, kind, state, normal]);
        Digest(format!("{VERSION}:{}:{}", self.key_name(key), hex::encode(mac)))
    }
}
