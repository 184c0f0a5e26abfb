//! The two accounts that keys are made for.

use oneflow_client::AccountId;
use teamtailor_client::CompanyId;

/// The two accounts between which data flows, by the ids that the services give them.
///
/// They belong to every key that is made with [`SyncKeys::for_accounts`](crate::SyncKeys::for_accounts): a digest, a link token, a document's mark or a plan of
/// other accounts counts for nothing, though the candidates and contracts had the same ids and the key were the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accounts {
    /// The Oneflow account.
    pub oneflow: AccountId,
    /// The Teamtailor company.
    pub teamtailor: CompanyId,
}

impl Accounts {
    /// These two.
    #[must_use]
    pub fn new(oneflow: AccountId, teamtailor: CompanyId) -> Self {
        Self { oneflow, teamtailor }
    }

    /// The id of the Teamtailor company for a person to read: `_` if it does not look like one, since it is what a service says.
    #[must_use]
    pub fn shown_teamtailor(&self) -> String {
        const LONGEST: usize = 64;
        let id = self.teamtailor.as_str();
        let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_plain && id.len() <= LONGEST { id.to_owned() } else { "_".to_owned() }
    }

    /// The name under which codes are made for them.
    pub(crate) fn tenant(&self) -> String {
        // The number first: whatever the other id is, two pairs never have one name.
        format!("accounts {} {}", self.oneflow, self.teamtailor)
    }
}
