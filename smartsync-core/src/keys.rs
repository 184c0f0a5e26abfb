//! The host's keys for digests and link tokens.

mod accounts;
mod document_mark;
mod key_text;
mod purpose;

use std::{collections::BTreeSet, fmt};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

use self::key_text::key_bytes;
pub(crate) use self::purpose::Purpose;
pub use self::{accounts::Accounts, document_mark::DocumentMark};
use crate::value::FieldType;

/// The bytes of a code that has to stay short: 128 bits, which nobody guesses.
pub(crate) const SHORT_MAC: usize = 16;

/// The host's keys, and the name of the tenant they belong to.
///
/// A key is 32 random bytes in hexadecimal digits or base64: `smartsync key new` prints one, and so does `openssl rand -hex 32`.
/// From each, a key per use is derived (HKDF-Expand of RFC 5869 with SHA-256): for the digests in the ledger, the link tokens in
/// contracts, the marks of documents. They sign with HMAC-SHA-256. The first key signs, every key verifies. To rotate, put the new key in front: what an old key signed goes on counting, and a base is signed
/// with the new key when both sides agree the next time. A digest under a dropped key, or of another tenant, counts as
/// no base, and a token of either kind as forged, so drop an old key only when its contracts are closed.
///
/// ```
/// use smartsync_core::{KeyError, SyncKeys};
///
/// assert!(SyncKeys::new("acme", ["an/example/key/that/nobody/should/ever/use0".into()]).is_ok());
/// assert!(matches!(SyncKeys::new("acme", []), Err(KeyError::NoKeys)));
/// ```
#[derive(Clone)]
pub struct SyncKeys {
    tenant: String,
    accounts: Option<Accounts>,
    keys: Vec<SyncKey>,
}

/// Tells for which tenant, and under which key, a plan was made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TenantTag([u8; 32]);

/// What the key of a tenant is derived with, before its name: no label of a purpose begins so.
const TENANT: &str = "smartsync tenant ";

/// One key of a tenant.
#[derive(Clone)]
pub(crate) struct SyncKey {
    /// By purpose: HMAC that has taken in the derived key and nothing else, ready to be copied for each code.
    derived: [Hmac<Sha256>; Purpose::ALL.len()],
    /// Its public names, one per type, in the order of [`FieldType::ALL`].
    names: [String; FieldType::ALL.len()],
}

/// Keys that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No key was given.
    #[error("no key is set for digests and link tokens")]
    NoKeys,
    /// A key is not 32 random bytes in hexadecimal digits or base64.
    #[error(
        "a key for digests and link tokens must be 32 random bytes in hex or base64: create one with `smartsync key \
         new` or `openssl rand -hex 32`"
    )]
    NotRandom,
    /// One key was given twice, or two keys have the same public name, so that their digests cannot be told apart.
    #[error("the same key for digests and link tokens is given twice: give each key once")]
    Twice,
}

impl SyncKeys {
    /// The keys of a tenant (an account that must not read another's tokens: any text that stays the same), for a host that tells by
    /// itself which credentials belong to which tenant. [`for_accounts`](Self::for_accounts) has the engine ask the services.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when there is no key, when one is not 32 random bytes, or when one is given twice.
    pub fn new(tenant: &str, keys: impl IntoIterator<Item = SecretString>) -> Result<Self, KeyError> {
        Self::of(tenant, |secret| Some(keyed(key_bytes(secret)?.expose_secret())), keys)
    }

