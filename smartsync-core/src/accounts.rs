//! Which two accounts an engine works for, and whether its credentials are theirs.

use oneflow_client::{AccountId, OneflowClient, accounts::GetAccount};
use smartsync_transport::Error;
use teamtailor_client::{CompanyId, TeamtailorClient, companies::GetCompany};

use crate::{Engine, EngineError};

/// The two accounts between which data flows, by the ids that the services give them.
///
/// They belong to every key that is made with [`SyncKeys::of_accounts`](crate::SyncKeys::of_accounts): a digest, a link token, a document's mark or a plan of
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

    /// Asks both services whose credentials the clients have.
    ///
    /// # Errors
    ///
    /// [`EngineError::AccountUnknown`] where an answer does not say it, [`EngineError::Service`] where there is none.
    pub async fn read(oneflow: &OneflowClient, teamtailor: &TeamtailorClient) -> Result<Self, EngineError> {
        let account = oneflow.send(&GetAccount::new()).await.map_err(|error| unknown("Oneflow", error))?;
        let company = teamtailor.send(&GetCompany::new()).await;
        let company = company.map_err(|error| unknown("Teamtailor", error))?;
        Ok(Self { oneflow: account.id, teamtailor: company.data.id })
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

    /// Says which of the two is another in `found`.
    ///
    /// # Errors
    ///
    /// [`EngineError::OtherAccount`].
    pub fn check(&self, found: &Self) -> Result<(), EngineError> {
        let other = |service, expected, found| Err(EngineError::OtherAccount { service, expected, found });
        if self.oneflow != found.oneflow {
            return other("Oneflow", self.oneflow.to_string(), found.oneflow.to_string());
        }
        if self.teamtailor != found.teamtailor {
            return other("Teamtailor", self.shown_teamtailor(), found.shown_teamtailor());
        }
        Ok(())
    }
}

/// An answer without the id says whose the credentials are no more than none.
fn unknown(service: &'static str, error: Error) -> EngineError {
    if error.is_decode() { EngineError::AccountUnknown { service } } else { error.into() }
}

impl Engine {
    /// Asks both services, once, whether the credentials are those of the accounts that the keys were made for. The engine does so by
    /// itself before it writes or remembers anything; a host that wants to know earlier calls this. Keys without accounts are not checked.
    ///
    /// # Errors
    ///
    /// [`EngineError::OtherAccount`], and those of [`Accounts::read`]: then nothing may be written, and the next call asks again.
    pub async fn check_accounts(&self) -> Result<(), EngineError> {
        let Some(accounts) = self.keys.accounts().filter(|_| self.accounts_are_checked.get().is_none())
        else {
            return Ok(());
        };
        accounts.check(&Accounts::read(&self.oneflow, &self.teamtailor).await?)?;
        self.accounts_are_checked.get_or_init(|| ());
        Ok(())
    }
}
