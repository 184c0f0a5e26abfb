//! Which two accounts an engine works for, and whether its credentials are theirs.

use std::sync::OnceLock;

use oneflow_client::{OneflowClient, accounts::GetAccount};
use smartsync_transport::Error;
use teamtailor_client::{TeamtailorClient, companies::GetCompany};

use super::engine_error::EngineError;
use crate::keys::{Accounts, SyncKeys};

impl Accounts {
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

/// Whether the credentials are those of the accounts that the keys were made for.
#[derive(Debug, Default)]
pub(crate) struct AccountCheck {
    has_passed: OnceLock<()>,
}

impl AccountCheck {
    /// Asks both services, once. A check that fails is made again at the next call.
    pub(crate) async fn run(
        &self,
        oneflow: &OneflowClient,
        teamtailor: &TeamtailorClient,
        keys: &SyncKeys,
    ) -> Result<(), EngineError> {
        let Some(accounts) = keys.accounts().filter(|_| self.has_passed.get().is_none()) else {
            return Ok(());
        };
        accounts.check(&Accounts::read(oneflow, teamtailor).await?)?;
        self.has_passed.get_or_init(|| ());
        Ok(())
    }
}