    /// The keys that have these roots.
    fn of(
        tenant: &str,
        root: impl Fn(&SecretString) -> Option<Hmac<Sha256>>,
        keys: impl IntoIterator<Item = SecretString>,
    ) -> Result<Self, KeyError> {
        let key = |secret| root(&secret).map(|root| SyncKey::new(tenant, &root)).ok_or(KeyError::NotRandom);
        let keys: Vec<SyncKey> = keys.into_iter().map(key).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(KeyError::NoKeys);
        }
        let have_names_of_their_own = |kind: &FieldType| {
            let names: BTreeSet<&str> = keys.iter().map(|key| key.name(*kind)).collect();
            names.len() == keys.len()
        };
        if !FieldType::ALL.iter().all(have_names_of_their_own) {
            return Err(KeyError::Twice);
        }
        Ok(Self { tenant: tenant.to_owned(), accounts: None, keys })
    }

    /// The keys for two accounts. An engine with them writes only with credentials of these, and what was made with them counts
    /// for no others.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn for_accounts(
        accounts: Accounts,
        keys: impl IntoIterator<Item = SecretString>,
    ) -> Result<Self, KeyError> {
        Self::for_tenant("", accounts, keys)
    }

    /// The same for one of several pairs of accounts that a host serves under one key: each has a key of its own, derived by its name. What was made
    /// for one counts for nothing under another name, though the accounts were the same. The keys of the empty name are those of
    /// [`for_accounts`](Self::for_accounts).
    ///
    /// ```
    /// use smartsync_core::{Accounts, SyncKeys, link::LinkToken};
    ///
    /// let keys = |tenant: &str| {
    ///     let accounts = Accounts::new(7.into(), "AcmeA1".into());
    ///     SyncKeys::for_tenant(tenant, accounts, ["an/example/key/that/nobody/should/ever/use0".into()])
    /// };
    /// let token = LinkToken::new("4711".into(), "hire-1".parse()?).sign(&keys("north")?);
    /// assert!(LinkToken::verify(&token, &keys("north")?).unwrap().is_ok());
    /// assert!(LinkToken::verify(&token, &keys("south")?).unwrap().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn for_tenant(
        name: &str,
        accounts: Accounts,
        keys: impl IntoIterator<Item = SecretString>,
    ) -> Result<Self, KeyError> {
        let root = |secret: &SecretString| {
            let root = keyed(key_bytes(secret)?.expose_secret());
            Some(if name.is_empty() { root } else { expand(&root, &[TENANT, name]) })
        };
        Ok(Self { accounts: Some(accounts.clone()), ..Self::of(&accounts.tenant(), root, keys)? })
    }

    /// The accounts that they are for, if they are made for two.
    #[must_use]
    pub fn accounts(&self) -> Option<&Accounts> {
        self.accounts.as_ref()
    }

    /// What tells the plans of one tenant from those of another.
    pub(crate) fn tenant_tag(&self) -> TenantTag {
        // The hash of a plan has more parts than one.
        TenantTag(self.mac(self.signing(), Purpose::Plan, &["tenant"]))
    }

    /// The public names of the keys, the one that signs first: 8 hexadecimal digits each, of which nobody makes the key. A host
    /// that keeps them knows later whether it still has the keys under which it has made something.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.name(FieldType::Text))
    }

    /// A name for a credential of a service (the text of an API key), by which processes that have the same keys and the same credential know
    /// that they do: 32 hexadecimal digits that say nothing to whoever has not the keys.
    ///
    /// ```
    /// use smartsync_core::SyncKeys;
    ///
    /// let keys = SyncKeys::new("", ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".into()])?;
    /// let name = keys.credential_name("oneflow", &"an API token".into());
    /// assert_eq!(name.len(), 32);
    /// assert_ne!(name, keys.credential_name("teamtailor", &"an API token".into()));
    /// # Ok::<(), smartsync_core::KeyError>(())
    /// ```
    #[must_use]
    pub fn credential_name(&self, service: &str, credential: &SecretString) -> String {
        let code = self.mac(self.signing(), Purpose::Credential, &[service, credential.expose_secret()]);
        hex::encode(&code[..16])
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

    /// The message authentication code of `parts` under what is derived from `key` for this purpose.
    pub(crate) fn mac<P: AsRef<str>>(&self, key: &SyncKey, purpose: Purpose, parts: &[P]) -> [u8; 32] {
        mac(&key.derived[purpose as usize], &self.tenant, parts)
    }

    /// Whether `mac` begins the code of `parts` under one of the keys. Compared in constant time.
    pub(crate) fn verifies(&self, mac: &[u8; SHORT_MAC], purpose: Purpose, parts: &[&str]) -> bool {
        let code = |key: &SyncKey| code(&key.derived[purpose as usize], &self.tenant, parts);
        self.keys.iter().any(|key| code(key).verify_truncated_left(mac).is_ok())
    }
}

impl SyncKey {
    fn new(tenant: &str, root: &Hmac<Sha256>) -> Self {
        let derived = Purpose::ALL.map(|purpose| expand(root, &[purpose.label()]));
        let name = |kind: FieldType| {
            let name = mac(&derived[Purpose::KeyName as usize], tenant, &[kind.as_str()]);
            hex::encode(&name[..4])
        };
        Self { names: FieldType::ALL.map(name), derived }
    }

    /// The public name of the key for values of this type: 8 hexadecimal digits.
    pub(crate) fn name(&self, kind: FieldType) -> &str {
        let mut names = FieldType::ALL.iter().zip(&self.names);
        names.find(|(other, _)| **other == kind).map_or("", |(_, name)| name)
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key of any length is accepted (RFC 2104), so there is no error to pass on.
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key"))
}

/// HKDF-Expand to the length of one hash: the label, and the number of the block.
fn expand(root: &Hmac<Sha256>, label: &[&str]) -> Hmac<Sha256> {
    let mut block = root.clone();
    label.iter().for_each(|part| block.update(part.as_bytes()));
    block.update(&[1]);
    let derived = SecretBox::new(Box::new(<[u8; 32]>::from(block.finalize().into_bytes())));
    keyed(derived.expose_secret())
}

fn mac<P: AsRef<str>>(keyed: &Hmac<Sha256>, tenant: &str, parts: &[P]) -> [u8; 32] {
    code(keyed, tenant, parts).finalize().into_bytes().into()
}

/// Every part is preceded by its length, so that no two lists of parts run together into the same bytes.
fn code<P: AsRef<str>>(keyed: &Hmac<Sha256>, tenant: &str, parts: &[P]) -> Hmac<Sha256> {
    let mut code = keyed.clone();
    let mut add = |part: &str| {
        code.update(&(part.len() as u64).to_be_bytes());
        code.update(part.as_bytes());
    };
    add(tenant);
    parts.iter().for_each(|part| add(part.as_ref()));
    code
}

impl fmt::Debug for SyncKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncKeys").field("tenant", &self.tenant).field("keys", &self.keys.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_purpose_signs_is_nothing_under_another() {
        let keys = SyncKeys::new("acme", ["the/key/of/which/all/others/are/derived0000".into()]).unwrap();
        let codes = Purpose::ALL.map(|purpose| keys.mac(keys.signing(), purpose, &["4711", "9001"]));
        let different: BTreeSet<[u8; 32]> = codes.into_iter().collect();
        assert_eq!(different.len(), Purpose::ALL.len());
        let short = |code: [u8; 32]| <[u8; SHORT_MAC]>::try_from(&code[..SHORT_MAC]).unwrap();
        for (signed_for, code) in Purpose::ALL.into_iter().zip(codes) {
            for purpose in Purpose::ALL {
                let verifies = keys.verifies(&short(code), purpose, &["4711", "9001"]);
                assert_eq!(verifies, purpose == signed_for, "{signed_for:?} as {purpose:?}");
            }
        }
    }
}
