//! The signed token by which a contract names its candidate.

use std::fmt;

use teamtailor_client::CandidateId;

use crate::{
    keys::{Purpose, SHORT_MAC, SyncKey, SyncKeys},
    ledger::RequestId,
};

const PREFIX: &str = "teamtailor:";

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkToken {
    /// The candidate.
    pub candidate: CandidateId,
    /// The creation that made the contract.
    pub request: RequestId,
}

/// A text that looks like a token of ours and is none.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the link token was not signed by one of our keys")]
pub struct InvalidLinkToken {
    /// The candidate that the text names, for comparison only.
    pub(crate) claimed: Option<CandidateId>,
}

/// What a forged token claims can be anything that a person typed.
impl fmt::Debug for InvalidLinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvalidLinkToken")
    }
}

impl LinkToken {
    /// A token for one creation.
    #[must_use]
    pub fn new(candidate: CandidateId, request: RequestId) -> Self {
        Self { candidate, request }
    }

    /// The text `teamtailor:<candidate id>:<request id>:<mac>`. The mac binds tenant, candidate and request, and is short
    /// enough for what Oneflow can search for.
    #[must_use]
    pub fn sign(&self, keys: &SyncKeys) -> String {
        self.sign_with(keys, keys.signing())
    }

    /// The texts that the token may have in a contract made before a rotation: one per key, the newest first.
    pub(crate) fn signed_by_each(&self, keys: &SyncKeys) -> Vec<String> {
        keys.iter().map(|key| self.sign_with(keys, key)).collect()
    }

    fn sign_with(&self, keys: &SyncKeys, key: &SyncKey) -> String {
        let mac = keys.mac(key, Purpose::LinkToken, &[self.candidate.as_str(), self.request.as_str()]);
        format!("{PREFIX}{}:{}:{}", self.candidate, self.request, hex::encode(&mac[..SHORT_MAC]))
    }

    /// Whether a text begins like a token, whoever signed it.
    #[must_use]
    pub fn is_form_of(text: &str) -> bool {
        text.trim().starts_with(PREFIX)
    }

    /// The creation that a text in the form of a token names, whoever signed it: a question to the ledger, and no answer.
    pub(crate) fn claimed_request(text: &str) -> Option<RequestId> {
        text.trim().strip_prefix(PREFIX)?.split(':').nth(1)?.parse().ok()
    }

    /// Reads a text. `None` when it is no token at all: someone else's id, or nothing.
    ///
    /// # Errors
    ///
    /// [`InvalidLinkToken`] when it begins like one of ours and no key of ours signed it.
    pub fn verify(text: &str, keys: &SyncKeys) -> Option<Result<Self, InvalidLinkToken>> {
        let rest = text.trim().strip_prefix(PREFIX)?;
        let claimed = rest.split(':').next().filter(|id| !id.is_empty()).map(CandidateId::from);
        Some(read(rest, keys).ok_or(InvalidLinkToken { claimed }))
    }
}

fn read(rest: &str, keys: &SyncKeys) -> Option<LinkToken> {
    let mut parts = rest.split(':');
    let (Some(candidate), Some(request), Some(code), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let mut mac = [0; SHORT_MAC];
    hex::decode_to_slice(code, &mut mac).ok()?;
    if !keys.verifies(&mac, Purpose::LinkToken, &[candidate, request]) {
        return None;
    }
    Some(LinkToken::new(CandidateId::from(candidate), request.parse().ok()?))
}
