//! What the ledger stores in place of a value.

use std::{borrow::Cow, fmt};

use oneflow_client::ContractId;
use serde::{Deserialize, Serialize};
use teamtailor_client::CandidateId;

use crate::{
    candidate::Target,
    keys::{Purpose, SyncKey, SyncKeys},
    value::{FieldType, FieldValue},
};

/// Version of the digest's text form and of the normal form under it. Raise it with any change to
/// [`FieldValue::normal`]: old digests then count as no base.
const VERSION: &str = "v5";

/// The keyed digest of a value: enough to see whether it is still the same, nothing to read it from.
///
/// Its text is `v5:<name of the key>:<64 hexadecimal digits>:<field of the card>`. It covers tenant, contract, data field,
/// field of the card, type and normal form, so equal values in two places have different digests. A key has one name per type.
/// When a data field is mapped elsewhere, or with another type, its old digests count as no base.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts, if this version wrote the digest.
    fn parts(&self) -> Option<Parts<'_>> {
        let rest = self.0.strip_prefix(VERSION)?.strip_prefix(':')?;
        let (key_name, rest) = rest.split_once(':')?;
        let (digits, target) = rest.split_once(':')?;
        Some(Parts { key_name, digits, target })
    }
}

struct Parts<'a> {
    key_name: &'a str,
    digits: &'a str,
    target: &'a str,
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.parts().map_or("_", |parts| parts.key_name))
    }
}

/// Makes the digests of one pair of fields of one contract, or of one field of a candidate's card.
#[derive(Debug)]
pub(crate) struct FieldDigests<'a> {
    keys: &'a SyncKeys,
    /// Keeps the digests of the two from standing in for each other.
    purpose: Purpose,
    /// The contract, or the candidate.
    owner: Cow<'a, str>,
    /// Empty for a field of a card.
    data_field: &'a str,
    target: String,
    kind: FieldType,
}

impl<'a> FieldDigests<'a> {
    pub(crate) fn new(
        keys: &'a SyncKeys,
        contract: ContractId,
        data_field: &'a str,
        target: &Target,
        kind: FieldType,
    ) -> Self {
        let owner = Cow::Owned(contract.to_string());
        Self { keys, purpose: Purpose::Digest, owner, data_field, target: target.to_string(), kind }
    }

    /// The digests of a field of a card, whichever contract the value comes from.
    pub(crate) fn of_card(
        keys: &'a SyncKeys,
        candidate: &'a CandidateId,
        target: &Target,
        kind: FieldType,
    ) -> Self {
        let owner = Cow::Borrowed(candidate.as_str());
        Self { keys, purpose: Purpose::CardDigest, owner, data_field: "", target: target.to_string(), kind }
    }

    /// The field of the card, as the ledger names it.
    pub(crate) fn field(&self) -> &str {
        &self.target
    }

    /// The digest of a value, or of "empty", under the signing key.
    pub(crate) fn of(&self, value: Option<&FieldValue>) -> Digest {
        let key = self.keys.signing();
        let mut digits = [0; 64];
        // The digits of 32 bytes fill it exactly, and are ASCII.
        let _fits = hex::encode_to_slice(self.mac(key, value), &mut digits);
        let digits = str::from_utf8(&digits).unwrap_or_default();
        Digest([VERSION, ":", key.name(self.kind), ":", digits, ":", &self.target].concat())
    }

    /// Whether `digest` is that of the value. `None` if none of our keys made it for this pair and type in this
    /// version: then nobody can tell.
    pub(crate) fn is_of(&self, digest: &Digest, value: Option<&FieldValue>) -> Option<bool> {
        let Parts { key_name, digits, target } = digest.parts()?;
        let key = self.keys.iter().find(|key| key.name(self.kind) == key_name)?;
        if target != self.target {
            return None;
        }
        let mut mac = [0; 32];
        Some(hex::decode_to_slice(digits, &mut mac).is_ok() && mac == self.mac(key, value))
    }

    fn mac(&self, key: &SyncKey, value: Option<&FieldValue>) -> [u8; 32] {
        let normal = value.map(FieldValue::normal);
        let (state, normal) = normal.as_deref().map_or(("empty", ""), |normal| ("value", normal));
        let parts = [&self.owner, self.data_field, &self.target, self.kind.as_str(), state, normal];
        self.keys.mac(key, self.purpose, &parts)
    }
}
